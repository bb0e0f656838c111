/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_SOLUTION_H
#define OSCGI_OSC_SOLUTION_H

#include "json/json.h"
#include "osc/upstream.h"

/*
 * Solutions: several services that a Terraform configuration on GitHub puts together.
 * A deployment is queued, running, succeeded (with outputs), failed or destroying.
 *
 * Little of this interface of the platform is public: what is assumed of it is in
 * solution.c alone.  Failures as in instance.h.
 */
WARN_UNUSED enum err osc_solution_list(struct osc_client *o, struct json **list);
WARN_UNUSED enum err osc_solution_get(struct osc_client *o, const char *id, struct json **document);

/* What can be told of a body before it is sent.  ERR_BAD_REQUEST with words. */
WARN_UNUSED enum err osc_solution_check(struct call *c, const struct json *body);
/* body: {"name","repoUrl","variables"?}.  Made once, as osc_create. */
WARN_UNUSED enum err osc_solution_create(struct osc_client *o, const struct json *body, struct json **document);

/* Destroy what it made; goes on after this returns. */
WARN_UNUSED enum err osc_solution_remove(struct osc_client *o, const char *id);

/* {"lines":[{"timestamp","level","message"}],"next":N,"done":bool}, from line `offset` on. */
WARN_UNUSED enum err osc_solution_log(struct osc_client *o, const char *id, int offset, struct json **log);

/* Cover what must not reach a browser: in a deployment, or in each of a list, outputs that say of themselves that they
 * are sensitive, and whatever osc_mask_document covers. */
void osc_solution_mask(struct arena *a, struct json *deployments);

#endif
