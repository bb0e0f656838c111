/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_WEB_RESPONSE_H
#define OSCGI_WEB_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct json;

/*
 * An answer, held back until the handler returns, so that a late failure still
 * becomes a proper answer.  Headers and body are copied into the response's own buffers.
 */
#define RESPONSE_BODY_MAX (16u * 1024 * 1024)

struct response {
	struct arena *arena;
	int           status;	/* 200 unless set */
	struct buf    headers;	/* complete "Name: value\r\n" lines */
	struct buf    body;
	const char   *content_type;	/* borrowed; NULL = no body */
	bool          streamed;	/* the answer went out already; see web/stream.h */
};

/* Add a header; a value with a control byte is refused (a bug of ours, or hostile): ERR_PROTOCOL. */
WARN_UNUSED enum err response_header(struct response *rs, const char *name, const char *value);

/* Status and JSON body, application/json. */
WARN_UNUSED enum err response_json(struct response *rs, int status, const struct json *body);
WARN_UNUSED enum err response_text(struct response *rs, int status, const char *text, size_t len);
/* No body. */
WARN_UNUSED enum err response_empty(struct response *rs, int status);
/* Location and no body; what no URI may hold is percent-encoded. */
WARN_UNUSED enum err response_redirect(struct response *rs, int status, const char *location);

#endif
