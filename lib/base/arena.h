/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BASE_ARENA_H
#define OSCGI_BASE_ARENA_H

#include <stddef.h>

/*
 * Memory that lives as long as one request.  Nothing in it is freed singly;
 * arena_reset frees all of it and wipes it first, so that a token that passed
 * through a request is gone with the request.
 */
struct arena_chunk;

struct arena {
	struct arena_chunk *head;
	size_t              used;	/* bytes handed out, all chunks */
	size_t              max_bytes;
};

/* max_bytes: ceiling over all allocations; more gives NULL. */
void arena_init(struct arena *a, size_t max_bytes);
/* Another ceiling from here on; returns the one before. */
size_t arena_limit(struct arena *a, size_t max_bytes);
/* Wipe and free everything but one standard chunk, which is kept for the next request. */
void arena_reset(struct arena *a);
/* Wipe and free everything. */
void arena_free(struct arena *a);

/* Zeroed, aligned for any type; NULL when the ceiling or memory is exhausted. */
void *arena_alloc(struct arena *a, size_t size);
/* NUL-terminated copies.  s may be NULL: then NULL. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t len);
/*
 * All strings joined; NULL when one of them is, for what is made of a part that could not be made
 * cannot be made either, or when out of memory.
 */
#define ARENA_PARTS(...) (const char *const[]){ __VA_ARGS__ }
#define arena_concat(a, ...) \
	arena_join(a, ARENA_PARTS(__VA_ARGS__), sizeof(ARENA_PARTS(__VA_ARGS__)) / sizeof(const char *))
char *arena_join(struct arena *a, const char *const *parts, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
