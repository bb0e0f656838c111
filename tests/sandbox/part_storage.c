/* SPDX-License-Identifier: MIT */
/*
 * Storage: the S3 interface of a MinIO instance, path style.  Who asks must
 * have signed, except to read what a bucket's policy gives to everybody.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "encode.h"
#include "part.h"
#include "sigv4.h"
#include "storage.h"
#include "xml.h"

#define REGION "us-east-1"
#define NAMESPACE "http://s3.amazonaws.com/doc/2006-03-01/"
#define KEYS_MAX 1000

/* One request, as S3 sees it. */
struct ask {
	struct call *call;
	struct storage *storage;
	const char *bucket_name, *key;	/* NULL: none */
	struct bucket *bucket;		/* NULL: there is none of that name */
	const char *payload;		/* what was signed of the body */
};

/* --- answers ---------------------------------------------------------------------- */

static void
reply_error(struct ask *ask, int status, const char *code, const char *message)
{
	struct xml *xml = xml_begin();

	xml_open(xml, "Error", NULL);
	xml_text(xml, "Code", code);
	xml_text(xml, "Message", message);
	if (ask->key != NULL)
		xml_text(xml, "Key", ask->key);
	if (ask->bucket_name != NULL)
		xml_text(xml, "BucketName", ask->bucket_name);
	xml_text(xml, "Resource", ask->call->path);
	xml_text(xml, "RequestId", random_hex(&ask->call->pool, 8));
	xml_close(xml, "Error");
	reply_text(ask->call, status, "application/xml", xml_end(xml, &ask->call->pool));
}

static void
reply_xml(struct ask *ask, struct xml *xml)
{
	reply_text(ask->call, 200, "application/xml", xml_end(xml, &ask->call->pool));
}

static void
no_such_key(struct ask *ask)
{
	reply_error(ask, 404, "NoSuchKey", "The specified key does not exist.");
}

static const char *
query(const struct ask *ask, const char *name)
{
	return form_get(&ask->call->query, name);
}

static void
add_etag(struct ask *ask, const char *etag)
{
	call_add_header(ask->call, "ETag", pool_printf(&ask->call->pool, "\"%s\"", etag));
}

/* Sun, 06 Nov 1994 08:49:37 GMT */
static const char *
http_date(struct pool *pool, int64_t time_ms)
{
	time_t s = (time_t)(time_ms / 1000);
	char text[40];
	struct tm tm;

	gmtime_r(&s, &tm);
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	return pool_strdup(pool, text);
}

/* --- bodies -------------------------------------------------------------------------- */

/* The body as it is to be kept, its sums checked; sets etag.  NULL: refused, and answered. */
static struct spool *
body_take(struct ask *ask, char etag[2 * MD5_DIGEST_SIZE + 1])
{
	char sha256[2 * SHA256_DIGEST_SIZE + 1];
	struct spool *spool = ask->call->spool;
	bool framed = ask->payload != NULL && strncmp(ask->payload, "STREAMING-", 10) == 0;

	if (framed && strcmp(ask->payload, "STREAMING-UNSIGNED-PAYLOAD-TRAILER") != 0) {
		reply_error(ask, 501, "NotImplemented", "Signed chunks are not played here");
		return NULL;
	}
	if (framed) {
		spool = spool_unchunk(ask->call->spool, data_path(&ask->call->world->data, ".object"));
		if (spool == NULL) {
			reply_error(ask, 400, "IncompleteBody", "The chunks of the body do not fit together");
			return NULL;
		}
		spool_free(ask->call->spool);
		ask->call->spool = spool;
	}
	spool_finish(spool, etag, sha256);
	if (spool->failed)
		reply_error(ask, 507, "XMinioStorageFull", "Storage backend has reached its minimum free drive threshold.");
	else if (!framed && ask->payload != NULL && strcmp(ask->payload, "UNSIGNED-PAYLOAD") != 0 &&
	    strcmp(ask->payload, sha256) != 0)
		reply_error(ask, 400, "XAmzContentSHA256Mismatch",
		    "The provided 'x-amz-content-sha256' header does not match what was computed.");
	else
		return spool;
	return NULL;
}

