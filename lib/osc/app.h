/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_APP_H
#define OSCGI_OSC_APP_H

#include "json/json.h"
#include "osc/upstream.h"

/*
 * My Apps: the visitor's own applications, built from a GitHub repository.  Documents hold
 * "id", "buildStatus" (building, running, failed, unknown) and, after a while, "url".
 *
 * Failures as in instance.h.
 */
WARN_UNUSED enum err osc_app_list(struct osc_client *o, struct json **list);
WARN_UNUSED enum err osc_app_get(struct osc_client *o, const char *id, struct json **document);

/* What can be told of a body before it is sent.  ERR_BAD_REQUEST with words. */
WARN_UNUSED enum err osc_app_check(struct call *c, const struct json *body);
/* body: {"name","type","gitHubUrl","gitHubToken"?,"configService"?}.  Made once, as osc_create. */
WARN_UNUSED enum err osc_app_create(struct osc_client *o, const struct json *body, struct json **document);

WARN_UNUSED enum err osc_app_remove(struct osc_client *o, const char *id);
/* Fetch the newest commit, build and start it. */
WARN_UNUSED enum err osc_app_rebuild(struct osc_client *o, const char *id);

#endif
