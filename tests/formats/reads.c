/* SPDX-License-Identifier: MIT */
#include "formats/reads.h"

#include <string.h>

#include "flow/authority.h"
#include "flow/intercom.h"
#include "flow/operation.h"
#include "flow/renew.h"
#include "flow/signin.h"
#include "flow/system.h"
#include "flow/tenant.h"
#include "flow/work.h"
#include "oauth/oauth.h"
#include "osc/client.h"
#include "store/store.h"
#include "tap.h"

#define RENEWED "{\"access_token\":\"renewed\",\"refresh_token\":\"r2\",\"token_type\":\"bearer\",\"expires_in\":3600}"

static void
check_session(struct fixture *fx, const struct sample *s)
{
	char before[SESSION_NAME_LEN + 1];
	struct session got;

	is_int(session_load(&fx->app, s->cookie, &fx->arena, &got), ERR_OK, "  a session");
	is_str(got.access_token.reveal, "a.eyJ0ZW5hbnRJZCI6ImFjbWUiLCJ1c2VySWQiOiJ1MSJ9.c", "    its access token");
	is_str(got.refresh_token.reveal, "r1", "    its refresh token");
	is_int(got.issued_at_s, SAMPLE_NOW_S, "    when they were issued");
	is_int(got.expires_at_s, SAMPLE_NOW_S + 3600, "    when the one expires");
	is_int(got.signed_in_at_s, SAMPLE_NOW_S, "    when it began");
	is_int(got.used_at_s, SAMPLE_NOW_S, "    when it was used");
	is_int(got.refresh_tried_at_s, SAMPLE_NOW_S - 100, "    when a renewal failed");
	is_str(got.tenant, "acme", "    what the token says");
	is_str(got.subject, "u1", "    of whom");
	is_str(got.owner, SAMPLE_TENANT, "    whose it is");
	is_str(got.redirect_uri, SAMPLE_REDIRECT, "    by which registration");
	session_name_of(s->spent_browser, before);
	is_int((int64_t)got.prior_n, 1, "    what it took over");
	is_str(got.prior[0].name, before, "    by name");
	is_int(got.prior[0].until_s, SAMPLE_NOW_S + SIGNIN_LIFETIME_S, "    and until when");
}

static void
check_aside(struct fixture *fx, const struct sample *s)
{
	struct osc_known known = { 0 };
	struct session session;
	const char *text;
	size_t len;

	is_int(session_load(&fx->app, s->cookie, &fx->arena, &session), ERR_OK, "  beside it");
	is_int(session_aside_load(&fx->app, &session, &fx->arena, &text, &len), ERR_OK, "    what is known of services");
	osc_known_read(&known, &fx->arena, text, len);
	if (!is_int((int64_t)known.n, 1, "    one of them"))
		return;
	is_str(known.services[0].service_id, "apache-couchdb", "    its id");
	is_str(known.services[0].api_url, "https://couch.example/instance", "    its API");
	is_str(known.services[0].secret_options[0], "AdminPassword", "    which options are secrets");
	is_str(known.services[0].sat.reveal, "sat1", "    its token");
	is_int(known.services[0].sat_expires_at_s, SAMPLE_NOW_S + 1800, "    until when");
	is_str(known.services[0].links[OSC_LINK_HEALTH], "/health", "    its links");
	ok(json_get(known.services[0].options, "RtmpPort") != NULL, "    its options");
}

static void
check_system(struct fixture *fx)
{
	const char **names;
	struct system sys;
	size_t n = 0;

	is_int(system_load(&fx->app, &fx->call, SAMPLE_TENANT, INTERCOM_FAMILY, "studio", &sys), ERR_OK, "  a system");
	is_str(system_credential(&sys, "dbPassword"), "a password", "    its passwords");
	is_str(system_fact(&sys, "managerUrl"), "https://manager.example", "    its facts");
	is_int(system_made(&sys, SYSTEM_INSTANCE, "apache-couchdb", "studio"), SYSTEM_MADE, "    what was made");
	is_int(system_made(&sys, SYSTEM_SECRET, "apache-couchdb", "studiodb"), SYSTEM_INTENDED, "    or was about to be");
	is_int(system_made(&sys, SYSTEM_SECRET, "apache-couchdb", "studio"), SYSTEM_NOT_OURS, "    and what was not");
	is_int(system_names(&fx->app, &fx->call, SAMPLE_TENANT, INTERCOM_FAMILY, &names, &n), ERR_OK, "    in the list");
	ok(n == 1 && strcmp(names[0], "studio") == 0, "    by its name");
}

