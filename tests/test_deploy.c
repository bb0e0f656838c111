/* SPDX-License-Identifier: MIT */
/* What the deploy-manager keeps for the visitor. */
#include <string.h>

#include "json/json.h"
#include "osc/app.h"
#include "osc/ids.h"
#include "osc/node.h"
#include "osc/secret.h"
#include "osc/solution.h"
#include "osc/suspended.h"
#include "tap.h"
#include "visitor.h"

#define SECRETS "https://deploy.example/mysecrets/encore"

static void
test_secrets(void)
{
	static const char *const bad[] = { "", ".a", "-a", "_a", "a/b", "a b", "batch", "\xc3\xa5", NULL };
	const struct fake_asked *asked;
	struct json *list;

	visitor_fresh();
	fake_http_rule(&f, "GET", SECRETS, "pat1", 0, 200, "[{\"serviceId\":\"encore\",\"secretName\":\"k\"}]");
	is_int(osc_secret_list(&osc, "encore", &list), ERR_OK, "a service's secrets are listed");
	is_str(json_string(json_first(list), "secretName"), "k", "by their names");
	asked = fake_http_last(&f, "GET", SECRETS);
	ok(asked->auth == HTTP_AUTH_X_PAT_JWT && asked->reach == HTTP_REACH_PLATFORM,
	    "with x-pat-jwt, and only platform hosts may");

	visitor_fresh();
	fake_http_rule(&f, "POST", SECRETS, NULL, 0, 204, "");
	is_int(osc_secret_put(&osc, "encore", "k", "v\"1"), ERR_OK, "a secret is saved; no body need come back");
	is_str(fake_http_last(&f, "POST", NULL)->body, "{\"secretName\":\"k\",\"secretData\":\"v\\\"1\"}", "by name and value");
	is_int((int64_t)f.asked_n, 1, "by one call");

	visitor_fresh();
	fake_http_rule(&f, "POST", SECRETS, NULL, 0, 409, "{\"reason\":\"exists\"}");
	fake_http_rule(&f, "PUT", SECRETS "/k", NULL, 0, 200, "{}");
	is_int(osc_secret_put(&osc, "encore", "k", "v2"), ERR_OK, "one that exists is saved too");
	is_str(fake_http_last(&f, "PUT", NULL)->body, "{\"secretData\":\"v2\"}", "by changing its value");
	ok(call.failed == ERR_OK, "which is no failure");

	visitor_fresh();
	fake_http_rule(&f, "POST", SECRETS, NULL, 0, 500, "{\"reason\":\"boom\"}");
	is_int(osc_secret_put(&osc, "encore", "k", "v"), ERR_UPSTREAM, "a failure is one");
	is_int((int64_t)f.asked_n, 1, "and nothing is changed blindly");

	visitor_fresh();
	fake_http_rule(&f, "PUT", SECRETS "/none", NULL, 0, 404, "{\"reason\":\"no such secret\"}");
	is_int(osc_secret_change(&osc, "encore", "none", "v"), ERR_NOT_FOUND, "changing does not create");
	fake_http_rule(&f, "DELETE", SECRETS "/k", NULL, 1, 204, "");
	fake_http_rule(&f, "DELETE", SECRETS "/k", NULL, 0, 404, "{\"reason\":\"no such secret\"}");
	call_recover(&call);
	is_int(osc_secret_remove(&osc, "encore", "k"), ERR_OK, "a secret is removed");
	ok(fake_http_last(&f, "DELETE", NULL)->content_type == NULL, "without a body");
	is_int(osc_secret_remove(&osc, "encore", "k"), ERR_NOT_FOUND, "removed again: it is not there");

	for (size_t i = 0; bad[i] != NULL; i++)
		ok(!osc_is_secret_name(bad[i]), "no name for a secret: \"%s\"", bad[i]);
	ok(osc_is_secret_name("encore.Key_1-a") && osc_is_secret_name("batch1") && !osc_is_secret_name(NULL),
	    "letters, digits and . _ - are one");
}

#define APPS "https://deploy.example/myapps"
#define APP  "{\"id\":\"site1\",\"name\":\"site\",\"buildStatus\":\"building\"}"

