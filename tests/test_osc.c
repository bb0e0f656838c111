/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "flow/plan_check.h"
#include "json/json.h"
#include "osc/catalog.h"
#include "osc/ids.h"
#include "osc/instance.h"
#include "osc/link.h"
#include "osc/mask.h"
#include "osc/plan.h"
#include "osc/profile_index.h"
#include "osc/secret.h"
#include "tap.h"
#include "visitor.h"

#define CATALOG "https://catalog.example/mysubscriptions"
#define MINT    "https://token.example/servicetoken"
#define API     "https://api-minio.example/minioinstance"
#define RECORD  "{\"serviceId\":\"minio-minio\",\"apiUrl\":\"" API "/\",\"serviceType\":\"instance\"," \
	"\"serviceInstanceOptions\":[{\"name\":\"name\"},{\"name\":\"RootUser\"}," \
	"{\"name\":\"Hidden\",\"sensitive\":true,\"default\":\"preset\"}]}"
#define SAT(n)  "{\"serviceId\":\"minio-minio\",\"token\":\"sat" #n "\",\"expiry\":2000003600}"

/* One who has MinIO, with a token for it that is good for another hour. */
static struct osc_service *
with_minio(void)
{
	return visitor_with("minio-minio", API, false);
}

static void
test_one_call(void)
{
	struct osc_service *s = with_minio(), *found;
	struct json *list;
	const struct fake_asked *asked;

	fake_http_rule(&f, "GET", API, NULL, 0, 200, "[{\"name\":\"store\"}]");
	is_int(osc_catalog_find(&osc, "minio-minio", &found), ERR_OK, "a known service is found");
	is_int(osc_instance_list(&osc, s, &list), ERR_OK, "its instances are listed");
	is_int((int64_t)f.asked_n, 1, "by exactly one call upstream");
	asked = &f.asked[0];
	ok(asked->auth == HTTP_AUTH_X_JWT && asked->reach == HTTP_REACH_SERVICE, "a service API gets x-jwt");
	is_str(asked->token, "sat0", "with the service token");
	ok(asked->content_type == NULL && asked->body == NULL, "without a body there is no content type");
	ok(!osc.known.changed, "nothing was learned that is worth keeping");
}

/* Megabytes of the smallest values: a tree of many times their size. */
static void
test_too_much(void)
{
	const size_t len = 4 * 1024 * 1024;
	struct osc_service *s = with_minio();
	char *text = malloc(len + 1);
	struct json *list;
	size_t before;

	for (size_t i = 0; i < len; i++)
		text[i] = i % 2 == 0 ? '1' : ',';
	text[0] = '[';
	text[1] = '1';
	text[len - 1] = ']';
	text[len] = '\0';
	fake_http_rule(&f, "GET", API, NULL, 0, 200, text);
	before = arena_limit(&arena, 64 * 1024 * 1024);
	is_int(osc_instance_list(&osc, s, &list), ERR_PROTOCOL, "what has no room is nonsense, not our trouble");
	ok(call.detail != NULL && strstr(call.detail, "makes no sense") != NULL, "and room is left to say so");
	free(text);
	visitor_fresh();
	(void)arena_limit(&arena, before);
}

static void
test_first_use(void)
{
	struct osc_service *s;
	struct json *list;
	const struct fake_asked *asked;
	const char *text;
	size_t len;

	visitor_fresh();
	fake_http_rule(&f, "GET", CATALOG, "pat1", 0, 200, "[" RECORD "]");
	fake_http_rule(&f, "POST", MINT, "pat1", 0, 200, SAT(1));
	fake_http_rule(&f, "GET", API, "sat1", 0, 200, "[]");
	is_int(osc_catalog_find(&osc, "minio-minio", &s), ERR_OK, "an unknown service is looked up");
	is_int(osc_instance_list(&osc, s, &list), ERR_OK, "and its instances listed");
	asked = fake_http_last(&f, "GET", CATALOG);
	ok(asked->auth == HTTP_AUTH_X_PAT_JWT && asked->reach == HTTP_REACH_PLATFORM,
	    "the catalog gets x-pat-jwt, and only platform hosts may");
	asked = fake_http_last(&f, "POST", MINT);
	is_str(asked->body, "{\"serviceId\":\"minio-minio\"}", "a service token is asked for by service id");
	is_str(asked->content_type, "application/json", "as JSON");
	ok(asked->auth == HTTP_AUTH_X_PAT_JWT && asked->reach == HTTP_REACH_PLATFORM, "with x-pat-jwt");
	ok(osc.known.changed, "what was learned is worth keeping");
	is_int(osc_known_write(&osc.known, &arena, &text, &len), ERR_OK, "and written");
	osc_known_read(&osc.known, &arena, text, len);
	s = osc_catalog_known(&osc, "minio-minio");
	ok(s != NULL && strcmp(s->api_url, API) == 0 && strcmp(s->sat.reveal, "sat1") == 0
	    && s->sat_expires_at_s == 2000003600 && strcmp(s->secret_options[0], "Hidden") == 0
	    && s->secret_options[1] == NULL && !s->is_job, "what is read again is the same");
	osc_known_read(&osc.known, &arena, "[{\"serviceId\":", 14);
	is_int((int64_t)osc.known.n, 0, "what cannot be read is nothing known");
	is_int(osc_catalog_find(&osc, "encore", &s), ERR_NOT_FOUND, "a service that is not subscribed is not found");
	is_int(fake_http_count(&f, "POST", CATALOG), 0, "and looking does not subscribe");
}

