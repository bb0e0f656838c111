/* SPDX-License-Identifier: MIT */
/*
 * One job of Encore: find the input and the profile, run ffmpeg, keep what comes
 * out.  Where there is no ffmpeg, or real parts are not wanted, time passes and
 * the output is made up.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "encode.h"
#include "encore.h"
#include "fetch.h"
#include "process.h"
#include "profile.h"
#include "storage.h"

#define ARGS_MAX 200
#define SIMULATED_STEP_MS 100

struct work {
	struct encore *encore;
	struct job *job;
	unsigned generation;
	struct pool pool;
	const char *directory, *errors;	/* where ffmpeg writes; NULL: simulated */
	const char *input;		/* path or URL */
	double duration_s;
	bool has_video, has_audio;
	struct encode encodes[ENCODES_MAX];
	const char *files[ENCODES_MAX];	/* names of outputs; NULL: not made */
	int encode_count;
	int told;			/* progress of the last callback */
};

/* Wanted no more: cancelled, or the instance ends or starts anew. */
static bool
unwanted(const struct work *work)
{
	return work->job->status != JOB_IN_PROGRESS || work->encore->generation != work->generation;
}

static void
unlock(struct work *work)
{
	pthread_mutex_unlock(&work->encore->world->mutex);
}

static void
lock(struct work *work)
{
	pthread_mutex_lock(&work->encore->world->mutex);
}

static const char *
asked(const struct work *work, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(work->job->request, name));
}

/* Tell who wants to know.  Nobody repeats it. */
static void
tell(struct work *work)
{
	const char *url = pool_strdup(&work->pool, asked(work, "progressCallbackUri"));
	const char *external = asked(work, "externalId");
	struct fetch request = { .url = url };
	cJSON *body;

	work->told = (int)work->job->progress;
	if (url == NULL || !work->encore->world->settings.callbacks)
		return;
	body = cJSON_CreateObject();
	cJSON_AddStringToObject(body, "jobId", work->job->id);
	if (external != NULL)
		cJSON_AddStringToObject(body, "externalId", external);
	cJSON_AddNumberToObject(body, "progress", (int)work->job->progress);
	cJSON_AddStringToObject(body, "status", job_status_word(work->job->status));
	request.json = pool_adopt(&work->pool, cJSON_PrintUnformatted(body));
	cJSON_Delete(body);
	unlock(work);
	fetch(&request, &work->pool, NULL);
	lock(work);
}

/* --- what is needed -------------------------------------------------------------------- */

/* "s3://bucket/key" as bucket and the rest.  NULL: why not. */
static struct bucket *
bucket_of(struct work *work, const char *uri, const char **rest, const char **why)
{
	const struct encore *encore = work->encore;
	size_t len = strcspn(uri + 5, "/");
	struct storage *storage;
	struct bucket *bucket;

	if (encore->endpoint == NULL) {
		*why = "Not Found (Service: S3, Status Code: 404)";
		return NULL;
	}
	storage = storage_at(encore->world, encore->tenant, encore->endpoint, encore->access, encore->secret, why);
	if (storage == NULL)
		return NULL;
	bucket = bucket_find(storage, pool_strndup(&work->pool, uri + 5, len));
	if (bucket == NULL)
		*why = "The specified bucket does not exist";
	*rest = uri[5 + len] == '/' ? uri + 6 + len : "";
	return bucket;
}

static const cJSON *
first_input(const struct work *work)
{
	return cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(work->job->request, "inputs"), 0);
}

/* Sets input.  NULL, or why there is none. */
static const char *
input_find(struct work *work)
{
	const char *uri = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(first_input(work), "uri"));
	const struct object *object;
	const struct bucket *bucket;
	const char *key, *why = NULL;

	if (uri == NULL)
		return "Input without a URI";
	if (strncmp(uri, "http://", 7) == 0 || strncmp(uri, "https://", 8) == 0) {
		work->input = pool_strdup(&work->pool, uri);
		return NULL;
	}
	if (strncmp(uri, "s3://", 5) != 0)
		return pool_printf(&work->pool, "Unsupported input %s", uri);
	bucket = bucket_of(work, uri, &key, &why);
	if (bucket == NULL)
		return why;
	object = object_find(bucket->objects, key);
	if (object == NULL)
		return "Not Found (Service: S3, Status Code: 404)";
	work->input = "";
	if (work->directory == NULL)
		return NULL;
	/* By a name of its own, so that it stays when the object goes. */
	work->input = pool_printf(&work->pool, "%s/input", work->directory);
	return link(object->path, work->input) == 0 ? NULL : "the input cannot be read";
}