/* A body that is text, NUL-terminated in the pool.  NULL: refused, and answered. */
static const char *
body_text(struct ask *ask)
{
	char etag[2 * MD5_DIGEST_SIZE + 1], *text;
	struct spool *spool = ask->call->spool;
	FILE *file;

	if (spool == NULL)
		return ask->call->body;
	spool = body_take(ask, etag);
	if (spool == NULL)
		return NULL;
	if (spool->size > CALL_BODY_MAX) {
		reply_error(ask, 400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size.");
		return NULL;
	}
	text = pool_new(&ask->call->pool, (size_t)spool->size + 1);
	file = fopen(spool->path, "re");
	if (file == NULL || fread(text, 1, (size_t)spool->size, file) != spool->size)
		text = NULL;
	if (file != NULL)
		fclose(file);
	if (text == NULL)
		reply_error(ask, 500, "InternalError", "We encountered an internal error, please try again.");
	return text;
}

/* --- buckets ------------------------------------------------------------------------- */

static void
buckets_list(struct ask *ask)
{
	struct xml *xml = xml_begin();
	const struct bucket *bucket;

	xml_open(xml, "ListAllMyBucketsResult", NAMESPACE);
	xml_open(xml, "Owner", NULL);
	xml_text(xml, "ID", "sandbox");
	xml_text(xml, "DisplayName", "sandbox");
	xml_close(xml, "Owner");
	xml_open(xml, "Buckets", NULL);
	for (bucket = ask->storage->buckets; bucket != NULL; bucket = bucket->next) {
		xml_open(xml, "Bucket", NULL);
		xml_text(xml, "Name", bucket->name);
		xml_text(xml, "CreationDate", iso_time(&ask->call->pool, bucket->created_ms));
		xml_close(xml, "Bucket");
	}
	xml_close(xml, "Buckets");
	xml_close(xml, "ListAllMyBucketsResult");
	reply_xml(ask, xml);
}

static bool
bucket_name_ok(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-");

	return len >= 3 && len <= 63 && name[len] == '\0' && name[0] != '.' && name[0] != '-';
}

static void
bucket_put(struct ask *ask)
{
	if (ask->bucket != NULL)
		reply_error(ask, 409, "BucketAlreadyOwnedByYou",
		    "Your previous request to create the named bucket succeeded and you already own it.");
	else if (!bucket_name_ok(ask->bucket_name))
		reply_error(ask, 400, "InvalidBucketName", "The specified bucket is not valid.");
	else {
		bucket_add(ask->storage, ask->bucket_name);
		reply_empty(ask->call, 200);
		call_add_header(ask->call, "Location", pool_printf(&ask->call->pool, "/%s", ask->bucket_name));
	}
}

static void
bucket_delete(struct ask *ask)
{
	if (ask->bucket->objects != NULL)
		reply_error(ask, 409, "BucketNotEmpty", "The bucket you tried to delete is not empty");
	else {
		bucket_remove(ask->storage, ask->bucket);
		reply_empty(ask->call, 204);
	}
}

/* The policy or the CORS rules of a bucket, kept as they come. */
static void
bucket_document(struct ask *ask, char **document, const char *type, const char *missing)
{
	const char *text;

	if (strcmp(ask->call->verb, "PUT") == 0) {
		text = body_text(ask);
		if (text == NULL)
			return;
		if (document == &ask->bucket->policy && !cJSON_IsObject(ask->call->json = cJSON_Parse(text))) {
			reply_error(ask, 400, "MalformedPolicy", "Policy has invalid resource.");
			return;
		}
		free(*document);
		*document = mem_strdup(text);
		reply_empty(ask->call, document == &ask->bucket->policy ? 204 : 200);
	} else if (strcmp(ask->call->verb, "DELETE") == 0) {
		free(*document);
		*document = NULL;
		reply_empty(ask->call, 204);
	} else if (*document == NULL)
		reply_error(ask, 404, missing, "There is none");
	else
		reply_text(ask->call, 200, type, *document);
}

static void
bucket_location(struct ask *ask)
{
	struct xml *xml = xml_begin();

	xml_open(xml, "LocationConstraint", NAMESPACE);
	xml_close(xml, "LocationConstraint");
	reply_xml(ask, xml);
}

/* --- lists --------------------------------------------------------------------------- */

struct listing {
	const char *prefix, *delimiter, *after;
	bool encoded;
	int max, count;
	const char *last;	/* key or common prefix that was listed */
	bool more;
};

static const char *
listed(struct ask *ask, const struct listing *listing, const char *key)
{
	return listing->encoded ? percent_encode(&ask->call->pool, key) : key;
}

static void
listing_read(struct ask *ask, struct listing *listing)
{
	const char *max = query(ask, "max-keys"), *token = query(ask, "continuation-token");
	const char *encoding = query(ask, "encoding-type");
	size_t len;

	memset(listing, 0, sizeof(*listing));
	listing->prefix = query(ask, "prefix") == NULL ? "" : query(ask, "prefix");
	listing->delimiter = query(ask, "delimiter") == NULL ? "" : query(ask, "delimiter");
	listing->after = query(ask, "start-after");
	if (listing->after == NULL)
		listing->after = query(ask, "marker");
	if (token != NULL)
		listing->after = base64_decode(&ask->call->pool, token, &len);
	if (listing->after == NULL)
		listing->after = "";
	listing->max = max == NULL ? KEYS_MAX : atoi(max);
	if (listing->max < 0 || listing->max > KEYS_MAX)
		listing->max = KEYS_MAX;
	listing->encoded = encoding != NULL && strcmp(encoding, "url") == 0;
}

/* "photos/" of "photos/a.jpg"; NULL: the key stands for itself. */
static const char *
common_prefix(struct ask *ask, const struct listing *listing, const char *key)
{
	size_t skip = strlen(listing->prefix);
	const char *at = *listing->delimiter == '\0' ? NULL : strstr(key + skip, listing->delimiter);

	return at == NULL ? NULL :
	    pool_strndup(&ask->call->pool, key, (size_t)(at - key) + strlen(listing->delimiter));
}

static void
list_object(struct ask *ask, struct xml *xml, const struct listing *listing, const struct object *object)
{
	xml_open(xml, "Contents", NULL);
	xml_text(xml, "Key", listed(ask, listing, object->key));
	xml_text(xml, "LastModified", iso_time(&ask->call->pool, object->modified_ms));
	xml_text(xml, "ETag", pool_printf(&ask->call->pool, "\"%s\"", object->etag));
	xml_text(xml, "Size", pool_printf(&ask->call->pool, "%llu", (unsigned long long)object->size));
	xml_text(xml, "StorageClass", "STANDARD");
	xml_close(xml, "Contents");
}

static void
list_entries(struct ask *ask, struct xml *xml, struct listing *listing)
{
	const struct object *object;
	const char *prefix;

	for (object = ask->bucket->objects; object != NULL; object = object->next) {
		if (strncmp(object->key, listing->prefix, strlen(listing->prefix)) != 0)
			continue;
		prefix = common_prefix(ask, listing, object->key);
		if (strcmp(prefix == NULL ? object->key : prefix, listing->after) <= 0 ||
		    (prefix != NULL && listing->last != NULL && strcmp(prefix, listing->last) == 0))
			continue;
		if (listing->count == listing->max) {
			listing->more = listing->max > 0;
			return;
		}
		listing->count++;
		listing->last = prefix == NULL ? object->key : prefix;
		if (prefix == NULL)
			list_object(ask, xml, listing, object);
		else {
			xml_open(xml, "CommonPrefixes", NULL);
			xml_text(xml, "Prefix", listed(ask, listing, prefix));
			xml_close(xml, "CommonPrefixes");
		}
	}
}

static void
objects_list(struct ask *ask)
{
	bool second = query(ask, "list-type") != NULL && strcmp(query(ask, "list-type"), "2") == 0;
	struct pool *pool = &ask->call->pool;
	struct xml *xml = xml_begin();
	struct listing listing;

	listing_read(ask, &listing);
	xml_open(xml, "ListBucketResult", NAMESPACE);
	xml_text(xml, "Name", ask->bucket->name);
	xml_text(xml, "Prefix", listed(ask, &listing, listing.prefix));
	if (*listing.delimiter != '\0')
		xml_text(xml, "Delimiter", listed(ask, &listing, listing.delimiter));
	if (listing.encoded)
		xml_text(xml, "EncodingType", "url");
	xml_text(xml, "MaxKeys", pool_printf(pool, "%d", listing.max));
	list_entries(ask, xml, &listing);
	if (second)
		xml_text(xml, "KeyCount", pool_printf(pool, "%d", listing.count));
	xml_text(xml, "IsTruncated", listing.more ? "true" : "false");
	if (listing.more && second)
		xml_text(xml, "NextContinuationToken", base64_encode(pool, listing.last, strlen(listing.last)));
	else if (listing.more)
		xml_text(xml, "NextMarker", listed(ask, &listing, listing.last));
	xml_close(xml, "ListBucketResult");
	reply_xml(ask, xml);
}

/* POST /{bucket}?delete */
static void
objects_delete(struct ask *ask)
{
	const char *at = body_text(ask), *key;
	struct xml *xml;

	if (at == NULL)
		return;
	xml = xml_begin();
	xml_open(xml, "DeleteResult", NAMESPACE);
	while ((key = xml_next(&at, "Key", &ask->call->pool)) != NULL) {
		object_remove(&ask->bucket->objects, key);
		xml_open(xml, "Deleted", NULL);
		xml_text(xml, "Key", key);
		xml_close(xml, "Deleted");
	}
	xml_close(xml, "DeleteResult");
	reply_xml(ask, xml);
}

/* --- objects ------------------------------------------------------------------------- */

/* What is kept with an object and given back. */
static cJSON *
headers_kept(struct ask *ask)
{
	static const char *const names[] = { "cache-control", "content-disposition", "content-encoding",
	    "content-language", "expires" };
	cJSON *headers = cJSON_CreateObject();
	const char *value;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = call_header(ask->call, names[i]);
		/* How a body travelled is no part of it. */
		if (value != NULL && strcmp(value, "aws-chunked") != 0)
			cJSON_AddStringToObject(headers, names[i], value);
	}
	call_headers_with(ask->call, "x-amz-meta-", headers);
	return headers;
}

