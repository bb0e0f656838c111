/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "crypto/crypto.h"
#include "crypto/keyring.h"
#include "fixture.h"
#include "flow/authority.h"
#include "flow/signin.h"
#include "oauth/oauth.h"
#include "session/session.h"
#include "store/store_mem.h"
#include "tap.h"

#define METADATA "{\"issuer\":\"https://app.example\",\"authorization_endpoint\":\"https://app.example/authorize\"," \
	"\"token_endpoint\":\"https://app.example/token\",\"registration_endpoint\":\"https://app.example/register\"," \
	"\"authorization_response_iss_parameter_supported\":true}"
#define CLIENT   "{\"client_id\":\"c1\",\"client_secret\":\"a secret\",\"client_secret_expires_at\":0}"
#define TOKENS   "{\"access_token\":\"a.eyJ0ZW5hbnRJZCI6ImFjbWUiLCJ1c2VySWQiOiJ1MSJ9.c\",\"refresh_token\":\"r1\"," \
	"\"token_type\":\"bearer\",\"expires_in\":3600}"
#define REFUSED  "{\"error\":\"invalid_grant\"}"
#define ISSUER   "https://app.example"
#define REDIRECT "https://site.example/auth/callback"

/* Begin a sign-in in the browser that holds `cookie` (NULL: a new one); returns its state. */
static const char *
begin(struct fixture *fx, const char *cookie, const char *return_to, struct signin_begun *out)
{
	struct signin_start start = { cookie, return_to, REDIRECT };
	const char *state;

	fixture_next_request(fx);
	if (signin_begin(&fx->app, &fx->call, &start, out) != ERR_OK)
		return NULL;
	state = strstr(out->location, "&state=");
	return state == NULL ? NULL : arena_strdup(&fx->arena, state + 7);
}

static void
open_ready(struct fixture *fx)
{
	fixture_open(fx);
	fixture_reply(fx, 200, METADATA);
	fixture_reply(fx, 201, CLIENT);
}

static enum err
finish(struct fixture *fx, const char *state, const char *code, const char *cookie, struct signin_done *done)
{
	struct signin_answer answer = { .code = code, .state = state, .iss = ISSUER, .cookie = cookie };

	fixture_next_request(fx);
	return signin_finish(&fx->app, &fx->call, &answer, done);
}

static void
test_begin(void)
{
	struct signin_begun one, two;
	const char *state;
	struct fixture fx;

	open_ready(&fx);
	state = begin(&fx, NULL, "/page?x=1", &one);
	ok(state != NULL && text_starts_with(one.location, "https://app.example/authorize?response_type=code&client_id=c1&"
	    "redirect_uri=https%3A%2F%2Fsite.example%2Fauth%2Fcallback&code_challenge="), "a sign-in begins at the "
	    "authorization endpoint");
	ok(strstr(one.location, "&code_challenge_method=S256&state=") != NULL, "with PKCE S256 and a state");
	ok(strstr(one.location, "secret") == NULL, "the client secret is not in the address");
	is_int(fx.calls, 2, "the first one asks for metadata and registers");
	ok(begin(&fx, one.cookie, NULL, &two) != NULL, "a second one begins");
	is_int(fx.calls, 2, "and asks nobody");
	is_str(two.cookie, one.cookie, "tabs of one browser share its cookie");
	is_int(store_mem_count(fx.app.store, "s:"), 0, "no session is made before the visitor comes back");
	is_int(store_mem_count(fx.app.store, ""), 2, "nothing is kept but metadata and registration");
	fixture_close(&fx);
}

