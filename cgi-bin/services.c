/* SPDX-License-Identifier: MIT */
/*
 * services - the visitor's services (subscriptions).
 *
 *   GET             200 all of them, as the platform lists them, secrets masked
 *   POST            {"serviceId"} 201 activated (also when it was before): its record
 *   GET {sid}       200 its record    404 not among them
 *   DELETE {sid}    204
 */
#include "answering.h"
#include "json/json.h"
#include "osc/catalog.h"
#include "osc/ids.h"
#include "osc/mask.h"
#include "routes.h"
#include "web/request.h"
#include "web/response.h"

enum err
services_list(struct app *app, struct request *rq, struct response *rs)
{
	struct json *list;
	enum err e;

	(void)app;
	e = osc_catalog_list(rq->osc, &list);
	if (e != ERR_OK)
		return e;
	osc_mask_services(rq->call.arena, list);
	return response_json(rs, 200, list);
}

static enum err
answer_record(struct request *rq, struct response *rs, int status, struct json *record)
{
	osc_mask_services(rq->call.arena, record);
	return response_json(rs, status, record);
}

enum err
services_activate(struct app *app, struct request *rq, struct response *rs)
{
	const char *sid = json_string(rq->body, "serviceId");
	struct json *record;
	enum err e;

	(void)app;
	if (!osc_is_service_id(sid))
		return call_fail(&rq->call, ERR_BAD_REQUEST,
		    "serviceId must be the id of a service: lower-case letters, digits and hyphens");
	e = osc_catalog_activate(rq->osc, sid, &record);
	if (e == ERR_OK)
		e = answer_location(rq, rs, sid, NULL);
	return e == ERR_OK ? answer_record(rq, rs, 201, record) : e;
}

enum err
services_read(struct app *app, struct request *rq, struct response *rs)
{
	const char *sid = request_segment(rq, "sid");
	struct json *list, *record;
	enum err e;

	(void)app;
	e = osc_catalog_list(rq->osc, &list);
	if (e != ERR_OK)
		return e;
	record = osc_catalog_record(list, sid);
	if (record == NULL)
		return call_fail(&rq->call, ERR_NOT_FOUND, "%s is not among your services", sid);
	return answer_record(rq, rs, 200, record);
}

enum err
services_remove(struct app *app, struct request *rq, struct response *rs)
{
	enum err e;

	(void)app;
	e = osc_catalog_remove(rq->osc, request_segment(rq, "sid"));
	if (e != ERR_OK)
		return e;
	return response_empty(rs, 204);
}
