/* SPDX-License-Identifier: MIT */
/* The interface of an Encore instance: Spring Data REST, its pages in HAL. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "body.h"
#include "encode.h"
#include "encore.h"
#include "part.h"

#define HAL "application/hal+json"
#define SIZE_PRESET 10
#define SIZE_MAX_ASKED 1000

static void
reply_hal(struct call *call, int status, cJSON *object)
{
	reply_json(call, status, object);
	call->reply_type = HAL;
}

/* Spring's way to refuse. */
static void
reply_spring(struct call *call, int status, const char *error, const char *message)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "timestamp", iso_time(&call->pool, now_ms()));
	cJSON_AddNumberToObject(object, "status", status);
	cJSON_AddStringToObject(object, "error", error);
	if (message != NULL)
		cJSON_AddStringToObject(object, "message", message);
	cJSON_AddStringToObject(object, "path", call->path);
	reply_json(call, status, object);
}

/* 2026-01-02T03:04:05.000+00:00 */
static void
add_date(struct call *call, cJSON *object, const char *name, int64_t time_ms)
{
	const char *date = iso_time(&call->pool, time_ms);

	if (time_ms != 0)
		cJSON_AddStringToObject(object, name,
		    pool_printf(&call->pool, "%.*s+00:00", (int)strlen(date) - 1, date));
}

static cJSON *
job_document(struct call *call, const struct encore *encore, const struct job *job)
{
	cJSON *document = cJSON_Duplicate(job->request, 1), *links;

	cJSON_AddStringToObject(document, "id", job->id);
	cJSON_AddStringToObject(document, "status", job_status_word(job->status));
	cJSON_AddNumberToObject(document, "progress", (int)job->progress);
	add_date(call, document, "createdDate", job->created_ms);
	add_date(call, document, "startedDate", job->started_ms);
	add_date(call, document, "completedDate", job->completed_ms);
	if (job->message != NULL)
		cJSON_AddStringToObject(document, "message", job->message);
	if (job->speed > 0)
		cJSON_AddNumberToObject(document, "speed", job->speed);
	cJSON_AddItemToObject(document, "output",
	    job->output == NULL ? cJSON_CreateArray() : cJSON_Duplicate(job->output, 1));
	links = cJSON_AddObjectToObject(document, "_links");
	cJSON_AddStringToObject(cJSON_AddObjectToObject(links, "self"), "href",
	    pool_printf(&call->pool, "%s/encoreJobs/%s", encore->url, job->id));
	return document;
}

/* --- creating --------------------------------------------------------------------------- */

static const struct {
	const char *name;
	int types;
	bool required;
} fields[] = {
	{ "profile", cJSON_String, true }, { "outputFolder", cJSON_String, true },
	{ "baseName", cJSON_String, true }, { "inputs", cJSON_Array, true },
	{ "externalId", cJSON_String, false }, { "profileParams", cJSON_Object, false },
	{ "progressCallbackUri", cJSON_String, false }, { "priority", cJSON_Number, false },
	{ "segmentLength", cJSON_Number, false }, { "seekTo", cJSON_Number, false },
	{ "duration", cJSON_Number, false }, { "thumbnailTime", cJSON_Number, false },
	{ "debugOverlay", cJSON_True | cJSON_False, false }, { "logContext", cJSON_Object, false },
};

static bool
inputs_ok(const cJSON *inputs)
{
	static const char *const types[] = { "AudioVideo", "Audio", "Video" };
	const cJSON *input;
	const char *type;
	size_t i;

	cJSON_ArrayForEach(input, inputs) {
		type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(input, "type"));
		for (i = 0; i < 3 && (type == NULL || strcmp(type, types[i]) != 0); i++)
			;
		if (i == 3 || !cJSON_IsString(cJSON_GetObjectItemCaseSensitive(input, "uri")))
			return false;
	}
	return inputs != NULL && inputs->child != NULL;
}

/* What is known of a request.  NULL: something is wrong with it, and why says what. */
static cJSON *
request_read(struct call *call, const char **why)
{
	cJSON *request = cJSON_CreateObject();
	const cJSON *value, *priority;
	size_t i;

	*why = NULL;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]) && *why == NULL; i++) {
		value = cJSON_GetObjectItemCaseSensitive(call->json, fields[i].name);
		if (value == NULL || cJSON_IsNull(value)) {
			if (fields[i].required)
				*why = pool_printf(&call->pool, "%s is required", fields[i].name);
		} else if ((value->type & fields[i].types) == 0)
			*why = pool_printf(&call->pool, "%s has the wrong type", fields[i].name);
		else
			cJSON_AddItemToObject(request, fields[i].name, cJSON_Duplicate(value, 1));
	}
	priority = cJSON_GetObjectItemCaseSensitive(request, "priority");
	if (*why == NULL && priority != NULL && (priority->valuedouble < 0 || priority->valuedouble > 100))
		*why = "priority must be within 0 and 100";
	if (*why == NULL && !inputs_ok(cJSON_GetObjectItemCaseSensitive(request, "inputs")))
		*why = "inputs must not be empty, each with a type and a uri";
	if (*why == NULL && strchr(cJSON_GetObjectItemCaseSensitive(request, "baseName")->valuestring, '/') != NULL)
		*why = "baseName must have no slash";
	if (*why == NULL)
		return request;
	cJSON_Delete(request);
	return NULL;
}