/* The profile's text.  NULL: why not.  Gives the mutex up. */
static const char *
profile_fetch(struct work *work, const char *name, const char **why)
{
	const char *index_url = pool_strdup(&work->pool, work->encore->profiles_url), *index, *location, *yaml = NULL;
	struct fetch request = { .url = index_url };

	*why = pool_printf(&work->pool, "Could not find location for profile %s", name);
	if (index_url == NULL)
		return profile_preset(name);
	unlock(work);
	if (fetch(&request, &work->pool, &index) != 200)
		*why = pool_printf(&work->pool, "Profiles cannot be read from %s", index_url);
	else if ((location = profile_location(index, name, &work->pool)) != NULL) {
		if (strstr(location, "://") == NULL)
			location = pool_printf(&work->pool, "%.*s%s",
			    (int)(strrchr(index_url, '/') + 1 - index_url), index_url, location);
		request.url = location;
		if (fetch(&request, &work->pool, &yaml) != 200) {
			*why = pool_printf(&work->pool, "Profile %s cannot be read from %s", name, location);
			yaml = NULL;
		}
	}
	lock(work);
	return yaml;
}

static const char *
profile_read(struct work *work)
{
	const char *name = pool_strdup(&work->pool, asked(work, "profile")), *why;
	const char *yaml = profile_fetch(work, name, &why);

	if (yaml == NULL)
		return why;
	work->encode_count = profile_encodes(yaml, work->encodes);
	return work->encode_count > 0 ? NULL : pool_printf(&work->pool, "Profile %s has no encodes", name);
}

/* --- programs ---------------------------------------------------------------------------- */

/* What a program says, with the mutex given up; NULL: it failed. */
static char *
output_of(struct work *work, char *const argv[])
{
	struct process process;
	char *text = NULL;
	size_t len = 0;
	ssize_t n;
	int status;

	if (!process_start(&process, argv, NULL, work->errors))
		return NULL;
	work->encore->pid = process.pid;
	unlock(work);
	do {
		text = mem_grow(text, len + 4097);
		n = read(process.out, text + len, 4096);
		len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	text[len] = '\0';
	lock(work);
	work->encore->pid = 0;
	unlock(work);
	status = process_wait(&process);
	lock(work);
	if (status == 0)
		return pool_adopt(&work->pool, text);
	free(text);
	return NULL;
}

/* The last line that the programs wrote. */
static const char *
last_error(struct work *work)
{
	FILE *file = fopen(work->errors, "re");
	char line[512] = "ffmpeg failed";

	if (file != NULL) {
		while (fgets(line, sizeof(line), file) != NULL)
			;
		fclose(file);
	}
	line[strcspn(line, "\r\n")] = '\0';
	return pool_strdup(&work->pool, line);
}

/* ffprobe's JSON of a file or URL; NULL: it cannot be read.  To be freed. */
static cJSON *
probe(struct work *work, const char *what)
{
	char *const argv[] = { (char *)"ffprobe", (char *)"-v", (char *)"error", (char *)"-show_format",
	    (char *)"-show_streams", (char *)"-print_format", (char *)"json", (char *)(uintptr_t)what, NULL };
	const char *text = output_of(work, argv);

	return text == NULL ? NULL : cJSON_Parse(text);
}

static double
decimal(const cJSON *object, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

	return text == NULL ? 0 : atof(text);
}

static bool
is_kind(const cJSON *stream, const char *kind)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(stream, "codec_type"));

	return text != NULL && strcmp(text, kind) == 0;
}

static const char *
input_probe(struct work *work)
{
	cJSON *found = probe(work, work->input);
	const cJSON *stream;

	if (found == NULL)
		return last_error(work);
	work->duration_s = decimal(cJSON_GetObjectItemCaseSensitive(found, "format"), "duration");
	cJSON_ArrayForEach(stream, cJSON_GetObjectItemCaseSensitive(found, "streams")) {
		work->has_video = work->has_video || is_kind(stream, "video");
		work->has_audio = work->has_audio || is_kind(stream, "audio");
	}
	cJSON_Delete(found);
	return NULL;
}

/* --- ffmpeg -------------------------------------------------------------------------------- */

struct args {
	char *list[ARGS_MAX];
	size_t count;
};

static void
add(struct args *args, const char *arg)
{
	if (args->count < ARGS_MAX - 1)
		args->list[args->count++] = (char *)(uintptr_t)arg;
}

