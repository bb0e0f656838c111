/* SPDX-License-Identifier: MIT */
#include "mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct pool_piece {
	struct pool_piece *next;
	void *data;
};

static void *
checked(void *p)
{
	if (p == NULL) {
		fputs("sandbox: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *
mem_new(size_t size)
{
	return checked(calloc(1, size));
}

void *
mem_grow(void *old, size_t size)
{
	return checked(realloc(old, size));
}

char *
mem_strdup(const char *s)
{
	return s == NULL ? NULL : checked(strdup(s));
}

static char *
format(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	return checked(s);
}

char *
mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = format(fmt, ap);
	va_end(ap);
	return s;
}

static void *
adopt(struct pool *pool, void *data)
{
	struct pool_piece *piece = mem_new(sizeof(*piece));

	piece->data = data;
	piece->next = pool->pieces;
	pool->pieces = piece;
	return data;
}

void *
pool_new(struct pool *pool, size_t size)
{
	return adopt(pool, mem_new(size));
}

char *
pool_strndup(struct pool *pool, const char *s, size_t len)
{
	return adopt(pool, checked(strndup(s, len)));
}

char *
pool_strdup(struct pool *pool, const char *s)
{
	return s == NULL ? NULL : adopt(pool, mem_strdup(s));
}

char *
pool_printf(struct pool *pool, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = format(fmt, ap);
	va_end(ap);
	return adopt(pool, s);
}

char *
pool_adopt(struct pool *pool, char *s)
{
	return adopt(pool, checked(s));
}

void
pool_free(struct pool *pool)
{
	struct pool_piece *piece, *next;

	for (piece = pool->pieces; piece != NULL; piece = next) {
		next = piece->next;
		free(piece->data);
		free(piece);
	}
	pool->pieces = NULL;
}

int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}
