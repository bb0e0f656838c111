/* SPDX-License-Identifier: MIT */
/*
 * callback - the visitor returns from the authorization server.        RFC 6749 4.1.2, RFC 9207
 *
 *   GET ?code=..&state=..   303 to the page first asked for, session cookie set
 *   400 no such sign-in under way in this browser; another issuer; no code
 *   403 access was not granted    502, 504 code refused, provider unreachable
 */
#include "flow/signin.h"
#include "routes.h"
#include "web/cookie.h"

static enum err
read_answer(struct request *rq, struct signin_answer *out)
{
	enum err e;

	e = request_param(rq, "state", SIGNIN_STATE_MAX, &out->state);
	/* One that cannot be read is wrong like any other. */
	if (e == ERR_BAD_REQUEST) {
		call_recover(&rq->call);
		out->state = NULL;
		e = ERR_OK;
	}
	if (e == ERR_OK)
		e = request_param(rq, "code", SIGNIN_CODE_MAX, &out->code);
	if (e == ERR_OK)
		e = request_param(rq, "error", SIGNIN_CODE_MAX, &out->error);
	if (e == ERR_OK)
		e = request_param(rq, "iss", SIGNIN_CODE_MAX, &out->iss);
	return e;
}

enum err
callback_finish(struct app *app, struct request *rq, struct response *rs)
{
	struct signin_answer answer = { .cookie = rq->cookie };
	struct signin_done done;
	enum err e;

	e = read_answer(rq, &answer);
	if (e != ERR_OK)
		return e;
	e = signin_finish(app, &rq->call, &answer, &done);
	if (e == ERR_STATE_MISMATCH)
		return call_fail(&rq->call, e, "Invalid state parameter: this sign-in was not begun in this browser, was "
		    "finished already, or took longer than ten minutes.");
	if (e != ERR_OK)
		return e;
	e = cookie_set(rs, rq, &app->config, done.cookie);
	return e != ERR_OK ? e : response_redirect(rs, 303, done.return_to);
}