static void
add_pair(struct args *args, const char *name, const char *value)
{
	add(args, name);
	add(args, value);
}

/* Options of the demuxer that a job may set. */
static void
add_params(struct work *work, struct args *args)
{
	const cJSON *params = cJSON_GetObjectItemCaseSensitive(first_input(work), "params"), *param;

	cJSON_ArrayForEach(param, params)
		if (strncmp(param->string, "reconnect", 9) == 0 && cJSON_IsString(param))
			add_pair(args, pool_printf(&work->pool, "-%s", param->string),
			    pool_strdup(&work->pool, param->valuestring));
}

static void
add_number(struct work *work, struct args *args, const char *option, const char *name)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(work->job->request, name);

	if (cJSON_IsNumber(value))
		add_pair(args, option, pool_printf(&work->pool, "%.3f", value->valuedouble));
}

static bool
is_video(const struct encode *encode)
{
	return strncmp(encode->type, "X26", 3) == 0;
}

static bool
is_image(const struct encode *encode)
{
	return strncmp(encode->type, "Thumbnail", 9) == 0;
}

/* The name of what an encode makes; NULL: nothing can be made of this input. */
static const char *
output_name(struct work *work, const struct encode *encode)
{
	bool audio = strcmp(encode->type, "AudioEncode") == 0;

	if ((audio && !work->has_audio) || (!audio && !work->has_video) || (!audio && !is_video(encode) && !is_image(encode)))
		return NULL;
	return pool_printf(&work->pool, "%s%s.%s", asked(work, "baseName"), encode->suffix,
	    is_image(encode) ? "jpg" : audio ? "m4a" : "mp4");
}

static void
add_output(struct work *work, struct args *args, const struct encode *encode, const char *name)
{
	if (is_video(encode)) {
		add_pair(args, "-map", "0:v:0");
		/* Heights grow to what they say, and never beyond what there is. */
		add_pair(args, "-vf", encode->height == 0 ? "scale=trunc(iw/2)*2:trunc(ih/2)*2" :
		    pool_printf(&work->pool, "scale=-2:'min(%d,trunc(ih/2)*2)'", encode->height));
		add_pair(args, "-c:v", "libx264");
		add_pair(args, "-preset", "ultrafast");
		add_pair(args, "-pix_fmt", "yuv420p");
		add_pair(args, "-b:v", *encode->bitrate == '\0' ? "1000k" : encode->bitrate);
	} else if (is_image(encode)) {
		add_pair(args, "-map", "0:v:0");
		add_pair(args, "-frames:v", "1");
		add_pair(args, "-update", "1");
	}
	if (!is_image(encode) && work->has_audio) {
		add_pair(args, "-map", "0:a:0");
		add_pair(args, "-c:a", "aac");
		add_pair(args, "-b:a", is_video(encode) || *encode->bitrate == '\0' ? "128k" : encode->bitrate);
	}
	if (!is_image(encode))
		add_pair(args, "-movflags", "+faststart");
	add(args, pool_printf(&work->pool, "%s/%s", work->directory, name));
}

static void
args_make(struct work *work, struct args *args)
{
	double rate = work->encore->world->settings.transcode_rate;
	int i;

	args->count = 0;
	add(args, "ffmpeg");
	add(args, "-hide_banner");
	add(args, "-nostdin");
	add(args, "-y");
	add_pair(args, "-loglevel", "error");
	add_pair(args, "-progress", "pipe:1");
	add_pair(args, "-stats_period", "0.1");
	if (rate > 0)
		add_pair(args, "-readrate", pool_printf(&work->pool, "%g", rate));
	add_number(work, args, "-ss", "seekTo");
	add_number(work, args, "-t", "duration");
	if (strncmp(work->input, "http", 4) == 0)
		add_params(work, args);
	add_pair(args, "-i", work->input);
	for (i = 0; i < work->encode_count; i++) {
		work->files[i] = output_name(work, &work->encodes[i]);
		if (work->files[i] != NULL)
			add_output(work, args, &work->encodes[i], work->files[i]);
	}
	args->list[args->count] = NULL;
}

/* "out_time_us=1234567", "speed=2.5x" */
static void
progress_line(struct work *work, const char *line)
{
	double percent;

	if (strncmp(line, "out_time_us=", 12) == 0 && work->duration_s > 0) {
		percent = atof(line + 12) / 1e4 / work->duration_s;
		if (percent > work->job->progress)
			work->job->progress = percent < 99 ? (int)percent : 99;
	} else if (strncmp(line, "speed=", 6) == 0)
		work->job->speed = atof(line + 6);
	if ((int)work->job->progress >= work->told + 5 && !unwanted(work))
		tell(work);
}

