/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_WEB_STREAM_H
#define OSCGI_WEB_STREAM_H

#include <stdbool.h>

#include "base/err.h"
#include "web/request.h"
#include "web/response.h"

/*
 * Server-sent events: the one answer that is not held back until the handler
 * returns.  What fails after stream_begin can only end the stream; the browser comes again.
 */

/* The browser asks for events instead of a document. */
bool stream_is_wanted(const struct request *rq);
/* Send the head, and after how many milliseconds to come again.  ERR_UPSTREAM: the browser is gone. */
WARN_UNUSED enum err stream_begin(struct request *rq, struct response *rs, int retry_ms);
/* One event; data is a single line.  False: the browser is gone. */
bool stream_event(struct request *rq, const char *event, const char *data);
/* Nothing, sent to learn whether the browser is still there. */
bool stream_comment(struct request *rq);

#endif
