/* SPDX-License-Identifier: MIT */
#include "flow/renew.h"

#include <string.h>

#include "base/log.h"
#include "flow/authority.h"
#include "flow/signout.h"
#include "oauth/oauth.h"
#include "session/claims.h"
#include "store/store.h"

#define DUE_BEFORE_S     60
#define RETRY_AFTER_S    5	/* while the token lives, a failed refresh is not tried again sooner */
#define WAIT_STEP_MS     20
#define WAIT_STEP_MAX_MS 250
#define LOOK_EVERY       4	/* steps */
#define KEEP_FOR_MS      20000	/* storing tokens that the platform has already spent the old ones for */
#define KEEP_STEP_MS     200
#define LEASE_NAME_LEN   (2 + SESSION_NAME_LEN + 1)

static bool
lives(const struct session *s, int64_t now_s)
{
	return now_s < s->expires_at_s;
}

static bool
is_due(const struct session *s, int64_t now_s)
{
	int64_t lifetime = s->expires_at_s - s->issued_at_s;
	int64_t before = lifetime <= DUE_BEFORE_S ? lifetime / 2 : DUE_BEFORE_S;

	return now_s >= s->expires_at_s - before;
}

/* The token still serves: no need to wait for whoever renews it, or to try again at once. */
static bool
can_go_on(const struct session *s, enum renew_reason reason, int64_t now_s)
{
	return reason == RENEW_IF_DUE && lives(s, now_s);
}

static enum err
end(struct app *app, struct call *c, const struct session *s)
{
	enum err e = session_end(app, s->name);

	if (e != ERR_OK)
		return e;
	call_recover(c);
	return call_fail(c, ERR_NO_SESSION, "The sign-in has ended; sign in again.");
}

static void
put_tokens(struct session *s, const struct oauth_token *token)
{
	s->access_token = token->access_token;
	if (secret_present(token->refresh_token))
		s->refresh_token = token->refresh_token;
}

/*
 * The platform has spent the old tokens: these must be stored, whoever else
 * wrote the session meanwhile (a use noted), and even if the store is gone for as
 * long as a server takes to start again.  Until they are, `s` has the old ones.
 */
static enum err
keep_tokens(struct app *app, struct call *c, struct session *s, const struct oauth_token *token)
{
	int64_t now = clock_now_s(app->clock), give_up_ms = clock_mono_ms(app->clock) + KEEP_FOR_MS;
	struct session renewed = *s;
	enum err e;

	do {
		put_tokens(&renewed, token);
		renewed.issued_at_s = now;
		renewed.expires_at_s = now + token->expires_in_s;
		renewed.refresh_tried_at_s = 0;
		claims_read(c->arena, &renewed);
		e = session_replace(app, c->arena, &renewed, STORE_DURABLE);
		if (e == ERR_OK)
			*s = renewed;
		if (e == ERR_OK || e == ERR_NO_SESSION || e == ERR_NOMEM)
			return e;
		if (e == ERR_CONFLICT) {
			e = session_load(app, s->id, c->arena, &renewed);
			if (e == ERR_NO_SESSION)
				return e;
		} else {
			clock_sleep_ms(app->clock, KEEP_STEP_MS);
		}
	} while (clock_mono_ms(app->clock) < give_up_ms);
	log_event(LOG_LEVEL_ERROR, "renew", "renewed tokens could not be stored; the visitor must sign in again");
	return e;
}

struct lease_keeper {
	struct store       *store;
	struct store_lease *lease;
};

static void
keep_lease(void *ctx)
{
	struct lease_keeper *k = ctx;

	/* One that was lost cannot be helped: the request is under way. */
	if (store_lease_keep(k->store, k->lease) != ERR_OK)
		log_event(LOG_LEVEL_WARN, "renew", "the refresh lease was lost");
}

static enum err
store_too_slow(struct call *c)
{
	return call_fail(c, ERR_STORE, "The session store is too slow just now; try again in a moment.");
}

