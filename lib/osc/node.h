/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_NODE_H
#define OSCGI_OSC_NODE_H

#include "json/json.h"
#include "osc/upstream.h"

/* Machines reserved for the visitor's workspace: *list is [{"name","purposes","publicIps","capacity","reservations"}].
 * Failures as in instance.h. */
WARN_UNUSED enum err osc_node_list(struct osc_client *o, struct json **list);

#endif
