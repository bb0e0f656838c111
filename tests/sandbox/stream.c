/* SPDX-License-Identifier: MIT */
#include "stream.h"

#include <string.h>

static const char element[] = "{\"serviceId\":\"encore\",\"name\":\"again\",\"value\":1},";

#define ELEMENT_LEN (sizeof(element) - 1)

/* "[" elements, spaces where no whole one fits any more, "0]" */
static char
huge_at(uint64_t size, uint64_t at)
{
	uint64_t elements = size < 3 ? 0 : (size - 3) / ELEMENT_LEN * ELEMENT_LEN;

	if (at == 0)
		return '[';
	if (at + 1 == size)
		return ']';
	if (at + 2 == size)
		return '0';
	return at - 1 < elements ? element[(at - 1) % ELEMENT_LEN] : ' ';
}

static char
byte_at(const struct stream *stream, uint64_t at)
{
	switch (stream->kind) {
	case STREAM_HUGE:
		return huge_at(stream->size, at);
	case STREAM_DEEP:
		return at < stream->size / 2 ? '[' : ']';
	case STREAM_TEXT:
		break;
	}
	return stream->text[at];
}

size_t
stream_fill(const struct stream *stream, uint64_t at, char *buf, size_t max)
{
	uint64_t left = stream->size - at;
	size_t i;

	if (stream->cut_after >= 0 && left > (uint64_t)stream->cut_after - at)
		left = (uint64_t)stream->cut_after - at;
	if (stream->drip_ms > 0 && left > 1)
		left = 1;
	if (left > max)
		left = max;
	for (i = 0; i < left; i++)
		buf[i] = byte_at(stream, at + i);
	return i;
}
