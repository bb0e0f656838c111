/* SPDX-License-Identifier: MIT */
/* What can be done with an instance or a job that is there. */
#include <string.h>

#include "json/json.h"
#include "osc/catalog.h"
#include "osc/instance.h"
#include "osc/job.h"
#include "osc/link.h"
#include "osc/logs.h"
#include "osc/operate.h"
#include "osc/option.h"
#include "osc/ready.h"
#include "tap.h"
#include "visitor.h"

#define SITE "https://api-x.example"
#define API  SITE "/xinstance"
#define DOC  "{\"name\":\"one\",\"url\":\"https://acme-one.x.example/\",\"_links\":{" \
	"\"logs\":{\"href\":\"/l/one\"},\"health\":{\"href\":\"/h/one\"},\"restart\":{\"href\":\"/r/one\"}," \
	"\"scale\":{\"href\":\"/s/one\"},\"internalEndpoint\":{\"href\":\"/e/one\"}}}"

static struct osc_service *
with_x(void)
{
	return visitor_with("x-x", API, false);
}

static void
test_links(void)
{
	static const struct { const char *href; const char *what; } elsewhere[] = {
		{ "https://evil.example/r/one", "another host" },
		{ "//evil.example/r/one", "another host without a scheme" },
		{ "/\\\\evil.example/r/one", "a path with backslashes" },
		{ "http://127.0.0.1/r/one", "an address inside" },
		{ "r/one", "a path without its slash" },
	};
	struct osc_service *s = with_x();
	const struct fake_asked *asked;
	struct json *out;
	const char *text = NULL;
	size_t len = 0;

	fake_http_rule(&f, "GET", API "/one", NULL, 0, 200, DOC);
	fake_http_rule(&f, "POST", SITE "/r/one", NULL, 0, 204, "");
	is_int(osc_instance_restart(&osc, s, "one"), ERR_OK, "an instance is restarted by its link");
	asked = fake_http_last(&f, "POST", NULL);
	ok(asked->body == NULL && asked->content_type == NULL, "without a body or a content type");
	ok(asked->auth == HTTP_AUTH_X_JWT && !asked->replayable, "with x-jwt, and never twice by the transport");
	is_int((int64_t)f.asked_n, 2, "the first time its document is read before");
	fake_http_rule(&f, "POST", SITE "/r/two", NULL, 0, 204, "");
	is_int(osc_instance_restart(&osc, s, "two"), ERR_OK, "the next");
	is_int((int64_t)f.asked_n, 3, "takes one call");
	ok(osc.known.changed && osc_known_write(&osc.known, &arena, &text, &len) == ERR_OK, "links are kept");
	osc_known_read(&osc.known, &arena, text, len);
	s = osc_catalog_known(&osc, "x-x");
	is_int(osc_instance_restart(&osc, s, "one"), ERR_OK, "for the next request");
	is_int((int64_t)f.asked_n, 4, "which takes one call too");

	fake_http_rule(&f, "POST", SITE "/r/old", NULL, 0, 404, "{\"message\":\"Route POST:/r/old not found\"}");
	fake_http_rule(&f, "GET", API "/old", NULL, 0, 200, "{\"name\":\"old\"}");
	is_int(osc_instance_restart(&osc, s, "old"), ERR_NOT_FOUND, "an instance without the link cannot be restarted");
	ok(call.detail != NULL && strstr(call.detail, "restart") != NULL, "which is said");
	call_recover(&call);
	fake_http_rule(&f, "GET", API "/gone", NULL, 0, 404, "{\"reason\":\"none\"}");
	fake_http_rule(&f, "POST", SITE "/r/gone", NULL, 0, 404, "{\"reason\":\"none\"}");
	is_int(osc_instance_restart(&osc, s, "gone"), ERR_NOT_FOUND, "nor one that is not there");

	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		s = with_x();
		text = arena_printf(&arena, "{\"name\":\"one\",\"_links\":{\"restart\":{\"href\":\"%s\"}}}",
		    i == 2 ? "/\\\\\\\\evil.example/r/one" : elsewhere[i].href);
		fake_http_rule(&f, "GET", API "/one", NULL, 0, 200, text);
		is_int(osc_instance_restart(&osc, s, "one"), ERR_NOT_FOUND, "a link to %s does not count", elsewhere[i].what);
		is_int(fake_http_count(&f, "POST", NULL), 0, "  nothing is sent");
	}

	s = with_x();
	fake_http_rule(&f, "GET", API "/one", NULL, 0, 200, "{\"name\":\"one\"}");
	fake_http_rule(&f, "GET", SITE "/ports/one", NULL, 0, 200, "[{\"externalPort\":1}]");
	is_int(osc_instance_ports(&osc, s, "one", &out), ERR_OK, "without a link ports are at their documented path");
	is_int(osc_instance_ports(&osc, s, "one", &out), ERR_OK, "which is known from then on");
	is_int(fake_http_count(&f, "GET", API "/one"), 1, "without another look");
}

