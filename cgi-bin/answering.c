/* SPDX-License-Identifier: MIT */
#include "answering.h"

#include <string.h>

#include "osc/catalog.h"
#include "osc/ids.h"
#include "osc/logs.h"
#include "osc/mask.h"

#define TAIL_MAX 100000

enum err
path_service(struct request *rq, struct osc_service **s)
{
	return osc_catalog_find(rq->osc, request_segment(rq, "sid"), s);
}

enum err
answer_document(struct request *rq, struct response *rs, int status, const struct osc_service *s,
    struct json *document)
{
	osc_mask_document(rq->call.arena, document, s != NULL ? s->secret_options : NULL);
	return response_json(rs, status, document);
}

enum err
answer_location(struct request *rq, struct response *rs, const char *part, const char *name)
{
	const char *location = osc_join(rq->call.arena, request_path_reached(rq), part);

	if (name != NULL)
		location = osc_join(rq->call.arena, location, name);
	return location == NULL ? ERR_NOMEM : response_header(rs, "Location", location);
}

enum err
answer_logs(struct request *rq, struct response *rs, struct osc_service *s)
{
	const char *text;
	int lines;
	enum err e;

	e = request_param_int(rq, "tail", 1, TAIL_MAX, 0, &lines);
	if (e == ERR_OK)
		e = osc_logs_read(rq->osc, s, request_segment(rq, "name"), lines, &text);
	return e != ERR_OK ? e : response_text(rs, 200, text, strlen(text));
}