/*
 * What came before may have taken longer than a lease lasts that nobody keeps.  One that
 * lapsed is taken again: the version of the session tells whether somebody had it meanwhile.
 */
static enum err
have_lease(struct app *app, struct call *c, struct store_lease *lease)
{
	char name[LEASE_NAME_LEN];
	enum err e;

	e = store_lease_keep(app->store, lease);
	if (e == ERR_CONFLICT) {
		memcpy(name, lease->name, sizeof(name));
		e = store_lease_take(app->store, name, lease);
	}
	if (e == ERR_BUSY)
		return call_fail(c, e, "The sign-in is being renewed; try again in a moment.");
	return e;
}

/*
 * Write the session once more, and begin only with the lease still in hand: so whoever
 * had it between, or takes it after, finds another version or the lease taken.  That is
 * also the proof that the store can be written: tokens that could not be stored would
 * cost the visitor the sign-in.
 */
static enum err
announce(struct app *app, struct call *c, struct session *s, struct store_lease *lease)
{
	enum err e;

	e = have_lease(app, c, lease);
	if (e != ERR_OK)
		return e;
	e = session_replace(app, c->arena, s, STORE_DURABLE);
	if (e != ERR_OK)
		return e;
	e = store_lease_keep(app->store, lease);
	return e == ERR_CONFLICT ? store_too_slow(c) : e;
}

/* Who waits, or comes soon, need not find out again.  Not noted, they do. */
static void
note_failure(struct app *app, struct call *c, struct session *s)
{
	s->refresh_tried_at_s = clock_now_s(app->clock);
	if (session_replace(app, c->arena, s, STORE_LAZY) != ERR_OK)
		log_event(LOG_LEVEL_INFO, "renew", "that a refresh failed could not be noted");
}

/* Somebody else did it meanwhile: then `s` is what they stored. */
static bool
was_renewed(struct app *app, struct call *c, struct session *s)
{
	struct session *now = arena_alloc(c->arena, sizeof(*now));

	if (now == NULL || session_load(app, s->id, c->arena, now) != ERR_OK ||
	    strcmp(now->access_token.reveal, s->access_token.reveal) == 0)
		return false;
	*s = *now;
	return true;
}

/* Where who had the lease lost it, and was slow to store what they got for the same token, that serves. */
static enum err
rejected(struct app *app, struct call *c, struct session *s)
{
	if (!was_renewed(app, c, s))
		return end(app, c, s);
	call_recover(c);
	return ERR_OK;
}

/* Who signed out meanwhile had only the tokens revoked that these have replaced. */
static void
give_back(struct app *app, struct call *c, const struct session *s, const struct oauth_token *token)
{
	struct session ended = *s;

	put_tokens(&ended, token);
	signout_revoke(app, c, &ended);
}

static enum err
ask(struct app *app, struct call *c, struct session *s, struct store_lease *lease)
{
	const char *redirect_uri = s->redirect_uri != NULL ? s->redirect_uri : "";
	struct lease_keeper keeper = { app->store, lease };
	struct oauth_server server;
	struct oauth_client client;
	struct oauth_token token;
	enum err e;

	e = authority_server(app, c, &server);
	if (e == ERR_OK)
		e = authority_client(app, c, &server, redirect_uri, &client);
	if (e != ERR_OK)
		return e;
	e = announce(app, c, s, lease);
	if (e != ERR_OK)
		return e;
	e = oauth_token_refresh(app->http, c, &server, &client, s->refresh_token, keep_lease, &keeper, &token);
	if (e == ERR_CLIENT_REJECTED)
		authority_client_rejected(app, &server, redirect_uri, &client);
	if (e == ERR_GRANT_REJECTED || e == ERR_CLIENT_REJECTED)
		return rejected(app, c, s);
	if (e != ERR_OK) {
		note_failure(app, c, s);
		return e;
	}
	e = keep_tokens(app, c, s, &token);
	if (e == ERR_NO_SESSION)
		give_back(app, c, s, &token);
	return e;
}