static void
test_operations(void)
{
	struct osc_service *s = with_x();
	const struct fake_asked *asked;
	struct json *out;

	fake_http_rule(&f, "GET", API, NULL, 0, 200, "[" DOC "]");
	fake_http_rule(&f, "GET", SITE "/s/one", NULL, 0, 200, "{\"actualReplicas\":1,\"desiredReplicas\":1}");
	fake_http_rule(&f, "PUT", SITE "/s/one", NULL, 0, 200, "");
	fake_http_rule(&f, "GET", SITE "/e/one", NULL, 0, 200, "{\"serviceDns\":\"one.svc\"}");
	fake_http_rule(&f, "GET", SITE "/h/one", NULL, 0, 200, "{\"status\":\"running\"}");
	is_int(osc_instance_list(&osc, s, &out), ERR_OK, "links are learned from a list");
	is_int(osc_instance_scale(&osc, s, "one", &out), ERR_OK, "the scale is read");
	asked = fake_http_last(&f, "GET", SITE "/s/one");
	ok(asked->auth == HTTP_AUTH_BEARER && strcmp(asked->token, "sat0") == 0, "with Authorization: that alone it takes");
	is_int(osc_instance_set_scale(&osc, s, "one", 2, &out), ERR_OK, "and set");
	asked = fake_http_last(&f, "PUT", NULL);
	is_str(asked->body, "{\"desiredReplicas\":2}", "to a number");
	ok(asked->auth == HTTP_AUTH_BEARER, "with the same header");
	is_str(json_print(&arena, out, NULL), "{\"desiredReplicas\":2}", "no body need come back");
	is_int(osc_instance_endpoint(&osc, s, "one", &out), ERR_OK, "the internal endpoint");
	is_str(json_string(out, "serviceDns"), "one.svc", "is read");
	is_int(osc_instance_health(&osc, s, "one", &out), ERR_OK, "so is the health");
	is_int(fake_http_count(&f, "GET", API "/one"), 0, "all without reading the document");

	s = with_x();
	s->links[OSC_LINK_PORTS] = "/ports";
	fake_http_rule(&f, "GET", SITE "/ports/one", NULL, 0, 200, "{\"externalPort\":7}");
	is_int(osc_instance_ports(&osc, s, "one", &out), ERR_OK, "ports as older services give them");
	is_str(json_print(&arena, out, NULL), "[{\"externalPort\":7}]", "are a list of one");
}

