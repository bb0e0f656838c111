/* SPDX-License-Identifier: MIT */
#include "formats/sample.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "flow/intercom.h"
#include "flow/signin.h"
#include "flow/system.h"
#include "flow/work.h"
#include "osc/client.h"

#define CLIENT   "{\"client_id\":\"c1\",\"client_secret\":\"a secret\",\"client_secret_expires_at\":0}"
#define OPTIONS  "{\"RtmpPort\":{\"kind\":\"string\"}}"

static void
must(enum err e, const char *what)
{
	if (e == ERR_OK)
		return;
	fprintf(stderr, "sample: %s: %s\n", what, err_info(e)->name);
	abort();
}

static void
copy(char *out, size_t size, const char *text, size_t len)
{
	if (len >= size)
		abort();
	memcpy(out, text, len);
	out[len] = '\0';
}

/* A parameter of a URL that needs no decoding. */
static void
parameter(const char *url, const char *name, char *out, size_t size)
{
	const char *p = strstr(url, name);

	if (p == NULL)
		abort();
	p += strlen(name);
	copy(out, size, p, strcspn(p, "&"));
}

static void
begin(struct fixture *fx, char *browser, char *state, char *challenge)
{
	struct signin_start start = { NULL, "/page?x=1", SAMPLE_REDIRECT };
	struct signin_begun begun;

	must(signin_begin(&fx->app, &fx->call, &start, &begun), "a sign-in begins");
	copy(browser, SESSION_ID_LEN + 1, begun.cookie, SESSION_ID_LEN);
	parameter(begun.location, "&state=", state, 1024);
	parameter(begun.location, "&code_challenge=", challenge, SESSION_ID_LEN + 1);
}

static void
sign_in(struct fixture *fx, struct sample *out)
{
	struct signin_answer answer = { .code = "k", .iss = SAMPLE_ISSUER };
	struct signin_done done;
	char challenge[SESSION_ID_LEN + 1];

	fixture_reply(fx, 200, SAMPLE_METADATA);
	fixture_reply(fx, 201, CLIENT);
	fixture_reply(fx, 200, SAMPLE_TOKENS);
	begin(fx, out->spent_browser, out->spent, challenge);
	answer.state = out->spent;
	answer.cookie = out->spent_browser;
	must(signin_finish(&fx->app, &fx->call, &answer, &done), "it ends");
	copy(out->cookie, sizeof(out->cookie), done.cookie, SESSION_ID_LEN);
	begin(fx, out->browser, out->state, out->challenge);
}

static void
use_session(struct fixture *fx, const struct sample *out)
{
	static const char *const secrets[] = { "AdminPassword", NULL };
	struct osc_service service = { .service_id = "apache-couchdb", .api_url = "https://couch.example/instance",
		.secret_options = secrets, .sat = { "sat1" }, .sat_expires_at_s = SAMPLE_NOW_S + 1800 };
	struct osc_known known = { &service, 1, true };
	struct session s;
	struct json *options;
	const char *text;
	size_t len;

	must(session_load(&fx->app, out->cookie, &fx->arena, &s), "the session");
	s.owner = SAMPLE_TENANT;
	s.refresh_tried_at_s = SAMPLE_NOW_S - 100;
	must(session_replace(&fx->app, &fx->arena, &s, STORE_LAZY), "the session again");
	must(json_parse(&fx->arena, OPTIONS, strlen(OPTIONS), &options), "options");
	service.options = options;
	service.links[OSC_LINK_HEALTH] = "/health";
	must(osc_known_write(&known, &fx->arena, &text, &len), "what is known");
	must(session_aside_save(&fx->app, &s, &fx->arena, text, len), "is kept");
}

