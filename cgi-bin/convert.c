/* SPDX-License-Identifier: MIT */
/*
 * convert - the Open Media Convert app: a transcoding pipeline in the visitor's workspace, and its jobs.
 *
 *   GET pipeline        200 {"status","streaming","profiles":[...],"services":[...],"operation"}
 *   POST pipeline       {"streaming":bool} 202 the operation that makes it    409 one is at work on it
 *   DELETE pipeline     202 the operation that removes it; ?storage=encoreshared: the storage and all files too
 *   POST uploads        {"name","type"} 201 {"uploadUrl","source"}: PUT the file there, name the source in a job
 *   GET jobs?page=N     200 {"jobs":[...],"page","pages","total"}, newest first; the first page is 0
 *   POST jobs           {"source","profile?","name?"} 201 the job
 *   GET jobs/{id}       200 {"id","name","status","progress","outputs":[{"url","type","size"}],"packaging","message"};
 *                       addresses of results are good for fifteen minutes
 *   DELETE jobs/{id}    204 cancels what runs; of what ended, removes its files and shows it no more
 *
 *   409 there is no pipeline that is ready
 */
#include <string.h>

#include "answering.h"
#include "beginning.h"
#include "flow/convert.h"
#include "flow/tenant.h"
#include "json/json.h"
#include "routes.h"
#include "web/request.h"
#include "web/response.h"

#define PAGE_MAX 10000

static enum err
open_convert(struct app *app, struct request *rq, struct convert *cv)
{
	*cv = (struct convert){ .app = app, .call = &rq->call, .osc = rq->osc, .session = rq->session };
	return tenant_of(app, rq->osc, rq->session, &cv->tenant);
}

enum err
convert_pipeline_read(struct app *app, struct request *rq, struct response *rs)
{
	struct convert cv;
	struct json *out;
	enum err e;

	e = open_convert(app, rq, &cv);
	if (e == ERR_OK)
		e = convert_read(&cv, &out);
	return e == ERR_OK ? answer_document(rq, rs, 200, NULL, out) : e;
}

enum err
convert_pipeline_make(struct app *app, struct request *rq, struct response *rs)
{
	const struct json *streaming = json_get(rq->body, "streaming");
	struct json *input = json_object(rq->call.arena);
	struct convert cv;
	enum err e;

	if (streaming != NULL && json_kind(streaming) != JSON_BOOL)
		return call_fail(&rq->call, ERR_BAD_REQUEST, "streaming must be true or false");
	json_set_bool(input, "streaming", json_bool(rq->body, "streaming", false));
	e = open_convert(app, rq, &cv);
	return e == ERR_OK ? answer_begun(app, rq, rs, &convert_make, cv.tenant, CONVERT_NAME, input) : e;
}

enum err
convert_pipeline_remove(struct app *app, struct request *rq, struct response *rs)
{
	struct json *input = json_object(rq->call.arena);
	struct convert cv;
	const char *storage;
	enum err e;

	e = request_param(rq, "storage", 64, &storage);
	if (e != ERR_OK)
		return e;
	/* Files are removed only by who says their storage's name. */
	if (storage != NULL && strcmp(storage, CONVERT_NAME) != 0)
		return call_fail(&rq->call, ERR_BAD_REQUEST, "storage, where given, must be the name of the storage to remove "
		    "with every file in it: " CONVERT_NAME);
	json_set_bool(input, "storage", storage != NULL);
	e = open_convert(app, rq, &cv);
	return e == ERR_OK ? answer_begun(app, rq, rs, &convert_remove, cv.tenant, CONVERT_NAME, input) : e;
}

enum err
convert_upload_make(struct app *app, struct request *rq, struct response *rs)
{
	struct convert cv;
	struct json *out;
	enum err e;

	e = open_convert(app, rq, &cv);
	if (e == ERR_OK)
		e = convert_upload(&cv, rq->body, &out);
	return e == ERR_OK ? answer_document(rq, rs, 201, NULL, out) : e;
}

enum err
convert_job_list(struct app *app, struct request *rq, struct response *rs)
{
	struct convert cv;
	struct json *out;
	int page;
	enum err e;

	e = request_param_int(rq, "page", 0, PAGE_MAX, 0, &page);
	if (e == ERR_OK)
		e = open_convert(app, rq, &cv);
	if (e == ERR_OK)
		e = convert_jobs(&cv, page, &out);
	return e == ERR_OK ? answer_document(rq, rs, 200, NULL, out) : e;
}

enum err
convert_job_make(struct app *app, struct request *rq, struct response *rs)
{
	const char *id;
	struct convert cv;
	struct json *out;
	enum err e;

	e = open_convert(app, rq, &cv);
	if (e == ERR_OK)
		e = convert_job_create(&cv, rq->body, &out);
	if (e != ERR_OK)
		return e;
	id = json_string(out, "id");
	if (id == NULL)
		return call_fail(&rq->call, ERR_PROTOCOL, "encore gave the job no id");
	e = answer_location(rq, rs, "jobs", id);
	return e == ERR_OK ? answer_document(rq, rs, 201, NULL, out) : e;
}

enum err
convert_job_read(struct app *app, struct request *rq, struct response *rs)
{
	struct convert cv;
	struct json *out;
	enum err e;

	e = open_convert(app, rq, &cv);
	if (e == ERR_OK)
		e = convert_job(&cv, request_segment(rq, "id"), &out);
	return e == ERR_OK ? answer_document(rq, rs, 200, NULL, out) : e;
}

enum err
convert_job_delete(struct app *app, struct request *rq, struct response *rs)
{
	struct convert cv;
	enum err e;

	e = open_convert(app, rq, &cv);
	if (e == ERR_OK)
		e = convert_job_remove(&cv, request_segment(rq, "id"));
	return e == ERR_OK ? response_empty(rs, 204) : e;
}