static void
test_expiry(void)
{
	static const struct { const char *answer; int64_t until_s; const char *what; } cases[] = {
		{ "{\"token\":\"t\",\"expiry\":2000000100}", 2000000100, "seconds" },
		{ "{\"token\":\"t\",\"expiry\":2000000100000}", 2000000100, "milliseconds" },
		{ "{\"token\":\"t\"}", VISITOR_NOW + 600, "no expiry: ten minutes" },
		{ "{\"token\":\"t\",\"expiry\":5}", VISITOR_NOW + 600, "an expiry long past: ten minutes" },
		{ "{\"token\":\"t\",\"expiry\":\"soon\"}", VISITOR_NOW + 600, "an expiry that is none: ten minutes" },
	};
	struct osc_service *s;
	struct json *list;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = with_minio();
		s->sat.reveal = NULL;
		fake_http_rule(&f, "POST", MINT, NULL, 0, 200, cases[i].answer);
		fake_http_rule(&f, "GET", API, "t", 0, 200, "[]");
		ok(osc_instance_list(&osc, s, &list) == ERR_OK && s->sat_expires_at_s == cases[i].until_s,
		    "a service token's expiry: %s", cases[i].what);
	}
	s = with_minio();
	fake_http_rule(&f, "POST", MINT, NULL, 0, 200, SAT(1));
	fake_http_rule(&f, "GET", API, NULL, 0, 200, "[]");
	now_ms = (3600 - 61) * 1000;
	ok(osc_instance_list(&osc, s, &list) == ERR_OK && fake_http_count(&f, "POST", MINT) == 0,
	    "61 s before its expiry a service token is used");
	now_ms += 1000;
	ok(osc_instance_list(&osc, s, &list) == ERR_OK && fake_http_count(&f, "POST", MINT) == 1,
	    "60 s before, a new one is asked for");
	s = with_minio();
	s->sat.reveal = NULL;
	fake_http_rule(&f, "POST", MINT, NULL, 0, 403, "{\"reason\":\"plan too small\"}");
	is_int(osc_instance_list(&osc, s, &list), ERR_REFUSED, "a service token that is refused refuses the call");
	is_str(call.upstream_service, "token", "by the token service");
	is_int(call.upstream_status, 403, "with its status");
	is_int(fake_http_count(&f, "GET", API), 0, "and nothing is sent without a token");
}

static void
test_ladder(void)
{
	struct osc_service *s = with_minio();
	struct json *list;

	fake_http_rule(&f, "GET", API, "sat0", 0, 401, "{\"reason\":\"expired\"}");
	fake_http_rule(&f, "POST", MINT, "pat1", 0, 200, SAT(1));
	fake_http_rule(&f, "GET", API, "sat1", 0, 200, "[]");
	is_int(osc_instance_list(&osc, s, &list), ERR_OK, "a refused service token is replaced");
	ok(renewals == 0 && f.asked_n == 3, "by one new one, and the call repeated once");

	s = with_minio();
	fake_http_rule(&f, "GET", API, "sat2", 0, 200, "[]");
	fake_http_rule(&f, "GET", API, NULL, 0, 401, "{\"reason\":\"expired\"}");
	fake_http_rule(&f, "POST", MINT, "pat1", 0, 200, SAT(1));
	fake_http_rule(&f, "POST", MINT, "pat2", 0, 200, SAT(2));
	is_int(osc_instance_list(&osc, s, &list), ERR_OK, "refused again: a new access token gives one that is good");
	is_int(renewals, 1, "after one renewal");

	s = with_minio();
	fake_http_rule(&f, "GET", API, NULL, 0, 401, "{\"reason\":\"expired\"}");
	fake_http_rule(&f, "POST", MINT, NULL, 0, 200, SAT(1));
	is_int(osc_instance_list(&osc, s, &list), ERR_REFUSED, "refused a third time: it is not the token");
	is_str(call.upstream_service, "minio-minio", "but the service that refuses");
	is_int(call.upstream_status, 401, "with its status");
	is_int(renewals, 1, "not renewed more than once");
	is_int(fake_http_count(&f, "GET", API), 3, "asked three times in all");

	s = with_minio();
	fake_http_rule(&f, "GET", API, NULL, 0, 401, "<html>sign in</html>");
	fake_http_rule(&f, "POST", MINT, NULL, 0, 200, SAT(1));
	is_int(osc_instance_list(&osc, s, &list), ERR_UPSTREAM, "a 401 page of the ingress is a service that is not ready");
	ok(renewals == 0 && fake_http_count(&f, "POST", MINT) == 1, "worth a new service token, no more");

	visitor_fresh();
	fake_http_rule(&f, "GET", CATALOG, "pat1", 0, 401, "{\"reason\":\"expired\"}");
	fake_http_rule(&f, "GET", CATALOG, "pat2", 0, 200, "[" RECORD "]");
	is_int(osc_catalog_list(&osc, &list), ERR_OK, "a refused access token is renewed and the call repeated");
	is_int(renewals, 1, "once");

	visitor_fresh();
	fake_http_rule(&f, "GET", CATALOG, "pat1", 0, 500,
	    "{\"statusCode\":500,\"code\":\"FST_ERR_FAILED_ERROR_SERIALIZATION\",\"message\":\"x\"}");
	fake_http_rule(&f, "GET", CATALOG, "pat2", 0, 200, "[]");
	is_int(osc_catalog_list(&osc, &list), ERR_OK, "the catalog's way to say 401 is understood");

	visitor_fresh();
	fake_http_rule(&f, "GET", CATALOG, NULL, 0, 401, "{}");
	is_int(osc_catalog_list(&osc, &list), ERR_REFUSED, "a platform that refuses the new access token too has refused");
	is_int(call.upstream_status, 401, "with its status");
	ok(renewals == 1 && fake_http_count(&f, "GET", CATALOG) == 2, "after one renewal and one repeat");

	visitor_fresh();
	renew_result = ERR_UPSTREAM;
	fake_http_rule(&f, "GET", CATALOG, NULL, 0, 401, "{}");
	is_int(osc_catalog_list(&osc, &list), ERR_UPSTREAM, "a renewal that fails for now is no end of the session");

	visitor_fresh();
	renew_result = ERR_NO_SESSION;
	fake_http_rule(&f, "GET", CATALOG, NULL, 0, 401, "{}");
	is_int(osc_catalog_list(&osc, &list), ERR_NO_SESSION, "one that is refused is");
}

