/* SPDX-License-Identifier: MIT */
/* The management API of every service: its instances, or its jobs. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deployment.h"
#include "encode.h"
#include "instance.h"
#include "route.h"
#include "token.h"
#include "world.h"

static const struct service *
service_of(const struct call *call)
{
	return call->origin->service;
}

/* Whom a service token in this header stands for.  NULL: none is valid. */
static struct tenant *
token_in(struct call *call, const char *header)
{
	struct token *token = token_find(call->world, call_bearer(call, header), TOKEN_SERVICE);
	struct tenant *tenant;

	if (token == NULL || strcmp(token->service_id, service_of(call)->id) != 0)
		return NULL;
	call->tenant = pool_strdup(&call->pool, token->tenant);
	tenant = tenant_get(call->world, token->tenant);
	deployments_advance(call->world, tenant);
	return tenant;
}

static struct tenant *
visitor(struct call *call)
{
	struct tenant *tenant = token_in(call, "x-jwt");

	if (tenant == NULL)
		reply_reason(call, 401, "Invalid service access token");
	return tenant;
}

/* The instance that the first parameter names.  NULL: answered. */
static struct instance *
find_for(struct call *call, struct tenant *tenant)
{
	struct instance *instance;

	instance = instance_find(tenant, service_of(call), call->param[0], false);
	if (instance == NULL)
		reply_reason(call, 404, "Instance %s not found", call->param[0]);
	return instance;
}

static struct instance *
instance_named(struct call *call)
{
	struct tenant *tenant = visitor(call);

	return tenant == NULL ? NULL : find_for(call, tenant);
}

static void
list(struct call *call)
{
	struct tenant *tenant = visitor(call);
	struct instance *instance;
	cJSON *documents;

	if (tenant == NULL)
		return;
	documents = cJSON_CreateArray();
	for (instance = tenant->instances; instance != NULL; instance = instance->next)
		if (instance->service == service_of(call) && !instance->suspended)
			cJSON_AddItemToArray(documents, instance_document(call->world, instance, &call->pool));
	reply_json(call, 200, documents);
}

/* The platform makes names lower case before it looks at them. */
static const char *
lower(struct pool *pool, const char *name)
{
	char *copy = pool_strdup(pool, name), *at;

	for (at = copy; at != NULL && *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return copy;
}

static bool
name_free(struct call *call, struct tenant *tenant, const char *name)
{
	int limit = (int)call->world->settings.max_instances;

	if (name == NULL || !plain_name(name))
		reply_reason(call, 400, "Name must be 1 to 20 letters and digits");
	else if (instance_find(tenant, service_of(call), name, false) != NULL ||
	    instance_find(tenant, service_of(call), name, true) != NULL)
		reply_reason(call, 409, "Instance name %s is already taken", name);
	else if (limit > 0 && instance_count(tenant, NULL) >= limit)
		reply_reason(call, 403, "Your plan allows %d instances", limit);
	else
		return true;
	return false;
}

static void
create(struct call *call)
{
	const char *name = lower(&call->pool, call_json_string(call, "name")), *why;
	struct tenant *tenant = visitor(call);
	struct instance *instance;
	cJSON *options;

	if (tenant == NULL || !name_free(call, tenant, name))
		return;
	options = service_options(service_of(call), call->json, false, &call->pool, &why);
	if (options == NULL) {
		reply_reason(call, 400, "%s", why);
		return;
	}
	instance = instance_add(call->world, tenant, service_of(call), name, options);
	if (instance == NULL)
		reply_reason(call, 500, "ORCHESTRATOR_UNAVAILABLE");
	else
		reply_json(call, 200, instance_document(call->world, instance, &call->pool));
}

static void
get(struct call *call)
{
	struct instance *instance = instance_named(call);

	if (instance != NULL)
		reply_json(call, 200, instance_document(call->world, instance, &call->pool));
}

static void
reply_no_route(struct call *call)
{
	reply_fastify(call, 404, NULL,
	    pool_printf(&call->pool, "Route %s:%s not found", call->method, call->path));
}

static void
patch(struct call *call)
{
	struct instance *instance;
	cJSON *options, *option;
	const char *why;

	if ((service_of(call)->flags & SERVICE_PATCH) == 0) {
		reply_no_route(call);
		return;
	}
	instance = instance_named(call);
	if (instance == NULL)
		return;
	options = service_options(service_of(call), call->json, true, &call->pool, &why);
	if (options == NULL) {
		reply_reason(call, 400, "%s", why);
		return;
	}
	while ((option = options->child) != NULL) {
		cJSON_DetachItemViaPointer(options, option);
		cJSON_DeleteItemFromObjectCaseSensitive(instance->options, option->string);
		cJSON_AddItemToObject(instance->options, option->string, option);
	}
	cJSON_Delete(options);
	instance_restart(call->world, instance);
	reply_json(call, 200, instance_document(call->world, instance, &call->pool));
}

static void
delete(struct call *call)
{
	struct tenant *tenant = visitor(call);
	struct instance *instance;

	if (tenant == NULL || (instance = find_for(call, tenant)) == NULL)
		return;
	instance_remove(call->world, tenant, instance);
	reply_empty(call, 204);
}

static void
health(struct call *call)
{
	struct instance *instance;
	cJSON *reply;

	if ((service_of(call)->flags & SERVICE_JOB) != 0) {
		reply_no_route(call);
		return;
	}
	instance = instance_named(call);
	if (instance == NULL)
		return;
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "status", instance_health(instance));
	cJSON_AddItemToArray(cJSON_AddArrayToObject(reply, "images"),
	    cJSON_CreateString(pool_printf(&call->pool, "registry/%s:1.0.0", instance->service->id)));
	reply_json(call, 200, reply);
}

