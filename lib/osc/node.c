/* SPDX-License-Identifier: MIT */
#include "osc/node.h"

enum err
osc_node_list(struct osc_client *o, struct json **list)
{
	struct osc_call call = { .who = "deploy", .method = "GET",
		.url = arena_concat(o->call->arena, o->platform->deploy, "/mynodes") };

	return osc_call_json(o, &call, JSON_ARRAY, list);
}
