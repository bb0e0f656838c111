/* SPDX-License-Identifier: MIT */
#include "osc/s3.h"

#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "osc/answer.h"

#define WHO           "minio-minio"
#define SERVICE       "s3"
#define OWN_EXPIRES_S 300	/* of addresses that we use at once */
#define PATH_MAX_BYTES (8 * 1024)
#define FOLDER_PAGE   50	/* files looked up, and removed side by side */
#define FOLDER_PAGES  200

/*
 * Signing
 */

static void
hex(const unsigned char *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

/* "/bucket/key", each part encoded, slashes as they are. */
static const char *
object_path(struct arena *a, const char *bucket, const char *key)
{
	struct buf out;
	const char *path = NULL;

	buf_init(&out, PATH_MAX_BYTES);
	buf_char(&out, '/');
	text_percent_encode(&out, bucket);
	if (*key != '\0')
		buf_char(&out, '/');
	while (*key != '\0') {
		size_t n = strcspn(key, "/");
		const char *part = arena_strndup(a, key, n);

		if (part == NULL)
			break;
		text_percent_encode(&out, part);
		key += n;
		if (*key == '/') {
			buf_char(&out, '/');
			key++;
		}
	}
	if (buf_ok(&out))
		path = arena_strdup(a, buf_cstr(&out));
	buf_free(&out);
	return path;
}

/* The key of a day, derived step by step from the password. */
static bool
signing_key(struct arena *a, const struct osc_s3 *s3, const char *date, unsigned char key[CRYPTO_HASH_LEN])
{
	const char *first = arena_concat(a, "AWS4", s3->password.reveal);
	const char *const parts[] = { OSC_S3_REGION, SERVICE, "aws4_request" };

	if (first == NULL)
		return false;
	crypto_hmac_sha256_any(first, strlen(first), date, strlen(date), key);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		crypto_hmac_sha256(key, parts[i], strlen(parts[i]), key);
	return true;
}

static const char *
sign(struct arena *a, const struct osc_s3 *s3, const char *canonical, const char *when, const char *scope)
{
	unsigned char digest[CRYPTO_HASH_LEN], key[CRYPTO_HASH_LEN];
	char request_hash[2 * CRYPTO_HASH_LEN + 1], *signature = arena_alloc(a, 2 * CRYPTO_HASH_LEN + 1);
	const char *date = arena_strndup(a, when, 8), *text;

	crypto_sha256(canonical, strlen(canonical), digest);
	hex(digest, sizeof(digest), request_hash);
	text = arena_concat(a, "AWS4-HMAC-SHA256\n", when, "\n", scope, "\n", request_hash);
	if (signature == NULL || date == NULL || text == NULL || !signing_key(a, s3, date, key))
		return NULL;
	crypto_hmac_sha256(key, text, strlen(text), digest);
	crypto_wipe(key, sizeof(key));
	hex(digest, sizeof(digest), signature);
	return signature;
}

const char *
osc_s3_presign(struct arena *a, const struct osc_s3 *s3, const char *method, const char *bucket, const char *key,
    const char *query, int64_t now_s, int expires_s)
{
	const char *host = strstr(s3->endpoint, "://"), *path = object_path(a, bucket, key);
	const char *scope, *credential, *parameters, *canonical, *signature;
	time_t t = (time_t)now_s;
	char when[sizeof("20130524T000000Z")];
	struct tm tm;

	if (host == NULL || path == NULL || gmtime_r(&t, &tm) == NULL
	    || strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &tm) == 0)
		return NULL;
	host += strlen("://");
	scope = arena_printf(a, "%.8s/" OSC_S3_REGION "/" SERVICE "/aws4_request", when);
	credential = arena_concat(a, s3->user, "/", scope);
	credential = credential == NULL ? NULL : text_percent_encoded(a, credential);
	if (credential == NULL)
		return NULL;
	parameters = arena_printf(a, "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%s&X-Amz-Date=%s&X-Amz-Expires=%d"
	    "&X-Amz-SignedHeaders=host%s%s", credential, when, expires_s, query != NULL ? "&" : "",
	    query != NULL ? query : "");
	canonical = arena_concat(a, method, "\n", path, "\n", parameters, "\nhost:", host, "\n\nhost\nUNSIGNED-PAYLOAD");
	signature = canonical == NULL ? NULL : sign(a, s3, canonical, when, scope);
	return arena_concat(a, s3->endpoint, path, "?", parameters, "&X-Amz-Signature=", signature);
}

/*
 * Calls of our own
 */

struct request {
	const char *method, *bucket, *key, *query, *content_type, *body;
};