static const struct finish_case {
	const char *name;
	int         status;	/* of the token endpoint */
	const char *body;
	const char *code, *error, *iss;
	bool        same_state, same_browser;
	int         after_s;
	enum err    want;
	int         want_calls, want_sessions;
} cases[] = {
	{ "a matching state signs in", 200, TOKENS, "k", NULL, ISSUER, true, true, 0, ERR_OK, 1, 1 },
	{ "nearly ten minutes later too", 200, TOKENS, "k", NULL, ISSUER, true, true, 599, ERR_OK, 1, 1 },
	{ "after ten minutes it is too late", 200, TOKENS, "k", NULL, ISSUER, true, true, 600, ERR_STATE_MISMATCH, 0, 0 },
	{ "a state of nobody's makes no call", 200, TOKENS, "k", NULL, ISSUER, false, true, 0, ERR_STATE_MISMATCH, 0, 0 },
	{ "another browser's state makes none", 200, TOKENS, "k", NULL, ISSUER, true, false, 0, ERR_STATE_MISMATCH, 0, 0 },
	{ "another issuer makes none", 200, TOKENS, "k", NULL, "https://evil.example", true, true, 0, ERR_BAD_REQUEST, 0, 0 },
	{ "an issuer that was announced must come", 200, TOKENS, "k", NULL, NULL, true, true, 0, ERR_BAD_REQUEST, 0, 0 },
	{ "no code makes none", 200, TOKENS, NULL, NULL, ISSUER, true, true, 0, ERR_BAD_REQUEST, 0, 0 },
	{ "refused consent makes none", 200, TOKENS, NULL, "access_denied", ISSUER, true, true, 0, ERR_ACCESS_DENIED, 0, 0 },
	{ "another error is the platform's", 200, TOKENS, NULL, "server_error", ISSUER, true, true, 0, ERR_UPSTREAM, 0, 0 },
	{ "a refused code leaves no session", 400, REFUSED, "k", NULL, ISSUER, true, true, 0, ERR_GRANT_REJECTED, 1, 0 },
	{ "a silent token endpoint leaves none", 0, NULL, "k", NULL, ISSUER, true, true, 0, ERR_UPSTREAM, 1, 0 },
	{ "nonsense leaves none", 200, "<html>", "k", NULL, ISSUER, true, true, 0, ERR_PROTOCOL, 1, 0 },
	{ "an answer without a token leaves none", 200, "{}", "k", NULL, ISSUER, true, true, 0, ERR_PROTOCOL, 1, 0 },
	{ "another kind of token leaves none", 200, "{\"access_token\":\"a\",\"token_type\":\"mac\"}", "k", NULL, ISSUER, true,
	  true, 0, ERR_PROTOCOL, 1, 0 },
	{ "trouble at the token endpoint leaves none", 503, "busy", "k", NULL, ISSUER, true, true, 0, ERR_UPSTREAM, 1, 0 },
};

static void
test_finish(void)
{
	struct signin_begun begun;
	struct signin_done done;
	struct fixture fx;
	const char *state;
	char other[SESSION_ID_LEN + 1];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finish_case *t = &cases[i];
		struct signin_answer answer = { .code = t->code, .error = t->error, .iss = t->iss };

		open_ready(&fx);
		state = begin(&fx, NULL, "/page", &begun);
		fixture_forget_replies(&fx);
		fixture_reply(&fx, t->status, t->body);
		fixture_reply(&fx, t->status, t->body);
		fixture_pass(&fx, t->after_s);
		session_new_id(other);
		answer.state = t->same_state ? state : "AAAA";
		answer.cookie = t->same_browser ? begun.cookie : other;
		fixture_next_request(&fx);
		is_int(signin_finish(&fx.app, &fx.call, &answer, &done), t->want, "%s", t->name);
		is_int(fx.calls, t->want_calls, "%s: calls made", t->name);
		is_int(store_mem_count(fx.app.store, "s:"), t->want_sessions, "%s: sessions", t->name);
		if (!t->same_state || !t->same_browser || t->after_s == 600)
			goto next;
		answer.code = "k";
		answer.error = NULL;
		answer.iss = ISSUER;
		fixture_next_request(&fx);
		is_int(signin_finish(&fx.app, &fx.call, &answer, &done), ERR_STATE_MISMATCH, "%s: its state is used up",
		    t->name);
		is_int(fx.calls, t->want_calls, "%s: a replay makes no call", t->name);
next:
		fixture_close(&fx);
	}
}

