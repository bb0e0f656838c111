/* SPDX-License-Identifier: MIT */
#include "json/json.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/*
 * struct json is cJSON's item under another name: it is never defined, so that
 * nobody can look inside.
 */
#define NUMBER_TEXT_MAX 63	/* cJSON reads no more of one number */
#define EXACT_DIGITS    15	/* so many a double keeps, whatever they are */
#define EXACT_MAX       9007199254740991.0	/* 2^53 - 1: the next one may have been its neighbour */
#define INCOMPLETE      (-1)	/* valueint of a container that something could not be added to */

static cJSON *
item(const struct json *j)
{
	return (cJSON *)(uintptr_t)j;
}

static struct json *
opaque(cJSON *i)
{
	return (struct json *)i;
}

/*
 * Memory.  cJSON allocates through hooks that have no context, so the arena in
 * use is noted here for as long as one call into cJSON lasts; and every block
 * remembers its arena, so that a document grows where it was begun, whatever was
 * parsed in between.
 */
struct block {
	_Alignas(max_align_t) struct arena *arena;
};

static struct arena *current;

static void *
hook_alloc(size_t size)
{
	struct block *b;

	if (size > SIZE_MAX - sizeof(*b))
		return NULL;
	b = arena_alloc(current, sizeof(*b) + size);
	if (b == NULL)
		return NULL;
	b->arena = current;
	return b + 1;
}

static void
hook_free(void *p)
{
	(void)p;	/* the arena does, all at once */
}

static void
use_arena(struct arena *a)
{
	static bool hooked;
	cJSON_Hooks hooks = { hook_alloc, hook_free };

	if (!hooked) {
		cJSON_InitHooks(&hooks);
		hooked = true;
	}
	current = a;
}

static struct arena *
arena_of(const struct json *j)
{
	return ((const struct block *)(const void *)j)[-1].arena;
}

/*
 * The check before cJSON sees the text: it recurses, and takes more than RFC 8259
 * allows.  Each of these moves *p past what it names and says whether it was there.
 */
static const char *
skip_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

static int
hex4(const char *p, const char *end)
{
	int value = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char ch = p[i];

		if (ch >= '0' && ch <= '9')
			value = value * 16 + (ch - '0');
		else if (ch >= 'a' && ch <= 'f')
			value = value * 16 + (ch - 'a' + 10);
		else if (ch >= 'A' && ch <= 'F')
			value = value * 16 + (ch - 'A' + 10);
		else
			return -1;
	}
	return value;
}

/* After a backslash.  NUL and half surrogate pairs are text that no C string or UTF-8 could hold. */
static bool
scan_escape(const char **p, const char *end)
{
	int unit, low;

	if (*p >= end)
		return false;
	if (**p != 'u') {
		bool known = strchr("\"\\/bfnrt", **p) != NULL && **p != '\0';

		(*p)++;
		return known;
	}
	(*p)++;
	unit = hex4(*p, end);
	if (unit <= 0 || (unit >= 0xdc00 && unit <= 0xdfff))
		return false;
	*p += 4;
	if (unit < 0xd800 || unit > 0xdbff)
		return true;
	if (end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u')
		return false;
	low = hex4(*p + 2, end);
	*p += 6;
	return low >= 0xdc00 && low <= 0xdfff;
}

static bool
scan_string(const char **p, const char *end)
{
	if (*p >= end || **p != '"')
		return false;
	(*p)++;
	while (*p < end) {
		unsigned char ch = (unsigned char)*(*p)++;

		if (ch == '"')
			return true;
		if (ch < 0x20)
			return false;
		if (ch == '\\' && !scan_escape(p, end))
			return false;
	}
	return false;
}

static bool
scan_digits(const char **p, const char *end)
{
	const char *start = *p;

	while (*p < end && **p >= '0' && **p <= '9')
		(*p)++;
	return *p > start;
}

static bool
scan_number(const char **p, const char *end)
{
	const char *start = *p;

	if (*p < end && **p == '-')
		(*p)++;
	if (*p < end && **p == '0')
		(*p)++;
	else if (!scan_digits(p, end))
		return false;
	if (*p < end && **p == '.') {
		(*p)++;
		if (!scan_digits(p, end))
			return false;
	}
	if (*p < end && (**p == 'e' || **p == 'E')) {
		(*p)++;
		if (*p < end && (**p == '+' || **p == '-'))
			(*p)++;
		if (!scan_digits(p, end))
			return false;
	}
	return *p - start <= NUMBER_TEXT_MAX;
}

static bool
scan_word(const char **p, const char *end, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(end - *p) < len || memcmp(*p, word, len) != 0)
		return false;
	*p += len;
	return true;
}

