/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "oauth.h"
#include "world.h"

const char *
oauth_issuer(const struct call *call)
{
	return origin_by_role(&call->world->origins, ROLE_APP)->url;
}

static void
add_words(cJSON *object, const char *name, const char *first, const char *second)
{
	cJSON *array = cJSON_AddArrayToObject(object, name);

	cJSON_AddItemToArray(array, cJSON_CreateString(first));
	if (second != NULL)
		cJSON_AddItemToArray(array, cJSON_CreateString(second));
}

static cJSON *
metadata(struct call *call, const char *issuer, const char *base)
{
	const struct settings *settings = &call->world->settings;
	cJSON *object = cJSON_CreateObject();
	struct pool *pool = &call->pool;

	cJSON_AddStringToObject(object, "issuer", issuer);
	cJSON_AddStringToObject(object, "authorization_endpoint", pool_printf(pool, "%s" AUTHORIZE_PATH, base));
	cJSON_AddStringToObject(object, "token_endpoint", pool_printf(pool, "%s" TOKEN_PATH, base));
	cJSON_AddStringToObject(object, "registration_endpoint", pool_printf(pool, "%s" REGISTER_PATH, base));
	if (settings->revocation)
		cJSON_AddStringToObject(object, "revocation_endpoint", pool_printf(pool, "%s" REVOKE_PATH, base));
	add_words(object, "response_types_supported", "code", NULL);
	add_words(object, "grant_types_supported", "authorization_code", "refresh_token");
	add_words(object, "code_challenge_methods_supported", "S256", NULL);
	add_words(object, "token_endpoint_auth_methods_supported", "client_secret_post", "none");
	if (settings->iss_announced)
		cJSON_AddBoolToObject(object, "authorization_response_iss_parameter_supported", 1);
	return object;
}

void
oauth_metadata(struct call *call)
{
	const struct settings *settings = &call->world->settings;
	const char *issuer = oauth_issuer(call), *base = issuer;

	if (strcmp(settings->discovery, "missing") == 0) {
		reply_fastify(call, 404, NULL, pool_printf(&call->pool, "Route GET:%s not found", call->path));
		return;
	}
	if (strcmp(settings->discovery, "not-json") == 0) {
		reply_text(call, 200, "text/html; charset=utf-8", "<!doctype html><title>Console</title>");
		return;
	}
	if (strcmp(settings->discovery, "slow") == 0)
		call->delay_ms = (int64_t)settings->discovery_slow_ms;
	if (strcmp(settings->discovery, "wrong-issuer") == 0)
		issuer = "https://issuer.invalid";
	if (strcmp(settings->discovery, "http-endpoints") == 0)
		base = "http://platform.invalid";
	reply_json(call, 200, metadata(call, issuer, base));
}
