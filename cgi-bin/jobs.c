/* SPDX-License-Identifier: MIT */
/*
 * jobs - services whose instances end by themselves.  Secrets are masked.
 *
 *   GET {sid}              200 the service's jobs    404 not among the visitor's services, or no service of jobs
 *   POST {sid}             {"name",options} 201 the document; activates the service where needed
 *   GET {sid}/{name}       200 the document; ?wait=N: when it has ended, or after so many seconds
 *   DELETE {sid}/{name}    204; its log goes with it
 *   GET {sid}/{name}/logs  200 text; ?tail=N: its last lines
 */
#include "answering.h"
#include "json/json.h"
#include "osc/catalog.h"
#include "osc/ids.h"
#include "osc/instance.h"
#include "osc/job.h"
#include "routes.h"
#include "web/request.h"
#include "web/response.h"

#define WAIT_MAX_S 25

static enum err
check_kind(struct request *rq, const struct osc_service *s)
{
	if (s->is_job)
		return ERR_OK;
	return call_fail(&rq->call, ERR_NOT_FOUND, "%s is no service of jobs: its instances run until they are removed",
	    s->service_id);
}

static enum err
job_service(struct request *rq, struct osc_service **s)
{
	enum err e = path_service(rq, s);

	return e != ERR_OK ? e : check_kind(rq, *s);
}

enum err
jobs_list(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	struct json *list;
	enum err e;

	(void)app;
	e = job_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_list(rq->osc, s, &list);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, s, list);
}

enum err
jobs_create(struct app *app, struct request *rq, struct response *rs)
{
	const char *name = json_string(rq->body, "name"), *sid = request_segment(rq, "sid");
	struct osc_service *s;
	struct json *document;
	enum err e;

	(void)app;
	if (!osc_is_new_name(name))
		return call_fail(&rq->call, ERR_BAD_REQUEST, "name must be 1 to 20 lower-case letters and digits");
	e = osc_options_check_plain(&rq->call, rq->body);
	if (e == ERR_OK)
		e = osc_catalog_find_for(rq->osc, sid, OSC_TO_CREATE, rq->body, &s);
	if (e == ERR_OK)
		e = check_kind(rq, s);
	if (e == ERR_OK)
		e = osc_instance_create(rq->osc, s, rq->body, &document);
	if (e == ERR_OK)
		e = answer_location(rq, rs, sid, name);
	return e != ERR_OK ? e : answer_document(rq, rs, 201, s, document);
}

enum err
jobs_read(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	struct json *document;
	int wait_s;
	enum err e;

	(void)app;
	e = request_param_int(rq, "wait", 0, WAIT_MAX_S, 0, &wait_s);
	if (e == ERR_OK)
		e = job_service(rq, &s);
	if (e == ERR_OK)
		e = osc_job_await(rq->osc, s, request_segment(rq, "name"), wait_s * 1000, &document);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, s, document);
}

enum err
jobs_remove(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	enum err e;

	(void)app;
	e = job_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_remove(rq->osc, s, request_segment(rq, "name"));
	return e != ERR_OK ? e : response_empty(rs, 204);
}

enum err
jobs_logs(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	enum err e;

	(void)app;
	e = job_service(rq, &s);
	return e != ERR_OK ? e : answer_logs(rq, rs, s);
}
