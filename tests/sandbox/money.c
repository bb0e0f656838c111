/* SPDX-License-Identifier: MIT */
/* The money-manager: plan and balance. */
#include "route.h"
#include "token.h"
#include "world.h"

#define SPENT 120

static void
plan(struct call *call)
{
	cJSON *reply;

	if (token_tenant(call) == NULL) {
		reply_reason(call, 401, "Invalid personal access token");
		return;
	}
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "tenantId", call->tenant);
	cJSON_AddStringToObject(reply, "planType", call->world->settings.plan);
	reply_json(call, 200, reply);
}

static void
balance(struct call *call)
{
	double left = call->world->settings.remaining_tokens;
	cJSON *reply;

	if (token_tenant(call) == NULL) {
		reply_reason(call, 401, "Invalid personal access token");
		return;
	}
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "tenantId", call->tenant);
	cJSON_AddNumberToObject(reply, "tokenCount", SPENT);
	cJSON_AddNumberToObject(reply, "availableTokens", left + SPENT);
	cJSON_AddNumberToObject(reply, "remainingTokens", left);
	reply_json(call, 200, reply);
}

const struct route money_routes[] = {
	{ "GET", "/mytenantplan", plan },
	{ "GET", "/mytokencount", balance },
	{ 0 }
};
