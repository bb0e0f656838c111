/* SPDX-License-Identifier: MIT */
#include "flow/convert.h"

#include <string.h>

#include "base/text.h"
#include "flow/convert_files.h"
#include "flow/convert_packaging.h"
#include "osc/catalog.h"
#include "osc/encore.h"
#include "osc/mask.h"

#define PAGE_SIZE       10
#define RESULT_LIFE_S   900
#define RESULT_QUERY    "response-content-disposition=attachment"	/* a link downloads; a player takes no notice */
#define SOURCE_MAX      2048
#define NOT_PACKAGED    "It was converted, but not packaged for streaming, though that was asked for again and again. " \
	"The packager's log may say why; convert it once more, or use the files."

/*
 * Jobs as browsers see them
 */

static void
add_output(const struct convert *cv, struct json *outputs, const char *url, const char *type, const struct json *from)
{
	const struct json *size = json_get(from, "fileSize");
	struct json *entry = json_object(cv->call->arena);

	json_set_string(entry, "url", url);
	json_set_string(entry, "type", type);
	if (size != NULL && json_kind(size) == JSON_NUMBER)
		json_set_number(entry, "size", json_number(size));
	else
		json_set_null(entry, "size");
	json_append(outputs, entry);
}

static enum err
add_outputs(const struct convert *cv, const struct osc_s3 *s3, const struct json *job, struct json *outputs)
{
	for (const struct json *j = json_first(json_get(job, "output")); j != NULL; j = json_next(j)) {
		const char *key = convert_key_in(json_string(j, "file"), CONVERT_OUTPUT), *url;

		if (key == NULL)
			continue;
		url = osc_s3_presign(cv->call->arena, s3, "GET", CONVERT_OUTPUT, key, RESULT_QUERY,
		    clock_now_s(cv->app->clock), RESULT_LIFE_S);
		if (url == NULL)
			return ERR_NOMEM;
		add_output(cv, outputs, url, json_string(j, "type"), j);
	}
	return ERR_OK;
}

static double
progress(const struct json *job)
{
	const struct json *j = json_get(job, "progress");
	const char *status = json_string(job, "status");
	double p = j != NULL ? json_number(j) / 100 : 0;

	if (status != NULL && strcmp(status, "SUCCESSFUL") == 0)
		return 1;
	return p < 0 ? 0 : p > 1 ? 1 : p;
}

static const char *
packaging_word(enum packaging p)
{
	static const char *const words[] = { [PACKAGING_RUNNING] = "running", [PACKAGING_DONE] = "done",
		[PACKAGING_FAILED] = "failed" };

	return words[p];
}

static enum err
job_document(const struct convert *cv, const struct osc_s3 *s3, const struct packaged *p, struct json **out)
{
	struct arena *a = cv->call->arena;
	const struct json *job = p->job;
	struct json *doc = json_object(a), *outputs = json_array(a);
	const char *message = json_string(job, "message");
	const char *source = json_string(json_first(json_get(job, "inputs")), "uri");
	enum err e = add_outputs(cv, s3, job, outputs);

	if (p->packaging == PACKAGING_DONE)
		add_output(cv, outputs, p->playlist, "HLS", NULL);
	if (p->packaging == PACKAGING_FAILED)
		message = NOT_PACKAGED;
	json_set_string(doc, "id", json_string(job, "id"));
	json_set_string(doc, "name", json_string(job, "baseName"));
	json_set_string(doc, "status", json_string(job, "status"));
	json_set_number(doc, "progress", progress(job));
	json_set_string(doc, "profile", json_string(job, "profile"));
	json_set_string(doc, "source", source != NULL ? osc_mask_text(a, source) : NULL);
	json_set_string(doc, "createdDate", json_string(job, "createdDate"));
	json_set_string(doc, "startedDate", json_string(job, "startedDate"));
	json_set_string(doc, "completedDate", json_string(job, "completedDate"));
	json_set(doc, "outputs", outputs);
	json_set_string(doc, "packaging", packaging_word(p->packaging));
	json_set_string(doc, "message", message != NULL ? osc_mask_text(a, message) : NULL);
	*out = doc;
	return e;
}

struct encoder {
	struct system       sys;
	struct osc_s3       s3;
	struct osc_service *service;
	const char         *url;
};

