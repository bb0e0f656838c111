/* SPDX-License-Identifier: MIT */
/*
 * fill - as many records as N visitors have, written one after the other
 *
 *	fill STORE DIR PREFIX N BYTES lazy|durable
 *
 * STORE as SESSION_STORE, its password in STORE_PASSWORD; DIR: of Berkeley DB.  Prints records a second.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/backends.h"

#define WAIT_MS 3000

/* Not to be compressed, as sealed bytes are not. */
static void
fill(unsigned char *bytes, size_t len, unsigned long seed)
{
	unsigned long long x = seed * 0x9e3779b97f4a7c15ull + 1;
	size_t i;

	for (i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		bytes[i] = (unsigned char)(x >> 32);
	}
}

static enum err
put_all(struct store *s, unsigned long n, size_t len, enum store_durability durability)
{
	int64_t until_s = clock_now_s(&clock_system) + 86400;
	unsigned char *bytes = malloc(len + 1);
	char name[STORE_NAME_MAX];
	enum err e = bytes == NULL ? ERR_NOMEM : ERR_OK;
	unsigned long i;

	for (i = 0; e == ERR_OK && i < n; i++) {
		fill(bytes, len, i);
		/* As long as the hash of a cookie, as evenly spread, and another in each process. */
		snprintf(name, sizeof(name), "s:%016llx%017lu%010d", (i + 1) * 0x9e3779b97f4a7c15ull, i, (int)getpid());
		e = store_put(s, name, bytes, len, until_s, STORE_INSERT, durability, NULL);
	}
	free(bytes);
	return e;
}

int
main(int argc, char **argv)
{
	const char *password = getenv("STORE_PASSWORD");
	struct store_setup setup = { .clock = &clock_system, .wait_ms = WAIT_MS };
	struct store *s;
	unsigned long n;
	int64_t began;
	enum err e;

	if (argc != 7) {
		fputs("usage: fill STORE DIR PREFIX N BYTES lazy|durable\n", stderr);
		return 2;
	}
	setup.where = argv[1];
	setup.dir = argv[2];
	setup.prefix = argv[3];
	setup.password.reveal = password != NULL ? password : "";
	n = strtoul(argv[4], NULL, 10);
	if (store_open(&setup, &s) != ERR_OK)
		return 1;
	began = clock_mono_ms(&clock_system);
	e = put_all(s, n, strtoul(argv[5], NULL, 10), strcmp(argv[6], "lazy") == 0 ? STORE_LAZY : STORE_DURABLE);
	began = clock_mono_ms(&clock_system) - began;
	store_close(s);
	if (e != ERR_OK) {
		fprintf(stderr, "fill: %s\n", err_info(e)->title);
		return 1;
	}
	printf("%.0f\n", (double)n * 1000 / (double)(began > 0 ? began : 1));
	return 0;
}
