/* SPDX-License-Identifier: MIT */
/* The token endpoint and the revocation endpoint. */
#include <string.h>

#include "client.h"
#include "encode.h"
#include "oauth.h"
#include "token.h"
#include "world.h"

static void
reply_tokens(struct call *call, const char *tenant, const char *client_id, unsigned long family,
    const char *refresh_token)
{
	const struct settings *settings = &call->world->settings;
	cJSON *reply = cJSON_CreateObject();

	call->tenant = pool_strdup(&call->pool, tenant);
	cJSON_AddStringToObject(reply, "access_token", token_issue_access(call, tenant, client_id, family));
	if (!settings->omit_refresh_token)
		cJSON_AddStringToObject(reply, "refresh_token", refresh_token);
	cJSON_AddStringToObject(reply, "token_type", "Bearer");
	if (!settings->omit_expires_in)
		cJSON_AddNumberToObject(reply, "expires_in", (double)(int64_t)settings->access_token_lifetime_s);
	cJSON_AddStringToObject(reply, "scope", "claudeai");
	call_add_header(call, "Cache-Control", "no-store");
	call_add_header(call, "Pragma", "no-cache");
	reply_json(call, 200, reply);
}

/* NULL, or why a code does not buy tokens. */
static const char *
code_wrong(struct call *call, const struct code *code, const struct client *client)
{
	const char *uri = form_get(&call->form, "redirect_uri"), *verifier = form_get(&call->form, "code_verifier");

	if (code == NULL || strcmp(code->client_id, client->id) != 0)
		return "authorization code is unknown";
	if (code->used)
		return "authorization code was used before";
	if (code->expires_ms <= now_ms())
		return "authorization code is expired";
	if (strcmp(code->redirect_uri, uri) != 0)
		return "redirect_uri is not that of the authorization request";
	if (strcmp(sha256_base64url(&call->pool, verifier), code->challenge) != 0)
		return "code_verifier does not match";
	return NULL;
}

static void
exchange_code(struct call *call, const struct client *client)
{
	static const char *const needed[] = { "code", "redirect_uri", "code_verifier" };
	struct world *world = call->world;
	struct code *code;
	const char *wrong;
	size_t i;

	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (form_get(&call->form, needed[i]) == NULL) {
			reply_oauth(call, 400, "invalid_request",
			    pool_printf(&call->pool, "%s is missing", needed[i]));
			return;
		}
	code = map_get(&world->codes, form_get(&call->form, "code"));
	wrong = code_wrong(call, code, client);
	if (wrong != NULL) {
		/* What a stolen code has bought is taken back.  RFC 6749 4.1.2 */
		if (code != NULL && code->used)
			family_revoke(world, code->family);
		reply_oauth(call, 400, "invalid_grant", wrong);
		return;
	}
	code->used = true;
	reply_tokens(call, code->tenant, client->id, code->family, world->settings.omit_refresh_token ? NULL :
	    token_issue_refresh(call, code->tenant, client->id, code->family));
}

/* A token that was rotated has come back: two parties hold it. */
static void
refresh_reused(struct call *call, const struct token *token)
{
	if (call->world->settings.reuse_revokes_family)
		family_revoke(call->world, token->family);
	reply_oauth(call, 400, "invalid_grant", "refresh token was used before");
}

static void
exchange_refresh(struct call *call, const struct client *client)
{
	struct world *world = call->world;
	const char *value = form_get(&call->form, "refresh_token");
	int64_t grace_ms = seconds_ms(world->settings.refresh_reuse_grace_s);
	struct token *token;

	if (value == NULL) {
		reply_oauth(call, 400, "invalid_request", "refresh_token is missing");
		return;
	}
	token = token_find(world, value, TOKEN_REFRESH);
	if (token == NULL || strcmp(token->client_id, client->id) != 0) {
		reply_oauth(call, 400, "invalid_grant", "refresh token is unknown, expired or revoked");
		return;
	}
	call->tenant = pool_strdup(&call->pool, token->tenant);
	if (token->spent_ms != 0 && now_ms() >= token->spent_ms + grace_ms) {
		refresh_reused(call, token);
		return;
	}
	/* A client that is given no new one goes on with the old. */
	if (world->settings.rotation && !world->settings.omit_refresh_token) {
		if (token->spent_ms == 0)
			token->spent_ms = now_ms();
		value = token_issue_refresh(call, token->tenant, client->id, token->family);
	}
	reply_tokens(call, token->tenant, client->id, token->family, value);
}

/* False: the form is no good and has been answered. */
static bool
form_check(struct call *call)
{
	const struct form_field *field;

	if (call->form.first == NULL || call->form.malformed) {
		reply_oauth(call, 400, "invalid_request", "a body of application/x-www-form-urlencoded is needed");
		return false;
	}
	for (field = call->form.first; field != NULL; field = field->next)
		if (form_repeated(&call->form, field->name)) {
			reply_oauth(call, 400, "invalid_request",
			    pool_printf(&call->pool, "%s is given twice", field->name));
			return false;
		}
	return true;
}

void
oauth_token(struct call *call)
{
	const char *grant = form_get(&call->form, "grant_type");
	const struct client *client;

	if (!form_check(call))
		return;
	if (grant == NULL) {
		reply_oauth(call, 400, "invalid_request", "grant_type is missing");
		return;
	}
	client = client_authenticate(call);
	if (client == NULL)
		return;
	if (strcmp(grant, "authorization_code") == 0)
		exchange_code(call, client);
	else if (strcmp(grant, "refresh_token") == 0)
		exchange_refresh(call, client);
	else
		reply_oauth(call, 400, "unsupported_grant_type", NULL);
}

void
oauth_revoke(struct call *call)
{
	const char *value = form_get(&call->form, "token");
	const struct client *client;
	struct token *token;

	if (!form_check(call))
		return;
	client = client_authenticate(call);
	if (client == NULL)
		return;
	if (value == NULL) {
		reply_oauth(call, 400, "invalid_request", "token is missing");
		return;
	}
	/* Of a token that is unknown or another's nothing is said.  RFC 7009 2.2 */
	token = map_get(&call->world->tokens, value);
	if (token != NULL && token->client_id != NULL && strcmp(token->client_id, client->id) == 0) {
		call->tenant = pool_strdup(&call->pool, token->tenant);
		if (token->kind == TOKEN_REFRESH)
			family_revoke(call->world, token->family);
		token->revoked = true;
	}
	reply_empty(call, 200);
}
