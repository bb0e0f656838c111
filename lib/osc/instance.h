/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_INSTANCE_H
#define OSCGI_OSC_INSTANCE_H

#include "json/json.h"
#include "osc/upstream.h"

/*
 * Instances of a service, through its API; jobs are made and asked for in the same way.
 * Documents are as the platform gives them, secrets included: who hands them on to a
 * browser masks them.
 *
 * Failures are recorded in the call: ERR_NOT_FOUND, ERR_CONFLICT, ERR_REFUSED,
 * ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT, ERR_PROTOCOL, ERR_NO_SESSION, ERR_NOMEM.
 */
WARN_UNUSED enum err osc_instance_list(struct osc_client *o, struct osc_service *s, struct json **list);
WARN_UNUSED enum err osc_instance_get(struct osc_client *o, struct osc_service *s, const char *name,
    struct json **document);

/* body: name and options.  Made once, as osc_create. */
WARN_UNUSED enum err osc_instance_create(struct osc_client *o, struct osc_service *s, const struct json *body,
    struct json **document);
WARN_UNUSED enum err osc_instance_change(struct osc_client *o, struct osc_service *s, const char *name,
    const struct json *options, struct json **document);
WARN_UNUSED enum err osc_instance_remove(struct osc_client *o, struct osc_service *s, const char *name);

/*
 * What follows has an address of its own (link.h).  ERR_NOT_FOUND also where the instance
 * does not offer it.
 */

/* {"status":"running",...}.  ERR_UPSTREAM also while nothing answers for it yet. */
WARN_UNUSED enum err osc_instance_health(struct osc_client *o, struct osc_service *s, const char *name,
    struct json **health);
/* [{"externalIp","externalPort","internalPort"}]; may be empty at first. */
WARN_UNUSED enum err osc_instance_ports(struct osc_client *o, struct osc_service *s, const char *name,
    struct json **ports);
/* {"serviceDns","ports","publicAccess"}: the address inside the platform. */
WARN_UNUSED enum err osc_instance_endpoint(struct osc_client *o, struct osc_service *s, const char *name,
    struct json **endpoint);
WARN_UNUSED enum err osc_instance_restart(struct osc_client *o, struct osc_service *s, const char *name);
/* {"actualReplicas","desiredReplicas"}; after setting at least the latter. */
WARN_UNUSED enum err osc_instance_scale(struct osc_client *o, struct osc_service *s, const char *name,
    struct json **scale);
WARN_UNUSED enum err osc_instance_set_scale(struct osc_client *o, struct osc_service *s, const char *name, int replicas,
    struct json **scale);

/*
 * Every instance of every service that is no job, with its health:
 * {"instances":[{serviceId,name,url,status}],"errors":[{serviceId,detail}]}, fit for browsers.
 */
WARN_UNUSED enum err osc_instances_all(struct osc_client *o, struct json **out);

#endif
