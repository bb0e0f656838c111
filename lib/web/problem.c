/* SPDX-License-Identifier: MIT */
#include "web/problem.h"

#include <stdio.h>

#include "json/json.h"
#include "web/page.h"

/* Said by the platform about what the visitor asked for: theirs to know. */
static bool
is_told_on(int status)
{
	return status == 400 || status == 403 || status == 404 || status == 409 || status == 422 || status == 429;
}

/* The table's, or the platform's own where that one said no. */
static int
status_of(const struct call *c, enum err e)
{
	if (e == ERR_REFUSED && is_told_on(c->upstream_status))
		return c->upstream_status;
	return err_info(e)->status;
}

static enum err
answer_json(struct response *rs, const struct request *rq, enum err e, int status, const char *detail)
{
	struct json *body = json_object(rs->arena), *upstream;
	enum err done;

	json_set_string(body, "title", err_info(e)->title);
	json_set_int(body, "status", status);
	json_set_string(body, "detail", detail);
	if (rq->call.upstream_service != NULL) {
		upstream = json_object(rs->arena);
		json_set_string(upstream, "service", rq->call.upstream_service);
		json_set_int(upstream, "status", rq->call.upstream_status);
		json_set(body, "upstream", upstream);
	}
	json_set_string(body, "instance", rq->call.request_id);
	done = response_json(rs, status, body);
	rs->content_type = "application/problem+json";
	return done;
}

void
problem_answer(struct response *rs, const struct request *rq, enum err e, enum route_errors as,
    const char *retry_href)
{
	int status = status_of(&rq->call, e), wait_s = err_info(e)->retry_after_s;
	const char *detail = rq->call.failed == e && rq->call.detail != NULL ? rq->call.detail : NULL;
	struct page page = {
		.title = err_info(e)->title,
		.text = detail != NULL ? detail : "Nothing was changed. Trying again may help.",
		.action_href = retry_href,
		.action_text = "Try again",
		.reference = rq->call.request_id,
	};
	char seconds[16];
	enum err done;

	if (detail == NULL)
		detail = err_info(e)->title;
	else if (rq->call.more != NULL)
		detail = arena_concat(rs->arena, detail, rq->call.more);
	if (rq->call.failed == e && rq->call.retry_after_s > 0)
		wait_s = rq->call.retry_after_s;
	if (wait_s > 0) {
		snprintf(seconds, sizeof(seconds), "%d", wait_s);
		done = response_header(rs, "Retry-After", seconds);
		(void)done;	/* a hint: its loss harms nobody */
	}
	if (as == AS_PAGE)
		done = page_answer(rs, status, &page);
	else
		done = answer_json(rs, rq, e, status, detail);
	if (done != ERR_OK) {	/* out of memory: the bare status is still true */
		done = response_empty(rs, status);
		(void)done;
	}
}
