/* SPDX-License-Identifier: MIT */
/* The interface of an intercom manager, below /api/v1. */
#include <stdlib.h>
#include <string.h>

#include "body.h"
#include "encode.h"
#include "intercom.h"
#include "part.h"
#include "route.h"
#include "token.h"

#define NAME_MAX_LEN 200
#define SHARE_MAX_LEN 500
#define PAGE_PRESET 50

struct ask {
	struct call *call;
	struct intercom *intercom;
	const struct instance *instance;
};

static void
reply_message(struct call *call, int status, const char *message)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "message", message);
	reply_json(call, status, object);
}

static void
reply_plain(struct call *call, int status, const char *text)
{
	reply_text(call, status, "text/plain; charset=utf-8", text);
}

/* The name in the body.  NULL: none, or too long, and answered. */
static const char *
name_sent(struct ask *ask)
{
	const char *name = call_json_string(ask->call, "name");

	if (name != NULL && *name != '\0' && strlen(name) <= NAME_MAX_LEN)
		return name;
	reply_message(ask->call, 400, "body/name must have 1 to 200 characters");
	return NULL;
}

static bool
switched_on(const cJSON *object)
{
	return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "programOutputLine"));
}

static void
changed(struct ask *ask)
{
	ask->intercom->changes++;
	pthread_cond_broadcast(&ask->intercom->world->changed);
}

/* --- productions -------------------------------------------------------------------- */

static cJSON *
production_summary(const cJSON *production, bool extended)
{
	cJSON *copy = cJSON_Duplicate(production, 1);

	if (!extended)
		cJSON_DeleteItemFromObjectCaseSensitive(copy, "lines");
	return copy;
}

static int
number(struct ask *ask, const char *name, int preset)
{
	const char *text = form_get(&ask->call->query, name);

	return text == NULL || atoi(text) < 0 ? preset : atoi(text);
}

/* Newest first. */
static cJSON *
productions(struct ask *ask, int offset, int limit, bool extended)
{
	cJSON *list = cJSON_CreateArray();
	int at = cJSON_GetArraySize(ask->intercom->productions) - 1 - offset;

	for (; at >= 0 && limit > 0; at--, limit--)
		cJSON_AddItemToArray(list,
		    production_summary(cJSON_GetArrayItem(ask->intercom->productions, at), extended));
	return list;
}

static void
production_list(struct ask *ask)
{
	const char *extended = form_get(&ask->call->query, "extended");
	int offset = number(ask, "offset", 0), limit = number(ask, "limit", PAGE_PRESET);
	cJSON *reply = cJSON_CreateObject();

	cJSON_AddItemToObject(reply, "productions",
	    productions(ask, offset, limit, extended != NULL && strcmp(extended, "true") == 0));
	cJSON_AddNumberToObject(reply, "offset", offset);
	cJSON_AddNumberToObject(reply, "limit", limit);
	cJSON_AddNumberToObject(reply, "totalItems", cJSON_GetArraySize(ask->intercom->productions));
	reply_json(ask->call, 200, reply);
}

static void
production_latest(struct ask *ask)
{
	reply_json(ask->call, 200, productions(ask, 0, PAGE_PRESET, false));
}

static void
production_create(struct ask *ask)
{
	const cJSON *lines = cJSON_GetObjectItemCaseSensitive(ask->call->json, "lines"), *line;
	const char *name = name_sent(ask), *line_name;
	cJSON *production;

	if (name == NULL)
		return;
	if (!cJSON_IsArray(lines)) {
		reply_message(ask->call, 400, "body must have required property 'lines'");
		return;
	}
	cJSON_ArrayForEach(line, lines) {
		line_name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "name"));
		if (line_name == NULL || *line_name == '\0' || strlen(line_name) > NAME_MAX_LEN) {
			reply_message(ask->call, 400, "body/lines/name must have 1 to 200 characters");
			return;
		}
	}
	production = cJSON_CreateObject();
	cJSON_AddStringToObject(production, "name", name);
	cJSON_AddStringToObject(production, "productionId",
	    pool_printf(&ask->call->pool, "%d", ++ask->intercom->last_production));
	cJSON_AddArrayToObject(production, "lines");
	cJSON_ArrayForEach(line, lines)
		line_add(ask->intercom, production, cJSON_GetObjectItemCaseSensitive(line, "name")->valuestring,
		    switched_on(line));
	cJSON_AddItemToArray(ask->intercom->productions, production);
	reply_json(ask->call, 200, production_summary(production, false));
}

