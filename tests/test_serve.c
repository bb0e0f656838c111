/* SPDX-License-Identifier: MIT */
/* What every request walks through: refusals in their order, guards, failures as documents and pages. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "gateway/gateway.h"
#include "tap.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"
#include "web/serve.h"

#define PARAMS_MAX 12

static enum err
handle(struct app *app, struct request *rq, struct response *rs)
{
	(void)app;
	(void)rq;
	return response_text(rs, 200, "handled", 7);
}

static enum err
locate(struct app *app, struct request *rq, struct response *rs)
{
	(void)app;
	return response_redirect(rs, 303, request_path_reached(rq));
}

static enum err
fail(struct app *app, struct request *rq, struct response *rs)
{
	(void)app;
	(void)rs;
	return call_fail(&rq->call, ERR_ACCESS_DENIED, "No <b>.");
}

static enum err
store_trouble(struct app *app, struct request *rq, struct response *rs)
{
	(void)app;
	(void)rq;
	(void)rs;
	return ERR_STORE;
}

static const struct route api_routes[] = {
	{ M_GET, "", ANYONE, PROOF_NONE, NO_BODY, AS_JSON, 0, handle },
	{ M_POST, "", ANYONE, PROOF_SAME_SITE, JSON_BODY, AS_JSON, 0, handle },
	{ M_POST, "/{name}", SIGNED_IN, PROOF_SAME_SITE, JSON_BODY, AS_JSON, 0, handle },
};
static const struct route page_routes[] = {
	{ M_GET, "", ANYONE, PROOF_STATE, NO_BODY, AS_PAGE, ROUTE_NO_HEAD, fail },
};
static const struct route guard_routes[] = {
	{ M_ANY, "", ANYONE, PROOF_NONE, NO_BODY, AS_JSON, ROUTE_GUARD, handle },
};
static const struct route located_routes[] = {
	{ M_GET, "", ANYONE, PROOF_NONE, NO_BODY, AS_JSON, 0, locate },
};
static const struct route store_routes[] = {
	{ M_GET, "", ANYONE, PROOF_NONE, NO_BODY, AS_JSON, 0, store_trouble },
};
static const struct route_alias no_alias[] = { { NULL, NULL } };
static const struct program api = { "api", api_routes, 3, no_alias };
static const struct program located = { "located", located_routes, 1, no_alias };
static const struct program store = { "status", store_routes, 1, no_alias };
static const struct program page = { "callback", page_routes, 1, no_alias };
static const struct program guard = { "authorize", guard_routes, 1, no_alias };

/* A web server's side of a request: what it sends, and what it is answered. */
struct peer {
	struct gateway_exchange x;	/* first */
	const char             *body;
	char                    answer[16384];
	size_t                  len;
};

static ssize_t
read_body(struct gateway_exchange *x, void *buf, size_t len)
{
	struct peer *p = (struct peer *)x;
	size_t n = strlen(p->body) < len ? strlen(p->body) : len;

	memcpy(buf, p->body, n);
	p->body += n;
	return (ssize_t)n;
}

static bool
take_answer(struct gateway_exchange *x, const void *data, size_t len)
{
	struct peer *p = (struct peer *)x;

	if (len >= sizeof(p->answer) - p->len)
		abort();
	memcpy(p->answer + p->len, data, len);
	p->len += len;
	p->answer[p->len] = '\0';
	return true;
}

static struct peer peer;

static struct gateway_exchange *
ask(const char *const *params, const char *body)
{
	peer = (struct peer){ .x = { .params = (char *const *)params, .read = read_body, .write = take_answer }, .body = body };
	return &peer.x;
}

static int
status_of(void)
{
	return strncmp(peer.answer, "Status: ", 8) == 0 ? atoi(peer.answer + 8) : 0;
}

static bool
answer_has(const char *text)
{
	return strstr(peer.answer, text) != NULL;
}

