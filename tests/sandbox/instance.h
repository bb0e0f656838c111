/* SPDX-License-Identifier: MIT */
/* Instances and jobs of a tenant, and the document that describes one. */
#ifndef SANDBOX_INSTANCE_H
#define SANDBOX_INSTANCE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "world.h"

struct instance {
	struct instance *next;
	const struct service *service;
	char *tenant;
	char *name;
	cJSON *options;
	struct origin *origin;		/* of its application; NULL for jobs */
	int64_t created_ms;
	int64_t started_ms;		/* of creation or the last restart */
	int64_t health_delay_ms;	/* these two as set at that time */
	char *health_final;
	int replicas, desired_replicas;
	int external_port;
	bool port_is_real;		/* a program of its own listens there */
	void *state;			/* of the part that it is made of */
	cJSON *values;			/* options as it saw them when it was started, secrets resolved */
	bool suspended;			/* vanished from list and get */
	int64_t suspended_ms;
	char *suspended_reason;
	cJSON *log;			/* [{"time_ms","text"}] */
};

/* NULL: there is none, or it is suspended and that is not asked for. */
struct instance *instance_find(struct tenant *tenant, const struct service *service, const char *name,
    bool suspended);

/* options: consumed.  NULL: no port is left for its application. */
struct instance *instance_add(struct world *world, struct tenant *tenant, const struct service *service,
    const char *name, cJSON *options);
void instance_remove(struct world *world, struct tenant *tenant, struct instance *instance);
void instances_free(struct world *world, struct tenant *tenant);

/* Running ones of all services, or of one. */
int instance_count(const struct tenant *tenant, const struct service *service);

/* "starting" until its time has come, then as set. */
const char *instance_health(const struct instance *instance);

/* What a restart or a change of options does. */
void instance_restart(struct world *world, struct instance *instance);

/* Back again; its host comes up as that of a new one does. */
void instance_resume(struct world *world, struct instance *instance);

void instance_suspend(struct world *world, struct instance *instance, const char *reason);

/* An option's value, the secret that it names in its place.  NULL: absent or empty. */
const char *instance_value(const struct instance *instance, const char *option);

/* Add a line to its log. */
void instance_say(struct instance *instance, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

cJSON *instance_document(struct world *world, const struct instance *instance, struct pool *pool);

#endif
