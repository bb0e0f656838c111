/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "fixture.h"
#include "flow/renew.h"
#include "session/session.h"
#include "store/store.h"
#include "store/store_mem.h"
#include "tap.h"

#define METADATA "{\"issuer\":\"https://app.example\",\"authorization_endpoint\":\"https://app.example/authorize\"," \
	"\"token_endpoint\":\"https://app.example/token\",\"revocation_endpoint\":\"https://app.example/revoke\"}"
#define RENEWED  "{\"access_token\":\"a2\",\"refresh_token\":\"r2\",\"token_type\":\"Bearer\",\"expires_in\":3600}"
#define REFUSED  "{\"error\":\"invalid_grant\"}"

/* A session whose token was issued now and lives for lifetime_s. */
static void
open_signed_in(struct fixture *fx, struct session *s, int lifetime_s, const char *refresh_token)
{
	enum err e;

	fixture_open(fx);
	fx->app.config.client_id = "c1";
	memset(s, 0, sizeof(*s));
	s->access_token.reveal = "a1";
	s->refresh_token.reveal = refresh_token;
	s->issued_at_s = s->signed_in_at_s = s->used_at_s = fx->now_ms / 1000;
	s->expires_at_s = s->issued_at_s + lifetime_s;
	s->redirect_uri = "https://site.example/auth/callback";
	e = session_insert(&fx->app, &fx->arena, s);
	is_int(e, ERR_OK, "a session with a token of %d s", lifetime_s);
	fixture_reply(fx, 200, METADATA);
}

static const struct renew_case {
	const char       *name;
	int               lifetime_s, after_s;
	const char       *refresh_token;
	enum renew_reason reason;
	int               status;
	const char       *body;
	enum err          want;
	int               want_calls;	/* with the one for the metadata */
	const char       *want_token;	/* of the stored session; NULL = it is gone */
} cases[] = {
	{ "a fresh token is left alone", 3600, 3539, "r1", RENEW_IF_DUE, 200, RENEWED, ERR_OK, 0, "a1" },
	{ "60 s before expiry it is renewed", 3600, 3540, "r1", RENEW_IF_DUE, 200, RENEWED, ERR_OK, 2, "a2" },
	{ "a short one is left alone for half of its life", 60, 29, "r1", RENEW_IF_DUE, 200, RENEWED, ERR_OK, 0, "a1" },
	{ "and renewed from then on", 60, 30, "r1", RENEW_IF_DUE, 200, RENEWED, ERR_OK, 2, "a2" },
	{ "an expired one is renewed", 3600, 4000, "r1", RENEW_IF_DUE, 200, RENEWED, ERR_OK, 2, "a2" },
	{ "asked for, it is renewed at once", 3600, 1, "r1", RENEW_ASKED, 200, RENEWED, ERR_OK, 2, "a2" },
	{ "refused early, too", 3600, 1, "r1", RENEW_REFUSED, 200, RENEWED, ERR_OK, 2, "a2" },
	{ "a refusal ends the session", 3600, 3550, "r1", RENEW_IF_DUE, 400, REFUSED, ERR_NO_SESSION, 2, NULL },
	{ "trouble while the token lives is passed over", 3600, 3550, "r1", RENEW_IF_DUE, 503, "busy", ERR_OK, 2, "a1" },
	{ "silence too", 3600, 3550, "r1", RENEW_IF_DUE, 0, NULL, ERR_OK, 2, "a1" },
	{ "trouble after expiry is told, the tokens kept", 3600, 3700, "r1", RENEW_IF_DUE, 503, "busy", ERR_UPSTREAM, 2, "a1" },
	{ "nonsense after expiry is told, the tokens kept", 3600, 3700, "r1", RENEW_IF_DUE, 200, "<p>", ERR_PROTOCOL, 2, "a1" },
	{ "a proxy's page with a 400 is no refusal", 3600, 3700, "r1", RENEW_IF_DUE, 400, "<p>", ERR_PROTOCOL, 2, "a1" },
	{ "nor is a router's own word for it", 3600, 3700, "r1", RENEW_IF_DUE, 404,
	  "{\"message\":\"Route POST:/token not found\",\"error\":\"Not Found\",\"statusCode\":404}", ERR_PROTOCOL, 2, "a1" },
	{ "nor a firewall's", 3600, 3700, "r1", RENEW_IF_DUE, 403, "{\"error\":\"forbidden\"}", ERR_PROTOCOL, 2, "a1" },
	{ "invalid_grant is one, whatever the status", 3600, 3700, "r1", RENEW_IF_DUE, 403, REFUSED, ERR_NO_SESSION, 2, NULL },
	{ "a refusal by 401 is one", 3600, 3700, "r1", RENEW_IF_DUE, 401, REFUSED, ERR_NO_SESSION, 2, NULL },
	{ "without a refresh token it serves until it expires", 3600, 3599, NULL, RENEW_IF_DUE, 200, RENEWED, ERR_OK, 0, "a1" },
	{ "and then the session ends", 3600, 3600, NULL, RENEW_IF_DUE, 200, RENEWED, ERR_NO_SESSION, 0, NULL },
	{ "one that is refused early cannot be renewed then", 3600, 1, NULL, RENEW_REFUSED, 200, RENEWED, ERR_NO_SESSION, 0, NULL },
	{ "a reply without a refresh token keeps the old one", 3600, 3550, "r1", RENEW_IF_DUE, 200,
	  "{\"access_token\":\"a2\"}", ERR_OK, 2, "a2" },
};

