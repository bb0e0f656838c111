/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_CGI_BIN_BEGINNING_H
#define OSCGI_CGI_BIN_BEGINNING_H

#include "app.h"
#include "flow/work.h"
#include "web/request.h"
#include "web/response.h"

/*
 * Begin long work, as work_begin, for the session of the request, and answer 202: the operation,
 * and in Location where to watch it.
 */
WARN_UNUSED enum err answer_begun(struct app *app, struct request *rq, struct response *rs, const struct recipe *recipe,
    const char *tenant, const char *system, struct json *input);

#endif
