/* SPDX-License-Identifier: MIT */
/* My Apps: what a tenant has built from a repository and runs. */
#ifndef SANDBOX_MYAPP_H
#define SANDBOX_MYAPP_H

#include <stdint.h>

#include "world.h"

struct myapp {
	struct myapp *next;
	char *id, *type, *git_url, *source_ref, *config_service;	/* the last two may be empty */
	char *dns;
	struct origin *origin;
	int64_t changed_ms;	/* of creation or the last rebuild */
	int64_t lag_ms, build_ms;	/* as set at that time */
	char *before, *final;	/* what it was until then, and what it will be */
};

void apps_free(struct world *world, struct tenant *tenant);

#endif
