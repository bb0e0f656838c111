/* SPDX-License-Identifier: MIT */
#include "mangle.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* More than a double holds exactly, and more than 64 bits. */
#define HUGE_NUMBER "123456789012345678901234567890"

static bool
listed(const cJSON *names, const char *name)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, names)
		if (cJSON_IsString(item) && strcmp(item->valuestring, name) == 0)
			return true;
	return false;
}

static cJSON *
other_number(const struct mangle *mangle, const cJSON *number, struct pool *pool)
{
	if (mangle->numbers == NUMBERS_HUGE)
		return cJSON_CreateRaw(HUGE_NUMBER);
	return cJSON_CreateString(pool_adopt(pool, cJSON_PrintUnformatted(number)));
}

static void
walk(const struct mangle *mangle, cJSON *parent, struct pool *pool)
{
	cJSON *item = parent->child, *next, *value;

	for (; item != NULL; item = next) {
		next = item->next;
		if (item->string != NULL && listed(mangle->remove, item->string)) {
			cJSON_Delete(cJSON_DetachItemViaPointer(parent, item));
			continue;
		}
		value = item->string == NULL ? NULL : cJSON_GetObjectItemCaseSensitive(mangle->set, item->string);
		if (value != NULL)
			value = cJSON_Duplicate(value, 1);
		else if (cJSON_IsNumber(item) && mangle->numbers != NUMBERS_KEPT)
			value = other_number(mangle, item, pool);
		if (value == NULL) {
			walk(mangle, item, pool);
			continue;
		}
		if (item->string != NULL) {
			free(value->string);	/* a duplicate has its own */
			value->string = strdup(item->string);
		}
		cJSON_ReplaceItemViaPointer(parent, item, value);
	}
}

const char *
mangle_json(const struct mangle *mangle, const char *text, struct pool *pool)
{
	cJSON *json = cJSON_Parse(text);

	if (json == NULL)
		return text;
	walk(mangle, json, pool);
	text = pool_adopt(pool, cJSON_PrintUnformatted(json));
	cJSON_Delete(json);
	return text;
}
