/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_OPERATE_H
#define OSCGI_OSC_OPERATE_H

#include "json/json.h"
#include "osc/upstream.h"

/*
 * Operating an instance: what has an address of its own (link.h).  Failures as in instance.h;
 * ERR_NOT_FOUND: no such instance, or it does not offer this.
 */

/*
 * Ask what the link leads to: a call without a URL yet.  The document is read where
 * nothing is known of the link, or what was known proves wrong.
 * ERR_OK: call->answer is OSC_OK.
 */
WARN_UNUSED enum err osc_operate(struct osc_client *o, struct osc_call *call, enum osc_link link, const char *name);

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

#endif