static void
test_classes(void)
{
	static const struct { int status; const char *body; enum err e; const char *what; } cases[] = {
		{ 404, "{\"reason\":\"no such instance\"}", ERR_NOT_FOUND, "404 as JSON: it does not exist" },
		{ 404, "{\"message\":\"Route GET:/x not found\"}", ERR_UPSTREAM, "404 of a starting service: not ready" },
		{ 404, "<html></html>", ERR_UPSTREAM, "404 page: not ready" },
		{ 502, "<html></html>", ERR_UPSTREAM, "502 page: not ready" },
		{ 503, "{\"reason\":\"busy\"}", ERR_UPSTREAM, "503: transient" },
		{ 500, "{\"reason\":\"boom\"}", ERR_UPSTREAM, "500: transient" },
		{ 500, "{\"reason\":\"name already taken\"}", ERR_CONFLICT, "500 that says the name is taken: conflict" },
		{ 409, "{\"reason\":\"x\"}", ERR_CONFLICT, "409: conflict" },
		{ 400, "{\"reason\":\"bad\"}", ERR_REFUSED, "400: refused" },
		{ 403, "{\"reason\":\"plan\"}", ERR_REFUSED, "403: refused" },
		{ 422, "{\"reason\":\"bad\"}", ERR_REFUSED, "422: refused" },
		{ 429, "{\"reason\":\"slow down\"}", ERR_REFUSED, "429: refused" },
		{ 400, "{\"reason\":\"ORCHESTRATOR_UNAVAILABLE\"}", ERR_UPSTREAM, "words of the orchestrator: transient" },
		{ 200, "{\"reason\":\"no such plan\"}", ERR_REFUSED, "200 with a reason: refused" },
		{ 200, "<html>welcome</html>", ERR_UPSTREAM, "200 page: not ready" },
		{ 200, "", ERR_PROTOCOL, "200 without a body where one is needed: nonsense" },
		{ 200, "[]", ERR_PROTOCOL, "200 with the wrong kind of JSON: nonsense" },
		{ 302, "", ERR_PROTOCOL, "a redirect: nonsense" },
	};
	struct osc_service *s;
	struct json *document;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int tries = strstr(cases[i].what, "not ready") != NULL ? 3 : 1;

		s = with_minio();
		fake_http_rule(&f, "GET", API "/store", NULL, 0, cases[i].status, cases[i].body);
		is_int(osc_instance_get(&osc, s, "store", &document), cases[i].e, "%s", cases[i].what);
		ok(call.detail != NULL, "  with words");
		is_int((int64_t)f.asked_n, tries, "  after so many tries");
	}
	s = with_minio();
	fake_http_fail(&f, "GET", API "/store", 0, ERR_UPSTREAM_TIMEOUT);
	is_int(osc_instance_get(&osc, s, "store", &document), ERR_UPSTREAM_TIMEOUT, "no answer in time");
	s = with_minio();
	fake_http_fail(&f, "GET", API "/store", 0, ERR_PROTOCOL);
	is_int(osc_instance_get(&osc, s, "store", &document), ERR_PROTOCOL, "an answer that is no HTTP");
	s = with_minio();
	fake_http_rule(&f, "GET", API "/store", NULL, 0, 403,
	    "{\"reason\":\"no \\u001b[31m https://admin:secret@db.example/x eyJhbGciOiJIUzI1NiJ9.e30.c2ln\"}");
	is_int(osc_instance_get(&osc, s, "store", &document), ERR_REFUSED, "a refusal's own words are passed on");
	is_str(call.detail, "minio-minio: no  [31m https://***:***@db.example/x ***",
	    "without passwords, tokens and control bytes");
	s = with_minio();
	fake_http_rule(&f, "GET", API "/a%2F..%3Fb", NULL, 0, 200, "{}");
	is_int(osc_instance_get(&osc, s, "a/..?b", &document), ERR_OK, "names are percent-encoded");
}

