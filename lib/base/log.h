/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BASE_LOG_H
#define OSCGI_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

/*
 * Log lines are `key=value` pairs, written to standard error by one write(2),
 * LOG_LINE_MAX bytes at most.  Values are quoted where needed, and every byte
 * that is not printable ASCII is escaped: no input can forge a line, or move a
 * terminal.  There is no way to print a struct secret.
 */
enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG, LOG_LEVEL__MAX };

#define LOG_LINE_MAX 1024

struct log_line {
	enum log_level level;
	size_t         len;
	char           text[LOG_LINE_MAX];
};

/* "error", "warn", "info", "debug"; LOG_LEVEL_INFO for any other. */
enum log_level log_level_named(const char *name);

/* Process-wide, set once at the start: lines above it are dropped. */
void log_set_level(enum log_level level);
enum log_level log_get_level(void);

/* Where lines go instead of standard error; for tests.  NULL restores. */
void log_set_sink(void (*sink)(const char *line, size_t len));

/* Build one line: begin, any number of fields, end (which writes it).  A value that is NULL is left out. */
void log_begin(struct log_line *l, enum log_level level, const char *event);
void log_str(struct log_line *l, const char *key, const char *value);
void log_int(struct log_line *l, const char *key, int64_t value);
void log_end(struct log_line *l);

/* A whole line for the frequent case: an event and what there is to say about it. */
void log_event(enum log_level level, const char *event, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