static void
test_session(void)
{
	struct signin_begun begun;
	struct signin_done done;
	struct fixture fx;
	struct session s;
	const char *state, *challenge, *verifier;

	open_ready(&fx);
	state = begin(&fx, NULL, "/page?x=1", &begun);
	fixture_reply(&fx, 200, TOKENS);
	is_int(finish(&fx, state, "k", begun.cookie, &done), ERR_OK, "a visitor signs in");
	is_str(done.return_to, "/page?x=1", "and returns to where they were");
	ok(strcmp(done.cookie, begun.cookie) != 0, "under a new session id");
	is_int(session_load(&fx.app, done.cookie, &fx.arena, &s), ERR_OK, "the session can be loaded");
	is_str(s.refresh_token.reveal, "r1", "with its tokens");
	is_int(s.expires_at_s, fx.now_ms / 1000 + 3600, "and when they expire");
	is_str(s.tenant, "acme", "and whose workspace it is");
	verifier = strstr(fx.last_body, "code_verifier=");
	challenge = oauth_pkce_challenge(&fx.arena, verifier != NULL ?
	    arena_strndup(&fx.arena, verifier + 14, strcspn(verifier + 14, "&")) : "");
	ok(strstr(begun.location, challenge) != NULL, "the verifier sent is the one whose challenge was announced");
	ok(strstr(fx.last_body, "client_secret=a%20secret") != NULL, "the client authenticates itself");
	fixture_close(&fx);
}

static void
test_tabs(void)
{
	struct signin_begun a, b, c;
	struct signin_done done_a, done_b, done_c;
	const char *state_a, *state_b, *state_c;
	struct fixture fx;
	struct session s;
	int i;

	open_ready(&fx);
	state_a = begin(&fx, NULL, "/a", &a);
	state_b = begin(&fx, a.cookie, "/b", &b);
	state_c = begin(&fx, a.cookie, "/c", &c);
	for (i = 0; i < 3; i++)
		fixture_reply(&fx, 200, TOKENS);
	is_int(finish(&fx, state_a, "k1", a.cookie, &done_a), ERR_OK, "of three tabs the first finishes");
	is_int(finish(&fx, state_b, "k2", done_a.cookie, &done_b), ERR_OK, "the second finishes under the first one's session");
	is_str(done_b.return_to, "/b", "each returns to its own page");
	is_int(session_load(&fx.app, done_a.cookie, &fx.arena, &s), ERR_NO_SESSION, "the session before is gone");
	is_int(finish(&fx, state_c, "k3", done_b.cookie, &done_c), ERR_OK, "and so does the third");
	is_int(store_mem_count(fx.app.store, "s:"), 1, "one session is left");
	is_int(finish(&fx, state_a, "k4", done_c.cookie, &done_a), ERR_STATE_MISMATCH, "a used state stays used");
	fixture_close(&fx);
}

static void
test_flood(void)
{
	struct signin_begun begun;
	struct fixture fx;
	int i;

	open_ready(&fx);
	for (i = 0; i < 2000; i++)
		if (begin(&fx, NULL, "/", &begun) == NULL)
			break;
	is_int(i, 2000, "any number of sign-ins can be begun");
	is_int(store_mem_count(fx.app.store, ""), 2, "and none of them is stored");
	fixture_close(&fx);
}

/* Begin under a port of its own, which makes a redirect URI of its own. */
static enum err
begin_at(struct fixture *fx, int port, struct signin_begun *begun)
{
	char redirect_uri[64];
	struct signin_start start = { NULL, "/", redirect_uri };

	snprintf(redirect_uri, sizeof(redirect_uri), "https://site.example:%d/auth/callback", port);
	fixture_forget_replies(fx);
	fixture_reply(fx, 201, CLIENT);
	fixture_next_request(fx);
	return signin_begin(&fx->app, &fx->call, &start, begun);
}

