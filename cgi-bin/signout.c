/* SPDX-License-Identifier: MIT */
/*
 * signout - end the session.                                                    RFC 7009
 *
 *   POST   204, or 303 to / for a form; the same when nobody is signed in
 */
#include <strings.h>

#include "flow/signout.h"
#include "routes.h"
#include "web/cookie.h"

static bool
is_form(const struct request *rq)
{
	static const char form[] = "application/x-www-form-urlencoded";
	const char *type = request_variable(rq, "CONTENT_TYPE");

	return type != NULL && strncasecmp(type, form, sizeof(form) - 1) == 0;
}

enum err
signout_now(struct app *app, struct request *rq, struct response *rs)
{
	enum err e;

	if (rq->session != NULL) {
		e = signout_run(app, &rq->call, rq->session);
		if (e != ERR_OK)
			return e;
	}
	e = cookie_expire(rs, rq, &app->config);
	if (e != ERR_OK)
		return e;
	return is_form(rq) ? response_redirect(rs, 303, "/") : response_empty(rs, 204);
}
