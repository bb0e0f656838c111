/* SPDX-License-Identifier: MIT */
/* The deploy-manager: secrets of services, suspended instances, reserved nodes. */
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "instance.h"
#include "route.h"
#include "token.h"
#include "world.h"

#define BATCH_MAX 10

static struct tenant *
visitor(struct call *call)
{
	struct tenant *tenant = token_tenant(call);

	if (tenant == NULL)
		reply_reason(call, 401, "Invalid personal access token");
	return tenant;
}

static void
secret_put(struct call *call, struct tenant *tenant, const char *name, const char *value)
{
	tenant_secret_put(call->world, tenant, call->param[0], name, value);
}

static void
secrets_list(struct call *call)
{
	struct tenant *tenant = visitor(call);
	struct map_node *node;
	cJSON *list, *item;
	size_t prefix;

	if (tenant == NULL)
		return;
	list = cJSON_CreateArray();
	prefix = strlen(call->param[0]);
	for (node = map_next(&tenant->secrets, NULL); node != NULL; node = map_next(&tenant->secrets, node)) {
		if (strncmp(node->key, call->param[0], prefix) != 0 || node->key[prefix] != '/')
			continue;
		item = cJSON_CreateObject();
		cJSON_AddStringToObject(item, "serviceId", call->param[0]);
		cJSON_AddStringToObject(item, "secretName", node->key + prefix + 1);
		cJSON_AddItemToArray(list, item);
	}
	reply_json(call, 200, list);
}

static void
secret_create(struct call *call)
{
	const char *name = call_json_string(call, "secretName"), *value = call_json_string(call, "secretData");
	struct tenant *tenant = visitor(call);

	if (tenant == NULL)
		return;
	if (name == NULL || value == NULL || *name == '\0')
		reply_reason(call, 400, "secretName and secretData are needed");
	else if (tenant_secret(tenant, call->param[0], name) != NULL)
		reply_reason(call, 409, "Secret %s already exists", name);
	else {
		secret_put(call, tenant, name, value);
		reply_empty(call, 204);
	}
}

static void
secret_update(struct call *call)
{
	const char *value = call_json_string(call, "secretData");
	struct tenant *tenant = visitor(call);

	if (tenant == NULL)
		return;
	if (value == NULL)
		reply_reason(call, 400, "secretData is needed");
	else if (tenant_secret(tenant, call->param[0], call->param[1]) == NULL)
		reply_reason(call, 404, "Secret %s not found", call->param[1]);
	else {
		secret_put(call, tenant, call->param[1], value);
		reply_empty(call, 204);
	}
}

static void
secrets_batch(struct call *call)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(call->json, "secrets"), *item;
	struct tenant *tenant = visitor(call);

	if (tenant == NULL)
		return;
	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > BATCH_MAX) {
		reply_reason(call, 400, "secrets must be an array of at most %d", BATCH_MAX);
		return;
	}
	cJSON_ArrayForEach(item, list)
		if (!cJSON_IsString(cJSON_GetObjectItemCaseSensitive(item, "secretName")) ||
		    !cJSON_IsString(cJSON_GetObjectItemCaseSensitive(item, "secretData"))) {
			reply_reason(call, 400, "secretName and secretData are needed");
			return;
		}
	cJSON_ArrayForEach(item, list)
		secret_put(call, tenant, cJSON_GetObjectItemCaseSensitive(item, "secretName")->valuestring,
		    cJSON_GetObjectItemCaseSensitive(item, "secretData")->valuestring);
	reply_empty(call, 204);
}

static void
secret_remove(struct call *call)
{
	struct tenant *tenant = visitor(call);

	if (tenant == NULL)
		return;
	if (map_remove(&tenant->secrets, pool_printf(&call->pool, "%s/%s", call->param[0], call->param[1])))
		reply_empty(call, 204);
	else
		reply_reason(call, 404, "Secret %s not found", call->param[1]);
}

