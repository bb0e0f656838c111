/* SPDX-License-Identifier: MIT */
/*
 * Bodies of answers that are not simply there: made up as they are sent, cut
 * off, or dripping.
 */
#ifndef SANDBOX_STREAM_H
#define SANDBOX_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum stream_kind {
	STREAM_TEXT,		/* the text below */
	STREAM_HUGE,		/* one JSON array of that many bytes */
	STREAM_DEEP,		/* arrays in arrays, half as many levels as bytes */
};

struct stream {
	enum stream_kind kind;
	const char *text;	/* borrowed */
	uint64_t size;		/* that is announced */
	int64_t cut_after;	/* hang up after so many bytes; -1: send all */
	int64_t drip_ms;	/* between one byte and the next; 0: as fast as it goes */
};

/* Fill buf with what is at a position; returns how much. */
size_t stream_fill(const struct stream *stream, uint64_t at, char *buf, size_t max);

#endif
