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
 * Every instance of every service that is no job, with its health:
 * {"instances":[{serviceId,name,url,status}],"errors":[{serviceId,detail}]}, fit for browsers.
 */
WARN_UNUSED enum err osc_instances_all(struct osc_client *o, struct json **out);

#endif
