/* SPDX-License-Identifier: MIT */
#include "form.h"

#include <string.h>

#include "encode.h"

void
form_parse(struct pool *pool, const char *text, struct form *form)
{
	struct form_field **at = &form->first, *field;
	size_t pair, name;
	int count = 0;

	form->first = NULL;
	form->malformed = false;
	for (; text != NULL && *text != '\0'; text += pair + (text[pair] == '&')) {
		pair = strcspn(text, "&");
		name = strcspn(text, "=&");
		if (pair == 0)
			continue;
		if (++count > FORM_FIELDS_MAX) {
			form->malformed = true;
			return;
		}
		field = pool_new(pool, sizeof(*field));
		field->name = percent_decode(pool, text, name, 1);
		field->value = name == pair ? "" : percent_decode(pool, text + name + 1, pair - name - 1, 1);
		if (field->name == NULL || field->value == NULL) {
			form->malformed = true;
			continue;
		}
		*at = field;
		at = &field->next;
	}
}

static const struct form_field *
find(const struct form_field *field, const char *name)
{
	while (field != NULL && strcmp(field->name, name) != 0)
		field = field->next;
	return field;
}

const char *
form_get(const struct form *form, const char *name)
{
	const struct form_field *field = find(form->first, name);

	return field == NULL ? NULL : field->value;
}

bool
form_repeated(const struct form *form, const char *name)
{
	const struct form_field *field = find(form->first, name);

	return field != NULL && find(field->next, name) != NULL;
}

char *
url_with(struct pool *pool, const char *url, const char *name, const char *value)
{
	if (value == NULL)
		return pool_strdup(pool, url);
	return pool_printf(pool, "%s%c%s=%s", url, strchr(url, '?') == NULL ? '?' : '&', name,
	    percent_encode(pool, value));
}