static void
test_many_addresses(void)
{
	struct signin_begun begun;
	struct fixture fx;
	int i;

	open_ready(&fx);
	ok(begin(&fx, NULL, "/", &begun) != NULL, "a site registers itself");
	for (i = 1; i < 64; i++)
		if (begin_at(&fx, i, &begun) != ERR_OK)
			break;
	is_int(i, 64, "under each of its addresses");
	is_int(begin_at(&fx, 64, &begun), ERR_CLIENT_REJECTED, "but who makes up ports fills neither our disk nor the platform's");
	is_int(fx.calls, 0, "nobody is asked");
	ok(fx.call.detail != NULL && strstr(fx.call.detail, "PUBLIC_URL") != NULL, "and the words name the setting that helps");
	is_int(store_mem_count(fx.app.store, "r:"), 64, "nothing more is kept");
	ok(begin(&fx, NULL, "/", &begun) != NULL, "and nobody is locked out of the addresses that are known");
	fx.app.config.public_url = "https://site.example:64";
	fixture_forget_replies(&fx);
	fixture_reply(&fx, 200, METADATA);
	fixture_reply(&fx, 201, CLIENT);
	fixture_next_request(&fx);
	is_int(signin_begin(&fx.app, &fx.call, &(struct signin_start){ NULL, "/", "https://site.example:64/auth/callback" },
	    &begun), ERR_OK, "where PUBLIC_URL says so, one more is registered");
	fixture_close(&fx);
}

/* Who looks after the state is told of each set of settings that it was used with. */
static void
test_survey(void)
{
	struct authority_survey survey;
	struct signin_begun begun;
	struct fixture fx;

	open_ready(&fx);
	is_int(authority_survey(&fx.app, &fx.call, &survey), ERR_OK, "a new state");
	ok(survey.documents == 0 && survey.others == 0 && survey.since_s == 0, "was not used yet");
	ok(begin(&fx, NULL, "/", &begun) != NULL, "once it was");
	is_int(authority_survey(&fx.app, &fx.call, &survey), ERR_OK, "it can be looked at");
	ok(survey.documents == 2 && survey.opened == 2, "metadata and registration are found, and opened");
	ok(survey.others == 0 && survey.since_s == clock_now_s(&fx.clock), "used with these settings alone");
	fx.app.config.public_url = "https://other.example";
	is_int(authority_survey(&fx.app, &fx.call, &survey), ERR_OK, "with other settings");
	ok(survey.since_s == 0 && survey.others == 1 && strcmp(survey.other[0].site, "") == 0
	    && survey.other[0].seen_s == clock_now_s(&fx.clock), "the use by the first ones is seen");
	unlink(fx.key_path);
	keyring_close(fx.app.keys);
	is_int(keyring_open(fx.key_path, &fx.app.keys), ERR_OK, "under another key");
	is_int(authority_survey(&fx.app, &fx.call, &survey), ERR_OK, "it can be counted");
	ok(survey.documents == 2 && survey.opened == 0, "though nothing is opened");
	fixture_close(&fx);
}

static void
test_registration(void)
{
	struct signin_begun begun;
	struct signin_done done;
	struct fixture fx;
	const char *state;

	fixture_open(&fx);
	fixture_reply(&fx, 404, "no");
	fixture_reply(&fx, 201, CLIENT);
	ok(begin(&fx, NULL, "/", &begun) != NULL, "without metadata the documented endpoints are used");
	ok(text_starts_with(begun.location, "https://app.example/api/connect/authorize?"), "namely these");
	ok(strstr(fx.last_body, "\"refresh_token\"") != NULL && strstr(fx.last_body, "\"authorization_code\"") != NULL,
	    "the registration asks for both grants");
	fixture_pass(&fx, 59);
	begin(&fx, NULL, "/", &begun);
	is_int(fx.calls, 2, "the metadata is not asked for again within a minute");
	fixture_pass(&fx, 2);
	fixture_reply(&fx, 200, METADATA);
	ok(begin(&fx, NULL, "/", &begun) != NULL && text_starts_with(begun.location, "https://app.example/authorize?"),
	    "but then it is, and used");
	is_int(fx.calls, 3, "the registration is kept");

	state = begin(&fx, NULL, "/", &begun);
	fixture_reply(&fx, 401, "{\"error\":\"invalid_client\"}");
	is_int(finish(&fx, state, "k", begun.cookie, &done), ERR_CLIENT_REJECTED, "invalid_client is reported");
	is_int(store_mem_count(fx.app.store, "r:"), 1, "a registration of the last five minutes is kept all the same");
	fixture_pass(&fx, 301);
	state = begin(&fx, NULL, "/", &begun);
	fixture_reply(&fx, 401, "{\"error\":\"invalid_client\"}");
	is_int(finish(&fx, state, "k", begun.cookie, &done), ERR_CLIENT_REJECTED, "later");
	is_int(store_mem_count(fx.app.store, "r:"), 0, "it is forgotten");
	fixture_reply(&fx, 201, "{\"client_id\":\"c2\",\"client_secret\":\"s2\",\"client_secret_expires_at\":1790000900}");
	ok(begin(&fx, NULL, "/", &begun) != NULL && strstr(begun.location, "client_id=c2") != NULL, "and made again");
	fixture_pass(&fx, 900);
	fixture_reply(&fx, 201, CLIENT);
	ok(begin(&fx, NULL, "/", &begun) != NULL && strstr(begun.location, "client_id=c1") != NULL,
	    "an expired secret is replaced by a new registration");
	fixture_close(&fx);
}

