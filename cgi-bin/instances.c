/* SPDX-License-Identifier: MIT */
/*
 * instances - every instance, and those of one service.  Secrets are masked.
 *
 *   GET                       200 {"instances":[...],"errors":[...]}: all, with their health
 *   GET {sid}                 200 the service's instances    404 not among the visitor's services
 *   POST {sid}?wait=N         {"name",options} 201 the document; activates the service where needed
 *   GET {sid}/{name}          200 the document
 *   PATCH {sid}/{name}        options: 200 the document
 *   DELETE {sid}/{name}       204
 *   GET {sid}/{name}/health   200 {"status",...}
 *
 *   400 a field is wrong, or holds a mask that was read from here; OSC's refusals keep their status
 */
#include <string.h>

#include "json/json.h"
#include "osc/catalog.h"
#include "osc/ids.h"
#include "osc/instance.h"
#include "osc/mask.h"
#include "routes.h"
#include "web/request.h"
#include "web/response.h"

#define WAIT_MAX_S 25

enum err
instances_list_all(struct app *app, struct request *rq, struct response *rs)
{
	struct json *overview;
	enum err e;

	(void)app;
	e = osc_instances_all(rq->osc, &overview);
	if (e != ERR_OK)
		return e;
	return response_json(rs, 200, overview);
}

/* The service that the path names.  Reading and changing do not subscribe; creating does. */
static enum err
find_service(struct request *rq, struct osc_service **s)
{
	return osc_catalog_find(rq->osc, request_segment(rq, "sid"), s);
}

static enum err
answer_document(struct request *rq, struct response *rs, int status, const struct osc_service *s,
    struct json *document)
{
	osc_mask_document(rq->call.arena, document, s->secret_options);
	return response_json(rs, status, document);
}

enum err
instances_list(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	struct json *list;
	enum err e;

	(void)app;
	e = find_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_list(rq->osc, s, &list);
	if (e != ERR_OK)
		return e;
	return answer_document(rq, rs, 200, s, list);
}

/* publicAccess is taken by every database service, whether its record lists it or not. */
static bool
has_option(const struct json *record, const char *name)
{
	const struct json *options = json_get(record, "serviceInstanceOptions"), *option;

	if (json_count(options) == 0 || strcmp(name, "name") == 0 || strcmp(name, "publicAccess") == 0)
		return true;
	for (option = json_first(options); option != NULL; option = json_next(option)) {
		const char *known = json_string(option, "name");

		if (known != NULL && strcmp(known, name) == 0)
			return true;
	}
	return false;
}

/* What can be told before anything is sent; values are the platform's to judge. */
static enum err
check_options(struct request *rq, const char *sid, const struct json *record)
{
	const struct json *member;

	for (member = json_first(rq->body); member != NULL; member = json_next(member)) {
		enum json_kind kind = json_kind(member);

		if (!has_option(record, json_name(member)))
			return call_fail(&rq->call, ERR_BAD_REQUEST, "%s has no option \"%.64s\"", sid,
			    json_name(member));
		if (kind != JSON_STRING && kind != JSON_BOOL && kind != JSON_NUMBER)
			return call_fail(&rq->call, ERR_BAD_REQUEST,
			    "the value of \"%.64s\" must be a string, a number or a boolean", json_name(member));
	}
	if (osc_holds_mask(rq->body))
		return call_fail(&rq->call, ERR_BAD_REQUEST,
		    "a value is \"" OSC_MASK "\", which stands for a secret that is not shown: "
		    "leave the option out, or give a new value");
	return ERR_OK;
}

/* The service's record, activating it where that is allowed; *s is known afterwards. */
static enum err
find_record(struct request *rq, bool activate, struct json **record, struct osc_service **s)
{
	const char *sid = request_segment(rq, "sid");
	struct json *list;
	enum err e;

	e = osc_catalog_list(rq->osc, &list);
	if (e != ERR_OK)
		return e;
	*record = osc_catalog_record(list, sid);
	if (*record == NULL && activate) {
		e = osc_catalog_activate(rq->osc, sid, record);
		if (e != ERR_OK)
			return e;
	}
	*s = osc_catalog_known(rq->osc, sid);
	if (*record == NULL || *s == NULL)
		return call_fail(&rq->call, ERR_NOT_FOUND, "%s is not among your services; activate it first", sid);
	return ERR_OK;
}

enum err
instances_create(struct app *app, struct request *rq, struct response *rs)
{
	const char *name = json_string(rq->body, "name"), *sid = request_segment(rq, "sid"), *location;
	struct json *record, *document;
	struct osc_service *s;
	int wait_s;
	enum err e;

	(void)app;
	if (!osc_is_new_name(name))
		return call_fail(&rq->call, ERR_BAD_REQUEST, "name must be 1 to 20 lower-case letters and digits");
	e = request_param_int(rq, "wait", 0, WAIT_MAX_S, 0, &wait_s);
	if (e != ERR_OK)
		return e;
	/* What needs no record is said before a service is activated for it. */
	e = check_options(rq, sid, NULL);
	if (e == ERR_OK)
		e = find_record(rq, true, &record, &s);
	if (e == ERR_OK)
		e = check_options(rq, sid, record);
	if (e == ERR_OK)
		e = osc_instance_create(rq->osc, s, rq->body, &document);
	if (e != ERR_OK)
		return e;
	if (wait_s > 0)
		osc_instance_await(rq->osc, s, name, wait_s * 1000);
	location = osc_join(rq->call.arena, rq->script_name, sid);
	if (location != NULL)
		location = osc_join(rq->call.arena, location, name);
	if (location == NULL)
		return ERR_NOMEM;
	e = answer_document(rq, rs, 201, s, document);
	if (e != ERR_OK)
		return e;
	return response_header(rs, "Location", location);
}

enum err
instances_read(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	struct json *document;
	enum err e;

	(void)app;
	e = find_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_get(rq->osc, s, request_segment(rq, "name"), &document);
	if (e != ERR_OK)
		return e;
	return answer_document(rq, rs, 200, s, document);
}

enum err
instances_change(struct app *app, struct request *rq, struct response *rs)
{
	const char *sid = request_segment(rq, "sid"), *name = request_segment(rq, "name");
	const struct json *renamed = json_get(rq->body, "name");
	struct json *record, *document;
	struct osc_service *s;
	enum err e;

	(void)app;
	if (renamed != NULL && (json_text(renamed) == NULL || strcmp(json_text(renamed), name) != 0))
		return call_fail(&rq->call, ERR_BAD_REQUEST, "an instance cannot be renamed");
	e = check_options(rq, sid, NULL);
	if (e == ERR_OK)
		e = find_record(rq, false, &record, &s);
	if (e == ERR_OK)
		e = check_options(rq, sid, record);
	if (e == ERR_OK)
		e = osc_instance_change(rq->osc, s, name, rq->body, &document);
	if (e != ERR_OK)
		return e;
	return answer_document(rq, rs, 200, s, document);
}

enum err
instances_remove(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	enum err e;

	(void)app;
	e = find_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_remove(rq->osc, s, request_segment(rq, "name"));
	if (e != ERR_OK)
		return e;
	return response_empty(rs, 204);
}

enum err
instances_health(struct app *app, struct request *rq, struct response *rs)
{
	struct osc_service *s;
	struct json *health;
	enum err e;

	(void)app;
	e = find_service(rq, &s);
	if (e == ERR_OK)
		e = osc_instance_health(rq->osc, s, request_segment(rq, "name"), &health);
	if (e != ERR_OK)
		return e;
	return answer_document(rq, rs, 200, s, health);
}
