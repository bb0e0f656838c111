/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OAUTH_REFUSAL_H
#define OSCGI_OAUTH_REFUSAL_H

#include "base/call.h"
#include "http/http.h"

/*
 * What an error response means (RFC 6749 5.2): ERR_GRANT_REJECTED,
 * ERR_CLIENT_REJECTED, ERR_UPSTREAM (5xx, 429, 408) or ERR_PROTOCOL (an error status without an OAuth
 * error code: a proxy's page says nothing about our grant).  `what` begins the sentence for the visitor.
 */
WARN_UNUSED enum err oauth_refusal(struct call *c, const struct http_request *rq, const char *what);

#endif
