/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

static enum log_level threshold = LOG_LEVEL_INFO;
static void (*sink)(const char *, size_t);

static const char *const level_names[LOG_LEVEL__MAX] = { "error", "warn", "info", "debug" };

enum log_level
log_level_named(const char *name)
{
	for (int i = 0; i < LOG_LEVEL__MAX; i++)
		if (strcmp(level_names[i], name) == 0)
			return (enum log_level)i;
	return LOG_LEVEL_INFO;
}

void
log_set_level(enum log_level level)
{
	threshold = level;
}

enum log_level
log_get_level(void)
{
	return threshold;
}

void
log_set_sink(void (*s)(const char *, size_t))
{
	sink = s;
}

/* One byte is always left for the newline: a line that is too long is cut, not split. */
static void
put(struct log_line *l, const char *s, size_t len)
{
	size_t room = LOG_LINE_MAX - 1 - l->len;

	if (len > room)
		len = room;
	memcpy(l->text + l->len, s, len);
	l->len += len;
}

static bool
is_plain(const char *s)
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~' || *s == '"' || *s == '\\' || *s == '=')
			return false;
	return true;
}

static void
put_quoted(struct log_line *l, const char *s)
{
	char esc[5];

	put(l, "\"", 1);
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\') {
			esc[0] = '\\';
			esc[1] = *s;
			put(l, esc, 2);
		} else if (*s < ' ' || *s > '~') {
			snprintf(esc, sizeof(esc), "\\x%02x", (unsigned)(unsigned char)*s);
			put(l, esc, 4);
		} else {
			put(l, s, 1);
		}
	}
	put(l, "\"", 1);
}

void
log_begin(struct log_line *l, enum log_level level, const char *event)
{
	l->level = level;
	l->len = 0;
	put(l, "level=", 6);
	put(l, level_names[level], strlen(level_names[level]));
	log_str(l, "event", event);
}

void
log_str(struct log_line *l, const char *key, const char *value)
{
	if (value == NULL)
		return;
	put(l, " ", 1);
	put(l, key, strlen(key));
	put(l, "=", 1);
	if (is_plain(value))
		put(l, value, strlen(value));
	else
		put_quoted(l, value);
}

void
log_int(struct log_line *l, const char *key, int64_t value)
{
	char digits[TEXT_INT_MAX];

	log_str(l, key, text_of_int(value, digits));
}

void
log_end(struct log_line *l)
{
	ssize_t n;

	if (l->level > threshold)
		return;
	l->text[l->len++] = '\n';
	if (sink != NULL) {
		sink(l->text, l->len);
		return;
	}
	/* A log that cannot be written must not stop the request. */
	n = write(STDERR_FILENO, l->text, l->len);
	(void)n;
}

void
log_event(enum log_level level, const char *event, const char *fmt, ...)
{
	char text[LOG_LINE_MAX];
	struct log_line l;
	va_list ap;

	if (level > threshold)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_begin(&l, level, event);
	log_str(&l, "detail", text);
	log_end(&l);
}