/* Each case heals one more fault: the refusals come in the order that is promised. */
static const struct order_case {
	const char *name, *params[PARAMS_MAX], *body;
	int         want;
} order[] = {
#define EVIL_HOST "HTTP_HOST=evil.example"
#define OUR_HOST  "HTTP_HOST=localhost", "REMOTE_ADDR=127.0.0.1"
#define FAR       "HTTP_ORIGIN=null"
	{ "a foreign host comes first", { EVIL_HOST, "REQUEST_METHOD=BREW", "SCRIPT_NAME=/x", "PATH_INFO=/..", FAR }, "", 400 },
	{ "then an unknown path", { OUR_HOST, "REQUEST_METHOD=BREW", "SCRIPT_NAME=/x", "PATH_INFO=/..", FAR }, "", 404 },
	{ "also one that was spelled otherwise", { OUR_HOST, "REQUEST_METHOD=POST", "SCRIPT_NAME=/x", "PATH_INFO=/a",
	  "REQUEST_URI=/x%2Fa", FAR }, "", 404 },
	{ "then the method", { OUR_HOST, "REQUEST_METHOD=BREW", "SCRIPT_NAME=/x", "PATH_INFO=/a", FAR }, "", 405 },
	{ "then another site", { OUR_HOST, "REQUEST_METHOD=POST", "SCRIPT_NAME=/x", "PATH_INFO=/a", FAR }, "", 403 },
	{ "then nobody signed in", { OUR_HOST, "REQUEST_METHOD=POST", "SCRIPT_NAME=/x", "PATH_INFO=/a",
	  "CONTENT_TYPE=text/plain", "CONTENT_LENGTH=9999999" }, "", 401 },
	{ "then the media type", { OUR_HOST, "REQUEST_METHOD=POST", "SCRIPT_NAME=/x", "CONTENT_TYPE=text/plain",
	  "CONTENT_LENGTH=9999999" }, "", 415 },
	{ "then the length", { OUR_HOST, "REQUEST_METHOD=POST", "SCRIPT_NAME=/x", "CONTENT_TYPE=application/json",
	  "CONTENT_LENGTH=9999999" }, "[", 413 },
	{ "then the content", { OUR_HOST, "REQUEST_METHOD=POST", "SCRIPT_NAME=/x", "CONTENT_TYPE=application/json",
	  "CONTENT_LENGTH=2" }, "[]", 400 },
	{ "also a mask, which would be written over a secret", { OUR_HOST, "REQUEST_METHOD=POST", "SCRIPT_NAME=/x",
	  "CONTENT_TYPE=application/json", "CONTENT_LENGTH=17" }, "{\"a\":[1,[\"***\"]]}", 400 },
	{ "and then it is handled", { OUR_HOST, "REQUEST_METHOD=POST", "SCRIPT_NAME=/x", "CONTENT_TYPE=application/json",
	  "CONTENT_LENGTH=2" }, "{}", 200 },
};

static void
test_order(struct server *sv)
{
	size_t i;

	serve_init(sv, sv->app, &api);
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		serve_exchange(sv, ask(order[i].params, order[i].body));
		is_int(status_of(), order[i].want, "%s", order[i].name);
		ok(answer_has("\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n"), "%s: nobody keeps it",
		    order[i].name);
		ok(answer_has("\r\nContent-Type: application/problem+json\r\n") == (order[i].want != 200), "%s: as a document",
		    order[i].name);
		ok(answer_has("\r\nAllow: POST\r\n") == (order[i].want == 405), "%s: Allow", order[i].name);
	}
	serve_close(sv);
}

static void
test_guard(struct server *sv)
{
	static const char *const odd[] = { OUR_HOST, "REQUEST_METHOD=PROPFIND", "SCRIPT_NAME=/auth/check",
		"REQUEST_URI=/guarded%2Fpage?x=%2F", NULL };
	static const char *const page_of_theirs[] = { OUR_HOST, "REQUEST_METHOD=OPTIONS", "SCRIPT_NAME=/guarded",
		"PATH_INFO=/page/of/theirs", NULL };

	serve_init(sv, sv->app, &guard);
	serve_exchange(sv, ask(odd, ""));
	is_int(status_of(), 200, "a guard judges the visitor, not the method or address of what is guarded");
	ask(page_of_theirs, "");
	peer.x.authorizer = true;
	serve_exchange(sv, &peer.x);
	is_int(status_of(), 200, "an authorizer is given the guarded page's path, which is not its own");
	serve_exchange(sv, ask(page_of_theirs, ""));
	is_int(status_of(), 404, "a responder's path is its own");
	serve_close(sv);
}

