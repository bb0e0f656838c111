/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_HTTP_HTTP_CURL_H
#define OSCGI_HTTP_HTTP_CURL_H

#include "http/http.h"

/*
 * The real one.  libcurl is loaded at the first request, not at start-up: two
 * thirds of what a plain CGI process costs is the loading of it, and most requests
 * never go upstream.  Connections are kept and used again by later requests of the
 * process.
 */
struct http_curl_options {
	const char *const *platform_hosts;	/* host[:port] of the OSC_..._URL settings, lower case; NULL-terminated */
	const char *const *token_hosts;		/* suffixes (".osaas.io") or hosts, lower case; NULL-terminated */
	const char *const *site_hosts;		/* host[:port] of the site itself, lower case; NULL = nobody asks it */
	bool        loopback_allowed;	/* the configured platform is itself on the loopback: http and
					 * loopback addresses are accepted; else https and public addresses only */
	const char *proxy;		/* UPSTREAM_PROXY or NULL */
	const char *ca_file;		/* SSL_CERT_FILE, added to the system's; or NULL */
	int         timeout_ms;		/* UPSTREAM_TIMEOUT */
	const char *user_agent;
};

/* Borrows everything in `o` for as long as it is open. */
WARN_UNUSED enum err http_curl_open(const struct http_curl_options *o, struct http **out);

#endif
