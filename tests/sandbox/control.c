/* SPDX-License-Identifier: MIT */
/* The sandbox's own interface, on the app origin: for tests and demonstrations. */
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "instance.h"
#include "oauth.h"
#include "route.h"
#include "token.h"
#include "world.h"

static void
refuse(struct call *call, const char *why)
{
	reply_reason(call, 400, "%s", why);
}

static void
settings_get(struct call *call)
{
	cJSON *object = cJSON_CreateObject();

	settings_show(&call->world->settings, object);
	cJSON_AddItemToObject(object, "faults", cJSON_Duplicate(call->world->faults, 1));
	reply_json(call, 200, object);
}

/* Who waits by the settings of before goes on. */
static void
release(struct world *world)
{
	world->changes++;
	pthread_cond_broadcast(&world->ending);
	pthread_cond_broadcast(&world->changed);
}

/* The rules count from now on, whatever a list that was read says. */
static void
faults_replace(struct world *world, const cJSON *rules)
{
	cJSON *rule;

	cJSON_Delete(world->faults);
	world->faults = cJSON_Duplicate(rules, 1);
	cJSON_ArrayForEach(rule, world->faults) {
		cJSON_DeleteItemFromObjectCaseSensitive(rule, "seen");
		cJSON_DeleteItemFromObjectCaseSensitive(rule, "met");
	}
}

/* All of the object, or nothing of it. */
static void
settings_patch(struct call *call)
{
	struct world *world = call->world;
	struct settings changed = world->settings;
	const cJSON *item, *faults = NULL;
	const char *wrong;

	if (!cJSON_IsObject(call->json)) {
		refuse(call, "a JSON object is needed");
		return;
	}
	cJSON_ArrayForEach(item, call->json) {
		if (strcmp(item->string, "faults") == 0) {
			faults = item;
			wrong = faults_check(item, &call->pool);
		} else
			wrong = settings_set(&changed, item, &call->pool);
		if (wrong != NULL) {
			refuse(call, wrong);
			return;
		}
	}
	world->settings = changed;
	if (faults != NULL)
		faults_replace(world, faults);
	release(world);
	settings_get(call);
}

static void
reset(struct call *call)
{
	const char *keep = call_json_string(call, "keep");
	struct world *world = call->world;

	settings_reset(&world->settings);
	cJSON_Delete(world->faults);
	world->faults = cJSON_CreateArray();
	release(world);
	journal_clear(&world->journal);
	if (keep == NULL || strcmp(keep, "state") != 0)
		world_forget(world);
	reply_empty(call, 204);
}

static void
requests_get(struct call *call)
{
	reply_json(call, 200, cJSON_Duplicate(call->world->journal.entries, 1));
}

static void
requests_delete(struct call *call)
{
	journal_clear(&call->world->journal);
	reply_empty(call, 204);
}

static void
revoke(struct call *call)
{
	const char *tenant = call_json_string(call, "tenant"), *kind = call_json_string(call, "kind");
	static const char *const kinds[] = { "access", "refresh", "service" };
	bool found = false;
	int i;

	for (i = 0; i < 3; i++)
		if (kind == NULL || strcmp(kind, kinds[i]) == 0 || strcmp(kind, "all") == 0) {
			tokens_revoke(call->world, tenant, (enum token_kind)i);
			found = true;
		}
	if (found)
		reply_empty(call, 204);
	else
		refuse(call, "kind is access, refresh, service or all");
}

static void
secrets_issued(struct call *call)
{
	const char *kind = form_get(&call->query, "kind");
	struct map_node *node;
	cJSON *list = cJSON_CreateArray();

	for (node = map_next(&call->world->issued, NULL); node != NULL; node = map_next(&call->world->issued, node))
		if (kind == NULL || strcmp(kind, node->value) == 0)
			cJSON_AddItemToArray(list, cJSON_CreateString(node->key));
	reply_json(call, 200, list);
}

/* An app as the console registers it: the body is that of a dynamic registration. */
static void
clients_post(struct call *call)
{
	oauth_register_client(call);
}

/* Instances of everyone: {"tenant","serviceId","name","health","suspended"} */
static void
instances_get(struct call *call)
{
	const struct world *world = call->world;
	const struct instance *instance;
	const struct tenant *tenant;
	struct map_node *node;
	cJSON *list = cJSON_CreateArray(), *item;

	for (node = map_next(&world->tenants, NULL); node != NULL; node = map_next(&world->tenants, node)) {
		tenant = node->value;
		for (instance = tenant->instances; instance != NULL; instance = instance->next) {
			item = cJSON_CreateObject();
			cJSON_AddStringToObject(item, "tenant", tenant->name);
			cJSON_AddStringToObject(item, "serviceId", instance->service->id);
			cJSON_AddStringToObject(item, "name", instance->name);
			cJSON_AddStringToObject(item, "health", instance_health(instance));
			cJSON_AddBoolToObject(item, "suspended", instance->suspended);
			cJSON_AddItemToArray(list, item);
		}
	}
	reply_json(call, 200, list);
}

/* {"health":"failed"} from now on; {"suspended":"idle"} takes it away for that reason. */
static void
instances_patch(struct call *call)
{
	const char *status = call_json_string(call, "health"), *reason = call_json_string(call, "suspended");
	const struct service *service = service_find(call->param[1]);
	struct tenant *tenant = map_get(&call->world->tenants, call->param[0]);
	struct instance *instance = NULL;

	if (tenant != NULL && service != NULL)
		instance = instance_find(tenant, service, call->param[2], false);
	if (instance == NULL) {
		reply_reason(call, 404, "no such instance");
		return;
	}
	if (status != NULL) {
		free(instance->health_final);
		instance->health_final = mem_strdup(status);
		instance->health_delay_ms = 0;
	}
	if (reason != NULL)
		instance_suspend(call->world, instance, reason);
	reply_empty(call, 204);
}

const struct route control_routes[] = {
	{ "GET", "/sandbox/settings", settings_get },
	{ "PATCH", "/sandbox/settings", settings_patch },
	{ "POST", "/sandbox/reset", reset },
	{ "GET", "/sandbox/requests", requests_get },
	{ "DELETE", "/sandbox/requests", requests_delete },
	{ "POST", "/sandbox/revoke", revoke },
	{ "GET", "/sandbox/secrets-issued", secrets_issued },
	{ "POST", "/sandbox/clients", clients_post },
	{ "GET", "/sandbox/instances", instances_get },
	{ "PATCH", "/sandbox/instances/:/:/:", instances_patch },
	{ 0 }
};
