/* SPDX-License-Identifier: MIT */
#include "osc/upstream.h"

#include <string.h>

#include "osc/pause.h"
#include "osc/service_token.h"

/* The longest ladder: refused, refused with a new service token, refused with new tokens of both kinds. */
#define ROUNDS 3

/* What is not ready is asked for again. */
#define RETRY_TRIES        3
#define RETRY_PAUSE_MS     300
#define RETRY_PAUSE_MAX_MS 900

static enum err
prepare(struct osc_client *o, const struct osc_call *call, struct http_request *rq)
{
	bool platform = call->service == NULL;

	rq->method = call->method;
	rq->url = call->url;
	rq->reach = platform ? HTTP_REACH_PLATFORM : HTTP_REACH_SERVICE;
	if (!call->no_token) {
		rq->auth = call->auth != HTTP_AUTH_NONE ? call->auth : platform ? HTTP_AUTH_X_PAT_JWT : HTTP_AUTH_X_JWT;
		rq->token = platform ? o->access_token.reveal : call->service->sat.reveal;
	}
	rq->accept = call->accept;
	rq->timeout_ms = call->timeout_ms;
	rq->replayable = call->replayable;
	if (call->body == NULL)
		return ERR_OK;
	rq->content_type = "application/json";
	rq->body = json_print(o->call->arena, call->body, &rq->body_len);
	return rq->body != NULL ? ERR_OK : ERR_NOMEM;
}

/*
 * A few megabytes of JSON make a tree of any size.  One that takes more than half of
 * what memory is left is nonsense, and the other half is there to say so.
 */
static bool
fits(struct arena *a, const struct http_request *rq, struct json **json)
{
	size_t ceiling = arena_limit(a, a->used + (a->max_bytes - a->used) / 2);
	enum err e = json_parse(a, rq->answer, rq->answer_len, json);

	(void)arena_limit(a, ceiling);
	return e != ERR_NOMEM;
}

static void
keep(struct osc_client *o, const struct http_request *rq, struct osc_call *call)
{
	struct arena *a = o->call->arena;

	call->json = NULL;
	if (rq->result == ERR_OK && rq->answer_len > 0 && !fits(a, rq, &call->json))
		call->answer = OSC_NONSENSE;
	else
		call->answer = osc_answer_of(a, rq, call->json, call->service == NULL);
	call->status = rq->result == ERR_OK ? rq->status : 0;
	call->body_text = rq->answer;
	call->retry_after_s = rq->retry_after_s;
	call->text = call->answer == OSC_OK ? "" : osc_answer_text(a, rq, call->json);
}

static enum err
ask_open(struct osc_client *o, struct osc_call *calls, size_t n)
{
	struct http_request *requests = arena_alloc(o->call->arena, (n + 1) * sizeof(*requests));
	size_t m = 0;
	enum err e = ERR_OK;

	if (requests == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		if (calls[i].open)
			e = prepare(o, &calls[i], &requests[m++]);
	if (e == ERR_OK)
		e = http_perform(o->http, o->call, requests, m, o->tick, o->tick_ctx);
	m = 0;
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		if (calls[i].open)
			keep(o, &requests[m++], &calls[i]);
	return e;
}

/*
 * Is it worth another token?  A 401 page of the ingress may mean an old service
 * token or a host that is not ready: worth a new service token, not a new access token.
 */
static bool
wants_token(const struct osc_call *call, int round)
{
	if (call->no_token || call->no_other_token)
		return false;
	if (call->answer == OSC_UNAUTHORIZED)
		return true;
	return round == 0 && call->service != NULL && call->status == 401;
}

/* What is still open is decided; the tokens that were refused are dropped. */
static bool
sort_out(struct osc_client *o, struct osc_call *calls, size_t n, int round, bool *renew)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		struct osc_call *call = &calls[i];

		if (!call->open)
			continue;
		call->open = wants_token(call, round);
		if (!call->open)
			continue;
		any = true;
		if (call->service == NULL || round > 0)
			*renew = true;
		if (call->service != NULL)
			osc_service_token_refused(o, call->service);
	}
	return any;
}

enum err
osc_calls(struct osc_client *o, struct osc_call *calls, size_t n)
{
	bool renewed = false, renew;
	enum err e;

	for (size_t i = 0; i < n; i++)
		calls[i].open = true;
	for (int round = 0; round < ROUNDS; round++) {
		e = osc_service_tokens(o, calls, n);
		if (e == ERR_OK)
			e = ask_open(o, calls, n);
		if (e != ERR_OK)
			return e;
		renew = false;
		if (!sort_out(o, calls, n, round, &renew))
			return ERR_OK;
		if (!renew)
			continue;
		if (renewed || o->renew == NULL)
			return ERR_OK;
		e = o->renew(o->renew_ctx, &o->access_token);
		if (e != ERR_OK)
			return call_fail(o->call, e, "Open Source Cloud refused the token of this sign-in");
		renewed = true;
	}
	return ERR_OK;
}

enum err
osc_call_failed(struct osc_client *o, const struct osc_call *call)
{
	if (o->call->failed == ERR_OK && call->retry_after_s > 0)
		o->call->retry_after_s = call->retry_after_s;
	return osc_answer_fail(o->call, call->who, call->answer, call->status, call->text);
}

/*
 * Something before the service spoke: it said nothing about what was asked, and is gone
 * in a moment.  A 401 had its new token already.
 */
static bool
is_worth_a_retry(const struct osc_call *call)
{
	return call->service != NULL && strcmp(call->method, "GET") == 0 && call->answer == OSC_NOT_READY
	    && call->status != 401;
}

enum err
osc_call(struct osc_client *o, struct osc_call *call)
{
	struct osc_pause pause = { RETRY_PAUSE_MS, 300, RETRY_PAUSE_MAX_MS };
	int try = 1;
	enum err e;

	do {
		e = osc_calls(o, call, 1);
		if (e != ERR_OK)
			return e;
	} while (is_worth_a_retry(call) && try++ < RETRY_TRIES && osc_pause(o, &pause, call->retry_after_s));
	return call->answer == OSC_OK ? ERR_OK : osc_call_failed(o, call);
}

enum err
osc_call_json(struct osc_client *o, struct osc_call *call, enum json_kind kind, struct json **out)
{
	enum err e;

	if (call->url == NULL)
		return ERR_NOMEM;
	e = osc_call(o, call);
	if (e != ERR_OK)
		return e;
	if (call->json == NULL || json_kind(call->json) != kind)
		return osc_answer_fail(o->call, call->who, OSC_NONSENSE, call->status, "");
	*out = call->json;
	return ERR_OK;
}