struct rival {
	struct fixture     *fx;
	const char         *state, *cookie;
	enum err            finished, begun;
};

/* Another process's callback and sign-in, while the first one's code is under way. */
static void
be_rejected_and_register(void *ctx)
{
	struct rival *r = ctx;
	struct call call = { .arena = &r->fx->arena, .request_id = "rival" };
	struct signin_answer answer = { .code = "k2", .state = r->state, .iss = ISSUER, .cookie = r->cookie };
	struct signin_start start = { NULL, "/", REDIRECT };
	struct signin_begun begun;
	struct signin_done done;

	r->finished = signin_finish(&r->fx->app, &call, &answer, &done);
	call = (struct call){ .arena = &r->fx->arena, .request_id = "rival" };
	r->begun = signin_begin(&r->fx->app, &call, &start, &begun);
}

static void
test_rejected_at_once(void)
{
	struct signin_begun a, b;
	struct signin_done done;
	struct rival rival;
	struct fixture fx;
	const char *first, *second;

	open_ready(&fx);
	first = begin(&fx, NULL, "/", &a);
	first = strdup(first != NULL ? first : "");
	second = begin(&fx, NULL, "/", &b);
	second = strdup(second != NULL ? second : "");
	fixture_pass(&fx, 301);
	rival = (struct rival){ &fx, second, b.cookie, ERR_OK, ERR_NOMEM };
	fixture_reply_while(&fx, 401, "{\"error\":\"invalid_client\"}", be_rejected_and_register, &rival);
	fixture_reply(&fx, 401, "{\"error\":\"invalid_client\"}");
	fixture_reply(&fx, 201, "{\"client_id\":\"c2\"}");
	is_int(finish(&fx, first, "k1", a.cookie, &done), ERR_CLIENT_REJECTED, "of two callbacks that a client is refused");
	is_int(rival.finished, ERR_CLIENT_REJECTED, "both are told");
	is_int(rival.begun, ERR_OK, "the next sign-in registers anew");
	is_int(store_mem_count(fx.app.store, "r:"), 1, "and the slower of the two leaves the new registration alone");
	ok(begin(&fx, NULL, "/", &a) != NULL && strstr(a.location, "client_id=c2") != NULL, "so that it is used");
	free((char *)first);
	free((char *)second);
	fixture_close(&fx);
}

static void
test_bad_metadata(void)
{
	static const struct { const char *name, *body; } bad[] = {
		{ "metadata of another issuer is not used", "{\"issuer\":\"https://evil.example\","
		  "\"authorization_endpoint\":\"https://evil.example/a\",\"token_endpoint\":\"https://evil.example/t\"}" },
		{ "metadata with a plain http endpoint is not used", "{\"issuer\":\"https://app.example\","
		  "\"authorization_endpoint\":\"https://app.example/a\",\"token_endpoint\":\"http://app.example/t\"}" },
		{ "metadata that is no JSON is not used", "<html>" },
		{ "metadata without endpoints is not used", "{\"issuer\":\"https://app.example\"}" },
	};
	struct signin_begun begun;
	struct fixture fx;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		fixture_open(&fx);
		fixture_reply(&fx, 200, bad[i].body);
		fixture_reply(&fx, 201, CLIENT);
		ok(begin(&fx, NULL, "/", &begun) != NULL &&
		    text_starts_with(begun.location, "https://app.example/api/connect/authorize?"), "%s", bad[i].name);
		fixture_close(&fx);
	}
}