static bool
scan_scalar(const char **p, const char *end)
{
	switch (**p) {
	case '"':
		return scan_string(p, end);
	case 't':
		return scan_word(p, end, "true");
	case 'f':
		return scan_word(p, end, "false");
	case 'n':
		return scan_word(p, end, "null");
	default:
		return scan_number(p, end);
	}
}

static bool
scan_name(const char **p, const char *end)
{
	*p = skip_space(*p, end);
	if (!scan_string(p, end))
		return false;
	*p = skip_space(*p, end);
	if (*p >= end || **p != ':')
		return false;
	(*p)++;
	return true;
}

/* RFC 8259, depth bounded, nothing after the value. */
static bool
is_document(const char *p, const char *end)
{
	char closers[JSON_DEPTH_MAX];
	size_t depth = 0;

	for (;;) {
		p = skip_space(p, end);
		if (p >= end)
			return false;
		if (*p == '{' || *p == '[') {
			char closer = *p == '{' ? '}' : ']';

			p = skip_space(p + 1, end);
			if (depth == JSON_DEPTH_MAX)
				return false;
			if (p >= end || *p != closer) {
				closers[depth++] = closer;
				if (closer == '}' && !scan_name(&p, end))
					return false;
				continue;
			}
			p++;
		} else if (!scan_scalar(&p, end)) {
			return false;
		}
		/* A value ended: so may what holds it. */
		for (;;) {
			p = skip_space(p, end);
			if (depth == 0)
				return p == end;
			if (p >= end)
				return false;
			if (*p != closers[depth - 1])
				break;
			depth--;
			p++;
		}
		if (*p++ != ',' || (closers[depth - 1] == '}' && !scan_name(&p, end)))
			return false;
	}
}

/* The number at *p or after it, outside strings; NULL: no more.  *p is moved past it.  The text is a document. */
static const char *
next_number(const char **p, const char *end, size_t *len)
{
	const char *start;

	while (*p < end && **p != '-' && (**p < '0' || **p > '9')) {
		if (**p != '"')
			(*p)++;
		else if (!scan_string(p, end))
			return NULL;
	}
	if (*p >= end)
		return NULL;
	start = *p;
	(void)scan_number(p, end);
	*len = (size_t)(*p - start);
	return start;
}

/* More than a double keeps for certain, or than it can hold. */
static bool
is_beyond_double(const char *number, size_t len)
{
	return len > EXACT_DIGITS || memchr(number, 'e', len) != NULL || memchr(number, 'E', len) != NULL;
}

static bool
has_beyond_double(const char *text, const char *end)
{
	const char *number;
	size_t len;

	while ((number = next_number(&text, end, &len)) != NULL)
		if (is_beyond_double(number, len))
			return true;
	return false;
}

/*
 * Such numbers are printed as they came: a document is handed on, not computed with.
 * Tree and text are walked in the same order; false: out of memory.
 */
static bool
keep_text(cJSON *i, const char **p, const char *end)
{
	const char *number;
	size_t len;

	if (cJSON_IsNumber(i)) {
		number = next_number(p, end, &len);
		if (number == NULL || !is_beyond_double(number, len))
			return true;
		i->valuestring = arena_strndup(current, number, len);
		i->type = (i->type & ~0xff) | cJSON_Raw;
		return i->valuestring != NULL;
	}
	for (cJSON *child = i->child; child != NULL; child = child->next)
		if (!keep_text(child, p, end))	/* as deep as JSON_DEPTH_MAX */
			return false;
	return true;
}

static bool
is_number(const cJSON *i)
{
	return cJSON_IsNumber(i) || cJSON_IsRaw(i);
}

enum err
json_parse(struct arena *a, const char *text, size_t len, struct json **out)
{
	cJSON *root;

	*out = NULL;
	if (text == NULL || len == 0 || !text_is_utf8(text, len) || !is_document(text, text + len))
		return ERR_PROTOCOL;
	use_arena(a);
	root = cJSON_ParseWithLength(text, len);
	if (root == NULL)
		return ERR_NOMEM;	/* the text was found good above */
	if (has_beyond_double(text, text + len) && !keep_text(root, &(const char *){ text }, text + len))
		return ERR_NOMEM;
	*out = opaque(root);
	return ERR_OK;
}

enum json_kind
json_kind(const struct json *j)
{
	if (cJSON_IsBool(item(j)))
		return JSON_BOOL;
	if (is_number(item(j)))
		return JSON_NUMBER;
	if (cJSON_IsString(item(j)))
		return JSON_STRING;
	if (cJSON_IsArray(item(j)))
		return JSON_ARRAY;
	if (cJSON_IsObject(item(j)))
		return JSON_OBJECT;
	return JSON_NULL;
}

