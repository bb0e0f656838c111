/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "command.h"
#include "flow/authority.h"

#define MEMORY_MAX  (4 * 1024 * 1024)
#define DEADLINE_MS 60000

static const char usage[] =
    "Usage: oscgi register [--cgi-bin]\n"
    "\n"
    "Make this site known to Open Source Cloud, and print the client id and the address\n"
    "to which visitors come back (redirect URI).  The programs do the same at the first\n"
    "sign-in: this is for doing it before.  Once registered, that is kept: running it again\n"
    "changes nothing.  With CLIENT_ID nothing is registered; it tells which redirect URI\n"
    "that client must have.\n"
    "\n"
    "The address is that of PUBLIC_URL, which must be set.\n"
    "\n"
    "  --cgi-bin   the programs are reached at /cgi-bin/NAME, as where the web server\n"
    "              has no short addresses\n";

static void
show(const char *how, const struct oauth_client *client, const char *redirect_uri)
{
	printf("%s\n  client id     %s\n  redirect URI  %s\n", how, client->client_id, redirect_uri);
}

/* What goes wrong is told by c->detail, or by the error's title. */
static enum err
register_at(struct app *app, struct call *c, const char *redirect_uri)
{
	struct oauth_client client;
	struct oauth_server server;
	enum err e;

	if (*app->config.client_id != '\0') {
		client.client_id = app->config.client_id;
		show("CLIENT_ID names a client that was registered by hand: it must have this redirect URI", &client,
		    redirect_uri);
		return ERR_OK;
	}
	e = app_state_dir(app);
	if (e == ERR_OK)
		e = authority_server(app, c, &server);
	if (e == ERR_OK && authority_client_known(app, c, &server, redirect_uri, &client) == ERR_OK) {
		show("Registered already", &client, redirect_uri);
		return ERR_OK;
	}
	if (e == ERR_OK)
		e = authority_client(app, c, &server, redirect_uri, &client);
	if (e == ERR_OK)
		show("Registered", &client, redirect_uri);
	return e;
}

static enum err
act(struct app *app, void *path)
{
	struct arena memory;
	struct call call = { .arena = &memory, .request_id = "register",
		.deadline_ms = clock_mono_ms(app->clock) + DEADLINE_MS };
	const char *redirect_uri;
	enum err e;

	if (*app->config.public_url == '\0') {
		fputs("oscgi register: set PUBLIC_URL first: the platform has to be told where visitors come back to\n", stderr);
		return ERR_BAD_REQUEST;
	}
	arena_init(&memory, MEMORY_MAX);
	redirect_uri = arena_concat(&memory, app->config.public_url, (const char *)path);
	e = redirect_uri != NULL ? register_at(app, &call, redirect_uri) : ERR_NOMEM;
	if (e != ERR_OK && call.detail != NULL) {
		fprintf(stderr, "oscgi register: %s: %s\n", err_info(e)->title, call.detail);
		e = ERR_BAD_REQUEST;
	}
	arena_free(&memory);
	return e;
}

/* register - make the site known to the platform now */
int
cmd_register(int argc, char **argv)
{
	static const struct option options[] = {
		{ "cgi-bin", no_argument, NULL, 'c' }, { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 }
	};
	static const struct command_line line = { usage, options, 0, NULL };
	static char pretty[] = "/auth/callback", program[] = "/cgi-bin/callback";
	char *path = pretty;
	int c, status;

	while ((c = command_option(argc, argv, &line, &status)) > 0)
		path = program;
	return c < 0 ? status : command_run(argv[0], act, path);
}
