/* SPDX-License-Identifier: MIT */
#include "flow/suspended.h"

#include "base/log.h"
#include "crypto/crypto.h"
#include "osc/suspended.h"

#define WAIT_MS      20000
#define WAIT_STEP_MS 100

enum act { LIST, RESUME, REMOVE };

struct turn {
	struct store      *store;
	struct store_lease lease;
	void             (*outer)(void *ctx);	/* what the caller keeps meanwhile; may be NULL */
	void              *outer_ctx;
};

/* The tenant as the token names it: a wrong name would cost a wait, no more.  NULL: out of memory. */
static const char *
lease_name(struct arena *a, const struct session *s)
{
	char hash[CRYPTO_TEXT_LEN + 1];

	crypto_sha256_text(s->tenant != NULL ? s->tenant : s->name, hash);
	return arena_concat(a, "suspended:", hash);
}

static enum err
take_turn(struct app *app, struct call *c, const struct session *s, struct turn *turn)
{
	const char *name = lease_name(c->arena, s);
	int64_t until_ms = clock_mono_ms(app->clock) + WAIT_MS;
	enum err e;

	if (name == NULL)
		return ERR_NOMEM;
	while ((e = store_lease_take(app->store, name, &turn->lease)) == ERR_BUSY) {
		if (clock_mono_ms(app->clock) >= until_ms)
			return call_fail(c, e, "another request for suspended instances is under way; try again in a moment");
		clock_sleep_ms(app->clock, WAIT_STEP_MS);
		if (turn->outer != NULL)
			turn->outer(turn->outer_ctx);
	}
	return e;
}

static void
keep_turn(void *ctx)
{
	struct turn *turn = ctx;

	if (turn->outer != NULL)
		turn->outer(turn->outer_ctx);
	if (store_lease_keep(turn->store, &turn->lease) != ERR_OK)
		log_event(LOG_LEVEL_WARN, "suspended", "the turn of a tenant was lost");
}

static enum err
in_turn(struct app *app, struct osc_client *o, const struct session *s, enum act act, const char *service_id,
    const char *name, struct json **list)
{
	struct turn turn = { .store = app->store, .outer = o->tick, .outer_ctx = o->tick_ctx };
	enum err e;

	e = take_turn(app, o->call, s, &turn);
	if (e != ERR_OK)
		return e;
	o->tick = keep_turn;
	o->tick_ctx = &turn;
	if (act == LIST)
		e = osc_suspended_list(o, list);
	else if (act == RESUME)
		e = osc_suspended_resume(o, service_id, name);
	else
		e = osc_suspended_remove(o, service_id, name);
	o->tick = turn.outer;
	o->tick_ctx = turn.outer_ctx;
	store_lease_release(app->store, &turn.lease);
	return e;
}

enum err
suspended_list(struct app *app, struct osc_client *o, const struct session *s, struct json **list)
{
	return in_turn(app, o, s, LIST, NULL, NULL, list);
}

enum err
suspended_resume(struct app *app, struct osc_client *o, const struct session *s, const char *service_id,
    const char *name)
{
	return in_turn(app, o, s, RESUME, service_id, name, NULL);
}

enum err
suspended_remove(struct app *app, struct osc_client *o, const struct session *s, const char *service_id,
    const char *name)
{
	return in_turn(app, o, s, REMOVE, service_id, name, NULL);
}
