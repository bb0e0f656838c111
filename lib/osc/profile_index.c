/* SPDX-License-Identifier: MIT */
#include "osc/profile_index.h"

#include <string.h>

#include "osc/encore.h"

#define INDEX_MAX_BYTES 65536
#define INDEX_MS        5000

enum err
osc_profile_index_read(struct osc_client *o, const char *url, const char ***names, size_t *n)
{
	struct arena *a = o->call->arena;
	struct http_request rq = { .method = "GET", .url = url, .reach = HTTP_REACH_SERVICE, .accept = "*/*",
		.answer_max_bytes = INDEX_MAX_BYTES, .timeout_ms = INDEX_MS };
	enum err e;

	*n = 0;
	*names = arena_alloc(a, OSC_PROFILES_MAX * sizeof(**names));
	if (*names == NULL)
		return ERR_NOMEM;
	e = http_perform(o->http, o->call, &rq, 1, o->tick, o->tick_ctx);
	if (e != ERR_OK)
		return e;
	if (rq.result != ERR_OK || rq.status != 200)
		return ERR_OK;
	for (const char *line = rq.answer; *line != '\0' && *n < OSC_PROFILES_MAX; line += strspn(line, "\r\n")) {
		size_t len = strcspn(line, ":\r\n");
		const char *name = arena_strndup(a, line, len);

		if (name == NULL)
			return ERR_NOMEM;
		if (line[len] == ':' && osc_encore_is_word(name))
			(*names)[(*n)++] = name;
		line += strcspn(line, "\r\n");
	}
	return ERR_OK;
}
