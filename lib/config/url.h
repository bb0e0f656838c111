/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_CONFIG_URL_H
#define OSCGI_CONFIG_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * The URLs of the settings, split strictly: absolute, http or https, no user
 * information, query or fragment.  Only for what the owner of the site wrote: URLs from
 * the platform are parsed by the library that fetches them.  This runs whenever
 * a plain CGI process starts, which loading that library would slow threefold.
 */
struct url_parts {
	bool        https;
	const char *host;	/* with brackets when IPv6; not NUL-terminated */
	size_t      host_len;
	const char *port;	/* digits; NULL when absent */
	size_t      port_len;
	const char *path;	/* "" or what follows, from its slash on */
};

/* NULL, or what is wrong with it, as the end of a sentence. */
const char *url_split(const char *url, struct url_parts *out);
/*
 * The one way to write it: scheme and host in lower case, without the scheme's
 * own port, without slashes at the end.  NULL: out of memory.
 */
const char *url_normal(const struct url_parts *u, struct arena *a);
/* As host_is_loopback. */
bool url_is_loopback(const struct url_parts *u);

/* A DNS name, an IPv4 address, or an IPv6 address in brackets, of `len` bytes. */
bool url_host_is_wellformed(const char *host, size_t len);

#endif