static void
test_cases(void)
{
	struct session s, stored;
	struct fixture fx;
	size_t i;
	enum err e;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct renew_case *t = &cases[i];

		open_signed_in(&fx, &s, t->lifetime_s, t->refresh_token);
		fixture_reply(&fx, t->status, t->body);
		fixture_pass(&fx, t->after_s);
		is_int(renew_token(&fx.app, &fx.call, &s, t->reason), t->want, "%s", t->name);
		is_int(fx.calls, t->want_calls, "%s: calls made", t->name);
		e = session_load(&fx.app, s.id, &fx.arena, &stored);
		is_str(e == ERR_OK ? stored.access_token.reveal : NULL, t->want_token, "%s: the stored token", t->name);
		if (t->want == ERR_OK)
			is_str(s.access_token.reveal, t->want_token, "%s: the token in hand", t->name);
		fixture_close(&fx);
	}
}

static void
test_store_down(void)
{
	struct session s;
	struct fixture fx;

	open_signed_in(&fx, &s, 3600, "r1");
	fixture_reply(&fx, 200, RENEWED);
	fixture_pass(&fx, 3700);
	/* The first write keeps the metadata, the second is the proof. */
	store_mem_fail_writes(fx.app.store, 2);
	is_int(renew_token(&fx.app, &fx.call, &s, RENEW_IF_DUE), ERR_STORE, "a store that cannot be written is told");
	is_int(fx.calls, 1, "before the refresh token is spent");
	store_mem_fail_writes(fx.app.store, 0);
	fixture_next_request(&fx);
	is_int(renew_token(&fx.app, &fx.call, &s, RENEW_IF_DUE), ERR_OK, "and once it can, the token is renewed");
	fixture_close(&fx);
}

struct other {
	struct fixture *fx;
	enum err        got;
	struct session  s;
	struct call     call;
};

/* Another process's request, while the refresh is under way. */
static void
arrive(void *ctx)
{
	struct other *o = ctx;

	o->call = (struct call){ .arena = &o->fx->arena, .request_id = "other" };
	o->got = session_load(&o->fx->app, o->s.id, &o->fx->arena, &o->s);
	if (o->got == ERR_OK)
		o->got = renew_token(&o->fx->app, &o->call, &o->s, RENEW_IF_DUE);
}

static void
test_side_by_side(void)
{
	struct other other;
	struct fixture fx;
	struct session s;

	open_signed_in(&fx, &s, 3600, "r1");
	other = (struct other){ .fx = &fx, .s = s };
	fixture_reply_while(&fx, 200, RENEWED, arrive, &other);
	fixture_pass(&fx, 3550);
	is_int(renew_token(&fx.app, &fx.call, &s, RENEW_IF_DUE), ERR_OK, "of two that find it due, one renews");
	is_int(other.got, ERR_OK, "the other goes on");
	is_str(other.s.access_token.reveal, "a1", "with the token that still lives");
	is_int(fx.calls, 2, "one refresh is made");
	fixture_close(&fx);

	open_signed_in(&fx, &s, 3600, "r1");
	other = (struct other){ .fx = &fx, .s = s };
	fixture_reply_while(&fx, 200, RENEWED, arrive, &other);
	fixture_pass(&fx, 3700);
	is_int(renew_token(&fx.app, &fx.call, &s, RENEW_IF_DUE), ERR_OK, "after expiry too, one renews");
	is_int(other.got, ERR_UPSTREAM_TIMEOUT, "the other waits, but not for ever");
	is_int(fx.calls, 2, "and makes no second refresh");
	fixture_close(&fx);
}

struct thief {
	struct fixture    *fx;
	const char        *session;	/* its name */
	struct store_lease lease;
	enum err           got;
};

