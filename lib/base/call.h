/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BASE_CALL_H
#define OSCGI_BASE_CALL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * What every layer below the web knows of the request in hand: where its
 * strings live, which id its log lines carry, until when it may take, and, once
 * something failed, the words for the one who asked.
 *
 * The first failure's words stand: who passes an error up does not overwrite
 * them, who recovers from one calls call_recover.
 */
struct call {
	struct arena *arena;
	const char   *request_id;	/* goes upstream and into log lines and error pages */
	int64_t       deadline_ms;	/* on the monotonic clock; 0 = none */

	enum err      failed;
	const char   *detail;		/* for the visitor: what is wrong and what to do; no secrets */
	const char   *more;	/* goes on where detail ends, for the visitor alone: nothing for our log; NULL */
	int           retry_after_s;	/* the platform asked to wait so long; 0 = it did not */
	const char   *upstream_service;	/* who refused: "token", "minio-minio"; NULL = nobody */
	int           upstream_status;	/* its HTTP status */
};

/* Record why (printf-like, one sentence) and return e, for `return call_fail(...)`. */
enum err call_fail(struct call *c, enum err e, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The same where the platform refused: its name and HTTP status go to the visitor. */
enum err call_fail_upstream(struct call *c, enum err e, const char *service, int status, const char *fmt, ...)
    PRINTF_LIKE(5, 6);
/* The failure was dealt with; forget its words. */
void call_recover(struct call *c);

#endif
