/* SPDX-License-Identifier: MIT */
/*
 * status - is somebody signed in?  And: is all well, and how much is done?
 *
 *   GET /auth/status   200 {"signedIn":bool,...}, without asking anyone upstream; no use of the session
 *   GET /healthz       200 {"ok":true}    503 the store cannot be read and written
 *   GET /metrics       200 what was counted, as Prometheus reads it; for peers in METRICS_ALLOW
 */
#include <limits.h>
#include <stdio.h>

#include "base/buf.h"
#include "json/json.h"
#include "metrics/metrics.h"
#include "routes.h"
#include "session/session.h"
#include "store/bulk.h"

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

	e = app_state(app);
	if (e == ERR_OK)
		e = store_probe(app->store);
	if (e != ERR_OK)
		return call_fail(&rq->call, ERR_STORE, "The session store cannot be read and written.");
	json_set_bool(body, "ok", true);
	return response_json(rs, 200, body);
}

static enum err
print_sessions(struct app *app, struct buf *out)
{
	char text[256];
	long n;
	enum err e;

	e = store_count(app->store, "s:", LONG_MAX, &n);
	if (e != ERR_OK)
		return e;
	snprintf(text, sizeof(text), "# HELP oscgi_sessions Sessions that are alive.\n# TYPE oscgi_sessions gauge\n"
	    "oscgi_sessions %ld\n", n);
	buf_str(out, text);
	return ERR_OK;
}

enum err
status_metrics(struct app *app, struct request *rq, struct response *rs)
{
	struct buf text;
	enum err e;

	buf_init(&text, 64 * 1024);
	e = print_sessions(app, &text);
	if (e != ERR_OK)
		e = call_fail(&rq->call, e, "The sessions cannot be counted: the store cannot be read.");
	else {
		metrics_print(app->metrics, &text);
		e = buf_ok(&text) ? response_text(rs, 200, buf_cstr(&text), text.len) : ERR_NOMEM;
		rs->content_type = "text/plain; version=0.0.4; charset=utf-8";
	}
	buf_free(&text);
	return e;
}
