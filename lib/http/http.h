/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_HTTP_HTTP_H
#define OSCGI_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/call.h"
#include "base/err.h"

/*
 * HTTP as a client.  One or many requests at once, each bounded in time and
 * size, certificates always checked, redirects never followed, no proxy but
 * the configured one.  No type of the library beneath is seen here, so that
 * tests can script the answers.
 */
enum http_auth_kind {	/* how a token is sent; each has a header of its own so that no caller builds one */
	HTTP_AUTH_NONE,
	HTTP_AUTH_X_PAT_JWT,	/* x-pat-jwt: Bearer T, platform services */
	HTTP_AUTH_X_JWT,	/* x-jwt: Bearer T, service APIs */
	HTTP_AUTH_BEARER,	/* Authorization: Bearer T */
	HTTP_AUTH_BASIC	/* Authorization: Basic T, T = base64(user:password) */
};

/* Which hosts a request may reach; checked on the parsed URL before anything is sent. */
enum http_reach {
	HTTP_REACH_PLATFORM,	/* the hosts of the OSC_..._URL settings: where an access token may go */
	HTTP_REACH_SERVICE,	/* those and hosts under OSC_TOKEN_HOSTS: where a service token may go */
	HTTP_REACH_SITE	/* the site itself, over http too and at any address: no token goes there */
};

/* Why there was no answer, for who has to tell a person what to do. */
enum http_trouble {
	HTTP_TROUBLE_NONE,
	HTTP_TROUBLE_NAME,		/* it has no address */
	HTTP_TROUBLE_CONNECT,		/* nobody listens there */
	HTTP_TROUBLE_ADDRESS,		/* the address is not one that may be spoken to */
	HTTP_TROUBLE_CERTIFICATE,	/* by nobody who is trusted, or for another name */
	HTTP_TROUBLE_TLS,
	HTTP_TROUBLE_TIME,
	HTTP_TROUBLE_OTHER
};

#define HTTP_BODY_MAX (8u * 1024 * 1024)	/* of an answer, unless the request says less */

struct http_request {
	/* what is asked: all borrowed until http_perform returns */
	const char        *method;	/* "GET", ... */
	const char        *url;		/* absolute */
	enum http_reach    reach;
	enum http_auth_kind auth;
	const char        *token;	/* for auth; never logged */
	const char        *accept;	/* NULL = application/json */
	const char        *origin;	/* as a browser would say it; NULL = no such header */
	const char        *content_type;	/* NULL = no body */
	const void        *body;
	size_t             body_len;
	size_t             answer_max_bytes;	/* 0 = HTTP_BODY_MAX */
	int                timeout_ms;	/* 0 = the setting UPSTREAM_TIMEOUT; never longer, nor past the call's deadline */
	bool               replayable;	/* may be sent again when a reused connection turned out dead; GET and HEAD always may */

	/* what came back: in the call's arena */
	enum err    result;	/* ERR_OK for any HTTP answer; ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT, ERR_PROTOCOL (too
				 * large, not HTTP), ERR_REFUSED (the URL is outside `reach`: nothing was sent), ERR_NOMEM */
	bool        sent;	/* bytes may have reached the server: a token POST may have been spent */
	int         status;	/* 100..599 */
	const char *answer_type;	/* media type, lower case, without parameters; "" when absent */
	int         retry_after_s;	/* Retry-After in seconds (dates converted); -1 absent */
	int64_t     date_s;		/* Date, UTC; 0 = absent */
	const char *location;		/* of a redirect, absolute; NULL = none */
	char       *answer;	/* NUL-terminated, never NULL; may hold NUL bytes before that */
	size_t      answer_len;
	enum http_trouble trouble;	/* of a result that is not ERR_OK */
	const char *why;		/* its words; NULL = none */
};

struct http;

/*
 * Perform `n` requests side by side; returns when each has its result, or the
 * call's deadline has passed.  ERR_OK, or ERR_NOMEM when nothing could be tried;
 * what became of each stands in its own `result`, with c->failed untouched (callers
 * judge).  `tick`, where not NULL, is called at least every 500 ms meanwhile
 * (to keep a lease).
 */
WARN_UNUSED enum err http_perform(struct http *h, struct call *c, struct http_request *rq, size_t n,
    void (*tick)(void *), void *tick_ctx);

/* One request.  Returns rq->result. */
WARN_UNUSED enum err http_send(struct http *h, struct call *c, struct http_request *rq);

/* NULL is fine. */
void http_close(struct http *h);

struct http_backend {
	enum err (*perform)(struct http *, struct call *, struct http_request *, size_t, void (*)(void *), void *);
	void     (*close)(struct http *);
};

struct http {
	const struct http_backend *backend;
};

#endif
