/* SPDX-License-Identifier: MIT */
#include "flow/acting.h"

#include "base/log.h"
#include "flow/renew.h"

static enum err
renew(void *ctx, struct secret *access_token)
{
	struct acting *act = ctx;
	enum err e;

	e = renew_token(act->app, act->call, act->session, RENEW_REFUSED);
	if (e == ERR_OK)
		*access_token = act->session->access_token;
	return e;
}

enum err
acting_open(struct acting *act, struct app *app, struct call *c, struct session *s)
{
	const char *known;
	size_t len;
	enum err e;

	e = renew_token(app, c, s, RENEW_IF_DUE);
	if (e != ERR_OK)
		return e;
	session_touch(app, c->arena, s);
	*act = (struct acting){
		.app = app, .call = c, .session = s,
		.platform = {
			.catalog = app->config.osc_catalog_url, .token = app->config.osc_token_url,
			.deploy = app->config.osc_deploy_url, .money = app->config.osc_money_url,
		},
	};
	act->osc = (struct osc_client){
		.http = app->http, .clock = app->clock, .platform = &act->platform, .call = c,
		.access_token = s->access_token, .renew = renew, .renew_ctx = act,
	};
	e = session_aside_load(app, s, c->arena, &known, &len);
	if (e == ERR_OK)
		osc_known_read(&act->osc.known, c->arena, known, len);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

void
acting_close(struct acting *act)
{
	const char *text;
	size_t len;
	enum err e;

	if (!act->osc.known.changed)
		return;
	e = osc_known_write(&act->osc.known, act->call->arena, &text, &len);
	if (e == ERR_OK)
		e = session_aside_save(act->app, act->session, act->call->arena, text, len);
	/* It can be asked again; the answer in hand matters more. */
	if (e != ERR_OK)
		log_event(LOG_LEVEL_WARN, "known", "what is known of the services could not be kept (%s)", err_info(e)->name);
}
