/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_SUSPENDED_H
#define OSCGI_FLOW_SUSPENDED_H

#include "app.h"
#include "json/json.h"
#include "osc/client.h"
#include "session/session.h"

/*
 * Suspended instances, one call at a time for each tenant over all processes that share
 * the store: the platform loses records when such calls overlap.
 *
 * As in osc/suspended.h; ERR_BUSY: others of the tenant kept it busy too long.  ERR_STORE.
 */
WARN_UNUSED enum err suspended_list(struct app *app, struct osc_client *o, const struct session *s, struct json **list);
WARN_UNUSED enum err suspended_resume(struct app *app, struct osc_client *o, const struct session *s,
    const char *service_id, const char *name);
WARN_UNUSED enum err suspended_remove(struct app *app, struct osc_client *o, const struct session *s,
    const char *service_id, const char *name);

#endif
