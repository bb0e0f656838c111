/* SPDX-License-Identifier: MIT */
/*
 * The application of an instance, at the address in its document.  While it
 * comes up, its host hangs up first, and then the ingress answers.
 */
#include <string.h>

#include "instance.h"
#include "part.h"
#include "route.h"
#include "token.h"
#include "world.h"

static void
reply_ingress(struct call *call, int status, const char *text)
{
	reply_text(call, status, "text/html; charset=utf-8",
	    pool_printf(&call->pool, "<!doctype html><title>%s</title><h1>%s</h1>\n", text, text));
}

/* Whether the application itself answers by now; if not, answered. */
static bool
is_up(struct call *call, const struct instance *instance)
{
	const struct settings *settings = &call->world->settings;
	int64_t age_ms = now_ms() - instance->created_ms;

	if (age_ms < (int64_t)settings->connect_delay_ms)
		call->drop = true;
	else if (age_ms >= (int64_t)settings->app_delay_ms && strcmp(instance_health(instance), "running") == 0)
		return true;
	else if (strcmp(call->path, "/") == 0)
		reply_ingress(call, 200, "Welcome");
	else
		reply_ingress(call, 401, "401 Authorization Required");
	return false;
}

/* Some services stand behind the platform's login. */
static bool
may_pass(struct call *call, const struct instance *instance, const struct part *part)
{
	struct token *token;

	if ((instance->service->flags & SERVICE_WALL) == 0 || (part != NULL && part->open != NULL && part->open(call)))
		return true;
	token = token_find(call->world, call_bearer(call, "Authorization"), TOKEN_SERVICE);
	if (token == NULL)
		token = token_find(call->world, call_bearer(call, "x-jwt"), TOKEN_SERVICE);
	if (token != NULL && strcmp(token->service_id, instance->service->id) == 0 &&
	    strcmp(token->tenant, instance->tenant) == 0) {
		call->tenant = pool_strdup(&call->pool, token->tenant);
		return true;
	}
	reply_ingress(call, 401, "401 Authorization Required");
	return false;
}

static void
name_page(struct call *call, const struct instance *instance)
{
	cJSON *reply = cJSON_CreateObject();

	cJSON_AddStringToObject(reply, "serviceId", instance->service->id);
	cJSON_AddStringToObject(reply, "name", instance->name);
	cJSON_AddStringToObject(reply, "path", call->path);
	reply_json(call, 200, reply);
}

static void
application(struct call *call)
{
	struct tenant *tenant = tenant_get(call->world, call->origin->tenant);
	struct instance *instance = instance_find(tenant, call->origin->service, call->origin->instance, false);
	const struct part *part;

	if (instance == NULL) {
		call->drop = true;
		return;
	}
	part = part_find(instance->service);
	if (!is_up(call, instance) || !may_pass(call, instance, part))
		return;
	if (part != NULL && part->answer != NULL)
		part->answer(call, instance);
	else
		name_page(call, instance);
}

const struct route instance_routes[] = {
	{ "*", "/*", application },
	{ 0 }
};
