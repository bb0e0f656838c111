/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_INTERCOM_MANAGER_H
#define OSCGI_OSC_INTERCOM_MANAGER_H

#include "json/json.h"
#include "osc/upstream.h"

/*
 * A visitor's own intercom manager, by its REST interface.  s: its service; url: of
 * the instance.  Failures are recorded in the call, as for instances.
 */

/* Does it answer? */
WARN_UNUSED enum err osc_intercom_ready(struct osc_client *o, struct osc_service *s, const char *url, bool *ready);

/* *list: {"productions":[{"productionId","name","lines":[{"id","name",...}]}],"totalItems"}, as it gives it; offset: from 0. */
WARN_UNUSED enum err osc_intercom_productions(struct osc_client *o, struct osc_service *s, const char *url, int offset,
    struct json **list);

/* body: {"name","lines":[{"name"}]}.  *made: {"productionId","name"}.  ERR_REFUSED: its own 400. */
WARN_UNUSED enum err osc_intercom_production_create(struct osc_client *o, struct osc_service *s, const char *url,
    const struct json *body, struct json **made);

#endif
