/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_WEB_ORIGIN_H
#define OSCGI_WEB_ORIGIN_H

#include "base/err.h"
#include "config/config.h"
#include "web/request.h"

/*
 * Where the browser thinks it is: PUBLIC_URL, else what a trusted proxy says,
 * else the web server's own variables.  Fills https, host, origin and address.
 *
 * ERR_BAD_HOST  not a name that we answer to, malformed, or said twice; the
 *               words name the setting that would change it
 */
WARN_UNUSED enum err origin_find(struct request *rq, const struct config *cf);

/* Fill the same with what can be had, for a route that answers under any name. */
void origin_assume(struct request *rq);

/* The host, without its port, names this machine: localhost, 127.0.0.0/8, [::1]. */
bool origin_is_loopback(const char *host);

/* The textual address lies in one of the CIDR blocks; "unix:" in the list stands for no address. */
bool origin_address_in(const char *address, const char *const *blocks);

/*
 * A browser that says where a changing request comes from must say: from here.
 * Clients that say nothing (curl) pass: they hold no cookie that another site could use.
 *
 * ERR_CROSS_SITE  by Sec-Fetch-Site or Origin
 */
WARN_UNUSED enum err origin_check_same_site(struct request *rq);

#endif
