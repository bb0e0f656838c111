/* SPDX-License-Identifier: MIT */
#include "oauth/refusal.h"

#include <string.h>

#include "json/json.h"

enum err
oauth_refusal(struct call *c, const struct http_request *rq, const char *what)
{
	const char *code = NULL;
	struct json *doc;

	if (rq->status >= 500 || rq->status == 429 || rq->status == 408)
		return call_fail_upstream(c, ERR_UPSTREAM, "app", rq->status,
		    "%s: the authorization server answered %d; try again later.", what, rq->status);
	if (rq->answer_len > 0 && json_parse(c->arena, rq->answer, rq->answer_len, &doc) == ERR_OK)
		code = json_string(doc, "error");
	if (code == NULL)
		return call_fail_upstream(c, ERR_PROTOCOL, "app", rq->status,
		    "%s: the authorization server answered %d without saying why.", what, rq->status);
	if (strcmp(code, "invalid_client") == 0)
		return call_fail_upstream(c, ERR_CLIENT_REJECTED, "app", rq->status,
		    "%s: the authorization server does not know this site's client.", what);
	/* The codes of the RFC are short words; anything else is not repeated. */
	if (strlen(code) > 40 || strspn(code, "abcdefghijklmnopqrstuvwxyz_") != strlen(code))
		code = "an unknown error";
	return call_fail_upstream(c, ERR_GRANT_REJECTED, "app", rq->status, "%s: %s.", what, code);
}