static void
test_create(void)
{
	struct osc_service *s = with_minio();
	struct json *body, *document;
	const char *text = "{\"name\":\"store\",\"RootUser\":\"admin\"}";

	body = visitor_json(text);
	fake_http_rule(&f, "POST", API, NULL, 0, 200, "{\"name\":\"store\"}");
	is_int(osc_instance_create(&osc, s, body, &document), ERR_OK, "an instance is created");
	is_str(fake_http_last(&f, "POST", API)->body, text, "with the body as given");
	ok(!fake_http_last(&f, "POST", API)->replayable, "and never sent twice by the transport");

	s = with_minio();
	body = visitor_json(text);
	fake_http_fail(&f, "POST", API, 1, ERR_UPSTREAM_TIMEOUT);
	fake_http_rule(&f, "GET", API "/store", NULL, 0, 200, "{\"name\":\"store\",\"found\":true}");
	is_int(osc_instance_create(&osc, s, body, &document), ERR_OK, "after a time-out it is looked for");
	ok(json_bool(document, "found", false) && fake_http_count(&f, "POST", API) == 1, "and not created again");

	s = with_minio();
	body = visitor_json(text);
	fake_http_rule(&f, "POST", API, NULL, 2, 500, "{\"reason\":\"ORCHESTRATOR_UNAVAILABLE\"}");
	fake_http_rule(&f, "POST", API, NULL, 0, 200, "{\"name\":\"store\"}");
	fake_http_rule(&f, "GET", API "/store", NULL, 0, 404, "{\"reason\":\"none\"}");
	is_int(osc_instance_create(&osc, s, body, &document), ERR_OK, "a transient failure is tried again");
	ok(fake_http_count(&f, "POST", API) == 3 && fake_http_count(&f, "GET", API "/store") == 2,
	    "three times at most, with a look before each");
	ok(slept_ms >= 12000 && slept_ms <= 15000, "and with growing pauses");

	s = with_minio();
	body = visitor_json(text);
	fake_http_fail(&f, "POST", API, 1, ERR_UPSTREAM_TIMEOUT);
	fake_http_rule(&f, "POST", API, NULL, 0, 409, "{\"reason\":\"name already taken\"}");
	fake_http_rule(&f, "GET", API "/store", NULL, 1, 404, "{\"reason\":\"none\"}");
	fake_http_rule(&f, "GET", API "/store", NULL, 0, 200, "{\"name\":\"store\"}");
	is_int(osc_instance_create(&osc, s, body, &document), ERR_OK,
	    "a name that is taken at the second try was taken by the first, which arrived late");

	s = with_minio();
	body = visitor_json(text);
	fake_http_rule(&f, "POST", API, NULL, 0, 500, "{\"reason\":\"boom\"}");
	fake_http_rule(&f, "GET", API "/store", NULL, 0, 500, "{\"reason\":\"boom\"}");
	is_int(osc_instance_create(&osc, s, body, &document), ERR_UPSTREAM, "a 500 to a look is not \"not there\"");
	is_int(fake_http_count(&f, "POST", API), 1, "so nothing is created again");

	s = with_minio();
	body = visitor_json(text);
	fake_http_rule(&f, "POST", API, NULL, 0, 500, "{\"reason\":\"boom\"}");
	fake_http_rule(&f, "GET", API "/store", NULL, 0, 502, "<html></html>");
	is_int(osc_instance_create(&osc, s, body, &document), ERR_UPSTREAM, "a failure that stays is told");
	is_int(fake_http_count(&f, "POST", API), 1, "while nothing certain is known it is not created again");

	s = with_minio();
	body = visitor_json(text);
	call.deadline_ms = 1000 + 1500;
	fake_http_rule(&f, "POST", API, NULL, 0, 500, "{\"reason\":\"boom\"}");
	is_int(osc_instance_create(&osc, s, body, &document), ERR_UPSTREAM, "near the deadline there is no second try");
	is_int((int64_t)f.asked_n, 1, "one call");

	s = with_minio();
	body = visitor_json(text);
	fake_http_rule(&f, "POST", API, NULL, 0, 409, "{\"reason\":\"exists\"}");
	is_int(osc_instance_create(&osc, s, body, &document), ERR_CONFLICT, "a name in use is a conflict at once");
	is_int((int64_t)f.asked_n, 1, "without another try");
}

static void
test_retry_after(void)
{
	struct osc_service *s = with_minio();
	struct json *body, *document;
	const char *text = "{\"name\":\"store\"}";

	body = visitor_json(text);
	fake_http_rule(&f, "POST", API, NULL, 1, 503, "{\"reason\":\"busy\"}");
	fake_http_retry_after(&f, 12);
	fake_http_rule(&f, "POST", API, NULL, 0, 200, "{\"name\":\"store\"}");
	fake_http_rule(&f, "GET", API "/store", NULL, 0, 404, "{\"reason\":\"none\"}");
	is_int(osc_instance_create(&osc, s, body, &document), ERR_OK, "who is asked to wait tries again");
	is_int(slept_ms, 12000, "when that time is over");

	s = with_minio();
	body = visitor_json(text);
	call.deadline_ms = 1000 + 30000;
	fake_http_rule(&f, "POST", API, NULL, 0, 503, "{\"reason\":\"busy\"}");
	fake_http_retry_after(&f, 60);
	is_int(osc_instance_create(&osc, s, body, &document), ERR_UPSTREAM, "longer than the request may take");
	ok(slept_ms == 0 && f.asked_n == 1, "it is not waited for");
	is_int(call.retry_after_s, 60, "but told");

	s = with_minio();
	fake_http_rule(&f, "GET", API "/store", NULL, 0, 429, "{\"reason\":\"slow down\"}");
	fake_http_retry_after(&f, 3);
	is_int(osc_instance_get(&osc, s, "store", &document), ERR_REFUSED, "too many requests");
	ok(f.asked_n == 1 && call.retry_after_s == 3, "are not made more, and the pause is told");
}