static bool
prepare(struct osc_client *o, const struct osc_s3 *s3, const struct request *r, struct http_request *rq)
{
	*rq = (struct http_request){ .method = r->method, .reach = HTTP_REACH_SERVICE, .accept = "*/*",
		.content_type = r->content_type, .body = r->body, .body_len = r->body != NULL ? strlen(r->body) : 0,
		.replayable = true };
	rq->url = osc_s3_presign(o->call->arena, s3, r->method, r->bucket, r->key, r->query, clock_now_s(o->clock),
	    OWN_EXPIRES_S);
	return rq->url != NULL;
}

/* What it says is XML: a refusal is told by its status, whoever the ingress is by HTML. */
static enum err
judge(struct osc_client *o, const struct http_request *rq, int *status)
{
	if (rq->result == ERR_UPSTREAM_TIMEOUT)
		return osc_answer_fail(o->call, WHO, OSC_TIMEOUT, 0, "");
	if (rq->result == ERR_REFUSED)
		return osc_answer_fail(o->call, WHO, OSC_NOT_SENT, 0, "");
	if (rq->result != ERR_OK)
		return osc_answer_fail(o->call, WHO, OSC_TRANSIENT, 0, "");
	if (strstr(rq->answer_type, "html") != NULL)
		return osc_answer_fail(o->call, WHO, OSC_NOT_READY, rq->status, "");
	*status = rq->status;
	return ERR_OK;
}

/* answer: NULL, or what was said. */
static enum err
ask_for(struct osc_client *o, const struct osc_s3 *s3, const struct request *r, int *status, const char **answer)
{
	struct http_request rq;
	enum err e;

	*status = 0;
	if (!prepare(o, s3, r, &rq))
		return ERR_NOMEM;
	e = http_perform(o->http, o->call, &rq, 1, o->tick, o->tick_ctx);
	if (e == ERR_OK && answer != NULL)
		*answer = rq.answer;
	return e == ERR_OK ? judge(o, &rq, status) : e;
}

static enum err
ask(struct osc_client *o, const struct osc_s3 *s3, const struct request *r, int *status)
{
	return ask_for(o, s3, r, status, NULL);
}

static enum err
refused(struct osc_client *o, int status, const char *what)
{
	if (status >= 500)
		return osc_answer_fail(o->call, WHO, OSC_TRANSIENT, status, what);
	return osc_answer_fail(o->call, WHO, OSC_REFUSED, status, what);
}

enum err
osc_s3_ready(struct osc_client *o, const struct osc_s3 *s3)
{
	const struct request r = { .method = "HEAD", .bucket = "input", .key = "" };
	int status;
	enum err e = ask(o, s3, &r, &status);

	if (e != ERR_OK || status == 200 || status == 404)
		return e;
	return refused(o, status, "the storage does not accept its password");
}

enum err
osc_s3_bucket_make(struct osc_client *o, const struct osc_s3 *s3, const char *bucket)
{
	struct request r = { .method = "HEAD", .bucket = bucket, .key = "" };
	int status;
	enum err e = ask(o, s3, &r, &status);

	if (e != ERR_OK || status == 200)
		return e;
	if (status != 404)
		return refused(o, status, "the bucket cannot be looked at");
	r.method = "PUT";
	e = ask(o, s3, &r, &status);
	/* 409: made by somebody else at the same time. */
	if (e != ERR_OK || (status >= 200 && status < 300) || status == 409)
		return e;
	return refused(o, status, "the bucket cannot be made");
}

static struct json *
read_policy(struct arena *a, const char *bucket)
{
	struct json *policy = json_object(a), *statement = json_object(a), *list = json_array(a);
	struct json *principal = json_object(a), *anybody = json_array(a), *actions = json_array(a), *resources = json_array(a);

	json_append_string(anybody, "*");
	json_set(principal, "AWS", anybody);
	json_append_string(actions, "s3:GetObject");
	json_append_string(resources, arena_concat(a, "arn:aws:s3:::", bucket, "/*"));
	json_set_string(statement, "Effect", "Allow");
	json_set(statement, "Principal", principal);
	json_set(statement, "Action", actions);
	json_set(statement, "Resource", resources);
	json_append(list, statement);
	json_set_string(policy, "Version", "2012-10-17");
	json_set(policy, "Statement", list);
	return policy;
}

enum err
osc_s3_bucket_readers(struct osc_client *o, const struct osc_s3 *s3, const char *bucket, enum osc_s3_readers readers)
{
	struct request r = { .method = "DELETE", .bucket = bucket, .key = "", .query = "policy=" };
	int status;
	enum err e;

	if (readers == OSC_S3_PUBLIC) {
		r.method = "PUT";
		r.content_type = "application/json";
		r.body = json_print(o->call->arena, read_policy(o->call->arena, bucket), NULL);
		if (r.body == NULL)
			return ERR_NOMEM;
	}
	e = ask(o, s3, &r, &status);
	if (e != ERR_OK || (status >= 200 && status < 300) || (readers == OSC_S3_PRIVATE && status == 404))
		return e;
	return refused(o, status, "who may read the bucket cannot be set");
}

