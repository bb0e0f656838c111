/* SPDX-License-Identifier: MIT */
/* The authorization server, one file for each of its messages. */
#ifndef SANDBOX_OAUTH_H
#define SANDBOX_OAUTH_H

#include "call.h"

#define AUTHORIZE_PATH "/api/connect/authorize"
#define TOKEN_PATH "/api/connect/token"
#define REGISTER_PATH "/api/connect/register"
#define REVOKE_PATH "/api/connect/revoke"

void oauth_metadata(struct call *call);		/* RFC 8414 */
void oauth_register(struct call *call);		/* RFC 7591 */
void oauth_authorize(struct call *call);	/* RFC 6749 4.1.1, RFC 7636, RFC 9207; GET and POST */
void oauth_token(struct call *call);		/* RFC 6749 4.1.3, 6 */
void oauth_revoke(struct call *call);		/* RFC 7009 */

/* Base URL of the authorization server, which is also its issuer. */
const char *oauth_issuer(const struct call *call);

/* Register a client as the JSON body says and answer with it, or refuse. */
void oauth_register_client(struct call *call);

/*
 * The tenant whom the console's cookie names; NULL: nobody is signed in.
 * console_sign_in answers nothing, but sets the cookie.
 */
const char *console_tenant(struct call *call);
void console_sign_in(struct call *call, const char *tenant);

#endif
