/* SPDX-License-Identifier: MIT */
/* Buckets and objects of one storage instance.  What is in objects is in files. */
#ifndef SANDBOX_STORAGE_H
#define SANDBOX_STORAGE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "world.h"

struct object {
	struct object *next;
	char *key;
	char *path;		/* of the file, which is never changed, only replaced */
	uint64_t size;
	char *etag;		/* without quotes */
	char *type;
	cJSON *headers;		/* others that are given back with it: {"cache-control":"...","x-amz-meta-a":"..."} */
	int64_t modified_ms;
};

/* An object that comes in parts. */
struct upload {
	struct upload *next;
	char *id;
	struct object *whole;	/* key, type and headers of what it will be */
	struct object *parts;	/* by number, which is the key: "00001" */
};

struct bucket {
	struct bucket *next;
	char *name;
	int64_t created_ms;
	struct object *objects;	/* by key */
	struct upload *uploads;
	char *policy, *cors;	/* as they were put; NULL: none */
};

struct storage {
	struct bucket *buckets;	/* by name */
};

struct storage *storage_new(void);

/* With all files. */
void storage_free(struct storage *storage);

struct bucket *bucket_find(const struct storage *storage, const char *name);
struct bucket *bucket_add(struct storage *storage, const char *name);
void bucket_remove(struct storage *storage, struct bucket *bucket);

/* Whether everybody may read what begins with this key. */
bool bucket_is_public(const struct bucket *bucket, const char *key);

struct object *object_find(struct object *first, const char *key);

/*
 * Into a list, in place of what had its key.  path, headers (may be NULL):
 * consumed; the rest is copied.
 */
struct object *object_put(struct object **first, const char *key, char *path, uint64_t size, const char *etag,
    const char *type, cJSON *headers);

/* False: there was none. */
bool object_remove(struct object **first, const char *key);

struct upload *upload_find(const struct bucket *bucket, const char *id);

/* type, headers: of the object to be; headers is consumed. */
struct upload *upload_add(struct bucket *bucket, const char *id, const char *key, const char *type, cJSON *headers);
void upload_remove(struct bucket *bucket, struct upload *upload);

/*
 * The storage instance of a tenant that is at this URL and has these
 * credentials; NULL: there is none, and why says what is wrong.
 */
struct storage *storage_at(struct world *world, const char *tenant, const char *url, const char *access,
    const char *secret, const char **why);

#endif
