/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_INSTANCE_H
#define OSCGI_OSC_INSTANCE_H

#include "json/json.h"
#include "osc/upstream.h"

/*
 * Instances of a service, through its API.  Documents are as the platform gives
 * them, secrets included: who hands them on to a browser masks them.
 *
 * Failures are recorded in the call: ERR_NOT_FOUND, ERR_CONFLICT, ERR_REFUSED,
 * ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT, ERR_PROTOCOL, ERR_NO_SESSION.
 */
WARN_UNUSED enum err osc_instance_list(struct osc_client *o, struct osc_service *s, struct json **list);
WARN_UNUSED enum err osc_instance_get(struct osc_client *o, struct osc_service *s, const char *name,
    struct json **document);

/*
 * body: name and options.  What failed for the moment is tried up to three times,
 * each time only after a look whether it was made after all.
 */
WARN_UNUSED enum err osc_instance_create(struct osc_client *o, struct osc_service *s, const struct json *body,
    struct json **document);
WARN_UNUSED enum err osc_instance_change(struct osc_client *o, struct osc_service *s, const char *name,
    const struct json *options, struct json **document);
WARN_UNUSED enum err osc_instance_remove(struct osc_client *o, struct osc_service *s, const char *name);

/* {"status":"running",...}.  ERR_UPSTREAM also while nothing answers for it yet. */
WARN_UNUSED enum err osc_instance_health(struct osc_client *o, struct osc_service *s, const char *name,
    struct json **health);
/* Wait until it is running, has failed, or wait_ms are over; failures to ask count as "not yet". */
void osc_instance_await(struct osc_client *o, struct osc_service *s, const char *name, int wait_ms);

/*
 * The address of what a document links to; without the link, /rel/name on the
 * service's host.  A link counts only when it stays on that host.  NULL: out of memory.
 */
const char *osc_instance_link(struct arena *a, const struct osc_service *s, const struct json *document,
    const char *rel, const char *name);

/*
 * Every instance of every service that is no job, with its health:
 * {"instances":[{serviceId,name,url,status}],"errors":[{serviceId,detail}]}, fit for browsers.
 */
WARN_UNUSED enum err osc_instances_all(struct osc_client *o, struct json **out);

#endif
