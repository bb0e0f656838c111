/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_JSON_JSON_H
#define OSCGI_JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * JSON at the border: hostile bytes in, typed fields out; and a writer that
 * cannot produce anything malformed.  The only room that knows the library.
 *
 * A document is opaque and lives in the arena it was parsed into: nothing to
 * free.  Depth is bounded (JSON_DEPTH_MAX), so is the size (the caller's).
 * Numbers are read as far as a double keeps them, integers up to 2^53; a document is
 * printed with the numbers that it came with, however long.
 */
#define JSON_DEPTH_MAX 64

struct json;

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/*
 * Well-formed UTF-8 JSON text (RFC 8259) and nothing after it, or ERR_PROTOCOL;
 * so are a NUL or half a surrogate pair as an escape, and a number of more than 63
 * characters.  ERR_NOMEM.  Of members with the same name json_get finds the first;
 * the others stay where they are.
 */
WARN_UNUSED enum err json_parse(struct arena *a, const char *text, size_t len, struct json **out);

enum json_kind json_kind(const struct json *j);
/* Member of an object; NULL when j is NULL, no object, or has none of that name (exact case). */
struct json *json_get(const struct json *j, const char *name);
/* Children of an array or object, in order; NULL at the end.  json_name: an object member's name. */
struct json *json_first(const struct json *j);
struct json *json_next(const struct json *child);
const char *json_name(const struct json *child);
size_t json_count(const struct json *j);
/* The first of a list of objects in which that member is that text; NULL: none. */
struct json *json_find(const struct json *list, const char *name, const char *text);
/*
 * At any depth of a parsed document, a name that one object gives twice; *name is
 * NULL when there is none.  Readers differ in which of the two they take, so what is
 * checked here and passed on may have none.  Borrowed; ERR_NOMEM.
 */
WARN_UNUSED enum err json_find_twin(struct arena *a, const struct json *j, const char **name);

/* The member as text; NULL when absent or no string.  Borrowed from the document. */
const char *json_string(const struct json *j, const char *name);
/* An integer in min..max, also when given as a decimal string; false when absent or anything else. */
bool json_int(const struct json *j, const char *name, int64_t min, int64_t max, int64_t *out);
/* true/false, also "true"/"false"; `otherwise` when absent or anything else. */
bool json_bool(const struct json *j, const char *name, bool otherwise);
/* The element itself as a string; NULL when it is none. */
const char *json_text(const struct json *element);
double json_number(const struct json *element);	/* 0 when it is none */

/* Building.  Building into NULL does nothing; a document to which something could not be added prints as NULL. */
struct json *json_object(struct arena *a);
struct json *json_array(struct arena *a);
/* With all that is in it, standing alone; NULL: out of memory. */
struct json *json_copy(struct arena *a, const struct json *j);
/* Replace or add.  s NULL = JSON null.  Text must be UTF-8 (else U+FFFD replaces what is not). */
void json_set_string(struct json *obj, const char *name, const char *s);
void json_set_int(struct json *obj, const char *name, int64_t v);
void json_set_number(struct json *obj, const char *name, double v);
void json_set_bool(struct json *obj, const char *name, bool v);
void json_set_null(struct json *obj, const char *name);
/* `child` is moved when it stands alone and is of the same arena, copied otherwise; NULL: out of memory, see above. */
void json_set(struct json *obj, const char *name, struct json *child);
void json_remove(struct json *obj, const char *name);
void json_append(struct json *arr, struct json *child);
void json_append_string(struct json *arr, const char *s);
/* Make the element a string, in place (masking). */
void json_replace_text(struct json *element, const char *s);

/* Compact text in the arena; NULL when out of memory.  *len may be NULL. */
char *json_print(struct arena *a, const struct json *j, size_t *len);

#endif