static void
lapse(void *ctx)
{
	struct thief *t = ctx;

	store_mem_lapse_leases(t->fx->app.store);
}

/* The lease lapses, and another process has it. */
static void
steal(void *ctx)
{
	struct thief *t = ctx;
	char name[64];

	lapse(ctx);
	snprintf(name, sizeof(name), "l:%s", t->session);
	t->got = store_lease_take(t->fx->app.store, name, &t->lease);
}

/* ... and has renewed the token and released it. */
static void
overtake(void *ctx)
{
	struct thief *t = ctx;
	struct session s = { 0 };

	lapse(ctx);
	t->got = session_load(&t->fx->app, t->session, &t->fx->arena, &s);
	s.access_token.reveal = "other2";
	s.expires_at_s += 7200;
	if (t->got == ERR_OK)
		t->got = session_replace(&t->fx->app, &t->fx->arena, &s, STORE_DURABLE);
}

/* While the platform's metadata are fetched, which may take longer than a lease lasts. */
static void
test_lease_lost(void)
{
	static const struct {
		const char *name;
		void      (*meanwhile)(void *);
		enum err    want;
		int         want_calls;
		const char *want_token;
	} lost[] = {
		{ "a lease that lapsed is taken again", lapse, ERR_OK, 2, "a2" },
		{ "one that another took meanwhile is theirs", steal, ERR_BUSY, 1, "a1" },
		{ "one that another took and is done with: theirs is the token", overtake, ERR_OK, 1, "other2" },
	};
	struct session s, stored;
	struct fixture fx;
	struct thief t;
	size_t i;

	for (i = 0; i < sizeof(lost) / sizeof(lost[0]); i++) {
		open_signed_in(&fx, &s, 3600, "r1");
		t = (struct thief){ .fx = &fx, .session = lost[i].meanwhile == overtake ? s.id : s.name };
		fixture_forget_replies(&fx);
		fixture_reply_while(&fx, 200, METADATA, lost[i].meanwhile, &t);
		fixture_reply(&fx, 200, RENEWED);
		fixture_pass(&fx, 3700);
		is_int(renew_token(&fx.app, &fx.call, &s, RENEW_IF_DUE), lost[i].want, "%s", lost[i].name);
		is_int(t.got, ERR_OK, "%s: the other got it", lost[i].name);
		is_int(fx.calls, lost[i].want_calls, "%s: calls made", lost[i].name);
		is_int(session_load(&fx.app, s.id, &fx.arena, &stored), ERR_OK, "%s: nobody is signed out", lost[i].name);
		is_str(stored.access_token.reveal, lost[i].want_token, "%s: the stored token", lost[i].name);
		fixture_close(&fx);
	}
}

static void
sign_out(void *ctx)
{
	struct other *o = ctx;

	o->got = session_end(&o->fx->app, o->s.name);
}

static void
note_use(void *ctx)
{
	struct other *o = ctx;

	o->got = session_load(&o->fx->app, o->s.id, &o->fx->arena, &o->s);
	o->s.used_at_s++;
	if (o->got == ERR_OK)
		o->got = session_replace(&o->fx->app, &o->fx->arena, &o->s, STORE_LAZY);
}

static void
test_meanwhile(void)
{
	struct session s, stored;
	struct other other;
	struct fixture fx;

	open_signed_in(&fx, &s, 3600, "r1");
	other = (struct other){ .fx = &fx, .s = s };
	fixture_reply_while(&fx, 200, RENEWED, sign_out, &other);
	fixture_reply(&fx, 200, "");
	fixture_pass(&fx, 3700);
	is_int(renew_token(&fx.app, &fx.call, &s, RENEW_IF_DUE), ERR_NO_SESSION, "who signed out meanwhile stays signed out");
	is_int(store_mem_count(fx.app.store, "s:"), 0, "the renewed tokens are not kept");
	is_str(fx.last_url, "https://app.example/revoke", "but revoked");
	ok(strstr(fx.last_body, "token=r2&") != NULL, "which the sign-out could not do: %s", fx.last_body);
	fixture_close(&fx);

	open_signed_in(&fx, &s, 3600, "r1");
	other = (struct other){ .fx = &fx, .s = s };
	fixture_reply_while(&fx, 200, RENEWED, note_use, &other);
	fixture_pass(&fx, 3700);
	is_int(renew_token(&fx.app, &fx.call, &s, RENEW_IF_DUE), ERR_OK, "a use noted meanwhile is no obstacle");
	is_int(other.got, ERR_OK, "and was noted");
	is_int(session_load(&fx.app, s.id, &fx.arena, &stored), ERR_OK, "the session stands");
	is_str(stored.refresh_token.reveal, "r2", "with the new refresh token");
	fixture_close(&fx);
}

