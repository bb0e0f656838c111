/* SPDX-License-Identifier: MIT */
/* OAuth clients: what is registered of an app. */
#ifndef SANDBOX_CLIENT_H
#define SANDBOX_CLIENT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "call.h"
#include "world.h"

struct client {
	char *id;
	char *secret;			/* NULL: a public client */
	char *name;
	cJSON *redirect_uris;
	int64_t secret_expires_ms;	/* 0: never */
	bool any_loopback_port;		/* RFC 8252 7.3 */
};

void client_free(void *client);

/* The command line tool's public client, known to every server. */
void client_add_cli(struct world *world);

struct client *client_new(struct call *call, const char *name, const cJSON *redirect_uris, bool secret);

bool client_may_redirect(const struct client *client, const char *uri);

/*
 * The client that a form names, its secret checked.  NULL: refused, the reply
 * is made.							RFC 6749 2.3.1
 */
struct client *client_authenticate(struct call *call);

#endif
