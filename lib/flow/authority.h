/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_AUTHORITY_H
#define OSCGI_FLOW_AUTHORITY_H

#include "app.h"
#include "base/call.h"
#include "oauth/oauth.h"

/*
 * The authorization server and who we are to it: asked once, kept in the store,
 * shared by all processes.
 */

/*
 * Its metadata: kept for an hour; where it cannot be had, the documented endpoints, for a minute.
 * ERR_STORE, ERR_NOMEM, ERR_CONFIG
 */
WARN_UNUSED enum err authority_server(struct app *app, struct call *c, struct oauth_server *out);

/*
 * The client for a redirect URI: the configured one, or the one registration
 * for this issuer and URI, which is made on first need, by one process.
 *
 * ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT, ERR_PROTOCOL, ERR_GRANT_REJECTED, ERR_CLIENT_REJECTED: it could not be
 * made; ERR_STORE
 */
WARN_UNUSED enum err authority_client(struct app *app, struct call *c, const struct oauth_server *server,
    const char *redirect_uri, struct oauth_client *out);

/* The kept registration, and nothing is made: ERR_NOT_FOUND when there is none. */
WARN_UNUSED enum err authority_client_known(struct app *app, struct call *c, const struct oauth_server *server,
    const char *redirect_uri, struct oauth_client *out);

/*
 * The server answered invalid_client: forget the registration, so that the next
 * sign-in makes a new one.  One that is younger than five minutes is kept: making
 * another would not help.
 */
void authority_client_rejected(struct app *app, const struct oauth_server *server, const char *redirect_uri,
    const struct oauth_client *client);

/* Settings, other than ours, with which this state was used. */
struct authority_use {
	const char *site, *client_id, *cookie_name, *issuer;	/* PUBLIC_URL, ...; "" = not set */
	int64_t     since_s, seen_s;
};

#define AUTHORITY_USES_MAX 8

/* What the store holds of this suite's own, seen with the settings and the key file of now. */
struct authority_survey {
	int                  documents, opened;	/* kept ones, and those that KEY_FILE opens */
	int64_t              since_s;	/* these settings were first used; 0 = not yet */
	struct authority_use other[AUTHORITY_USES_MAX];
	size_t               others;	/* the first of them */
};

/* Strings in the call's arena.  ERR_STORE, ERR_CONFIG (the key file), ERR_NOMEM */
WARN_UNUSED enum err authority_survey(struct app *app, struct call *c, struct authority_survey *out);

#endif
