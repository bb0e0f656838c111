/* SPDX-License-Identifier: MIT */
#include "flow/system.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "crypto/keyring.h"
#include "flow/tenant.h"

#define CREDENTIAL_LEN 24
#define NAMES_MAX      256

static void
name_of(const char *tenant, const char *kind, const char *name, char out[STORE_NAME_MAX + 1])
{
	char hash[TENANT_HASH_LEN + 1];

	tenant_hash(tenant, hash);
	snprintf(out, STORE_NAME_MAX + 1, "k:%s:%s:%s", hash, kind, name);
}

static enum err
new_document(struct system *s)
{
	struct arena *a = s->call->arena;

	s->document = json_object(a);
	json_set(s->document, "credentials", json_object(a));
	json_set(s->document, "facts", json_object(a));
	json_set(s->document, "made", json_object(a));
	return s->document != NULL ? ERR_OK : ERR_NOMEM;
}

static struct seal
seal_of(const struct system *s)
{
	return (struct seal){ .kind = "system", .name = s->store_name, .salt = s->tenant };
}

static enum err
unseal(struct system *s, const struct store_record *rec)
{
	const struct seal seal = seal_of(s);
	struct arena *a = s->call->arena;
	const char *why = "its bytes are no record";
	unsigned char *plain;
	size_t len;
	enum err e;

	e = keyring_unseal(s->app->keys, &seal, rec->data, rec->len, a, &plain, &len, &why);
	if (e == ERR_OK)
		e = json_parse(a, (const char *)plain, len, &s->document);
	if (e == ERR_OK || e == ERR_NOMEM)
		return e;
	log_event(LOG_LEVEL_ERROR, "system_unreadable", "what was kept of a system cannot be opened (%s)", why);
	return call_fail(s->call, ERR_CONFIG, "What was kept of %s cannot be opened: the key that it was sealed with is "
	    "not in this site's key file.", s->name);
}

enum err
system_load(struct app *app, struct call *c, const char *tenant, const char *kind, const char *name,
    struct system *out)
{
	struct store_record rec;
	enum err e;

	*out = (struct system){ .tenant = tenant, .kind = kind, .name = name, .app = app, .call = c };
	name_of(tenant, kind, name, out->store_name);
	e = store_get(app->store, out->store_name, c->arena, &rec);
	if (e == ERR_NOT_FOUND) {
		e = new_document(out);
		return e == ERR_OK ? ERR_NOT_FOUND : e;
	}
	if (e != ERR_OK)
		return e;
	out->version = rec.version;
	return unseal(out, &rec);
}

enum err
system_save(struct system *s)
{
	const struct seal seal = seal_of(s);
	struct arena *a = s->call->arena;
	unsigned char *sealed;
	size_t plain_len, len;
	const char *plain = json_print(a, s->document, &plain_len);
	enum err e;

	if (plain == NULL)
		return ERR_NOMEM;
	e = keyring_seal(s->app->keys, &seal, plain, plain_len, a, &sealed, &len);
	if (e != ERR_OK)
		return e;
	if (s->version == 0)
		e = store_put(s->app->store, s->store_name, sealed, len, STORE_NO_EXPIRY, STORE_INSERT, STORE_DURABLE,
		    &s->version);
	else
		e = store_replace(s->app->store, s->store_name, s->version, sealed, len, STORE_NO_EXPIRY, STORE_DURABLE,
		    &s->version);
	if (e == ERR_TOO_LARGE)
		return call_fail(s->call, e, "There is more to remember of %s than fits.", s->name);
	return e == ERR_NOT_FOUND || e == ERR_CONFLICT ? ERR_BUSY : e;
}

