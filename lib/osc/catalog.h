/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_CATALOG_H
#define OSCGI_OSC_CATALOG_H

#include "json/json.h"
#include "osc/option.h"
#include "osc/upstream.h"

/* The visitor's services (subscriptions). */

/* The call that lists them, and what its answer means: for those who ask for more at the same time. */
WARN_UNUSED enum err osc_catalog_prepare(struct osc_client *o, struct osc_call *call);
WARN_UNUSED enum err osc_catalog_accept(struct osc_client *o, const struct osc_call *call, struct json **list);

/* All of them as the platform gives them; what is known is brought up to date.  *list is an array. */
WARN_UNUSED enum err osc_catalog_list(struct osc_client *o, struct json **list);

/* The record of one in such a list; NULL when it is not there. */
struct json *osc_catalog_record(const struct json *list, const char *service_id);

/*
 * A service that the visitor has: without a call where it is known.
 * ERR_NOT_FOUND: not among them; else as the platform failed.
 */
WARN_UNUSED enum err osc_catalog_find(struct osc_client *o, const char *service_id, struct osc_service **out);

/* The same in what is known already; NULL when it is not. */
struct osc_service *osc_catalog_known(struct osc_client *o, const char *service_id);

/*
 * The service whose instance is created or changed with this body: without a call where
 * the service and its options are known.  Creating activates it where needed.
 * As osc_catalog_find and osc_catalog_activate; ERR_BAD_REQUEST as osc_options_check.
 */
WARN_UNUSED enum err osc_catalog_find_for(struct osc_client *o, const char *service_id, enum osc_options_use use,
    const struct json *body, struct osc_service **out);

/*
 * Activate, and wait briefly for the record to appear.  Harmless to repeat.
 * *record: as the list has it.  ERR_REFUSED, ERR_NOT_FOUND: the platform will not;
 * ERR_UPSTREAM_TIMEOUT: accepted, but not to be seen yet.
 */
WARN_UNUSED enum err osc_catalog_activate(struct osc_client *o, const char *service_id, struct json **record);

/* The visitor has it no more, nor is it known.  ERR_NOT_FOUND: that was so before; else as the platform failed. */
WARN_UNUSED enum err osc_catalog_remove(struct osc_client *o, const char *service_id);

#endif