static void
test_pages(struct server *sv, struct config *cf)
{
	static const char *const params[] = { "HTTP_HOST=site.example", "REQUEST_METHOD=GET", "SCRIPT_NAME=/auth/callback",
		"HTTPS=on", NULL };

	serve_init(sv, sv->app, &page);
	cf->public_url = "https://site.example/app";
	serve_exchange(sv, ask(params, ""));
	is_int(status_of(), 403, "a failure of a page");
	ok(answer_has("\r\nContent-Type: text/html; charset=utf-8\r\n") && answer_has("No &lt;b&gt;."), "is a page, escaped");
	ok(answer_has("\r\nReferrer-Policy: no-referrer\r\n"), "that tells no other its address");
	ok(answer_has("form-action 'self'; frame-ancestors 'none'; base-uri 'none'\r\n"), "with a policy");
	ok(answer_has("href=\"https://site.example/app/auth/signin\""), "and a link to try again, as browsers reach it");
	cf->public_url = "";
	serve_close(sv);
}

static void
test_location(struct server *sv, struct config *cf)
{
	static const struct { const char *name, *public_url, *script, *want; } places[] = {
		{ "a program knows the path by which it was reached", "", "SCRIPT_NAME=/api/x", "\r\nLocation: /api/x\r\n" },
		{ "also where a proxy took a part of it off", "http://localhost/app", "SCRIPT_NAME=/api/x",
		  "\r\nLocation: /app/api/x\r\n" },
		{ "or did not", "http://localhost/app", "SCRIPT_NAME=/app/api/x", "\r\nLocation: /app/api/x\r\n" },
	};
	size_t i;

	serve_init(sv, sv->app, &located);
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const char *params[] = { OUR_HOST, "REQUEST_METHOD=GET", places[i].script, NULL };

		cf->public_url = places[i].public_url;
		serve_exchange(sv, ask(params, ""));
		ok(answer_has(places[i].want), "%s", places[i].name);
	}
	cf->public_url = "";
	serve_close(sv);
}

static void
test_store_trouble(struct server *sv)
{
	static const char *const params[] = { OUR_HOST, "REQUEST_METHOD=GET", "SCRIPT_NAME=/x", "HTTP_COOKIE=oscgi=x", NULL };

	serve_init(sv, sv->app, &store);
	serve_exchange(sv, ask(params, ""));
	is_int(status_of(), 503, "a store in trouble");
	ok(answer_has("\r\nRetry-After: 5\r\n"), "with when to come again");
	ok(!answer_has("Set-Cookie"), "and no cookie touched");
	serve_close(sv);
}

static void
test_unavailable(void)
{
	static const char *const get[] = { "HTTP_HOST=evil.example", "REQUEST_METHOD=GET", "SCRIPT_NAME=/x", NULL };
	static const char *const head[] = { "REQUEST_METHOD=HEAD", NULL };

	serve_unavailable((void *)&page, ask(get, ""));
	is_int(status_of(), 503, "with settings that are wrong, a page");
	ok(answer_has("\r\nContent-Type: text/html; charset=utf-8\r\n") && answer_has("oscgi doctor"), "says how to find out");
	ok(answer_has("\r\nReferrer-Policy: no-referrer\r\n") && answer_has("\r\nContent-Security-Policy: "),
	    "with the headers of every page");
	serve_unavailable((void *)&api, ask(get, ""));
	is_int(status_of(), 503, "and so does the rest");
	ok(answer_has("\r\nContent-Type: application/problem+json\r\n") && answer_has("oscgi doctor"), "as a document");
	serve_unavailable((void *)&api, ask(head, ""));
	ok(status_of() == 503 && peer.len > 4 && strcmp(peer.answer + peer.len - 4, "\r\n\r\n") == 0, "without it for HEAD");
}

int
main(void)
{
	struct server sv = { 0 };
	struct fixture fx;
	char key_file[PATH_MAX];

	fixture_open(&fx);
	fx.app.config.state_dir = fx.dir;
	snprintf(key_file, sizeof(key_file), "%s/key", fx.dir);
	fx.app.config.key_file = key_file;
	sv.app = &fx.app;
	test_order(&sv);
	test_guard(&sv);
	test_pages(&sv, &fx.app.config);
	test_location(&sv, &fx.app.config);
	test_store_trouble(&sv);
	test_unavailable();
	fixture_close(&fx);
	return done_testing();
}
