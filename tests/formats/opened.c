/* SPDX-License-Identifier: MIT */
#include "formats/opened.h"

#include <stdio.h>
#include <string.h>

#include "crypto/crypto.h"
#include "crypto/keyring.h"
#include "json/json.h"

#define FIELD_HEAD 5
#define TAG_PRIOR  11	/* begins with a hash of a cookie */

static const unsigned char new_field[] = { 201, 3, 0, 0, 0, 'n', 'e', 'w' };

static const struct seal state_seal = { "state", "", "" };

/* How the records of each kind are sealed: for which name, and with which salt. */
static bool
seal_of(const struct sample *s, const char *name, struct seal *out)
{
	switch (name[0]) {
	case 's': *out = (struct seal){ "session", name + 2, s->cookie }; return true;
	case 'c': *out = (struct seal){ "aside", name + 2, s->cookie }; return true;
	case 'k': *out = (struct seal){ "system", name, SAMPLE_TENANT }; return true;
	case 'o': *out = (struct seal){ "operation", name, "" }; return true;
	case 'm':
	case 'r': *out = (struct seal){ "authority", name, "" }; return true;
	default:  return false;
	}
}

bool
opened_from(struct fixture *fx, const struct sample *s, const char *name, const struct store_record *rec,
    struct opened *out)
{
	const char *why = "";
	struct seal seal;

	*out = (struct opened){ .expires_at_s = rec->expires_at_s };
	snprintf(out->name, sizeof(out->name), "%s", name);
	if (!seal_of(s, name, &seal))
		return false;
	if (keyring_unseal(fx->app.keys, &seal, rec->data, rec->len, &fx->arena, &out->bytes, &out->len, &why) != ERR_OK) {
		printf("# %s: %s\n", name, why);
		return false;
	}
	if (name[0] != 's' && json_parse(&fx->arena, (char *)out->bytes, out->len, &out->document) != ERR_OK)
		return false;
	return true;
}

static void
add_member(struct arena *a, struct json *object)
{
	struct json *value = json_object(a), *list = json_array(a);

	json_append_string(list, "of a later version");
	json_set(value, "things", list);
	json_set(object, "later", value);
}

static void
add_to_document(struct arena *a, struct json *j)
{
	struct json *entry;

	if (json_kind(j) != JSON_ARRAY) {
		add_member(a, j);
		return;
	}
	for (entry = json_first(j); entry != NULL; entry = json_next(entry))
		add_member(a, entry);
	entry = json_object(a);
	add_member(a, entry);
	json_append(j, entry);
}

bool
opened_add(struct fixture *fx, struct opened *o)
{
	unsigned char *longer;

	if (o->document != NULL) {
		add_to_document(&fx->arena, o->document);
		o->bytes = (unsigned char *)json_print(&fx->arena, o->document, &o->len);
		return o->bytes != NULL;
	}
	longer = arena_alloc(&fx->arena, o->len + sizeof(new_field));
	if (longer == NULL)
		return false;
	memcpy(longer, new_field, sizeof(new_field));	/* first, so that what is known comes after it */
	memcpy(longer + sizeof(new_field), o->bytes, o->len);
	o->bytes = longer;
	o->len += sizeof(new_field);
	return true;
}

enum err
opened_put(struct fixture *fx, const struct sample *s, const struct opened *o)
{
	unsigned char *sealed;
	struct seal seal;
	size_t len;
	enum err e;

	if (!seal_of(s, o->name, &seal))
		return ERR_NOT_FOUND;
	e = keyring_seal(fx->app.keys, &seal, o->bytes, o->len, &fx->arena, &sealed, &len);
	if (e != ERR_OK)
		return e;
	return store_put(fx->app.store, o->name, sealed, len, o->expires_at_s, STORE_UPSERT, STORE_LAZY, NULL);
}

bool
opened_from_state(struct fixture *fx, const char *state, struct opened *out)
{
	unsigned char *sealed;
	size_t len;

	*out = (struct opened){ 0 };
	sealed = crypto_b64url_decode(&fx->arena, state, strlen(state), &len);
	return sealed != NULL && keyring_unseal(fx->app.keys, &state_seal, sealed, len, &fx->arena, &out->bytes, &out->len,
	    NULL) == ERR_OK && json_parse(&fx->arena, (char *)out->bytes, out->len, &out->document) == ERR_OK;
}

bool
opened_add_to_state(struct fixture *fx, char *state, size_t size)
{
	struct opened o;
	unsigned char *sealed;
	const char *text;
	size_t len;

	if (!opened_from_state(fx, state, &o) || !opened_add(fx, &o) || keyring_seal(fx->app.keys, &state_seal, o.bytes,
	    o.len, &fx->arena, &sealed, &len) != ERR_OK)
		return false;
	text = crypto_b64url(&fx->arena, sealed, len);
	return text != NULL && (size_t)snprintf(state, size, "%s", text) < size;
}

/* Ids and cookies; in a state the nonce, the key's id and the browser's hash. */
static bool
is_random(const char *name)
{
	static const char *const names[] = { "id", "session", "n", "k", "b" };

	for (size_t i = 0; name != NULL && i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool
json_covers(const struct json *then, const struct json *now, const char *name, const char **why)
{
	const struct json *child, *other = json_first(now);
	bool good = now != NULL && json_kind(then) == json_kind(now);

	if (good && json_kind(then) == JSON_STRING && !is_random(name))
		good = strcmp(json_text(then), json_text(now)) == 0;
	if (good && json_kind(then) == JSON_NUMBER)
		good = json_number(then) == json_number(now);
	if (!good) {
		*why = name != NULL ? name : "an entry";
		return false;
	}
	for (child = json_first(then); child != NULL; child = json_next(child)) {
		bool keyed = json_kind(then) == JSON_OBJECT;

		if (!json_covers(child, keyed ? json_get(now, json_name(child)) : other, keyed ? json_name(child) : name, why))
			return false;
		if (!keyed)
			other = json_next(other);
	}
	return true;
}

/* The field of that tag in a session's bytes, which are good; NULL: none. */
static const unsigned char *
field(const struct opened *o, unsigned tag)
{
	const unsigned char *p = o->bytes;

	while (p < o->bytes + o->len && p[0] != tag)
		p += FIELD_HEAD + (p[1] | p[2] << 8);
	return p < o->bytes + o->len ? p : NULL;
}

static bool
fields_cover(const struct opened *then, const struct opened *now, const char **why)
{
	const unsigned char *p = then->bytes, *other;
	size_t len;

	for (; p < then->bytes + then->len; p += len) {
		len = FIELD_HEAD + (size_t)(p[1] | p[2] << 8);
		other = field(now, p[0]);
		if (other == NULL || memcmp(p, other, p[0] == TAG_PRIOR ? FIELD_HEAD : len) != 0) {
			*why = "a field of a session";
			return false;
		}
	}
	return true;
}

bool
opened_covers(const struct opened *then, const struct opened *now, const char **why)
{
	if (then->expires_at_s != now->expires_at_s) {
		*why = "the expiry";
		return false;
	}
	if (then->document == NULL)
		return now->document == NULL && fields_cover(then, now, why);
	return json_covers(then->document, now->document, NULL, why);
}
