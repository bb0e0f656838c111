/* SPDX-License-Identifier: MIT */
#include "crypto/crypto.h"

#include <assert.h>
#include <errno.h>
#include <nettle/base64.h>
#include <nettle/gcm.h>
#include <nettle/hkdf.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

_Static_assert(CRYPTO_HASH_LEN == SHA256_DIGEST_SIZE && CRYPTO_KEY_LEN == AES256_KEY_SIZE &&
    CRYPTO_NONCE_LEN == GCM_IV_SIZE && CRYPTO_TAG_LEN == GCM_DIGEST_SIZE, "our lengths are the library's");

void
crypto_random(void *out, size_t len)
{
	unsigned char *p = out;
	ssize_t n;

	while (len > 0) {
		n = getrandom(p, len, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			abort();	/* without random bytes nothing here is safe */
		p += n;
		len -= (size_t)n;
	}
}

void
crypto_sha256(const void *data, size_t len, unsigned char out[CRYPTO_HASH_LEN])
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, len, data);
	sha256_digest(&ctx, CRYPTO_HASH_LEN, out);
	crypto_wipe(&ctx, sizeof(ctx));
}

static void
encode_text(const unsigned char bytes[CRYPTO_HASH_LEN], char out[CRYPTO_TEXT_LEN + 1])
{
	struct base64_encode_ctx ctx;
	size_t n;

	base64url_encode_init(&ctx);
	n = base64_encode_update(&ctx, out, CRYPTO_HASH_LEN, bytes);
	n += base64_encode_final(&ctx, out + n);
	assert(n == CRYPTO_TEXT_LEN + 1 && out[CRYPTO_TEXT_LEN] == '=');
	out[CRYPTO_TEXT_LEN] = '\0';
}

void
crypto_random_text(char out[CRYPTO_TEXT_LEN + 1])
{
	unsigned char bytes[CRYPTO_HASH_LEN];

	crypto_random(bytes, sizeof(bytes));
	encode_text(bytes, out);
	crypto_wipe(bytes, sizeof(bytes));
}

void
crypto_sha256_text(const char *text, char out[CRYPTO_TEXT_LEN + 1])
{
	unsigned char digest[CRYPTO_HASH_LEN];

	crypto_sha256(text, strlen(text), digest);
	encode_text(digest, out);
}

void
crypto_hmac_sha256_any(const void *key, size_t key_len, const void *data, size_t len,
    unsigned char out[CRYPTO_HASH_LEN])
{
	struct hmac_sha256_ctx ctx;

	hmac_sha256_set_key(&ctx, key_len, key);
	hmac_sha256_update(&ctx, len, data);
	hmac_sha256_digest(&ctx, CRYPTO_HASH_LEN, out);
	crypto_wipe(&ctx, sizeof(ctx));
}

void
crypto_hmac_sha256(const unsigned char key[CRYPTO_KEY_LEN], const void *data, size_t len,
    unsigned char out[CRYPTO_HASH_LEN])
{
	crypto_hmac_sha256_any(key, CRYPTO_KEY_LEN, data, len, out);
}

void
crypto_hkdf_sha256(const void *ikm, size_t ikm_len, const void *salt, size_t salt_len, const char *info,
    unsigned char out[CRYPTO_KEY_LEN])
{
	static const unsigned char no_salt[CRYPTO_HASH_LEN];
	unsigned char prk[CRYPTO_HASH_LEN];
	struct hmac_sha256_ctx ctx;

	if (salt_len == 0) {	/* RFC 5869 2.2: as if it were a string of zeros */
		salt = no_salt;
		salt_len = sizeof(no_salt);
	}
	hmac_sha256_set_key(&ctx, salt_len, salt);
	hkdf_extract(&ctx, (nettle_hash_update_func *)hmac_sha256_update, (nettle_hash_digest_func *)hmac_sha256_digest,
	    sizeof(prk), ikm_len, ikm, prk);
	hmac_sha256_set_key(&ctx, sizeof(prk), prk);
	hkdf_expand(&ctx, (nettle_hash_update_func *)hmac_sha256_update, (nettle_hash_digest_func *)hmac_sha256_digest,
	    sizeof(prk), strlen(info), (const uint8_t *)info, CRYPTO_KEY_LEN, out);
	crypto_wipe(prk, sizeof(prk));
	crypto_wipe(&ctx, sizeof(ctx));
}