static void
suspended_list(struct call *call)
{
	struct tenant *tenant = visitor(call);
	struct instance *instance;
	cJSON *list, *item, *parameters;

	if (tenant == NULL)
		return;
	list = cJSON_CreateArray();
	for (instance = tenant->instances; instance != NULL; instance = instance->next) {
		if (!instance->suspended)
			continue;
		item = cJSON_CreateObject();
		cJSON_AddStringToObject(item, "serviceId", instance->service->id);
		cJSON_AddStringToObject(item, "instanceName", instance->name);
		cJSON_AddStringToObject(item, "suspendedAt", iso_time(&call->pool, instance->suspended_ms));
		cJSON_AddStringToObject(item, "reason", instance->suspended_reason);
		parameters = cJSON_Duplicate(instance->options, 1);
		cJSON_AddStringToObject(parameters, "name", instance->name);
		cJSON_AddItemToObject(item, "parameters", parameters);
		cJSON_AddItemToArray(list, item);
	}
	reply_json(call, 200, list);
}

/* The suspended instance that the path names.  NULL: none, and answered. */
static struct instance *
suspended_find(struct call *call, struct tenant *tenant)
{
	const struct service *service = service_find(call->param[0]);
	struct instance *instance;

	instance = service == NULL ? NULL : instance_find(tenant, service, call->param[1], true);
	if (instance == NULL)
		reply_reason(call, 404, "not suspended");
	return instance;
}

static void
suspended_resume(struct call *call)
{
	struct tenant *tenant = visitor(call);
	struct instance *instance;
	cJSON *reply;

	if (tenant == NULL || (instance = suspended_find(call, tenant)) == NULL)
		return;
	instance_resume(call->world, instance);
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "serviceId", instance->service->id);
	cJSON_AddStringToObject(reply, "instanceName", instance->name);
	cJSON_AddStringToObject(reply, "tenantId", tenant->name);
	cJSON_AddStringToObject(reply, "resumedAt", iso_time(&call->pool, now_ms()));
	reply_json(call, 200, reply);
}

static void
suspended_remove(struct call *call)
{
	struct tenant *tenant = visitor(call);
	struct instance *instance;
	cJSON *reply;

	if (tenant == NULL || (instance = suspended_find(call, tenant)) == NULL)
		return;
	instance_remove(call->world, tenant, instance);
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "message", "ok");
	reply_json(call, 200, reply);
}

static cJSON *
node(struct pool *pool, int number)
{
	cJSON *item = cJSON_CreateObject(), *capacity;

	cJSON_AddStringToObject(item, "name", pool_printf(pool, "node%d", number));
	cJSON_AddItemToArray(cJSON_AddArrayToObject(item, "purposes"), cJSON_CreateString("encoding"));
	cJSON_AddItemToArray(cJSON_AddArrayToObject(item, "publicIps"),
	    cJSON_CreateString(pool_printf(pool, "203.0.113.%d", number)));
	capacity = cJSON_AddObjectToObject(item, "capacity");
	cJSON_AddStringToObject(capacity, "cpu", "8");
	cJSON_AddStringToObject(capacity, "memory", "16Gi");
	cJSON_AddStringToObject(capacity, "storage", "100Gi");
	cJSON_AddArrayToObject(item, "reservations");
	return item;
}

static void
nodes(struct call *call)
{
	cJSON *list;
	int i;

	if (visitor(call) == NULL)
		return;
	list = cJSON_CreateArray();
	for (i = 1; i <= (int)call->world->settings.nodes; i++)
		cJSON_AddItemToArray(list, node(&call->pool, i));
	reply_json(call, 200, list);
}

const struct route deploy_routes[] = {
	{ "GET", "/mysecrets/:", secrets_list },
	{ "POST", "/mysecrets/:", secret_create },
	{ "PUT", "/mysecrets/:/batch", secrets_batch },
	{ "PUT", "/mysecrets/:/:", secret_update },
	{ "DELETE", "/mysecrets/:/:", secret_remove },
	{ "GET", "/mysuspended", suspended_list },
	{ "POST", "/mysuspended/:/:/resume", suspended_resume },
	{ "DELETE", "/mysuspended/:/:", suspended_remove },
	{ "GET", "/mynodes", nodes },
	{ 0 }
};
