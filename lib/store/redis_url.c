/* SPDX-License-Identifier: MIT */
#include "store/redis_url.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

#define SCHEME       "redis://"
#define DEFAULT_PORT 6379
#define DB_MAX       99999

static const char no_memory[] = "cannot be read: out of memory";

/* [user]:password, each percent-encoded. */
static const char *
parse_who(const char *text, size_t len, struct arena *a, struct redis_url *out)
{
	const char *colon = memchr(text, ':', len);

	if (colon == NULL)
		return "must have a colon before the password";
	out->user = text_percent_decode(a, text, (size_t)(colon - text), false);
	out->password.reveal = text_percent_decode(a, colon + 1, len - (size_t)(colon - text) - 1, false);
	if (out->user == NULL || out->password.reveal == NULL)
		return "has a broken percent escape in the user's name or password";
	if (!secret_present(out->password) && *out->user == '\0')
		return "must have a password between colon and @";
	return NULL;
}

static const char *
parse_number(const char *text, size_t len, int min, int max, const char *wrong, struct arena *a, int *out)
{
	char *copy = arena_strndup(a, text, len);
	int64_t n;

	if (copy == NULL)
		return no_memory;
	if (!text_to_int(copy, max, &n) || n < min)
		return wrong;
	*out = (int)n;
	return NULL;
}

/* host[:port] or [v6][:port] */
static const char *
parse_host(const char *text, size_t len, struct arena *a, struct redis_url *out)
{
	const char *end = text + len, *p = text, *stop;

	if (len > 0 && *p == '[') {
		p++;
		stop = memchr(p, ']', (size_t)(end - p));
		if (stop == NULL)
			return "has [ and no ] in its host";
		text = stop + 1;
	} else {
		stop = memchr(p, ':', len);
		if (stop == NULL)
			stop = end;
		text = stop;
	}
	out->host = arena_strndup(a, p, (size_t)(stop - p));
	if (out->host == NULL)
		return no_memory;
	if (!text_is_made_of(out->host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:%", 253))
		return "must name a host";
	if (text == end)
		return NULL;
	if (*text != ':')
		return "has something between ] and the port";
	return parse_number(text + 1, (size_t)(end - text) - 1, 1, 65535, "must have a port of 1 to 65535", a, &out->port);
}

const char *
redis_url_parse(const char *text, struct arena *a, struct redis_url *out)
{
	const char *authority, *at, *slash, *wrong;
	size_t len;

	*out = (struct redis_url){ .port = DEFAULT_PORT, .user = "", .password = { "" } };
	if (!text_starts_with(text, SCHEME))
		return "must begin with " SCHEME;
	authority = text + strlen(SCHEME);
	if (strpbrk(authority, "?#") != NULL)
		return "must have no query and no fragment; encode ? as %3F and # as %23 in a password";
	slash = strchr(authority, '/');
	len = slash != NULL ? (size_t)(slash - authority) : strlen(authority);
	at = memchr(authority, '@', len);
	if (at != NULL) {
		wrong = parse_who(authority, (size_t)(at - authority), a, out);
		if (wrong != NULL)
			return wrong;
		len -= (size_t)(at + 1 - authority);
		authority = at + 1;
	}
	wrong = parse_host(authority, len, a, out);
	if (wrong != NULL || slash == NULL || slash[1] == '\0')
		return wrong;
	return parse_number(slash + 1, strlen(slash + 1), 0, DB_MAX, "must end with the number of a database", a, &out->db);
}