static const char *
ffmpeg_run(struct work *work)
{
	struct process process;
	char line[256];
	struct args args;
	FILE *out;
	int status;

	args_make(work, &args);
	if (!process_start(&process, args.list, NULL, work->errors))
		return "ffmpeg cannot be started";
	work->encore->pid = process.pid;
	out = fdopen(dup(process.out), "r");
	unlock(work);
	while (fgets(line, sizeof(line), out) != NULL) {
		lock(work);
		progress_line(work, line);
		if (unwanted(work) && work->encore->pid > 0)
			kill(work->encore->pid, SIGKILL);
		unlock(work);
	}
	fclose(out);
	lock(work);
	work->encore->pid = 0;
	unlock(work);
	status = process_wait(&process);
	lock(work);
	return status == 0 ? NULL : last_error(work);
}

/* --- what comes out -------------------------------------------------------------------------- */

static void
add_stream(const struct work *work, cJSON *output, const cJSON *stream)
{
	bool video = is_kind(stream, "video");
	const char *list_name = video ? "videoStreams" : "audioStreams";
	cJSON *list = cJSON_GetObjectItemCaseSensitive(output, list_name), *item = cJSON_CreateObject();

	(void)work;
	if (list == NULL)
		list = cJSON_AddArrayToObject(output, list_name);
	cJSON_AddItemToArray(list, item);
	cJSON_AddItemToObject(item, "codec",
	    cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(stream, "codec_name"), 1));
	if (video) {
		cJSON_AddItemToObject(item, "width", cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(stream, "width"), 1));
		cJSON_AddItemToObject(item, "height", cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(stream, "height"), 1));
	} else
		cJSON_AddItemToObject(item, "channels",
		    cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(stream, "channels"), 1));
	cJSON_AddNumberToObject(item, "bitrate", decimal(stream, "bit_rate"));
}

static const char *
type_word(const struct encode *encode)
{
	return is_image(encode) ? "ImageFile" : is_video(encode) ? "VideoFile" : "AudioFile";
}

static cJSON *
output_describe(struct work *work, const struct encode *encode, const char *file, const char *path)
{
	cJSON *found = probe(work, path), *output = cJSON_CreateObject();
	const cJSON *format = cJSON_GetObjectItemCaseSensitive(found, "format"), *stream;

	cJSON_AddStringToObject(output, "type", type_word(encode));
	cJSON_AddStringToObject(output, "file", file);
	cJSON_AddNumberToObject(output, "fileSize", decimal(format, "size"));
	cJSON_AddStringToObject(output, "format", is_image(encode) ? "JPEG" : "MPEG-4");
	if (!is_image(encode)) {
		cJSON_AddNumberToObject(output, "overallBitrate", decimal(format, "bit_rate"));
		cJSON_AddNumberToObject(output, "duration", decimal(format, "duration"));
	}
	cJSON_ArrayForEach(stream, cJSON_GetObjectItemCaseSensitive(found, "streams"))
		if (is_kind(stream, "video") || is_kind(stream, "audio"))
			add_stream(work, output, stream);
	cJSON_Delete(found);
	return output;
}

static const char *
media_type(const char *name)
{
	const char *dot = strrchr(name, '.');

	return strcmp(dot, ".jpg") == 0 ? "image/jpeg" : strcmp(dot, ".m4a") == 0 ? "audio/mp4" : "video/mp4";
}

/* Where the job wants a file; keeps it there.  NULL, or why not. */
static const char *
output_keep(struct work *work, const char *folder, const char *name, const char *path)
{
	char md5[2 * MD5_DIGEST_SIZE + 1], sha256[2 * SHA256_DIGEST_SIZE + 1];
	const char *rest, *why = NULL;
	struct bucket *bucket;
	struct spool *spool;

	if (strncmp(folder, "s3://", 5) != 0)
		return rename(path, pool_printf(&work->pool, "%s/%s", work->encore->directory, name)) == 0 ? NULL :
		    "the output cannot be kept";
	bucket = bucket_of(work, folder, &rest, &why);
	if (bucket == NULL)
		return why;
	spool = spool_copy(path, data_path(&work->encore->world->data, ".object"));
	spool_finish(spool, md5, sha256);
	object_put(&bucket->objects, pool_printf(&work->pool, "%s%s", rest, name), spool->path, spool->size, md5,
	    media_type(name), NULL);
	spool->path = NULL;
	spool_free(spool);
	return NULL;
}

