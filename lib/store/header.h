/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_HEADER_H
#define OSCGI_STORE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A record's bytes, the same in every backend that keeps bytes:
 *
 *   format (1 byte), version (8), expires_at_s (8), value
 *
 * Numbers are big-endian.
 */
#define STORE_HEADER_LEN 17

struct store_header {
	uint64_t version;
	int64_t  expires_at_s;
};

void store_header_put(unsigned char out[STORE_HEADER_LEN], const struct store_header *h);
/* False: these bytes were not written by this version of the program. */
bool store_header_get(const unsigned char *in, size_t len, struct store_header *h);

/*
 * A version for a new record, neither 0 nor `old`.  At random: nothing needs to be
 * remembered when a record is removed and made again.  0: there is no randomness (errno).
 */
uint64_t store_new_version(uint64_t old);

void store_put64(unsigned char *out, uint64_t n);
uint64_t store_get64(const unsigned char *in);

#endif
