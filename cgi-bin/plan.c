/* SPDX-License-Identifier: MIT */
/*
 * plan - plan, token balance, reserved nodes.
 *
 *   GET        200 {"plan":"PERSONAL"|null,"tokens":{...}|null}: null is unknown, never an error
 *   GET nodes  200 the machines that are reserved for the workspace
 */
#include "answering.h"
#include "json/json.h"
#include "osc/node.h"
#include "osc/plan.h"
#include "routes.h"
#include "web/request.h"
#include "web/response.h"

enum err
plan_read(struct app *app, struct request *rq, struct response *rs)
{
	struct json *plan;
	enum err e;

	(void)app;
	e = osc_plan_read(rq->osc, &plan);
	if (e != ERR_OK)
		return e;
	return response_json(rs, 200, plan);
}

enum err
plan_nodes(struct app *app, struct request *rq, struct response *rs)
{
	struct json *nodes;
	enum err e;

	(void)app;
	e = osc_node_list(rq->osc, &nodes);
	return e != ERR_OK ? e : answer_document(rq, rs, 200, NULL, nodes);
}
