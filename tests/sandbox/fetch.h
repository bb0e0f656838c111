/* SPDX-License-Identifier: MIT */
/* Requests that instances make.  Never with the world's mutex held: it may be the sandbox that answers. */
#ifndef SANDBOX_FETCH_H
#define SANDBOX_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "mem.h"

/* Once, before there are threads; and at the end. */
bool fetch_init(void);
void fetch_end(void);

struct fetch {
	const char *url;
	const char *header;	/* NULL, or one more: "Name: value" */
	const char *json;	/* NULL: a GET; else what is posted */
};

/*
 * The status, 0 where nobody answers within some seconds.  body: NULL, or set to
 * the answer, a megabyte at most, in the pool.
 */
long fetch(const struct fetch *fetch, struct pool *pool, const char **body);

#endif
