/* SPDX-License-Identifier: MIT */
#include "storage.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct storage *
storage_new(void)
{
	return mem_new(sizeof(struct storage));
}

static void
object_free(struct object *object)
{
	if (object->path != NULL)
		unlink(object->path);
	cJSON_Delete(object->headers);
	free(object->key);
	free(object->path);
	free(object->etag);
	free(object->type);
	free(object);
}

static void
objects_free(struct object *object)
{
	struct object *next;

	for (; object != NULL; object = next) {
		next = object->next;
		object_free(object);
	}
}

struct object *
object_find(struct object *object, const char *key)
{
	while (object != NULL && strcmp(object->key, key) != 0)
		object = object->next;
	return object;
}

bool
object_remove(struct object **at, const char *key)
{
	struct object *object;

	while (*at != NULL && strcmp((*at)->key, key) != 0)
		at = &(*at)->next;
	object = *at;
	if (object == NULL)
		return false;
	*at = object->next;
	object_free(object);
	return true;
}

struct object *
object_put(struct object **at, const char *key, char *path, uint64_t size, const char *etag, const char *type,
    cJSON *headers)
{
	struct object *object = mem_new(sizeof(*object));

	object_remove(at, key);
	object->key = mem_strdup(key);
	object->path = path;
	object->size = size;
	object->etag = mem_strdup(etag);
	object->type = mem_strdup(type);
	object->headers = headers == NULL ? cJSON_CreateObject() : headers;
	object->modified_ms = now_ms();
	while (*at != NULL && strcmp((*at)->key, key) < 0)
		at = &(*at)->next;
	object->next = *at;
	*at = object;
	return object;
}

struct upload *
upload_find(const struct bucket *bucket, const char *id)
{
	struct upload *upload = bucket->uploads;

	while (upload != NULL && strcmp(upload->id, id) != 0)
		upload = upload->next;
	return upload;
}

struct upload *
upload_add(struct bucket *bucket, const char *id, const char *key, const char *type, cJSON *headers)
{
	struct upload *upload = mem_new(sizeof(*upload));

	upload->id = mem_strdup(id);
	object_put(&upload->whole, key, NULL, 0, "", type, headers);
	upload->next = bucket->uploads;
	bucket->uploads = upload;
	return upload;
}

void
upload_remove(struct bucket *bucket, struct upload *upload)
{
	struct upload **at = &bucket->uploads;

	while (*at != upload)
		at = &(*at)->next;
	*at = upload->next;
	objects_free(upload->whole);
	objects_free(upload->parts);
	free(upload->id);
	free(upload);
}

struct bucket *
bucket_find(const struct storage *storage, const char *name)
{
	struct bucket *bucket = storage->buckets;

	while (bucket != NULL && strcmp(bucket->name, name) != 0)
		bucket = bucket->next;
	return bucket;
}

struct bucket *
bucket_add(struct storage *storage, const char *name)
{
	struct bucket *bucket = mem_new(sizeof(*bucket)), **at = &storage->buckets;

	bucket->name = mem_strdup(name);
	bucket->created_ms = now_ms();
	while (*at != NULL && strcmp((*at)->name, name) < 0)
		at = &(*at)->next;
	bucket->next = *at;
	*at = bucket;
	return bucket;
}

void
bucket_remove(struct storage *storage, struct bucket *bucket)
{
	struct bucket **at = &storage->buckets;

	while (*at != bucket)
		at = &(*at)->next;
	*at = bucket->next;
	while (bucket->uploads != NULL)
		upload_remove(bucket, bucket->uploads);
	objects_free(bucket->objects);
	free(bucket->name);
	free(bucket->policy);
	free(bucket->cors);
	free(bucket);
}

void
storage_free(struct storage *storage)
{
	while (storage->buckets != NULL)
		bucket_remove(storage, storage->buckets);
	free(storage);
}

/* A string, or one of an array of strings. */
static bool
says(const cJSON *value, const char *wanted)
{
	const cJSON *item;

	if (cJSON_IsString(value))
		return strcmp(value->valuestring, wanted) == 0 || strcmp(value->valuestring, "*") == 0;
	cJSON_ArrayForEach(item, value)
		if (says(item, wanted))
			return true;
	return false;
}

/* A resource that ends in a star, or one of several. */
static bool
covers(const cJSON *value, const char *resource)
{
	const cJSON *item;
	size_t len;

	if (cJSON_IsString(value)) {
		len = strcspn(value->valuestring, "*");
		return strncmp(value->valuestring, resource, len) == 0 &&
		    (value->valuestring[len] == '*' || resource[len] == '\0');
	}
	cJSON_ArrayForEach(item, value)
		if (covers(item, resource))
			return true;
	return false;
}

bool
bucket_is_public(const struct bucket *bucket, const char *key)
{
	cJSON *policy = bucket->policy == NULL ? NULL : cJSON_Parse(bucket->policy);
	char *resource = mem_printf("arn:aws:s3:::%s/%s", bucket->name, key);
	const cJSON *statement, *principal;
	bool found = false;

	cJSON_ArrayForEach(statement, cJSON_GetObjectItemCaseSensitive(policy, "Statement")) {
		principal = cJSON_GetObjectItemCaseSensitive(statement, "Principal");
		if (cJSON_IsObject(principal))
			principal = cJSON_GetObjectItemCaseSensitive(principal, "AWS");
		found = found || (says(cJSON_GetObjectItemCaseSensitive(statement, "Effect"), "Allow") &&
		    says(principal, "*") && (says(cJSON_GetObjectItemCaseSensitive(statement, "Action"), "s3:GetObject") ||
		    says(cJSON_GetObjectItemCaseSensitive(statement, "Action"), "s3:*")) &&
		    covers(cJSON_GetObjectItemCaseSensitive(statement, "Resource"), resource));
	}
	free(resource);
	cJSON_Delete(policy);
	return found;
}