static void
test_logs(void)
{
	static const struct { const char *answer; int lines; const char *want, *what; } cases[] = {
		{ "one\ntwo\nthree\n", 0, "one\ntwo\nthree\n", "text" },
		{ "one\ntwo\nthree\n", 2, "two\nthree\n", "its last lines" },
		{ "one\ntwo\nthree", 1, "three", "its last line when it is not ended" },
		{ "one\ntwo\n", 9, "one\ntwo\n", "more lines than there are" },
		{ "", 5, "", "an empty log" },
		{ "\"one\\ntwo\\n\"", 1, "two\n", "a JSON string" },
		{ "[\"one\",\"two\\n\",\"three\"]", 2, "two\nthree\n", "an array of strings" },
		{ "{\"level\":\"info\"}\n", 0, "{\"level\":\"info\"}\n", "a log that looks like JSON" },
		{ "bad \xff\xc3 bytes\nfine \xc3\xa5\n", 0, "bad \xef\xbf\xbd\xef\xbf\xbd bytes\nfine \xc3\xa5\n",
		    "bytes that are no UTF-8" },
		{ "redis://u:pw@h eyJhbGciOiJIUzI1NiJ9.e30.c2ln\n", 0, "redis://***:***@h ***\n", "passwords and tokens" },
	};
	struct osc_service *s;
	const char *text;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = with_x();
		s->links[OSC_LINK_LOGS] = "/l";
		fake_http_rule(&f, "GET", SITE "/l/one", NULL, 0, 200, cases[i].answer);
		text = "?";
		is_int(osc_logs_read(&osc, s, "one", cases[i].lines, &text), ERR_OK, "a log is read");
		is_str(text, cases[i].want, "  %s", cases[i].what);
	}
}

static void
script_health(const char *status)
{
	fake_http_rule(&f, "GET", SITE "/h/one", NULL, 0, 200, arena_printf(&arena, "{\"status\":\"%s\"}", status));
}

#define PROBE "https://acme-one.x.example/.well-known/ready-for-use"

static void
test_ready(void)
{
	static const struct { int status; const char *body; enum osc_ready want; const char *what; } answers[] = {
		{ 200, "{}", OSC_READY, "an answer of the application" },
		{ 200, "<html>", OSC_READY, "a page of the application at a path that the ingress does not answer so" },
		{ 404, "{\"error\":\"no such page\"}", OSC_READY, "a 404 of the application" },
		{ 401, "<html>", OSC_NOT_YET, "a 401 page of the ingress" },
		{ 401, "{}", OSC_NOT_YET, "a 401" },
		{ 403, "{}", OSC_NOT_YET, "a 403" },
		{ 404, "<html>", OSC_NOT_YET, "a 404 page" },
		{ 404, "{\"message\":\"Route HEAD:/x not found\"}", OSC_NOT_YET, "a service that is still starting" },
		{ 502, "<html>", OSC_NOT_YET, "a 502 page" },
		{ 500, "{}", OSC_NOT_YET, "a 500" },
	};
	struct osc_service *s = with_x();
	const struct fake_asked *asked;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		s = with_x();
		script_health("running");
		fake_http_rule(&f, "HEAD", PROBE, NULL, 0, answers[i].status, answers[i].body);
		is_int(osc_instance_look(&osc, s, visitor_json(DOC), 1000), answers[i].want, "running, and %s", answers[i].what);
		asked = fake_http_last(&f, "HEAD", NULL);
		ok(asked->auth == HTTP_AUTH_BEARER && asked->reach == HTTP_REACH_SERVICE && fake_http_count(&f, "POST", NULL) == 0,
		    "  asked with the service token, and no other is minted for it");
	}
	s = with_x();
	script_health("running");
	fake_http_fail(&f, "HEAD", PROBE, 0, ERR_UPSTREAM);
	is_int(osc_instance_look(&osc, s, visitor_json(DOC), 1000), OSC_NOT_YET, "running, and its host does not answer");
	ok(call.failed == ERR_OK, "which is no failure");
	s = with_x();
	script_health("running");
	fake_http_fail(&f, "HEAD", PROBE, 0, ERR_REFUSED);
	is_int(osc_instance_look(&osc, s, visitor_json(DOC), 1000), OSC_READY,
	    "running, at an address where no token may go: there is no more to find out");
	s = with_x();
	script_health("failed");
	is_int(osc_instance_look(&osc, s, visitor_json(DOC), 1000), OSC_FAILED, "failed");
	is_int((int64_t)f.asked_n, 1, "which needs no look at the application");
}