static void
job_create(struct call *call, struct encore *encore)
{
	const char *why;
	cJSON *request;
	struct job *job;

	body_parse(call, false);
	if (call->body_fault != BODY_OK || !cJSON_IsObject(call->json)) {
		reply_spring(call, 400, "Bad Request", "JSON parse error");
		return;
	}
	request = request_read(call, &why);
	if (request == NULL) {
		reply_spring(call, 400, "Bad Request", why);
		return;
	}
	job = mem_new(sizeof(*job));
	job->id = mem_strdup(random_uuid(&call->pool));
	job->request = request;
	job->status = JOB_QUEUED;
	job->created_ms = now_ms();
	job->next = encore->jobs;
	encore->jobs = job;
	pthread_cond_broadcast(&encore->world->changed);
	reply_hal(call, 201, job_document(call, encore, job));
	call_add_header(call, "Location", pool_printf(&call->pool, "%s/encoreJobs/%s", encore->url, job->id));
}

/* --- pages -------------------------------------------------------------------------------- */

/* Which jobs a page is of: those whose field has this value; NULL: all. */
struct filter {
	const char *field, *value;
};

static bool
wanted(const struct job *job, const struct filter *filter)
{
	const char *value;

	if (job->removed)
		return false;
	if (filter->field == NULL)
		return true;
	value = strcmp(filter->field, "status") == 0 ? job_status_word(job->status) :
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(job->request, filter->field));
	return value != NULL && strcmp(value, filter->value) == 0;
}

static int
number_asked(const struct call *call, const char *name, int preset)
{
	const char *text = form_get(&call->query, name);
	int value = text == NULL ? preset : atoi(text);

	return value < 0 ? preset : value;
}

static const char *
page_url(struct call *call, const struct encore *encore, int page, int size)
{
	return pool_printf(&call->pool, "%s%s?page=%d&size=%d", encore->url, call->path, page, size);
}

static void
add_link(cJSON *links, const char *name, const char *url)
{
	cJSON_AddStringToObject(cJSON_AddObjectToObject(links, name), "href", url);
}

static void
jobs_page(struct call *call, const struct encore *encore, const struct filter *filter)
{
	int size = number_asked(call, "size", SIZE_PRESET), page = number_asked(call, "page", 0), count = 0, pages;
	cJSON *object = cJSON_CreateObject(), *list = cJSON_CreateArray(), *links, *info;
	const struct job *job;

	if (size < 1 || size > SIZE_MAX_ASKED)
		size = SIZE_PRESET;
	for (job = encore->jobs; job != NULL; job = job->next)
		if (wanted(job, filter)) {
			if (count / size == page)
				cJSON_AddItemToArray(list, job_document(call, encore, job));
			count++;
		}
	pages = (count + size - 1) / size;
	/* What has nothing in it has no member for it. */
	if (list->child != NULL)
		cJSON_AddItemToObject(cJSON_AddObjectToObject(object, "_embedded"), "encoreJobs", list);
	else
		cJSON_Delete(list);
	links = cJSON_AddObjectToObject(object, "_links");
	add_link(links, "self", page_url(call, encore, page, size));
	if (page > 0)
		add_link(links, "prev", page_url(call, encore, page - 1, size));
	if (page + 1 < pages)
		add_link(links, "next", page_url(call, encore, page + 1, size));
	info = cJSON_AddObjectToObject(object, "page");
	cJSON_AddNumberToObject(info, "size", size);
	cJSON_AddNumberToObject(info, "totalElements", count);
	cJSON_AddNumberToObject(info, "totalPages", pages);
	cJSON_AddNumberToObject(info, "number", page);
	reply_hal(call, 200, object);
}

static void
jobs_search(struct call *call, const struct encore *encore, const char *search)
{
	static const struct {
		const char *search, *field;
	} searches[] = { { "findByStatus", "status" }, { "findByExternalId", "externalId" },
		{ "findByProfile", "profile" }, { "findByBaseName", "baseName" } };
	struct filter filter = { NULL, NULL };
	size_t i;

	for (i = 0; i < sizeof(searches) / sizeof(searches[0]); i++)
		if (strcmp(searches[i].search, search) == 0)
			filter.field = searches[i].field;
	if (filter.field != NULL)
		filter.value = form_get(&call->query, filter.field);
	if (filter.field == NULL)
		reply_spring(call, 404, "Not Found", NULL);
	else if (filter.value == NULL)
		reply_spring(call, 400, "Bad Request", NULL);
	else
		jobs_page(call, encore, &filter);
}

