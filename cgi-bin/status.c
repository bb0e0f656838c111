/* SPDX-License-Identifier: MIT */
/*
 * status - is somebody signed in?  And: is all well?
 *
 *   GET /auth/status   200 {"signedIn":bool,...}, without asking anyone upstream; no use of the session
 *   GET /healthz       200 {"ok":true}    503 the store cannot be read and written
 */
#include "json/json.h"
#include "routes.h"
#include "session/session.h"
#include "store/store.h"

enum err
status_read(struct app *app, struct request *rq, struct response *rs)
{
	struct json *body = json_object(rq->call.arena);
	const struct session *s = rq->session;
	bool can_refresh = s != NULL && secret_present(s->refresh_token);
	bool signed_in = s != NULL && (can_refresh || clock_now_s(app->clock) < s->expires_at_s);

	json_set_bool(body, "signedIn", signed_in);
	if (signed_in) {
		json_set_int(body, "expiresAt", s->expires_at_s);
		json_set_int(body, "signedInAt", s->signed_in_at_s);
		json_set_bool(body, "canRefresh", can_refresh);
	}
	return response_json(rs, 200, body);
}

enum err
status_health(struct app *app, struct request *rq, struct response *rs)
{
	struct json *body = json_object(rq->call.arena);
	enum err e;

	e = app_state_dir(app);
	if (e == ERR_OK)
		e = store_probe(app->store);
	if (e != ERR_OK)
		return call_fail(&rq->call, ERR_STORE, "The session store cannot be read and written.");
	json_set_bool(body, "ok", true);
	return response_json(rs, 200, body);
}
