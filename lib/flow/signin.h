/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_SIGNIN_H
#define OSCGI_FLOW_SIGNIN_H

#include <stdbool.h>

#include "app.h"
#include "base/call.h"
#include "session/session.h"

#define SIGNIN_LIFETIME_S  600
#define SIGNIN_RETURN_MAX  2048
#define SIGNIN_STATE_MAX   8192
#define SIGNIN_CODE_MAX    2048

/*
 * Signing in with the authorization code flow and PKCE.	RFC 6749 4.1, RFC 7636, RFC 9700 2.1
 *
 * Nothing is stored before the visitor comes back: the state parameter is itself
 * the pending sign-in, sealed, bound to the cookie of the browser that began; the code
 * verifier is derived from it under the server's key; only states that came back are remembered, until
 * they are too old anyway.  So any number of sign-ins can be begun at no cost.
 */
struct signin_start {
	const char *cookie;		/* the browser's, or NULL */
	const char *return_to;		/* as asked for, or NULL; ignored unless it is a path on this site */
	const char *redirect_uri;
};

struct signin_begun {
	const char *location;		/* the authorization request; in the call's arena */
	char        cookie[SESSION_ID_LEN + 1];	/* to be set: what the sign-in is bound to */
};

/* ERR_UPSTREAM and the like: the site could not be registered.  ERR_STORE, ERR_CONFIG, ERR_NOMEM. */
WARN_UNUSED enum err signin_begin(struct app *app, struct call *c, const struct signin_start *start,
    struct signin_begun *out);

struct signin_answer {
	const char *code, *state, *error, *iss;	/* as the browser brought them; NULL = absent */
	const char *cookie;
};

struct signin_done {
	const char *return_to;		/* checked once more; in the call's arena */
	const char *cookie;		/* the new session's id */
};

/*
 * The browser comes back.  The state is used up by whatever follows.
 *
 * ERR_STATE_MISMATCH  no such sign-in under way in this browser: nothing was done
 * ERR_ACCESS_DENIED   the visitor refused
 * ERR_BAD_REQUEST     another issuer, or no code
 * ERR_GRANT_REJECTED, ERR_CLIENT_REJECTED, ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT, ERR_PROTOCOL, ERR_STORE: no session was made
 */
WARN_UNUSED enum err signin_finish(struct app *app, struct call *c, const struct signin_answer *answer,
    struct signin_done *out);

/* One leading slash, nothing that a browser could read as another site, no control byte. */
bool signin_is_local_path(const char *path);

#endif
