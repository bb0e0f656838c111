/* SPDX-License-Identifier: MIT */
#include "web/stream.h"

#include <string.h>

#include "gateway/gateway.h"

#define EVENT_STREAM "text/event-stream"

bool
stream_is_wanted(const struct request *rq)
{
	const char *accept = request_variable(rq, "HTTP_ACCEPT");

	return rq->method == M_GET && accept != NULL && strstr(accept, EVENT_STREAM) != NULL;
}

static bool
send(struct request *rq, const char *text)
{
	struct gateway_exchange *x = rq->exchange;

	return text != NULL && x->write(x, text, strlen(text)) && x->flush(x);
}

enum err
stream_begin(struct request *rq, struct response *rs, int retry_ms)
{
	/* X-Accel-Buffering: nginx passes on what comes, as it comes. */
	static const char head[] = "Status: 200\r\nContent-Type: " EVENT_STREAM "; charset=utf-8\r\n"
	    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Accel-Buffering: no\r\n\r\n";

	rs->status = 200;
	rs->streamed = true;
	return send(rq, arena_printf(rq->call.arena, "%sretry: %d\n\n", head, retry_ms)) ? ERR_OK : ERR_UPSTREAM;
}

bool
stream_event(struct request *rq, const char *event, const char *data)
{
	return send(rq, arena_concat(rq->call.arena, "event: ", event, "\ndata: ", data, "\n\n"));
}

bool
stream_comment(struct request *rq)
{
	return send(rq, ":\n\n");
}
