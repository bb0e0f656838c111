/* SPDX-License-Identifier: MIT */
/*
 * instances - every instance, and those of one service.  Secrets are masked.
 *
 *   GET                       200 {"instances":[...],"errors":[...]}: all, with their health
 *   GET {sid}                 200 the service's instances    404 not among the visitor's services
 *   POST {sid}?wait=N         {"name",options} 201 the document; activates the service where needed
 *                             502 it was made and failed: with the end of its log
 *   GET {sid}/{name}          200 the document
 *   PATCH {sid}/{name}        options: 200 the document
 *   DELETE {sid}/{name}       204
 *   GET {sid}/{name}/health   200 {"status",...}; ?wait=N: when it is ready, or has failed
 *   GET {sid}/{name}/logs     200 text; ?tail=N: its last lines
 *   GET {sid}/{name}/ports    200 [{"externalIp","externalPort","internalPort"}]
 *   GET {sid}/{name}/endpoint 200 {"serviceDns","ports","publicAccess"}
 *   POST {sid}/{name}/restart 204
 *   GET {sid}/{name}/scale    200 {"actualReplicas","desiredReplicas"}
 *   PUT {sid}/{name}/scale    {"desiredReplicas":N} 200 the same
 *
 *   400 a field is wrong, or holds a mask that was read from here; OSC's refusals keep their status
 */
#include <string.h>

#include "answering.h"
#include "json/json.h"
#include "osc/catalog.h"
#include "osc/ids.h"
#include "osc/instance.h"
#include "osc/logs.h"
#include "osc/operate.h"
#include "osc/ready.h"
#include "routes.h"
#include "web/request.h"
#include "web/response.h"

#define WAIT_MAX_S    25
#define REPLICAS_MAX  1000
#define LOG_LINES     20	/* of an instance that failed */

enum err
instances_list_all(struct app *app, struct request *rq, struct response *rs)
{
	struct json *overview;
	enum err e;

	(void)app;
	e = osc_instances_all(rq->osc, &overview);
	return e != ERR_OK ? e : response_json(rs, 200, overview);
}

enum err
instances_list(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	struct json *list;
	enum err e;

	(void)app;
	e = path_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_list(rq->osc, s, &list);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, s, list);
}

/* It was made, and will not run: the end of its log says why, to the visitor alone. */
static enum err
tell_failure(struct request *rq, struct osc_service *s, const char *name)
{
	const char *log = NULL;
	enum err e;

	e = osc_logs_read(rq->osc, s, name, LOG_LINES, &log);
	call_recover(&rq->call);
	if (e == ERR_OK && *log != '\0')
		rq->call.more = arena_concat(rq->call.arena, "; its log ends: ", log);
	return call_fail(&rq->call, ERR_UPSTREAM, "%s was created but failed to start", name);
}

enum err
instances_create(struct app *app, struct request *rq, struct response *rs)
{
	const char *name = json_string(rq->body, "name"), *sid = request_segment(rq, "sid");
	struct osc_service *s;
	struct json *document;
	int wait_s;
	enum err e;

	(void)app;
	if (!osc_is_new_name(name))
		return call_fail(&rq->call, ERR_BAD_REQUEST, "name must be 1 to 20 lower-case letters and digits");
	e = request_param_int(rq, "wait", 0, WAIT_MAX_S, 0, &wait_s);
	/* What needs no record is said before a service is activated for it. */
	if (e == ERR_OK)
		e = osc_options_check_plain(&rq->call, rq->body);
	if (e == ERR_OK)
		e = osc_catalog_find_for(rq->osc, sid, OSC_TO_CREATE, rq->body, &s);
	if (e == ERR_OK)
		e = osc_instance_create(rq->osc, s, rq->body, &document);
	if (e == ERR_OK)
		e = answer_location(rq, rs, sid, name);
	if (e != ERR_OK)
		return e;
	if (wait_s > 0 && osc_instance_await(rq->osc, s, document, wait_s * 1000) == OSC_FAILED)
		return tell_failure(rq, s, name);
	return answer_document(rq, rs, 201, s, document);
}