/* NULL: none, and answered with this status. */
static cJSON *
production_named(struct ask *ask, int status)
{
	cJSON *production = production_find(ask->intercom, ask->call->param[0]);

	if (production == NULL)
		reply_plain(ask->call, status, pool_printf(&ask->call->pool,
		    "Error: Production with id \"%s\" does not exist", ask->call->param[0]));
	return production;
}

static void
production_get(struct ask *ask)
{
	const cJSON *production = production_named(ask, 500);

	if (production != NULL)
		reply_json(ask->call, 200, cJSON_Duplicate(production, 1));
}

static void
production_patch(struct ask *ask)
{
	const char *name = name_sent(ask);
	cJSON *production = name == NULL ? NULL : production_named(ask, 404), *reply;

	if (production == NULL)
		return;
	cJSON_ReplaceItemInObjectCaseSensitive(production, "name", cJSON_CreateString(name));
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "name", name);
	cJSON_AddNumberToObject(reply, "_id", atoi(ask->call->param[0]));
	reply_json(ask->call, 200, reply);
}

static void
production_delete(struct ask *ask)
{
	cJSON *production = production_named(ask, 500);

	if (production == NULL)
		return;
	cJSON_Delete(cJSON_DetachItemViaPointer(ask->intercom->productions, production));
	changed(ask);
	reply_plain(ask->call, 200, "deleted");
}

/* --- lines ----------------------------------------------------------------------------- */

static void
lines_get(struct ask *ask)
{
	const cJSON *production = production_named(ask, 500);

	if (production != NULL)
		reply_json(ask->call, 200, cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(production, "lines"), 1));
}

static void
line_create(struct ask *ask)
{
	const char *name = name_sent(ask);
	cJSON *production = name == NULL ? NULL : production_named(ask, 500);

	if (production == NULL)
		return;
	if (line_name_taken(production, name, NULL)) {
		reply_message(ask->call, 400, pool_printf(&ask->call->pool,
		    "Line with name \"%s\" already exists in production %s", name, ask->call->param[0]));
		return;
	}
	line_add(ask->intercom, production, name, switched_on(ask->call->json));
	reply_json(ask->call, 200, cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(production, "lines"), 1));
}

/* NULL: none, and answered. */
static cJSON *
line_named(struct ask *ask, cJSON **production)
{
	cJSON *line;

	*production = production_named(ask, 404);
	if (*production == NULL)
		return NULL;
	line = line_find(*production, ask->call->param[1]);
	if (line == NULL)
		reply_message(ask->call, 404,
		    pool_printf(&ask->call->pool, "Line with ID %s not found", ask->call->param[1]));
	return line;
}

static void
line_get(struct ask *ask)
{
	cJSON *production;
	const cJSON *line = line_named(ask, &production);

	if (line != NULL)
		reply_json(ask->call, 200, cJSON_Duplicate(line, 1));
}

static void
line_patch(struct ask *ask)
{
	const char *name = name_sent(ask);
	cJSON *production, *line = name == NULL ? NULL : line_named(ask, &production), *reply;
	const cJSON *output = cJSON_GetObjectItemCaseSensitive(ask->call->json, "programOutputLine");

	if (line == NULL)
		return;
	if (line_name_taken(production, name, line)) {
		reply_message(ask->call, 400, pool_printf(&ask->call->pool, "Line with name \"%s\" already exists", name));
		return;
	}
	cJSON_ReplaceItemInObjectCaseSensitive(line, "name", cJSON_CreateString(name));
	if (cJSON_IsBool(output))
		cJSON_ReplaceItemInObjectCaseSensitive(line, "programOutputLine", cJSON_Duplicate(output, 1));
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "name", name);
	cJSON_AddStringToObject(reply, "id", ask->call->param[1]);
	cJSON_AddBoolToObject(reply, "programOutputLine", switched_on(line));
	reply_json(ask->call, 200, reply);
}

static void
line_delete(struct ask *ask)
{
	cJSON *production, *line = line_named(ask, &production);

	if (line == NULL)
		return;
	if (cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(line, "participants")) > 0) {
		reply_message(ask->call, 400, "Line is not empty");
		return;
	}
	cJSON_Delete(cJSON_DetachItemViaPointer(cJSON_GetObjectItemCaseSensitive(production, "lines"), line));
	reply_plain(ask->call, 200, "deleted");
}