static void
test_ready_of_services(void)
{
	struct osc_service *s = visitor_with("minio-minio", API, false);

	script_health("running");
	fake_http_rule(&f, "HEAD", "https://acme-one.x.example/minio/health/live", NULL, 0, 403, "{}");
	is_int(osc_instance_look(&osc, s, visitor_json(DOC), 1000), OSC_READY, "a store's own 403 is an answer");
	ok(fake_http_last(&f, "HEAD", NULL)->auth == HTTP_AUTH_NONE && fake_http_last(&f, "HEAD", NULL)->token == NULL,
	    "and it gets no token: it knows its users itself");
	s = visitor_with("encore", API, false);
	script_health("running");
	fake_http_rule(&f, "HEAD", "https://acme-one.x.example/encoreJobs", "sat0", 0, 200, "{}");
	is_int(osc_instance_look(&osc, s, visitor_json(DOC), 1000), OSC_READY, "an encoder is asked for the path in use");
	s = visitor_with("valkey-io-valkey", API, false);
	script_health("running");
	fake_http_rule(&f, "GET", SITE "/ports/one", NULL, 1, 200, "[]");
	fake_http_rule(&f, "GET", SITE "/ports/one", NULL, 1, 200, "[{\"internalPort\":1},{\"internalPort\":\"6379\"}]");
	is_int(osc_instance_look(&osc, s, visitor_json(DOC), 1000), OSC_NOT_YET, "a database without its port is not ready");
	is_int(osc_instance_look(&osc, s, visitor_json(DOC), 1000), OSC_READY, "with it, it is");
	is_int(osc_instance_look(&osc, s, visitor_json("{\"name\":\"one\",\"publicAccess\":false,"
	    "\"_links\":{\"health\":{\"href\":\"/h/one\"}}}"), 1000), OSC_READY, "one that is not public has none");
	s = visitor_with("eyevinn-encore-packager", API, false);
	script_health("running");
	is_int(osc_instance_look(&osc, s, visitor_json(DOC), 1000), OSC_READY, "what nobody calls is ready by its health");
}

static void
test_await(void)
{
	struct osc_service *s = with_x();

	fake_http_rule(&f, "GET", SITE "/h/one", NULL, 1, 404, "{\"message\":\"Route GET:/h/one not found\"}");
	fake_http_rule(&f, "GET", SITE "/h/one", NULL, 1, 404, "{\"reason\":\"none\"}");
	fake_http_rule(&f, "GET", SITE "/h/one", NULL, 1, 200, "{\"status\":\"starting\"}");
	script_health("running");
	fake_http_rule(&f, "HEAD", PROBE, NULL, 2, 401, "<html>");
	fake_http_rule(&f, "HEAD", PROBE, NULL, 0, 404, "{}");
	is_int(osc_instance_await(&osc, s, visitor_json(DOC), 25000), OSC_READY,
	    "waiting ends when it is ready, not gone at its first 404");
	is_int(fake_http_count(&f, "HEAD", PROBE), 3, "which is when its application answers");
	s = with_x();
	script_health("starting");
	is_int(osc_instance_await(&osc, s, visitor_json(DOC), 4000), OSC_NOT_YET, "or when the time is over");
	ok(slept_ms > 1000 && slept_ms <= 4000, "not later");
	ok(call.failed == ERR_OK, "which is no failure");
	s = with_x();
	script_health("failed");
	is_int(osc_instance_await(&osc, s, visitor_json(DOC), 25000), OSC_FAILED, "or at once when it failed");
	is_int((int64_t)f.asked_n, 1, "after one call");
}

