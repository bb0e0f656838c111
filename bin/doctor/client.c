/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "doctor/doctor.h"
#include "flow/authority.h"
#include "oauth/oauth.h"

/* RFC 7636, appendix B: of nobody's sign-in. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

/* Who we are to the platform, as far as that is settled already. */
static bool
find_client(struct visit *v, const struct oauth_server *server, const char *redirect_uri, struct oauth_client *client)
{
	const struct config *cf = &v->app->config;

	if (*cf->client_id != '\0') {
		*client = (struct oauth_client){ .client_id = cf->client_id, .client_secret = cf->client_secret };
		return true;
	}
	if ((v->well & (WELL_STORE | WELL_KEY)) == (WELL_STORE | WELL_KEY) &&
	    authority_client_known(v->app, &v->call, server, redirect_uri, client) == ERR_OK)
		return true;
	visit_note("not registered at the platform yet: that is done at the first sign-in, or by oscgi register");
	return false;
}

/* A browser would be shown the sign-in, or sent back with an error; one that may not come back gets a page that says no. */
static bool
callback_is_refused(struct visit *v, const struct oauth_server *server, const struct oauth_client *client,
    const char *redirect_uri)
{
	struct http_request rq = { .method = "GET", .reach = HTTP_REACH_PLATFORM, .accept = "text/html" };

	if (oauth_authorize_url(&v->call, server, client, redirect_uri, "doctor",
	    oauth_pkce_challenge(&v->memory, VERIFIER), &rq.url) != ERR_OK)
		return false;
	ask(v, &rq, 1);
	return rq.result == ERR_OK && (rq.status == 400 || rq.status == 403 || rq.status == 404 || rq.status == 422);
}

/* A code that nobody gave out: who knows the client refuses the code, who does not refuses the client. */
static bool
client_is_refused(struct visit *v, const struct oauth_server *server, const struct oauth_client *client,
    const char *redirect_uri)
{
	struct oauth_token token;
	enum err e;

	hearing_begin();
	e = oauth_token_exchange(v->app->http, &v->call, server, client, "doctor", redirect_uri, VERIFIER, &token);
	(void)hearing_end();
	call_recover(&v->call);
	return e == ERR_CLIENT_REJECTED;
}

static void
tell_refused_client(struct visit *v, const struct oauth_client *client)
{
	const struct config *cf = &v->app->config;

	if (*cf->client_id == '\0') {
		visit_found(v, REGISTRATION_REFUSED, "%s", client->client_id);
		visit_do("nothing: the next visitor who signs in makes a new one");
	} else if (!secret_present(cf->client_secret)) {
		visit_found(v, SECRET_MISSING, "CLIENT_ID %s", cf->client_id);
		visit_do("write the client's secret into a file of mode 600 and set CLIENT_SECRET_FILE to it");
	} else {
		visit_found(v, SECRET_WRONG, "CLIENT_ID %s", cf->client_id);
		visit_do("set CLIENT_ID and CLIENT_SECRET, or CLIENT_SECRET_FILE, to what the platform shows for the client");
	}
}

void
check_client(struct visit *v)
{
	const struct config *cf = &v->app->config;
	struct oauth_client client;
	struct oauth_server server;
	const char *redirect_uri;
	enum err e;

	if (*cf->public_url == '\0')
		return;	/* nobody knows where visitors come back to */
	redirect_uri = arena_concat(&v->memory, cf->public_url, v->below_cgi_bin ? "/cgi-bin/callback" : "/auth/callback");
	hearing_begin();
	e = oauth_metadata_fetch(v->app->http, &v->call, cf->osc_app_url, cf->platform_on_loopback, &server);
	if (e != ERR_OK)
		e = oauth_metadata_documented(&v->call, cf->osc_app_url, &server);
	(void)hearing_end();
	call_recover(&v->call);
	if (e != ERR_OK || redirect_uri == NULL || !find_client(v, &server, redirect_uri, &client))
		return;
	if (client_is_refused(v, &server, &client, redirect_uri)) {
		tell_refused_client(v, &client);
	} else if (callback_is_refused(v, &server, &client, redirect_uri)) {
		visit_found(v, CALLBACK_REFUSED, "%s, for client %s", redirect_uri, client.client_id);
		visit_do("register %s as a redirect URI of the client at the platform, exactly so; or put PUBLIC_URL right",
		    redirect_uri);
	}
}
