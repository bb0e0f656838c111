/* SPDX-License-Identifier: MIT */
/*
 * apps - My Apps: deployed from a GitHub repository.
 *
 *   GET                200 all of them
 *   POST               {"name","type","gitHubUrl","gitHubToken"?,"configService"?} 201 the document, still building
 *   GET {id}           200 the document: its buildStatus, and its url once there is one
 *   DELETE {id}        204
 *   POST {id}/rebuild  204: the newest commit is built and started
 */
#include "answering.h"
#include "json/json.h"
#include "osc/app.h"
#include "routes.h"
#include "web/request.h"
#include "web/response.h"

enum err
apps_list(struct app *app, struct request *rq, struct response *rs)
{
	struct json *list;
	enum err e;

	(void)app;
	e = osc_app_list(rq->osc, &list);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, NULL, list);
}

enum err
apps_create(struct app *app, struct request *rq, struct response *rs)
{
	struct json *document;
	const char *id;
	enum err e;

	(void)app;
	e = osc_app_check(&rq->call, rq->body);
	if (e == ERR_OK)
		e = osc_app_create(rq->osc, rq->body, &document);
	if (e != ERR_OK)
		return e;
	id = json_string(document, "id");
	e = answer_location(rq, rs, id != NULL ? id : json_string(rq->body, "name"), NULL);
	return e != ERR_OK ? e : answer_document(rq, rs, 201, NULL, document);
}

enum err
apps_read(struct app *app, struct request *rq, struct response *rs)
{
	struct json *document;
	enum err e;

	(void)app;
	e = osc_app_get(rq->osc, request_segment(rq, "id"), &document);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, NULL, document);
}

enum err
apps_remove(struct app *app, struct request *rq, struct response *rs)
{
	enum err e;

	(void)app;
	e = osc_app_remove(rq->osc, request_segment(rq, "id"));
	return e != ERR_OK ? e : response_empty(rs, 204);
}

enum err
apps_rebuild(struct app *app, struct request *rq, struct response *rs)
{
	enum err e;

	(void)app;
	e = osc_app_rebuild(rq->osc, request_segment(rq, "id"));
	return e != ERR_OK ? e : response_empty(rs, 204);
}
