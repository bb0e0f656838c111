/* SPDX-License-Identifier: MIT */
/*
 * refresh - renew the tokens now.                                             RFC 6749 6
 *
 *   POST   200 {"signedIn":true,"expiresAt":N}    401 nobody is signed in, or the refresh was refused
 *   502, 504 not now: the tokens are kept
 */
#include <string.h>

#include "flow/renew.h"
#include "gateway/gateway.h"
#include "json/json.h"
#include "routes.h"

/* Several at once make one refresh, also where one process has to take them in turn. */
static bool
is_done_already(const struct app *app, const struct request *rq)
{
	return rq->exchange->queued && strcmp(app->refreshed, rq->session->name) == 0;
}

enum err
refresh_now(struct app *app, struct request *rq, struct response *rs)
{
	struct json *body;
	enum err e;

	e = renew_token(app, &rq->call, rq->session, is_done_already(app, rq) ? RENEW_IF_DUE : RENEW_ASKED);
	if (e != ERR_OK)
		return e;
	_Static_assert(sizeof(app->refreshed) == sizeof(rq->session->name), "a session's name");
	memcpy(app->refreshed, rq->session->name, sizeof(app->refreshed));
	rq->exchange->tell_next = true;
	session_touch(app, rq->call.arena, rq->session);
	body = json_object(rq->call.arena);
	json_set_bool(body, "signedIn", true);
	json_set_int(body, "expiresAt", rq->session->expires_at_s);
	return response_json(rs, 200, body);
}
