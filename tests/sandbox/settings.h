/* SPDX-License-Identifier: MIT */
/*
 * The settings of settings.def.  A new setting is a row there and a use of its
 * field.
 */
#ifndef SANDBOX_SETTINGS_H
#define SANDBOX_SETTINGS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "mem.h"

#define SETTING_TEXT_MAX 64

struct settings {
#define NUMBER(name, field, preset) double field;
#define SWITCH(name, field, preset) bool field;
#define TEXT(name, field, preset, words) char field[SETTING_TEXT_MAX];
#include "settings.def"
#undef NUMBER
#undef SWITCH
#undef TEXT
};

void settings_reset(struct settings *s);

/* Add every setting to an object. */
void settings_show(const struct settings *s, cJSON *object);

/*
 * Take one setting over.  Returns NULL, or why not, in the pool: an unknown
 * name, the wrong type, a word that is none of those allowed.
 */
const char *settings_set(struct settings *s, const cJSON *item, struct pool *pool);

/* "3600" or "0.5" seconds of a setting as milliseconds. */
int64_t seconds_ms(double seconds);

#endif