/* A store that cannot be written from when the platform is asked, for so long. */
static struct outage {
	struct fixture *fx;
	int64_t         over_ms;
	int             lasts_ms;
} outage;

static void
store_goes(void *ctx)
{
	(void)ctx;
	outage.over_ms = outage.fx->now_ms + outage.lasts_ms;
	store_mem_fail_writes(outage.fx->app.store, 1);
}

static void
sleep_through(struct clock *c, int ms)
{
	(void)c;
	outage.fx->now_ms += ms;
	if (outage.fx->now_ms >= outage.over_ms)
		store_mem_fail_writes(outage.fx->app.store, 0);
}

static void
test_outage(void)
{
	static const struct {
		const char *name, *want_token;
		int         lasts_ms;
		enum err    want;
	} outages[] = {
		{ "a store that comes back in fifteen seconds gets the new tokens", "a2", 15000, ERR_OK },
		{ "one that does not in twenty is told", "a1", 25000, ERR_STORE },
	};
	struct session s, stored;
	struct fixture fx;
	size_t i;

	for (i = 0; i < sizeof(outages) / sizeof(outages[0]); i++) {
		open_signed_in(&fx, &s, 3600, "r1");
		outage = (struct outage){ .fx = &fx, .lasts_ms = outages[i].lasts_ms };
		fx.clock.sleep_ms = sleep_through;
		fixture_reply_while(&fx, 200, RENEWED, store_goes, NULL);
		fixture_pass(&fx, 3700);
		is_int(renew_token(&fx.app, &fx.call, &s, RENEW_IF_DUE), outages[i].want, "%s", outages[i].name);
		is_int(session_load(&fx.app, s.id, &fx.arena, &stored), ERR_OK, "%s: nobody is signed out", outages[i].name);
		is_str(stored.access_token.reveal, outages[i].want_token, "%s: the stored token", outages[i].name);
		fixture_close(&fx);
	}
}

/* Two have asked, for one had lost the lease: the platform refuses the second, as it should. */
static void
test_refused_second(void)
{
	struct session s, stored;
	struct fixture fx;
	struct thief t;

	open_signed_in(&fx, &s, 3600, "r1");
	t = (struct thief){ .fx = &fx, .session = s.id };
	fixture_reply_while(&fx, 400, REFUSED, overtake, &t);
	fixture_pass(&fx, 3700);
	is_int(renew_token(&fx.app, &fx.call, &s, RENEW_IF_DUE), ERR_OK, "who is refused what another got goes on with theirs");
	is_str(s.access_token.reveal, "other2", "which is in hand");
	is_int(session_load(&fx.app, s.id, &fx.arena, &stored), ERR_OK, "and nobody is signed out");
	fixture_close(&fx);
}

/* Each look at the clock finds that the store has taken a while again. */
static int64_t
slow_mono_ms(struct clock *c)
{
	(void)c;
	return outage.fx->now_ms += 300;
}

static void
test_slow_store(void)
{
	struct other other;
	struct fixture fx;
	struct session s;

	open_signed_in(&fx, &s, 3600, "r1");
	other = (struct other){ .fx = &fx, .s = s };
	outage.fx = &fx;
	fx.clock.mono_ms = slow_mono_ms;
	fixture_reply_while(&fx, 200, RENEWED, arrive, &other);
	fixture_pass(&fx, 3700);
	is_int(renew_token(&fx.app, &fx.call, &s, RENEW_IF_DUE), ERR_OK, "by a slow store, one renews");
	is_int(other.got, ERR_STORE, "and who waited in vain is told that it is the store");
	is_int(fx.calls, 2, "one refresh is made");
	fixture_close(&fx);
}

static void
test_backoff(void)
{
	struct session s;
	struct fixture fx;
	int i;

	open_signed_in(&fx, &s, 3600, "r1");
	fixture_pass(&fx, 3550);
	for (i = 0; i < 10; i++) {
		fixture_next_request(&fx);
		if (session_load(&fx.app, s.id, &fx.arena, &s) != ERR_OK ||
		    renew_token(&fx.app, &fx.call, &s, RENEW_IF_DUE) != ERR_OK)
			break;
	}
	is_int(i, 10, "while the token lives, a platform in trouble stops nobody");
	is_int(fx.calls, 2, "and is asked once in five seconds");
	fixture_close(&fx);
}

int
main(void)
{
	test_cases();
	test_store_down();
	test_side_by_side();
	test_lease_lost();
	test_meanwhile();
	test_outage();
	test_refused_second();
	test_slow_store();
	test_backoff();
	return done_testing();
}