enum err
instances_read(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	struct json *document;
	enum err e;

	(void)app;
	e = path_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_get(rq->osc, s, request_segment(rq, "name"), &document);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, s, document);
}

enum err
instances_change(struct app *app, struct request *rq, struct response *rs)
{
	const char *sid = request_segment(rq, "sid"), *name = request_segment(rq, "name");
	const struct json *renamed = json_get(rq->body, "name");
	struct json *document;
	struct osc_service *s;
	enum err e;

	(void)app;
	if (renamed != NULL && (json_text(renamed) == NULL || strcmp(json_text(renamed), name) != 0))
		return call_fail(&rq->call, ERR_BAD_REQUEST, "an instance cannot be renamed");
	e = osc_options_check_plain(&rq->call, rq->body);
	if (e == ERR_OK)
		e = osc_catalog_find_for(rq->osc, sid, OSC_TO_CHANGE, rq->body, &s);
	if (e == ERR_OK)
		e = osc_instance_change(rq->osc, s, name, rq->body, &document);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, s, document);
}

enum err
instances_remove(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	enum err e;

	(void)app;
	e = path_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_remove(rq->osc, s, request_segment(rq, "name"));
	return e != ERR_OK ? e : response_empty(rs, 204);
}

/* Waiting takes the document: its address is looked at as well. */
static enum err
await(struct request *rq, struct osc_service *s, const char *name, int wait_s)
{
	struct json *document;
	enum err e;

	e = osc_instance_get(rq->osc, s, name, &document);
	if (e == ERR_OK && osc_instance_await(rq->osc, s, document, wait_s * 1000) == OSC_FAILED)
		e = tell_failure(rq, s, name);
	return e;
}

enum err
instances_health(struct app *app, struct request *rq, struct response *rs)
{
	const char *name = request_segment(rq, "name");
	struct osc_service *s;
	struct json *health;
	int wait_s;
	enum err e;

	(void)app;
	e = request_param_int(rq, "wait", 0, WAIT_MAX_S, 0, &wait_s);
	if (e == ERR_OK)
		e = path_service(rq, &s);
	if (e == ERR_OK && wait_s > 0)
		e = await(rq, s, name, wait_s);
	if (e == ERR_OK)
		e = osc_instance_health(rq->osc, s, name, &health);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, s, health);
}

enum err
instances_logs(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	enum err e;

	(void)app;
	e = path_service(rq, &s);
	return e != ERR_OK ? e : answer_logs(rq, rs, s);
}

enum err
instances_ports(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	struct json *ports;
	enum err e;

	(void)app;
	e = path_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_ports(rq->osc, s, request_segment(rq, "name"), &ports);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, s, ports);
}

enum err
instances_endpoint(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	struct json *endpoint;
	enum err e;

	(void)app;
	e = path_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_endpoint(rq->osc, s, request_segment(rq, "name"), &endpoint);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, s, endpoint);
}

enum err
instances_restart(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	enum err e;

	(void)app;
	e = path_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_restart(rq->osc, s, request_segment(rq, "name"));
	return e != ERR_OK ? e : response_empty(rs, 204);
}

enum err
instances_scale(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	struct json *scale;
	enum err e;

	(void)app;
	e = path_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_scale(rq->osc, s, request_segment(rq, "name"), &scale);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, s, scale);
}

enum err
instances_set_scale(struct app *app, struct request *rq, struct response *rs)
{
	const struct json *wanted = json_get(rq->body, "desiredReplicas");
	struct osc_service *s;
	struct json *scale;
	int64_t replicas;
	enum err e;

	(void)app;
	if (wanted == NULL || json_kind(wanted) != JSON_NUMBER
	    || !json_int(rq->body, "desiredReplicas", 0, REPLICAS_MAX, &replicas))
		return call_fail(&rq->call, ERR_BAD_REQUEST, "desiredReplicas must be a whole number from 0 to %d",
		    REPLICAS_MAX);
	e = path_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_set_scale(rq->osc, s, request_segment(rq, "name"), (int)replicas, &scale);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, s, scale);
}