enum err
system_forget(struct system *s)
{
	enum err e = store_remove(s->app->store, s->store_name, STORE_DURABLE);

	s->version = 0;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

struct names {
	struct arena *arena;
	const char  **names;
	size_t        n;
	bool          failed;
};

static bool
collect(void *ctx, const char *name, const struct store_record *rec)
{
	struct names *k = ctx;

	(void)rec;
	k->names[k->n] = arena_strdup(k->arena, strrchr(name, ':') + 1);
	k->failed = k->names[k->n] == NULL;
	return !k->failed && ++k->n < NAMES_MAX;
}

enum err
system_names(struct app *app, struct call *c, const char *tenant, const char *kind, const char ***names, size_t *n)
{
	struct names k = { .arena = c->arena, .names = arena_alloc(c->arena, NAMES_MAX * sizeof(*k.names)) };
	char prefix[STORE_NAME_MAX + 1];
	enum err e;

	if (k.names == NULL)
		return ERR_NOMEM;
	name_of(tenant, kind, "", prefix);
	e = store_each(app->store, prefix, collect, &k);
	if (e == ERR_OK && k.failed)
		e = ERR_NOMEM;
	*names = k.names;
	*n = k.n;
	return e;
}

const char *
system_credential(const struct system *s, const char *key)
{
	return json_string(json_get(s->document, "credentials"), key);
}

void
system_credential_set(struct system *s, const char *key, const char *value)
{
	json_set_string(json_get(s->document, "credentials"), key, value);
}

/* Without bias: bytes beyond the last whole alphabet are thrown away. */
static void
random_text(char *out, size_t len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	const unsigned n = sizeof(letters) - 1;
	unsigned char byte;

	for (size_t i = 0; i < len;) {
		crypto_random(&byte, 1);
		if (byte < 256 / n * n)
			out[i++] = letters[byte % n];
	}
	out[len] = '\0';
}

static bool
is_mixed(const char *s)
{
	return strpbrk(s, "abcdefghijklmnopqrstuvwxyz") != NULL && strpbrk(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL
	    && strpbrk(s, "0123456789") != NULL;
}

enum err
system_credential_make(struct system *s, const char *key, enum system_alphabet alphabet)
{
	char value[CREDENTIAL_LEN + 1];

	if (system_credential(s, key) != NULL)
		return ERR_OK;
	do
		random_text(value, CREDENTIAL_LEN);
	while (alphabet == SYSTEM_MIXED && !is_mixed(value));
	system_credential_set(s, key, value);
	crypto_wipe(value, sizeof(value));
	return system_credential(s, key) != NULL ? ERR_OK : ERR_NOMEM;
}

const char *
system_fact(const struct system *s, const char *key)
{
	return json_string(json_get(s->document, "facts"), key);
}

void
system_fact_set(struct system *s, const char *key, const char *value)
{
	if (value != NULL)
		json_set_string(json_get(s->document, "facts"), key, value);
	else
		json_remove(json_get(s->document, "facts"), key);
}

int64_t
system_when_s(const char *text)
{
	int64_t when_s;

	return text != NULL && text_to_int(text, INT64_MAX, &when_s) ? when_s : 0;
}

int64_t
system_fact_s(const struct system *s, const char *key)
{
	return system_when_s(system_fact(s, key));
}

void
system_fact_set_s(struct system *s, const char *key, int64_t when_s)
{
	char digits[TEXT_INT_MAX];

	system_fact_set(s, key, text_of_int(when_s, digits));
}

/* "instance minio-minio encoreshared": neither ids nor names hold a space. */
static const char *
thing_name(enum system_thing thing)
{
	return thing == SYSTEM_INSTANCE ? "instance " : "secret ";
}

static const char *
key_of(const struct system *s, enum system_thing thing, const char *service_id, const char *name)
{
	return arena_concat(s->call->arena, thing_name(thing), service_id, " ", name);
}

enum system_made
system_made(const struct system *s, enum system_thing thing, const char *service_id, const char *name)
{
	const char *key = key_of(s, thing, service_id, name);
	const struct json *made = key == NULL ? NULL : json_get(json_get(s->document, "made"), key);

	if (made == NULL)
		return SYSTEM_NOT_OURS;
	return strcmp(json_text(made) != NULL ? json_text(made) : "", "made") == 0 ? SYSTEM_MADE : SYSTEM_INTENDED;
}

enum err
system_note(struct system *s, enum system_thing thing, const char *service_id, const char *name,
    enum system_made made)
{
	const char *key = key_of(s, thing, service_id, name);
	struct json *list = json_get(s->document, "made");

	if (key == NULL || list == NULL)
		return ERR_NOMEM;
	if (system_made(s, thing, service_id, name) == made)
		return ERR_OK;
	if (made == SYSTEM_NOT_OURS)
		json_remove(list, key);
	else
		json_set_string(list, key, made == SYSTEM_MADE ? "made" : "intended");
	return system_save(s);
}

bool
system_first(const struct system *s, enum system_thing thing, const char *but, const char **service_id,
    const char **name)
{
	const char *prefix = thing_name(thing);

	for (const struct json *j = json_first(json_get(s->document, "made")); j != NULL; j = json_next(j)) {
		const char *key = json_name(j), *space;

		if (!text_starts_with(key, prefix))
			continue;
		key += strlen(prefix);
		space = strchr(key, ' ');
		if (space == NULL)
			continue;
		*service_id = arena_strndup(s->call->arena, key, (size_t)(space - key));
		*name = arena_strdup(s->call->arena, space + 1);
		if (*service_id != NULL && but != NULL && strcmp(*service_id, but) == 0)
			continue;
		return *service_id != NULL && *name != NULL;
	}
	return false;
}
