/* SPDX-License-Identifier: MIT */
/*
 * Origins: every service of the platform, every service's API and every
 * instance's application listens on a port of its own on the loopback.
 */
#ifndef SANDBOX_ORIGIN_H
#define SANDBOX_ORIGIN_H

#include <stdbool.h>

#include "mem.h"
#include "services.h"

enum role { ROLE_APP, ROLE_CATALOG, ROLE_TOKEN, ROLE_DEPLOY, ROLE_MONEY, ROLE_SERVICE, ROLE_INSTANCE, ROLE_MYAPP };

struct origin {
	struct origin *next;
	enum role role;
	char *name;			/* "app", "service:minio-minio", "instance:minio-minio/acme/x" */
	char *url;			/* "http://127.0.0.1:1234" */
	const struct service *service;	/* of a service or an instance */
	char *tenant, *instance;	/* of an instance, or of an app of My Apps */
	int fd;
	int port;
	bool gone;			/* closed by the accepting thread, which may be waiting on it */
};

struct origins {
	struct origin *first;
	const char *host;		/* in URLs */
	int wake[2];			/* a pipe that the accepting thread watches */
};

/* False: no pipe can be had. */
bool origins_init(struct origins *origins, const char *host);
void origins_close(struct origins *origins);

/*
 * Listen for a new origin.  port 0, or one that is taken: any free one, unless
 * it is required.  name: consumed.  NULL: could not listen; errno says why.
 */
struct origin *origin_add(struct origins *origins, enum role role, char *name, int port, bool required);

/* From now on nothing is found there. */
void origin_remove(struct origins *origins, struct origin *origin);

struct origin *origin_by_port(const struct origins *origins, int port);
struct origin *origin_by_role(const struct origins *origins, enum role role);
struct origin *origin_by_service(const struct origins *origins, const struct service *service);

/* Free those that are gone: only for the thread that accepts. */
void origins_sweep(struct origins *origins);

/* Let the accepting thread look at the list again. */
void origins_wake(const struct origins *origins);

#endif
