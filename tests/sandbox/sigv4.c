/* SPDX-License-Identifier: MIT */
#include "sigv4.h"

#include <ctype.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "encode.h"

#define ALGORITHM "AWS4-HMAC-SHA256"
#define SKEW_S 900
#define EXPIRES_MAX_S 604800

/* What a request says of its signature. */
struct claim {
	const char *credential, *signed_headers, *signature;
	const char *date;		/* 20260102T030405Z */
	long expires_s;			/* -1: signed in headers */
};

static bool
refuse(struct sigv4 *result, int status, const char *code, const char *message)
{
	result->status = status;
	result->code = code;
	result->message = message;
	return false;
}

/* The value of "Name=value" in the Authorization header's list; NULL: absent. */
static const char *
header_part(struct pool *pool, const char *list, const char *name)
{
	size_t len = strlen(name);

	for (; *list != '\0'; list += strcspn(list, ","), list += *list == ',') {
		list += strspn(list, " ");
		if (strncmp(list, name, len) == 0 && list[len] == '=')
			return pool_strndup(pool, list + len + 1, strcspn(list + len + 1, ", "));
	}
	return NULL;
}

static void
claim_read(struct call *call, const char *authorization, struct claim *claim)
{
	const char *list;

	memset(claim, 0, sizeof(*claim));
	claim->expires_s = -1;
	if (authorization != NULL) {
		list = authorization + strlen(ALGORITHM);
		claim->credential = header_part(&call->pool, list, "Credential");
		claim->signed_headers = header_part(&call->pool, list, "SignedHeaders");
		claim->signature = header_part(&call->pool, list, "Signature");
		claim->date = call_header(call, "x-amz-date");
		return;
	}
	claim->credential = form_get(&call->query, "X-Amz-Credential");
	claim->signed_headers = form_get(&call->query, "X-Amz-SignedHeaders");
	claim->signature = form_get(&call->query, "X-Amz-Signature");
	claim->date = form_get(&call->query, "X-Amz-Date");
	claim->expires_s = form_get(&call->query, "X-Amz-Expires") == NULL ? 0 :
	    atol(form_get(&call->query, "X-Amz-Expires"));
}