static void
test_subscriptions(void)
{
	struct json *record;

	visitor_fresh();
	fake_http_rule(&f, "POST", CATALOG, NULL, 0, 200, "{\"teamId\":\"acme\",\"services\":[\"minio-minio\"]}");
	fake_http_rule(&f, "GET", CATALOG, NULL, 2, 200, "[]");
	fake_http_rule(&f, "GET", CATALOG, NULL, 0, 200, "[" RECORD "]");
	is_int(osc_catalog_activate(&osc, "minio-minio", &record), ERR_OK, "a service is activated");
	is_str(fake_http_last(&f, "POST", CATALOG)->body, "{\"services\":[\"minio-minio\"]}", "by its id");
	ok(fake_http_count(&f, "GET", CATALOG) == 3 && slept_ms >= 480 && slept_ms <= 600, "and its record waited for, in growing pauses");
	ok(osc_catalog_known(&osc, "minio-minio") != NULL, "after which it is known");
	fake_http_rule(&f, "DELETE", CATALOG "/minio-minio", NULL, 1, 409, "{\"reason\":\"instances exist\"}");
	fake_http_rule(&f, "DELETE", CATALOG "/minio-minio", NULL, 0, 200, "\"ok\"");
	is_int(osc_catalog_remove(&osc, "minio-minio"), ERR_CONFLICT, "a service in use is not removed");
	call_recover(&call);
	ok(osc_catalog_known(&osc, "minio-minio") != NULL, "and stays known");
	is_int(osc_catalog_remove(&osc, "minio-minio"), ERR_OK, "removed");
	is_str(fake_http_last(&f, "DELETE", NULL)->body, "{\"services\":[\"minio-minio\"]}", "with the body that is wanted");
	ok(osc_catalog_known(&osc, "minio-minio") == NULL, "and forgotten");

	visitor_fresh();
	fake_http_rule(&f, "POST", CATALOG, NULL, 0, 200, "{}");
	fake_http_rule(&f, "GET", CATALOG, NULL, 0, 200, "[]");
	is_int(osc_catalog_activate(&osc, "minio-minio", &record), ERR_UPSTREAM_TIMEOUT,
	    "a record that does not appear is not waited for without end");
	ok(slept_ms < 9000, "but briefly");
	visitor_fresh();
	fake_http_rule(&f, "POST", CATALOG, NULL, 0, 403, "{\"reason\":\"plan too small\"}");
	is_int(osc_catalog_activate(&osc, "minio-minio", &record), ERR_REFUSED, "a refused activation is told");
	is_str(call.detail, "catalog: plan too small", "in the platform's words");
}

static void
test_overview(void)
{
	static const char subscriptions[] = "[" RECORD ","
	    "{\"serviceId\":\"encore\",\"apiUrl\":\"https://api-encore.example/encoreinstance\",\"serviceType\":\"instance\"},"
	    "{\"serviceId\":\"broken\",\"apiUrl\":\"https://api-broken.example/b\",\"serviceType\":\"instance\"},"
	    "{\"serviceId\":\"ff\",\"apiUrl\":\"https://api-ff.example/ffjob\",\"serviceType\":\"job\"}]";
	struct json *out;

	with_minio();
	fake_http_rule(&f, "GET", CATALOG, NULL, 0, 200, subscriptions);
	fake_http_rule(&f, "POST", MINT, NULL, 0, 200, SAT(1));
	fake_http_rule(&f, "GET", API, NULL, 0, 200,
	    "[{\"name\":\"store\",\"url\":\"https://u:p@store.example\",\"_links\":{\"health\":{\"href\":\"/h/store\"}}},"
	    "{\"name\":\"two\",\"_links\":{\"health\":{\"href\":\"//evil.example/h\"}}}]");
	fake_http_rule(&f, "GET", "https://api-encore.example/encoreinstance", NULL, 0, 200, "[{\"name\":\"enc\"}]");
	fake_http_rule(&f, "GET", "https://api-broken.example/b", NULL, 0, 500, "{\"reason\":\"boom\"}");
	fake_http_rule(&f, "GET", "https://api-minio.example/h/store", NULL, 0, 200, "{\"status\":\"running\"}");
	fake_http_rule(&f, "GET", "https://api-minio.example/health/two", NULL, 0, 502, "<html>");
	fake_http_rule(&f, "GET", "https://api-encore.example/health/enc", NULL, 0, 500, "{}");
	is_int(osc_instances_all(&osc, &out), ERR_OK, "the overview of everything");
	is_str(json_print(&arena, out, NULL), "{\"instances\":["
	    "{\"serviceId\":\"minio-minio\",\"name\":\"store\",\"url\":\"https://***:***@store.example\",\"status\":\"running\"},"
	    "{\"serviceId\":\"minio-minio\",\"name\":\"two\",\"url\":null,\"status\":\"starting\"},"
	    "{\"serviceId\":\"encore\",\"name\":\"enc\",\"url\":null,\"status\":\"unknown\"}],"
	    "\"errors\":[{\"serviceId\":\"broken\",\"detail\":\"broken failed (500): boom\"}]}",
	    "has every instance with its health; a service that fails costs only its rows; links stay on their host");
	is_int(f.unexpected, 0, "nothing else was asked, jobs neither");
	is_int(f.batches, 4, "in four rounds: lists, tokens, new lists, healths");
	fake_http_rule(&f, "GET", "https://api-ff.example/ffjob", NULL, 0, 200, "[]");
	f.asked_n = 0;
	f.batches = 0;
	is_int(osc_instances_all(&osc, &out), ERR_OK, "once more, now that everything is known");
	is_int(f.batches, 2, "takes two rounds");
	is_int(fake_http_count(&f, "POST", MINT), 0, "and no new token");
	fake_http_reset(&f);
	fake_http_rule(&f, "GET", API, NULL, 0, 200, "[]");
	fake_http_rule(&f, "GET", "https://api-encore.example/encoreinstance", NULL, 0, 200, "[{\"name\":\"enc\"}]");
	fake_http_rule(&f, "GET", "https://api-broken.example/b", NULL, 0, 200, "[{\"name\":\"gone\"}]");
	fake_http_rule(&f, "GET", CATALOG, NULL, 0, 200, "[" RECORD "]");
	is_int(osc_instances_all(&osc, &out), ERR_OK, "services that are no longer subscribed");
	is_str(json_print(&arena, out, NULL), "{\"instances\":[],\"errors\":[]}", "are not shown");
}

