/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_CRYPTO_CRYPTO_H
#define OSCGI_CRYPTO_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * The few primitives that the suite stands on, from nettle (GnuTLS's own
 * foundation; linking it alone halves what a plain CGI process costs).
 */
#define CRYPTO_HASH_LEN  32
#define CRYPTO_KEY_LEN   32
#define CRYPTO_NONCE_LEN 12
#define CRYPTO_TAG_LEN   16

/* From the kernel; ends the process if it has none to give (no caller could go on). */
void crypto_random(void *out, size_t len);

void crypto_sha256(const void *data, size_t len, unsigned char out[CRYPTO_HASH_LEN]);

/* 256 bits in base64url: random ones; those of a text's SHA-256, which stand for it without telling it. */
#define CRYPTO_TEXT_LEN 43
void crypto_random_text(char out[CRYPTO_TEXT_LEN + 1]);
void crypto_sha256_text(const char *text, char out[CRYPTO_TEXT_LEN + 1]);

void crypto_hmac_sha256(const unsigned char key[CRYPTO_KEY_LEN], const void *data, size_t len,
    unsigned char out[CRYPTO_HASH_LEN]);
/* The same under a key of any length: one that another protocol prescribes. */
void crypto_hmac_sha256_any(const void *key, size_t key_len, const void *data, size_t len,
    unsigned char out[CRYPTO_HASH_LEN]);
/* RFC 5869; salt may be empty, info is a NUL-terminated label. */
void crypto_hkdf_sha256(const void *ikm, size_t ikm_len, const void *salt, size_t salt_len, const char *info,
    unsigned char out[CRYPTO_KEY_LEN]);

/* AES-256-GCM.  out holds len + CRYPTO_TAG_LEN bytes. */
void crypto_seal(const unsigned char key[CRYPTO_KEY_LEN], const unsigned char nonce[CRYPTO_NONCE_LEN], const void *aad,
    size_t aad_len, const void *plain, size_t len, unsigned char *out);
/* out holds len - CRYPTO_TAG_LEN bytes; false (and out wiped) when anything was changed. */
bool crypto_open(const unsigned char key[CRYPTO_KEY_LEN], const unsigned char nonce[CRYPTO_NONCE_LEN], const void *aad,
    size_t aad_len, const void *sealed, size_t len, unsigned char *out);

/* In constant time for equal lengths. */
bool crypto_equal(const void *a, const void *b, size_t len);
bool crypto_equal_text(const char *a, const char *b);
void crypto_wipe(void *p, size_t len);

/* base64url without padding (RFC 4648 5); NULL: out of memory, or (decode) not base64url. */
char *crypto_b64url(struct arena *a, const void *data, size_t len);
unsigned char *crypto_b64url_decode(struct arena *a, const char *text, size_t text_len, size_t *len);
/* base64 with padding, for Content-Security-Policy hashes and Basic credentials. */
char *crypto_b64(struct arena *a, const void *data, size_t len);

#endif
