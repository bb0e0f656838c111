/* SPDX-License-Identifier: MIT */
#include "store/header.h"

#include <sys/random.h>
#include <sys/types.h>

#define RECORD_FORMAT 1

void
store_put64(unsigned char *out, uint64_t n)
{
	int i;

	for (i = 7; i >= 0; i--, n >>= 8)
		out[i] = (unsigned char)n;
}

uint64_t
store_get64(const unsigned char *in)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < 8; i++)
		n = n << 8 | in[i];
	return n;
}

void
store_header_put(unsigned char out[STORE_HEADER_LEN], const struct store_header *h)
{
	out[0] = RECORD_FORMAT;
	store_put64(out + 1, h->version);
	store_put64(out + 9, (uint64_t)h->expires_at_s);
}

bool
store_header_get(const unsigned char *in, size_t len, struct store_header *h)
{
	if (len < STORE_HEADER_LEN || in[0] != RECORD_FORMAT)
		return false;
	h->version = store_get64(in + 1);
	h->expires_at_s = (int64_t)store_get64(in + 9);
	return h->version != 0 && h->expires_at_s >= 0;
}

uint64_t
store_new_version(uint64_t old)
{
	uint64_t version;

	do {
		if (getrandom(&version, sizeof(version), 0) != (ssize_t)sizeof(version))
			return 0;
	} while (version == 0 || version == old);
	return version;
}