static void
check_operations(struct fixture *fx, const struct sample *s)
{
	struct operation op, *list;
	size_t n = 0;

	is_int(operation_list(&fx->app, &fx->call, SAMPLE_TENANT, &list, &n), ERR_OK, "  operations");
	is_int((int64_t)n, 2, "    both of them");
	if (!is_int(operation_load(&fx->app, &fx->call, SAMPLE_TENANT, s->running, &op), ERR_OK, "    one that runs"))
		return;
	ok(strcmp(op.kind, "intercom.create") == 0 && strcmp(op.system, "studio") == 0, "    what it does");
	is_str(op.session_id, s->cookie, "    with whose session");
	is_int(op.status, OPERATION_RUNNING, "    how it is");
	ok(op.polls == 3 && op.failures == 2 && op.missing == 1 && !op.cancel, "    its counts");
	is_int(op.wait_until_s, SAMPLE_NOW_S + 5, "    until when it waits");
	ok(op.created_at_s == SAMPLE_NOW_S && op.updated_at_s == SAMPLE_NOW_S, "    since when");
	is_str(json_string(op.input, "note"), "x", "    what it was given");
	ok(op.steps_n > 2 && op.steps[0].status == OPERATION_SUCCEEDED && op.steps[0].started_at_s == SAMPLE_NOW_S - 30 &&
	    op.steps[0].ended_at_s == SAMPLE_NOW_S - 20, "    a step that is done");
	ok(op.steps_n > 2 && op.steps[1].status == OPERATION_RUNNING && op.steps[2].status == OPERATION_PENDING,
	    "    one in hand, one to come");
	is_str(op.steps[1].detail, "it is starting", "    and what is going on");
	if (!is_int(operation_load(&fx->app, &fx->call, SAMPLE_TENANT, s->failed, &op), ERR_OK, "    one that failed"))
		return;
	is_int(op.status, OPERATION_FAILED, "    is one");
	ok(op.cancel && op.session_id == NULL, "    was to stop, holds no session");
	is_str(json_string(op.error, "detail"), "no", "    why");
	is_str(json_string(op.result, "url"), "https://stage.example", "    with what result");
}

/* Metadata are asked for again every hour in any case: where they are kept may change. */
static void
check_server(struct fixture *fx)
{
	struct oauth_server server;

	fixture_forget_replies(fx);
	fixture_reply(fx, 200, SAMPLE_METADATA);
	is_int(authority_server(&fx->app, &fx->call, &server), ERR_OK, "  the authorization server is known, or asked");
}

/* The sign-in that was under way ends here, with the registration that was kept. */
static void
check_signin(struct fixture *fx, const struct sample *s)
{
	struct signin_answer answer = { .code = "k", .state = s->state, .iss = SAMPLE_ISSUER, .cookie = s->browser };
	struct signin_done done;
	struct session got;
	const char *verifier, *challenge = NULL;

	fixture_forget_replies(fx);
	fixture_reply(fx, 200, SAMPLE_TOKENS);
	fixture_next_request(fx);
	is_int(signin_finish(&fx->app, &fx->call, &answer, &done), ERR_OK, "  a sign-in that was under way ends");
	is_int(fx->calls, 1, "    without registering again");
	ok(strstr(fx->last_body, "client_id=c1&client_secret=a%20secret") != NULL ||
	    strstr(fx->last_body, "client_id=c1&client_secret=a+secret") != NULL, "    as the same client");
	verifier = strstr(fx->last_body, "code_verifier=");
	if (verifier != NULL)
		challenge = oauth_pkce_challenge(&fx->arena, arena_strndup(&fx->arena, verifier + 14,
		    strcspn(verifier + 14, "&")));
	is_str(challenge, s->challenge, "    with the verifier of its challenge");
	is_str(done.return_to, "/page?x=1", "    to the page that was asked for");
	is_int(session_load(&fx->app, done.cookie, &fx->arena, &got), ERR_OK, "    which makes a session");
}

static bool
find_spent(void *ctx, const char *name, const struct store_record *rec)
{
	(void)rec;
	memcpy(ctx, name, strlen(name) + 1);
	return false;
}

