/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_WEB_COOKIE_H
#define OSCGI_WEB_COOKIE_H

#include "base/err.h"
#include "config/config.h"
#include "web/request.h"
#include "web/response.h"

/*
 * The one cookie: __Host-NAME over https, NAME over http.  It names a session and
 * carries nothing else.                                            RFC 6265bis
 */

/* Fills rq->cookie; given twice, none counts, for one of them is somebody else's. */
void cookie_read(struct request *rq, const struct config *cf);
WARN_UNUSED enum err cookie_set(struct response *rs, const struct request *rq, const struct config *cf,
    const char *value);
WARN_UNUSED enum err cookie_expire(struct response *rs, const struct request *rq, const struct config *cf);

#endif
