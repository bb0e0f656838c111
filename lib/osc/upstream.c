/* SPDX-License-Identifier: MIT */
#include "osc/upstream.h"

#include <limits.h>

#include "osc/service_token.h"

/* The longest ladder: refused, refused with a new service token, refused with new tokens of both kinds. */
#define ROUNDS 3

static enum err
ask_open(struct osc_client *o, struct osc_call *calls, size_t n)
{
	struct arena *a = o->call->arena;
	struct http_request *requests = arena_alloc(a, (n + 1) * sizeof(*requests));
	size_t m = 0;
	enum err e;

	if (requests == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct osc_call *call = &calls[i];
		struct http_request *rq = &requests[m];
		bool platform = call->service == NULL;

		if (!call->open)
			continue;
		rq->method = call->method;
		rq->url = call->url;
		rq->reach = platform ? HTTP_REACH_PLATFORM : HTTP_REACH_SERVICE;
		rq->auth = call->auth != HTTP_AUTH_NONE ? call->auth : platform ? HTTP_AUTH_X_PAT_JWT : HTTP_AUTH_X_JWT;
		rq->token = platform ? o->access_token.reveal : call->service->sat.reveal;
		rq->accept = call->accept;
		rq->timeout_ms = call->timeout_ms;
		rq->replayable = call->replayable;
		if (call->body != NULL) {
			rq->content_type = "application/json";
			rq->body = json_print(a, call->body, &rq->body_len);
			if (rq->body == NULL)
				return ERR_NOMEM;
		}
		m++;
	}
	e = http_perform(o->http, o->call, requests, m, NULL, NULL);
	if (e != ERR_OK)
		return e;
	m = 0;
	for (size_t i = 0; i < n; i++) {
		const struct http_request *rq = &requests[m];
		struct osc_call *call = &calls[i];

		if (!call->open)
			continue;
		m++;
		call->json = NULL;
		if (rq->result == ERR_OK && rq->answer_len > 0
		    && json_parse(a, rq->answer, rq->answer_len, &call->json) == ERR_NOMEM)
			return ERR_NOMEM;
		call->answer = osc_answer_of(a, rq, call->json, call->service == NULL);
		call->status = rq->result == ERR_OK ? rq->status : 0;
		call->body_text = rq->answer;
		call->retry_after_s = rq->retry_after_s;
		call->text = call->answer == OSC_OK ? "" : osc_answer_text(a, rq, call->json);
	}
	return ERR_OK;
}

/*
 * Is it worth another token?  A 401 page of the ingress may mean an old service
 * token or a host that is not ready: worth a new service token, not a new access token.
 */
static bool
wants_token(const struct osc_call *call, int round)
{
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
	return osc_answer_fail(o->call, call->who, call->answer, call->status, call->text);
}

enum err
osc_call(struct osc_client *o, struct osc_call *call)
{
	enum err e;

	e = osc_calls(o, call, 1);
	if (e != ERR_OK)
		return e;
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

int
osc_time_left_ms(const struct osc_client *o)
{
	int64_t left;

	if (o->call->deadline_ms == 0)
		return INT_MAX;
	left = o->call->deadline_ms - clock_mono_ms(o->clock);
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}
