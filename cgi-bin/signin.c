/* SPDX-License-Identifier: MIT */
/*
 * signin - begin a sign-in.                                  RFC 6749 4.1.1, RFC 7636 4.3
 *
 *   GET ?return_to=/path   303 to the authorization endpoint, the cookie set that the sign-in is bound to
 *   204 for a prefetch     400 plain http off the loopback    502, 504 this site could not be registered
 */
#include <string.h>

#include "flow/signin.h"
#include "routes.h"
#include "web/cookie.h"
#include "web/origin.h"

static bool
is_prefetch(const struct request *rq)
{
	const char *purpose = request_variable(rq, "HTTP_SEC_PURPOSE");

	return purpose != NULL && strstr(purpose, "prefetch") != NULL;
}

/* As browsers reach this site: behind a proxy on the same machine, the Host that it asks for may be a loopback name. */
static bool
may_sign_in_here(const struct app *app, const struct request *rq)
{
	return rq->https || app->config.allow_http || origin_is_loopback(strstr(rq->origin, "://") + 3);
}

enum err
signin_start(struct app *app, struct request *rq, struct response *rs)
{
	struct signin_start start = { .cookie = rq->cookie };
	struct signin_begun begun;
	enum err e;

	if (is_prefetch(rq))
		return response_empty(rs, 204);
	if (!may_sign_in_here(app, rq))
		return call_fail(&rq->call, ERR_BAD_REQUEST, "Signing in over plain http is not safe, so this site does not "
		    "offer it; its owner can serve it over https, or set ALLOW_HTTP=1.");
	/* A path that cannot be used is ignored, like one that is missing. */
	e = request_param(rq, "return_to", SIGNIN_RETURN_MAX, &start.return_to);
	if (e != ERR_OK)
		call_recover(&rq->call);
	start.redirect_uri = request_sibling(rq, rq->address, "callback");
	if (start.redirect_uri == NULL)
		return ERR_NOMEM;
	e = signin_begin(app, &rq->call, &start, &begun);
	if (e != ERR_OK)
		return e;
	e = cookie_set(rs, rq, &app->config, begun.cookie);
	return e != ERR_OK ? e : response_redirect(rs, 303, begun.location);
}
