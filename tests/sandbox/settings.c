/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <stddef.h>
#include <string.h>

enum setting_type { SETTING_NUMBER, SETTING_SWITCH, SETTING_TEXT };

static const struct setting {
	const char *name;
	enum setting_type type;
	size_t offset;
	double number;		/* of a switch: 0 or 1 */
	const char *text;
	const char *words;
} settings[] = {
#define NUMBER(name, field, preset) { #name, SETTING_NUMBER, offsetof(struct settings, field), preset, NULL, NULL },
#define SWITCH(name, field, preset) { #name, SETTING_SWITCH, offsetof(struct settings, field), preset, NULL, NULL },
#define TEXT(name, field, preset, words) { #name, SETTING_TEXT, offsetof(struct settings, field), 0, preset, words },
#include "settings.def"
};

#define SETTING_COUNT (sizeof(settings) / sizeof(settings[0]))

static void *
field_of(struct settings *s, const struct setting *setting)
{
	return (char *)s + setting->offset;
}

void
settings_reset(struct settings *s)
{
	const struct setting *setting;

	memset(s, 0, sizeof(*s));
	for (setting = settings; setting < settings + SETTING_COUNT; setting++)
		switch (setting->type) {
		case SETTING_NUMBER:
			*(double *)field_of(s, setting) = setting->number;
			break;
		case SETTING_SWITCH:
			*(bool *)field_of(s, setting) = setting->number != 0;
			break;
		case SETTING_TEXT:
			strncpy(field_of(s, setting), setting->text, SETTING_TEXT_MAX - 1);
			break;
		}
}

void
settings_show(const struct settings *s, cJSON *object)
{
	const struct setting *setting;

	for (setting = settings; setting < settings + SETTING_COUNT; setting++) {
		const void *field = (const char *)s + setting->offset;

		switch (setting->type) {
		case SETTING_NUMBER:
			cJSON_AddNumberToObject(object, setting->name, *(const double *)field);
			break;
		case SETTING_SWITCH:
			cJSON_AddBoolToObject(object, setting->name, *(const bool *)field);
			break;
		case SETTING_TEXT:
			cJSON_AddStringToObject(object, setting->name, field);
			break;
		}
	}
}

static bool
word_allowed(const char *words, const char *word)
{
	size_t len = strlen(word);
	const char *at;

	if (*words == '\0')
		return len < SETTING_TEXT_MAX;
	for (at = words; *at != '\0'; at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == len && strncmp(at, word, len) == 0)
			return true;
	return false;
}

const char *
settings_set(struct settings *s, const cJSON *item, struct pool *pool)
{
	const struct setting *setting = settings;

	while (setting < settings + SETTING_COUNT && strcmp(setting->name, item->string) != 0)
		setting++;
	if (setting == settings + SETTING_COUNT)
		return pool_printf(pool, "unknown setting: %s", item->string);
	switch (setting->type) {
	case SETTING_NUMBER:
		if (!cJSON_IsNumber(item))
			return pool_printf(pool, "%s must be a number", setting->name);
		*(double *)field_of(s, setting) = item->valuedouble;
		break;
	case SETTING_SWITCH:
		if (!cJSON_IsBool(item))
			return pool_printf(pool, "%s must be true or false", setting->name);
		*(bool *)field_of(s, setting) = cJSON_IsTrue(item);
		break;
	case SETTING_TEXT:
		if (!cJSON_IsString(item) || !word_allowed(setting->words, item->valuestring))
			return pool_printf(pool, "%s must be %s", setting->name,
			    *setting->words == '\0' ? "a short text" : setting->words);
		memset(field_of(s, setting), 0, SETTING_TEXT_MAX);
		memcpy(field_of(s, setting), item->valuestring, strlen(item->valuestring));
		break;
	}
	return NULL;
}

int64_t
seconds_ms(double seconds)
{
	return (int64_t)(seconds * 1000);
}
