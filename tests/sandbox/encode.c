/* SPDX-License-Identifier: MIT */
#include "encode.h"

#include <ctype.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

char *
base64url(struct pool *pool, const void *data, size_t len)
{
	struct base64_encode_ctx ctx;
	char *out = pool_new(pool, BASE64_ENCODE_LENGTH(len) + BASE64_ENCODE_FINAL_LENGTH + 1);
	size_t n;

	base64url_encode_init(&ctx);
	n = base64_encode_update(&ctx, out, len, data);
	n += base64_encode_final(&ctx, out + n);
	while (n > 0 && out[n - 1] == '=')
		n--;
	out[n] = '\0';
	return out;
}

char *
base64_encode(struct pool *pool, const void *data, size_t len)
{
	char *out = pool_new(pool, BASE64_ENCODE_RAW_LENGTH(len) + 1);

	base64_encode_raw(out, len, data);
	return out;
}

char *
base64_decode(struct pool *pool, const char *s, size_t *len)
{
	struct base64_decode_ctx ctx;
	char *out = pool_new(pool, BASE64_DECODE_LENGTH(strlen(s)) + 1);

	base64_decode_init(&ctx);
	*len = BASE64_DECODE_LENGTH(strlen(s));
	if (!base64_decode_update(&ctx, len, (uint8_t *)out, strlen(s), s) || !base64_decode_final(&ctx))
		return NULL;
	return out;
}

static void
sha256(const char *s, uint8_t digest[SHA256_DIGEST_SIZE])
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, strlen(s), (const uint8_t *)s);
	sha256_digest(&ctx, SHA256_DIGEST_SIZE, digest);
}

char *
sha256_base64url(struct pool *pool, const char *s)
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256(s, digest);
	return base64url(pool, digest, sizeof(digest));
}

char *
hex_encode(struct pool *pool, const void *bytes, size_t n)
{
	const uint8_t *at = bytes;
	char *out = pool_new(pool, n * 2 + 1);
	size_t i;

	for (i = 0; i < n; i++)
		snprintf(out + i * 2, 3, "%02x", at[i]);
	return out;
}

char *
sha256_hex(struct pool *pool, const char *s)
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256(s, digest);
	return hex_encode(pool, digest, sizeof(digest));
}

char *
percent_encode(struct pool *pool, const char *s)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = pool_new(pool, strlen(s) * 3 + 1), *to = out;

	for (; *s != '\0'; s++) {
		unsigned char ch = (unsigned char)*s;

		if (isalnum(ch) || strchr("-._~", ch) != NULL) {
			*to++ = (char)ch;
			continue;
		}
		*to++ = '%';
		*to++ = hex[ch >> 4];
		*to++ = hex[ch & 15];
	}
	return out;
}

static int
hex_value(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch = (char)tolower((unsigned char)ch);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

void
hex_decode(const char *s, uint8_t *out, size_t n)
{
	size_t i;

	for (i = 0; i < n && hex_value(s[2 * i]) >= 0 && hex_value(s[2 * i + 1]) >= 0; i++)
		out[i] = (uint8_t)(hex_value(s[2 * i]) << 4 | hex_value(s[2 * i + 1]));
}

char *
percent_decode(struct pool *pool, const char *s, size_t len, int plus)
{
	char *out = pool_new(pool, len + 1), *to = out;
	size_t i;

	for (i = 0; i < len; i++) {
		int high, low;

		if (s[i] != '%') {
			*to++ = plus && s[i] == '+' ? ' ' : s[i];
			continue;
		}
		if (len - i < 3)
			return NULL;
		high = hex_value(s[i + 1]);
		low = hex_value(s[i + 2]);
		if (high < 0 || low < 0 || high + low == 0)
			return NULL;
		*to++ = (char)(high << 4 | low);
		i += 2;
	}
	return out;
}

static void
random_bytes(uint8_t *out, size_t n)
{
	size_t got = 0;
	ssize_t step;

	while (got < n) {
		step = getrandom(out + got, n - got, 0);
		if (step > 0)
			got += (size_t)step;
	}
}

char *
random_base64url(struct pool *pool, size_t n)
{
	uint8_t *bytes = pool_new(pool, n);

	random_bytes(bytes, n);
	return base64url(pool, bytes, n);
}

char *
random_hex(struct pool *pool, size_t n)
{
	uint8_t *bytes = pool_new(pool, n);

	random_bytes(bytes, n);
	return hex_encode(pool, bytes, n);
}

char *
random_alnum(struct pool *pool, size_t n)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	uint8_t *bytes = pool_new(pool, n + 1);
	size_t i;

	random_bytes(bytes, n);
	for (i = 0; i < n; i++)
		bytes[i] = (uint8_t)alphabet[bytes[i] % (sizeof(alphabet) - 1)];
	bytes[n] = '\0';
	return (char *)bytes;
}

char *
random_uuid(struct pool *pool)
{
	uint8_t bytes[16];
	char *hex;

	random_bytes(bytes, sizeof(bytes));
	bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
	hex = hex_encode(pool, bytes, sizeof(bytes));
	return pool_printf(pool, "%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

char *
fingerprint(struct pool *pool, const char *secret)
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256(secret, digest);
	return hex_encode(pool, digest, 4);
}

char *
iso_time(struct pool *pool, int64_t time_ms)
{
	time_t s = (time_t)(time_ms / 1000);
	struct tm tm;
	char date[32];

	gmtime_r(&s, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	return pool_printf(pool, "%s.%03dZ", date, (int)(time_ms % 1000));
}
