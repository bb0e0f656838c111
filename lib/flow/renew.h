/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_RENEW_H
#define OSCGI_FLOW_RENEW_H

#include "app.h"
#include "base/call.h"
#include "session/session.h"

enum renew_reason {
	RENEW_IF_DUE,	/* from 60 s before expiry on, or half of a shorter lifetime */
	RENEW_ASKED,	/* the visitor asks for it */
	RENEW_REFUSED	/* the platform refused the token before its time */
};

/*
 * Make sure that the session's access token is valid, by one refresh however
 * many processes find it due at once.                    RFC 6749 6; RFC 9700 4.14
 *
 * On ERR_OK `s` holds the tokens to use.
 *
 * ERR_NO_SESSION  refused, or there is no refresh token: the tokens are gone
 * ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT, ERR_PROTOCOL  not now; the tokens are kept
 * ERR_STORE       the store could not be written: nothing was sent
 */
WARN_UNUSED enum err renew_token(struct app *app, struct call *c, struct session *s, enum renew_reason reason);

#endif