static const char *
type_of(struct ask *ask)
{
	const char *type = call_header(ask->call, "Content-Type");

	return type == NULL ? "application/octet-stream" : type;
}

/* x-amz-copy-source: /bucket/key */
static void
object_copy(struct ask *ask, const char *source)
{
	const char *replace = call_header(ask->call, "x-amz-metadata-directive");
	bool anew = replace != NULL && strcasecmp(replace, "REPLACE") == 0;
	struct bucket *bucket;
	struct object *from, *to;
	struct spool *spool;
	struct xml *xml;
	size_t len;

	source = percent_decode(&ask->call->pool, source, strcspn(source, "?"), 0);
	source += source != NULL && *source == '/';
	len = source == NULL ? 0 : strcspn(source, "/");
	bucket = len == 0 ? NULL : bucket_find(ask->storage, pool_strndup(&ask->call->pool, source, len));
	from = bucket == NULL || source[len] == '\0' ? NULL : object_find(bucket->objects, source + len + 1);
	if (from == NULL) {
		no_such_key(ask);
		return;
	}
	spool = spool_copy(from->path, data_path(&ask->call->world->data, ".object"));
	to = object_put(&ask->bucket->objects, ask->key, mem_strdup(spool->path), from->size, from->etag,
	    anew ? type_of(ask) : from->type, anew ? headers_kept(ask) : cJSON_Duplicate(from->headers, 1));
	free(spool->path);
	spool->path = NULL;
	spool_free(spool);
	xml = xml_begin();
	xml_open(xml, "CopyObjectResult", NAMESPACE);
	xml_text(xml, "LastModified", iso_time(&ask->call->pool, to->modified_ms));
	xml_text(xml, "ETag", pool_printf(&ask->call->pool, "\"%s\"", to->etag));
	xml_close(xml, "CopyObjectResult");
	reply_xml(ask, xml);
}

