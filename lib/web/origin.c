/* SPDX-License-Identifier: MIT */
#include "web/origin.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/host.h"
#include "base/text.h"
#include "gateway/gateway.h"

#define HOST_MAX 255

/* Of host[:port]; an IPv6 address is in brackets. */
static size_t
host_length(const char *host)
{
	return *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
}

bool
origin_is_loopback(const char *host)
{
	return host_is_loopback(host, host_length(host));
}

/* An address as sixteen bytes, IPv4 in its mapped form; false when it is none. */
static bool
to_bytes(const char *text, unsigned char out[16])
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (inet_pton(AF_INET6, text, out) == 1)
		return true;
	memcpy(out, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, out + 12) == 1;
}

static bool
in_block(const unsigned char address[16], const char *block)
{
	char base[INET6_ADDRSTRLEN + 1];
	unsigned char b[16];
	size_t n = strcspn(block, "/");
	int64_t bits = 128;
	int whole, rest;

	if (n >= sizeof(base))
		return false;
	memcpy(base, block, n);
	base[n] = '\0';
	if (!to_bytes(base, b))
		return false;
	if (block[n] == '/') {
		if (!text_to_int(block + n + 1, 128, &bits))
			return false;
		if (strchr(base, ':') == NULL)
			bits += 96;
		if (bits > 128)
			return false;
	}
	whole = (int)bits / 8;
	rest = (int)bits % 8;
	if (memcmp(address, b, (size_t)whole) != 0)
		return false;
	return rest == 0 || (address[whole] >> (8 - rest)) == (b[whole] >> (8 - rest));
}

bool
origin_address_in(const char *address, const char *const *blocks)
{
	unsigned char a[16];
	bool unix_socket = address == NULL || *address == '\0' || text_starts_with(address, "unix:");

	if (!unix_socket && !to_bytes(address, a))
		return false;
	for (; *blocks != NULL; blocks++) {
		if (unix_socket ? strcmp(*blocks, "unix:") == 0 : in_block(a, *blocks))
			return true;
	}
	return false;
}

/* host[:port] in lower case, as an origin has it: without the scheme's own port.  NULL when malformed. */
static const char *
normal_host(struct arena *a, const char *text, bool https)
{
	static const char name_set[] = "abcdefghijklmnopqrstuvwxyz0123456789-._";
	const char *colon, *own = https ? "443" : "80";
	int64_t port;
	size_t n, i;
	char *h;

	n = strlen(text);
	if (n == 0 || n > HOST_MAX + 6)
		return NULL;
	h = arena_strdup(a, text);
	if (h == NULL)
		return NULL;
	for (i = 0; i < n; i++)
		h[i] = (char)tolower((unsigned char)h[i]);
	if (*h == '[') {
		i = strspn(h + 1, "0123456789abcdef:.") + 1;
		if (h[i] != ']')
			return NULL;
		i++;
	} else {
		i = strspn(h, name_set);
		if (i == 0 || h[0] == '.' || h[0] == '-')
			return NULL;
	}
	colon = h + i;
	if (*colon == '\0')
		return h;
	/* A leading zero would make another origin of the same one. */
	if (*colon != ':' || colon[1] == '0' || !text_to_int(colon + 1, 65535, &port))
		return NULL;
	if (strcmp(colon + 1, own) == 0)
		h[i] = '\0';
	return h;
}

static bool
host_is_allowed(const char *host, const struct config *cf)
{
	const char *const *p;
	size_t n = host_length(host), m;
	const char *public_host;

	if (*cf->allowed_hosts != NULL) {
		for (p = cf->allowed_hosts; *p != NULL; p++)
			if (strlen(*p) == n && strncasecmp(*p, host, n) == 0)
				return true;
		return false;
	}
	if (*cf->public_url == '\0')
		return origin_is_loopback(host);
	public_host = strstr(cf->public_url, "://") + 3;
	m = *public_host == '[' ? strcspn(public_host, "]") + 1 : strcspn(public_host, ":/");
	return n == m && strncasecmp(public_host, host, n) == 0;
}

/* A trusted proxy's word on one thing; NULL when it says nothing, or more than one thing while PUBLIC_URL says it. */
static enum err
forwarded(struct request *rq, const struct config *cf, const char *variable, const char **out)
{
	const char *said = request_variable(rq, variable);

	*out = NULL;
	if (said == NULL || !origin_address_in(request_variable(rq, "REMOTE_ADDR"), cf->trusted_proxies))
		return ERR_OK;
	if (strchr(said, ',') == NULL && !gateway_param_is_repeated(rq->exchange, variable)) {
		*out = *said != '\0' ? said : NULL;
		return ERR_OK;
	}
	if (*cf->public_url != '\0')
		return ERR_OK;
	return call_fail(&rq->call, ERR_BAD_HOST, "X-Forwarded-Host or X-Forwarded-Proto has more than one value; "
	    "set PUBLIC_URL to the address that browsers use.");
}

