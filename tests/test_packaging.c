/* SPDX-License-Identifier: MIT */
/* Jobs for streaming, whose playlists stay away for one reason or another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "flow/convert.h"
#include "flow/convert_files.h"
#include "flow/convert_packaging.h"
#include "flow/system.h"
#include "osc/encore.h"
#include "platform.h"
#include "session/session.h"
#include "tap.h"

#define TENANT "acme"
#define JOB    "job-1"
#define FOLDER "packaged/show/" JOB "/"
#define CALLS  40	/* of one look, at most */

static const struct osc_platform urls = { .catalog = "https://catalog.example", .token = "https://token.example",
	.deploy = "https://deploy.example", .money = "https://money.example" };

/* One visitor with a pipeline for streaming; the packager has the token "pat-1", good for an hour from the start. */
struct world {
	struct platform  *platform;
	struct site       site;
	struct arena      arena;
	struct call       call;
	struct session    session;
	struct osc_client osc;
	struct convert    cv;
	char              dir[64];
	int64_t           begun_s;
};

static void
no_log(const char *line, size_t len)
{
	(void)line;
	(void)len;
}

/* A request of its own. */
static void
enter(struct world *w)
{
	site_open(&w->site, w->platform, w->dir);
	arena_init(&w->arena, 16 * 1024 * 1024);
	w->call = (struct call){ .arena = &w->arena, .request_id = "test" };
	w->osc = (struct osc_client){ .http = w->site.app.http, .clock = w->site.app.clock, .platform = &urls,
		.call = &w->call, .access_token = w->session.access_token };
	w->cv = (struct convert){ .app = &w->site.app, .call = &w->call, .osc = &w->osc, .session = &w->session,
		.tenant = TENANT };
}

static void
leave(struct world *w)
{
	site_close(&w->site);
	arena_free(&w->arena);
}

/* The session's token from now on. */
static void
has_token(struct world *w, const char *token)
{
	w->session.access_token.reveal = token;
	w->session.expires_at_s = w->platform->now_s + 3600;
}

static void
world_open(struct world *w, struct platform *p)
{
	static const char *const services[] = { CONVERT_STORAGE, CONVERT_ENCODER, CONVERT_LISTENER, CONVERT_PACKAGER };
	struct system sys;

	memset(w, 0, sizeof(*w));
	platform_reset(p);
	w->platform = p;
	w->begun_s = p->now_s;
	snprintf(w->dir, sizeof(w->dir), "%s/oscgi-packaging.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(w->dir) == NULL)
		abort();
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		platform_add(p, PLATFORM_SERVICE, services[i], "", "");
		platform_add(p, PLATFORM_INSTANCE, services[i], CONVERT_NAME, "{\"RootPassword\":\"secret\"}")->looks = 2;
	}
	has_token(w, "pat-1");
	enter(w);
	if (convert_load(&w->cv, &sys) != ERR_OK)
		abort();
	system_credential_set(&sys, CONVERT_STORAGE_USER, "admin");
	system_credential_set(&sys, CONVERT_STORAGE_PASSWORD, "secret");
	system_fact_set(&sys, CONVERT_FACT_STORAGE_URL, "https://" CONVERT_NAME "." CONVERT_STORAGE ".osaas.io");
	system_fact_set(&sys, CONVERT_FACT_ENCODER_URL, "https://" CONVERT_NAME "." CONVERT_ENCODER ".osaas.io");
	system_fact_set(&sys, CONVERT_FACT_LISTENER_URL, "https://" CONVERT_NAME "." CONVERT_LISTENER ".osaas.io");
	system_fact_set(&sys, CONVERT_FACT_READY, "yes");
	system_fact_set(&sys, CONVERT_FACT_STREAMING, "yes");
	if (packaging_prepare(&w->cv, &sys) != ERR_OK)
		abort();
	leave(w);
}

static void
world_close(struct world *w)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", w->dir);
	if (system(command) != 0)
		printf("# %s stays\n", w->dir);
}

static void
pass(struct world *w, int seconds)
{
	w->platform->now_s += seconds;
}

static const char *
iso(struct world *w, struct arena *a)
{
	time_t t = (time_t)w->platform->now_s;
	char date[32];
	struct tm tm;

	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S.000+00:00", gmtime_r(&t, &tm));
	return arena_strdup(a, date);
}

