/* SPDX-License-Identifier: MIT */
/* The catalog: a tenant's subscriptions. */
#include <string.h>

#include "instance.h"
#include "route.h"
#include "token.h"
#include "world.h"

/* NULL: refused, and answered. */
static struct tenant *
visitor(struct call *call)
{
	struct tenant *tenant = token_tenant(call);

	if (tenant != NULL)
		return tenant;
	/* Without the header this service fails to say that it is missing. */
	if (call_bearer(call, "x-pat-jwt") == NULL)
		reply_fastify(call, 500, "FST_ERR_FAILED_ERROR_SERIALIZATION",
		    "Failed to serialize an error. Error: \"schema\" has no property \"message\". Original error: "
		    "Unauthorized");
	else
		reply_reason(call, 401, "Invalid personal access token");
	return NULL;
}

static const char *
api_url(struct call *call, const struct service *service)
{
	return pool_printf(&call->pool, "%s/%s", origin_by_service(&call->world->origins, service)->url,
	    service->path);
}

static void
list(struct call *call)
{
	struct tenant *tenant = visitor(call);
	const struct subscription *subscription;
	const struct service *service;
	cJSON *records;

	if (tenant == NULL)
		return;
	records = cJSON_CreateArray();
	for (service = services; service->id != NULL; service++) {
		subscription = map_get(&tenant->subscriptions, service->id);
		if (subscription != NULL && subscription->listed_ms <= now_ms())
			cJSON_AddItemToArray(records, service_record(service, api_url(call, service)));
	}
	reply_json(call, 200, records);
}

/* False: an element names no service, and that has been answered. */
static bool
services_ok(struct call *call, const cJSON *ids)
{
	const cJSON *id;

	if (!cJSON_IsArray(ids) || ids->child == NULL) {
		reply_fastify(call, 400, "FST_ERR_VALIDATION", "body must have required property 'services'");
		return false;
	}
	cJSON_ArrayForEach(id, ids)
		if (!cJSON_IsString(id) || service_find(id->valuestring) == NULL) {
			reply_reason(call, 404, "Service %s not found", cJSON_IsString(id) ? id->valuestring : "");
			return false;
		}
	return true;
}

static void
activate(struct call *call)
{
	const cJSON *ids = cJSON_GetObjectItemCaseSensitive(call->json, "services"), *id;
	struct tenant *tenant = visitor(call);
	cJSON *reply;

	if (tenant == NULL || !services_ok(call, ids))
		return;
	cJSON_ArrayForEach(id, ids)
		tenant_subscribe(tenant, id->valuestring, (int64_t)call->world->settings.activation_delay_ms);
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "teamId", tenant->name);
	cJSON_AddItemToObject(reply, "services", cJSON_Duplicate(ids, 1));
	reply_json(call, 200, reply);
}

static void
unsubscribe(struct call *call)
{
	const struct service *service = service_find(call->param[0]);
	struct tenant *tenant = visitor(call);

	if (tenant == NULL)
		return;
	if (service == NULL || map_get(&tenant->subscriptions, service->id) == NULL)
		reply_reason(call, 404, "No subscription of %s", call->param[0]);
	else if (instance_count(tenant, service) > 0)
		reply_reason(call, 409, "There are instances of %s", service->id);
	else {
		map_remove(&tenant->subscriptions, service->id);
		reply_reason(call, 200, "%s", "");
	}
}

/* The whole catalog is for the platform's operators. */
static void
operators_only(struct call *call)
{
	reply_reason(call, 401, "Invalid API key");
}

const struct route catalog_routes[] = {
	{ "GET", "/mysubscriptions", list },
	{ "POST", "/mysubscriptions", activate },
	{ "DELETE", "/mysubscriptions/:", unsubscribe },
	{ "GET", "/service", operators_only },
	{ "GET", "/service/:", operators_only },
	{ 0 }
};
