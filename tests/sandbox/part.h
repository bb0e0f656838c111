/* SPDX-License-Identifier: MIT */
/*
 * What an instance is made of, where the sandbox has more to offer than a page
 * that says its name.  All are called with the world's mutex held.
 */
#ifndef SANDBOX_PART_H
#define SANDBOX_PART_H

#include <stdbool.h>

#include "call.h"
#include "instance.h"
#include "world.h"

struct part {
	const char *service_id;
	/* Of a new instance, and after each stop.  instance->state is what an earlier one left, or NULL. */
	void (*start)(struct world *world, struct instance *instance);
	/* Before a restart, a suspension and its end: programs end, what it knows stays. */
	void (*stop)(struct world *world, struct instance *instance);
	/* Its end: free instance->state. */
	void (*forget)(struct world *world, struct instance *instance);
	/* A request to its application.  NULL: the page that says its name. */
	void (*answer)(struct call *call, struct instance *instance);
	/* Whether a request passes the platform's login without a token.  NULL: as its service says. */
	bool (*open)(const struct call *call);
	/* Whether what it depends on is there: until then it is starting.  NULL: it depends on nothing. */
	bool (*ready)(const struct instance *instance);
};

/* NULL: it has none. */
const struct part *part_find(const struct service *service);

/* Any of these may be of an instance without a part. */
void part_start(struct world *world, struct instance *instance);
void part_stop(struct world *world, struct instance *instance);
void part_forget(struct world *world, struct instance *instance);

extern const struct part part_callback_listener;
extern const struct part part_couchdb;
extern const struct part part_encore;
extern const struct part part_intercom;
extern const struct part part_packager;
extern const struct part part_profile_server;
extern const struct part part_sfu;
extern const struct part part_storage;
extern const struct part part_valkey;

#endif
