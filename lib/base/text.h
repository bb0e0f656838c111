/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BASE_TEXT_H
#define OSCGI_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

/* Well-formed UTF-8 without NUL (RFC 3629: no overlong forms, no surrogates). */
bool text_is_utf8(const char *s, size_t len);
/* Holds a byte below 0x20 or 0x7f. */
bool text_has_control(const char *s);
/* 1..max_len bytes, each of them in `set`. */
bool text_is_made_of(const char *s, const char *set, size_t max_len);
bool text_starts_with(const char *s, const char *prefix);
bool text_ends_with(const char *s, const char *suffix);
/* Decimal digits only, 0..max; anything else is false. */
bool text_to_int(const char *s, int64_t max, int64_t *out);
/* v in decimal digits, somewhere in `out`. */
#define TEXT_INT_MAX 21	/* sign, 19 digits, NUL */
const char *text_of_int(int64_t v, char out[TEXT_INT_MAX]);

/* Percent-encode everything but RFC 3986 unreserved characters. */
void text_percent_encode(struct buf *out, const char *s);
/* The same as a string of its own; NULL when out of memory. */
char *text_percent_encoded(struct arena *a, const char *s);
/* Percent-encode what no URI may hold (RFC 3986 2), also a % that begins no escape; the rest stays as it is. */
void text_uri_escape(struct buf *out, const char *s);
/*
 * Percent-decode once, `plus` also turning + into space (HTML forms).
 * NULL: a broken escape, an encoded NUL, or out of memory.
 */
char *text_percent_decode(struct arena *a, const char *s, size_t len, bool plus);
/* Append with & < > " ' as entities, and control bytes as U+FFFD. */
void text_html_escape(struct buf *out, const char *s);

#endif