/* Waits for a change: gives the mutex up, after which nothing known before needs to be there. */
static void
participants(struct ask *ask)
{
	struct world *world = ask->intercom->world;
	struct intercom *intercom = ask->intercom;
	int64_t until_ms = now_ms() + (int64_t)world->settings.long_poll_ms;
	unsigned seen = intercom->changes, generation = intercom->generation;
	cJSON *production, *line;

	intercom->users++;
	while (now_ms() < until_ms && intercom->changes == seen && !world->ended &&
	    intercom->generation == generation)
		world_wait(world, until_ms - now_ms());
	ask->call->origin = origin_by_port(&world->origins, ask->call->port);
	production = production_find(intercom, ask->call->param[0]);
	line = production == NULL ? NULL : line_find(production, ask->call->param[1]);
	if (line == NULL)
		reply_plain(ask->call, 500, "Error: there is no such line");
	else
		reply_json(ask->call, 200, cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(line, "participants"), 1));
	intercom_release(intercom);
}

/* --- sessions ---------------------------------------------------------------------------- */

static void
session_create(struct ask *ask)
{
	const char *production_id = call_json_string(ask->call, "productionId");
	const char *line_id = call_json_string(ask->call, "lineId"), *user = call_json_string(ask->call, "username");
	cJSON *production, *line, *participant, *reply;
	const char *id;

	if (production_id == NULL || line_id == NULL || user == NULL) {
		reply_message(ask->call, 400, "body must have required properties 'productionId', 'lineId', 'username'");
		return;
	}
	production = production_find(ask->intercom, production_id);
	line = production == NULL ? NULL : line_find(production, line_id);
	if (line == NULL) {
		reply_plain(ask->call, 500, "Error: there is no such line");
		return;
	}
	id = random_uuid(&ask->call->pool);
	participant = cJSON_CreateObject();
	cJSON_AddStringToObject(participant, "name", user);
	cJSON_AddStringToObject(participant, "sessionId", id);
	cJSON_AddStringToObject(participant, "endpointId", random_uuid(&ask->call->pool));
	cJSON_AddBoolToObject(participant, "isActive", 1);
	cJSON_AddBoolToObject(participant, "isWhip", 0);
	cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(line, "participants"), participant);
	changed(ask);
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "sessionId", id);
	cJSON_AddStringToObject(reply, "sdp", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
	reply_json(ask->call, 201, reply);
}

/* NULL: gone, and answered. */
static cJSON *
session_named(struct ask *ask, cJSON **line, int status)
{
	cJSON *participant = participant_find(ask->intercom, ask->call->param[0], line);

	if (participant == NULL)
		reply_plain(ask->call, status,
		    pool_printf(&ask->call->pool, "User session %s not found", ask->call->param[0]));
	return participant;
}

static void
session_patch(struct ask *ask)
{
	cJSON *line;

	if (session_named(ask, &line, 410) != NULL)
		reply_empty(ask->call, 204);
}

static void
session_delete(struct ask *ask)
{
	cJSON *line, *participant = session_named(ask, &line, 500);

	if (participant == NULL)
		return;
	cJSON_Delete(cJSON_DetachItemViaPointer(cJSON_GetObjectItemCaseSensitive(line, "participants"), participant));
	changed(ask);
	reply_plain(ask->call, 200, "deleted");
}

static void
heartbeat(struct ask *ask)
{
	cJSON *line;

	if (session_named(ask, &line, 410) != NULL)
		reply_plain(ask->call, 200, "ok");
}

/* --- the rest ------------------------------------------------------------------------------ */

static void
share(struct ask *ask)
{
	const char *path = call_json_string(ask->call, "path");
	cJSON *reply;

	if (path == NULL || *path != '/' || strlen(path) > SHARE_MAX_LEN) {
		reply_message(ask->call, 400, "body/path must begin with / and have 500 characters at most");
		return;
	}
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "url", pool_printf(&ask->call->pool, "%s/share/%s",
	    origin_by_role(&ask->intercom->world->origins, ROLE_APP)->url, random_hex(&ask->call->pool, 16)));
	reply_json(ask->call, 200, reply);
}