static bool
server_says_https(const struct request *rq)
{
	const char *v = request_variable(rq, "HTTPS");

	return v != NULL && (strcasecmp(v, "on") == 0 || strcmp(v, "1") == 0);
}

static enum err
find_scheme(struct request *rq, const struct config *cf, const char *proto)
{
	rq->https = server_says_https(rq);
	if (*cf->public_url != '\0')
		rq->https = text_starts_with(cf->public_url, "https:");
	else if (!rq->https && proto != NULL) {
		if (strcasecmp(proto, "https") != 0 && strcasecmp(proto, "http") != 0)
			return call_fail(&rq->call, ERR_BAD_HOST, "X-Forwarded-Proto is neither http nor https.");
		rq->https = strcasecmp(proto, "https") == 0;
	}
	return ERR_OK;
}

/* PUBLIC_URL may have a path, which the web server may or may not have taken off before it mapped the program. */
static enum err
find_address(struct request *rq, const struct config *cf)
{
	const char *url = cf->public_url, *path;

	if (*url == '\0') {
		rq->origin = arena_concat(rq->call.arena, rq->https ? "https://" : "http://", rq->host);
		if (rq->origin == NULL)
			return ERR_NOMEM;
		rq->address = arena_concat(rq->call.arena, rq->origin, rq->script_name);
		return rq->address != NULL ? ERR_OK : ERR_NOMEM;
	}
	path = strstr(url, "://") + 3;
	path += strcspn(path, "/");
	rq->origin = arena_strndup(rq->call.arena, url, (size_t)(path - url));
	if (rq->origin == NULL)
		return ERR_NOMEM;
	if (text_starts_with(rq->script_name, path) && rq->script_name[strlen(path)] == '/')
		path = "";
	rq->address = arena_concat(rq->call.arena, rq->origin, path, rq->script_name);
	return rq->address != NULL ? ERR_OK : ERR_NOMEM;
}

enum err
origin_find(struct request *rq, const struct config *cf)
{
	const char *proto, *host;
	enum err e;

	e = forwarded(rq, cf, "HTTP_X_FORWARDED_PROTO", &proto);
	if (e != ERR_OK)
		return e;
	e = forwarded(rq, cf, "HTTP_X_FORWARDED_HOST", &host);
	if (e != ERR_OK)
		return e;
	e = find_scheme(rq, cf, proto);
	if (e != ERR_OK)
		return e;
	if (host == NULL)
		host = request_variable(rq, "HTTP_HOST");
	rq->host = host != NULL ? normal_host(rq->call.arena, host, rq->https) : NULL;
	if (rq->host == NULL)
		return call_fail(&rq->call, ERR_BAD_HOST, "The Host header is missing or malformed; "
		    "ALLOWED_HOSTS lists the names that this site answers to.");
	if (!host_is_allowed(rq->host, cf))
		return call_fail(&rq->call, ERR_BAD_HOST, "This site does not answer to the name %s; "
		    "its owner can add it to the setting ALLOWED_HOSTS, or set PUBLIC_URL.", rq->host);
	return find_address(rq, cf);
}

void
origin_assume(struct request *rq)
{
	rq->host = rq->origin = "";
	rq->address = rq->script_name;
}

/* Compared by scheme, host and port: "null", or anything that is no origin, is another's. */
static bool
is_our_origin(const struct request *rq, const char *origin)
{
	bool https = text_starts_with(origin, "https://");
	const char *host, *ours;

	if (!https && !text_starts_with(origin, "http://"))
		return false;
	if (https != text_starts_with(rq->origin, "https://"))
		return false;
	host = normal_host(rq->call.arena, strstr(origin, "://") + 3, https);
	ours = normal_host(rq->call.arena, strstr(rq->origin, "://") + 3, https);
	return host != NULL && ours != NULL && strcmp(host, ours) == 0;
}

enum err
origin_check_same_site(struct request *rq)
{
	const char *site = request_variable(rq, "HTTP_SEC_FETCH_SITE");
	const char *origin = request_variable(rq, "HTTP_ORIGIN");

	if (gateway_param_is_repeated(rq->exchange, "HTTP_SEC_FETCH_SITE") ||
	    gateway_param_is_repeated(rq->exchange, "HTTP_ORIGIN"))
		return call_fail(&rq->call, ERR_CROSS_SITE, "Sec-Fetch-Site or Origin is given twice.");
	if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
		return call_fail(&rq->call, ERR_CROSS_SITE, "The browser says that another site sent this request.");
	if (origin != NULL && !is_our_origin(rq, origin))
		return call_fail(&rq->call, ERR_CROSS_SITE, "The Origin header names another site than %s; "
		    "behind a proxy, set PUBLIC_URL.", rq->origin);
	return ERR_OK;
}
