/* SPDX-License-Identifier: MIT */
/* The few commands that instances send to a Redis or Valkey server. */
#ifndef SANDBOX_REDIS_H
#define SANDBOX_REDIS_H

#include <stdbool.h>

#include "mem.h"

struct redis;

/*
 * Connect and authenticate.  url: redis://[user:password@]host:port; a host is
 * an address.  NULL: nobody answers, or refuses.
 */
struct redis *redis_open(const char *url, struct pool *pool);
void redis_close(struct redis *redis);
/* From another thread: who waits for an answer gets none. */
void redis_hang_up(struct redis *redis);

/* Add a member to a sorted set.  False: refused. */
bool redis_zadd(struct redis *redis, const char *key, long long score, const char *member);

/* Take the member with the lowest score, in the pool; waits a second for one.  NULL: none, or no answer. */
const char *redis_bzpopmin(struct redis *redis, const char *key, struct pool *pool);

#endif
