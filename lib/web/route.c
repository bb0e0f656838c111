/* SPDX-License-Identifier: MIT */
#include "web/route.h"

#include <string.h>

#include "base/text.h"
#include "web/request.h"

/* What each kind of path parameter may look like; "." and ".." fit none of them. */
static const struct {
	const char *name, *first, *rest;
	size_t      max_len;
} kinds[] = {
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"
	{ "sid",    LOWER DIGIT,       LOWER DIGIT "-",        64 },
	{ "name",   LOWER UPPER DIGIT, LOWER UPPER DIGIT "_-", 64 },
	{ "id",     LOWER UPPER DIGIT, LOWER UPPER DIGIT "_-", 64 },
	{ "secret", LOWER UPPER DIGIT, LOWER UPPER DIGIT "._-", 128 },
};

static bool
fits(const char *kind, size_t kind_len, const char *value, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i].name) != kind_len || strncmp(kinds[i].name, kind, kind_len) != 0)
			continue;
		return len > 0 && len <= kinds[i].max_len && strchr(kinds[i].first, *value) != NULL &&
		    strspn(value, kinds[i].rest) >= len;
	}
	return false;
}

/* Walk pattern and path side by side; parameters land in rq. */
static bool
match(const char *pattern, const char *path, struct request *rq)
{
	size_t want, got;

	rq->segments_n = 0;
	while (*pattern == '/' && *path == '/') {
		pattern++;
		path++;
		want = strcspn(pattern, "/");
		got = strcspn(path, "/");
		if (*pattern == '{') {
			if (rq->segments_n == REQUEST_SEGMENTS_MAX || !fits(pattern + 1, want - 2, path, got))
				return false;
			rq->segment_names[rq->segments_n] = arena_strndup(rq->call.arena, pattern + 1, want - 2);
			rq->segments[rq->segments_n] = arena_strndup(rq->call.arena, path, got);
			if (rq->segments[rq->segments_n] == NULL || rq->segment_names[rq->segments_n] == NULL)
				return false;
			rq->segments_n++;
		} else if (want != got || strncmp(pattern, path, want) != 0) {
			return false;
		}
		pattern += want;
		path += got;
	}
	return *pattern == '\0' && *path == '\0';
}

static const char *
method_names(int methods, struct arena *a)
{
	static const struct { int bit; const char *name; } all[] = {
		{ M_GET, "GET" }, { M_HEAD, "HEAD" }, { M_POST, "POST" }, { M_PUT, "PUT" }, { M_PATCH, "PATCH" },
		{ M_DELETE, "DELETE" },
	};
	const char *list = "";
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if ((methods & all[i].bit) && list != NULL)
			list = arena_concat(a, list, *list != '\0' ? ", " : "", all[i].name);
	return list;
}

enum err
route_find(const struct program *p, struct request *rq, const struct route **out, const char **allow)
{
	int methods = 0;
	size_t i;

	for (i = 0; i < p->routes_n; i++) {
		const struct route *r = &p->routes[i];
		int takes = r->methods;

		if (!match(r->pattern, rq->path, rq))
			continue;
		if ((takes & M_GET) && !(r->flags & ROUTE_NO_HEAD))
			takes |= M_HEAD;
		*out = r;
		/* What is guarded may take methods that we have never heard of. */
		if ((takes & rq->method) || (r->flags & ROUTE_GUARD))
			return ERR_OK;
		methods |= takes;
	}
	if (methods == 0)
		return ERR_NOT_FOUND;
	*allow = method_names(methods, rq->call.arena);
	return *allow != NULL ? ERR_METHOD : ERR_NOMEM;
}
