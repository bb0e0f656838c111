/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_TESTS_FORMATS_RAW_H
#define OSCGI_TESTS_FORMATS_RAW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Stores as the bytes that stand in them, past all that gives them a meaning. */
#define RAW_MAX 64

struct raw_record {
	const unsigned char *key, *value;
	size_t               key_len, value_len;
};

struct raw {
	struct raw_record record[RAW_MAX];
	size_t            n;
};

/* The output of db5.3_dump; all strings in the arena.  False: cannot be read. */
bool raw_load(const char *path, struct arena *a, struct raw *out);

/* Every byte of a database in `dir`, which is made or emptied; whoever opens it next finds it as after a reboot. */
bool raw_into_bdb(const struct raw *raw, const char *dir);
bool raw_from_bdb(const char *dir, struct arena *a, struct raw *out);

/* The records alone, as they stand on a server; also what else is to stand there. */
bool raw_into_server(const struct raw *raw, int port, const char *prefix);
bool raw_set_on_server(int port, const char *key, const void *value, size_t len);

#endif