/* A list of that many of the same. */
static char *
repeated(const char *element, size_t n)
{
	size_t len = strlen(element);
	char *text = malloc(n * (len + 1) + 2), *p = text;

	*p++ = '[';
	for (size_t i = 0; i < n; i++) {
		memcpy(p, element, len);
		p += len;
		*p++ = i + 1 < n ? ',' : ']';
	}
	*p = '\0';
	return text;
}

/* Each service takes a token, each instance a call: lists from outside must not ask for any number. */
static void
test_long_lists(void)
{
	char *services = repeated("{\"serviceId\":\"a\",\"apiUrl\":\"https://a.example/a\"}", 2001);
	char *instances = repeated("{\"name\":\"a\"}", 10001);
	struct json *out;

	with_minio();
	fake_http_rule(&f, "GET", CATALOG, NULL, 1, 200, services);
	is_int(osc_catalog_list(&osc, &out), ERR_PROTOCOL, "services without number are nonsense");
	with_minio();
	fake_http_rule(&f, "GET", CATALOG, NULL, 0, 200, "[" RECORD ",{\"serviceId\":\"encore\","
	    "\"apiUrl\":\"https://api-encore.example/encoreinstance\",\"serviceType\":\"instance\"}]");
	fake_http_rule(&f, "POST", MINT, NULL, 0, 200, SAT(1));
	fake_http_rule(&f, "GET", API, NULL, 0, 200, instances);
	fake_http_rule(&f, "GET", "https://api-encore.example/encoreinstance", NULL, 0, 200, "[{\"name\":\"enc\"}]");
	fake_http_rule(&f, "GET", "https://api-encore.example/health/enc", NULL, 0, 200, "{\"status\":\"running\"}");
	is_int(osc_instances_all(&osc, &out), ERR_OK, "a service with instances without number");
	is_int((int64_t)json_count(json_get(out, "instances")), 1, "costs only its own rows");
	is_str(json_string(json_first(json_get(out, "instances")), "name"), "enc", "not those of others");
	is_str(json_string(json_first(json_get(out, "errors")), "serviceId"), "minio-minio", "and is named");
	is_int(fake_http_count(&f, "GET", "https://api-minio.example/health/a"), 0, "nobody asks for each of them");
	free(services);
	free(instances);
}

static void
test_plan(void)
{
	struct json *out;

	visitor_fresh();
	fake_http_rule(&f, "GET", "https://money.example/mytenantplan", NULL, 0, 200, "{\"planType\":\"personal\"}");
	fake_http_rule(&f, "GET", "https://money.example/mytokencount", NULL, 0, 200,
	    "{\"tenantId\":\"acme\",\"tokenCount\":120,\"availableTokens\":300,\"remainingTokens\":-20}");
	is_int(osc_plan_read(&osc, &out), ERR_OK, "plan and balance");
	is_str(json_print(&arena, out, NULL), "{\"plan\":\"PERSONAL\",\"tokens\":"
	    "{\"tokenCount\":120,\"availableTokens\":300,\"remainingTokens\":-20}}", "as promised");
	is_int(f.batches, 1, "asked side by side");
	visitor_fresh();
	fake_http_rule(&f, "GET", "https://money.example/mytenantplan", NULL, 0, 200, "{\"name\":\"Pro\"}");
	fake_http_rule(&f, "GET", "https://money.example/mytokencount", NULL, 0, 200,
	    "{\"tokenCount\":\"120\",\"availableTokens\":\"many\",\"remainingTokens\":\"-20\"}");
	is_int(osc_plan_read(&osc, &out), ERR_OK, "a balance in strings");
	is_str(json_print(&arena, out, NULL), "{\"plan\":\"PRO\",\"tokens\":"
	    "{\"tokenCount\":120,\"availableTokens\":null,\"remainingTokens\":-20}}", "is read where it is one");
	visitor_fresh();
	fake_http_rule(&f, "GET", "https://money.example/mytenantplan", NULL, 0, 500, "{}");
	fake_http_fail(&f, "GET", "https://money.example/mytokencount", 0, ERR_UPSTREAM_TIMEOUT);
	is_int(osc_plan_read(&osc, &out), ERR_OK, "not to be had");
	is_str(json_print(&arena, out, NULL), "{\"plan\":null,\"tokens\":null}", "is unknown, not an error");
	ok(call.failed == ERR_OK, "and leaves no words of a failure");
	visitor_fresh();
	fake_http_rule(&f, "GET", "https://money.example/mytenantplan", NULL, 0, 401, "{}");
	fake_http_rule(&f, "GET", "https://money.example/mytokencount", NULL, 0, 404, "{}");
	is_int(osc_plan_read(&osc, &out), ERR_OK, "refused with a new token too");
	is_str(json_print(&arena, out, NULL), "{\"plan\":null,\"tokens\":null}", "is as unknown");
	visitor_fresh();
	renew_result = ERR_NO_SESSION;
	fake_http_rule(&f, "GET", "https://money.example/mytenantplan", NULL, 0, 401, "{}");
	fake_http_rule(&f, "GET", "https://money.example/mytokencount", NULL, 0, 404, "{}");
	is_int(osc_plan_read(&osc, &out), ERR_NO_SESSION, "a sign-in that ended is an error");
}

