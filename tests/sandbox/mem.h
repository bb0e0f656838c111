/* SPDX-License-Identifier: MIT */
/*
 * Memory of the sandbox.  Nothing here returns NULL: a process that has no
 * memory left ends, as it is a tool and holds nothing that must survive.
 */
#ifndef SANDBOX_MEM_H
#define SANDBOX_MEM_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed; freed with free(). */
void *mem_new(size_t size);
void *mem_grow(void *old, size_t size);

/* NULL gives NULL. */
char *mem_strdup(const char *s);

char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* What lives as long as one request: allocated piece by piece, freed at once. */
struct pool {
	struct pool_piece *pieces;
};

void *pool_new(struct pool *pool, size_t size);
char *pool_strndup(struct pool *pool, const char *s, size_t len);
char *pool_strdup(struct pool *pool, const char *s);
char *pool_printf(struct pool *pool, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Make a malloc()ed string the pool's own, to be freed with it; returns it. */
char *pool_adopt(struct pool *pool, char *s);
void pool_free(struct pool *pool);

/* Milliseconds since the epoch. */
int64_t now_ms(void);

#endif