static void
object_write(struct ask *ask)
{
	const char *source = call_header(ask->call, "x-amz-copy-source");
	char etag[2 * MD5_DIGEST_SIZE + 1];
	struct spool *spool;

	if (source != NULL) {
		object_copy(ask, source);
		return;
	}
	spool = body_take(ask, etag);
	if (spool == NULL)
		return;
	object_put(&ask->bucket->objects, ask->key, spool->path, spool->size, etag, type_of(ask), headers_kept(ask));
	spool->path = NULL;
	reply_empty(ask->call, 200);
	add_etag(ask, etag);
}

/* "bytes=0-99", "bytes=100-", "bytes=-50" of size bytes.  False: cannot be satisfied. */
static bool
range_read(const char *range, uint64_t size, uint64_t *first, uint64_t *last)
{
	char *end;

	*last = size - 1;
	if (size == 0)
		return false;
	if (range[6] == '-') {
		*first = strtoull(range + 7, &end, 10);
		*first = *first >= size ? 0 : size - *first;
		return end > range + 7 && *first < size;
	}
	*first = strtoull(range + 6, &end, 10);
	if (*end == '-' && end[1] != '\0') {
		*last = strtoull(end + 1, NULL, 10);
		if (*last >= size)
			*last = size - 1;
	}
	return *end == '-' && *first <= *last;
}

