/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_REDIS_LIB_H
#define OSCGI_STORE_REDIS_LIB_H

#include <hiredis/hiredis.h>

/* hiredis, loaded when first needed: who keeps sessions in Berkeley DB need not have it. */
struct redis_lib {
	redisContext *(*connect)(const char *host, int port, const struct timeval timeout);
	int           (*set_timeout)(redisContext *, const struct timeval timeout);
	void         *(*command)(redisContext *, int argc, const char **argv, const size_t *lens);
	void          (*free_reply)(void *);
	void          (*free)(redisContext *);
};

/* NULL: not there, or lacks a function (logged).  Borrowed, for the life of the process. */
const struct redis_lib *redis_lib_load(void);

#endif
