/* SPDX-License-Identifier: MIT */
#include "beginning.h"

#include "flow/operation.h"
#include "osc/ids.h"
#include "session/session.h"

enum err
answer_begun(struct app *app, struct request *rq, struct response *rs, const struct recipe *recipe,
    const char *tenant, const char *system, struct json *input)
{
	const char *operations = request_sibling(rq, request_path_reached(rq), "operations"), *location;
	struct operation op;
	enum err e;

	e = work_begin(app, &rq->call, recipe, tenant, rq->session->id, system, input, &op);
	if (e != ERR_OK)
		return e;
	location = osc_join(rq->call.arena, operations, op.id);
	if (location == NULL)
		return ERR_NOMEM;
	e = response_json(rs, 202, operation_document(rq->call.arena, &op));
	return e == ERR_OK ? response_header(rs, "Location", location) : e;
}