/* Headers of an object's answer, some of them replaced by the query. */
static const char *
object_headers(struct ask *ask, const struct object *object)
{
	static const char *const names[] = { "cache-control", "content-disposition", "content-encoding",
	    "content-language", "expires" };
	const char *type = query(ask, "response-content-type"), *value;
	const cJSON *header;
	size_t i;

	add_etag(ask, object->etag);
	call_add_header(ask->call, "Last-Modified", http_date(&ask->call->pool, object->modified_ms));
	call_add_header(ask->call, "Accept-Ranges", "bytes");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = query(ask, pool_printf(&ask->call->pool, "response-%s", names[i]));
		if (value == NULL)
			value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object->headers, names[i]));
		if (value != NULL)
			call_add_header(ask->call, names[i], value);
	}
	cJSON_ArrayForEach(header, object->headers)
		if (strncmp(header->string, "x-amz-meta-", 11) == 0)
			call_add_header(ask->call, header->string, header->valuestring);
	return type == NULL ? pool_strdup(&ask->call->pool, object->type) : type;
}

static bool
etag_matches(struct ask *ask, const char *header, const char *etag)
{
	const char *value = call_header(ask->call, header);

	return value != NULL && (strstr(value, etag) != NULL || strcmp(value, "*") == 0);
}

static void
object_read(struct ask *ask)
{
	const struct object *object = object_find(ask->bucket->objects, ask->key);
	const char *range = call_header(ask->call, "Range"), *type;
	uint64_t first = 0, last;
	int fd, status = 200;

	if (object == NULL) {
		no_such_key(ask);
		return;
	}
	if (etag_matches(ask, "If-None-Match", object->etag)) {
		reply_empty(ask->call, 304);
		add_etag(ask, object->etag);
		return;
	}
	if (call_header(ask->call, "If-Match") != NULL && !etag_matches(ask, "If-Match", object->etag)) {
		reply_error(ask, 412, "PreconditionFailed", "At least one of the pre-conditions did not hold");
		return;
	}
	last = object->size - 1;
	if (range != NULL && strncmp(range, "bytes=", 6) == 0 && strchr(range, ',') == NULL) {
		if (!range_read(range, object->size, &first, &last)) {
			reply_error(ask, 416, "InvalidRange", "The requested range is not satisfiable");
			return;
		}
		status = 206;
		call_add_header(ask->call, "Content-Range", pool_printf(&ask->call->pool, "bytes %llu-%llu/%llu",
		    (unsigned long long)first, (unsigned long long)last, (unsigned long long)object->size));
	}
	fd = open(object->path, O_RDONLY | O_CLOEXEC);
	if (fd == -1) {
		reply_error(ask, 500, "InternalError", "We encountered an internal error, please try again.");
		return;
	}
	type = object_headers(ask, object);
	reply_file(ask->call, status, type, fd, first, (size_t)(last + 1 - first));
}

static void
object_delete(struct ask *ask)
{
	object_remove(&ask->bucket->objects, ask->key);
	reply_empty(ask->call, 204);
}

/* --- objects in parts ------------------------------------------------------------------ */

static struct upload *
upload_named(struct ask *ask)
{
	struct upload *upload = upload_find(ask->bucket, query(ask, "uploadId"));

	if (upload == NULL || strcmp(upload->whole->key, ask->key) != 0) {
		reply_error(ask, 404, "NoSuchUpload", "The specified multipart upload does not exist.");
		return NULL;
	}
	return upload;
}