/* What is begun on a plan that is used up would be suspended at once. */
static void
test_plan_check(void)
{
	static const struct { const char *plan, *tokens; enum err want; const char *sentence; } cases[] = {
		{ "{\"planType\":\"FREE\"}", "{\"remainingTokens\":-201}", ERR_REFUSED, "overspent on the free plan" },
		{ "{\"planType\":\"FREE\"}", "{\"remainingTokens\":\"-201\"}", ERR_REFUSED, "told as a string" },
		{ "{\"planType\":\"FREE\"}", "{\"remainingTokens\":\"-200\"}", ERR_OK, "a little overspent" },
		{ "{\"planType\":\"PERSONAL\"}", "{\"remainingTokens\":-201}", ERR_OK, "overspent on another" },
		{ "{}", "{}", ERR_OK, "not told" },
	};
	struct work w = { .osc = &osc, .call = &call };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		visitor_fresh();
		fake_http_rule(&f, "GET", "https://money.example/mytenantplan", NULL, 0, 200, cases[i].plan);
		fake_http_rule(&f, "GET", "https://money.example/mytokencount", NULL, 0, 200, cases[i].tokens);
		is_int(plan_check(&w), cases[i].want, "%s", cases[i].sentence);
	}
}

/* What is written into an option is read back; nothing else is a reference to one secret. */
static void
test_references(void)
{
	static const struct { const char *value, *name; } cases[] = {
		{ "{{secrets.pw}}", "pw" }, { "{{secrets.}}", NULL }, { "{{secrets.", NULL }, { "{{secrets.p", NULL },
		{ "{{secrets.pw", NULL }, { "pw}}", NULL }, { " {{secrets.pw}}", NULL }, { "{{secrets.pw}} ", NULL },
		{ "}}", NULL }, { "", NULL }, { NULL, NULL },
	};

	is_str(osc_secret_reference(&arena, "pw"), "{{secrets.pw}}", "a reference");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_str(osc_secret_referred(&arena, cases[i].value), cases[i].name, "what %s refers to",
		    cases[i].value != NULL ? cases[i].value : "nothing");
}

static void
test_ranks(void)
{
	static const char *const order[] = { "FREE", "PERSONAL", "PROFESSIONAL", "PRO", "BUSINESS", "ENTERPRISE" };

	for (size_t i = 1; i < sizeof(order) / sizeof(order[0]); i++)
		ok(osc_plan_rank(order[i]) > osc_plan_rank(order[i - 1]), "%s ranks above %s", order[i], order[i - 1]);
	ok(osc_plan_rank("pro") == osc_plan_rank("PRO"), "in any case of letters");
	ok(osc_plan_rank("GALACTIC") == osc_plan_rank("FREE") && osc_plan_rank(NULL) == osc_plan_rank("FREE"),
	    "what is unknown ranks lowest");
}

static const char *
masked(const char *text, const char *const *secret)
{
	struct json *j;

	if (json_parse(&arena, text, strlen(text), &j) != ERR_OK)
		return "?";
	osc_mask_document(&arena, j, secret);
	return json_print(&arena, j, NULL);
}

/* The address sanitizer's strstr looks through all of its text at each call: as much as the product must not. */
#ifdef __SANITIZE_ADDRESS__
#define LONG_LINE (64 * 1024)
#else
#define LONG_LINE (4 * 1024 * 1024)
#endif

/* A log may be one line of megabytes: each of its addresses must not be a reason to look through the rest. */
static void
test_mask_time(void)
{
	const size_t len = LONG_LINE;
	char *text = malloc(len + 1);
	const char *covered;
	struct arena a;
	clock_t began;

	arena_init(&a, 64 * 1024 * 1024);
	memset(text, 'x', len);
	memcpy(text, "@", 1);
	for (size_t i = 1; i + 8 < len; i += 8)
		memcpy(text + i, "://a:bc/", 8);
	text[len] = '\0';
	began = clock();
	covered = osc_mask_text(&a, text);
	ok(covered != NULL && strcmp(covered, text) == 0, "a long line of addresses without secrets stays as it is");
	ok((clock() - began) / CLOCKS_PER_SEC < 5, "and takes no time that grows with its square");
	arena_free(&a);
	free(text);
}

