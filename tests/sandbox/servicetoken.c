/* SPDX-License-Identifier: MIT */
/* The token service: service access tokens, and links to share. */
#include "encode.h"
#include "route.h"
#include "token.h"
#include "world.h"

/* The service, when the visitor may use it.  NULL: refused, and answered. */
static const struct service *
entitled(struct call *call, const char *service_id)
{
	struct tenant *tenant = token_tenant(call);

	if (tenant == NULL)
		reply_reason(call, 401, "Invalid personal access token");
	else if (service_id == NULL)
		reply_fastify(call, 400, "FST_ERR_VALIDATION", "body must have required property 'serviceId'");
	else if (service_find(service_id) == NULL)
		reply_reason(call, 404, "Service %s not found", service_id);
	else if (map_get(&tenant->subscriptions, service_id) == NULL)
		reply_reason(call, 403, "No subscription of %s", service_id);
	else
		return service_find(service_id);
	return NULL;
}

static void
servicetoken(struct call *call)
{
	const struct service *service = entitled(call, call_json_string(call, "serviceId"));
	int64_t expires_ms;
	cJSON *reply;

	if (service == NULL)
		return;
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "serviceId", service->id);
	cJSON_AddStringToObject(reply, "token", token_issue_service(call, call->tenant, service->id, &expires_ms));
	cJSON_AddNumberToObject(reply, "expiry", (double)(expires_ms / 1000));
	reply_json(call, 200, reply);
}

static void
delegate(struct call *call)
{
	const struct service *service = entitled(call, call->param[0]);
	const char *url = call_json_string(call, "redirectUrl");
	cJSON *reply;

	if (service == NULL)
		return;
	if (url == NULL) {
		reply_fastify(call, 400, "FST_ERR_VALIDATION", "body must have required property 'redirectUrl'");
		return;
	}
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "shareUrl", pool_printf(&call->pool, "%s/share/%s",
	    origin_by_role(&call->world->origins, ROLE_APP)->url, random_hex(&call->pool, 16)));
	reply_json(call, 200, reply);
}

const struct route servicetoken_routes[] = {
	{ "POST", "/servicetoken", servicetoken },
	{ "POST", "/delegate/:", delegate },
	{ 0 }
};
