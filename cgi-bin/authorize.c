/* SPDX-License-Identifier: MIT */
/*
 * authorize - may this visitor pass?  For auth_request, forward-auth and the FastCGI Authorizer role.
 *
 *   200 and who it is: as Variable- headers to an authorizing web server, as X-OSC- headers else
 *   401 nobody is signed in
 */
#include <string.h>

#include "flow/renew.h"
#include "gateway/gateway.h"
#include "routes.h"

static enum err
say(struct request *rq, struct response *rs, const char *variable, const char *header, const char *value)
{
	if (value == NULL)
		return ERR_OK;
	return response_header(rs, rq->exchange->authorizer ? variable : header, value);
}

/* The token is told to the web server alone: by its role, or by its own mark on the request, never a header. */
static bool
may_pass_token(const struct app *app, const struct request *rq)
{
	const char *internal = request_variable(rq, "OSCGI_INTERNAL");

	return app->config.pass_token &&
	    (rq->exchange->authorizer || (internal != NULL && strcmp(internal, "1") == 0));
}

enum err
authorize_check(struct app *app, struct request *rq, struct response *rs)
{
	struct session *s = rq->session;
	enum err e;

	e = renew_token(app, &rq->call, s, RENEW_IF_DUE);
	if (e != ERR_OK)
		return e;
	session_touch(app, rq->call.arena, s);
	e = say(rq, rs, "Variable-OSC_TENANT", "X-OSC-Tenant", s->tenant);
	if (e == ERR_OK)
		e = say(rq, rs, "Variable-OSC_SUBJECT", "X-OSC-Subject", s->subject);
	if (e == ERR_OK && may_pass_token(app, rq))
		e = say(rq, rs, "Variable-OSC_ACCESS_TOKEN", "X-OSC-Access-Token", s->access_token.reveal);
	return e != ERR_OK ? e : response_empty(rs, 200);
}
