/* SPDX-License-Identifier: MIT */
#include "osc/suspended.h"

#include "osc/ids.h"

#define WHO "deploy"

static const char *
url_of(struct osc_client *o, const char *service_id, const char *name)
{
	struct arena *a = o->call->arena;
	const char *url = arena_concat(a, o->platform->deploy, "/mysuspended");

	if (service_id != NULL)
		url = osc_join(a, url, service_id);
	return name == NULL ? url : osc_join(a, url, name);
}

enum err
osc_suspended_list(struct osc_client *o, struct json **list)
{
	struct osc_call call = { .who = WHO, .method = "GET", .url = url_of(o, NULL, NULL) };

	return osc_call_json(o, &call, JSON_ARRAY, list);
}

enum err
osc_suspended_resume(struct osc_client *o, const char *service_id, const char *name)
{
	struct osc_call call = { .who = WHO, .method = "POST",
		.url = osc_join(o->call->arena, url_of(o, service_id, name), "resume") };

	return call.url == NULL ? ERR_NOMEM : osc_call(o, &call);
}

enum err
osc_suspended_remove(struct osc_client *o, const char *service_id, const char *name)
{
	struct osc_call call = { .who = WHO, .method = "DELETE", .url = url_of(o, service_id, name) };

	return call.url == NULL ? ERR_NOMEM : osc_call(o, &call);
}
