/* SPDX-License-Identifier: MIT */
#include "base/call.h"

#include <stdarg.h>
#include <stdio.h>

#define DETAIL_MAX 512

static void
explain(struct call *c, enum err e, const char *fmt, va_list ap)
{
	char *text;

	if (c->failed != ERR_OK)
		return;
	c->failed = e;
	text = arena_alloc(c->arena, DETAIL_MAX);
	if (text != NULL)
		vsnprintf(text, DETAIL_MAX, fmt, ap);
	c->detail = text;
}

enum err
call_fail(struct call *c, enum err e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	explain(c, e, fmt, ap);
	va_end(ap);
	return e;
}

enum err
call_fail_upstream(struct call *c, enum err e, const char *service, int status, const char *fmt, ...)
{
	va_list ap;

	if (c->failed == ERR_OK) {
		c->upstream_service = arena_strdup(c->arena, service);
		c->upstream_status = status;
	}
	va_start(ap, fmt);
	explain(c, e, fmt, ap);
	va_end(ap);
	return e;
}

void
call_recover(struct call *c)
{
	c->failed = ERR_OK;
	c->detail = NULL;
	c->more = NULL;
	c->retry_after_s = 0;
	c->upstream_service = NULL;
	c->upstream_status = 0;
}
