/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES (16 * 1024)
#define ALIGNMENT   _Alignof(max_align_t)

struct arena_chunk {
	struct arena_chunk *next;
	size_t              cap, used;
	_Alignas(max_align_t) unsigned char bytes[];
};

void
arena_init(struct arena *a, size_t max_bytes)
{
	a->head = NULL;
	a->used = 0;
	a->max_bytes = max_bytes;
}

size_t
arena_limit(struct arena *a, size_t max_bytes)
{
	size_t before = a->max_bytes;

	a->max_bytes = max_bytes;
	return before;
}

/* Only what was handed out is wiped: the rest of a chunk was never written. */
static void
wipe(struct arena_chunk *c)
{
	explicit_bzero(c->bytes, c->used);
	c->used = 0;
}

void
arena_reset(struct arena *a)
{
	struct arena_chunk *c, *next, *keep = NULL;

	for (c = a->head; c != NULL; c = next) {
		next = c->next;
		wipe(c);
		if (keep == NULL && c->cap == CHUNK_BYTES)
			keep = c;
		else
			free(c);
	}
	if (keep != NULL)
		keep->next = NULL;
	a->head = keep;
	a->used = 0;
}

void
arena_free(struct arena *a)
{
	arena_reset(a);
	free(a->head);
	a->head = NULL;
}

static struct arena_chunk *
add_chunk(struct arena *a, size_t size)
{
	size_t cap = size > CHUNK_BYTES / 4 ? size : CHUNK_BYTES;
	struct arena_chunk *c = malloc(sizeof(*c) + cap);

	if (c == NULL)
		return NULL;
	c->cap = cap;
	c->used = 0;
	/* A chunk made for one large string goes second, so that the roomy one stays in use. */
	if (cap != CHUNK_BYTES && a->head != NULL) {
		c->next = a->head->next;
		a->head->next = c;
	} else {
		c->next = a->head;
		a->head = c;
	}
	return c;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct arena_chunk *c = a->head;
	void *p;

	if (size > a->max_bytes)
		return NULL;
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (size == 0)
		size = ALIGNMENT;
	if (a->used > a->max_bytes || size > a->max_bytes - a->used)
		return NULL;
	if (c == NULL || c->cap - c->used < size) {
		c = add_chunk(a, size);
		if (c == NULL)
			return NULL;
	}
	p = c->bytes + c->used;
	c->used += size;
	a->used += size;
	memset(p, 0, size);
	return p;
}

char *
arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *p;

	if (s == NULL)
		return NULL;
	p = arena_alloc(a, len + 1);
	if (p != NULL)
		memcpy(p, s, len);
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_strndup(a, s, strlen(s));
}

char *
arena_join(struct arena *a, const char *const *parts, size_t n)
{
	size_t len = 0, i;
	char *out, *end;

	for (i = 0; i < n; i++) {
		if (parts[i] == NULL)
			return NULL;
		len += strlen(parts[i]);
	}
	out = end = arena_alloc(a, len + 1);
	for (i = 0; out != NULL && i < n; i++)
		end = stpcpy(end, parts[i]);
	return out;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *out;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		return NULL;
	out = arena_alloc(a, (size_t)len + 1);
	if (out == NULL)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(out, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return out;
}