static enum err
open_encoder(const struct convert *cv, struct encoder *en)
{
	enum err e = convert_load_ready(cv, &en->sys, &en->s3);

	if (e != ERR_OK)
		return e;
	en->url = system_fact(&en->sys, CONVERT_FACT_ENCODER_URL);
	return osc_catalog_find(cv->osc, CONVERT_ENCODER, &en->service);
}

static bool
is_removed(const struct convert *cv, const struct system *sys, const char *id)
{
	return id == NULL || convert_job_when(cv, sys, CONVERT_JOB_REMOVED, id) != 0;
}

enum err
convert_jobs(const struct convert *cv, int page, struct json **out)
{
	struct json *list = json_array(cv->call->arena), *answer, *entry;
	struct packaged jobs[PAGE_SIZE];
	int64_t pages = 0, total = 0;
	struct encoder en;
	size_t n = 0;
	enum err e;

	e = open_encoder(cv, &en);
	if (e == ERR_OK)
		e = osc_encore_jobs(cv->osc, en.service, en.url, page, PAGE_SIZE, &answer);
	if (e != ERR_OK)
		return e;
	for (const struct json *j = json_first(json_get(json_get(answer, "_embedded"), "encoreJobs"));
	    j != NULL && n < PAGE_SIZE; j = json_next(j))
		jobs[n++] = (struct packaged){ .job = j, .removed = is_removed(cv, &en.sys, json_string(j, "id")) };
	e = packaging_look(cv, &en.sys, &en.s3, jobs, n);
	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		if (jobs[i].removed)
			continue;
		e = job_document(cv, &en.s3, &jobs[i], &entry);
		json_append(list, entry);
	}
	if (e != ERR_OK)
		return e;
	if (!json_int(json_get(answer, "page"), "totalPages", 0, INT32_MAX, &pages))
		pages = 0;
	if (!json_int(json_get(answer, "page"), "totalElements", 0, INT32_MAX, &total))
		total = 0;
	*out = json_object(cv->call->arena);
	json_set(*out, "jobs", list);
	json_set_int(*out, "page", page);
	json_set_int(*out, "pages", pages);
	json_set_int(*out, "total", total);
	return ERR_OK;
}

/* A job of the visitor's, with the encoder that has it. */
static enum err
find_job(const struct convert *cv, const char *id, struct encoder *en, struct json **job)
{
	enum err e = open_encoder(cv, en);

	if (e == ERR_OK && is_removed(cv, &en->sys, id))
		e = call_fail(cv->call, ERR_NOT_FOUND, "There is no such job.");
	return e == ERR_OK ? osc_encore_job(cv->osc, en->service, en->url, id, job) : e;
}

enum err
convert_job(const struct convert *cv, const char *id, struct json **out)
{
	struct packaged job = { .packaging = PACKAGING_NONE };
	struct encoder en;
	struct json *found;
	enum err e;

	e = find_job(cv, id, &en, &found);
	if (e != ERR_OK)
		return e;
	job.job = found;
	e = packaging_look(cv, &en.sys, &en.s3, &job, 1);
	return e == ERR_OK ? job_document(cv, &en.s3, &job, out) : e;
}

/*
 * Making one
 */

static bool
is_source(const char *s)
{
	if (s == NULL || strlen(s) > SOURCE_MAX || text_has_control(s) || strchr(s, ' ') != NULL || strchr(s, '\\') != NULL)
		return false;
	if (text_starts_with(s, "https://"))
		return s[strlen("https://")] != '\0' && s[strlen("https://")] != '/';
	return convert_key_in(s, CONVERT_INPUT) != NULL && strstr(s, "/../") == NULL;
}

/* What a job is called unless it is told: its source's last part, without the ending. */
static const char *
name_of_source(struct arena *a, const char *source)
{
	const char *path = arena_strndup(a, source, strcspn(source, "?#")), *last;
	char *name;

	last = path == NULL ? NULL : strrchr(path, '/');
	if (last == NULL)
		return NULL;
	name = (char *)convert_safe_name(a, last[1] != '\0' ? last + 1 : "job");
	if (name != NULL && strrchr(name, '.') != NULL && strrchr(name, '.') != name)
		*strrchr(name, '.') = '\0';
	return name;
}

static struct json *
job_input(struct arena *a, const char *source)
{
	struct json *input = json_object(a), *params = json_object(a);

	json_set_string(input, "type", "AudioVideo");
	json_set_string(input, "uri", source);
	json_set_bool(input, "copyTs", true);
	if (text_starts_with(source, "https://")) {
		json_set_string(params, "reconnect", "1");
		json_set_string(params, "reconnect_on_network_error", "1");
		json_set(input, "params", params);
	}
	return input;
}