static void
test_mask(void)
{
	static const char *const secret[] = { "Hidden", NULL };
	static const char *const holding[] = { "{\"a\":\"***\"}", "{\"a\":{\"b\":[1,\"***\"]}}",
		"{\"u\":\"https://***:***@h/x\"}" };
	struct json *j;

	visitor_fresh();
	is_str(masked("[{\"a\":\"{{secrets.x}}\",\"Hidden\":\"v\",\"hidden\":\"v\",\"p\":{\"Password\":\"v\",\"n\":[\"{{secrets.y}}\"]}}]",
	    secret), "[{\"a\":\"***\",\"Hidden\":\"***\",\"hidden\":\"v\",\"p\":{\"Password\":\"***\",\"n\":[\"***\"]}}]",
	    "placeholders and secret options are covered whole, at any depth");
	is_str(masked("{\"RedisUrl\":\"redis://h:1\",\"PersonalAccessToken\":\"x\",\"password\":12345,\"dbUrl\":\"https://u:p@h\","
	    "\"ApiKey\":\"\"}", NULL),
	    "{\"RedisUrl\":\"***\",\"PersonalAccessToken\":\"***\",\"password\":\"***\",\"dbUrl\":\"***\",\"ApiKey\":\"\"}",
	    "so are those known to be secrets, however the record calls them");
	is_str(masked("[\"redis://default:pw@h:6379/0\",\"https://user@h/\",\"https://h/a@b\",\"x https://a:b@c d http://e:f@g\"]", NULL),
	    "[\"redis://***:***@h:6379/0\",\"https://***:***@h/\",\"https://h/a@b\",\"x https://***:***@c d http://***:***@g\"]",
	    "user names and passwords in URLs are covered, wherever they stand");
	is_str(masked("[\"redis://default:p/w@h:6379\",\"https://u:p@w@h/\",\"https://h:8080/p@th\"]", NULL),
	    "[\"redis://***:***@h:6379\",\"https://***:***@h/\",\"https://h:8080/p@th\"]",
	    "also where the password is not encoded as it should be");
	if (json_parse(&arena, "[" RECORD "]", strlen("[" RECORD "]"), &j) == ERR_OK)
		osc_mask_services(&arena, j);
	is_str(json_string(json_next(json_next(json_first(json_get(json_first(j), "serviceInstanceOptions")))), "default"),
	    "***", "a secret option's default is covered in a service's record");
	for (size_t i = 0; i < 3; i++)
		ok(json_parse(&arena, holding[i], strlen(holding[i]), &j) == ERR_OK && osc_holds_mask(j),
		    "a mask that comes back is noticed: %s", holding[i]);
	ok(json_parse(&arena, "{\"a\":\"**\",\"***\":1}", 18, &j) == ERR_OK && !osc_holds_mask(j), "nothing else is");
}

static void
test_names(void)
{
	struct osc_service *s = with_minio();
	struct json *document = json_object(&arena);
	static const char *const bad[] = { "", "A", "a-b", "a_b", "012345678901234567890", ".", "\xc3\xa5", NULL };

	for (size_t i = 0; bad[i] != NULL; i++)
		ok(!osc_is_new_name(bad[i]), "no name for an instance: \"%s\"", bad[i]);
	ok(osc_is_new_name("01234567890123456789") && !osc_is_new_name(NULL), "20 letters and digits are one");
	ok(osc_is_service_id("minio-minio") && !osc_is_service_id("-a") && !osc_is_service_id("a/b")
	    && !osc_is_service_id("..") && !osc_is_service_id(NULL), "service ids");
	is_str(osc_site_of(&arena, API), "https://api-minio.example", "the site of an address");
	ok(osc_site_of(&arena, "nothing") == NULL, "what is no address has none");
	is_str(osc_link_in(&arena, s, document, OSC_LINK_LOGS, "a b"), "https://api-minio.example/logs/a%20b",
	    "without a link the documented path is used");
}

/* The index of profiles is a stranger's file: what no job could ask for is not offered. */
static void
test_profile_index(void)
{
#define INDEX "https://profiles.example/profiles.yml"
	static const struct {
		const char *name;
		int         status;
		const char *body;
		const char *want;
	} cases[] = {
		{ "names in their order", 200, "program: program.yml\nmobile: m/mobile.yml\n", "program mobile " },
		{ "other ends of lines, and none", 200, "\r\n\r\na.b-c_1: x\r\nb: y", "a.b-c_1 b " },
		{ "what is no such line", 200, "---\n# old: x\n  nested: x\nno colon\n: x\n..: x\n-a: x\n\"q\": x\na b: x\nz: x\n", "z " },
		{ "a name too long", 200, "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg: x\n", "" },
		{ "nothing", 200, "", "" },
		{ "not for everybody", 403, "program: x\n", "" },
		{ "no such file", 404, "program: x\n", "" },
	};
	const char **names, *got;
	char many[1200] = "";
	size_t n;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		visitor_fresh();
		fake_http_rule(&f, "GET", INDEX, NULL, 0, cases[i].status, cases[i].body);
		is_int(osc_profile_index_read(&osc, INDEX, &names, &n), ERR_OK, "%s", cases[i].name);
		got = "";
		for (size_t k = 0; k < n; k++)
			got = arena_concat(&arena, got, names[k], " ");
		is_str(got, cases[i].want, "%s: offered", cases[i].name);
		ok(f.asked[0].auth == HTTP_AUTH_NONE && f.asked[0].token == NULL, "%s: without a token", cases[i].name);
	}
	visitor_fresh();
	fake_http_fail(&f, "GET", INDEX, 0, ERR_UPSTREAM_TIMEOUT);
	ok(osc_profile_index_read(&osc, INDEX, &names, &n) == ERR_OK && n == 0, "no answer: none");
	for (int i = 0; i < 200; i++)
		strcat(many, "p: x\n");
	visitor_fresh();
	fake_http_rule(&f, "GET", INDEX, NULL, 0, 200, many);
	ok(osc_profile_index_read(&osc, INDEX, &names, &n) == ERR_OK && n == OSC_PROFILES_MAX, "not more than a person could choose from");
}

int
main(void)
{
	visitor_open();
	test_one_call();
	test_too_much();
	test_first_use();
	test_expiry();
	test_ladder();
	test_classes();
	test_create();
	test_retry_after();
	test_subscriptions();
	test_overview();
	test_long_lists();
	test_plan();
	test_plan_check();
	test_references();
	test_ranks();
	test_mask();
	test_mask_time();
	test_names();
	test_profile_index();
	visitor_close();
	return done_testing();
}