static void
test_metadata_without_registration(void)
{
	struct signin_begun begun;
	struct fixture fx;

	fixture_open(&fx);
	fixture_reply(&fx, 200, "{\"issuer\":\"https://app.example\",\"authorization_endpoint\":"
	    "\"https://app.example/a\",\"token_endpoint\":\"https://app.example/t\"}");
	fixture_reply(&fx, 201, CLIENT);
	ok(begin(&fx, NULL, "/", &begun) != NULL && text_starts_with(begun.location, "https://app.example/a?"),
	    "metadata need not say where clients are registered");
	is_str(fx.last_url, "https://app.example/api/connect/register", "they are where it is documented");
	fixture_close(&fx);
}

static void
test_loopback_metadata(void)
{
	static const struct { const char *endpoint; bool want; } named[] = {
		{ "http://127.0.0.1:8081/t", true }, { "http://localhost/t", true }, { "http://[::1]:1/t", true },
		{ "https://elsewhere.example/t", true }, { "http://elsewhere.example/t", false },
		{ "http://localhost.evil.example/t", false }, { "http://localhost@evil.example/t", false },
		{ "http://localhost:x@evil.example/t", false }, { "http://[::1", false }, { "http://", false },
		{ "http://127.0.0.1.evil.example/t", false }, { "http://[::1]evil.example/t", false }, { "ftp://127.0.0.1/t", false }, { "http:", false },
	};
	struct oauth_server server;
	struct fixture fx;
	const char *text;
	size_t i;

	fixture_open(&fx);
	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		text = arena_printf(fx.call.arena, "{\"issuer\":\"http://127.0.0.1:8081\",\"authorization_endpoint\":"
		    "\"http://127.0.0.1:8081/a\",\"token_endpoint\":\"%s\"}", named[i].endpoint);
		is_int(oauth_metadata_read(&fx.call, "http://127.0.0.1:8081", true, text, strlen(text), &server) == ERR_OK,
		    named[i].want, "a platform on the loopback may%s name %s", named[i].want ? "" : " not", named[i].endpoint);
	}
	fixture_close(&fx);
}

static void
test_return_paths(void)
{
	static const struct { const char *path; bool want; } paths[] = {
		{ "/", true }, { "/a/b?c=//d", true }, { "/a.b/..c", true }, { "/\xc3\xa5", true },
		{ "", false }, { "a", false }, { "//evil.example", false }, { "/a//b", false }, { "/\\evil.example", false },
		{ "https://evil.example", false }, { "/./a", false }, { "/a/../b", false }, { "/..", false }, { "/a/.", false },
		{ "/a\tb", false }, { "/a?x\ny", false }, { "/a/..?x", false },
	};
	char *longest = malloc(SIGNIN_RETURN_MAX + 2);
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		is_int(signin_is_local_path(paths[i].path), paths[i].want, "a return path %s: case %zu",
		    paths[i].want ? "is taken" : "is refused", i);
	memset(longest, 'a', SIGNIN_RETURN_MAX + 1);
	longest[0] = '/';
	longest[SIGNIN_RETURN_MAX + 1] = '\0';
	ok(!signin_is_local_path(longest), "one of more than 2 KB is refused");
	free(longest);
}

int
main(void)
{
	test_begin();
	test_finish();
	test_session();
	test_tabs();
	test_flood();
	test_survey();
	test_registration();
	test_many_addresses();
	test_rejected_at_once();
	test_bad_metadata();
	test_metadata_without_registration();
	test_loopback_metadata();
	test_return_paths();
	return done_testing();
}
