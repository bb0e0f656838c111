/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BASE_BUF_H
#define OSCGI_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A growable byte buffer with a mandatory ceiling.  Appending never fails at
 * the spot: a buffer that overflowed or ran out of memory remembers it, and who
 * finishes asks once with buf_ok.  The bytes are always NUL-terminated.
 */
struct buf {
	char  *data;
	size_t len, cap, max_bytes;
	bool   failed;
};

void buf_init(struct buf *b, size_t max_bytes);
/* Wipes, then frees; the buffer can be used again. */
void buf_free(struct buf *b);
/* Forget the contents (wiped), keep the memory. */
void buf_clear(struct buf *b);

void buf_add(struct buf *b, const void *data, size_t len);
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
bool buf_ok(const struct buf *b);
/* "" when empty; valid until the next change. */
const char *buf_cstr(const struct buf *b);

#endif
