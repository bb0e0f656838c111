/* SPDX-License-Identifier: MIT */
/* Terraform solutions that a tenant has asked for.  They go on as time passes, when looked at. */
#ifndef SANDBOX_DEPLOYMENT_H
#define SANDBOX_DEPLOYMENT_H

#include <stdint.h>

#include "solution.h"
#include "world.h"

enum deployment_status { DEPLOYMENT_QUEUED, DEPLOYMENT_RUNNING, DEPLOYMENT_SUCCEEDED, DEPLOYMENT_FAILED,
	DEPLOYMENT_DESTROYING };

struct deployment {
	struct deployment *next;
	char *id, *name, *repo_url;
	const struct solution *solution;
	cJSON *variables;	/* with their presets */
	cJSON *outputs, *log;
	enum deployment_status status;
	char *error;		/* NULL: none */
	int64_t created_ms, updated_ms;
	int64_t stepped_ms;	/* when the last step was due; at first and from a removal on, that time */
	int step;		/* parts made, or while destroying parts left */
	cJSON *parts[SOLUTION_PARTS_MAX];	/* what was put into each: {"url","host","tcp","secrets":{}} */
};

/* Do what is due of all of a tenant's. */
void deployments_advance(struct world *world, struct tenant *tenant);

void deployments_free(struct tenant *tenant);

#endif
