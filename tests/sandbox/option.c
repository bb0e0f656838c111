/* SPDX-License-Identifier: MIT */
#include "option.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const struct service_option option_name = { .name = "name", .flags = OPTION_REQUIRED, .pattern = PATTERN_NAME };

/* The same words twice: for clients as a regular expression, here as a function. */

static bool
only(const char *s, bool (*allowed)(unsigned char))
{
	if (*s == '\0')
		return false;
	while (*s != '\0' && allowed((unsigned char)*s))
		s++;
	return *s == '\0';
}

static bool
word_char(unsigned char ch)
{
	return isalnum(ch) || ch == '_';
}

static bool
digit_char(unsigned char ch)
{
	return isdigit(ch);
}

static bool
is_name(const char *s)
{
	return only(s, word_char);
}

static bool
is_digits(const char *s)
{
	return only(s, digit_char);
}

static bool
is_password(const char *s)
{
	size_t lower = 0, upper = 0, digits = 0, n;

	for (n = 0; s[n] != '\0'; n++) {
		lower += islower((unsigned char)s[n]) != 0;
		upper += isupper((unsigned char)s[n]) != 0;
		digits += isdigit((unsigned char)s[n]) != 0;
	}
	return n >= 10 && lower > 0 && upper > 0 && digits > 0;
}

static bool
is_http(const char *s)
{
	return strncmp(s, "http", 4) == 0;
}

static bool
is_s3(const char *s)
{
	return strncmp(s, "s3://", 5) == 0;
}

static const struct {
	const char *regex;
	bool (*matches)(const char *);
} patterns[] = {
	[PATTERN_NONE] = { NULL, NULL },
	[PATTERN_NAME] = { "^\\w+$", is_name },
	[PATTERN_PASSWORD] = { "^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d).{10,}$", is_password },
	[PATTERN_HTTP] = { "^http", is_http },
	[PATTERN_DIGITS] = { "^\\d+$", is_digits },
	[PATTERN_S3] = { "^s3:\\/\\/", is_s3 },
};
_Static_assert(sizeof(patterns) / sizeof(patterns[0]) == PATTERN__MAX, "a pattern without its function");

static const char *
type_word(enum option_type type)
{
	switch (type) {
	case OPTION_BOOLEAN:
		return "boolean";
	case OPTION_ENUM:
		return "enum";
	case OPTION_LIST:
		return "list";
	case OPTION_STRING:
		break;
	}
	return "string";
}

/* Calls back for each word of "a b c" until one is taken; true if so. */
static bool
each_word(const char *words, bool (*take)(const char *word, size_t len, void *arg), void *arg)
{
	size_t len;

	for (; *words != '\0'; words += len + (words[len] == ' ')) {
		len = strcspn(words, " ");
		if (take(words, len, arg))
			return true;
	}
	return false;
}

static bool
add_word(const char *word, size_t len, void *array)
{
	char copy[64];

	snprintf(copy, sizeof(copy), "%.*s", (int)len, word);
	cJSON_AddItemToArray(array, cJSON_CreateString(copy));
	return false;
}

static bool
same_word(const char *word, size_t len, void *value)
{
	return strlen(value) == len && strncmp(word, value, len) == 0;
}

cJSON *
option_record(const struct service_option *option, const char *noun)
{
	cJSON *record = cJSON_CreateObject();
	char label[64];

	snprintf(label, sizeof(label), "%s", option->name);
	if (noun != NULL)
		label[0] = (char)toupper((unsigned char)label[0]);
	cJSON_AddStringToObject(record, "name", option->name);
	cJSON_AddStringToObject(record, "label", label);
	if (noun != NULL) {
		snprintf(label, sizeof(label), "Name of %s", noun);
		cJSON_AddStringToObject(record, "description", label);
	} else if (option->description != NULL)
		cJSON_AddStringToObject(record, "description", option->description);
	cJSON_AddStringToObject(record, "type", type_word(option->type));
	cJSON_AddBoolToObject(record, "mandatory", (option->flags & OPTION_REQUIRED) != 0);
	if (option->enums != NULL)
		each_word(option->enums, add_word, cJSON_AddArrayToObject(record, "enums"));
	if (option->preset != NULL)
		cJSON_AddStringToObject(record, "default", option->preset);
	if (patterns[option->pattern].regex != NULL)
		cJSON_AddStringToObject(record, "regexValidator", patterns[option->pattern].regex);
	if ((option->flags & OPTION_SENSITIVE) != 0)
		cJSON_AddBoolToObject(record, "sensitive", 1);
	return record;
}

static bool
is_boolean(const cJSON *value)
{
	return cJSON_IsBool(value) || (cJSON_IsString(value) &&
	    (strcmp(value->valuestring, "true") == 0 || strcmp(value->valuestring, "false") == 0));
}

static bool
is_list(const cJSON *value)
{
	const cJSON *item;

	if (cJSON_IsString(value))
		return true;
	cJSON_ArrayForEach(item, value)
		if (!cJSON_IsString(item))
			return false;
	return cJSON_IsArray(value);
}

const char *
option_check(const struct service_option *option, const cJSON *value, struct pool *pool)
{
	bool (*matches)(const char *) = patterns[option->pattern].matches;

	if (option->type == OPTION_BOOLEAN)
		return is_boolean(value) ? NULL : pool_printf(pool, "Option %s must be a boolean", option->name);
	if (option->type == OPTION_LIST)
		return is_list(value) ? NULL : pool_printf(pool, "Option %s must be a list", option->name);
	if (!cJSON_IsString(value))
		return pool_printf(pool, "Option %s must be a string", option->name);
	/* What a secret holds is seen only inside the container. */
	if (strncmp(value->valuestring, "{{secrets.", 10) == 0)
		return NULL;
	if (option->type == OPTION_ENUM && !each_word(option->enums, same_word, value->valuestring))
		return pool_printf(pool, "Option %s must be one of %s", option->name, option->enums);
	/* An optional value left empty is as good as absent. */
	if (matches != NULL && !matches(value->valuestring) &&
	    (*value->valuestring != '\0' || (option->flags & OPTION_REQUIRED) != 0))
		return pool_printf(pool, "Option %s does not match %s", option->name,
		    patterns[option->pattern].regex);
	return NULL;
}