static void
test_apps(void)
{
	static const struct { const char *body, *words; } bad[] = {
		{ "{\"type\":\"nodejs\",\"gitHubUrl\":\"https://github.com/a/b\"}", "name must be" },
		{ "{\"name\":\"a\",\"gitHubUrl\":\"https://github.com/a/b\"}", "type must be" },
		{ "{\"name\":\"a\",\"type\":\"python\",\"gitHubUrl\":\"https://github.com/a\"}", "gitHubUrl must be" },
		{ "{\"name\":\"a\",\"type\":\"python\",\"gitHubUrl\":\"https://github.com/a/b\",\"gitHubToken\":1}",
		    "gitHubToken must be" },
	};
	const char *body = "{\"name\":\"site\",\"type\":\"nodejs\",\"gitHubUrl\":\"https://github.com/acme/site\"}";
	struct json *out;

	visitor_fresh();
	fake_http_rule(&f, "GET", APPS, "pat1", 0, 200, "[" APP "]");
	fake_http_rule(&f, "GET", APPS "/site1", "pat1", 0, 200, APP);
	fake_http_rule(&f, "DELETE", APPS "/site1", NULL, 0, 200, "");
	fake_http_rule(&f, "PUT", APPS "/site1?rebuild=true", NULL, 0, 200, "");
	is_int(osc_app_list(&osc, &out), ERR_OK, "apps are listed");
	ok(fake_http_last(&f, "GET", APPS)->auth == HTTP_AUTH_X_PAT_JWT, "with x-pat-jwt");
	is_int(osc_app_get(&osc, "site1", &out), ERR_OK, "one is read");
	is_int(osc_app_rebuild(&osc, "site1"), ERR_OK, "built again");
	ok(fake_http_last(&f, "PUT", NULL)->content_type == NULL, "without a body");
	is_int(osc_app_remove(&osc, "site1"), ERR_OK, "and removed");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		call_recover(&call);
		is_int(osc_app_check(&call, visitor_json(bad[i].body)), ERR_BAD_REQUEST, "no app: %s", bad[i].body);
		ok(call.detail != NULL && strstr(call.detail, bad[i].words) != NULL, "  which says why");
	}
	call_recover(&call);
	is_int(osc_app_check(&call, visitor_json(body)), ERR_OK, "an app");

	visitor_fresh();
	fake_http_fail(&f, "POST", APPS, 1, ERR_UPSTREAM_TIMEOUT);
	fake_http_rule(&f, "GET", APPS, NULL, 0, 200, "[{\"name\":\"other\"}," APP "]");
	is_int(osc_app_create(&osc, visitor_json(body), &out), ERR_OK, "after a time-out it is looked for in the list");
	ok(strcmp(json_string(out, "id"), "site1") == 0 && fake_http_count(&f, "POST", APPS) == 1, "and not made again");
	visitor_fresh();
	fake_http_fail(&f, "POST", APPS, 1, ERR_UPSTREAM_TIMEOUT);
	fake_http_rule(&f, "POST", APPS, NULL, 0, 201, APP);
	fake_http_rule(&f, "GET", APPS, NULL, 0, 200, "[{\"name\":\"other\"}]");
	is_int(osc_app_create(&osc, visitor_json(body), &out), ERR_OK, "where it is not there");
	is_int(fake_http_count(&f, "POST", APPS), 2, "it is made at the second try");
}

#define SOLUTIONS "https://deploy.example/terraform/mydeployments"

