/* SPDX-License-Identifier: MIT */
/*
 * authorize - may this visitor pass?  For auth_request, forward-auth and the FastCGI Authorizer role.
 *
 *   .../check   200 and who it is: as Variable- headers to an authorizing web server, as X-OSC- headers else
 *               401 nobody is signed in    303 the same, for a browser, where the web server passes answers on
 *   .../enter   what a web server shows in place of a page that it refused: 303 to signin and back for a
 *               browser, 401 for a script
 */
#include <string.h>

#include "base/text.h"
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

/* mod_fcgid, whatever the phase that it asks in. */
static bool
is_apache(const struct request *rq)
{
	return request_variable(rq, "FCGI_APACHE_ROLE") != NULL;
}

/*
 * The token is told to the web server alone: by its role, or by its own mark on the
 * request, never a header.  mod_fcgid shows the browser what its access checker says:
 * its role is not enough, only the configuration that takes that out has the mark.
 */
static bool
may_pass_token(const struct app *app, const struct request *rq)
{
	const char *internal = request_variable(rq, "OSCGI_INTERNAL");
	bool marked = internal != NULL && strcmp(internal, "1") == 0;

	return app->config.pass_token && (marked || (rq->exchange->authorizer && !is_apache(rq)));
}

/* Somebody who can be shown a page: who reads, and says so.  Anything else is a script, which wants the status. */
static bool
is_browser(const struct request *rq)
{
	/* The method that was refused, where the web server asks for the page in its place with another. */
	const char *refused = request_variable(rq, "REDIRECT_REQUEST_METHOD");
	const char *mode = request_variable(rq, "HTTP_SEC_FETCH_MODE");
	const char *accept = request_variable(rq, "HTTP_ACCEPT");

	if (rq->method != M_GET || (refused != NULL && strcmp(refused, "GET") != 0))
		return false;
	if (mode != NULL)
		return strcmp(mode, "navigate") == 0;
	return accept != NULL && strstr(accept, "text/html") != NULL;
}

/*
 * The only servers that hand an authorizer's refusal on as it is are those that have
 * no other way to send a browser on; mod_fcgid, which has, makes a bare 401 of it.
 */
static bool
refusal_is_shown(const struct request *rq)
{
	return rq->exchange->authorizer && !is_apache(rq);
}

/* Our sibling; an authorizer stands at the address of what it guards, and knows of its sibling's usual one only. */
static const char *
signin_address(const struct app *app, const struct request *rq)
{
	const char *url = app->config.public_url;

	if (rq->exchange->authorizer)
		return arena_concat(rq->call.arena, *url != '\0' ? url : rq->origin, "/auth/signin");
	return request_sibling(rq, rq->address, "signin");
}

/* The page that was asked for: the one use of REQUEST_URI, which names it on every server. */
static const char *
page_asked_for(const struct request *rq)
{
	const char *uri = request_variable(rq, "REQUEST_URI");

	if (uri == NULL || *uri != '/')
		return "/";
	/* Asked for directly: coming back here would lead nowhere. */
	return !rq->exchange->authorizer && text_starts_with(uri, rq->script_name) ? "/" : uri;
}

static enum err
send_to_signin(struct app *app, struct request *rq, struct response *rs)
{
	const char *address = signin_address(app, rq), *location;
	struct buf page;

	buf_init(&page, 64 * 1024);
	text_percent_encode(&page, page_asked_for(rq));
	location = address == NULL || !buf_ok(&page) ? NULL :
	    arena_concat(rq->call.arena, address, "?return_to=", buf_cstr(&page));
	buf_free(&page);
	return location == NULL ? ERR_NOMEM : response_redirect(rs, 303, location);
}

static enum err
refuse(struct request *rq)
{
	return call_fail(&rq->call, ERR_NO_SESSION, "Nobody is signed in here, or the session has ended; sign in first.");
}

enum err
authorize_check(struct app *app, struct request *rq, struct response *rs)
{
	struct session *s = rq->session;
	enum err e;

	e = s != NULL ? renew_token(app, &rq->call, s, RENEW_IF_DUE) : refuse(rq);
	if (e == ERR_NO_SESSION && refusal_is_shown(rq) && is_browser(rq)) {
		call_recover(&rq->call);
		return send_to_signin(app, rq, rs);
	}
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

/*
 * The web server only knows that it was refused, not why: what is no matter of
 * signing in, such as a platform that does not answer, is found again and told.
 */
enum err
authorize_enter(struct app *app, struct request *rq, struct response *rs)
{
	enum err e;

	e = rq->session != NULL ? renew_token(app, &rq->call, rq->session, RENEW_IF_DUE) : ERR_NO_SESSION;
	if (e != ERR_OK && e != ERR_NO_SESSION)
		return e;
	call_recover(&rq->call);
	return is_browser(rq) ? send_to_signin(app, rq, rs) : refuse(rq);
}
