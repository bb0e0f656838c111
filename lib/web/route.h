/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_WEB_ROUTE_H
#define OSCGI_WEB_ROUTE_H

#include <stddef.h>

#include "base/err.h"

struct app;
struct request;
struct response;

/* Who may come. */
enum route_session {
	ANYONE,		/* no session is looked at */
	VISITOR,	/* one is loaded when there is one */
	SIGNED_IN,	/* one is needed */
	ACTING		/* one is needed, with a token that is valid now: rq->osc acts as the visitor */
};

/* What shows that the visitor meant it. */
enum route_proof {
	PROOF_NONE,		/* it only reads */
	PROOF_STATE,		/* the flow checks the state parameter */
	PROOF_SAME_SITE		/* the browser says that our own page sent it */
};

enum route_body { NO_BODY, JSON_BODY };

/* How failures are told. */
enum route_errors { AS_JSON, AS_PAGE };

enum {
	ROUTE_NO_HEAD  = 1,	/* GET has an effect: HEAD is 405 */
	ROUTE_ANY_HOST = 2,	/* asked by machines, under any name */
	ROUTE_METRICS  = 8,	/* for peers in METRICS_ALLOW: to others it does not exist */
	ROUTE_GUARD    = 4	/* asked about another address: its method, query and encoded path are not ours to judge */
};

struct route {
	int                methods;	/* M_... */
	const char        *pattern;	/* "/{sid}/{name}/health"; "" is the program itself */
	enum route_session session;
	enum route_proof   proof;
	enum route_body    body;
	enum route_errors  errors;
	int                flags;
	enum err         (*run)(struct app *, struct request *, struct response *);
};

/* Another address of the program: the last part of SCRIPT_NAME, and the path that it stands for. */
struct route_alias {
	const char *script, *path;
};

struct program {
	const char               *name;
	const struct route       *routes;
	size_t                    routes_n;
	const struct route_alias *aliases;	/* NULL script at the end */
};

/*
 * Find the route for rq->path and rq->method, and fill the path parameters.  No words of a failure: whether
 * anything may be told is not known yet.
 *
 * ERR_NOT_FOUND  no pattern fits, or a parameter is not what its name allows
 * ERR_METHOD     the path is known, *out one of its routes; *allow (in the arena) says which methods it takes
 * ERR_NOMEM
 */
WARN_UNUSED enum err route_find(const struct program *p, struct request *rq, const struct route **out,
    const char **allow);

#endif
