/* SPDX-License-Identifier: MIT */
/*
 * The packager: takes jobs from the queue, asks Encore what they made, and has
 * ffmpeg make HLS and DASH of it, into the output folder.  Without ffmpeg it takes nothing.
 */
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "fetch.h"
#include "part.h"
#include "process.h"
#include "redis.h"
#include "storage.h"

#define RETRY_MS 200
#define INPUTS_MAX 16
#define ARGS_MAX (16 + 6 * INPUTS_MAX)

/* Owned by its thread while that runs. */
struct packager {
	struct world *world;
	char *tenant, *token_url;
	char *redis_url, *queue, *folder, *pat, *access, *secret, *endpoint, *callback;	/* as at the start; NULL: not set */
	struct redis *redis;	/* while it waits for a job */
	pid_t pid;
	bool ended;		/* killed: what it has in hand is lost */
};

/* One job; the pool is its. */
struct parcel {
	struct packager *packager;
	struct pool pool;
	const char *id, *url;
	cJSON *job;
	char *directory;
	const char *inputs[INPUTS_MAX];
	int input_count, with_audio;	/* the number of the first that has sound; -1: none has */
};

static void
unlock(struct packager *packager)
{
	pthread_mutex_unlock(&packager->world->mutex);
}

static void
lock(struct packager *packager)
{
	pthread_mutex_lock(&packager->world->mutex);
}