/* --- one job ------------------------------------------------------------------------------- */

static struct job *
job_find(const struct encore *encore, const char *id, size_t len)
{
	struct job *job = encore->jobs;

	while (job != NULL && (job->removed || strlen(job->id) != len || strncmp(job->id, id, len) != 0))
		job = job->next;
	return job;
}

static void
job_end(struct encore *encore, struct job *job)
{
	if (job->status == JOB_IN_PROGRESS && encore->pid > 0)
		kill(encore->pid, SIGKILL);
	job->completed_ms = now_ms();
	job->status = JOB_CANCELLED;
	pthread_cond_broadcast(&encore->world->changed);
}

static void
job_answer(struct call *call, struct encore *encore, const char *id)
{
	size_t len = strcspn(id, "/");
	struct job *job = job_find(encore, id, len);

	if (job == NULL)
		reply_spring(call, 404, "Not Found", NULL);
	else if (id[len] == '\0' && strcmp(call->method, "GET") == 0)
		reply_hal(call, 200, job_document(call, encore, job));
	else if (id[len] == '\0' && strcmp(call->method, "DELETE") == 0) {
		if (!job_ended(job))
			job_end(encore, job);
		job->removed = true;
		reply_empty(call, 204);
	} else if (strcmp(id + len, "/cancel") == 0 && strcmp(call->method, "POST") == 0) {
		if (job_ended(job))
			reply_spring(call, 409, "Conflict", NULL);
		else {
			job_end(encore, job);
			reply_empty(call, 200);
		}
	} else
		reply_spring(call, 405, "Method Not Allowed", NULL);
}

/* What a job has left on the instance itself. */
static void
file_answer(struct call *call, const struct encore *encore)
{
	const char *name = strrchr(call->path, '/') + 1, *path;
	struct stat status;
	int fd;

	name = percent_decode(&call->pool, name, strlen(name), 0);
	path = name == NULL || strchr(name, '/') != NULL || *name == '.' || *name == '\0' ? NULL :
	    pool_printf(&call->pool, "%s/%s", encore->directory, name);
	fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1 || fstat(fd, &status) == -1) {
		reply_spring(call, 404, "Not Found", NULL);
		return;
	}
	reply_file(call, 200, strstr(name, ".jpg") != NULL ? "image/jpeg" : "video/mp4", fd, 0, (size_t)status.st_size);
}

static void
answer(struct call *call, struct instance *instance)
{
	static const char jobs[] = "/encoreJobs", search[] = "/encoreJobs/search/";
	static const struct filter all = { NULL, NULL };
	struct encore *encore = instance->state;
	const char *path = call->path;
	cJSON *root;

	if (strcmp(path, jobs) == 0 && strcmp(call->method, "GET") == 0)
		jobs_page(call, encore, &all);
	else if (strcmp(path, jobs) == 0 && strcmp(call->method, "POST") == 0)
		job_create(call, encore);
	else if (strncmp(path, search, sizeof(search) - 1) == 0)
		jobs_search(call, encore, path + sizeof(search) - 1);
	else if (strncmp(path, "/encoreJobs/", 12) == 0)
		job_answer(call, encore, path + 12);
	else if (strcmp(path, "/") == 0) {
		root = cJSON_CreateObject();
		add_link(cJSON_AddObjectToObject(root, "_links"), "encoreJobs",
		    pool_printf(&call->pool, "%s/encoreJobs{?page,size,sort}", encore->url));
		reply_hal(call, 200, root);
	} else if (strcmp(call->method, "GET") == 0)
		file_answer(call, encore);
	else
		reply_spring(call, 404, "Not Found", NULL);
}

static void
replace(char **text, const char *value)
{
	free(*text);
	*text = mem_strdup(value);
}

static void
start(struct world *world, struct instance *instance)
{
	struct encore *encore = instance->state;

	if (encore == NULL)
		instance->state = encore = encore_new(world);
	replace(&encore->tenant, instance->tenant);
	replace(&encore->url, instance->origin->url);
	replace(&encore->profiles_url, instance_value(instance, "profilesUrl"));
	replace(&encore->endpoint, instance_value(instance, "s3Endpoint"));
	replace(&encore->access, instance_value(instance, "s3AccessKeyId"));
	replace(&encore->secret, instance_value(instance, "s3SecretAccessKey"));
	encore_work(encore);
}

static void
stop(struct world *world, struct instance *instance)
{
	(void)world;
	if (instance->state != NULL)
		encore_interrupt(instance->state);
}

static void
forget(struct world *world, struct instance *instance)
{
	(void)world;
	if (instance->state != NULL)
		encore_release(instance->state);
}

const struct part part_encore = {
	.service_id = "encore", .start = start, .stop = stop, .forget = forget, .answer = answer
};
