/* SPDX-License-Identifier: MIT */
/* The services on offer: constant descriptions, and what their options accept. */
#ifndef SANDBOX_SERVICES_H
#define SANDBOX_SERVICES_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "mem.h"

enum option_type { OPTION_STRING, OPTION_BOOLEAN, OPTION_ENUM, OPTION_LIST };

/* What a value must look like, advertised as a regular expression. */
enum pattern { PATTERN_NONE, PATTERN_NAME, PATTERN_PASSWORD, PATTERN_HTTP, PATTERN_DIGITS, PATTERN_S3, PATTERN__MAX };

#define OPTION_REQUIRED 1
#define OPTION_SENSITIVE 2	/* the catalog says so; some secrets it does not mark */

struct service_option {
	const char *name;	/* NULL ends a list */
	enum option_type type;
	unsigned flags;
	enum pattern pattern;
	const char *preset;
	const char *enums;	/* separated by spaces */
	const char *description;
	const char *association;	/* the service it connects to */
};

#define SERVICE_JOB 1
#define SERVICE_PATCH 2
#define SERVICE_RESTART 4
#define SERVICE_WALL 8		/* its application asks for a service token */
#define SERVICE_HTTP 16		/* has an application that answers HTTP */
#define SERVICE_CONSOLE 32	/* resources.app */
#define SERVICE_NODEPORTS 64

struct service {
	const char *id;		/* NULL ends the list */
	const char *path;	/* of its API: "minioinstance" */
	unsigned flags;
	int port;		/* exposed over TCP; 0: none */
	const char *noun;
	const char *category;
	const char *description;
	const struct service_option *options;	/* besides the name */
};

extern const struct service services[];

const struct service *service_find(const char *id);

/* The record of the catalog, of which api_url is this service's. */
cJSON *service_record(const struct service *service, const char *api_url);

/*
 * Take the options of this service out of a request's body.  Returns a new
 * object, or NULL and why: something required is missing (unless this changes
 * an instance), or a value is not of its type or pattern.  Members that are no
 * options are left out, as the platform does.
 */
cJSON *service_options(const struct service *service, const cJSON *body, bool change, struct pool *pool,
    const char **why);

#endif
