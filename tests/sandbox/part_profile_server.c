/* SPDX-License-Identifier: MIT */
/* The profile server: an index of profiles and each of them, of a bucket or of its own. */
#include <stdio.h>
#include <string.h>

#include "encode.h"
#include "part.h"
#include "profile.h"
#include "storage.h"

#define INDEX "/profiles.yml"
#define YAML "application/yaml"
#define PROFILE_MAX 1048576

/* The bucket that its options name.  NULL: none. */
static struct bucket *
bucket_of(struct call *call, const struct instance *instance)
{
	const char *name = instance_value(instance, "s3Bucket"), *why;
	struct storage *storage;

	storage = storage_at(call->world, instance->tenant, instance_value(instance, "s3Endpoint"),
	    instance_value(instance, "s3AccessKey"), instance_value(instance, "s3SecretKey"), &why);
	return storage == NULL || name == NULL ? NULL : bucket_find(storage, name);
}

static const char *
prefix_of(struct call *call, const struct instance *instance)
{
	const char *prefix = instance_value(instance, "s3Prefix");
	size_t len = prefix == NULL ? 0 : strlen(prefix);

	return pool_printf(&call->pool, "%s%s", prefix == NULL ? "" : prefix,
	    len == 0 || prefix[len - 1] == '/' ? "" : "/");
}

static bool
ends_in(const char *name, const char *end)
{
	return strlen(name) > strlen(end) && strcmp(name + strlen(name) - strlen(end), end) == 0;
}

/* "name: name.yml" of each YAML file right below the prefix; "" where there is none. */
static const char *
index_of_bucket(struct call *call, const struct bucket *bucket, const char *prefix)
{
	const struct object *object;
	const char *name, *text = "";

	for (object = bucket->objects; object != NULL; object = object->next) {
		if (strncmp(object->key, prefix, strlen(prefix)) != 0)
			continue;
		name = object->key + strlen(prefix);
		if (strchr(name, '/') == NULL && (ends_in(name, ".yml") || ends_in(name, ".yaml")))
			text = pool_printf(&call->pool, "%s%.*s: %s\n", text, (int)strcspn(name, "."), name, name);
	}
	return text;
}

static const char *
index_of_presets(struct call *call)
{
	const struct profile_preset *preset;
	const char *text = "";

	for (preset = profile_presets; preset->name != NULL; preset++)
		text = pool_printf(&call->pool, "%s%s: %s.yml\n", text, preset->name, preset->name);
	return text;
}

/* What is in an object, in the pool.  NULL: there is none. */
static const char *
object_text(struct call *call, const struct bucket *bucket, const char *key)
{
	const struct object *object = object_find(bucket->objects, key);
	FILE *file = object == NULL || object->size > PROFILE_MAX ? NULL : fopen(object->path, "re");
	char *text;

	if (file == NULL)
		return NULL;
	text = pool_new(&call->pool, (size_t)object->size + 1);
	if (fread(text, 1, (size_t)object->size, file) != object->size)
		text = NULL;
	fclose(file);
	return text;
}

static const char *
text_of(struct call *call, const struct bucket *bucket, const char *prefix)
{
	const char *name = call->path + 1, *text = NULL;

	if (bucket != NULL)
		text = object_text(call, bucket, pool_printf(&call->pool, "%s%s", prefix, name));
	if (text != NULL)
		return text;
	if (strcmp(call->path, INDEX) == 0) {
		text = bucket == NULL ? "" : index_of_bucket(call, bucket, prefix);
		return *text == '\0' ? index_of_presets(call) : text;
	}
	return ends_in(name, ".yml") ? profile_preset(pool_strndup(&call->pool, name, strlen(name) - 4)) : NULL;
}

static void
answer(struct call *call, struct instance *instance)
{
	const char *text;

	if (strcmp(call->path, "/") == 0) {
		reply_text(call, 200, "text/plain; charset=utf-8", "Encore profile server\n");
		return;
	}
	text = text_of(call, bucket_of(call, instance), prefix_of(call, instance));
	if (text == NULL)
		reply_text(call, 404, "text/plain; charset=utf-8", "404 page not found\n");
	else
		reply_text(call, 200, YAML, text);
}

const struct part part_profile_server = { .service_id = "grusell-encore-profile-server", .answer = answer };