/* The job as the encoder has it now. */
static void
job_is(struct world *w, const char *status)
{
	struct arena a;

	arena_init(&a, 65536);
	platform_add(w->platform, PLATFORM_JOB, CONVERT_ENCODER, JOB, arena_printf(&a, "{\"id\":\"" JOB "\",\"status\":\"%s\","
	    "\"baseName\":\"show\",\"inputs\":[{\"uri\":\"s3://input/x/show.mp4\"}],\"completedDate\":\"%s\","
	    "\"progressCallbackUri\":\"https://" CONVERT_NAME "." CONVERT_LISTENER ".osaas.io/encoreCallback\"}", status,
	    iso(w, &a)));
	arena_free(&a);
}

static void
file_comes(struct world *w, const char *name)
{
	platform_add(w->platform, PLATFORM_FILE, CONVERT_STORAGE, name, "");
}

/* What a browser is told: "packaging outputs", and the message where there is one. */
static const char *
look(struct world *w)
{
	static char said[512];
	struct json *doc = NULL;
	const char *packaging, *message;
	enum err e;

	enter(w);
	e = convert_job(&w->cv, JOB, &doc);
	packaging = json_string(doc, "packaging");
	message = json_string(doc, "message");
	snprintf(said, sizeof(said), "%s %zu%s%.9s", e != ERR_OK ? err_info(e)->name : packaging != NULL ? packaging : "null",
	    json_count(json_get(doc, "outputs")), message != NULL ? " " : "", message != NULL ? message : "");
	leave(w);
	return said;
}

static int
told(struct world *w)
{
	const struct platform_thing *t = platform_find(w->platform, PLATFORM_TOLD, "", JOB);

	return t == NULL ? 0 : t->made;
}

static int
restarts(struct world *w)
{
	return platform_find(w->platform, PLATFORM_INSTANCE, CONVERT_PACKAGER, CONVERT_NAME)->restarts;
}

/*
 * The stories
 */

static void
test_usual(struct platform *p)
{
	struct world w;

	world_open(&w, p);
	pass(&w, 100);
	job_is(&w, "IN_PROGRESS");
	is_str(look(&w), "null 0", "a job that is being encoded is not packaged yet");
	job_is(&w, "SUCCESSFUL");
	is_str(look(&w), "running 0", "one that is encoded is being packaged");
	pass(&w, 600);
	is_str(look(&w), "running 0", "ten minutes later it still is");
	is_int(told(&w), 0, "and nobody is told again");
	file_comes(&w, "output/" FOLDER "index.m3u8");
	is_str(look(&w), "done 1", "with its playlist it is done");
	is_int(restarts(&w), 1, "nothing was started anew");
	world_close(&w);
}

static void
test_not_for_streaming(struct platform *p)
{
	struct world w;

	world_open(&w, p);
	platform_add(p, PLATFORM_JOB, CONVERT_ENCODER, JOB, "{\"id\":\"" JOB "\",\"status\":\"SUCCESSFUL\","
	    "\"inputs\":[{\"uri\":\"s3://input/x/show.mp4\"}],\"completedDate\":\"2026-01-01T00:00:00Z\"}");
	pass(&w, 10000);
	is_str(look(&w), "null 0", "a job that was made before the pipeline was for streaming is not waited for");
	is_int(told(&w), 0, "nor is anybody told of it");
	world_close(&w);
}

/* Another job needs a packager with another token. */
static void
prepare(struct world *w)
{
	struct system sys;

	enter(w);
	if (convert_load(&w->cv, &sys) != ERR_OK || packaging_prepare(&w->cv, &sys) != ERR_OK)
		abort();
	leave(w);
}

static void
test_restart(struct platform *p)
{
	struct world w;

	world_open(&w, p);
	pass(&w, 3500);
	job_is(&w, "SUCCESSFUL");
	is_str(look(&w), "running 0", "a job is being packaged");
	pass(&w, 50);
	has_token(&w, "pat-2");
	prepare(&w);
	is_int(restarts(&w), 2, "when the packager is started anew with another token");
	for (int i = 0; i < 5; i++)
		is_str(look(&w), "running 0", "the job is not given up, however often one looks");
	is_int(told(&w), 0, "at first the packager of before might take it");
	pass(&w, 60);
	is_str(look(&w), "running 0", "a minute later");
	is_int(told(&w), 1, "the listener is told again");
	pass(&w, 500);
	look(&w);
	is_int(told(&w), 1, "once");
	is_int(restarts(&w), 2, "and nothing is started anew for it");
	world_close(&w);
}

