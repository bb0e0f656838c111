/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_CONFIG_RULES_H
#define OSCGI_CONFIG_RULES_H

#include "config/config.h"

/*
 * What a setting's type alone does not say: ranges, the grammar of hosts and
 * blocks, and what must fit together.  Host names in lists become lower case,
 * platform_on_loopback is found out.  `fault` is called for each violation, with
 * the end of a sentence.  Every member must be set.
 */
typedef void rules_fault(void *ctx, enum config_id id, const char *wrong);

void rules_check(struct config *cf, struct arena *a, rules_fault *fault, void *ctx);

#endif