static void
begin(struct gcm_aes256_ctx *ctx, const unsigned char *key, const unsigned char *nonce, const void *aad, size_t aad_len)
{
	gcm_aes256_set_key(ctx, key);
	gcm_aes256_set_iv(ctx, CRYPTO_NONCE_LEN, nonce);
	gcm_aes256_update(ctx, aad_len, aad);
}

void
crypto_seal(const unsigned char key[CRYPTO_KEY_LEN], const unsigned char nonce[CRYPTO_NONCE_LEN], const void *aad,
    size_t aad_len, const void *plain, size_t len, unsigned char *out)
{
	struct gcm_aes256_ctx ctx;

	begin(&ctx, key, nonce, aad, aad_len);
	gcm_aes256_encrypt(&ctx, len, out, plain);
	gcm_aes256_digest(&ctx, CRYPTO_TAG_LEN, out + len);
	crypto_wipe(&ctx, sizeof(ctx));
}

bool
crypto_open(const unsigned char key[CRYPTO_KEY_LEN], const unsigned char nonce[CRYPTO_NONCE_LEN], const void *aad,
    size_t aad_len, const void *sealed, size_t len, unsigned char *out)
{
	unsigned char tag[CRYPTO_TAG_LEN];
	struct gcm_aes256_ctx ctx;
	bool same;

	if (len < CRYPTO_TAG_LEN)
		return false;
	len -= CRYPTO_TAG_LEN;
	begin(&ctx, key, nonce, aad, aad_len);
	gcm_aes256_decrypt(&ctx, len, out, sealed);
	gcm_aes256_digest(&ctx, sizeof(tag), tag);
	same = crypto_equal(tag, (const unsigned char *)sealed + len, sizeof(tag));
	if (!same)
		crypto_wipe(out, len);
	crypto_wipe(&ctx, sizeof(ctx));
	return same;
}

bool
crypto_equal(const void *a, const void *b, size_t len)
{
	return memeql_sec(a, b, len) != 0;
}

bool
crypto_equal_text(const char *a, const char *b)
{
	size_t n = strlen(a);

	return n == strlen(b) && crypto_equal(a, b, n);
}

void
crypto_wipe(void *p, size_t len)
{
	explicit_bzero(p, len);
}

char *
crypto_b64url(struct arena *a, const void *data, size_t len)
{
	struct base64_encode_ctx ctx;
	char *out = arena_alloc(a, BASE64_ENCODE_LENGTH(len) + BASE64_ENCODE_FINAL_LENGTH + 1);
	size_t n;

	if (out == NULL)
		return NULL;
	base64url_encode_init(&ctx);
	n = base64_encode_update(&ctx, out, len, data);
	n += base64_encode_final(&ctx, out + n);
	while (n > 0 && out[n - 1] == '=')
		n--;
	out[n] = '\0';
	return out;
}

unsigned char *
crypto_b64url_decode(struct arena *a, const char *text, size_t text_len, size_t *len)
{
	struct base64_decode_ctx ctx;
	unsigned char *out = arena_alloc(a, BASE64_DECODE_LENGTH(text_len) + 1);
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	static const char padding[] = "==";
	size_t i, n = 0, more = 0, pad = (4 - text_len % 4) % 4;

	if (out == NULL || pad == 3)
		return NULL;
	/* The library skips white space and takes padding in the text; neither belongs there. */
	for (i = 0; i < text_len; i++)
		if (text[i] == '\0' || strchr(alphabet, text[i]) == NULL)
			return NULL;
	base64url_decode_init(&ctx);
	if (!base64_decode_update(&ctx, &n, out, text_len, text) ||
	    !base64_decode_update(&ctx, &more, out + n, pad, padding) || !base64_decode_final(&ctx))
		return NULL;
	*len = n + more;
	return out;
}

char *
crypto_b64(struct arena *a, const void *data, size_t len)
{
	char *out = arena_alloc(a, BASE64_ENCODE_RAW_LENGTH(len) + 1);

	if (out != NULL)
		base64_encode_raw(out, len, data);
	return out;
}
