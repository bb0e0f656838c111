/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_WEB_PROBLEM_H
#define OSCGI_WEB_PROBLEM_H

#include "web/request.h"
#include "web/response.h"
#include "web/route.h"

/*
 * Turn a failure into an answer: application/problem+json (RFC 9457), or an HTML
 * page.  Takes the place of the body; headers that were added stay.
 *
 * retry_href  where the page's link "Try again" leads; NULL = none
 */
void problem_answer(struct response *rs, const struct request *rq, enum err e, enum route_errors as,
    const char *retry_href);

#endif