static void
test_solutions(void)
{
	static const char *const fine[] = { "https://github.com/a/b", "https://github.com/a-1/b.c_d/tree/main/examples/x",
		"https://github.com/a/b#main" };
	static const char *const bad[] = { "http://github.com/a/b", "https://github.com/a", "https://github.com/a/",
		"https://github.com/../b", "https://github.com/a/b/../c", "https://github.com.evil.example/a/b",
		"https://github.com/a/b?x", "https://github.com/a/b c", "https://user@github.com/a/b", "" };
	struct json *out;

	visitor_fresh();
	fake_http_rule(&f, "GET", SOLUTIONS, "pat1", 1, 200, "[{\"id\":\"i\",\"name\":\"one\"}]");
	fake_http_rule(&f, "GET", SOLUTIONS, "pat1", 1, 200, "{\"deployments\":[{\"id\":\"i\",\"name\":\"one\"}]}");
	fake_http_rule(&f, "GET", SOLUTIONS, "pat1", 0, 200, "{\"deployments\":5}");
	is_int(osc_solution_list(&osc, &out), ERR_OK, "solutions are listed");
	is_int(osc_solution_list(&osc, &out), ERR_OK, "in an envelope too");
	is_str(json_string(json_first(out), "name"), "one", "which is taken off");
	is_int(osc_solution_list(&osc, &out), ERR_PROTOCOL, "anything else is nonsense");
	call_recover(&call);
	fake_http_rule(&f, "POST", SOLUTIONS, NULL, 0, 202, "{\"id\":\"i\",\"status\":\"queued\"}");
	is_int(osc_solution_create(&osc, visitor_json("{\"name\":\"one\"}"), &out), ERR_OK, "one is begun");
	fake_http_rule(&f, "GET", SOLUTIONS "/i/log?offset=4", NULL, 0, 200, "{\"lines\":[],\"next\":4,\"done\":true}");
	is_int(osc_solution_log(&osc, "i", 4, &out), ERR_OK, "its log is read from an offset on");
	fake_http_rule(&f, "DELETE", SOLUTIONS "/i", NULL, 0, 202, "{\"id\":\"i\",\"status\":\"destroying\"}");
	is_int(osc_solution_remove(&osc, "i"), ERR_OK, "and it is destroyed");
	out = visitor_json("[{\"variables\":{\"osc_pat\":\"x\",\"n\":\"y\"},\"outputs\":{"
	    "\"a\":{\"value\":{\"deep\":1},\"sensitive\":true},\"b\":{\"value\":\"v\",\"sensitive\":false}}}]");
	osc_solution_mask(&arena, out);
	is_str(json_print(&arena, out, NULL), "[{\"variables\":{\"osc_pat\":\"***\",\"n\":\"y\"},\"outputs\":{"
	    "\"a\":{\"value\":\"***\",\"sensitive\":true},\"b\":{\"value\":\"v\",\"sensitive\":false}}}]",
	    "sensitive outputs and secret variables are covered");
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		ok(osc_is_github_url(fine[i]), "a place on GitHub: %s", fine[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!osc_is_github_url(bad[i]), "none: %s", bad[i]);
}

#define SUSPENDED "https://deploy.example/mysuspended"

static void
test_suspended(void)
{
	struct json *out;

	visitor_fresh();
	fake_http_rule(&f, "GET", SUSPENDED, "pat1", 0, 200, "[]");
	fake_http_rule(&f, "POST", SUSPENDED "/encore/one/resume", "pat1", 0, 200, "{\"resumedAt\":\"now\"}");
	fake_http_rule(&f, "DELETE", SUSPENDED "/encore/one", "pat1", 0, 200, "{\"message\":\"ok\"}");
	fake_http_rule(&f, "DELETE", SUSPENDED "/encore/two", "pat1", 0, 404, "{\"reason\":\"not suspended\"}");
	fake_http_rule(&f, "GET", "https://deploy.example/mynodes", "pat1", 0, 200, "[{\"name\":\"n\"}]");
	is_int(osc_suspended_list(&osc, &out), ERR_OK, "what is suspended is listed");
	is_int(osc_suspended_resume(&osc, "encore", "one"), ERR_OK, "resumed");
	ok(fake_http_last(&f, "POST", NULL)->content_type == NULL, "without a body");
	is_int(osc_suspended_remove(&osc, "encore", "one"), ERR_OK, "and removed for good");
	is_int(osc_suspended_remove(&osc, "encore", "two"), ERR_NOT_FOUND, "what is not suspended is not");
	call_recover(&call);
	is_int(osc_node_list(&osc, &out), ERR_OK, "reserved nodes are listed");
}

int
main(void)
{
	visitor_open();
	test_secrets();
	test_apps();
	test_solutions();
	test_suspended();
	visitor_close();
	return done_testing();
}