/* With the lease: look again, for another process may have done it while this one waited. */
static enum err
renew_alone(struct app *app, struct call *c, struct session *s, enum renew_reason reason, struct store_lease *lease,
    bool waited, int64_t began_s)
{
	const char *had = s->access_token.reveal;
	int64_t now;
	int tries = 0;
	enum err e;

	do {
		e = session_load(app, s->id, c->arena, s);
		if (e != ERR_OK)
			return e == ERR_NO_SESSION ? call_fail(c, e, "The sign-in has ended; sign in again.") : e;
		now = clock_now_s(app->clock);
		if (strcmp(had, s->access_token.reveal) != 0)
			return ERR_OK;
		if (reason == RENEW_IF_DUE && !is_due(s, now))
			return ERR_OK;
		if (waited && s->refresh_tried_at_s >= began_s)
			return call_fail(c, ERR_UPSTREAM, "The sign-in could not be renewed just now; try again later.");
		e = ask(app, c, s, lease);
	} while (e == ERR_CONFLICT && tries++ < 5);	/* its use was noted in between */
	return e;
}

/* The longer it takes, the less often: many who wait must not be what keeps a slow store from answering. */
static int
step_ms(int64_t waited_ms)
{
	int64_t ms = waited_ms / 4;

	return ms < WAIT_STEP_MS ? WAIT_STEP_MS : ms > WAIT_STEP_MAX_MS ? WAIT_STEP_MAX_MS : (int)ms;
}

/*
 * ERR_BUSY: nothing more to do, the session's token serves.  Of many who wait, one may
 * never be the first to find the lease free: so each also looks whether the token is new.
 */
static enum err
wait_for_lease(struct app *app, struct call *c, const char *name, struct session *s, enum renew_reason reason,
    struct store_lease *lease, bool *waited)
{
	int64_t began = clock_mono_ms(app->clock), slept = 0, most = (int64_t)app->config.upstream_timeout_s * 1000 + 2000;
	int64_t so_far;
	unsigned steps = 0;
	enum err e;

	*waited = false;
	while ((e = store_lease_take(app->store, name, lease)) == ERR_BUSY) {
		if (can_go_on(s, reason, clock_now_s(app->clock)))
			return ERR_BUSY;
		so_far = clock_mono_ms(app->clock) - began;
		if (so_far >= most)
			return slept < so_far / 2 ? store_too_slow(c) :
			    call_fail(c, ERR_UPSTREAM_TIMEOUT, "The sign-in is being renewed; try again in a moment.");
		*waited = true;
		clock_sleep_ms(app->clock, step_ms(so_far));
		slept += step_ms(so_far);
		if (++steps % LOOK_EVERY == 0 && was_renewed(app, c, s))
			return ERR_BUSY;
	}
	return e;
}

enum err
renew_token(struct app *app, struct call *c, struct session *s, enum renew_reason reason)
{
	int64_t now = clock_now_s(app->clock);
	char name[LEASE_NAME_LEN] = "l:";
	struct store_lease lease;
	bool waited;
	enum err e;

	if (reason == RENEW_IF_DUE && !is_due(s, now))
		return ERR_OK;
	if (!secret_present(s->refresh_token)) {
		if (can_go_on(s, reason, now))
			return ERR_OK;
		if (lives(s, now) && reason == RENEW_ASKED)
			return call_fail(c, ERR_NO_SESSION, "There is no refresh token: sign in again to go on after expiry.");
		return end(app, c, s);
	}
	if (can_go_on(s, reason, now) && now - s->refresh_tried_at_s < RETRY_AFTER_S)
		return ERR_OK;
	memcpy(name + 2, s->name, SESSION_NAME_LEN + 1);
	e = wait_for_lease(app, c, name, s, reason, &lease, &waited);
	if (e == ERR_BUSY)
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	e = renew_alone(app, c, s, reason, &lease, waited, now);
	store_lease_release(app->store, &lease);
	if (e != ERR_OK && e != ERR_NO_SESSION && can_go_on(s, reason, clock_now_s(app->clock))) {
		call_recover(c);
		return ERR_OK;
	}
	return e;
}