/* With a slash at its end. */
static const char *
folder_of(struct work *work)
{
	const char *folder = asked(work, "outputFolder");
	size_t len = strlen(folder);

	return pool_printf(&work->pool, "%s%s", folder, len > 0 && folder[len - 1] == '/' ? "" : "/");
}

static const char *
outputs_keep(struct work *work)
{
	const char *folder = folder_of(work), *path, *why = NULL;
	cJSON *output;
	int i;

	for (i = 0; i < work->encode_count && why == NULL && !unwanted(work); i++) {
		if (work->files[i] == NULL)
			continue;
		path = pool_printf(&work->pool, "%s/%s", work->directory, work->files[i]);
		output = output_describe(work, &work->encodes[i],
		    pool_printf(&work->pool, "%s%s", folder, work->files[i]), path);
		cJSON_AddItemToArray(work->job->output, output);
		why = output_keep(work, folder, work->files[i], path);
	}
	return why;
}

/* --- without programs ---------------------------------------------------------------------------- */

static void
simulate_outputs(struct work *work)
{
	const char *folder = folder_of(work), *name;
	cJSON *output;
	int i;

	work->has_video = work->has_audio = true;
	for (i = 0; i < work->encode_count; i++) {
		name = output_name(work, &work->encodes[i]);
		if (name == NULL)
			continue;
		output = cJSON_CreateObject();
		cJSON_AddStringToObject(output, "type", type_word(&work->encodes[i]));
		cJSON_AddStringToObject(output, "file", pool_printf(&work->pool, "%s%s", folder, name));
		cJSON_AddNumberToObject(output, "fileSize", 1048576);
		cJSON_AddItemToArray(work->job->output, output);
	}
}

static const char *
simulate(struct work *work)
{
	double delay_ms = work->encore->world->settings.encode_delay_ms;
	int64_t began_ms = now_ms(), age_ms;

	while ((age_ms = now_ms() - began_ms) < (int64_t)delay_ms && !unwanted(work)) {
		work->job->progress = (int)(100 * (double)age_ms / delay_ms);
		if ((int)work->job->progress >= work->told + 5)
			tell(work);
		world_wait(work->encore->world, SIMULATED_STEP_MS);
	}
	simulate_outputs(work);
	return NULL;
}

/* --- one job ------------------------------------------------------------------------------------- */

static const char *
work_run(struct work *work)
{
	const char *folder = asked(work, "outputFolder"), *why = profile_read(work);

	if (why == NULL)
		why = input_find(work);
	if (why == NULL && strncmp(folder, "s3://", 5) != 0 && *folder != '/')
		why = pool_printf(&work->pool, "Unsupported output folder %s", folder);
	if (why == NULL && work->encore->world->settings.encode_fails[0] != '\0')
		why = pool_strdup(&work->pool, work->encore->world->settings.encode_fails);
	if (why != NULL)
		return why;
	if (work->directory == NULL)
		return simulate(work);
	why = input_probe(work);
	if (why == NULL)
		why = ffmpeg_run(work);
	if (why == NULL && !unwanted(work))
		why = outputs_keep(work);
	return why;
}

/* How it ended, unless somebody else has said so. */
static void
conclude(struct work *work, const char *why)
{
	struct job *job = work->job;

	if (job->status == JOB_IN_PROGRESS && work->encore->generation != work->generation) {
		job->status = JOB_QUEUED;
		job->progress = 0;
		return;
	}
	job->completed_ms = now_ms();
	if (job->status == JOB_IN_PROGRESS) {
		job->status = why == NULL ? JOB_SUCCESSFUL : JOB_FAILED;
		job->message = mem_strdup(why);
		if (why == NULL)
			job->progress = 100;
	}
	tell(work);
}

void
transcode(struct encore *encore, struct job *job)
{
	struct work work = { .encore = encore, .job = job, .generation = encore->generation };
	struct world *world = encore->world;
	char *directory = NULL;

	job->status = JOB_IN_PROGRESS;
	job->started_ms = now_ms();
	cJSON_Delete(job->output);
	job->output = cJSON_CreateArray();
	if (world->settings.real_parts && process_known("ffmpeg") && process_known("ffprobe")) {
		directory = data_directory(&world->data);
		work.directory = directory;
		work.errors = pool_printf(&work.pool, "%s/errors", directory);
	}
	tell(&work);
	conclude(&work, work_run(&work));
	data_remove(directory);
	free(directory);
	pool_free(&work.pool);
}
