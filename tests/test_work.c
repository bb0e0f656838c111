/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "flow/convert.h"
#include "flow/intercom.h"
#include "flow/operation.h"
#include "flow/system.h"
#include "flow/tenant.h"
#include "flow/work.h"
#include "platform.h"
#include "session/session.h"
#include "tap.h"

#define TENANT   "acme"
#define ROUNDS   400	/* of looking, until an operation is given up for stuck */
#define KILLS    400

#define SFU      "eyevinn-docker-wrtc-sfu"
#define COUCHDB  "apache-couchdb"
#define MANAGER  "eyevinn-intercom-manager"

/* One test's world; `said` is where processes leave word. */
struct world {
	struct platform *platform;
	struct site      site;
	struct arena     arena;
	struct call      call;
	char             dir[64];
	struct said {
		enum operation_status status;
		char session[SESSION_ID_LEN + 1], id[OPERATION_ID_LEN + 1], detail[512];
		bool holds_session;
	} *said;
};

static void
no_log(const char *line, size_t len)
{
	(void)line;
	(void)len;
}

static void
enter(struct world *w)
{
	site_open(&w->site, w->platform, w->dir);
	arena_init(&w->arena, 256 * 1024 * 1024);
	w->call = (struct call){ .arena = &w->arena, .request_id = "test" };
}

static void
leave(struct world *w)
{
	site_close(&w->site);
	arena_free(&w->arena);
}

