/* SPDX-License-Identifier: MIT */
#include "part.h"

#include <string.h>

static const struct part *const parts[] = {
	&part_callback_listener, &part_couchdb, &part_encore, &part_intercom, &part_packager, &part_profile_server, &part_sfu,
	&part_storage, &part_valkey,
};

const struct part *
part_find(const struct service *service)
{
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcmp(parts[i]->service_id, service->id) == 0)
			return parts[i];
	return NULL;
}

void
part_start(struct world *world, struct instance *instance)
{
	const struct part *part = part_find(instance->service);

	if (part != NULL && part->start != NULL)
		part->start(world, instance);
}

void
part_stop(struct world *world, struct instance *instance)
{
	const struct part *part = part_find(instance->service);

	if (part != NULL && part->stop != NULL)
		part->stop(world, instance);
}

void
part_forget(struct world *world, struct instance *instance)
{
	const struct part *part = part_find(instance->service);

	if (part != NULL && part->forget != NULL)
		part->forget(world, instance);
	instance->state = NULL;
}
