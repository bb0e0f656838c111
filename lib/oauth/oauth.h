/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OAUTH_OAUTH_H
#define OSCGI_OAUTH_OAUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/call.h"
#include "base/secret.h"
#include "http/http.h"
#include "json/json.h"

/*
 * The messages of OAuth 2.0, built and read: one function per message.  Strings
 * that come out live in the call's arena.
 */

/* An authorization server's metadata, as much as is used.	RFC 8414 2, RFC 9207 3 */
struct oauth_server {
	const char *issuer;
	const char *authorization_endpoint, *token_endpoint;
	const char *registration_endpoint;	/* NULL: none is named */
	const char *revocation_endpoint;	/* NULL: none */
	bool        iss_announced;	/* every authorization response names its issuer */
};

/* RFC 7591 3.2.1 */
struct oauth_client {
	const char   *client_id;
	struct secret client_secret;	/* absent: a public client */
	int64_t       registered_at_s, secret_expires_at_s;	/* 0 = never */
};

struct oauth_token {
	struct secret access_token;
	struct secret refresh_token;	/* absent: none came */
	int           expires_in_s;	/* 3600 where the server does not say */
};

/*
 * Ask for the metadata of `issuer` and check it (RFC 8414 3.3): its own issuer,
 * endpoints https (http only to a loopback name, and only when `loopback`).
 *
 * ERR_PROTOCOL, ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT: none that can be used
 */
WARN_UNUSED enum err oauth_metadata_fetch(struct http *http, struct call *c, const char *issuer, bool loopback,
    struct oauth_server *out);

/* The same from text, or from a document that out's strings are borrowed from, with the same checks; ERR_PROTOCOL. */
WARN_UNUSED enum err oauth_metadata_read(struct call *c, const char *issuer, bool loopback, const char *text,
    size_t len, struct oauth_server *out);
WARN_UNUSED enum err oauth_metadata_take(const char *issuer, bool loopback, const struct json *doc,
    struct oauth_server *out);

/* The endpoints that Open Source Cloud documents, for when it does not answer. */
WARN_UNUSED enum err oauth_metadata_documented(struct call *c, const char *issuer, struct oauth_server *out);

/*
 * Register a confidential client for one redirect URI and both grants.	RFC 7591 3
 *
 * ERR_REFUSED, ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT, ERR_PROTOCOL
 */
WARN_UNUSED enum err oauth_register(struct http *http, struct call *c, const struct oauth_server *server,
    const char *client_name, const char *redirect_uri, int64_t now_s, struct oauth_client *out);

/* The S256 code challenge of a verifier; NULL when out of memory.	RFC 7636 4.2 */
const char *oauth_pkce_challenge(struct arena *a, const char *verifier);

/* The authorization request as a URL.	RFC 6749 4.1.1, RFC 7636 4.3 */
WARN_UNUSED enum err oauth_authorize_url(struct call *c, const struct oauth_server *server,
    const struct oauth_client *client, const char *redirect_uri, const char *state, const char *challenge,
    const char **out);

/*
 * Exchange an authorization code for tokens.	RFC 6749 4.1.3, 5.1; RFC 7636 4.5
 *
 * code, verifier  borrowed, not kept, never logged; sent once: the code may be
 *                 spent even when no answer comes
 *
 * ERR_GRANT_REJECTED   invalid_grant, or any other refusal of this request
 * ERR_CLIENT_REJECTED  invalid_client
 * ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT  no answer or 5xx
 * ERR_PROTOCOL         2xx whose body is no token response
 */
WARN_UNUSED enum err oauth_token_exchange(struct http *http, struct call *c, const struct oauth_server *server,
    const struct oauth_client *client, const char *code, const char *redirect_uri, const char *verifier,
    struct oauth_token *out);

/* Refresh.  RFC 6749 6.  Errors as above; `tick` as in http_perform. */
WARN_UNUSED enum err oauth_token_refresh(struct http *http, struct call *c, const struct oauth_server *server,
    const struct oauth_client *client, struct secret refresh_token, void (*tick)(void *), void *tick_ctx,
    struct oauth_token *out);

/* Tell the server that a token is no longer needed, where it can be told.  RFC 7009 2. */
WARN_UNUSED enum err oauth_revoke(struct http *http, struct call *c, const struct oauth_server *server,
    const struct oauth_client *client, struct secret token, const char *token_type_hint);

/*
 * Compare the response's issuer with the one that was asked.  RFC 9207 2.4.
 * iss NULL = absent.  ERR_BAD_REQUEST.
 */
WARN_UNUSED enum err oauth_check_issuer(struct call *c, const struct oauth_server *server, const char *iss);

#endif
