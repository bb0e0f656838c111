/* SPDX-License-Identifier: MIT */
/* A JSON answer spoilt on order: members gone, replaced, or of another type. */
#ifndef SANDBOX_MANGLE_H
#define SANDBOX_MANGLE_H

#include <cjson/cJSON.h>

#include "mem.h"

enum mangle_numbers { NUMBERS_KEPT, NUMBERS_STRINGS, NUMBERS_HUGE };

struct mangle {
	cJSON *remove;			/* NULL, or names of members to leave out wherever they are */
	cJSON *set;			/* NULL, or members whose value is replaced wherever they are */
	enum mangle_numbers numbers;
};

/* The changed text in the pool; text itself where it is no JSON. */
const char *mangle_json(const struct mangle *mangle, const char *text, struct pool *pool);

#endif
