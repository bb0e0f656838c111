/* SPDX-License-Identifier: MIT */
#include "osc/couchdb.h"

#include <string.h>

#include "base/text.h"
#include "crypto/crypto.h"
#include "osc/answer.h"
#include "osc/ids.h"

#define WHO "apache-couchdb"

static const char *
credentials(struct arena *a, const char *password)
{
	const char *pair = arena_concat(a, OSC_COUCHDB_USER ":", password);

	return pair == NULL ? NULL : crypto_b64(a, pair, strlen(pair));
}

enum err
osc_couchdb_make(struct osc_client *o, const char *url, const char *password, const char *database)
{
	struct arena *a = o->call->arena;
	struct http_request rq = { .method = "PUT", .reach = HTTP_REACH_SERVICE, .auth = HTTP_AUTH_BASIC,
		.replayable = true };
	enum osc_answer answer;
	struct json *json = NULL;
	enum err e;

	rq.url = osc_join(a, osc_without_slash(a, url), database);
	rq.token = credentials(a, password);
	if (rq.url == NULL || rq.token == NULL)
		return ERR_NOMEM;
	e = http_perform(o->http, o->call, &rq, 1, o->tick, o->tick_ctx);
	if (e != ERR_OK)
		return e;
	if (rq.result == ERR_OK && rq.answer_len > 0 && json_parse(a, rq.answer, rq.answer_len, &json) == ERR_NOMEM)
		return ERR_NOMEM;
	/* 412: it is there. */
	if (rq.result == ERR_OK && rq.status == 412)
		return ERR_OK;
	answer = osc_answer_of(a, &rq, json, false);
	if (answer == OSC_OK)
		return ERR_OK;
	return osc_answer_fail(o->call, WHO, answer, rq.result == ERR_OK ? rq.status : 0,
	    osc_answer_text(a, &rq, json));
}

const char *
osc_couchdb_address(struct arena *a, const char *url, const char *password, const char *database)
{
	const char *bare = osc_without_slash(a, url), *host, *encoded = text_percent_encoded(a, password);

	host = bare == NULL || encoded == NULL ? NULL : strstr(bare, "://");
	if (host == NULL)
		return NULL;
	host += strlen("://");
	return arena_concat(a, arena_strndup(a, bare, (size_t)(host - bare)), OSC_COUCHDB_USER ":", encoded, "@", host, "/",
	    database);
}
