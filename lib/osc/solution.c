/* SPDX-License-Identifier: MIT */
#include "osc/solution.h"

#include "osc/create.h"
#include "osc/ids.h"
#include "osc/mask.h"

#define WHO "deploy"

/* Variables that hold a secret in the solutions at hand. */
static const char *const secret_variables[] = { "osc_pat", "osc_access_token", "api_key", "apikey", "password",
	"db_password", "admin_password", "smb_api_key", "github_token", NULL };

/* Of all; with an id, of the one. */
static const char *
url_of(struct osc_client *o, const char *id)
{
	const char *url = arena_concat(o->call->arena, o->platform->deploy, "/terraform/mydeployments");

	return id == NULL ? url : osc_join(o->call->arena, url, id);
}

enum err
osc_solution_list(struct osc_client *o, struct json **list)
{
	struct osc_call call = { .who = WHO, .method = "GET", .url = url_of(o, NULL) };
	enum err e;

	if (call.url == NULL)
		return ERR_NOMEM;
	e = osc_call(o, &call);
	if (e != ERR_OK)
		return e;
	*list = call.json;
	if (call.json != NULL && json_kind(call.json) == JSON_OBJECT)
		*list = json_get(call.json, "deployments");
	if (*list == NULL || json_kind(*list) != JSON_ARRAY)
		return osc_answer_fail(o->call, WHO, OSC_NONSENSE, call.status, "");
	return ERR_OK;
}

enum err
osc_solution_get(struct osc_client *o, const char *id, struct json **document)
{
	struct osc_call call = { .who = WHO, .method = "GET", .url = url_of(o, id) };

	return osc_call_json(o, &call, JSON_OBJECT, document);
}

enum err
osc_solution_check(struct call *c, const struct json *body)
{
	const struct json *variables = json_get(body, "variables");

	if (!osc_is_solution_name(json_string(body, "name")))
		return call_fail(c, ERR_BAD_REQUEST,
		    "name must be 1 to 63 lower-case letters, digits and hyphens, the first no hyphen");
	if (!osc_is_github_url(json_string(body, "repoUrl")))
		return call_fail(c, ERR_BAD_REQUEST, "repoUrl must be where the solution is: "
		    "https://github.com/OWNER/REPOSITORY, perhaps with /tree/BRANCH/PATH after it");
	if (variables != NULL && json_kind(variables) != JSON_OBJECT)
		return call_fail(c, ERR_BAD_REQUEST, "variables must be an object of values by their names");
	return ERR_OK;
}

enum err
osc_solution_create(struct osc_client *o, const struct json *body, struct json **document)
{
	struct osc_creation what = { .who = WHO, .url = url_of(o, NULL), .body = body,
		.name = json_string(body, "name"), .look_url = url_of(o, NULL) };

	return osc_create(o, &what, document);
}

enum err
osc_solution_remove(struct osc_client *o, const char *id)
{
	struct osc_call call = { .who = WHO, .method = "DELETE", .url = url_of(o, id) };

	return call.url == NULL ? ERR_NOMEM : osc_call(o, &call);
}

enum err
osc_solution_log(struct osc_client *o, const char *id, int offset, struct json **log)
{
	struct osc_call call = { .who = WHO, .method = "GET", .url = url_of(o, id) };

	if (call.url != NULL)
		call.url = arena_printf(o->call->arena, "%s/log?offset=%d", call.url, offset);
	return osc_call_json(o, &call, JSON_OBJECT, log);
}

static void
mask_outputs(struct json *deployment)
{
	struct json *output = json_first(json_get(deployment, "outputs"));

	for (; output != NULL; output = json_next(output))
		if (json_bool(output, "sensitive", false))
			json_set_string(output, "value", OSC_MASK);
}

void
osc_solution_mask(struct arena *a, struct json *deployments)
{
	if (json_kind(deployments) == JSON_ARRAY)
		for (struct json *d = json_first(deployments); d != NULL; d = json_next(d))
			mask_outputs(d);
	else
		mask_outputs(deployments);
	osc_mask_document(a, deployments, secret_variables);
}