static enum err
job_request(const struct convert *cv, const struct encoder *en, const struct json *body, struct json **out)
{
	struct arena *a = cv->call->arena;
	const char *source = json_string(body, "source"), *profile = json_string(body, "profile");
	const char *name = json_string(body, "name"), *id = convert_random_id(a), *listener;
	struct json *rq = json_object(a), *inputs = json_array(a);

	if (name == NULL)
		name = name_of_source(a, source);
	listener = system_fact(&en->sys, CONVERT_FACT_LISTENER_URL);
	if (name == NULL || id == NULL)
		return ERR_NOMEM;
	id = arena_concat(a, name, "-", id);
	if (id == NULL)
		return ERR_NOMEM;
	json_set_string(rq, "externalId", id);
	json_set_string(rq, "profile", profile != NULL ? profile : CONVERT_PROFILE);
	json_set_string(rq, "outputFolder", arena_concat(a, "s3://" CONVERT_OUTPUT "/", id, "/"));
	json_set_string(rq, "baseName", name);
	if (system_fact(&en->sys, CONVERT_FACT_STREAMING) != NULL && listener != NULL)
		json_set_string(rq, "progressCallbackUri", arena_concat(a, listener, OSC_ENCORE_CALLBACK));
	json_append(inputs, job_input(a, source));
	json_set(rq, "inputs", inputs);
	*out = rq;
	return ERR_OK;
}

static enum err
check_job(const struct convert *cv, const struct json *body)
{
	const struct json *name = json_get(body, "name"), *profile = json_get(body, "profile");

	if (!is_source(json_string(body, "source")))
		return call_fail(cv->call, ERR_BAD_REQUEST, "source must be an https address, or the source of an upload");
	if (name != NULL && (json_text(name) == NULL || !osc_encore_is_word(json_text(name))))
		return call_fail(cv->call, ERR_BAD_REQUEST, "name must be 1 to %d letters, digits, dots, hyphens and "
		    "underscores, and begin with a letter or digit", OSC_ENCORE_WORD_MAX);
	if (profile != NULL && (json_text(profile) == NULL || !osc_encore_is_word(json_text(profile))))
		return call_fail(cv->call, ERR_BAD_REQUEST, "profile must be the name of a profile");
	return ERR_OK;
}

enum err
convert_job_create(const struct convert *cv, const struct json *body, struct json **out)
{
	struct json *request = NULL, *job = NULL;
	struct encoder en;
	enum err e;

	e = check_job(cv, body);
	if (e == ERR_OK)
		e = open_encoder(cv, &en);
	if (e == ERR_OK)
		e = packaging_prepare(cv, &en.sys);
	if (e == ERR_OK)
		e = job_request(cv, &en, body, &request);
	if (e == ERR_OK)
		e = osc_encore_job_create(cv->osc, en.service, en.url, request, &job);
	return e == ERR_OK ? job_document(cv, &en.s3, &(struct packaged){ .job = job }, out) : e;
}

/*
 * Removing one
 */

/* Of what was packaged, too: it may be for everybody to read. */
static enum err
remove_files(const struct convert *cv, const struct encoder *en, const struct json *job)
{
	const char *folder = packaging_folder(cv->call->arena, job);
	enum err e = folder == NULL ? ERR_OK : osc_s3_folder_remove(cv->osc, &en->s3, CONVERT_OUTPUT, folder);

	for (const struct json *j = json_first(json_get(job, "output")); e == ERR_OK && j != NULL; j = json_next(j)) {
		const char *key = convert_key_in(json_string(j, "file"), CONVERT_OUTPUT);

		if (key != NULL)
			e = osc_s3_object_remove(cv->osc, &en->s3, CONVERT_OUTPUT, key);
	}
	return e;
}

static void
note_removed(const struct convert *cv, struct system *sys, const void *id)
{
	convert_job_note(cv, sys, CONVERT_JOB_REMOVED, id);
}

enum err
convert_job_remove(const struct convert *cv, const char *id)
{
	struct encoder en;
	struct json *job;
	enum err e;

	e = find_job(cv, id, &en, &job);
	if (e != ERR_OK)
		return e;
	if (!osc_encore_has_ended(job))
		return osc_encore_job_cancel(cv->osc, en.service, en.url, id);
	e = remove_files(cv, &en, job);
	return e == ERR_OK ? convert_change(cv, &en.sys, note_removed, id) : e;
}