static void
check_spent(struct fixture *fx, const struct sample *s)
{
	struct signin_answer answer = { .code = "k", .state = s->spent, .iss = SAMPLE_ISSUER, .cookie = s->spent_browser };
	char name[STORE_NAME_MAX + 1] = "";
	struct signin_done done;

	is_int(store_each(fx->app.store, "x:", find_spent, name), ERR_OK, "  a used state");
	fixture_forget_replies(fx);
	fixture_reply(fx, 200, SAMPLE_TOKENS);
	fixture_next_request(fx);
	is_int(signin_finish(&fx->app, &fx->call, &answer, &done), ERR_STATE_MISMATCH, "    is not taken again");
	is_int(store_remove(fx->app.store, name, STORE_LAZY), ERR_OK, "    as long as it is kept");
	fixture_next_request(fx);
	is_int(signin_finish(&fx->app, &fx->call, &answer, &done), ERR_OK, "    for that reason alone");
}

struct meanwhile {
	struct store *store;
	const char   *lease;
	enum err      found;
};

static void
try_lease(void *ctx)
{
	struct meanwhile *m = ctx;
	struct store_lease lease;

	m->found = store_lease_take(m->store, m->lease, &lease);
	if (m->found == ERR_OK)
		store_lease_release(m->store, &lease);
}

/* Those who wrote the sample may work on it at the same time: what excludes them must go by the same names. */
static void
check_leases(struct fixture *fx, const struct sample *s)
{
	char name[STORE_NAME_MAX + 1], hash[TENANT_HASH_LEN + 1];
	struct meanwhile m = { .store = fx->app.store, .lease = name, .found = ERR_OK };
	struct store_lease lease;
	struct operation op = { .tenant = SAMPLE_TENANT, .kind = "intercom.create", .system = "other" };
	struct session got;

	is_int(session_load(&fx->app, s->cookie, &fx->arena, &got), ERR_OK, "  who renews a session");
	snprintf(name, sizeof(name), "l:%s", got.name);
	fixture_forget_replies(fx);
	fixture_reply_while(fx, 200, RENEWED, try_lease, &m);
	fixture_next_request(fx);
	is_int(renew_token(&fx->app, &fx->call, &got, RENEW_ASKED), ERR_OK, "    can do so");
	is_str(got.access_token.reveal, "renewed", "    has a new token");
	is_int(m.found, ERR_BUSY, "    and has the lease of its name meanwhile");

	tenant_hash(SAMPLE_TENANT, hash);
	snprintf(name, sizeof(name), "work:%s", hash);
	fixture_forget_replies(fx);
	fixture_pass(fx, 60);
	fixture_next_request(fx);
	is_int(operation_load(&fx->app, &fx->call, SAMPLE_TENANT, s->running, &op), ERR_OK, "  who works for a tenant");
	is_int(store_lease_take(fx->app.store, name, &lease), ERR_OK, "    has a lease too");
	is_int(work_advance(&fx->app, &fx->call, &op, NULL, 0), ERR_OK, "    others show the work");
	is_int(fx->calls, 0, "    and do nothing");
	store_lease_release(fx->app.store, &lease);
	is_int(work_advance(&fx->app, &fx->call, &op, NULL, 0), ERR_OK, "    until it is free");
	ok(fx->calls > 0, "    then they go on");

	snprintf(name, sizeof(name), "o:%s:new", hash);
	op = (struct operation){ .tenant = SAMPLE_TENANT, .kind = "intercom.create", .system = "other" };
	is_int(store_lease_take(fx->app.store, name, &lease), ERR_OK, "  who begins something has one");
	is_int(operation_insert(&fx->app, &fx->call, &op), ERR_BUSY, "    and is alone at it");
	store_lease_release(fx->app.store, &lease);
}

static void
check_end(struct fixture *fx, const struct sample *s)
{
	struct session got;

	fx->now_ms = (int64_t)(SAMPLE_NOW_S + 86400 * 2) * 1000;
	is_int(session_load(&fx->app, s->cookie, &fx->arena, &got), ERR_NO_SESSION, "  all that ends, ends");
}

void
check_reads(struct fixture *fx, const struct sample *s, const char *where)
{
	fx->now_ms = (int64_t)(SAMPLE_NOW_S + 60) * 1000;
	fixture_next_request(fx);
	ok(true, "%s is read:", where);
	check_session(fx, s);
	check_aside(fx, s);
	check_system(fx);
	check_operations(fx, s);
	check_server(fx);
	check_spent(fx, s);
	check_signin(fx, s);
	check_leases(fx, s);
	check_end(fx, s);
}
