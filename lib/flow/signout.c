/* SPDX-License-Identifier: MIT */
#include "flow/signout.h"

#include "base/log.h"
#include "flow/authority.h"
#include "oauth/oauth.h"

#define REVOKE_WAIT_MS 5000

static enum err
revoke(struct app *app, struct call *c, const struct session *s)
{
	struct secret token = secret_present(s->refresh_token) ? s->refresh_token : s->access_token;
	int64_t deadline = clock_mono_ms(app->clock) + REVOKE_WAIT_MS;
	struct oauth_server server;
	struct oauth_client client;
	enum err e;

	if (c->deadline_ms == 0 || c->deadline_ms > deadline)
		c->deadline_ms = deadline;
	e = authority_server(app, c, &server);
	if (e != ERR_OK || server.revocation_endpoint == NULL)
		return e;
	e = authority_client(app, c, &server, s->redirect_uri != NULL ? s->redirect_uri : "", &client);
	if (e != ERR_OK)
		return e;
	return oauth_revoke(app->http, c, &server, &client, token,
	    secret_present(s->refresh_token) ? "refresh_token" : "access_token");
}

void
signout_revoke(struct app *app, struct call *c, const struct session *s)
{
	enum err e = revoke(app, c, s);

	if (e != ERR_OK)
		log_event(LOG_LEVEL_WARN, "revoke", "the token of an ended session was not revoked (%s)", err_info(e)->name);
	call_recover(c);
}

enum err
signout_run(struct app *app, struct call *c, const struct session *s)
{
	enum err e;

	e = session_end(app, s->name);
	if (e != ERR_OK)
		return e;
	signout_revoke(app, c, s);
	return ERR_OK;
}
