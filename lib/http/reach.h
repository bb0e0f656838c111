/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_HTTP_REACH_H
#define OSCGI_HTTP_REACH_H

#include <stdbool.h>
#include <sys/socket.h>

#include "http/http_curl.h"

/* Where requests may go: decided on the parsed address, and once more on what its name resolved to. */

/*
 * May a request of this reach go to scheme://host:port?  host is lower case, an
 * IPv6 one in brackets; port is always given.  Plain http only to loopback names,
 * and only when loopback is allowed at all.
 */
bool reach_allows(const struct http_curl_options *o, enum http_reach reach, const char *scheme, const char *host,
    int port);

/*
 * May a connection be opened to this address for a request of this reach?  Never to private, link-local,
 * shared, reserved or multicast ones, however written (v4 in v6 too); to loopback
 * only when that is allowed.  The site itself may be anywhere.	RFC 6890
 */
bool reach_allows_address(const struct http_curl_options *o, enum http_reach reach, const struct sockaddr *address);

#endif