enum err
osc_s3_bucket_cors(struct osc_client *o, const struct osc_s3 *s3, const char *bucket)
{
	static const char any_site[] = "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>"
	    "<AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedMethod>HEAD</AllowedMethod>"
	    "<AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>";
	const struct request r = { .method = "PUT", .bucket = bucket, .key = "", .query = "cors=",
		.content_type = "application/xml", .body = any_site };
	int status;

	return ask(o, s3, &r, &status);
}

enum err
osc_s3_object_remove(struct osc_client *o, const struct osc_s3 *s3, const char *bucket, const char *key)
{
	const struct request r = { .method = "DELETE", .bucket = bucket, .key = key };
	int status;
	enum err e = ask(o, s3, &r, &status);

	if (e != ERR_OK || (status >= 200 && status < 300) || status == 404)
		return e;
	return refused(o, status, "a file cannot be removed");
}

/* The next "<Key>...</Key>", decoded; *at moves behind it.  NULL: there is none. */
static const char *
next_key(struct arena *a, const char **at)
{
	const char *begin = strstr(*at, "<Key>"), *end = begin == NULL ? NULL : strstr(begin, "</Key>");

	if (end == NULL)
		return NULL;
	begin += strlen("<Key>");
	*at = end;
	return text_percent_decode(a, begin, (size_t)(end - begin), true);
}

/* Some of the files below a prefix, never others, whatever the storage says. */
static enum err
list_some(struct osc_client *o, const struct osc_s3 *s3, const char *bucket, const char *prefix,
    const char *keys[FOLDER_PAGE], size_t *n)
{
	struct arena *a = o->call->arena;
	const char *wanted = text_percent_encoded(a, prefix), *answer = "", *key;
	struct request r = { .method = "GET", .bucket = bucket, .key = "" };
	int status;
	enum err e;

	*n = 0;
	r.query = wanted == NULL ? NULL : arena_printf(a, "encoding-type=url&list-type=2&max-keys=%d&prefix=%s", FOLDER_PAGE,
	    wanted);
	if (r.query == NULL)
		return ERR_NOMEM;
	e = ask_for(o, s3, &r, &status, &answer);
	if (e != ERR_OK || status == 404)
		return e;
	if (status != 200)
		return refused(o, status, "files cannot be listed");
	while (*n < FOLDER_PAGE && (key = next_key(a, &answer)) != NULL)
		if (text_starts_with(key, prefix))
			keys[(*n)++] = key;
	return ERR_OK;
}

/* The same of each, side by side. */
static enum err
ask_of_each(struct osc_client *o, const struct osc_s3 *s3, const char *method, const char *bucket,
    const char *const *keys, size_t n, struct http_request *rqs)
{
	for (size_t i = 0; i < n; i++) {
		const struct request r = { .method = method, .bucket = bucket, .key = keys[i] };

		if (!prepare(o, s3, &r, &rqs[i]))
			return ERR_NOMEM;
	}
	return n > 0 ? http_perform(o->http, o->call, rqs, n, o->tick, o->tick_ctx) : ERR_OK;
}

static enum err
remove_some(struct osc_client *o, const struct osc_s3 *s3, const char *bucket, const char *const *keys, size_t n)
{
	struct http_request rqs[FOLDER_PAGE];
	int status;
	enum err e = ask_of_each(o, s3, "DELETE", bucket, keys, n, rqs);

	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		e = judge(o, &rqs[i], &status);
		if (e == ERR_OK && (status < 200 || status >= 300) && status != 404)
			e = refused(o, status, "a file cannot be removed");
	}
	return e;
}

enum err
osc_s3_folder_remove(struct osc_client *o, const struct osc_s3 *s3, const char *bucket, const char *prefix)
{
	const char *keys[FOLDER_PAGE];
	size_t n = 1;
	enum err e = ERR_OK;

	for (int page = 0; e == ERR_OK && n > 0 && page < FOLDER_PAGES; page++) {
		e = list_some(o, s3, bucket, prefix, keys, &n);
		if (e == ERR_OK && n > 0)
			e = remove_some(o, s3, bucket, keys, n);
	}
	return e;
}

enum err
osc_s3_objects_exist(struct osc_client *o, const struct osc_s3 *s3, const char *bucket, const char *const *keys, size_t n,
    bool *exists)
{
	struct http_request *rqs = arena_alloc(o->call->arena, (n + 1) * sizeof(*rqs));
	int status;
	enum err e = rqs == NULL ? ERR_NOMEM : ask_of_each(o, s3, "HEAD", bucket, keys, n, rqs);

	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		e = judge(o, &rqs[i], &status);
		if (e == ERR_OK && status != 200 && status != 404)
			e = refused(o, status, "a file cannot be looked at");
		exists[i] = e == ERR_OK && status == 200;
	}
	return e;
}
