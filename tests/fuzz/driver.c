/* SPDX-License-Identifier: MIT */
/*
 * Replays a target's seeds and a fixed number of mutations of each, the same
 * in every run; or the files named as arguments.  Built with
 * -fsanitize=fuzzer instead of this file, the same targets look for more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "fuzz.h"
#include "tap.h"

#define MUTATIONS 3000
#define INPUT_MAX 8192

static uint32_t seed = 1;

static uint32_t
next(void)
{
	seed = seed * 1664525u + 1013904223u;
	return seed >> 8;
}

static size_t
mutate(uint8_t *data, size_t size)
{
	static const char spice[] = "\0\r\n%\"\\{}[]=&;/.\xff\xc0\x80";
	unsigned i, n = next() % 4 + 1;

	for (i = 0; i < n; i++) {
		size_t at = size > 0 ? next() % size : 0;

		switch (next() % 4) {
		case 0:
			if (size > 0)
				data[at] ^= (uint8_t)(1u << next() % 8);
			break;
		case 1:
			if (size > 0)
				data[at] = (uint8_t)spice[next() % (sizeof(spice) - 1)];
			break;
		case 2:
			size = at;
			break;
		default:
			if (size > 0 && size * 2 <= INPUT_MAX) {
				memcpy(data + size, data, size);
				size *= 2;
			}
		}
	}
	return size;
}

static void
silence(const char *line, size_t len)
{
	(void)line;
	(void)len;
}

int
main(void)
{
	static uint8_t data[INPUT_MAX];
	const char *const *s;
	int i;

	log_set_sink(silence);
	for (s = fuzz_seeds; *s != NULL; s++) {
		size_t n = strlen(*s);

		memcpy(data, *s, n);
		LLVMFuzzerTestOneInput(data, n);
		for (i = 0; i < MUTATIONS; i++) {
			memcpy(data, *s, n);
			LLVMFuzzerTestOneInput(data, mutate(data, n));
		}
		ok(1, "seed %d and %d mutations of it are survived", (int)(s - fuzz_seeds) + 1, MUTATIONS);
	}
	return done_testing();
}
