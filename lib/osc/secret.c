/* SPDX-License-Identifier: MIT */
#include "osc/secret.h"

#include <string.h>

#include "base/text.h"
#include "osc/ids.h"
#include "osc/upstream.h"

#define WHO "deploy"

const char *
osc_secret_reference(struct arena *a, const char *name)
{
	return arena_concat(a, OSC_SECRET_REFERENCE, name, "}}");
}

const char *
osc_secret_referred(struct arena *a, const char *value)
{
	size_t len;

	if (value == NULL || !text_starts_with(value, OSC_SECRET_REFERENCE) || !text_ends_with(value, "}}"))
		return NULL;
	value += strlen(OSC_SECRET_REFERENCE);
	len = strlen(value) - 2;
	return len > 0 ? arena_strndup(a, value, len) : NULL;
}

/* Of a service's secrets; with a name, of the one. */
static const char *
url_of(struct osc_client *o, const char *service_id, const char *name)
{
	struct arena *a = o->call->arena;
	const char *url = osc_join(a, arena_concat(a, o->platform->deploy, "/mysecrets"), service_id);

	return name == NULL ? url : osc_join(a, url, name);
}

enum err
osc_secret_list(struct osc_client *o, const char *service_id, struct json **list)
{
	struct osc_call call = { .who = WHO, .method = "GET", .url = url_of(o, service_id, NULL) };

	return osc_call_json(o, &call, JSON_ARRAY, list);
}

enum err
osc_secret_change(struct osc_client *o, const char *service_id, const char *name, const char *value)
{
	struct json *body = json_object(o->call->arena);
	struct osc_call call = { .who = WHO, .method = "PUT", .url = url_of(o, service_id, name), .body = body,
		.replayable = true };

	json_set_string(body, "secretData", value);
	return call.url == NULL || body == NULL ? ERR_NOMEM : osc_call(o, &call);
}

enum err
osc_secret_put(struct osc_client *o, const char *service_id, const char *name, const char *value)
{
	struct json *body = json_object(o->call->arena);
	struct osc_call call = { .who = WHO, .method = "POST", .url = url_of(o, service_id, NULL), .body = body,
		.replayable = true };	/* the second of two meets a conflict, and changes it */
	enum err e;

	json_set_string(body, "secretName", name);
	json_set_string(body, "secretData", value);
	if (call.url == NULL || body == NULL)
		return ERR_NOMEM;
	e = osc_calls(o, &call, 1);
	if (e != ERR_OK)
		return e;
	if (call.answer == OSC_TAKEN)
		return osc_secret_change(o, service_id, name, value);
	return call.answer == OSC_OK ? ERR_OK : osc_call_failed(o, &call);
}

enum err
osc_secret_remove(struct osc_client *o, const char *service_id, const char *name)
{
	struct osc_call call = { .who = WHO, .method = "DELETE", .url = url_of(o, service_id, name) };

	return call.url == NULL ? ERR_NOMEM : osc_call(o, &call);
}