static void
test_token_over(struct platform *p)
{
	struct world w;

	world_open(&w, p);
	pass(&w, 4000);
	job_is(&w, "SUCCESSFUL");
	has_token(&w, "pat-2");
	pass(&w, 1);
	is_str(look(&w), "running 0", "a job that ended when the packager's token was over");
	is_int(restarts(&w), 2, "has the packager started anew with another one");
	is_int(told(&w), 0, "and then");
	pass(&w, 60);
	look(&w);
	is_int(told(&w), 1, "the listener told again");
	world_close(&w);
}

static void
test_giving_up(struct platform *p)
{
	struct world w;

	world_open(&w, p);
	pass(&w, 100);
	job_is(&w, "SUCCESSFUL");
	for (int i = 1; i <= 3; i++) {
		pass(&w, 601);
		is_str(look(&w), "running 0", "after another ten minutes without a playlist");
		is_int(told(&w), i, "the listener is told again (%d)", i);
		look(&w);
	}
	is_int(told(&w), 3, "three times");
	pass(&w, 601);
	is_str(look(&w), "failed 0 It was co", "then it has failed, and says so");
	is_int(told(&w), 3, "and nobody is told any more");
	file_comes(&w, "output/" FOLDER "index.m3u8");
	is_str(look(&w), "done 1", "should its playlist come all the same, it is done");
	world_close(&w);
}

/* Of two who look at the same moment, one acts. */
static void
test_two(struct platform *p)
{
	struct packaged one = { .packaging = PACKAGING_NONE }, two = one;
	struct system first, second;
	struct osc_s3 s3;
	struct json *job;

	struct world w;

	world_open(&w, p);
	pass(&w, 100);
	job_is(&w, "SUCCESSFUL");
	pass(&w, 601);
	enter(&w);
	if (convert_load_ready(&w.cv, &first, &s3) != ERR_OK || convert_load_ready(&w.cv, &second, &s3) != ERR_OK
	    || json_parse(&w.arena, platform_find(p, PLATFORM_JOB, CONVERT_ENCODER, JOB)->value,
	    strlen(platform_find(p, PLATFORM_JOB, CONVERT_ENCODER, JOB)->value), &job) != ERR_OK)
		abort();
	one.job = two.job = job;
	is_int(packaging_look(&w.cv, &first, &s3, &one, 1), ERR_OK, "one looks at a job whose playlist stays away");
	is_int(packaging_look(&w.cv, &second, &s3, &two, 1), ERR_OK, "and one who saw it as it was before that");
	is_int(told(&w), 1, "the listener is told once");
	is_int(two.packaging, PACKAGING_RUNNING, "and both know the same");
	leave(&w);
	world_close(&w);
}

/* Removed while the packager had it. */
static void
test_removed(struct platform *p)
{
	struct world w;
	struct json *list = NULL;

	world_open(&w, p);
	pass(&w, 100);
	job_is(&w, "SUCCESSFUL");
	enter(&w);
	is_int(convert_job_remove(&w.cv, JOB), ERR_OK, "a job is removed while it is being packaged");
	leave(&w);
	file_comes(&w, "output/" FOLDER "index.m3u8");
	file_comes(&w, "output/" FOLDER "1.mp4");
	file_comes(&w, "output/packaged/show/job-2/index.m3u8");
	enter(&w);
	is_int(convert_jobs(&w.cv, 0, &list), ERR_OK, "when the list is looked at");
	is_int((int64_t)json_count(json_get(list, "jobs")), 0, "which does not show it");
	leave(&w);
	ok(!platform_find(p, PLATFORM_FILE, CONVERT_STORAGE, "output/" FOLDER "index.m3u8")->there
	    && !platform_find(p, PLATFORM_FILE, CONVERT_STORAGE, "output/" FOLDER "1.mp4")->there,
	    "what was packaged after that is removed, too");
	ok(platform_find(p, PLATFORM_FILE, CONVERT_STORAGE, "output/packaged/show/job-2/index.m3u8")->there, "and nothing else");
	pass(&w, 10000);
	enter(&w);
	is_int(convert_jobs(&w.cv, 0, &list), ERR_OK, "whenever it is looked at again");
	leave(&w);
	is_int(told(&w), 0, "nobody is told of it");
	world_close(&w);
}

static void
look_there(void *ctx)
{
	look(ctx);
}

