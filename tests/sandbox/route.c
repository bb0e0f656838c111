/* SPDX-License-Identifier: MIT */
#include "route.h"

#include <string.h>

#include "body.h"
#include "encode.h"
#include "origin.h"

/* Does one segment of the path match one of the pattern?  Takes the ":" down. */
static bool
segment_matches(struct call *call, const char *pattern, size_t pattern_len, const char *segment, size_t len, int *params)
{
	const char *want = pattern;
	char *value;

	if (pattern_len == 1 && *pattern == ':') {
		value = percent_decode(&call->pool, segment, len, 0);
		if (value == NULL || *value == '\0' || *params == CALL_PARAMS)
			return false;
		call->param[(*params)++] = value;
		return true;
	}
	if (pattern_len == 1 && *pattern == '@') {
		if (call->origin->service == NULL)
			return false;
		want = call->origin->service->path;
		pattern_len = strlen(want);
	}
	return pattern_len == len && strncmp(want, segment, len) == 0;
}

bool
route_matches(struct call *call, const char *pattern)
{
	const char *path = call->path;
	int params = 0;

	for (;;) {
		size_t want, have;

		/* Both stand on a slash. */
		if (*pattern != '/' || *path != '/')
			return *pattern == '\0' && *path == '\0';
		pattern++;
		path++;
		want = strcspn(pattern, "/");
		have = strcspn(path, "/");
		if (want == 1 && *pattern == '*')
			return true;
		if (!segment_matches(call, pattern, want, path, have, &params))
			return false;
		pattern += want;
		path += have;
	}
}

static const struct route *
find(struct call *call, const struct route *routes)
{
	const struct route *route;

	for (route = routes; route->method != NULL; route++)
		if ((*route->method == '*' || strcmp(route->method, call->method) == 0) &&
		    route_matches(call, route->path))
			return route;
	return NULL;
}

static const struct route *
table_for(const struct call *call)
{
	switch (call->origin->role) {
	case ROLE_APP:
		return app_routes;
	case ROLE_CATALOG:
		return catalog_routes;
	case ROLE_TOKEN:
		return servicetoken_routes;
	case ROLE_DEPLOY:
		return deploy_routes;
	case ROLE_MONEY:
		return money_routes;
	case ROLE_SERVICE:
		return manage_routes;
	case ROLE_MYAPP:
		return myapp_routes;
	case ROLE_INSTANCE:
		break;
	}
	return instance_routes;
}

void
route_run(struct call *call)
{
	const struct route *route = NULL;

	if (call->origin->role == ROLE_APP)
		route = find(call, control_routes);
	if (route == NULL)
		route = find(call, table_for(call));
	if (route == NULL && call->origin->role == ROLE_DEPLOY)
		route = find(call, deploy_app_routes);
	if (route == NULL && call->origin->role == ROLE_DEPLOY)
		route = find(call, deploy_solution_routes);
	if (route != NULL) {
		if (!body_refused(call))
			route->run(call);
		return;
	}
	reply_fastify(call, 404, NULL,
	    pool_printf(&call->pool, "Route %s:%s not found", call->method, call->target));
}