static const char *
text_of(const cJSON *object, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* --- what there is to package ------------------------------------------------------------ */

/* A token for Encore, for the personal access token.  NULL: it is refused. */
static const char *
token_mint(struct parcel *parcel)
{
	struct packager *packager = parcel->packager;
	const struct fetch request = { .json = "{\"serviceId\":\"encore\"}",
		.url = pool_printf(&parcel->pool, "%s/servicetoken", packager->token_url),
		.header = pool_printf(&parcel->pool, "x-pat-jwt: Bearer %s", packager->pat == NULL ? "" : packager->pat) };
	const char *body, *token;
	cJSON *reply;

	if (fetch(&request, &parcel->pool, &body) != 200)
		return NULL;
	reply = cJSON_Parse(body);
	token = pool_strdup(&parcel->pool, text_of(reply, "token"));
	cJSON_Delete(reply);
	return token;
}

/* NULL, or why not.  Without the mutex. */
static const char *
job_fetch(struct parcel *parcel)
{
	const char *token = token_mint(parcel), *body, *status;
	struct fetch request = { .url = parcel->url };

	if (token == NULL)
		return "the personal access token is refused";
	request.header = pool_printf(&parcel->pool, "x-jwt: Bearer %s", token);
	if (fetch(&request, &parcel->pool, &body) != 200)
		return "Encore does not tell about the job";
	parcel->job = cJSON_Parse(body);
	status = text_of(parcel->job, "status");
	return status != NULL && strcmp(status, "SUCCESSFUL") == 0 ? NULL : "the job is not SUCCESSFUL";
}

static struct storage *
storage(const struct packager *packager, const char **why)
{
	return storage_at(packager->world, packager->tenant, packager->endpoint, packager->access, packager->secret, why);
}

/* "s3://bucket/key" taken apart.  NULL: why not. */
static struct bucket *
bucket_of(struct parcel *parcel, const char *uri, const char **key, const char **why)
{
	struct storage *found = storage(parcel->packager, why);
	struct bucket *bucket = NULL;
	size_t len;

	if (found == NULL)
		return NULL;
	*why = "no such bucket";
	if (uri != NULL && strncmp(uri, "s3://", 5) == 0) {
		len = strcspn(uri + 5, "/");
		bucket = bucket_find(found, pool_strndup(&parcel->pool, uri + 5, len));
		*key = uri + 5 + len + (uri[5 + len] == '/');
	}
	return bucket;
}

/* The videos that Encore made.  NULL, or why there are none.  With the mutex. */
static const char *
inputs_find(struct parcel *parcel)
{
	const struct object *object;
	const struct bucket *bucket;
	const char *key, *why = NULL, *type;
	const cJSON *output;

	parcel->with_audio = -1;
	cJSON_ArrayForEach(output, cJSON_GetObjectItemCaseSensitive(parcel->job, "output")) {
		type = text_of(output, "type");
		if (type == NULL || strcmp(type, "VideoFile") != 0 || parcel->input_count == INPUTS_MAX)
			continue;
		bucket = bucket_of(parcel, text_of(output, "file"), &key, &why);
		if (bucket == NULL)
			return why;
		object = object_find(bucket->objects, key);
		if (object == NULL)
			return "an output of the job is not there";
		if (parcel->with_audio == -1 && cJSON_GetObjectItemCaseSensitive(output, "audioStreams") != NULL)
			parcel->with_audio = parcel->input_count;
		parcel->inputs[parcel->input_count++] = pool_strdup(&parcel->pool, object->path);
	}
	return parcel->input_count > 0 ? NULL : "the job made no video";
}

/* --- packaging ---------------------------------------------------------------------------- */

static void
arguments(struct parcel *parcel, const char *list[ARGS_MAX])
{
	int i, n = 0;

	list[n++] = "ffmpeg";
	list[n++] = "-nostdin";
	list[n++] = "-loglevel";
	list[n++] = "error";
	for (i = 0; i < parcel->input_count; i++) {
		list[n++] = "-i";
		list[n++] = parcel->inputs[i];
	}
	for (i = 0; i < parcel->input_count; i++) {
		list[n++] = "-map";
		list[n++] = pool_printf(&parcel->pool, "%d:v:0", i);
	}
	if (parcel->with_audio >= 0) {
		list[n++] = "-map";
		list[n++] = pool_printf(&parcel->pool, "%d:a:0", parcel->with_audio);
	}
	list[n++] = "-c";
	list[n++] = "copy";
	list[n++] = "-f";
	list[n++] = "dash";
	list[n++] = "-hls_playlist";
	list[n++] = "1";
	list[n++] = "-hls_master_name";
	list[n++] = "index.m3u8";
	list[n++] = pool_printf(&parcel->pool, "%s/manifest.mpd", parcel->directory);
	list[n] = NULL;
}

/* As long as is set, which may change meanwhile. */
static void
linger(struct packager *packager)
{
	struct world *world = packager->world;
	int64_t began_ms = now_ms(), left_ms;

	while (!packager->ended && (left_ms = began_ms + (int64_t)world->settings.package_delay_ms - now_ms()) > 0)
		world_wait(world, left_ms);
}

/* NULL, or why not.  Gives the mutex up meanwhile. */
static const char *
package(struct parcel *parcel)
{
	struct packager *packager = parcel->packager;
	const char *list[ARGS_MAX];
	struct process process;
	int status;

	parcel->directory = data_directory(&packager->world->data);
	arguments(parcel, list);
	if (!process_start(&process, (char *const *)(uintptr_t)list, NULL, NULL))
		return "ffmpeg cannot be started";
	packager->pid = process.pid;
	unlock(packager);
	status = process_wait(&process);
	lock(packager);
	packager->pid = 0;
	linger(packager);
	return status == 0 ? NULL : "ffmpeg failed";
}

static const char *
media_type(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot == NULL ? "application/octet-stream" : strcmp(dot, ".m3u8") == 0 ? "application/vnd.apple.mpegurl" :
	    strcmp(dot, ".mpd") == 0 ? "application/dash+xml" : "video/mp4";
}

static void
keep(struct parcel *parcel, struct bucket *bucket, const char *prefix, const char *name)
{
	char md5[2 * MD5_DIGEST_SIZE + 1], sha256[2 * SHA256_DIGEST_SIZE + 1];
	struct spool *spool = spool_copy(pool_printf(&parcel->pool, "%s/%s", parcel->directory, name),
	    data_path(&parcel->packager->world->data, ".object"));

	spool_finish(spool, md5, sha256);
	object_put(&bucket->objects, pool_printf(&parcel->pool, "%s%s", prefix, name), spool->path, spool->size, md5,
	    media_type(name), NULL);
	spool->path = NULL;
	spool_free(spool);
}

/* "{folder}{name of the input without its ending}/{job}/" */
static const char *
output_path(struct parcel *parcel)
{
	const cJSON *input = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(parcel->job, "inputs"), 0);
	const char *uri = text_of(input, "uri"), *name = uri == NULL ? "" : uri, *dot;
	size_t len = strcspn(name, "?#");

	name = pool_strndup(&parcel->pool, name, len);
	name = strrchr(name, '/') == NULL ? name : strrchr(name, '/') + 1;
	dot = strrchr(name, '.');
	len = dot == NULL || dot == name ? strlen(name) : (size_t)(dot - name);
	return pool_printf(&parcel->pool, "%s%.*s/%s/", parcel->packager->folder, (int)len, name, parcel->id);
}

/* The playlist last: who sees it finds the rest.  NULL, or why not. */
static const char *
keep_all(struct parcel *parcel, const char *path)
{
	const struct dirent *entry;
	const char *prefix, *why = NULL;
	struct bucket *bucket = bucket_of(parcel, path, &prefix, &why);
	DIR *directory;

	if (bucket == NULL)
		return why;
	directory = opendir(parcel->directory);
	if (directory == NULL)
		return "what was packaged is not there";
	while ((entry = readdir(directory)) != NULL)
		if (*entry->d_name != '.' && strcmp(entry->d_name, "index.m3u8") != 0)
			keep(parcel, bucket, prefix, entry->d_name);
	closedir(directory);
	keep(parcel, bucket, prefix, "index.m3u8");
	return NULL;
}

