/* SPDX-License-Identifier: MIT */
#include "http/http.h"

static void
clear_answer(struct http_request *rq)
{
	static char nothing[1];

	rq->result = ERR_UPSTREAM;
	rq->sent = false;
	rq->status = 0;
	rq->answer_type = "";
	rq->retry_after_s = -1;
	rq->answer = nothing;
	rq->answer_len = 0;
	rq->date_s = 0;
	rq->location = rq->why = NULL;
	rq->trouble = HTTP_TROUBLE_NONE;
}

enum err
http_perform(struct http *h, struct call *c, struct http_request *rq, size_t n, void (*tick)(void *), void *tick_ctx)
{
	for (size_t i = 0; i < n; i++)
		clear_answer(&rq[i]);
	if (n == 0)
		return ERR_OK;
	return h->backend->perform(h, c, rq, n, tick, tick_ctx);
}

enum err
http_send(struct http *h, struct call *c, struct http_request *rq)
{
	enum err e;

	e = http_perform(h, c, rq, 1, NULL, NULL);
	if (e != ERR_OK)
		rq->result = e;
	return rq->result;
}

void
http_close(struct http *h)
{
	if (h != NULL)
		h->backend->close(h);
}