/* What it said, and at the end how it is. */
static cJSON *
log_lines(const struct instance *instance)
{
	int64_t settled_ms = instance->started_ms + instance->health_delay_ms;
	cJSON *lines = cJSON_Duplicate(instance->log, 1), *line;
	int i;

	for (i = 0; i < 2; i++) {
		line = cJSON_CreateObject();
		cJSON_AddNumberToObject(line, "time_ms",
		    (double)(i == 0 || settled_ms > now_ms() ? instance->started_ms : settled_ms));
		cJSON_AddItemToObject(line, "text", i == 0 ? cJSON_CreateString("listening") : cJSON_CreateNull());
		cJSON_AddItemToArray(lines, line);
	}
	return lines;
}

/* The lines as an array of strings: since then, with their times if wanted. */
static cJSON *
log_texts(struct call *call, const struct instance *instance, int64_t since_ms, bool stamps)
{
	cJSON *lines = log_lines(instance), *line, *texts = cJSON_CreateArray();
	const char *text;
	double time_ms;

	cJSON_ArrayForEach(line, lines) {
		time_ms = cJSON_GetObjectItemCaseSensitive(line, "time_ms")->valuedouble;
		if (time_ms < (double)since_ms)
			continue;
		text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "text"));
		if (text == NULL)
			text = pool_printf(&call->pool, "health is %s", instance_health(instance));
		if (stamps)
			text = pool_printf(&call->pool, "%s %s", iso_time(&call->pool, (int64_t)time_ms), text);
		cJSON_AddItemToArray(texts, cJSON_CreateString(text));
	}
	cJSON_Delete(lines);
	return texts;
}

static void
logs(struct call *call)
{
	const char *stamps = form_get(&call->query, "timestamps"), *since = form_get(&call->query, "sinceSeconds");
	const char *format = call->world->settings.logs_format, *all = "";
	struct instance *instance = instance_named(call);
	cJSON *texts, *text;

	if (instance == NULL)
		return;
	texts = log_texts(call, instance, since == NULL ? 0 : now_ms() - (int64_t)atoi(since) * 1000,
	    stamps != NULL && strcmp(stamps, "true") == 0);
	if (strcmp(format, "array") == 0) {
		reply_json(call, 200, texts);
		return;
	}
	cJSON_ArrayForEach(text, texts)
		all = pool_printf(&call->pool, "%s%s\n", all, text->valuestring);
	cJSON_Delete(texts);
	if (strcmp(format, "string") == 0)
		reply_json(call, 200, cJSON_CreateString(all));
	else
		reply_text(call, 200, "text/plain; charset=utf-8", all);
}

static bool
is_public(const struct instance *instance)
{
	const cJSON *option = cJSON_GetObjectItemCaseSensitive(instance->options, "publicAccess");

	return !cJSON_IsFalse(option) && !(cJSON_IsString(option) && strcmp(option->valuestring, "false") == 0);
}

static bool
ports_ready(const struct call *call, const struct instance *instance)
{
	return instance->service->port != 0 && is_public(instance) &&
	    now_ms() >= instance->created_ms + (int64_t)call->world->settings.ports_delay_ms;
}

/* Takes the token in either header. */
static void
ports(struct call *call)
{
	struct tenant *tenant = token_in(call, "x-jwt");
	struct instance *instance;
	cJSON *list, *port;

	if (tenant == NULL)
		tenant = token_in(call, "Authorization");
	if (tenant == NULL) {
		reply_reason(call, 401, "Invalid service access token");
		return;
	}
	instance = find_for(call, tenant);
	if (instance == NULL)
		return;
	list = cJSON_CreateArray();
	if (ports_ready(call, instance)) {
		port = cJSON_CreateObject();
		cJSON_AddStringToObject(port, "externalIp", "127.0.0.1");
		cJSON_AddNumberToObject(port, "externalPort", instance->external_port);
		cJSON_AddNumberToObject(port, "internalPort", instance->service->port);
		cJSON_AddItemToArray(list, port);
	}
	if (list->child != NULL && strcmp(call->world->settings.ports_format, "object") == 0) {
		reply_json(call, 200, cJSON_DetachItemFromArray(list, 0));
		cJSON_Delete(list);
	} else
		reply_json(call, 200, list);
}

