/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_REDIS_LINK_H
#define OSCGI_STORE_REDIS_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/redis_lib.h"
#include "store/redis_url.h"

/*
 * A connection to Valkey or Redis that comes back by itself: made, and signed
 * in, when first needed; dropped after any trouble, and then made anew by the
 * next command.  No command, connecting included, waits longer than wait_ms,
 * but for the resolver, should the host be a name.
 */
struct redis_link {
	const struct redis_lib *lib;
	struct redis_url        to;	/* borrowed */
	int                     wait_ms;
	redisContext           *c;	/* NULL: not connected */
};

/* One argument of a command: bytes of any kind. */
struct redis_arg {
	const void *data;
	size_t      len;
};

#define REDIS_ARGS_MAX 24

enum redis_repeat {
	REDIS_ONCE,	/* when the connection breaks after it was sent, nobody knows what became of it */
	REDIS_AGAIN	/* does no harm when done twice: try once more on a new connection */
};

/*
 * Send and wait for the answer, which lib->free_reply frees.  NULL: no answer, or
 * one that refuses (full, read-only, still loading, ...); logged.
 */
redisReply *redis_call(struct redis_link *l, enum redis_repeat repeat, int argc, const struct redis_arg *argv);

void redis_link_close(struct redis_link *l);

#endif
