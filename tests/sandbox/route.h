/* SPDX-License-Identifier: MIT */
/* Which function answers which method and path of an origin. */
#ifndef SANDBOX_ROUTE_H
#define SANDBOX_ROUTE_H

#include "call.h"

struct route {
	const char *method;	/* NULL ends a table; "*": any */
	const char *path;	/* ":" stands for one segment, "@" for the path of the origin's service, a last "*" for all */
	void (*run)(struct call *call);
};

/* The tables, each in the file of its service. */
extern const struct route app_routes[];
extern const struct route control_routes[];
extern const struct route catalog_routes[];
extern const struct route servicetoken_routes[];
extern const struct route deploy_routes[];
extern const struct route deploy_app_routes[];
extern const struct route deploy_solution_routes[];
extern const struct route myapp_routes[];
extern const struct route money_routes[];
extern const struct route manage_routes[];
extern const struct route instance_routes[];

/* Whether the path is as such a pattern says; sets the call's parameters. */
bool route_matches(struct call *call, const char *pattern);

/* Find the function for a call and run it, or answer as a Fastify application does. */
void route_run(struct call *call);

#endif
