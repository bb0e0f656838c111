/* SPDX-License-Identifier: MIT */
/*
 * plan - plan and token balance.
 *
 *   GET   200 {"plan":"PERSONAL"|null,"tokens":{...}|null}: null is unknown, never an error
 */
#include "json/json.h"
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