static void
upload_begin(struct ask *ask)
{
	const char *id = random_hex(&ask->call->pool, 16);
	struct xml *xml = xml_begin();

	upload_add(ask->bucket, id, ask->key, type_of(ask), headers_kept(ask));
	xml_open(xml, "InitiateMultipartUploadResult", NAMESPACE);
	xml_text(xml, "Bucket", ask->bucket_name);
	xml_text(xml, "Key", ask->key);
	xml_text(xml, "UploadId", id);
	xml_close(xml, "InitiateMultipartUploadResult");
	reply_xml(ask, xml);
}

static const char *
part_key(struct ask *ask, const char *number)
{
	return pool_printf(&ask->call->pool, "%05d", atoi(number));
}

static void
upload_part(struct ask *ask)
{
	const char *number = query(ask, "partNumber");
	struct upload *upload = upload_named(ask);
	char etag[2 * MD5_DIGEST_SIZE + 1];
	struct spool *spool;

	if (upload == NULL)
		return;
	if (number == NULL || atoi(number) < 1 || atoi(number) > 10000) {
		reply_error(ask, 400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
		return;
	}
	spool = body_take(ask, etag);
	if (spool == NULL)
		return;
	object_put(&upload->parts, part_key(ask, number), spool->path, spool->size, etag, "", NULL);
	spool->path = NULL;
	reply_empty(ask->call, 200);
	add_etag(ask, etag);
}

/* The parts that the body names, one after the other.  NULL: one is not as it says. */
static struct spool *
parts_join(struct ask *ask, const struct upload *upload, const char *body, int *count, struct md5_ctx *sums)
{
	struct spool *whole = spool_new(data_path(&ask->call->world->data, ".object"));
	const char *part, *number, *etag, *at;
	const struct object *piece;
	uint8_t digest[MD5_DIGEST_SIZE];

	while ((part = xml_next(&body, "Part", &ask->call->pool)) != NULL) {
		at = part;
		number = xml_next(&at, "PartNumber", &ask->call->pool);
		at = part;
		etag = xml_next(&at, "ETag", &ask->call->pool);
		piece = number == NULL ? NULL : object_find(upload->parts, part_key(ask, number));
		if (piece == NULL || etag == NULL || strstr(etag, piece->etag) == NULL) {
			spool_free(whole);
			return NULL;
		}
		spool_append_file(whole, piece->path);
		hex_decode(piece->etag, digest, sizeof(digest));
		md5_update(sums, sizeof(digest), digest);
		(*count)++;
	}
	return whole;
}

static void
upload_complete(struct ask *ask)
{
	struct upload *upload = upload_named(ask);
	uint8_t digest[MD5_DIGEST_SIZE];
	struct md5_ctx sums;
	struct spool *whole;
	const char *etag;
	struct xml *xml;
	int count = 0;

	if (upload == NULL)
		return;
	md5_init(&sums);
	whole = parts_join(ask, upload, ask->call->body, &count, &sums);
	if (whole == NULL || count == 0) {
		spool_free(whole);
		reply_error(ask, 400, "InvalidPart", "One or more of the specified parts could not be found.");
		return;
	}
	md5_digest(&sums, sizeof(digest), digest);
	etag = pool_printf(&ask->call->pool, "%s-%d", hex_encode(&ask->call->pool, digest, sizeof(digest)), count);
	object_put(&ask->bucket->objects, ask->key, whole->path, whole->size, etag, upload->whole->type,
	    cJSON_Duplicate(upload->whole->headers, 1));
	whole->path = NULL;
	spool_free(whole);
	upload_remove(ask->bucket, upload);
	xml = xml_begin();
	xml_open(xml, "CompleteMultipartUploadResult", NAMESPACE);
	xml_text(xml, "Location", ask->call->path);
	xml_text(xml, "Bucket", ask->bucket_name);
	xml_text(xml, "Key", ask->key);
	xml_text(xml, "ETag", pool_printf(&ask->call->pool, "\"%s\"", etag));
	xml_close(xml, "CompleteMultipartUploadResult");
	reply_xml(ask, xml);
}

static void
upload_abort(struct ask *ask)
{
	struct upload *upload = upload_named(ask);

	if (upload == NULL)
		return;
	upload_remove(ask->bucket, upload);
	reply_empty(ask->call, 204);
}

static void
upload_list(struct ask *ask)
{
	struct upload *upload = upload_named(ask);
	const struct object *part;
	struct xml *xml;

	if (upload == NULL)
		return;
	xml = xml_begin();
	xml_open(xml, "ListPartsResult", NAMESPACE);
	xml_text(xml, "Bucket", ask->bucket_name);
	xml_text(xml, "Key", ask->key);
	xml_text(xml, "UploadId", upload->id);
	xml_text(xml, "IsTruncated", "false");
	for (part = upload->parts; part != NULL; part = part->next) {
		xml_open(xml, "Part", NULL);
		xml_text(xml, "PartNumber", pool_printf(&ask->call->pool, "%d", atoi(part->key)));
		xml_text(xml, "LastModified", iso_time(&ask->call->pool, part->modified_ms));
		xml_text(xml, "ETag", pool_printf(&ask->call->pool, "\"%s\"", part->etag));
		xml_text(xml, "Size", pool_printf(&ask->call->pool, "%llu", (unsigned long long)part->size));
		xml_close(xml, "Part");
	}
	xml_close(xml, "ListPartsResult");
	reply_xml(ask, xml);
}

/* --- who asks what ----------------------------------------------------------------------- */

static const struct {
	const char *method, *mark;	/* a query parameter that must be there; NULL: none need */
	void (*run)(struct ask *ask);
} object_verbs[] = {
	{ "PUT", "uploadId", upload_part },
	{ "PUT", NULL, object_write },
	{ "GET", "uploadId", upload_list },
	{ "GET", NULL, object_read },
	{ "POST", "uploads", upload_begin },
	{ "POST", "uploadId", upload_complete },
	{ "DELETE", "uploadId", upload_abort },
	{ "DELETE", NULL, object_delete },
}, bucket_verbs[] = {
	{ "GET", "location", bucket_location },
	{ "GET", NULL, objects_list },
	{ "POST", "delete", objects_delete },
	{ "DELETE", NULL, bucket_delete },
};

static void
not_implemented(struct ask *ask)
{
	reply_error(ask, 501, "NotImplemented", "A header or query you provided implies functionality that is not implemented");
}

static void
object_run(struct ask *ask)
{
	size_t i;

	for (i = 0; i < sizeof(object_verbs) / sizeof(object_verbs[0]); i++)
		if (strcmp(object_verbs[i].method, ask->call->method) == 0 &&
		    (object_verbs[i].mark == NULL || query(ask, object_verbs[i].mark) != NULL)) {
			object_verbs[i].run(ask);
			return;
		}
	not_implemented(ask);
}

static void
bucket_run(struct ask *ask)
{
	size_t i;

	if (query(ask, "policy") != NULL) {
		bucket_document(ask, &ask->bucket->policy, "application/json", "NoSuchBucketPolicy");
		return;
	}
	if (query(ask, "cors") != NULL) {
		if (ask->call->world->settings.bucket_cors)
			bucket_document(ask, &ask->bucket->cors, "application/xml", "NoSuchCORSConfiguration");
		else
			not_implemented(ask);
		return;
	}
	if (strcmp(ask->call->verb, "HEAD") == 0) {
		reply_empty(ask->call, 200);
		return;
	}
	for (i = 0; i < sizeof(bucket_verbs) / sizeof(bucket_verbs[0]); i++)
		if (strcmp(bucket_verbs[i].method, ask->call->method) == 0 &&
		    (bucket_verbs[i].mark == NULL || query(ask, bucket_verbs[i].mark) != NULL)) {
			bucket_verbs[i].run(ask);
			return;
		}
	not_implemented(ask);
}

/* "/bucket/key/with/slashes", decoded.  False: refused, and answered. */
static bool
target_read(struct ask *ask)
{
	const char *path = ask->call->path + 1, *slash = strchr(path, '/');
	size_t len = slash == NULL ? strlen(path) : (size_t)(slash - path);

	if (len > 0)
		ask->bucket_name = percent_decode(&ask->call->pool, path, len, 0);
	if (slash != NULL && slash[1] != '\0')
		ask->key = percent_decode(&ask->call->pool, slash + 1, strlen(slash + 1), 0);
	if ((len > 0 && ask->bucket_name == NULL) || (slash != NULL && slash[1] != '\0' && ask->key == NULL)) {
		reply_error(ask, 400, "InvalidURI", "Couldn't parse the specified URI.");
		return false;
	}
	if (ask->bucket_name != NULL)
		ask->bucket = bucket_find(ask->storage, ask->bucket_name);
	return true;
}

static bool
may(struct ask *ask, const struct instance *instance)
{
	const char *user = instance_value(instance, "RootUser"), *password = instance_value(instance, "RootPassword");
	struct sigv4_keys keys = { user == NULL ? "minioadmin" : user, password == NULL ? "minioadmin" : password,
	    REGION };
	struct sigv4 result;

	if (!sigv4_check(ask->call, &keys, &result)) {
		reply_error(ask, result.status, result.code, result.message);
		return false;
	}
	ask->payload = result.payload;
	if (!result.anonymous)
		return true;
	if (strcmp(ask->call->method, "GET") == 0 && ask->key != NULL && ask->bucket != NULL &&
	    query(ask, "uploadId") == NULL && bucket_is_public(ask->bucket, ask->key))
		return true;
	reply_error(ask, 403, "AccessDenied", "Access Denied.");
	return false;
}

/* Every page may use what is signed or public: so MinIO answers, unless told otherwise. */
static void
add_cors(struct call *call)
{
	const char *origin = call_header(call, "Origin"), *headers;

	if (origin == NULL)
		return;
	call_add_header(call, "Access-Control-Allow-Origin", origin);
	call_add_header(call, "Vary", "Origin");
	call_add_header(call, "Access-Control-Expose-Headers",
	    "Date, ETag, Server, Connection, Accept-Ranges, Content-Range, Content-Encoding, Content-Length, "
	    "Content-Type, Content-Disposition, Last-Modified, X-Amz-*");
	if (strcmp(call->verb, "OPTIONS") != 0)
		return;
	headers = call_header(call, "Access-Control-Request-Headers");
	if (headers != NULL)
		call_add_header(call, "Access-Control-Allow-Headers", headers);
	call_add_header(call, "Access-Control-Allow-Methods", "GET, PUT, HEAD, POST, DELETE, OPTIONS, PATCH");
}

static void
answer(struct call *call, struct instance *instance)
{
	struct ask ask = { .call = call, .storage = instance->state };

	add_cors(call);
	if (strcmp(call->verb, "OPTIONS") == 0) {
		reply_empty(call, 204);
		return;
	}
	if (strncmp(call->path, "/minio/health/", 14) == 0) {
		reply_empty(call, 200);
		return;
	}
	if (!target_read(&ask) || !may(&ask, instance))
		return;
	call->tenant = pool_strdup(&call->pool, instance->tenant);
	if (ask.bucket_name == NULL)
		buckets_list(&ask);
	else if (ask.key == NULL && strcmp(call->verb, "PUT") == 0 && query(&ask, "policy") == NULL &&
	    query(&ask, "cors") == NULL)
		bucket_put(&ask);
	else if (ask.bucket == NULL)
		reply_error(&ask, 404, "NoSuchBucket", "The specified bucket does not exist");
	else if (ask.key == NULL)
		bucket_run(&ask);
	else
		object_run(&ask);
}

static void
start(struct world *world, struct instance *instance)
{
	(void)world;
	if (instance->state == NULL)
		instance->state = storage_new();
}

static void
forget(struct world *world, struct instance *instance)
{
	(void)world;
	if (instance->state != NULL)
		storage_free(instance->state);
}

struct storage *
storage_at(struct world *world, const char *tenant_name, const char *url, const char *access, const char *secret,
    const char **why)
{
	struct tenant *tenant = tenant_get(world, tenant_name);
	const struct instance *instance;
	const char *user, *password;
	size_t len = url == NULL ? 0 : strlen(url);

	while (len > 0 && url[len - 1] == '/')
		len--;
	*why = "no storage at the S3 endpoint";
	for (instance = tenant->instances; instance != NULL; instance = instance->next) {
		if (part_find(instance->service) != &part_storage || instance->suspended || len == 0 ||
		    strlen(instance->origin->url) != len || strncmp(instance->origin->url, url, len) != 0)
			continue;
		user = instance_value(instance, "RootUser");
		password = instance_value(instance, "RootPassword");
		*why = "the storage refuses the access key";
		if (access != NULL && secret != NULL && strcmp(access, user == NULL ? "minioadmin" : user) == 0 &&
		    strcmp(secret, password == NULL ? "minioadmin" : password) == 0)
			return instance->state;
	}
	return NULL;
}

const struct part part_storage = { .service_id = "minio-minio", .start = start, .forget = forget, .answer = answer };
