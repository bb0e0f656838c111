/* SPDX-License-Identifier: MIT */
/*
 * secrets - of a service: its instances' options refer to them as {{secrets.NAME}}.  Values never come back.
 *
 *   GET {sid}              200 [{"serviceId","secretName"}]
 *   POST {sid}             {"name","value"} 201 saved, also where one of that name existed: the same, without its value
 *   PUT {sid}/{secret}     {"value"} 204 changed    404 there is none of that name
 *   DELETE {sid}/{secret}  204
 */
#include <string.h>

#include "answering.h"
#include "json/json.h"
#include "osc/ids.h"
#include "osc/secret.h"
#include "routes.h"
#include "web/request.h"
#include "web/response.h"

#define VALUE_MAX (64 * 1024)

static enum err
read_value(struct request *rq, const char **value)
{
	*value = json_string(rq->body, "value");
	if (*value == NULL || **value == '\0' || strlen(*value) > VALUE_MAX)
		return call_fail(&rq->call, ERR_BAD_REQUEST, "value must be a string of 1 to %d bytes", VALUE_MAX);
	return ERR_OK;
}

enum err
secrets_list(struct app *app, struct request *rq, struct response *rs)
{
	struct json *list;
	enum err e;

	(void)app;
	e = osc_secret_list(rq->osc, request_segment(rq, "sid"), &list);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, NULL, list);
}

enum err
secrets_save(struct app *app, struct request *rq, struct response *rs)
{
	const char *sid = request_segment(rq, "sid"), *name = json_string(rq->body, "name"), *value;
	struct json *saved = json_object(rq->call.arena);
	enum err e;

	(void)app;
	if (!osc_is_secret_name(name))
		return call_fail(&rq->call, ERR_BAD_REQUEST, "name must be 1 to 128 letters, digits and . _ -, the first "
		    "a letter or digit, and not \"batch\"");
	e = read_value(rq, &value);
	if (e == ERR_OK)
		e = osc_secret_put(rq->osc, sid, name, value);
	if (e == ERR_OK)
		e = answer_location(rq, rs, sid, name);
	if (e != ERR_OK)
		return e;
	json_set_string(saved, "serviceId", sid);
	json_set_string(saved, "secretName", name);
	return response_json(rs, 201, saved);
}

enum err
secrets_change(struct app *app, struct request *rq, struct response *rs)
{
	const char *name = request_segment(rq, "secret"), *value;
	enum err e;

	(void)app;
	e = read_value(rq, &value);
	if (e == ERR_OK && !osc_is_secret_name(name))
		e = call_fail(&rq->call, ERR_NOT_FOUND, "No secret can have that name.");
	if (e == ERR_OK)
		e = osc_secret_change(rq->osc, request_segment(rq, "sid"), name, value);
	return e != ERR_OK ? e : response_empty(rs, 204);
}

enum err
secrets_remove(struct app *app, struct request *rq, struct response *rs)
{
	enum err e;

	(void)app;
	e = osc_secret_remove(rq->osc, request_segment(rq, "sid"), request_segment(rq, "secret"));
	return e != ERR_OK ? e : response_empty(rs, 204);
}