static void
make_system(struct fixture *fx)
{
	struct system s;

	if (system_load(&fx->app, &fx->call, SAMPLE_TENANT, INTERCOM_FAMILY, "studio", &s) != ERR_NOT_FOUND)
		abort();
	system_credential_set(&s, "dbPassword", "a password");
	system_fact_set(&s, "managerUrl", "https://manager.example");
	must(system_note(&s, SYSTEM_INSTANCE, "apache-couchdb", "studio", SYSTEM_MADE), "an instance");
	must(system_note(&s, SYSTEM_SECRET, "apache-couchdb", "studiodb", SYSTEM_INTENDED), "a secret");
}

static struct json *
parsed(struct fixture *fx, const char *text)
{
	struct json *j;

	must(json_parse(&fx->arena, text, strlen(text), &j), text);
	return j;
}

static void
begin_operations(struct fixture *fx, struct sample *out)
{
	struct operation op;

	must(work_begin(&fx->app, &fx->call, &intercom_create, SAMPLE_TENANT, out->cookie, "studio",
	    parsed(fx, "{\"note\":\"x\"}"), &op), "an operation begins");
	copy(out->running, sizeof(out->running), op.id, strlen(op.id));
	op.status = op.steps[1].status = OPERATION_RUNNING;
	op.steps[0].status = OPERATION_SUCCEEDED;
	op.steps[0].started_at_s = SAMPLE_NOW_S - 30;
	op.steps[0].ended_at_s = op.steps[1].started_at_s = SAMPLE_NOW_S - 20;
	op.steps[1].detail = "it is starting";
	op.polls = 3;
	op.failures = 2;
	op.missing = 1;
	op.wait_until_s = SAMPLE_NOW_S + 5;
	must(operation_save(&fx->app, &fx->call, &op, STORE_LAZY), "it goes on");

	must(work_begin(&fx->app, &fx->call, &intercom_delete, SAMPLE_TENANT, out->cookie, "stage", parsed(fx, "{}"), &op),
	    "another one begins");
	copy(out->failed, sizeof(out->failed), op.id, strlen(op.id));
	op.status = op.steps[0].status = OPERATION_FAILED;
	op.cancel = true;
	op.error = parsed(fx, "{\"title\":\"t\",\"status\":403,\"detail\":\"no\"}");
	op.result = parsed(fx, "{\"url\":\"https://stage.example\"}");
	must(operation_save(&fx->app, &fx->call, &op, STORE_LAZY), "it fails");
}

void
sample_write(struct fixture *fx, struct sample *out)
{
	memset(out, 0, sizeof(*out));
	fx->now_ms = (int64_t)SAMPLE_NOW_S * 1000;
	fixture_forget_replies(fx);
	sign_in(fx, out);
	use_session(fx, out);
	make_system(fx);
	begin_operations(fx, out);
	fixture_forget_replies(fx);
}

#define MEMBER(name) { #name, offsetof(struct sample, name), sizeof(((struct sample *)0)->name) }

static const struct {
	const char *name;
	size_t      offset, size;
} members[] = {
	MEMBER(cookie), MEMBER(browser), MEMBER(state), MEMBER(challenge), MEMBER(spent), MEMBER(spent_browser),
	MEMBER(running), MEMBER(failed),
};

#define MEMBERS (sizeof(members) / sizeof(members[0]))

void
sample_print(const struct sample *s, FILE *to)
{
	for (size_t i = 0; i < MEMBERS; i++)
		fprintf(to, "%s=%s\n", members[i].name, (const char *)s + members[i].offset);
}

bool
sample_read(const char *path, struct sample *out)
{
	FILE *f = fopen(path, "r");
	char line[1100];
	size_t found = 0, len;

	memset(out, 0, sizeof(*out));
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; i < MEMBERS; i++) {
			len = strlen(members[i].name);
			if (strncmp(line, members[i].name, len) != 0 || line[len] != '=')
				continue;
			copy((char *)out + members[i].offset, members[i].size, line + len + 1, strlen(line + len + 1));
			found++;
		}
	}
	if (f != NULL)
		(void)fclose(f);
	return found == MEMBERS;
}
