/* SPDX-License-Identifier: MIT */
/* Encodings and randomness.  All strings returned live in the pool. */
#ifndef SANDBOX_ENCODE_H
#define SANDBOX_ENCODE_H

#include <stddef.h>
#include <stdint.h>

#include "mem.h"

/* Without padding. */
char *base64url(struct pool *pool, const void *data, size_t len);

/* The plain alphabet, with padding.  NULL: not of it.  A NUL follows what is decoded. */
char *base64_decode(struct pool *pool, const char *s, size_t *len);

/* base64url(SHA-256(s)), as PKCE has it. */
char *sha256_base64url(struct pool *pool, const char *s);

/* With padding. */
char *base64_encode(struct pool *pool, const void *data, size_t len);

/* Exactly n bytes of hexadecimal digits, or as many as there are. */
void hex_decode(const char *s, uint8_t *out, size_t n);

/* Lower case hexadecimal, of bytes and of SHA-256(s). */
char *hex_encode(struct pool *pool, const void *bytes, size_t n);
char *sha256_hex(struct pool *pool, const char *s);

/* As a query component: everything but the unreserved characters is escaped. */
char *percent_encode(struct pool *pool, const char *s);

/* NULL where an escape is malformed or hides a NUL.  plus: '+' is a space, as in forms. */
char *percent_decode(struct pool *pool, const char *s, size_t len, int plus);

/* Of the system's generator: n bytes in base64url or hexadecimal, or n letters and digits. */
char *random_base64url(struct pool *pool, size_t n);
char *random_hex(struct pool *pool, size_t n);
char *random_alnum(struct pool *pool, size_t n);

/* Version 4.							RFC 9562 5.4 */
char *random_uuid(struct pool *pool);

/* Eight hexadecimal digits that tell one secret from another and give neither away. */
char *fingerprint(struct pool *pool, const char *secret);

/* "2026-01-02T03:04:05.000Z" */
char *iso_time(struct pool *pool, int64_t time_ms);

#endif