static void
reauth(struct ask *ask)
{
	const char *token = instance_value(ask->instance, "oscAccessToken"), *service = ask->instance->service->id;
	int64_t expires_ms;
	cJSON *reply;

	if (token == NULL) {
		reply_plain(ask->call, 405, "Reauthentication is not available");
		return;
	}
	if (token_find(ask->intercom->world, token, TOKEN_ACCESS) == NULL) {
		reply_plain(ask->call, 500, "Failed to mint a service access token");
		return;
	}
	token = token_issue_service(ask->call, ask->instance->tenant, service, &expires_ms);
	call_add_header(ask->call, "Set-Cookie",
	    pool_printf(&ask->call->pool, "%s.sat=Bearer %s; Path=/; HttpOnly", service, token));
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "token", token);
	reply_json(ask->call, 200, reply);
}

static const struct {
	const char *method, *path;	/* below the prefix; ":" stands for one segment */
	void (*run)(struct ask *ask);
} verbs[] = {
	{ "GET", "/productionlist", production_list },
	{ "GET", "/production", production_latest },
	{ "POST", "/production", production_create },
	{ "GET", "/production/:", production_get },
	{ "PATCH", "/production/:", production_patch },
	{ "DELETE", "/production/:", production_delete },
	{ "GET", "/production/:/line", lines_get },
	{ "POST", "/production/:/line", line_create },
	{ "GET", "/production/:/line/:", line_get },
	{ "PATCH", "/production/:/line/:", line_patch },
	{ "DELETE", "/production/:/line/:", line_delete },
	{ "POST", "/production/:/line/:/participants", participants },
	{ "POST", "/session", session_create },
	{ "PATCH", "/session/:", session_patch },
	{ "DELETE", "/session/:", session_delete },
	{ "GET", "/heartbeat/:", heartbeat },
	{ "POST", "/share", share },
	{ "GET", "/reauth", reauth },
};

static void
answer(struct call *call, struct instance *instance)
{
	struct ask ask = { call, instance->state, instance };
	size_t i;

	if (!ask.intercom->ready) {
		reply_text(call, 502, "text/html; charset=utf-8", "<!doctype html><title>502</title><h1>502 Bad Gateway</h1>\n");
		return;
	}
	body_parse(call, false);
	if (body_refused(call))
		return;
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].method, call->method) == 0 &&
		    route_matches(call, pool_printf(&call->pool, "/api/v1%s", verbs[i].path))) {
			verbs[i].run(&ask);
			return;
		}
	if (strcmp(call->path, "/") == 0)
		reply_plain(call, 200, "Welcome to Open Intercom");
	else if (strcmp(call->path, "/api/docs") == 0)
		reply_text(call, 200, "text/html; charset=utf-8", "<!doctype html><title>API</title><h1>API</h1>\n");
	else
		reply_fastify(call, 404, NULL,
		    pool_printf(&call->pool, "Route %s:%s not found", call->method, call->path));
}

static void
replace(char **text, const char *value)
{
	free(*text);
	*text = mem_strdup(value == NULL ? "" : value);
}

static void
start(struct world *world, struct instance *instance)
{
	struct intercom *intercom = instance->state;

	if (intercom == NULL)
		instance->state = intercom = intercom_new(world);
	replace(&intercom->smb_url, instance_value(instance, "smbUrl"));
	replace(&intercom->smb_key, instance_value(instance, "smbApiKey"));
	replace(&intercom->db_url, instance_value(instance, "dbUrl"));
	intercom->ready = !world->settings.real_parts;
	if (!intercom->ready)
		intercom_connect(intercom);
}

static void
stop(struct world *world, struct instance *instance)
{
	struct intercom *intercom = instance->state;

	if (intercom != NULL)
		intercom->generation++;
	pthread_cond_broadcast(&world->changed);
}

static void
forget(struct world *world, struct instance *instance)
{
	(void)world;
	if (instance->state != NULL)
		intercom_release(instance->state);
}

/* It does not run without what it depends on. */
static bool
ready(const struct instance *instance)
{
	const struct intercom *intercom = instance->state;

	return intercom != NULL && intercom->ready;
}

const struct part part_intercom = {
	.service_id = "eyevinn-intercom-manager", .start = start, .stop = stop, .forget = forget, .answer = answer,
	.ready = ready
};
