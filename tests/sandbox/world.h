/* SPDX-License-Identifier: MIT */
/*
 * All that the sandbox knows, in memory, under one mutex: who asks for a
 * service's handler holds it.
 */
#ifndef SANDBOX_WORLD_H
#define SANDBOX_WORLD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "data.h"
#include "journal.h"
#include "jwt.h"
#include "map.h"
#include "origin.h"
#include "settings.h"

struct world {
	pthread_mutex_t mutex;
	pthread_cond_t ending;		/* wakes those who sleep on purpose */
	pthread_cond_t changed;		/* wakes threads of instances: something is as it was not */
	int threads;			/* of instances */
	bool ended;
	struct data data;
	bool verbose;			/* a line on stderr for each request */
	uint8_t jwt_key[JWT_KEY_SIZE];

	struct origins origins;
	struct settings settings;
	cJSON *faults;
	unsigned long changes;		/* of these two: who waits by order waits no longer */
	struct journal journal;

	struct map clients;		/* client_id -> struct client */
	struct map codes;		/* code -> struct code */
	struct map tokens;		/* token -> struct token */
	struct map logins;		/* console cookie -> tenant's name */
	struct map tenants;		/* name -> struct tenant */
	struct map issued;		/* every secret ever given out -> its kind */
	unsigned long last_family;
};

struct tenant {
	char *name;
	struct map subscriptions;	/* service id -> struct subscription */
	struct map secrets;		/* "service/name" -> value */
	struct instance *instances;	/* in order of creation */
	struct myapp *apps;		/* likewise */
	struct deployment *deployments;
	cJSON *domains;			/* [{"domain","serviceId","instanceName"}] */
};

struct subscription {
	int64_t listed_ms;		/* in the list from then on */
};

/*
 * host: for URLs; lives as long as the world.  data: where the scratch directory
 * is made; NULL: where such things are.  False: errno says why.
 */
bool world_init(struct world *world, const char *host, const char *data);

/* Once nobody is served any more: ends what instances run, and waits for it. */
void world_close(struct world *world);

/*
 * Run a thread of an instance, with the mutex held; world_close waits for its
 * end.  arg is its own.  False: it cannot be started.
 */
bool world_thread(struct world *world, void *(*run)(void *arg), void *arg);

/* Wait for a change, with the mutex held, and so long at most. */
void world_wait(struct world *world, int64_t ms);

/* Forget clients, tokens, tenants and what they own.  Origins of instances close. */
void world_forget(struct world *world);

/* Made when first named. */
struct tenant *tenant_get(struct world *world, const char *name);

/* Listed from so many milliseconds on; nothing happens to one that is there. */
void tenant_subscribe(struct tenant *tenant, const char *service_id, int64_t delay_ms);

/* Replaces.  value: copied. */
void tenant_secret_put(struct world *world, struct tenant *tenant, const char *service_id, const char *name,
    const char *value);

/* NULL: there is none. */
const char *tenant_secret(const struct tenant *tenant, const char *service_id, const char *name);

/* Remember a secret that was given out. */
void issued_add(struct world *world, const char *kind, const char *secret);

/* Of a-z and 0-9, 1 to 20 of them: names of tenants and of instances. */
bool plain_name(const char *name);

#endif
