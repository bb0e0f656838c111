/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "client.h"
#include "oauth.h"
#include "world.h"

/* Absolute, http or https, without fragment, and nothing that could leave a header or a policy. */
static bool
redirect_uri_ok(const char *uri)
{
	const char *at;

	if (strncmp(uri, "https://", 8) != 0 && strncmp(uri, "http://", 7) != 0)
		return false;
	for (at = uri; *at != '\0'; at++)
		if (!isgraph((unsigned char)*at) || strchr("#;,'\"<>\\^`{|}", *at) != NULL)
			return false;
	at = strstr(uri, "://") + 3;
	return strcspn(at, "/?") > 0;
}

static bool
redirect_uris_ok(const cJSON *uris)
{
	const cJSON *uri;

	if (!cJSON_IsArray(uris) || uris->child == NULL)
		return false;
	cJSON_ArrayForEach(uri, uris)
		if (!cJSON_IsString(uri) || !redirect_uri_ok(uri->valuestring))
			return false;
	return true;
}

/* Every element is one of two words; absent is fine. */
static bool
words_ok(const cJSON *array, const char *one, const char *other)
{
	const cJSON *item;

	if (array != NULL && !cJSON_IsArray(array))
		return false;
	cJSON_ArrayForEach(item, array)
		if (!cJSON_IsString(item) ||
		    (strcmp(item->valuestring, one) != 0 && strcmp(item->valuestring, other) != 0))
			return false;
	return true;
}

static void
add_member(struct call *call, cJSON *reply, const char *name, const char *preset)
{
	const cJSON *sent = cJSON_GetObjectItemCaseSensitive(call->json, name);

	cJSON_AddItemToObject(reply, name, sent != NULL ? cJSON_Duplicate(sent, 1) :
	    cJSON_CreateStringArray(&preset, 1));
}

static cJSON *
registration(struct call *call, const struct client *client)
{
	cJSON *reply = cJSON_CreateObject();

	cJSON_AddStringToObject(reply, "client_id", client->id);
	if (client->secret != NULL) {
		cJSON_AddStringToObject(reply, "client_secret", client->secret);
		cJSON_AddNumberToObject(reply, "client_secret_expires_at",
		    (double)(client->secret_expires_ms / 1000));
	}
	cJSON_AddNumberToObject(reply, "client_id_issued_at", (double)(now_ms() / 1000));
	cJSON_AddStringToObject(reply, "client_name", client->name);
	cJSON_AddItemToObject(reply, "redirect_uris", cJSON_Duplicate(client->redirect_uris, 1));
	add_member(call, reply, "grant_types", "authorization_code");
	add_member(call, reply, "response_types", "code");
	cJSON_AddStringToObject(reply, "token_endpoint_auth_method",
	    client->secret != NULL ? "client_secret_post" : "none");
	return reply;
}

void
oauth_register_client(struct call *call)
{
	const cJSON *uris = cJSON_GetObjectItemCaseSensitive(call->json, "redirect_uris");
	const char *name = call_json_string(call, "client_name");
	const char *method = call_json_string(call, "token_endpoint_auth_method");
	bool secret = method == NULL || strcmp(method, "client_secret_post") == 0;

	if (!redirect_uris_ok(uris))
		reply_oauth(call, 400, "invalid_redirect_uri", "redirect_uris must be absolute http or https URLs");
	else if (!secret && strcmp(method, "none") != 0)
		reply_oauth(call, 400, "invalid_client_metadata", "token_endpoint_auth_method is not supported");
	else if (!words_ok(cJSON_GetObjectItemCaseSensitive(call->json, "grant_types"), "authorization_code",
	    "refresh_token"))
		reply_oauth(call, 400, "invalid_client_metadata", "grant_types are not supported");
	else if (!words_ok(cJSON_GetObjectItemCaseSensitive(call->json, "response_types"), "code", "code"))
		reply_oauth(call, 400, "invalid_client_metadata", "response_types are not supported");
	else {
		call_add_header(call, "Cache-Control", "no-store");
		reply_json(call, 201, registration(call,
		    client_new(call, name == NULL ? "an app without a name" : name, uris, secret)));
	}
}

void
oauth_register(struct call *call)
{
	if (call->json == NULL)
		reply_oauth(call, 400, "invalid_client_metadata", "a JSON object is needed");
	else
		oauth_register_client(call);
}
