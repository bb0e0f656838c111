/* SPDX-License-Identifier: MIT */
/* The variables of a web server, a line each, through everything that reads them. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "config/config.h"
#include "fuzz.h"
#include "gateway/gateway.h"
#include "web/cookie.h"
#include "web/origin.h"
#include "web/request.h"
#include "web/route.h"

#define PARAMS_MAX 32

const char *const fuzz_seeds[] = {
	"REQUEST_METHOD=GET\nSCRIPT_NAME=/auth/callback\nQUERY_STRING=code=a%20b&state=x&state=y&iss=https%3A%2F%2Fa\n"
	"HTTP_HOST=localhost:8080\nHTTP_COOKIE=a=b; oscgi=0123456789012345678901234567890123456789012\n",
	"REQUEST_METHOD=POST\nSCRIPT_NAME=/api/instances\nPATH_INFO=/minio-minio/abc/health\nHTTP_HOST=[::1]:80\n"
	"HTTP_ORIGIN=http://[::1]\nHTTP_SEC_FETCH_SITE=same-origin\nREMOTE_ADDR=::1\nHTTP_X_FORWARDED_PROTO=https\n",
	"REQUEST_METHOD=DELETE\nSCRIPT_NAME=/cgi-bin/instances.cgi\nPATH_INFO=/-/suspended\nREMOTE_ADDR=unix:\n"
	"HTTP_HOST=example.com\nHTTP_X_FORWARDED_HOST=a,b\n",
	NULL
};

static enum err
nothing(struct app *app, struct request *rq, struct response *rs)
{
	(void)app;
	(void)rq;
	(void)rs;
	return ERR_OK;
}

static const struct route routes[] = {
	{ M_GET, "", ANYONE, PROOF_NONE, NO_BODY, AS_JSON, 0, nothing },
	{ M_GET | M_POST, "/{sid}/{name}/health", ANYONE, PROOF_NONE, NO_BODY, AS_JSON, 0, nothing },
	{ M_DELETE, "/-/suspended", ANYONE, PROOF_NONE, NO_BODY, AS_JSON, 0, nothing },
};
static const struct route_alias aliases[] = { { "suspended", "/-/suspended" }, { NULL, NULL } };
static const struct program program = { "fuzz", routes, 3, aliases };

static void
look(struct request *rq)
{
	static const char *const names[] = { "code", "state", "iss" };
	const struct route *route;
	const char *value, *allow;
	size_t i;

	for (i = 0; i < 3; i++)
		if (request_param(rq, names[i], 100, &value) == ERR_OK && value != NULL)
			assert(strlen(value) <= 100);
	if (route_find(&program, rq, &route, &allow) == ERR_OK)
		for (i = 0; i < rq->segments_n; i++)
			assert(strchr(rq->segments[i], '/') == NULL && strcmp(rq->segments[i], "..") != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const none[] = { NULL }, *const proxies[] = { "127.0.0.0/8", "::1", "unix:", NULL };
	struct config cf = { .public_url = "", .allowed_hosts = none, .trusted_proxies = proxies, .cookie_name = "oscgi" };
	char *params[PARAMS_MAX + 1] = { NULL };
	struct gateway_exchange x = { .params = params };
	struct request rq = { .exchange = &x };
	struct arena a;
	char *text, *line;
	size_t n = 0;

	arena_init(&a, 4 * 1024 * 1024);
	text = arena_strndup(&a, (const char *)data, size);
	for (line = strtok(text, "\n"); line != NULL && n < PARAMS_MAX; line = strtok(NULL, "\n"))
		params[n++] = line;
	rq.call.arena = &a;
	request_read(&rq, &program);
	if (origin_find(&rq, &cf) == ERR_OK) {
		cookie_read(&rq, &cf);
		if (rq.cookie != NULL)
			assert(strlen(rq.cookie) == 43);
		look(&rq);
		if (origin_check_same_site(&rq) == ERR_OK && request_variable(&rq, "HTTP_ORIGIN") != NULL)
			assert(strcmp(request_variable(&rq, "HTTP_ORIGIN"), "null") != 0);
	}
	arena_free(&a);
	return 0;
}
