/* SPDX-License-Identifier: MIT */
#include "osc/intercom_manager.h"

#include "osc/ids.h"

#define API "/api/v1"

static const char *
address(struct osc_client *o, const char *url, const char *path)
{
	struct arena *a = o->call->arena;

	return arena_concat(a, osc_without_slash(a, url), API, path);
}

enum err
osc_intercom_ready(struct osc_client *o, struct osc_service *s, const char *url, bool *ready)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "GET", .auth = HTTP_AUTH_BEARER,
		.url = address(o, url, "/productionlist?limit=1") };
	enum err e;

	if (call.url == NULL)
		return ERR_NOMEM;
	e = osc_calls(o, &call, 1);
	*ready = e == ERR_OK && call.answer == OSC_OK && call.json != NULL;
	return e;
}

enum err
osc_intercom_productions(struct osc_client *o, struct osc_service *s, const char *url, int offset, struct json **list)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "GET", .auth = HTTP_AUTH_BEARER };
	const char *path = arena_printf(o->call->arena, "/productionlist?limit=50&offset=%d&extended=true", offset);

	call.url = address(o, url, path);
	return osc_call_json(o, &call, JSON_OBJECT, list);
}

enum err
osc_intercom_production_create(struct osc_client *o, struct osc_service *s, const char *url, const struct json *body,
    struct json **made)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "POST", .auth = HTTP_AUTH_BEARER,
		.url = address(o, url, "/production"), .body = body };

	return osc_call_json(o, &call, JSON_OBJECT, made);
}