/* A look that is killed at that call; true: it lived to the end. */
static bool
look_and_die(struct world *w, int at, bool before)
{
	return platform_outlived(w->platform, look_there, w, at, before);
}

/* A look at a job that ended when the packager's token was over, or the one after that, killed; true: it lived. */
static bool
begin_and_die(struct world *w, struct platform *p, bool first, int at, bool before)
{
	world_open(w, p);
	pass(w, 4000);
	job_is(w, "SUCCESSFUL");
	has_token(w, "pat-2");
	if (!first) {
		look(w);
		pass(w, 60);
	}
	return look_and_die(w, at, before);
}

/* All that is done about it without a playlist, in the end: the listener was told after the packager's last start. */
static bool
ends_well(struct world *w)
{
	int started = 0, before = 0;

	for (int i = 0; i < 100; i++) {
		if (restarts(w) != started) {
			started = restarts(w);
			before = told(w);
		}
		pass(w, 30);
		look(w);
	}
	return told(w) > before && told(w) <= 2 && started >= 2 && started <= 3 && strcmp(look(w), "failed 0 It was co") == 0;
}

/*
 * Whoever is killed while he does what is to be done, whatever he has done of it: the job is not lost, and what is
 * tried has an end.
 */
static void
test_kills(struct platform *p, bool first)
{
	int bad = 0, kills = 0;
	bool lived = false;
	struct world w;

	for (int at = 1; at < CALLS && !lived; at++) {
		lived = true;
		for (int before = 0; before < 2; before++) {
			lived = begin_and_die(&w, p, first, at, before) && lived;
			if (!ends_well(&w)) {
				printf("# killed %s call %d: told %d times, started %d times, %s\n", before ? "before" : "after",
				    at, told(&w), restarts(&w), look(&w));
				bad++;
			}
			kills++;
			world_close(&w);
		}
	}
	ok(bad == 0 && kills > 10, "the look that %s, killed %d times, loses nothing and has an end",
	    first ? "starts the packager anew" : "tells the listener", kills);
}

/* What is noted of jobs has an end, however many are removed in a week. */
static void
test_many(struct platform *p)
{
	struct system sys;
	struct world w;
	char id[40];

	world_open(&w, p);
	enter(&w);
	if (convert_load(&w.cv, &sys) != ERR_OK)
		abort();
	for (int i = 0; i < 10000; i++) {
		snprintf(id, sizeof(id), "00000000-0000-0000-0000-%012d", i);
		convert_job_note(&w.cv, &sys, CONVERT_JOB_REMOVED, id);
	}
	is_int(system_save(&sys), ERR_OK, "ten thousand removed jobs can be noted");
	is_int(convert_job_when(&w.cv, &sys, CONVERT_JOB_REMOVED, id), p->now_s, "the last of them is");
	is_int(convert_job_when(&w.cv, &sys, CONVERT_JOB_REMOVED, "00000000-0000-0000-0000-000000000000"), 0,
	    "the first no longer");
	is_str(system_fact(&sys, CONVERT_FACT_READY), "yes", "and nothing else is gone");
	leave(&w);
	world_close(&w);
}

static void
test_dates(void)
{
	static const struct {
		const char *date;
		int64_t     want;
	} cases[] = {
		{ "2026-01-02T03:04:05.000+00:00", 1767323045 },
		{ "2026-01-02T03:04:05Z", 1767323045 },
		{ "2026-01-02T04:04:05.123456+01:00", 1767323045 },
		{ "2026-01-01T21:34:05-05:30", 1767323045 },
		{ "2026-01-02T03:04:05", 0 },
		{ "2026-01-02", 0 },
		{ "yesterday", 0 },
	};
	struct arena a;

	arena_init(&a, 65536);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct json *job = json_object(&a);

		json_set_string(job, "completedDate", cases[i].date);
		is_int(osc_encore_completed_s(job), cases[i].want, "a job ended %s", cases[i].date);
	}
	is_int(osc_encore_completed_s(json_object(&a)), 0, "or does not say when");
	arena_free(&a);
}

int
main(void)
{
	struct platform *p = platform_open();

	log_set_sink(no_log);
	test_usual(p);
	test_not_for_streaming(p);
	test_restart(p);
	test_token_over(p);
	test_giving_up(p);
	test_two(p);
	test_removed(p);
	test_kills(p, true);
	test_kills(p, false);
	test_many(p);
	test_dates();
	platform_close(p);
	return done_testing();
}