static void
node_ports(struct call *call)
{
	struct instance *instance;
	cJSON *list, *port;

	if ((service_of(call)->flags & SERVICE_NODEPORTS) == 0) {
		reply_no_route(call);
		return;
	}
	instance = instance_named(call);
	if (instance == NULL)
		return;
	list = cJSON_CreateArray();
	port = cJSON_CreateObject();
	cJSON_AddStringToObject(port, "name", instance->service->port != 0 ? "tcp" : "media");
	cJSON_AddStringToObject(port, "protocol", instance->service->port != 0 ? "TCP" : "UDP");
	cJSON_AddNumberToObject(port, "port", instance->external_port);
	cJSON_AddStringToObject(port, "ip", "127.0.0.1");
	cJSON_AddItemToArray(list, port);
	reply_json(call, 200, list);
}

static void
restart(struct call *call)
{
	struct instance *instance;

	if ((service_of(call)->flags & SERVICE_RESTART) == 0) {
		reply_no_route(call);
		return;
	}
	instance = instance_named(call);
	if (instance == NULL)
		return;
	instance_restart(call->world, instance);
	reply_empty(call, 204);
}

/* The one operation that reads Authorization, and only that. */
static struct instance *
instance_to_scale(struct call *call)
{
	struct tenant *tenant = token_in(call, "Authorization");

	if (tenant == NULL) {
		reply_reason(call, 401, "Invalid service access token");
		return NULL;
	}
	return find_for(call, tenant);
}

static void
reply_scale(struct call *call, const struct instance *instance)
{
	cJSON *reply = cJSON_CreateObject();

	cJSON_AddNumberToObject(reply, "actualReplicas", instance->replicas);
	cJSON_AddNumberToObject(reply, "desiredReplicas", instance->desired_replicas);
	reply_json(call, 200, reply);
}

static void
scale_get(struct call *call)
{
	struct instance *instance = instance_to_scale(call);

	if (instance == NULL)
		return;
	reply_scale(call, instance);
	/* Seen once on its way, there the next time. */
	instance->replicas = instance->desired_replicas;
}

static void
scale_put(struct call *call)
{
	const cJSON *wanted = cJSON_GetObjectItemCaseSensitive(call->json, "desiredReplicas");
	struct instance *instance = instance_to_scale(call);

	if (instance == NULL)
		return;
	if (!cJSON_IsNumber(wanted) || wanted->valuedouble < 0 || wanted->valuedouble > 10) {
		reply_reason(call, 400, "desiredReplicas must be a number within 0 and 10");
		return;
	}
	instance->desired_replicas = wanted->valueint;
	reply_scale(call, instance);
}

static void
internal_endpoint(struct call *call)
{
	struct instance *instance = instance_named(call);
	cJSON *reply, *port;

	if (instance == NULL)
		return;
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "serviceDns", pool_printf(&call->pool, "%s.%s.svc.cluster.local",
	    instance->name, instance->tenant));
	port = cJSON_CreateObject();
	cJSON_AddStringToObject(port, "name", instance->service->noun);
	cJSON_AddNumberToObject(port, "port", instance->service->port != 0 ? instance->service->port : 8080);
	cJSON_AddStringToObject(port, "protocol", "TCP");
	cJSON_AddItemToArray(cJSON_AddArrayToObject(reply, "ports"), port);
	cJSON_AddBoolToObject(reply, "publicAccess", is_public(instance));
	reply_json(call, 200, reply);
}

static void
api_status(struct call *call)
{
	const char *verbose = form_get(&call->query, "verbose");
	cJSON *reply;

	if (verbose == NULL || strcmp(verbose, "true") != 0) {
		reply_text(call, 200, "text/plain; charset=utf-8", "OK");
		return;
	}
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "status", "Healthy");
	cJSON_AddStringToObject(cJSON_AddObjectToObject(reply, "versions"), "api", "1.0.0");
	cJSON_AddStringToObject(reply, "environment", "sandbox");
	cJSON_AddObjectToObject(reply, "_links");
	reply_json(call, 200, reply);
}

static void
license(struct call *call)
{
	reply_text(call, 200, "text/plain; charset=utf-8", "The licence of the service stands here.\n");
}

const struct route manage_routes[] = {
	{ "GET", "/@", list },
	{ "POST", "/@", create },
	{ "GET", "/@/:", get },
	{ "PATCH", "/@/:", patch },
	{ "DELETE", "/@/:", delete },
	{ "GET", "/health/:", health },
	{ "GET", "/logs/:", logs },
	{ "GET", "/ports/:", ports },
	{ "GET", "/nodeports/:", node_ports },
	{ "POST", "/restart/:", restart },
	{ "GET", "/scale/:", scale_get },
	{ "PUT", "/scale/:", scale_put },
	{ "GET", "/internalendpoint/:", internal_endpoint },
	{ "GET", "/", api_status },
	{ "GET", "/license", license },
	{ 0 }
};
