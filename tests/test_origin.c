/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/arena.h"
#include "config/config.h"
#include "gateway/gateway.h"
#include "tap.h"
#include "web/cookie.h"
#include "web/origin.h"
#include "web/page.h"
#include "web/request.h"
#include "web/route.h"
#include "crypto/crypto.h"

static const char *const none[] = { NULL };
static const char *const loopback[] = { "127.0.0.0/8", "::1", NULL };
static const char *const unix_too[] = { "unix:", NULL };
static const char *const example[] = { "example.com", NULL };

static const struct origin_case {
	const char *name;
	const char *params[7];
	const char *public_url;
	const char *const *allowed, *const *trusted;
	enum err    want;
	const char *origin, *address;
} cases[] = {
	{ "a loopback name is answered", { "HTTP_HOST=localhost:8080", "SCRIPT_NAME=/auth/signin", "REMOTE_ADDR=127.0.0.1" },
	  "", none, loopback, ERR_OK, "http://localhost:8080", "http://localhost:8080/auth/signin" },
	{ "a foreign name is refused", { "HTTP_HOST=evil.example", "SCRIPT_NAME=/x", "REMOTE_ADDR=127.0.0.1" },
	  "", none, loopback, ERR_BAD_HOST, NULL, NULL },
	{ "no Host is refused", { "SCRIPT_NAME=/x", "REMOTE_ADDR=127.0.0.1" }, "", none, loopback, ERR_BAD_HOST, NULL, NULL },
	{ "a malformed Host is refused", { "HTTP_HOST=localhost:80@evil", "SCRIPT_NAME=/x" }, "", none, loopback, ERR_BAD_HOST,
	  NULL, NULL },
	{ "an allowed name is answered, its own port dropped", { "HTTP_HOST=Example.COM:80", "SCRIPT_NAME=/x" }, "", example,
	  loopback, ERR_OK, "http://example.com", "http://example.com/x" },
	{ "a trusted proxy's word counts", { "HTTP_HOST=10.0.0.1", "HTTP_X_FORWARDED_HOST=example.com",
	  "HTTP_X_FORWARDED_PROTO=https", "REMOTE_ADDR=127.0.0.9", "SCRIPT_NAME=/x" }, "", example, loopback, ERR_OK,
	  "https://example.com", "https://example.com/x" },
	{ "anyone else's does not", { "HTTP_HOST=example.com", "HTTP_X_FORWARDED_HOST=evil.example",
	  "HTTP_X_FORWARDED_PROTO=https", "REMOTE_ADDR=192.0.2.1", "SCRIPT_NAME=/x" }, "", example, loopback, ERR_OK,
	  "http://example.com", "http://example.com/x" },
	{ "a proxy that says two things is refused", { "HTTP_HOST=example.com", "HTTP_X_FORWARDED_PROTO=https, http",
	  "REMOTE_ADDR=127.0.0.1", "SCRIPT_NAME=/x" }, "", example, loopback, ERR_BAD_HOST, NULL, NULL },
	{ "nor one that says it in two lines", { "HTTP_HOST=example.com", "HTTP_X_FORWARDED_HOST=example.com",
	  "HTTP_X_FORWARDED_HOST=evil.example", "REMOTE_ADDR=127.0.0.1", "SCRIPT_NAME=/x" }, "", example, loopback,
	  ERR_BAD_HOST, NULL, NULL },
	{ "unless PUBLIC_URL settles it", { "HTTP_HOST=example.com", "HTTP_X_FORWARDED_PROTO=https, http",
	  "HTTP_X_FORWARDED_HOST=example.com, inner.example", "REMOTE_ADDR=127.0.0.1", "SCRIPT_NAME=/x" },
	  "https://example.com", none, loopback, ERR_OK, "https://example.com", "https://example.com/x" },
	{ "which lets no foreign name through", { "HTTP_HOST=evil.example",
	  "HTTP_X_FORWARDED_HOST=example.com, evil.example", "REMOTE_ADDR=127.0.0.1", "SCRIPT_NAME=/x" },
	  "https://example.com", none, loopback, ERR_BAD_HOST, NULL, NULL },
	{ "a port has one spelling", { "HTTP_HOST=localhost:08080", "SCRIPT_NAME=/x" }, "", none, loopback, ERR_BAD_HOST, NULL,
	  NULL },
	{ "a Unix socket's word does not count unasked", { "HTTP_HOST=example.com", "HTTP_X_FORWARDED_PROTO=https",
	  "SCRIPT_NAME=/x" }, "", example, loopback, ERR_OK, "http://example.com", "http://example.com/x" },
	{ "but does when trusted", { "HTTP_HOST=example.com", "HTTP_X_FORWARDED_PROTO=https", "REMOTE_ADDR=",
	  "SCRIPT_NAME=/x" }, "", example, unix_too, ERR_OK, "https://example.com", "https://example.com/x" },
	{ "PUBLIC_URL beats every header", { "HTTP_HOST=example.com:9000", "HTTP_X_FORWARDED_PROTO=http",
	  "REMOTE_ADDR=127.0.0.1", "SCRIPT_NAME=/auth/signin" }, "https://example.com", none, loopback, ERR_OK,
	  "https://example.com", "https://example.com/auth/signin" },
	{ "its path is put before what the proxy took it off", { "HTTP_HOST=example.com", "SCRIPT_NAME=/auth/signin" },
	  "https://example.com/app", none, loopback, ERR_OK, "https://example.com",
	  "https://example.com/app/auth/signin" },
	{ "and not put twice", { "HTTP_HOST=example.com", "SCRIPT_NAME=/app/auth/signin" }, "https://example.com/app", none,
	  loopback, ERR_OK, "https://example.com", "https://example.com/app/auth/signin" },
	{ "the server's own HTTPS counts", { "HTTP_HOST=localhost", "HTTPS=on", "SCRIPT_NAME=/x" }, "", none, loopback,
	  ERR_OK, "https://localhost", "https://localhost/x" },
};