/* Segments are decoded and encoded again, so that it does not matter how eagerly a client escapes. */
static const char *
canonical_path(struct call *call)
{
	const char *at = call->path, *out = "", *segment;
	size_t len;

	for (; *at == '/'; at += 1 + len) {
		len = strcspn(at + 1, "/");
		segment = percent_decode(&call->pool, at + 1, len, 0);
		if (segment == NULL)
			return NULL;
		out = pool_printf(&call->pool, "%s/%s", out, percent_encode(&call->pool, segment));
	}
	return out;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "name=value" pairs in order, without the signature itself. */
static const char *
canonical_query(struct call *call)
{
	const char *pairs[FORM_FIELDS_MAX], *at = call->query_text == NULL ? "" : call->query_text, *out = "";
	const char *name, *value;
	size_t count = 0, len, name_len, i;

	for (; *at != '\0' && count < FORM_FIELDS_MAX; at += len + (at[len] == '&')) {
		len = strcspn(at, "&");
		name_len = strcspn(at, "=&");
		name = percent_decode(&call->pool, at, name_len, 0);
		value = name_len == len ? "" : percent_decode(&call->pool, at + name_len + 1, len - name_len - 1, 0);
		if (name == NULL || value == NULL)
			return NULL;
		if (len > 0 && strcmp(name, "X-Amz-Signature") != 0)
			/* Names are compared first: what parts them from values sorts before all else. */
			pairs[count++] = pool_printf(&call->pool, "%s\x01%s", percent_encode(&call->pool, name),
			    percent_encode(&call->pool, value));
	}
	qsort(pairs, count, sizeof(pairs[0]), compare);
	for (i = 0; i < count; i++) {
		name_len = strcspn(pairs[i], "\x01");
		out = pool_printf(&call->pool, "%s%s%.*s=%s", out, i == 0 ? "" : "&", (int)name_len, pairs[i],
		    pairs[i] + name_len + 1);
	}
	return out;
}

/* Trimmed, with runs of spaces made one. */
static const char *
squeezed(struct pool *pool, const char *value)
{
	char *out = pool_strdup(pool, value + strspn(value, " ")), *to = out, *from;

	for (from = out; *from != '\0'; from++)
		if (*from != ' ' || (from[1] != ' ' && from[1] != '\0'))
			*to++ = *from;
	*to = '\0';
	return out;
}

/* NULL: one that was signed is not there. */
static const char *
canonical_headers(struct call *call, const char *names)
{
	const char *out = "", *name, *value;
	size_t len;

	for (; *names != '\0'; names += len + (names[len] == ';')) {
		len = strcspn(names, ";");
		name = pool_strndup(&call->pool, names, len);
		value = call_header(call, name);
		if (value == NULL)
			return NULL;
		out = pool_printf(&call->pool, "%s%s:%s\n", out, name, squeezed(&call->pool, value));
	}
	return out;
}

static void
hmac(const uint8_t *key, size_t key_len, const char *text, uint8_t out[SHA256_DIGEST_SIZE])
{
	struct hmac_sha256_ctx ctx;

	hmac_sha256_set_key(&ctx, key_len, key);
	hmac_sha256_update(&ctx, strlen(text), (const uint8_t *)text);
	hmac_sha256_digest(&ctx, SHA256_DIGEST_SIZE, out);
}

static const char *
sign(struct pool *pool, const struct sigv4_keys *keys, const char *day, const char *text)
{
	const char *start = pool_printf(pool, "AWS4%s", keys->secret);
	uint8_t key[SHA256_DIGEST_SIZE];

	hmac((const uint8_t *)start, strlen(start), day, key);
	hmac(key, sizeof(key), keys->region, key);
	hmac(key, sizeof(key), "s3", key);
	hmac(key, sizeof(key), "aws4_request", key);
	hmac(key, sizeof(key), text, key);
	return hex_encode(pool, key, sizeof(key));
}

/* Seconds since the epoch; -1: malformed. */
static int64_t
date_read(const char *date)
{
	struct tm tm = { 0 };
	const char *end = strptime(date, "%Y%m%dT%H%M%SZ", &tm);

	return end == NULL || *end != '\0' ? -1 : (int64_t)timegm(&tm);
}

static bool
in_time(const struct claim *claim, struct sigv4 *result)
{
	int64_t signed_s = date_read(claim->date), now_s = now_ms() / 1000;

	if (signed_s == -1)
		return refuse(result, 403, "AccessDenied", "X-Amz-Date is malformed");
	if (claim->expires_s == -1 && llabs(now_s - signed_s) > SKEW_S)
		return refuse(result, 403, "RequestTimeTooSkewed",
		    "The difference between the request time and the server's time is too large.");
	if (claim->expires_s == -1)
		return true;
	if (claim->expires_s < 1 || claim->expires_s > EXPIRES_MAX_S)
		return refuse(result, 400, "AuthorizationQueryParametersError",
		    "X-Amz-Expires must be between 1 and 604800 seconds");
	if (now_s < signed_s - SKEW_S || now_s >= signed_s + claim->expires_s)
		return refuse(result, 403, "AccessDenied", "Request has expired");
	return true;
}

/* Whose key, and for what. */
static bool
scope_fits(struct call *call, const struct claim *claim, const struct sigv4_keys *keys, struct sigv4 *result)
{
	const char *scope = strchr(claim->credential, '/');

	if (scope == NULL || strlen(keys->access) != (size_t)(scope - claim->credential) ||
	    strncmp(keys->access, claim->credential, strlen(keys->access)) != 0)
		return refuse(result, 403, "InvalidAccessKeyId",
		    "The Access Key Id you provided does not exist in our records.");
	if (strcmp(scope, pool_printf(&call->pool, "/%.8s/%s/s3/aws4_request", claim->date, keys->region)) != 0)
		return refuse(result, 400, "AuthorizationHeaderMalformed", pool_printf(&call->pool,
		    "The authorization header is malformed; the region is wrong; expecting '%s'.", keys->region));
	return true;
}

static bool
signature_fits(struct call *call, const struct claim *claim, const struct sigv4_keys *keys, struct sigv4 *result)
{
	const char *path = canonical_path(call), *query = canonical_query(call);
	const char *headers = canonical_headers(call, claim->signed_headers), *canonical, *text;

	if (path == NULL || query == NULL)
		return refuse(result, 400, "InvalidURI", "Couldn't parse the specified URI.");
	if (headers == NULL)
		return refuse(result, 403, "AccessDenied", "A header that was signed is not there");
	canonical = pool_printf(&call->pool, "%s\n%s\n%s\n%s\n%s\n%s", call->verb, path, query, headers,
	    claim->signed_headers, result->payload);
	text = pool_printf(&call->pool, ALGORITHM "\n%s\n%.8s/%s/s3/aws4_request\n%s", claim->date, claim->date,
	    keys->region, sha256_hex(&call->pool, canonical));
	if (strcmp(sign(&call->pool, keys, pool_strndup(&call->pool, claim->date, 8), text), claim->signature) != 0)
		return refuse(result, 403, "SignatureDoesNotMatch", "The request signature we calculated does not match "
		    "the signature you provided. Check your key and signing method.");
	return true;
}

bool
sigv4_check(struct call *call, const struct sigv4_keys *keys, struct sigv4 *result)
{
	const char *authorization = call_header(call, "Authorization");
	struct claim claim;

	memset(result, 0, sizeof(*result));
	if (authorization == NULL && form_get(&call->query, "X-Amz-Algorithm") == NULL) {
		result->anonymous = true;
		return true;
	}
	if (authorization != NULL && strncmp(authorization, ALGORITHM " ", strlen(ALGORITHM) + 1) != 0)
		return refuse(result, 400, "InvalidArgument", "Unsupported Authorization Type");
	claim_read(call, authorization, &claim);
	if (claim.credential == NULL || claim.signed_headers == NULL || claim.signature == NULL || claim.date == NULL ||
	    strlen(claim.date) < 8)
		return refuse(result, 403, "AccessDenied", "The signature is incomplete");
	result->payload = call_header(call, "x-amz-content-sha256");
	if (result->payload == NULL)
		result->payload = form_get(&call->query, "X-Amz-Content-Sha256");
	/* MinIO takes who is silent for one who sends nothing, unless the address was signed beforehand. */
	if (result->payload == NULL)
		result->payload = claim.expires_s == -1 ? sha256_hex(&call->pool, "") : "UNSIGNED-PAYLOAD";
	return scope_fits(call, &claim, keys, result) && in_time(&claim, result) &&
	    signature_fits(call, &claim, keys, result);
}
