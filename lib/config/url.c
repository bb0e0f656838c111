/* SPDX-License-Identifier: MIT */
#include "config/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/host.h"

#define DIGITS    "0123456789"
#define LETTERS   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define HOST_SET  LETTERS DIGITS "-._"
#define PATH_SET  LETTERS DIGITS "-._~%!$&'()*+,;=:@/"	/* RFC 3986 3.3 */
#define HOST_MAX  253
#define LABEL_MAX 63

static bool
is_address(int family, const char *text, size_t len)
{
	unsigned char bytes[16];
	char copy[INET6_ADDRSTRLEN + 1];

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return inet_pton(family, copy, bytes) == 1;
}

bool
url_host_is_wellformed(const char *host, size_t len)
{
	size_t i, label = 0, start = 0;

	if (len == 0 || len > HOST_MAX)
		return false;
	if (host[0] == '[')
		return len > 2 && host[len - 1] == ']' && is_address(AF_INET6, host + 1, len - 2);
	for (i = 0; i <= len; i++) {
		if (i < len && host[i] != '.') {
			if (host[i] == '\0' || strchr(HOST_SET, host[i]) == NULL || (label == 0 && host[i] == '-'))
				return false;
			label++;
			continue;
		}
		if (label == 0 || label > LABEL_MAX || host[i - 1] == '-')
			return false;
		if (i < len)
			start = i + 1;
		label = 0;
	}
	/* What ends in a number is an IPv4 address, and resolvers know too many ways to write one. */
	if (isdigit((unsigned char)host[start]))
		return is_address(AF_INET, host, len) || strspn(host + start, DIGITS "xXabcdefABCDEF") < len - start;
	return true;
}

static const char *
split_port(const char *p, struct url_parts *out)
{
	long port = 0;
	size_t i;

	if (*p != ':')
		return NULL;
	out->port = ++p;
	out->port_len = strspn(p, DIGITS);
	if (out->port_len == 0 || out->port_len > 5 || *p == '0')
		return "has a malformed port";
	for (i = 0; i < out->port_len; i++)
		port = port * 10 + (p[i] - '0');
	return port > 65535 ? "has a port beyond 65535" : NULL;
}

/* No empty, `.` or `..` segments: paths are put after it, and compared. */
static bool
path_is_plain(const char *p)
{
	size_t n;

	if (p[strspn(p, PATH_SET)] != '\0')
		return false;
	while (*p == '/') {
		n = strcspn(++p, "/");
		if ((n == 0 && *p != '\0') || (n == 1 && *p == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n;
	}
	return true;
}

const char *
url_split(const char *url, struct url_parts *out)
{
	const char *p, *wrong;

	memset(out, 0, sizeof(*out));
	if (strncasecmp(url, "https://", 8) == 0)
		out->https = true;
	else if (strncasecmp(url, "http://", 7) != 0)
		return "must begin with https:// (or http://)";
	p = out->host = strstr(url, "://") + 3;
	out->host_len = *p == '[' ? strcspn(p, "]/?#") + (p[strcspn(p, "]/?#")] == ']') : strcspn(p, ":/?#@");
	if (p[strcspn(p, "/?#@")] == '@')
		return "must not hold a user name or password";
	if (!url_host_is_wellformed(p, out->host_len))
		return "must have a host name, or an address, after //";
	p += out->host_len;
	wrong = split_port(p, out);
	if (wrong != NULL)
		return wrong;
	if (out->port != NULL)
		p = out->port + out->port_len;
	if (*p != '\0' && *p != '/')
		return strchr("?#", *p) != NULL ? "must not hold a query or fragment" : "has a malformed host or port";
	if (strpbrk(p, "?#") != NULL)
		return "must not hold a query or fragment";
	if (!path_is_plain(p))
		return "has a malformed path";
	out->path = p;
	return NULL;
}

const char *
url_normal(const struct url_parts *u, struct arena *a)
{
	const char *own = u->https ? "443" : "80";
	bool port = u->port != NULL && !(u->port_len == strlen(own) && strncmp(u->port, own, u->port_len) == 0);
	size_t path_len = strlen(u->path), i;
	char *host = arena_strndup(a, u->host, u->host_len);

	for (i = 0; host != NULL && i < u->host_len; i++)
		host[i] = (char)tolower((unsigned char)host[i]);
	while (path_len > 0 && u->path[path_len - 1] == '/')
		path_len--;
	if (host == NULL)
		return NULL;
	return arena_printf(a, "%s://%s%s%.*s%.*s", u->https ? "https" : "http", host, port ? ":" : "",
	    port ? (int)u->port_len : 0, port ? u->port : "", (int)path_len, u->path);
}

bool
url_is_loopback(const struct url_parts *u)
{
	return host_is_loopback(u->host, u->host_len);
}
