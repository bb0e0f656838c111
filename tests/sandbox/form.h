/* SPDX-License-Identifier: MIT */
/* Queries and form bodies: application/x-www-form-urlencoded. */
#ifndef SANDBOX_FORM_H
#define SANDBOX_FORM_H

#include <stdbool.h>

#include "mem.h"

struct form_field {
	struct form_field *next;
	const char *name;
	const char *value;
};

struct form {
	struct form_field *first;
	bool malformed;		/* a broken escape, or too many fields */
};

#define FORM_FIELDS_MAX 100

/* In the order written; strings live in the pool. */
void form_parse(struct pool *pool, const char *text, struct form *form);

/* NULL: absent.  The first, where it comes twice. */
const char *form_get(const struct form *form, const char *name);
bool form_repeated(const struct form *form, const char *name);

/* "?a=b" or "&a=b" added to the URL, with NULL values left out. */
char *url_with(struct pool *pool, const char *url, const char *name, const char *value);

#endif
