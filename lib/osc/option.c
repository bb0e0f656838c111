/* SPDX-License-Identifier: MIT */
#include "osc/option.h"

#include <string.h>

#include "base/text.h"
#include "osc/secret.h"
#include "pattern/pattern.h"

#define LISTED_MAX  300	/* of what is allowed, in words */
#define PATTERN_TRIES 100	/* of one request: each takes milliseconds at most */

struct json *
osc_options_of(struct arena *a, const struct json *record)
{
	struct json *list = json_array(a);
	const struct json *option = json_first(json_get(record, "serviceInstanceOptions"));

	for (; option != NULL; option = json_next(option)) {
		const char *name = json_string(option, "name"), *type = json_string(option, "type");
		const char *pattern = json_string(option, "regexValidator");
		const struct json *word = json_first(json_get(option, "enums"));
		struct json *entry = json_object(a), *words = json_array(a);

		if (name == NULL)
			continue;
		json_set_string(entry, "name", name);
		if (type != NULL)
			json_set_string(entry, "type", type);
		/* Kept with the session: what is longer is not looked at anyway. */
		if (pattern != NULL && *pattern != '\0' && strlen(pattern) <= PATTERN_MAX)
			json_set_string(entry, "pattern", pattern);
		/* What has a default is there when it is not given. */
		if (json_bool(option, "mandatory", false) && json_string(option, "default") == NULL)
			json_set_bool(entry, "mandatory", true);
		for (; word != NULL; word = json_next(word))
			if (json_text(word) != NULL)
				json_append_string(words, json_text(word));
		if (json_count(words) > 0)
			json_set(entry, "enums", words);
		json_append(list, entry);
	}
	return list;
}

/* Texts of a list (or, of objects, their names), for people. */
static const char *
listed(struct arena *a, const struct json *list)
{
	const char *out = "", *longer;

	for (const struct json *j = json_first(list); j != NULL; j = json_next(j)) {
		const char *text = json_kind(j) == JSON_OBJECT ? json_string(j, "name") : json_text(j);

		longer = text == NULL ? out : arena_concat(a, out, *out != '\0' ? ", " : "", text);
		if (longer == NULL)
			break;
		if (strlen(longer) > LISTED_MAX) {
			longer = arena_concat(a, out, ", ...");
			return longer != NULL ? longer : out;
		}
		out = longer;
	}
	return out;
}

static bool
is_one_of(const struct json *words, const char *text)
{
	for (const struct json *j = json_first(words); j != NULL; j = json_next(j))
		if (strcmp(json_text(j), text) == 0)
			return true;
	return false;
}

static bool
is_of_type(const struct json *option, const char *wanted)
{
	const char *type = json_string(option, "type");

	return type != NULL && strcmp(type, wanted) == 0;
}

/*
 * A list travels as one string, and each of its entries is looked at.  *tries: of patterns,
 * that are left; beyond, as where a pattern cannot be decided here, the service judges.
 */
static enum err
check_pattern(struct call *c, const struct json *option, const char *text, int *tries)
{
	const char *pattern = json_string(option, "pattern"), *entry;
	size_t len;

	/* Left empty is left out, where it may be. */
	if (pattern == NULL || text == NULL || (*text == '\0' && !json_bool(option, "mandatory", false)))
		return ERR_OK;
	for (; *tries > 0; text += len + 1) {
		--*tries;
		len = is_of_type(option, "list") ? strcspn(text, ",") : strlen(text);
		entry = arena_strndup(c->arena, text, len);
		if (entry == NULL)
			return ERR_NOMEM;
		if (pattern_try(pattern, entry) == PATTERN_DIFFERS)
			return call_fail(c, ERR_BAD_REQUEST, "the value of \"%.64s\" does not fit the pattern %.300s",
			    json_string(option, "name"), pattern);
		if (text[len] == '\0')
			break;
	}
	return ERR_OK;
}

static enum err
check_value(struct call *c, const struct json *option, const struct json *member, int *tries)
{
	const struct json *words = json_get(option, "enums");
	const char *text = json_text(member);
	bool is_word = text != NULL && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0);

	if (text != NULL && text_starts_with(text, OSC_SECRET_REFERENCE))
		return ERR_OK;
	if (is_of_type(option, "boolean"))
		return json_kind(member) == JSON_BOOL || is_word ? ERR_OK
		    : call_fail(c, ERR_BAD_REQUEST, "the value of \"%.64s\" must be true or false", json_name(member));
	if (is_of_type(option, "enum") && words != NULL)
		return text != NULL && is_one_of(words, text) ? ERR_OK
		    : call_fail(c, ERR_BAD_REQUEST, "the value of \"%.64s\" must be one of: %s", json_name(member),
		    listed(c->arena, words));
	return check_pattern(c, option, text, tries);
}

static enum err
check_mandatory(struct call *c, const struct osc_service *s, const struct json *body)
{
	for (const struct json *j = json_first(s->options); j != NULL; j = json_next(j)) {
		const char *name = json_string(j, "name");

		if (json_bool(j, "mandatory", false) && name != NULL && json_get(body, name) == NULL)
			return call_fail(c, ERR_BAD_REQUEST, "%s needs the option \"%.64s\"; its options are: %s",
			    s->service_id, name, listed(c->arena, s->options));
	}
	return ERR_OK;
}

enum err
osc_options_check(struct call *c, const struct osc_service *s, const struct json *body, enum osc_options_use use)
{
	const struct json *option;
	int tries = PATTERN_TRIES;
	enum err e;

	/* A record that tells of no options says nothing about them. */
	if (json_count(s->options) == 0)
		return ERR_OK;
	for (const struct json *member = json_first(body); member != NULL; member = json_next(member)) {
		const char *name = json_name(member);

		/* publicAccess is taken by every database service, whether its record lists it or not. */
		if (strcmp(name, "name") == 0 || strcmp(name, "publicAccess") == 0)
			continue;
		option = json_find(s->options, "name", name);
		if (option == NULL)
			return call_fail(c, ERR_BAD_REQUEST, "%s has no option \"%.64s\"; its options are: %s",
			    s->service_id, name, listed(c->arena, s->options));
		e = check_value(c, option, member, &tries);
		if (e != ERR_OK)
			return e;
	}
	return use == OSC_TO_CREATE ? check_mandatory(c, s, body) : ERR_OK;
}

enum err
osc_options_check_plain(struct call *c, const struct json *body)
{
	for (const struct json *member = json_first(body); member != NULL; member = json_next(member)) {
		enum json_kind kind = json_kind(member);

		if (kind != JSON_STRING && kind != JSON_BOOL && kind != JSON_NUMBER)
			return call_fail(c, ERR_BAD_REQUEST,
			    "the value of \"%.64s\" must be a string, a number or a boolean", json_name(member));
	}
	return ERR_OK;
}
