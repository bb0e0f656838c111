/* SPDX-License-Identifier: MIT */
/*
 * intercom - the Open Intercom app: whole intercom systems in the visitor's workspace.
 *
 *   GET                       200 {"systems":[{"name","url","operation"}]}
 *   POST                      {"name"} 202 the operation that makes it    409 one is at work on that name
 *   GET {name}                200 {"name","url","status","operation"}
 *   DELETE {name}             202 the operation that removes what was made for it, its productions too
 *   GET {name}/productions    200 {"productions":[{"productionId","name","lines":[{"id","name"}]}],"total"}
 *   POST {name}/productions   {"name","lines":[{"name"}]} 201    409 there is one of that name
 *
 *   404 no such system
 */
#include "answering.h"
#include "beginning.h"
#include "flow/intercom.h"
#include "flow/tenant.h"
#include "json/json.h"
#include "osc/ids.h"
#include "routes.h"
#include "web/request.h"
#include "web/response.h"

static enum err
open_intercom(struct app *app, struct request *rq, struct intercom *ic)
{
	*ic = (struct intercom){ .app = app, .call = &rq->call, .osc = rq->osc };
	return tenant_of(app, rq->osc, rq->session, &ic->tenant);
}

static enum err
begin(const struct intercom *ic, struct request *rq, struct response *rs, const struct recipe *recipe, const char *name)
{
	return answer_begun(ic->app, rq, rs, recipe, ic->tenant, name, json_object(rq->call.arena));
}

enum err
intercom_systems(struct app *app, struct request *rq, struct response *rs)
{
	struct intercom ic;
	struct json *out;
	enum err e;

	e = open_intercom(app, rq, &ic);
	if (e == ERR_OK)
		e = intercom_list(&ic, &out);
	return e == ERR_OK ? answer_document(rq, rs, 200, NULL, out) : e;
}

enum err
intercom_make(struct app *app, struct request *rq, struct response *rs)
{
	const char *name = json_string(rq->body, "name");
	struct intercom ic;
	enum err e;

	if (!osc_is_new_name(name))
		return call_fail(&rq->call, ERR_BAD_REQUEST, "name must be 1 to 20 lower-case letters and digits");
	e = open_intercom(app, rq, &ic);
	return e == ERR_OK ? begin(&ic, rq, rs, &intercom_create, name) : e;
}

enum err
intercom_system(struct app *app, struct request *rq, struct response *rs)
{
	struct intercom ic;
	struct json *out;
	enum err e;

	e = open_intercom(app, rq, &ic);
	if (e == ERR_OK)
		e = intercom_read(&ic, request_segment(rq, "name"), &out);
	return e == ERR_OK ? answer_document(rq, rs, 200, NULL, out) : e;
}

enum err
intercom_remove(struct app *app, struct request *rq, struct response *rs)
{
	const char *name = request_segment(rq, "name");
	struct intercom ic;
	enum err e;

	e = open_intercom(app, rq, &ic);
	if (e == ERR_OK)
		e = intercom_exists(&ic, name);
	return e == ERR_OK ? begin(&ic, rq, rs, &intercom_delete, name) : e;
}

enum err
intercom_production_list(struct app *app, struct request *rq, struct response *rs)
{
	struct intercom ic;
	struct json *out;
	enum err e;

	e = open_intercom(app, rq, &ic);
	if (e == ERR_OK)
		e = intercom_productions(&ic, request_segment(rq, "name"), &out);
	return e == ERR_OK ? answer_document(rq, rs, 200, NULL, out) : e;
}

enum err
intercom_production_make(struct app *app, struct request *rq, struct response *rs)
{
	const char *name = request_segment(rq, "name");
	struct intercom ic;
	struct json *out;
	enum err e;

	e = open_intercom(app, rq, &ic);
	if (e == ERR_OK)
		e = intercom_production_create(&ic, name, rq->body, &out);
	if (e == ERR_OK)
		e = answer_location(rq, rs, name, "productions");
	return e == ERR_OK ? answer_document(rq, rs, 201, NULL, out) : e;
}
