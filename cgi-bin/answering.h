/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_CGI_BIN_ANSWERING_H
#define OSCGI_CGI_BIN_ANSWERING_H

#include "osc/client.h"
#include "web/request.h"
#include "web/response.h"

/* What the programs that act as the visitor answer in the same way. */

/* The service that the path names, without subscribing to it. */
WARN_UNUSED enum err path_service(struct request *rq, struct osc_service **s);

/* A document of that service, or a list of them, without its secrets.  s NULL: of none. */
WARN_UNUSED enum err answer_document(struct request *rq, struct response *rs, int status, const struct osc_service *s,
    struct json *document);

/* Location: the address at which the program was reached, and below it `part` and, where not NULL, `name`. */
WARN_UNUSED enum err answer_location(struct request *rq, struct response *rs, const char *part, const char *name);

/* The log of what the path names, as text; ?tail=N: its last lines. */
WARN_UNUSED enum err answer_logs(struct request *rq, struct response *rs, struct osc_service *s);

#endif