static void
request_of(struct request *rq, struct gateway_exchange *x, const char *const *params, struct arena *a)
{
	memset(rq, 0, sizeof(*rq));
	memset(x, 0, sizeof(*x));
	x->params = (char *const *)params;
	rq->exchange = x;
	rq->call.arena = a;
	rq->script_name = gateway_param(x, "SCRIPT_NAME");
	if (rq->script_name == NULL)
		rq->script_name = "";
}

static void
test_origin(struct arena *a)
{
	struct gateway_exchange x;
	struct config cf = { 0 };
	struct request rq;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct origin_case *t = &cases[i];

		cf.public_url = t->public_url;
		cf.allowed_hosts = t->allowed;
		cf.trusted_proxies = t->trusted;
		request_of(&rq, &x, t->params, a);
		if (!is_int(origin_find(&rq, &cf), t->want, "%s", t->name) || t->want != ERR_OK)
			continue;
		is_str(rq.origin, t->origin, "%s: origin", t->name);
		is_str(rq.address, t->address, "%s: address", t->name);
	}
}

/* The address that the browser used, where a web space's .htaccess leads it to a program. */
static void
test_rewritten(struct arena *a)
{
	static const struct route_alias no_alias[] = { { NULL, NULL } };
	static const struct program program = { "instances", NULL, 0, no_alias };
	static const struct { const char *name, *params[5], *script_name, *path; } spaces[] = {
		{ "a short address is the program's", { "SCRIPT_NAME=/cgi-bin/instances", "PATH_INFO=/a/b", "REDIRECT_STATUS=200",
		  "REDIRECT_URL=/api/instances/a/b" }, "/api/instances", "/a/b" },
		{ "also in a directory, and with nothing after it", { "SCRIPT_NAME=/app/cgi-bin/signin", "REDIRECT_STATUS=200",
		  "REDIRECT_URL=/app/auth/signin" }, "/app/auth/signin", "" },
		{ "at the root too", { "SCRIPT_NAME=/cgi-bin/status", "REDIRECT_STATUS=200", "REDIRECT_URL=/healthz" },
		  "/healthz", "" },
		{ "a page in place of a refused one is not at its address", { "SCRIPT_NAME=/auth/check", "PATH_INFO=/enter",
		  "REDIRECT_STATUS=401", "REDIRECT_URL=/api/x/enter" }, "/auth/check", "/enter" },
		{ "nor is what is rewritten from elsewhere", { "SCRIPT_NAME=/cgi-bin/signin", "REDIRECT_STATUS=200",
		  "REDIRECT_URL=/login" }, "/cgi-bin/signin", "" },
		{ "nor what ends in another path", { "SCRIPT_NAME=/cgi-bin/instances", "PATH_INFO=/a", "REDIRECT_STATUS=200",
		  "REDIRECT_URL=/api/instances/b" }, "/cgi-bin/instances", "/a" },
		{ "nor what a header says", { "SCRIPT_NAME=/cgi-bin/signin", "HTTP_REDIRECT_STATUS=200",
		  "HTTP_REDIRECT_URL=/evil/auth/signin" }, "/cgi-bin/signin", "" },
	};
	struct gateway_exchange x;
	struct request rq;
	size_t i;

	for (i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		request_of(&rq, &x, spaces[i].params, a);
		request_read(&rq, &program);
		is_str(rq.script_name, spaces[i].script_name, "%s", spaces[i].name);
		is_str(rq.path, spaces[i].path, "%s: the rest of its path", spaces[i].name);
	}
}