/* A world with a visitor who is signed in. */
static void
world_open(struct world *w, struct platform *p)
{
	struct session s = { .redirect_uri = "https://site.example/auth/callback" };

	memset(w, 0, sizeof(*w));
	platform_reset(p);
	w->platform = p;
	w->said = mmap(NULL, sizeof(*w->said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	/* In memory where there is such a place: what is killed here is a process, not the machine. */
	snprintf(w->dir, sizeof(w->dir), "%s/oscgi-work.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (w->said == MAP_FAILED || mkdtemp(w->dir) == NULL)
		abort();
	enter(w);
	s.access_token.reveal = "pat";
	s.signed_in_at_s = s.used_at_s = s.issued_at_s = p->now_s;
	s.expires_at_s = p->now_s + 500000;
	if (session_insert(&w->site.app, &w->arena, &s) != ERR_OK)
		abort();
	memcpy(w->said->session, s.id, sizeof(w->said->session));
	leave(w);
}

static void
world_close(struct world *w)
{
	char command[128];

	munmap(w->said, sizeof(*w->said));
	snprintf(command, sizeof(command), "rm -rf '%s'", w->dir);
	if (system(command) != 0)
		printf("# %s stays\n", w->dir);
}

static void
remember(struct world *w, const struct operation *op)
{
	w->said->status = op->status;
	w->said->holds_session = op->session_id != NULL;
	snprintf(w->said->id, sizeof(w->said->id), "%s", op->id);
	snprintf(w->said->detail, sizeof(w->said->detail), "%s",
	    op->error != NULL ? json_string(op->error, "detail") : "");
}

static void
begin(struct world *w, const struct recipe *recipe, const char *system, const char *input)
{
	struct operation op;
	struct json *j;
	enum err e;

	enter(w);
	if (json_parse(&w->arena, input, strlen(input), &j) != ERR_OK)
		abort();
	e = work_begin(&w->site.app, &w->call, recipe, TENANT, w->said->session, system, j, &op);
	if (e == ERR_OK)
		remember(w, &op);
	else
		printf("# begin: %s\n", err_info(e)->name);
	leave(w);
}

/* Look again and again, time passing as it likes, until it ends. */
static void
work_on(struct world *w)
{
	struct operation op;
	enum err e;

	enter(w);
	e = operation_load(&w->site.app, &w->call, TENANT, w->said->id, &op);
	for (int i = 0; e == ERR_OK && i < ROUNDS && !operation_has_ended(&op); i++) {
		e = work_advance(&w->site.app, &w->call, &op, NULL, 0);
		if (op.wait_until_s > w->platform->now_s)
			w->platform->now_s = op.wait_until_s;
	}
	if (e != ERR_OK)
		printf("# work: %s\n", err_info(e)->name);
	remember(w, &op);
	leave(w);
}

static void
work_there(void *ctx)
{
	work_on(ctx);
}

/* The same in a process that is killed at a call of its; true: it lived to the end. */
static bool
work_and_die(struct world *w, int at, bool before)
{
	return platform_outlived(w->platform, work_there, w, at, before);
}

static void
run(struct world *w, const struct recipe *recipe, const char *system, const char *input)
{
	begin(w, recipe, system, input);
	work_on(w);
}

/* A recipe with what it is to start from and to leave behind. */
struct story {
	const char          *name;
	const struct recipe *before, *recipe;	/* before: what was done already; may be NULL */
	const char          *system, *input;
	bool                 lost;	/* what was remembered of it is gone */
};

static const struct story stories[] = {
	{ "making an intercom", NULL, &intercom_create, "studio", "{}", false },
	{ "removing an intercom", &intercom_create, &intercom_delete, "studio", "{}", false },
	{ "making a pipeline", NULL, &convert_make, CONVERT_NAME, "{\"streaming\":true}", false },
	{ "mending a pipeline", &convert_make, &convert_make, CONVERT_NAME, "{\"streaming\":true}", true },
	{ "removing a pipeline", &convert_make, &convert_remove, CONVERT_NAME, "{\"streaming\":true}", false },
	{ "removing its storage too", &convert_make, &convert_remove, CONVERT_NAME,
	    "{\"streaming\":true,\"storage\":true}", false },
};

static void
lose(struct world *w, const char *family, const char *name)
{
	struct system sys;

	enter(w);
	if (system_load(&w->site.app, &w->call, TENANT, family, name, &sys) != ERR_OK || system_forget(&sys) != ERR_OK)
		abort();
	leave(w);
}

static void
prepare(struct world *w, struct platform *p, const struct story *s)
{
	world_open(w, p);
	if (s->before != NULL)
		run(w, s->before, s->system, s->input);
	if (s->lost)
		lose(w, s->before->family, s->system);
}

/* Killed at every call, before and after it took effect: the same in the end, nothing made twice. */
static void
test_kills(struct platform *p, const struct story *s)
{
	int bad = 0, kills = 0;
	struct arena a;
	const char *want;
	struct world w;
	bool lived;

	arena_init(&a, 4 * 1024 * 1024);
	prepare(&w, p, s);
	run(&w, s->recipe, s->system, s->input);
	is_int(w.said->status, OPERATION_SUCCEEDED, "%s succeeds (%s)", s->name, w.said->detail);
	want = platform_summary(p, &a);
	printf("# leaves: %s\n", want);
	world_close(&w);
	for (int at = 1; at < KILLS; at++) {
		lived = true;
		for (int before = 0; before < 2; before++) {
			const char *got;

			prepare(&w, p, s);
			begin(&w, s->recipe, s->system, s->input);
			lived = work_and_die(&w, at, before) && lived;
			work_on(&w);
			got = platform_summary(p, &a);
			if (w.said->status != OPERATION_SUCCEEDED || strcmp(got, want) != 0) {
				printf("# killed %s call %d: %s, %s\n", before ? "before" : "after", at,
				    operation_status_name(w.said->status), w.said->detail);
				printf("#   left: %s\n", got);
				bad++;
			}
			kills++;
			world_close(&w);
		}
		if (lived)
			break;
	}
	ok(bad == 0 && kills > 10, "%s ends the same after %d kills, each at another call", s->name, kills);
	arena_free(&a);
}

/*
 * What else must be so
 */

static void
test_credentials(struct platform *p)
{
	struct system sys;
	struct world w;

	world_open(&w, p);
	run(&w, &intercom_create, "studio", "{}");
	ok(!w.said->holds_session, "an operation that has ended holds no session");
	enter(&w);
	is_int(system_load(&w.site.app, &w.call, TENANT, "intercom", "studio", &sys), ERR_OK,
	    "what was generated is kept under the tenant");
	ok(system_credential(&sys, "dbPassword") != NULL, "with the database's password");
	is_int(system_load(&w.site.app, &w.call, "other", "intercom", "studio", &sys), ERR_NOT_FOUND,
	    "and not under another's");
	leave(&w);
	run(&w, &intercom_delete, "studio", "{}");
	enter(&w);
	is_int(system_load(&w.site.app, &w.call, TENANT, "intercom", "studio", &sys), ERR_NOT_FOUND,
	    "until the system is removed");
	is_str(platform_summary(p, &w.arena), "",
	    "removing it leaves no instance and no secret");
	leave(&w);
	world_close(&w);
}

/* An address of a length that nobody could remember: an answer, and not the end of the process that works for all. */
static void
test_too_much(struct platform *p)
{
	static char long_text[STORE_VALUE_MAX + 1];
	struct system sys;
	struct world w;

	memset(long_text, 'x', sizeof(long_text) - 1);
	world_open(&w, p);
	enter(&w);
	is_int(system_load(&w.site.app, &w.call, TENANT, "intercom", "studio", &sys), ERR_NOT_FOUND, "a new system");
	system_fact_set(&sys, "sfuUrl", long_text);
	is_int(system_save(&sys), ERR_TOO_LARGE, "more than fits a record is refused");
	ok(w.call.detail != NULL && strstr(w.call.detail, "studio") != NULL, "with words: %s", w.call.detail);
	system_fact_set(&sys, "sfuUrl", "https://sfu.example");
	is_int(system_save(&sys), ERR_OK, "what fits is stored");
	system_fact_set(&sys, "dbUrl", long_text);
	is_int(system_save(&sys), ERR_TOO_LARGE, "and is as it was when more comes later");
	leave(&w);
	world_close(&w);
}

static void
test_exact_clean_up(struct platform *p)
{
	struct platform_thing *db;
	struct world w;

	world_open(&w, p);
	platform_add(p, PLATFORM_SERVICE, COUCHDB, "", "");
	platform_add(p, PLATFORM_SECRET, COUCHDB, "mine", "secret1");
	db = platform_add(p, PLATFORM_INSTANCE, COUCHDB, "studio",
	    "{\"name\":\"studio\",\"AdminPassword\":\"{{secrets.mine}}\"}");
	run(&w, &intercom_create, "studio", "{}");
	is_int(w.said->status, OPERATION_SUCCEEDED, "a database that is there is used (%s)", w.said->detail);
	is_int(db->made, 1, "and not made again");
	is_int(db->restarts, 1, "its unknown password is changed, with one restart");
	run(&w, &intercom_delete, "studio", "{}");
	is_int(w.said->status, OPERATION_SUCCEEDED, "removing the system (%s)", w.said->detail);
	ok(db->there, "leaves the database that was there before");
	ok(platform_find(p, PLATFORM_SECRET, COUCHDB, "mine")->there, "and its secret");
	ok(!platform_find(p, PLATFORM_INSTANCE, MANAGER, "studio")->there, "and takes the manager away");
	world_close(&w);
}

/* Between our looking and our making, somebody else makes it. */
static void
test_race(struct platform *p)
{
	struct world w;

	world_open(&w, p);
	strcpy(p->race, COUCHDB);
	run(&w, &intercom_create, "studio", "{}");
	is_int(w.said->status, OPERATION_SUCCEEDED, "what somebody else made at the same time is used (%s)", w.said->detail);
	is_int(platform_find(p, PLATFORM_INSTANCE, COUCHDB, "studio")->made, 1, "once");
	run(&w, &intercom_delete, "studio", "{}");
	ok(platform_find(p, PLATFORM_INSTANCE, COUCHDB, "studio")->there, "and left where it is: we did not make it");
	ok(!platform_find(p, PLATFORM_INSTANCE, SFU, "studio")->there, "unlike what we made");
	world_close(&w);
}

static const char *
secret_of(struct platform *p, const char *service, const char *name)
{
	const struct platform_thing *t = platform_find(p, PLATFORM_SECRET, service, name);

	return t != NULL && t->there ? t->value : "none";
}

/* Nobody knows the passwords any more: new ones, for all who use them. */
static void
test_mending(struct platform *p)
{
	char was[128];
	const char *password, *queue;
	struct world w;

	world_open(&w, p);
	run(&w, &convert_make, CONVERT_NAME, "{\"streaming\":true}");
	snprintf(was, sizeof(was), "%s", secret_of(p, CONVERT_STORAGE, "encoresharedrootpassword"));
	lose(&w, CONVERT_FAMILY, CONVERT_NAME);
	run(&w, &convert_make, CONVERT_NAME, "{\"streaming\":true}");
	is_int(w.said->status, OPERATION_SUCCEEDED, "the pipeline is mended (%s)", w.said->detail);
	password = secret_of(p, CONVERT_STORAGE, "encoresharedrootpassword");
	ok(strcmp(was, password) != 0, "with a new password");
	is_str(secret_of(p, CONVERT_PROFILES, "encoresharedrootpassword"), password, "that the profile server knows");
	is_str(secret_of(p, CONVERT_ENCODER, "encoresharedrootpassword"), password, "the encoder");
	is_str(secret_of(p, CONVERT_PACKAGER, "encoresharedrootpassword"), password, "and the packager");
	queue = secret_of(p, CONVERT_QUEUE, "encoresharedredispassword");
	ok(strstr(secret_of(p, CONVERT_LISTENER, "encoresharedredisurl"), queue) != NULL, "the queue's the listener");
	ok(strstr(secret_of(p, CONVERT_PACKAGER, "encoresharedredisurl"), queue) != NULL, "and the packager");
	is_int(platform_find(p, PLATFORM_INSTANCE, CONVERT_STORAGE, CONVERT_NAME)->made, 1, "the storage stays, with its files");
	is_int(platform_find(p, PLATFORM_INSTANCE, CONVERT_STORAGE, CONVERT_NAME)->restarts, 1, "restarted once");
	is_int(platform_find(p, PLATFORM_INSTANCE, CONVERT_ENCODER, CONVERT_NAME)->made, 2, "the encoder is made anew");
	is_int(platform_find(p, PLATFORM_INSTANCE, CONVERT_PROFILES, CONVERT_NAME)->restarts, 1, "the others start again");
	run(&w, &convert_make, CONVERT_NAME, "{\"streaming\":true}");
	is_int(w.said->status, OPERATION_SUCCEEDED, "once more");
	is_int(platform_find(p, PLATFORM_INSTANCE, CONVERT_PROFILES, CONVERT_NAME)->restarts, 1, "and there is nothing to do");
	world_close(&w);
}

/* A queue that was there, whose password stands in its document. */
static void
test_known_password(struct platform *p)
{
	struct world w;

	world_open(&w, p);
	platform_add(p, PLATFORM_SERVICE, CONVERT_QUEUE, "", "");
	platform_add(p, PLATFORM_INSTANCE, CONVERT_QUEUE, CONVERT_NAME, "{\"name\":\"encoreshared\",\"Password\":\"p@ss/w:d\"}");
	run(&w, &convert_make, CONVERT_NAME, "{\"streaming\":true}");
	is_int(w.said->status, OPERATION_SUCCEEDED, "a queue that is there is used (%s)", w.said->detail);
	is_int(platform_find(p, PLATFORM_INSTANCE, CONVERT_QUEUE, CONVERT_NAME)->restarts, 0, "as it is");
	ok(strncmp(secret_of(p, CONVERT_LISTENER, "encoresharedredisurl"), "redis://default:p%40ss%2Fw%3Ad@", 31) == 0,
	    "with its password, as an address spells it (%s)", secret_of(p, CONVERT_LISTENER, "encoresharedredisurl"));
	world_close(&w);
}

static void
test_failure_and_retry(struct platform *p)
{
	struct operation op;
	struct world w;

	world_open(&w, p);
	strcpy(p->refuse, MANAGER);
	run(&w, &intercom_create, "studio", "{}");
	is_int(w.said->status, OPERATION_FAILED, "a refusal ends it");
	ok(strstr(w.said->detail, "your plan does not allow") != NULL, "with the platform's words: %s", w.said->detail);
	ok(!w.said->holds_session, "a failed one holds no session");
	p->refuse[0] = '\0';
	enter(&w);
	is_int(operation_load(&w.site.app, &w.call, TENANT, w.said->id, &op), ERR_OK, "it is found");
	is_int(work_retry(&w.site.app, &w.call, &op, w.said->session), ERR_OK, "and can be retried");
	is_int(work_retry(&w.site.app, &w.call, &op, w.said->session), ERR_CONFLICT, "once");
	is_int(op.steps[2].status, OPERATION_SUCCEEDED, "from where it failed");
	leave(&w);
	work_on(&w);
	is_int(w.said->status, OPERATION_SUCCEEDED, "to its end");
	is_int(platform_find(p, PLATFORM_INSTANCE, SFU, "studio")->made, 1, "what had succeeded is not made again");
	world_close(&w);

	world_open(&w, p);
	strcpy(p->fail, SFU);
	run(&w, &intercom_create, "studio", "{}");
	is_int(w.said->status, OPERATION_FAILED, "an instance that fails ends it");
	ok(strstr(w.said->detail, "out of disk") != NULL, "with the end of its logs");
	world_close(&w);
}

static void
test_session_end(struct platform *p)
{
	char name[SESSION_NAME_LEN + 1];
	struct session s = { .redirect_uri = "x" };
	struct operation op;
	struct world w;

	world_open(&w, p);
	begin(&w, &intercom_create, "studio", "{}");
	ok(w.said->holds_session, "an unfinished one holds its session");
	enter(&w);
	session_name_of(w.said->session, name);
	is_int(session_end(&w.site.app, name), ERR_OK, "the session ends");
	leave(&w);
	work_on(&w);
	is_int(w.said->status, OPERATION_FAILED, "and so does its operation");
	ok(strstr(w.said->detail, "sign in and retry") != NULL, "which says what to do");
	is_int(p->calls, 0, "without a call");
	enter(&w);
	s.access_token.reveal = "pat";
	s.signed_in_at_s = s.used_at_s = s.issued_at_s = p->now_s;
	s.expires_at_s = p->now_s + 500000;
	is_int(session_insert(&w.site.app, &w.arena, &s), ERR_OK, "the visitor signs in again");
	is_int(operation_load(&w.site.app, &w.call, "other", w.said->id, &op), ERR_NOT_FOUND,
	    "another tenant does not find it");
	w.call.failed = ERR_OK;
	is_int(operation_load(&w.site.app, &w.call, TENANT, w.said->id, &op), ERR_OK, "the visitor does");
	is_int(work_retry(&w.site.app, &w.call, &op, s.id), ERR_OK, "and retries");
	leave(&w);
	work_on(&w);
	is_int(w.said->status, OPERATION_SUCCEEDED, "with the new session it goes on to its end");
	world_close(&w);
}

static void
test_cancel(struct platform *p)
{
	struct operation op;
	struct world w;

	world_open(&w, p);
	begin(&w, &intercom_create, "studio", "{}");
	enter(&w);
	is_int(operation_load(&w.site.app, &w.call, TENANT, w.said->id, &op), ERR_OK, "one under way");
	while (op.steps[2].status != OPERATION_SUCCEEDED) {
		if (work_advance(&w.site.app, &w.call, &op, NULL, 0) != ERR_OK)
			break;
		p->now_s += 10;
	}
	is_int(work_cancel(&w.site.app, &w.call, &op, NULL), ERR_OK, "is asked to stop");
	is_int(op.status, OPERATION_CANCELLED, "and does");
	ok(op.session_id == NULL, "holding no session");
	ok(platform_find(p, PLATFORM_INSTANCE, SFU, "studio")->there, "what it made stays");
	is_int(op.steps[2].status, OPERATION_SUCCEEDED, "and is listed");
	is_int(op.steps[3].status, OPERATION_CANCELLED, "what it did not come to is cancelled");
	leave(&w);
	begin(&w, &intercom_delete, "studio", "{}");
	work_on(&w);
	ok(!platform_find(p, PLATFORM_INSTANCE, SFU, "studio")->there, "removing the system finds it all the same");
	world_close(&w);
}

static void
test_one_at_a_time(struct platform *p)
{
	struct store_lease lease;
	struct operation op;
	struct world w;
	struct json *input;

	world_open(&w, p);
	begin(&w, &intercom_create, "studio", "{}");
	enter(&w);
	input = json_object(&w.arena);
	is_int(work_begin(&w.site.app, &w.call, &intercom_delete, TENANT, w.said->session, "studio", input, &op),
	    ERR_CONFLICT, "no second one works on the same system");
	w.call = (struct call){ .arena = &w.arena, .request_id = "test" };
	is_int(operation_load(&w.site.app, &w.call, TENANT, w.said->id, &op), ERR_OK, "one under way");
	{
		char name[STORE_NAME_MAX + 1];

		snprintf(name, sizeof(name), "work:%.43s", op.name + 2);
		is_int(store_lease_take(w.site.app.store, name, &lease), ERR_OK, "while another advances it");
	}
	is_int(work_advance(&w.site.app, &w.call, &op, NULL, 1000), ERR_OK, "looking at it is fine");
	is_int(p->calls, 0, "and does nothing");
	store_lease_release(w.site.app.store, &lease);
	leave(&w);
	work_on(&w);
	is_int(w.said->status, OPERATION_SUCCEEDED, "afterwards it goes on");
	world_close(&w);
}

/* Another who begins or restarts something for the tenant right now. */
static void
test_gate(struct platform *p)
{
	struct store_lease gate;
	char failed[OPERATION_ID_LEN + 1];
	struct operation op;
	struct world w;

	world_open(&w, p);
	strcpy(p->refuse, SFU);
	run(&w, &intercom_create, "studio", "{}");
	p->refuse[0] = '\0';
	enter(&w);
	is_int(operation_load(&w.site.app, &w.call, TENANT, w.said->id, &op), ERR_OK, "one that has failed");
	is_int(operation_gate(&w.site.app, TENANT, &gate), ERR_OK, "while another looks what is under way");
	is_int(work_retry(&w.site.app, &w.call, &op, w.said->session), ERR_BUSY, "is not restarted");
	store_lease_release(w.site.app.store, &gate);
	leave(&w);
	strcpy(failed, w.said->id);
	begin(&w, &intercom_delete, "studio", "{}");
	enter(&w);
	is_int(operation_load(&w.site.app, &w.call, TENANT, failed, &op), ERR_OK, "(once more)");
	is_int(work_retry(&w.site.app, &w.call, &op, w.said->session), ERR_CONFLICT, "nor once that one has begun something");
	leave(&w);
	world_close(&w);
}

/* A visitor who begins and stops, over and over. */
static void
test_many(struct platform *p)
{
	struct operation op, *list;
	char system[24];
	struct world w;
	size_t n = 0;
	enum err e;

	world_open(&w, p);
	for (int i = 0; i < OPERATION_KEPT_MAX + 20; i++) {
		begin(&w, &intercom_create, "studio", "{}");
		enter(&w);
		e = operation_load(&w.site.app, &w.call, TENANT, w.said->id, &op);
		if (e == ERR_OK)
			e = work_cancel(&w.site.app, &w.call, &op, NULL);
		leave(&w);
		p->now_s++;
		if (e != ERR_OK)
			break;
	}
	enter(&w);
	is_int(operation_list(&w.site.app, &w.call, TENANT, &list, &n), ERR_OK, "their operations are listed");
	is_int((int64_t)n, OPERATION_KEPT_MAX, "only so many are kept");
	ok(n > 0 && strcmp(list[0].id, w.said->id) == 0, "the newest among them");
	is_int(operation_list_unfinished(&w.site.app, &w.call, &list, &n), ERR_OK, "the worker looks for its work");
	is_int((int64_t)n, 0, "and finds none of them");
	for (int i = 0; i < OPERATION_UNFINISHED_MAX; i++) {
		snprintf(system, sizeof(system), "s%d", i);
		e = work_begin(&w.site.app, &w.call, &intercom_create, TENANT, w.said->session, system,
		    json_object(&w.arena), &op);
		if (e != ERR_OK)
			break;
	}
	is_int(e, ERR_OK, "many may be under way");
	is_int(work_begin(&w.site.app, &w.call, &intercom_create, TENANT, w.said->session, "more", json_object(&w.arena), &op),
	    ERR_TOO_MANY, "but not any number");
	is_int(operation_list_unfinished(&w.site.app, &w.call, &list, &n), ERR_OK, "the worker");
	is_int((int64_t)n, OPERATION_UNFINISHED_MAX, "finds these");
	leave(&w);
	world_close(&w);
}

static void
test_suspended(struct platform *p)
{
	struct platform_thing *sfu;
	struct world w;

	world_open(&w, p);
	run(&w, &intercom_create, "studio", "{}");
	sfu = platform_find(p, PLATFORM_INSTANCE, SFU, "studio");
	sfu->there = false;
	platform_add(p, PLATFORM_SUSPENDED, SFU, "studio", "");
	run(&w, &intercom_create, "studio", "{}");
	is_int(w.said->status, OPERATION_SUCCEEDED, "making it again mends it (%s)", w.said->detail);
	ok(sfu->there && sfu->made == 1, "what was suspended is resumed, not made again");
	platform_add(p, PLATFORM_SUSPENDED, SFU, "studio", "");
	sfu->there = false;
	run(&w, &intercom_delete, "studio", "{}");
	ok(!platform_find(p, PLATFORM_SUSPENDED, SFU, "studio")->there, "and removed while it is suspended");
	world_close(&w);
}

/* As a newer or older version stores one; returns its version. */
static uint64_t
begin_strange(struct world *w, const char *kind, const char *step)
{
	struct operation_step steps[] = { { .name = step, .service_id = SFU, .instance = "studio" } };
	struct operation op = { .tenant = TENANT, .kind = kind, .system = "studio", .session_id = w->said->session,
		.steps = steps, .steps_n = 1 };

	enter(w);
	if (operation_insert(&w->site.app, &w->call, &op) != ERR_OK)
		abort();
	remember(w, &op);
	leave(w);
	return op.version;
}

static bool
never(void)
{
	return false;
}

static void
test_strange(struct platform *p)
{
	static const struct { const char *name, *kind, *step; } cases[] = {
		{ "of a kind that is not known here", "intercom.paint", "paint" },
		{ "with a step that is not known here", "intercom.create", "paint" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct operation op;
		struct world w;
		uint64_t version;
		int unfinished;

		world_open(&w, p);
		version = begin_strange(&w, cases[i].kind, cases[i].step);
		enter(&w);
		is_int(operation_load(&w.site.app, &w.call, TENANT, w.said->id, &op), ERR_OK, "an operation %s is read",
		    cases[i].name);
		is_int(work_advance(&w.site.app, &w.call, &op, NULL, 0), ERR_OK, "  a look at it is fine");
		is_int(work_all(&w.site.app, 0, never, &unfinished), ERR_OK, "  the worker's too");
		is_int(unfinished, 1, "  it stays unfinished");
		is_int(operation_load(&w.site.app, &w.call, TENANT, w.said->id, &op), ERR_OK, "  afterwards");
		ok(op.version == version, "  it is as its own version wrote it");
		p->now_s += 3599;
		is_int(work_advance(&w.site.app, &w.call, &op, NULL, 0), ERR_OK, "  nearly an hour later");
		is_int(op.status, OPERATION_PENDING, "  it is still left to others");
		p->now_s += 1;
		is_int(work_advance(&w.site.app, &w.call, &op, NULL, 0), ERR_OK, "  when none of them came for an hour");
		is_int(op.status, OPERATION_FAILED, "  it fails");
		ok(strstr(json_string(op.error, "detail"), "another version") != NULL, "  and says why: %s",
		    json_string(op.error, "detail"));
		leave(&w);
		begin_strange(&w, cases[i].kind, cases[i].step);
		enter(&w);
		is_int(operation_load(&w.site.app, &w.call, TENANT, w.said->id, &op), ERR_OK, "  another one");
		is_int(work_cancel(&w.site.app, &w.call, &op, NULL), ERR_OK, "  can be cancelled here");
		is_int(op.status, OPERATION_CANCELLED, "  at once");
		leave(&w);
		world_close(&w);
	}
}

static void
test_worker(struct platform *p)
{
	int unfinished = 1;
	struct world w;

	world_open(&w, p);
	begin(&w, &intercom_create, "studio", "{}");
	enter(&w);
	for (int i = 0; i < ROUNDS && unfinished > 0; i++) {
		if (work_all(&w.site.app, 1000, never, &unfinished) != ERR_OK)
			break;
		p->now_s += 10;
	}
	leave(&w);
	work_on(&w);
	is_int(unfinished, 0, "the worker brings everything to its end");
	is_int(w.said->status, OPERATION_SUCCEEDED, "with nobody looking");
	world_close(&w);
}

static int turns_left;

static bool
after_turns(void)
{
	return turns_left-- == 0;
}

static void
test_worker_told_to_end(struct platform *p)
{
	struct operation *list;
	int unfinished, begun = 0;
	struct world w;
	size_t n;

	world_open(&w, p);
	begin(&w, &intercom_create, "studio", "{}");
	begin(&w, &intercom_create, "stage", "{}");
	enter(&w);
	turns_left = 1;
	is_int(work_all(&w.site.app, 0, after_turns, &unfinished), ERR_OK, "a worker that is told to end");
	is_int(unfinished, 1, "ends after the operation in hand");
	if (operation_list(&w.site.app, &w.call, TENANT, &list, &n) != ERR_OK)
		abort();
	for (size_t i = 0; i < n; i++)
		begun += list[i].status != OPERATION_PENDING;
	is_int(begun, 1, "and leaves the other as it is");
	leave(&w);
	world_close(&w);
}

/* What was kept of one visitor's system cannot be opened: that is nobody else's trouble. */
static void
test_lost_key(struct platform *p)
{
	char hash[TENANT_HASH_LEN + 1], name[STORE_NAME_MAX + 1], theirs[OPERATION_ID_LEN + 1];
	int unfinished = 0;
	struct operation op;
	struct world w;
	uint64_t version;

	world_open(&w, p);
	enter(&w);
	is_int(work_begin(&w.site.app, &w.call, &intercom_create, "other", w.said->session, "studio",
	    json_object(&w.arena), &op), ERR_OK, "one visitor begins something");
	memcpy(theirs, op.id, sizeof(theirs));
	leave(&w);
	p->now_s++;
	begin(&w, &intercom_create, "studio", "{}");
	enter(&w);
	tenant_hash(TENANT, hash);
	snprintf(name, sizeof(name), "k:%s:intercom:studio", hash);
	is_int(store_put(w.site.app.store, name, "sealed long ago", 15, STORE_NO_EXPIRY, STORE_INSERT, STORE_DURABLE, &version),
	    ERR_OK, "another, of whose system something was kept that cannot be opened");
	for (int i = 0; i < 40; i++) {
		if (work_all(&w.site.app, 1000, never, &unfinished) != ERR_OK)
			break;
		p->now_s += 10;
	}
	is_int(operation_load(&w.site.app, &w.call, "other", theirs, &op), ERR_OK, "the first visitor's");
	is_int(op.status, OPERATION_SUCCEEDED, "is brought to its end all the same");
	is_int(operation_load(&w.site.app, &w.call, TENANT, w.said->id, &op), ERR_OK, "the other's");
	is_int(op.status, OPERATION_RUNNING, "waits");
	ok(op.steps[0].detail != NULL && strstr(op.steps[0].detail, "cannot be opened") != NULL, "and says for what");
	is_int(store_remove(w.site.app.store, name, STORE_DURABLE), ERR_OK, "once that is mended");
	leave(&w);
	work_on(&w);
	is_int(w.said->status, OPERATION_SUCCEEDED, "it goes on to its end");
	world_close(&w);
}

int
main(void)
{
	struct platform *p = platform_open();

	log_set_sink(no_log);
	test_credentials(p);
	test_too_much(p);
	test_exact_clean_up(p);
	test_race(p);
	test_mending(p);
	test_known_password(p);
	test_failure_and_retry(p);
	test_session_end(p);
	test_cancel(p);
	test_one_at_a_time(p);
	test_gate(p);
	test_many(p);
	test_suspended(p);
	test_strange(p);
	test_worker(p);
	test_worker_told_to_end(p);
	test_lost_key(p);
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++)
		test_kills(p, &stories[i]);
	platform_close(p);
	return done_testing();
}
