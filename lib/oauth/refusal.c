/* SPDX-License-Identifier: MIT */
#include "oauth/refusal.h"

#include <string.h>

#include "base/text.h"
#include "json/json.h"

#define CODE_MAX 40

/*
 * The error code of an error response (RFC 6749 5.2: 400 or 401, and a short word).  A proxy's page, or a
 * router's {"error":"Not Found"}, says nothing about what was asked; the two words that nobody else uses
 * count with any status.
 */
static const char *
error_code(struct call *c, const struct http_request *rq)
{
	const char *code;
	struct json *doc;

	if (rq->answer_len == 0 || json_parse(c->arena, rq->answer, rq->answer_len, &doc) != ERR_OK)
		return NULL;
	code = json_string(doc, "error");
	if (code == NULL || !text_is_made_of(code, "abcdefghijklmnopqrstuvwxyz_", CODE_MAX))
		return NULL;
	if (rq->status == 400 || rq->status == 401)
		return code;
	return strcmp(code, "invalid_grant") == 0 || strcmp(code, "invalid_client") == 0 ? code : NULL;
}

enum err
oauth_refusal(struct call *c, const struct http_request *rq, const char *what)
{
	const char *code;

	if (rq->status >= 500 || rq->status == 429 || rq->status == 408)
		return call_fail_upstream(c, ERR_UPSTREAM, "app", rq->status,
		    "%s: the authorization server answered %d; try again later.", what, rq->status);
	code = error_code(c, rq);
	if (code == NULL)
		return call_fail_upstream(c, ERR_PROTOCOL, "app", rq->status,
		    "%s: the authorization server answered %d without saying why.", what, rq->status);
	if (strcmp(code, "invalid_client") == 0)
		return call_fail_upstream(c, ERR_CLIENT_REJECTED, "app", rq->status,
		    "%s: the authorization server does not know this site's client.", what);
	return call_fail_upstream(c, ERR_GRANT_REJECTED, "app", rq->status, "%s: %s.", what, code);
}
