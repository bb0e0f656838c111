/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_METRICS_METRICS_H
#define OSCGI_METRICS_METRICS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * What the executables have done, counted over all their processes: a page of
 * counters in a file that each of them maps and adds to, a few nanoseconds a
 * request.  It is kept when they end, and nobody waits for anybody.
 */
struct metrics;

/* Opens nothing yet.  path borrowed.  ERR_NOMEM. */
WARN_UNUSED enum err metrics_open(const char *path, struct metrics **out);
/* NULL is fine. */
void metrics_close(struct metrics *m);

/*
 * Add one request of the program, its status and how long it took.  The file is made or opened at
 * the first; one that cannot be used is logged once, and nothing is counted then.
 */
void metrics_count(struct metrics *m, const char *program, int status, int64_t ms);

/*
 * Append all counters in the Prometheus text format: oscgi_requests_total by program and class of status,
 * oscgi_request_seconds_sum and _count by program.  Programs that were never asked are left out.
 */
void metrics_print(struct metrics *m, struct buf *out);

#endif
