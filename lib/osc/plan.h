/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_PLAN_H
#define OSCGI_OSC_PLAN_H

#include "json/json.h"
#include "osc/client.h"

/*
 * {"plan":"PERSONAL","tokens":{"tokenCount":N,"availableTokens":N,"remainingTokens":N}}
 * with null for what the platform does not tell: only a sign-in that has ended is an
 * error (as osc_calls), nothing else.
 */
WARN_UNUSED enum err osc_plan_read(struct osc_client *o, struct json **out);

/*
 * Plans are compared by rank, so that a higher one passes where a lower one does: FREE is
 * the lowest; what is unknown, or NULL, ranks with it.  Whatever the case of its letters.
 */
int osc_plan_rank(const char *plan);

/*
 * Whose token this is, as the platform says: what a token says of itself proves nothing.
 * ERR_PROTOCOL: it names nobody; else as the platform failed.  *tenant in the call's arena.
 */
WARN_UNUSED enum err osc_plan_tenant(struct osc_client *o, const char **tenant);

#endif