static void
test_same_site(struct arena *a)
{
	static const struct { const char *name; const char *params[3]; enum err want; } sites[] = {
		{ "a client that says nothing passes", { NULL }, ERR_OK },
		{ "our own page passes", { "HTTP_SEC_FETCH_SITE=same-origin", "HTTP_ORIGIN=https://example.com" }, ERR_OK },
		{ "with the port spelled out too", { "HTTP_ORIGIN=https://EXAMPLE.com:443" }, ERR_OK },
		{ "an origin of ours beside another does not", { "HTTP_ORIGIN=https://example.com",
		  "HTTP_ORIGIN=https://evil.example" }, ERR_CROSS_SITE },
		{ "nor two words on where it comes from", { "HTTP_SEC_FETCH_SITE=same-origin",
		  "HTTP_SEC_FETCH_SITE=cross-site" }, ERR_CROSS_SITE },
		{ "another site does not", { "HTTP_SEC_FETCH_SITE=cross-site" }, ERR_CROSS_SITE },
		{ "nor a sibling", { "HTTP_SEC_FETCH_SITE=same-site" }, ERR_CROSS_SITE },
		{ "nor another origin", { "HTTP_SEC_FETCH_SITE=same-origin", "HTTP_ORIGIN=https://example.com.evil" },
		  ERR_CROSS_SITE },
		{ "nor another scheme", { "HTTP_ORIGIN=http://example.com" }, ERR_CROSS_SITE },
		{ "nor another port", { "HTTP_ORIGIN=https://example.com:8443" }, ERR_CROSS_SITE },
		{ "nor null", { "HTTP_ORIGIN=null" }, ERR_CROSS_SITE },
		{ "nor an empty one", { "HTTP_ORIGIN=" }, ERR_CROSS_SITE },
	};
	struct gateway_exchange x;
	struct request rq;
	size_t i;

	for (i = 0; i < sizeof(sites) / sizeof(sites[0]); i++) {
		request_of(&rq, &x, sites[i].params, a);
		rq.origin = "https://example.com";
		is_int(origin_check_same_site(&rq), sites[i].want, "%s", sites[i].name);
	}
}

#define ID "0123456789012345678901234567890123456789012"

static void
test_cookie(struct arena *a)
{
	static const struct { const char *name, *headers[3]; int https; const char *want; } cookies[] = {
		{ "our cookie is found among others", { "HTTP_COOKIE=a=b; oscgi=" ID "; c=d" }, 0, ID },
		{ "given twice, none counts", { "HTTP_COOKIE=oscgi=" ID "; oscgi=" ID }, 0, NULL },
		{ "also in two headers", { "HTTP_COOKIE=oscgi=" ID, "HTTP_COOKIE=oscgi=x" }, 0, NULL },
		{ "over https the plain name is not read", { "HTTP_COOKIE=oscgi=" ID }, 1, NULL },
		{ "but the prefixed one is", { "HTTP_COOKIE=__Host-oscgi=" ID }, 1, ID },
		{ "one that is too long is none", { "HTTP_COOKIE=oscgi=" ID "x" }, 0, NULL },
		{ "one with other characters is none", { "HTTP_COOKIE=oscgi=0123456789012345678901234567890123456789 12" }, 0, NULL },
		{ "a name that only ends alike is another", { "HTTP_COOKIE=xoscgi=" ID }, 0, NULL },
	};
	struct config cf = { .cookie_name = "oscgi" };
	struct gateway_exchange x;
	struct request rq;
	size_t i;

	for (i = 0; i < sizeof(cookies) / sizeof(cookies[0]); i++) {
		request_of(&rq, &x, cookies[i].headers, a);
		rq.https = cookies[i].https;
		cookie_read(&rq, &cf);
		is_str(rq.cookie, cookies[i].want, "%s", cookies[i].name);
	}
}

static void
test_addresses(void)
{
	static const char *const blocks[] = { "10.0.0.0/8", "2001:db8::/33", NULL };

	ok(origin_address_in("10.255.0.1", blocks), "an address in a block is in it");
	ok(!origin_address_in("11.0.0.1", blocks), "another is not");
	ok(origin_address_in("::ffff:10.1.2.3", blocks), "an IPv4 address may come in IPv6's clothes");
	ok(origin_address_in("2001:db8:7fff::1", blocks), "a block may end within a byte");
	ok(!origin_address_in("2001:db8:8000::1", blocks), "and does end there");
	ok(!origin_address_in("10.0.0.1, 10.0.0.2", blocks), "a list is no address");
}

static void
test_page(struct arena *a)
{
	unsigned char digest[CRYPTO_HASH_LEN];

	crypto_sha256(page_style, strlen(page_style), digest);
	is_str(page_style_hash, arena_concat(a, "sha256-", crypto_b64(a, digest, sizeof(digest))),
	    "the policy of our pages allows exactly their style");
}

int
main(void)
{
	struct arena a;

	arena_init(&a, 1024 * 1024);
	test_origin(&a);
	test_rewritten(&a);
	test_same_site(&a);
	test_cookie(&a);
	test_addresses();
	test_page(&a);
	arena_free(&a);
	return done_testing();
}
