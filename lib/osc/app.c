/* SPDX-License-Identifier: MIT */
#include "osc/app.h"

#include <string.h>

#include "osc/create.h"
#include "osc/ids.h"

#define WHO "deploy"

/* Of all; with an id, of the one. */
static const char *
url_of(struct osc_client *o, const char *id)
{
	const char *url = arena_concat(o->call->arena, o->platform->deploy, "/myapps");

	return id == NULL ? url : osc_join(o->call->arena, url, id);
}

enum err
osc_app_list(struct osc_client *o, struct json **list)
{
	struct osc_call call = { .who = WHO, .method = "GET", .url = url_of(o, NULL) };

	return osc_call_json(o, &call, JSON_ARRAY, list);
}

enum err
osc_app_get(struct osc_client *o, const char *id, struct json **document)
{
	struct osc_call call = { .who = WHO, .method = "GET", .url = url_of(o, id) };

	return osc_call_json(o, &call, JSON_OBJECT, document);
}

enum err
osc_app_check(struct call *c, const struct json *body)
{
	static const char *const texts[] = { "gitHubToken", "configService" };
	const char *name = json_string(body, "name"), *type = json_string(body, "type");

	if (!osc_is_new_name(name))
		return call_fail(c, ERR_BAD_REQUEST, "name must be 1 to 20 lower-case letters and digits");
	if (!osc_is_new_name(type))
		return call_fail(c, ERR_BAD_REQUEST,
		    "type must be the kind of app, in lower-case letters and digits: nodejs, python");
	if (!osc_is_github_url(json_string(body, "gitHubUrl")))
		return call_fail(c, ERR_BAD_REQUEST,
		    "gitHubUrl must be the address of a repository: https://github.com/OWNER/REPOSITORY, "
		    "perhaps with #BRANCH after it");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (json_get(body, texts[i]) != NULL && json_string(body, texts[i]) == NULL)
			return call_fail(c, ERR_BAD_REQUEST, "%s must be a string", texts[i]);
	return ERR_OK;
}

enum err
osc_app_create(struct osc_client *o, const struct json *body, struct json **document)
{
	struct osc_creation what = { .who = WHO, .url = url_of(o, NULL), .body = body,
		.name = json_string(body, "name"), .look_url = url_of(o, NULL) };

	return osc_create(o, &what, document);
}

enum err
osc_app_remove(struct osc_client *o, const char *id)
{
	struct osc_call call = { .who = WHO, .method = "DELETE", .url = url_of(o, id) };

	return call.url == NULL ? ERR_NOMEM : osc_call(o, &call);
}

enum err
osc_app_rebuild(struct osc_client *o, const char *id)
{
	struct osc_call call = { .who = WHO, .method = "PUT", .url = url_of(o, id) };

	call.url = arena_concat(o->call->arena, call.url, "?rebuild=true");
	return call.url == NULL ? ERR_NOMEM : osc_call(o, &call);
}
