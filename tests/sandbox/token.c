/* SPDX-License-Identifier: MIT */
#include "token.h"

#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "jwt.h"

void
code_free(void *data)
{
	struct code *code = data;

	free(code->client_id);
	free(code->redirect_uri);
	free(code->challenge);
	free(code->tenant);
	free(code);
}

void
token_free(void *data)
{
	struct token *token = data;

	free(token->tenant);
	free(token->client_id);
	free(token->service_id);
	free(token);
}

const char *
code_issue(struct call *call, const char *client_id, const char *redirect_uri, const char *challenge,
    const char *tenant)
{
	struct world *world = call->world;
	struct code *code = mem_new(sizeof(*code));
	const char *value = random_base64url(&call->pool, 32);

	code->client_id = mem_strdup(client_id);
	code->redirect_uri = mem_strdup(redirect_uri);
	code->challenge = mem_strdup(challenge);
	code->tenant = mem_strdup(tenant);
	code->expires_ms = now_ms() + seconds_ms(world->settings.code_lifetime_s);
	code->family = ++world->last_family;
	map_put(&world->codes, value, code);
	issued_add(world, "code", value);
	return value;
}

static struct token *
token_new(enum token_kind kind, const char *tenant, double lifetime_s)
{
	struct token *token = mem_new(sizeof(*token));

	token->kind = kind;
	token->tenant = mem_strdup(tenant);
	token->expires_ms = now_ms() + seconds_ms(lifetime_s);
	return token;
}

/* The claims of a personal access token, and of a service token by its service. */
static const char *
claims_sign(struct call *call, const struct token *token)
{
	cJSON *claims = cJSON_CreateObject();
	const char *jwt;

	cJSON_AddStringToObject(claims, "tenantId", token->tenant);
	cJSON_AddStringToObject(claims, "userId", pool_printf(&call->pool, "user-%s", token->tenant));
	cJSON_AddStringToObject(claims, "patId", random_hex(&call->pool, 16));
	if (token->service_id != NULL)
		cJSON_AddStringToObject(claims, "serviceId", token->service_id);
	cJSON_AddNumberToObject(claims, "iat", (double)(now_ms() / 1000));
	cJSON_AddNumberToObject(claims, "exp", (double)(token->expires_ms / 1000));
	cJSON_AddStringToObject(claims, "iss", "token.osaas.eyevinn.se");
	jwt = jwt_sign(&call->pool, call->world->jwt_key, claims);
	cJSON_Delete(claims);
	return jwt;
}

const char *
token_issue_access(struct call *call, const char *tenant, const char *client_id, unsigned long family)
{
	struct world *world = call->world;
	struct token *token = token_new(TOKEN_ACCESS, tenant, world->settings.access_token_lifetime_s);
	const char *value;

	token->client_id = mem_strdup(client_id);
	token->family = family;
	value = claims_sign(call, token);
	map_put(&world->tokens, value, token);
	issued_add(world, "access_token", value);
	return value;
}

const char *
token_issue_refresh(struct call *call, const char *tenant, const char *client_id, unsigned long family)
{
	struct world *world = call->world;
	struct token *token = token_new(TOKEN_REFRESH, tenant, world->settings.refresh_token_lifetime_s);
	const char *value = random_base64url(&call->pool, 32);

	token->client_id = mem_strdup(client_id);
	token->family = family;
	map_put(&world->tokens, value, token);
	issued_add(world, "refresh_token", value);
	return value;
}

const char *
token_issue_service(struct call *call, const char *tenant, const char *service_id, int64_t *expires_ms)
{
	struct world *world = call->world;
	struct token *token = token_new(TOKEN_SERVICE, tenant, world->settings.service_token_lifetime_s);
	const char *value;

	token->service_id = mem_strdup(service_id);
	*expires_ms = token->expires_ms;
	value = claims_sign(call, token);
	map_put(&world->tokens, value, token);
	issued_add(world, "service_token", value);
	return value;
}

struct token *
token_find(struct world *world, const char *value, enum token_kind kind)
{
	struct token *token = map_get(&world->tokens, value);

	if (token == NULL || token->kind != kind || token->revoked || token->expires_ms <= now_ms())
		return NULL;
	return token;
}

void
family_revoke(struct world *world, unsigned long family)
{
	struct map_node *node;
	struct token *token;

	for (node = map_next(&world->tokens, NULL); node != NULL; node = map_next(&world->tokens, node)) {
		token = node->value;
		if (token->kind != TOKEN_SERVICE && token->family == family)
			token->revoked = true;
	}
}

void
tokens_revoke(struct world *world, const char *tenant, enum token_kind kind)
{
	struct map_node *node;
	struct token *token;

	for (node = map_next(&world->tokens, NULL); node != NULL; node = map_next(&world->tokens, node)) {
		token = node->value;
		if (token->kind == kind && (tenant == NULL || strcmp(token->tenant, tenant) == 0))
			token->revoked = true;
	}
}

struct tenant *
token_tenant(struct call *call)
{
	const char *value = call_bearer(call, "x-pat-jwt");
	struct token *token = token_find(call->world, value, TOKEN_ACCESS);

	if (token == NULL)
		return NULL;
	call->tenant = pool_strdup(&call->pool, token->tenant);
	return tenant_get(call->world, token->tenant);
}