static void
test_jobs(void)
{
	static const struct { const char *status; enum osc_job_state want; } states[] = {
		{ "Running", OSC_JOB_RUNNING }, { "Suspended", OSC_JOB_RUNNING }, { "Other", OSC_JOB_RUNNING },
		{ "Complete", OSC_JOB_SUCCEEDED }, { "SuccessCriteriaMet", OSC_JOB_SUCCEEDED },
		{ "Failed", OSC_JOB_FAILED }, { "Error", OSC_JOB_FAILED }, { "Stopped", OSC_JOB_FAILED },
		{ "FailureTarget", OSC_JOB_FAILED },
	};
	struct osc_service *s;
	struct json *out;

	visitor_fresh();
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		is_int(osc_job_state(visitor_json(arena_printf(&arena, "{\"status\":\"%s\"}", states[i].status))),
		    states[i].want, "a job that is %s", states[i].status);
	is_int(osc_job_state(visitor_json("{}")), OSC_JOB_RUNNING, "a job that tells nothing is running");

	s = visitor_with("x-x", API, true);
	fake_http_rule(&f, "GET", API "/one", NULL, 2, 200, "{\"name\":\"one\"}");
	fake_http_rule(&f, "GET", API "/one", NULL, 0, 200, "{\"name\":\"one\",\"status\":\"SuccessCriteriaMet\"}");
	is_int(osc_job_await(&osc, s, "one", 20000, &out), ERR_OK, "a job is waited for");
	is_str(json_string(out, "status"), "SuccessCriteriaMet", "until it has ended");
	is_int((int64_t)f.asked_n, 3, "and no longer");
	s = visitor_with("x-x", API, true);
	fake_http_rule(&f, "GET", API "/one", NULL, 0, 200, "{\"name\":\"one\",\"status\":\"Running\"}");
	is_int(osc_job_await(&osc, s, "one", 0, &out), ERR_OK, "without waiting");
	is_int((int64_t)f.asked_n, 1, "it is one look");
	is_int(osc_job_await(&osc, s, "one", 5000, &out), ERR_OK, "and with it");
	ok(slept_ms > 2000 && slept_ms <= 5000, "no longer than asked for");
	s = visitor_with("x-x", API, true);
	fake_http_rule(&f, "GET", API "/one", NULL, 1, 200, "{\"name\":\"one\"}");
	fake_http_rule(&f, "GET", API "/one", NULL, 0, 404, "{\"reason\":\"none\"}");
	is_int(osc_job_await(&osc, s, "one", 5000, &out), ERR_NOT_FOUND, "one that vanishes");
	ok(strstr(call.detail, "cleaned up") != NULL, "has ended and was cleaned up");
}

