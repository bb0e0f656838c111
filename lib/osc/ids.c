/* SPDX-License-Identifier: MIT */
#include "osc/ids.h"

#include <string.h>

#include "base/text.h"

#define LETTERS_DIGITS "abcdefghijklmnopqrstuvwxyz0123456789"
#define CAPITALS       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

bool
osc_is_service_id(const char *s)
{
	return s != NULL && *s != '-' && text_is_made_of(s, LETTERS_DIGITS "-", 64);
}

bool
osc_is_new_name(const char *s)
{
	return s != NULL && text_is_made_of(s, LETTERS_DIGITS, 20);
}

bool
osc_is_secret_name(const char *s)
{
	return s != NULL && *s != '\0' && strchr(LETTERS_DIGITS CAPITALS, *s) != NULL
	    && text_is_made_of(s, LETTERS_DIGITS CAPITALS "._-", 128) && strcmp(s, "batch") != 0;
}

bool
osc_is_solution_name(const char *s)
{
	return s != NULL && *s != '-' && text_is_made_of(s, LETTERS_DIGITS "-", 63);
}

bool
osc_is_github_url(const char *s)
{
	static const char site[] = "https://github.com/", part[] = LETTERS_DIGITS CAPITALS "._-";
	size_t owner, repository;

	if (s == NULL || !text_starts_with(s, site) || !text_is_made_of(s, LETTERS_DIGITS CAPITALS "._-~:/#@%+", 512))
		return false;
	s += strlen(site);
	owner = strspn(s, part);
	if (owner == 0 || s[owner] != '/' || *s == '.')
		return false;
	s += owner + 1;
	repository = strspn(s, part);
	return repository > 0 && *s != '.' && strchr("/#", s[repository]) != NULL && strstr(s, "..") == NULL;
}

const char *
osc_join(struct arena *a, const char *base, const char *segment)
{
	return arena_concat(a, base, "/", text_percent_encoded(a, segment));
}

const char *
osc_without_slash(struct arena *a, const char *url)
{
	size_t len = strlen(url);

	while (len > 0 && url[len - 1] == '/')
		len--;
	return arena_strndup(a, url, len);
}

const char *
osc_site_of(struct arena *a, const char *url)
{
	const char *host = strstr(url, "://");

	if (host == NULL || host == url)
		return NULL;
	host += strlen("://");
	return arena_strndup(a, url, (size_t)(host - url) + strcspn(host, "/?#"));
}