/* Tell who wants to know, without the mutex. */
static void
tell(struct parcel *parcel, const char *path, const char *why)
{
	struct fetch request = { 0 };
	cJSON *body;

	if (parcel->packager->callback == NULL)
		return;
	body = cJSON_CreateObject();
	if (why == NULL) {
		cJSON_AddStringToObject(body, "url", parcel->url);
		cJSON_AddStringToObject(body, "jobId", parcel->id);
		cJSON_AddStringToObject(body, "outputPath", path);
	} else
		cJSON_AddStringToObject(body, "message", why);
	request.json = pool_adopt(&parcel->pool, cJSON_PrintUnformatted(body));
	request.url = pool_printf(&parcel->pool, "%s/packagerCallback/%s", parcel->packager->callback,
	    why == NULL ? "success" : "failure");
	cJSON_Delete(body);
	fetch(&request, &parcel->pool, NULL);
}

/* Without the mutex. */
static void
handle(struct packager *packager, const char *member)
{
	struct parcel parcel = { .packager = packager };
	cJSON *message = cJSON_Parse(member);
	const char *why = "the message names no job", *path = NULL;
	bool ended;

	parcel.id = text_of(message, "jobId");
	parcel.url = text_of(message, "url");
	if (parcel.id != NULL && parcel.url != NULL)
		why = job_fetch(&parcel);
	lock(packager);
	if (why == NULL)
		why = packager->folder != NULL ? inputs_find(&parcel) : "there is no output folder";
	if (why == NULL && !packager->ended)
		why = package(&parcel);
	if (why == NULL && !packager->ended) {
		path = output_path(&parcel);
		why = keep_all(&parcel, path);
	}
	ended = packager->ended;
	unlock(packager);
	if (!ended)
		tell(&parcel, path, why);
	data_remove(parcel.directory);
	free(parcel.directory);
	cJSON_Delete(parcel.job);
	cJSON_Delete(message);
	pool_free(&parcel.pool);
}

/* --- the instance ----------------------------------------------------------------------------- */

static void
packager_free(struct packager *packager)
{
	free(packager->tenant);
	free(packager->token_url);
	free(packager->redis_url);
	free(packager->queue);
	free(packager->folder);
	free(packager->pat);
	free(packager->access);
	free(packager->secret);
	free(packager->endpoint);
	free(packager->callback);
	free(packager);
}

/* The next job of the queue, in the pool; NULL: none for now.  With the mutex, which it gives up meanwhile. */
static const char *
next_job(struct packager *packager, struct pool *pool)
{
	const char *member = NULL;
	struct redis *redis;

	unlock(packager);
	redis = redis_open(packager->redis_url, pool);
	lock(packager);
	if (redis == NULL) {
		if (!packager->ended)
			world_wait(packager->world, RETRY_MS);
		return NULL;
	}
	if (!packager->ended) {
		packager->redis = redis;
		unlock(packager);
		member = redis_bzpopmin(redis, packager->queue, pool);
		lock(packager);
		packager->redis = NULL;
	}
	redis_close(redis);
	return member;
}

static void *
run(void *arg)
{
	struct packager *packager = arg;
	struct world *world = packager->world;
	const char *member;
	struct pool pool;

	pthread_mutex_lock(&world->mutex);
	while (!packager->ended) {
		memset(&pool, 0, sizeof(pool));
		member = next_job(packager, &pool);
		unlock(packager);
		if (member != NULL)
			handle(packager, member);
		pool_free(&pool);
		lock(packager);
	}
	pthread_mutex_unlock(&world->mutex);
	packager_free(packager);
	return NULL;
}

static void
start(struct world *world, struct instance *instance)
{
	const char *queue = instance_value(instance, "RedisQueue"), *url = instance_value(instance, "RedisUrl");
	struct packager *packager;

	if (!world->settings.real_parts || !process_known("ffmpeg") || url == NULL)
		return;
	packager = mem_new(sizeof(*packager));
	packager->world = world;
	packager->tenant = mem_strdup(instance->tenant);
	packager->token_url = mem_strdup(origin_by_role(&world->origins, ROLE_TOKEN)->url);
	packager->redis_url = mem_strdup(url);
	packager->queue = mem_strdup(queue == NULL ? "packaging-queue" : queue);
	packager->folder = mem_strdup(instance_value(instance, "OutputFolder"));
	packager->pat = mem_strdup(instance_value(instance, "PersonalAccessToken"));
	packager->access = mem_strdup(instance_value(instance, "AwsAccessKeyId"));
	packager->secret = mem_strdup(instance_value(instance, "AwsSecretAccessKey"));
	packager->endpoint = mem_strdup(instance_value(instance, "S3EndpointUrl"));
	packager->callback = mem_strdup(instance_value(instance, "CallbackUrl"));
	instance->state = packager;
	if (!world_thread(world, run, packager))
		abort();
}

static void
stop(struct world *world, struct instance *instance)
{
	struct packager *packager = instance->state;

	if (packager == NULL)
		return;
	packager->ended = true;
	if (packager->redis != NULL)
		redis_hang_up(packager->redis);
	if (packager->pid > 0)
		kill(packager->pid, SIGKILL);
	pthread_cond_broadcast(&world->changed);
	instance->state = NULL;
}

const struct part part_packager = { .service_id = "eyevinn-encore-packager", .start = start, .stop = stop };
