/* SPDX-License-Identifier: MIT */
/*
 * suspended - what the platform has suspended; part of the program instances.
 *
 *   GET -/suspended                       200 [{"serviceId","instanceName","suspendedAt","reason","parameters"}]
 *   POST -/suspended/{sid}/{name}/resume  204    404 it is not suspended
 *   DELETE -/suspended/{sid}/{name}       204: for good
 */
#include "flow/suspended.h"
#include "json/json.h"
#include "osc/catalog.h"
#include "osc/mask.h"
#include "routes.h"

/* Each entry holds the options of another service. */
static void
mask_entries(struct request *rq, struct json *list)
{
	for (struct json *entry = json_first(list); entry != NULL; entry = json_next(entry)) {
		const char *sid = json_string(entry, "serviceId");
		const struct osc_service *s = sid == NULL ? NULL : osc_catalog_known(rq->osc, sid);

		osc_mask_document(rq->call.arena, entry, s != NULL ? s->secret_options : NULL);
	}
}

/* A service may have been forgotten since; what its record says is secret must still be known. */
static enum err
learn_services(struct request *rq, const struct json *list)
{
	struct json *services;

	for (const struct json *entry = json_first(list); entry != NULL; entry = json_next(entry)) {
		const char *sid = json_string(entry, "serviceId");

		if (sid != NULL && osc_catalog_known(rq->osc, sid) == NULL)
			return osc_catalog_list(rq->osc, &services);
	}
	return ERR_OK;
}

enum err
suspended_answer_list(struct app *app, struct request *rq, struct response *rs)
{
	struct json *list;
	enum err e;

	e = suspended_list(app, rq->osc, rq->session, &list);
	if (e == ERR_OK)
		e = learn_services(rq, list);
	if (e != ERR_OK)
		return e;
	mask_entries(rq, list);
	return response_json(rs, 200, list);
}

enum err
suspended_answer_resume(struct app *app, struct request *rq, struct response *rs)
{
	enum err e = suspended_resume(app, rq->osc, rq->session, request_segment(rq, "sid"), request_segment(rq, "name"));

	return e != ERR_OK ? e : response_empty(rs, 204);
}

enum err
suspended_answer_remove(struct app *app, struct request *rq, struct response *rs)
{
	enum err e = suspended_remove(app, rq->osc, rq->session, request_segment(rq, "sid"), request_segment(rq, "name"));

	return e != ERR_OK ? e : response_empty(rs, 204);
}
