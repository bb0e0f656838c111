/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "flow/convert.h"
#include "flow/intercom.h"
#include "flow/work.h"

/* Every recipe that there is. */
static const struct recipe *const recipes[] = {
	&intercom_create, &intercom_delete, &convert_make, &convert_remove,
};

const struct recipe *
recipe_find(const char *kind)
{
	for (size_t i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++)
		if (strcmp(recipes[i]->kind, kind) == 0)
			return recipes[i];
	return NULL;
}
