/* SPDX-License-Identifier: MIT */
#include "flow/kept.h"

#include <string.h>

#include "crypto/crypto.h"
#include "crypto/keyring.h"
#include "store/store.h"

const char *
kept_name(struct arena *a, const char *kind, const char *one, const char *other)
{
	const char *text = arena_concat(a, one, "\n", other);
	char hash[CRYPTO_TEXT_LEN + 1];

	if (text == NULL)
		return NULL;
	crypto_sha256_text(text, hash);
	return arena_concat(a, kind, ":", hash);
}

static struct seal
seal_of(const char *name)
{
	return (struct seal){ .kind = "authority", .name = name, .salt = "" };
}

/* ERR_NOT_FOUND: sealed by a key, or in a way, that is not known. */
static enum err
open_sealed(struct app *app, struct arena *a, const char *name, const struct store_record *rec, struct json **doc)
{
	const struct seal seal = seal_of(name);
	unsigned char *plain;
	size_t len;
	enum err e;

	e = keyring_unseal(app->keys, &seal, rec->data, rec->len, a, &plain, &len, NULL);
	if (e == ERR_OK && json_parse(a, (char *)plain, len, doc) != ERR_OK)
		*doc = NULL;
	return e;
}

enum err
kept_load(struct app *app, struct call *c, const char *name, struct kept *out)
{
	struct store_record rec;
	enum err e;

	memset(out, 0, sizeof(*out));
	e = store_get(app->store, name, c->arena, &rec);
	if (e == ERR_OK)
		e = open_sealed(app, c->arena, name, &rec, &out->doc);
	if (e == ERR_OK && out->doc != NULL)
		(void)json_int(out->doc, "until", 0, INT64_MAX / 2, &out->until_s);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err
kept_save(struct app *app, struct call *c, const char *name, struct json *doc, int64_t until_s, int64_t expires_at_s)
{
	const struct seal seal = seal_of(name);
	unsigned char *sealed;
	const char *text;
	size_t len;
	enum err e;

	json_set_int(doc, "until", until_s);
	text = json_print(c->arena, doc, &len);
	if (text == NULL)
		return ERR_NOMEM;
	e = keyring_seal(app->keys, &seal, text, len, c->arena, &sealed, &len);
	if (e != ERR_OK)
		return e;
	return store_put(app->store, name, sealed, len, expires_at_s, STORE_UPSERT, STORE_DURABLE, NULL);
}

struct visiting {
	struct app  *app;
	struct call *c;
	kept_visit  *visit;
	void        *ctx;
	enum err     failed;
};

static bool
show(void *ctx, const char *name, const struct store_record *rec)
{
	struct visiting *v = ctx;
	struct json *doc = NULL;
	enum err e;

	e = open_sealed(v->app, v->c->arena, name, rec, &doc);
	if (e != ERR_OK && e != ERR_NOT_FOUND) {
		v->failed = e;
		return false;
	}
	v->visit(v->ctx, name, doc);
	return true;
}

enum err
kept_each(struct app *app, struct call *c, const char *kind, kept_visit *visit, void *ctx)
{
	struct visiting v = { app, c, visit, ctx, ERR_OK };
	const char *prefix = arena_concat(c->arena, kind, ":");
	enum err e;

	if (prefix == NULL)
		return ERR_NOMEM;
	e = store_each(app->store, prefix, show, &v);
	return e != ERR_OK ? e : v.failed;
}