static void
test_options(void)
{
	static const char patterns[] = "{\"serviceInstanceOptions\":[{\"name\":\"Word\",\"type\":\"string\","
	    "\"regexValidator\":\"^(?=.*\\\\d)[a-z0-9]+$\"},{\"name\":\"Many\",\"type\":\"list\",\"regexValidator\":\"^[a-z]+$\"},"
	    "{\"name\":\"Odd\",\"type\":\"string\",\"regexValidator\":\"(\"}]}";
	static const struct { const char *body, *words; } tries[] = {
		{ "{\"Word\":\"abc1\",\"Many\":\"a,b,c\",\"Odd\":\"x\"}", NULL },
		{ "{\"Word\":\"\",\"Many\":\"{{secrets.k}}\"}", NULL },
		{ "{\"Word\":\"hidden\"}", "the value of \"Word\" does not fit the pattern ^(?=.*\\d)[a-z0-9]+$" },
		{ "{\"Many\":\"a,B\"}", "the value of \"Many\" does not fit the pattern ^[a-z]+$" },
	};
	static const char record[] = "{\"serviceId\":\"x-x\",\"serviceInstanceOptions\":["
	    "{\"name\":\"name\",\"mandatory\":true,\"type\":\"string\"},{\"name\":\"Free\",\"type\":\"string\"},"
	    "{\"name\":\"Must\",\"type\":\"string\",\"mandatory\":true},"
	    "{\"name\":\"Preset\",\"type\":\"string\",\"mandatory\":true,\"default\":\"p\"},"
	    "{\"name\":\"Flag\",\"type\":\"boolean\"},{\"name\":\"Kind\",\"type\":\"enum\",\"enums\":[\"a\",\"b\"]}]}";
	static const struct { const char *body; enum osc_options_use use; const char *words; } cases[] = {
		{ "{\"name\":\"n\",\"Must\":\"x\",\"Flag\":true,\"Kind\":\"b\"}", OSC_TO_CREATE, NULL },
		{ "{\"name\":\"n\",\"Must\":\"x\",\"Flag\":\"false\",\"publicAccess\":false}", OSC_TO_CREATE, NULL },
		{ "{\"Must\":\"{{secrets.k}}\",\"name\":\"n\",\"Kind\":\"{{secrets.k}}\",\"Flag\":\"{{secrets.k}}\"}", OSC_TO_CREATE, NULL },
		{ "{\"Free\":\"x\"}", OSC_TO_CHANGE, NULL },
		{ "{\"name\":\"n\"}", OSC_TO_CREATE, "x-x needs the option \"Must\"; its options are: name, Free, Must, Preset, Flag, Kind" },
		{ "{\"must\":\"x\"}", OSC_TO_CHANGE, "x-x has no option \"must\"; its options are: name, Free, Must, Preset, Flag, Kind" },
		{ "{\"Flag\":\"yes\"}", OSC_TO_CHANGE, "the value of \"Flag\" must be true or false" },
		{ "{\"Kind\":\"c\"}", OSC_TO_CHANGE, "the value of \"Kind\" must be one of: a, b" },
		{ "{\"Kind\":1}", OSC_TO_CHANGE, "the value of \"Kind\" must be one of: a, b" },
	};
	struct osc_service *s = with_x();
	struct osc_service *found;

	s->options = osc_options_of(&arena, visitor_json(patterns));
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		call_recover(&call);
		is_int(osc_options_check(&call, s, visitor_json(tries[i].body), OSC_TO_CHANGE),
		    tries[i].words == NULL ? ERR_OK : ERR_BAD_REQUEST, "patterns: %s", tries[i].body);
		is_str(call.detail, tries[i].words, "  told without the value");
	}
	s->options = osc_options_of(&arena, visitor_json(record));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		call_recover(&call);
		is_int(osc_options_check(&call, s, visitor_json(cases[i].body), cases[i].use),
		    cases[i].words == NULL ? ERR_OK : ERR_BAD_REQUEST, "options: %s", cases[i].body);
		if (cases[i].words != NULL)
			is_str(call.detail, cases[i].words, "  says what is allowed");
	}
	call_recover(&call);
	is_int(osc_catalog_find_for(&osc, "x-x", OSC_TO_CREATE, visitor_json(cases[0].body), &found), ERR_OK,
	    "a service whose options are known");
	is_int((int64_t)f.asked_n, 0, "is found without a call");
	fake_http_rule(&f, "GET", "https://catalog.example/mysubscriptions", NULL, 0, 200,
	    arena_printf(&arena, "[{\"apiUrl\":\"" API "\",%s]", record + 1));
	is_int(osc_catalog_find_for(&osc, "x-x", OSC_TO_CHANGE, visitor_json(cases[5].body), &found), ERR_BAD_REQUEST,
	    "an option that it does not have");
	is_int((int64_t)f.asked_n, 1, "is looked for in its record before it is refused");
}

int
main(void)
{
	visitor_open();
	test_links();
	test_operations();
	test_logs();
	test_ready();
	test_ready_of_services();
	test_await();
	test_jobs();
	test_options();
	visitor_close();
	return done_testing();
}
