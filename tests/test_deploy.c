/* SPDX-License-Identifier: MIT */
/* What the deploy-manager keeps for the visitor. */
#include <string.h>

#include "json/json.h"
#include "osc/ids.h"
#include "osc/secret.h"
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

int
main(void)
{
	visitor_open();
	test_secrets();
	visitor_close();
	return done_testing();
}