struct json *
json_get(const struct json *j, const char *name)
{
	if (j == NULL || json_kind(j) != JSON_OBJECT)
		return NULL;
	return opaque(cJSON_GetObjectItemCaseSensitive(item(j), name));
}

struct json *
json_first(const struct json *j)
{
	if (j == NULL || (json_kind(j) != JSON_OBJECT && json_kind(j) != JSON_ARRAY))
		return NULL;
	return opaque(item(j)->child);
}

struct json *
json_next(const struct json *child)
{
	return child == NULL ? NULL : opaque(item(child)->next);
}

const char *
json_name(const struct json *child)
{
	return child == NULL ? NULL : item(child)->string;
}

size_t
json_count(const struct json *j)
{
	size_t n = 0;

	for (const struct json *child = json_first(j); child != NULL; child = json_next(child))
		n++;
	return n;
}

struct json *
json_find(const struct json *list, const char *name, const char *text)
{
	for (struct json *element = json_first(list); element != NULL; element = json_next(element)) {
		const char *found = json_string(element, name);

		if (found != NULL && strcmp(found, text) == 0)
			return element;
	}
	return NULL;
}

static int
compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Sorted, for an object may have a hundred thousand members. */
static enum err
find_twin_here(struct arena *a, const struct json *object, const char **name)
{
	size_t count = json_count(object), n = 0;
	const char **names;

	if (count < 2)
		return ERR_OK;
	names = arena_alloc(a, count * sizeof(*names));
	if (names == NULL)
		return ERR_NOMEM;
	for (const struct json *child = json_first(object); child != NULL; child = json_next(child))
		names[n++] = json_name(child);
	qsort(names, n, sizeof(*names), compare_names);
	for (size_t i = 1; i < n && *name == NULL; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			*name = names[i];
	return ERR_OK;
}

static enum err
find_twin(struct arena *a, const struct json *j, const char **name)
{
	enum err e = json_kind(j) == JSON_OBJECT ? find_twin_here(a, j, name) : ERR_OK;

	for (const struct json *child = json_first(j); child != NULL && e == ERR_OK && *name == NULL;
	     child = json_next(child))
		e = find_twin(a, child, name);	/* as deep as JSON_DEPTH_MAX */
	return e;
}

enum err
json_find_twin(struct arena *a, const struct json *j, const char **name)
{
	*name = NULL;
	return find_twin(a, j, name);
}

const char *
json_text(const struct json *element)
{
	return cJSON_IsString(item(element)) ? item(element)->valuestring : NULL;
}

const char *
json_string(const struct json *j, const char *name)
{
	return json_text(json_get(j, name));
}

bool
json_int(const struct json *j, const char *name, int64_t min, int64_t max, int64_t *out)
{
	const struct json *member = json_get(j, name);
	const char *text = json_text(member);
	int64_t value;

	if (text != NULL) {
		bool negative = *text == '-';

		if (!text_to_int(text + negative, INT64_MAX, &value))
			return false;
		if (negative)
			value = -value;
	} else {
		double d;

		if (!is_number(item(member)))
			return false;
		d = item(member)->valuedouble;
		if (!(d >= -EXACT_MAX && d <= EXACT_MAX))
			return false;
		value = (int64_t)d;
		if ((double)value != d)
			return false;
	}
	if (value < min || value > max)
		return false;
	*out = value;
	return true;
}

bool
json_bool(const struct json *j, const char *name, bool otherwise)
{
	const struct json *member = json_get(j, name);
	const char *text = json_text(member);

	if (cJSON_IsBool(item(member)))
		return cJSON_IsTrue(item(member));
	if (text != NULL && strcmp(text, "true") == 0)
		return true;
	if (text != NULL && strcmp(text, "false") == 0)
		return false;
	return otherwise;
}

double
json_number(const struct json *element)
{
	return is_number(item(element)) ? item(element)->valuedouble : 0;
}

struct json *
json_object(struct arena *a)
{
	use_arena(a);
	return opaque(cJSON_CreateObject());
}

struct json *
json_array(struct arena *a)
{
	use_arena(a);
	return opaque(cJSON_CreateArray());
}

struct json *
json_copy(struct arena *a, const struct json *j)
{
	use_arena(a);
	return opaque(cJSON_Duplicate(item(j), 1));
}

/* Put `value` (made in the container's arena; NULL = out of memory) at its place. */
static void
put(struct json *obj, const char *name, cJSON *value)
{
	cJSON_bool done = 0;

	if (value != NULL && name == NULL)
		done = cJSON_AddItemToArray(item(obj), value);
	else if (value != NULL && cJSON_GetObjectItemCaseSensitive(item(obj), name) != NULL)
		done = cJSON_ReplaceItemInObjectCaseSensitive(item(obj), name, value);
	else if (value != NULL)
		done = cJSON_AddItemToObject(item(obj), name, value);
	if (!done)
		item(obj)->valueint = INCOMPLETE;
}

/* Length of the well-formed UTF-8 sequence at s, 0 = none. */
static size_t
sequence_length(const char *s)
{
	unsigned char first = (unsigned char)*s;
	size_t len = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;

	if (strnlen(s, len) < len)
		return 0;
	return text_is_utf8(s, len) ? len : 0;
}

static cJSON *
make_string(const char *s)
{
	char *clean, *to;

	if (s == NULL)
		return cJSON_CreateNull();
	if (text_is_utf8(s, strlen(s)))
		return cJSON_CreateString(s);
	if (strlen(s) > SIZE_MAX / 4)
		return NULL;
	clean = arena_alloc(current, strlen(s) * 3 + 1);
	if (clean == NULL)
		return NULL;
	for (to = clean; *s != '\0';) {
		size_t len = sequence_length(s);

		memcpy(to, len == 0 ? "\xef\xbf\xbd" : s, len == 0 ? 3 : len);
		to += len == 0 ? 3 : len;
		s += len == 0 ? 1 : len;
	}
	*to = '\0';
	return cJSON_CreateString(clean);
}

void
json_set_string(struct json *obj, const char *name, const char *s)
{
	if (obj == NULL)
		return;
	use_arena(arena_of(obj));
	put(obj, name, make_string(s));
}

void
json_set_int(struct json *obj, const char *name, int64_t v)
{
	char digits[TEXT_INT_MAX];
	cJSON *number;

	if (obj == NULL)
		return;
	use_arena(arena_of(obj));
	/* As text: exact whatever its size, and a double costs the library a print, a scan and a second print. */
	number = cJSON_CreateRaw(text_of_int(v, digits));
	if (number != NULL)
		number->valuedouble = (double)v;	/* for those who read it back */
	put(obj, name, number);
}

void
json_set_number(struct json *obj, const char *name, double v)
{
	if (obj == NULL)
		return;
	use_arena(arena_of(obj));
	put(obj, name, cJSON_CreateNumber(v));
}

void
json_set_bool(struct json *obj, const char *name, bool v)
{
	if (obj == NULL)
		return;
	use_arena(arena_of(obj));
	put(obj, name, cJSON_CreateBool(v));
}

void
json_set_null(struct json *obj, const char *name)
{
	json_set_string(obj, name, NULL);
}

/* An item that hangs somewhere has a predecessor: cJSON's lists are closed backwards. */
static cJSON *
movable(struct json *obj, struct json *child)
{
	use_arena(arena_of(obj));
	if (child == NULL)
		return NULL;
	if (item(child)->prev == NULL && arena_of(child) == arena_of(obj))
		return item(child);
	return cJSON_Duplicate(item(child), 1);
}

void
json_set(struct json *obj, const char *name, struct json *child)
{
	if (obj != NULL)
		put(obj, name, movable(obj, child));
}

void
json_remove(struct json *obj, const char *name)
{
	if (json_get(obj, name) == NULL)
		return;
	use_arena(arena_of(obj));
	cJSON_DeleteItemFromObjectCaseSensitive(item(obj), name);
}

void
json_append(struct json *arr, struct json *child)
{
	if (arr != NULL)
		put(arr, NULL, movable(arr, child));
}

void
json_append_string(struct json *arr, const char *s)
{
	if (arr == NULL)
		return;
	use_arena(arena_of(arr));
	put(arr, NULL, make_string(s));
}

void
json_replace_text(struct json *element, const char *s)
{
	cJSON *text;

	if (element == NULL)
		return;
	use_arena(arena_of(element));
	text = make_string(s);
	/* Out of memory must not leave in place what was to be covered. */
	item(element)->type = text == NULL ? cJSON_NULL : text->type;
	item(element)->valuestring = text == NULL ? NULL : text->valuestring;
	item(element)->child = NULL;
}

static bool
is_complete(const cJSON *i)
{
	if ((cJSON_IsObject(i) || cJSON_IsArray(i)) && i->valueint == INCOMPLETE)
		return false;
	for (const cJSON *child = i->child; child != NULL; child = child->next)
		if (!is_complete(child))
			return false;
	return true;
}

char *
json_print(struct arena *a, const struct json *j, size_t *len)
{
	char *text;

	if (j == NULL || !is_complete(item(j)))
		return NULL;
	use_arena(a);
	text = cJSON_PrintUnformatted(item(j));
	if (text != NULL && len != NULL)
		*len = strlen(text);
	return text;
}
