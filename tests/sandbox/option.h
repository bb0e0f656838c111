/* SPDX-License-Identifier: MIT */
/* One option of a service: how the catalog describes it, and what it accepts. */
#ifndef SANDBOX_OPTION_H
#define SANDBOX_OPTION_H

#include <cjson/cJSON.h>

#include "mem.h"
#include "services.h"

/* The option that every service has. */
extern const struct service_option option_name;

/* As in the catalog.  noun: in the description of a name; else NULL. */
cJSON *option_record(const struct service_option *option, const char *noun);

/* NULL, or what is wrong with a value. */
const char *option_check(const struct service_option *option, const cJSON *value, struct pool *pool);

#endif
