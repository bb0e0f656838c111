/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <stdlib.h>
#include <string.h>

#include "encode.h"

void
client_free(void *data)
{
	struct client *client = data;

	free(client->id);
	free(client->secret);
	free(client->name);
	cJSON_Delete(client->redirect_uris);
	free(client);
}

void
client_add_cli(struct world *world)
{
	struct client *client = mem_new(sizeof(*client));
	const char *uris[] = { "http://localhost/callback", "http://127.0.0.1/callback" };

	client->id = mem_strdup("cli");
	client->name = mem_strdup("OSC command line");
	client->redirect_uris = cJSON_CreateStringArray(uris, 2);
	client->any_loopback_port = true;
	map_put(&world->clients, client->id, client);
}

struct client *
client_new(struct call *call, const char *name, const cJSON *redirect_uris, bool secret)
{
	struct world *world = call->world;
	struct client *client = mem_new(sizeof(*client));

	client->id = mem_printf("osc_%s", random_alnum(&call->pool, 24));
	client->name = mem_strdup(name);
	client->redirect_uris = cJSON_Duplicate(redirect_uris, 1);
	if (secret) {
		client->secret = mem_printf("osc_secret_%s", random_hex(&call->pool, 32));
		if (world->settings.client_secret_lifetime_s > 0)
			client->secret_expires_ms = now_ms() + seconds_ms(world->settings.client_secret_lifetime_s);
		issued_add(world, "client_secret", client->secret);
	}
	map_put(&world->clients, client->id, client);
	return client;
}

/* "http://localhost:123/callback" as "http://localhost/callback"; anything else as it is. */
static const char *
without_port(struct pool *pool, const char *uri)
{
	const char *host = strstr(uri, "://"), *colon, *path;

	if (host == NULL)
		return uri;
	host += 3;
	path = host + strcspn(host, "/?#");
	colon = memchr(host, ':', (size_t)(path - host));
	if (colon == NULL || colon + 1 + strspn(colon + 1, "0123456789") != path)
		return uri;
	return pool_printf(pool, "%.*s%s", (int)(colon - uri), uri, path);
}

bool
client_may_redirect(const struct client *client, const char *uri)
{
	struct pool pool = { NULL };
	const cJSON *known;
	bool found = false;

	if (client->any_loopback_port)
		uri = without_port(&pool, uri);
	cJSON_ArrayForEach(known, client->redirect_uris)
		found = found || strcmp(known->valuestring, uri) == 0;
	pool_free(&pool);
	return found;
}

struct client *
client_authenticate(struct call *call)
{
	const char *id = form_get(&call->form, "client_id"), *secret = form_get(&call->form, "client_secret");
	struct client *client;

	if (id == NULL) {
		reply_oauth(call, 400, "invalid_request", "client_id is missing");
		return NULL;
	}
	client = map_get(&call->world->clients, id);
	if (client == NULL)
		reply_oauth(call, 401, "invalid_client", "unknown client");
	else if (client->secret != NULL && (secret == NULL || strcmp(secret, client->secret) != 0))
		reply_oauth(call, 401, "invalid_client", "wrong client secret");
	else if (client->secret_expires_ms != 0 && client->secret_expires_ms <= now_ms())
		reply_oauth(call, 401, "invalid_client", "the client secret has expired");
	else
		return client;
	return NULL;
}
