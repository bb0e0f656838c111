/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_SECRET_H
#define OSCGI_OSC_SECRET_H

#include "json/json.h"
#include "osc/client.h"

/*
 * Secrets of a service: options of its instances refer to them as {{secrets.NAME}}.
 * Their values go to the platform and never come back.  The same name in two services
 * may be one to the platform: names are best made unique.
 *
 * service_id  a service's id
 * name        as osc_is_secret_name; the caller has checked it
 * value       UTF-8; borrowed, never logged
 *
 * Failures are recorded in the call: ERR_NOT_FOUND, ERR_CONFLICT, ERR_REFUSED,
 * ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT, ERR_PROTOCOL, ERR_NO_SESSION, ERR_NOMEM.
 */

/* So a reference begins, which may go on in more than a name. */
#define OSC_SECRET_REFERENCE "{{secrets."
/* "{{secrets.NAME}}"; NULL: out of memory. */
const char *osc_secret_reference(struct arena *a, const char *name);
/* The name in such a value; NULL: it is none (value NULL too), or out of memory. */
const char *osc_secret_referred(struct arena *a, const char *value);

/* *list: [{"serviceId","secretName"}]. */
WARN_UNUSED enum err osc_secret_list(struct osc_client *o, const char *service_id, struct json **list);

/* The secret has that value afterwards, whether it existed or not.  Harmless to repeat. */
WARN_UNUSED enum err osc_secret_put(struct osc_client *o, const char *service_id, const char *name, const char *value);

/* Change one that exists; ERR_NOT_FOUND when it does not. */
WARN_UNUSED enum err osc_secret_change(struct osc_client *o, const char *service_id, const char *name,
    const char *value);

/* ERR_NOT_FOUND: it is gone already, which is as good for those who clean up (call_recover). */
WARN_UNUSED enum err osc_secret_remove(struct osc_client *o, const char *service_id, const char *name);

#endif
