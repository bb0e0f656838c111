/* SPDX-License-Identifier: MIT */
#include "web/exposure.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/config.h"
#include "web/request.h"

/* Where a path leads, links resolved, or would lead: what is not there yet is in its nearest directory that is. */
static bool
resolve(const char *path, char out[PATH_MAX])
{
	char up[PATH_MAX], *slash;

	if (*path != '/' || strlen(path) >= sizeof(up))
		return false;
	snprintf(up, sizeof(up), "%s", path);
	while (realpath(up, out) == NULL) {
		slash = strrchr(up, '/');
		if (slash == NULL || slash == up)
			return realpath("/", out) != NULL;
		*slash = '\0';
	}
	return true;
}

static bool
is_within(const char *path, const char *root)
{
	char real_path[PATH_MAX], real_root[PATH_MAX];
	size_t n;

	if (path == NULL || *path == '\0' || realpath(root, real_root) == NULL || !resolve(path, real_path))
		return false;
	n = strlen(real_root);
	if (n == 1)	/* the whole machine */
		return true;
	return strncmp(real_path, real_root, n) == 0 && (real_path[n] == '/' || real_path[n] == '\0');
}

enum err
exposure_check(struct request *rq, const struct config *cf, struct exposure *known)
{
	static const char *const roots[] = { "DOCUMENT_ROOT", "CONTEXT_DOCUMENT_ROOT" };
	const struct { const char *name, *path; } ours[] = {
		{ "STATE_DIR", cf->state_dir }, { "KEY_FILE", cf->key_file },
		{ "CLIENT_SECRET_FILE", cf->client_secret_file }, { "STORE_PASSWORD_FILE", cf->store_password_file },
		{ "OSCGI_CONFIG", cf->file },
	};
	const char *a = request_variable(rq, roots[0]), *b = request_variable(rq, roots[1]), *both;
	size_t i;

	a = a != NULL ? a : "";
	b = b != NULL ? b : "";
	both = arena_concat(rq->call.arena, a, ":", b);
	if (both == NULL)
		return ERR_NOMEM;
	if (strcmp(both, known->roots) == 0)
		return ERR_OK;
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if ((*a == '/' && is_within(ours[i].path, a)) || (*b == '/' && is_within(ours[i].path, b)))
			return call_fail(&rq->call, ERR_STORE, "What %s names is in the web space, where anybody could fetch it: "
			    "its owner has to move it out of there, and name the new place in the settings.", ours[i].name);
	if (strlen(both) < sizeof(known->roots))
		snprintf(known->roots, sizeof(known->roots), "%s", both);
	return ERR_OK;
}
