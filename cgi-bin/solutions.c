/* SPDX-License-Identifier: MIT */
/*
 * solutions - services that a Terraform configuration on GitHub puts together, in one call.
 *
 *   GET           200 all deployments
 *   POST          {"name","repoUrl","variables"?} 201 the deployment, queued
 *   GET {id}      200 the deployment: its status, and its outputs once it has succeeded
 *   DELETE {id}   204: what it made is being destroyed; it is gone when GET says 404
 *   GET {id}/log  200 {"lines":[...],"next":N,"done":bool}; ?offset=N: from there on
 */
#include "answering.h"
#include "json/json.h"
#include "osc/solution.h"
#include "routes.h"
#include "web/request.h"
#include "web/response.h"

#define OFFSET_MAX 1000000000

static enum err
answer(struct request *rq, struct response *rs, int status, struct json *deployments)
{
	osc_solution_mask(rq->call.arena, deployments);
	return response_json(rs, status, deployments);
}

enum err
solutions_list(struct app *app, struct request *rq, struct response *rs)
{
	struct json *list;
	enum err e;

	(void)app;
	e = osc_solution_list(rq->osc, &list);
	return e != ERR_OK ? e : answer(rq, rs, 200, list);
}

enum err
solutions_create(struct app *app, struct request *rq, struct response *rs)
{
	struct json *document;
	enum err e;

	(void)app;
	e = osc_solution_check(&rq->call, rq->body);
	if (e == ERR_OK)
		e = osc_solution_create(rq->osc, rq->body, &document);
	if (e != ERR_OK)
		return e;
	if (json_string(document, "id") != NULL) {
		e = answer_location(rq, rs, json_string(document, "id"), NULL);
		if (e != ERR_OK)
			return e;
	}
	return answer(rq, rs, 201, document);
}

enum err
solutions_read(struct app *app, struct request *rq, struct response *rs)
{
	struct json *document;
	enum err e;

	(void)app;
	e = osc_solution_get(rq->osc, request_segment(rq, "id"), &document);
	return e != ERR_OK ? e : answer(rq, rs, 200, document);
}

enum err
solutions_remove(struct app *app, struct request *rq, struct response *rs)
{
	enum err e;

	(void)app;
	e = osc_solution_remove(rq->osc, request_segment(rq, "id"));
	return e != ERR_OK ? e : response_empty(rs, 204);
}

enum err
solutions_log(struct app *app, struct request *rq, struct response *rs)
{
	struct json *log;
	int offset;
	enum err e;

	(void)app;
	e = request_param_int(rq, "offset", 0, OFFSET_MAX, 0, &offset);
	if (e == ERR_OK)
		e = osc_solution_log(rq->osc, request_segment(rq, "id"), offset, &log);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, NULL, log);
}
