/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_SUSPENDED_H
#define OSCGI_OSC_SUSPENDED_H

#include "json/json.h"
#include "osc/upstream.h"

/*
 * Instances that the platform has suspended: they are in no list and cannot be read, but
 * their parameters are kept.  The platform loses records when such calls of one tenant
 * overlap: the caller sees to it that they do not (flow/suspended.h).
 *
 * Failures as in instance.h; ERR_NOT_FOUND: it is not suspended.
 */

/* *list: [{"serviceId","instanceName","suspendedAt","reason","parameters"}], secrets included. */
WARN_UNUSED enum err osc_suspended_list(struct osc_client *o, struct json **list);
WARN_UNUSED enum err osc_suspended_resume(struct osc_client *o, const char *service_id, const char *name);
/* For good, with its data. */
WARN_UNUSED enum err osc_suspended_remove(struct osc_client *o, const char *service_id, const char *name);

#endif
