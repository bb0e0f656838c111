/* SPDX-License-Identifier: MIT */
#include "osc/service_token.h"

#define WHO             "token"
#define MARGIN_S        60
#define UNKNOWN_LIFE_S  600
#define MILLISECONDS    100000000000	/* an expiry above this is not in seconds */

static bool
is_good(const struct osc_client *o, const struct osc_service *s)
{
	return secret_present(s->sat) && clock_now_s(o->clock) < s->sat_expires_at_s - MARGIN_S;
}

static void
keep(struct osc_client *o, struct osc_service *s, const struct json *answer)
{
	int64_t now = clock_now_s(o->clock), expiry;

	if (!json_int(answer, "expiry", 0, INT64_MAX, &expiry))
		expiry = 0;
	if (expiry > MILLISECONDS)
		expiry /= 1000;
	if (expiry <= now)
		expiry = now + UNKNOWN_LIFE_S;
	s->sat.reveal = json_string(answer, "token");
	s->sat_expires_at_s = expiry;
	o->known.changed = true;
}

void
osc_service_token_refused(struct osc_client *o, struct osc_service *service)
{
	service->sat.reveal = NULL;
	service->sat_expires_at_s = 0;
	o->known.changed = true;
}

static void
prepare(struct osc_client *o, struct osc_call *mint, const struct osc_service *s)
{
	struct arena *a = o->call->arena;
	struct json *body = json_object(a);

	json_set_string(body, "serviceId", s->service_id);
	mint->who = WHO;
	mint->method = "POST";
	mint->url = arena_concat(a, o->platform->token, "/servicetoken");
	mint->body = body;
	mint->replayable = true;	/* two tokens do no harm */
}

static void
close_with(struct osc_call *call, const struct osc_call *mint)
{
	call->open = false;
	call->who = mint->who;
	call->answer = mint->answer == OSC_OK ? OSC_NONSENSE : mint->answer;
	call->status = mint->status;
	call->text = mint->text;
	call->json = NULL;
	call->body_text = "";
	call->retry_after_s = mint->retry_after_s;
}

/* The services that need one, each once.  Returns how many. */
static size_t
missing(const struct osc_client *o, const struct osc_call *calls, size_t n, struct osc_service **out)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		struct osc_service *s = calls[i].service;
		bool listed = false;

		if (!calls[i].open || s == NULL || calls[i].no_token || is_good(o, s))
			continue;
		for (size_t k = 0; k < m; k++)
			listed = listed || out[k] == s;
		if (!listed)
			out[m++] = s;
	}
	return m;
}

enum err
osc_service_tokens(struct osc_client *o, struct osc_call *calls, size_t n)
{
	struct arena *a = o->call->arena;
	struct osc_service **services = arena_alloc(a, (n + 1) * sizeof(struct osc_service *));
	struct osc_call *mints;
	size_t m;
	enum err e;

	if (services == NULL)
		return ERR_NOMEM;
	m = missing(o, calls, n, services);
	if (m == 0)
		return ERR_OK;
	mints = arena_alloc(a, m * sizeof(*mints));
	if (mints == NULL)
		return ERR_NOMEM;
	for (size_t k = 0; k < m; k++) {
		prepare(o, &mints[k], services[k]);
		if (mints[k].url == NULL)
			return ERR_NOMEM;
	}
	e = osc_calls(o, mints, m);
	if (e != ERR_OK)
		return e;
	for (size_t k = 0; k < m; k++) {
		const char *token = json_string(mints[k].json, "token");

		if (mints[k].answer == OSC_OK && token != NULL && *token != '\0') {
			keep(o, services[k], mints[k].json);
			continue;
		}
		for (size_t i = 0; i < n; i++)
			if (calls[i].open && !calls[i].no_token && calls[i].service == services[k])
				close_with(&calls[i], &mints[k]);
	}
	return ERR_OK;
}
