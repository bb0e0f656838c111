/* SPDX-License-Identifier: MIT */
#include "session/session.h"

#include <string.h>

#include "app.h"
#include "base/log.h"
#include "crypto/crypto.h"
#include "crypto/keyring.h"
#include "session/record.h"

/* "s:" and "c:" before the name: the session itself, and what is kept aside. */
#define STORE_NAME_LEN (2 + SESSION_NAME_LEN + 1)
#define SWEEP_PER_INSERT 16
#define TOUCH_PARTS 100	/* a use is noted when a hundredth of the idle time has gone by since the last note */

_Static_assert(SESSION_ID_LEN == CRYPTO_TEXT_LEN && SESSION_NAME_LEN == CRYPTO_TEXT_LEN, "both are 256 bits as text");

bool
session_id_is_wellformed(const char *id)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	return strspn(id, alphabet) == SESSION_ID_LEN && id[SESSION_ID_LEN] == '\0';
}

void
session_name_of(const char *id, char name[SESSION_NAME_LEN + 1])
{
	crypto_sha256_text(id, name);
}

void
session_new_id(char id[SESSION_ID_LEN + 1])
{
	crypto_random_text(id);
}

static const char *
store_name(char kind, const char *name, char out[STORE_NAME_LEN])
{
	out[0] = kind;
	out[1] = ':';
	memcpy(out + 2, name, SESSION_NAME_LEN + 1);
	return out;
}

/* Kind "session", or "aside" for what is kept beside it. */
static struct seal
seal_of(const char *kind, const struct session *s)
{
	return (struct seal){ .kind = kind, .name = s->name, .salt = s->id };
}

/* The earlier of "unused too long" and "too long at all". */
static int64_t
ends_at(const struct app *app, const struct session *s)
{
	int64_t idle = s->used_at_s + app->config.session_idle_s, last = s->signed_in_at_s + app->config.session_max_s;

	return idle < last ? idle : last;
}

enum err
session_load(struct app *app, const char *id, struct arena *a, struct session *out)
{
	char name[STORE_NAME_LEN], cookie[SESSION_ID_LEN + 1];
	struct store_record rec;
	struct seal seal;
	const char *why = NULL;
	unsigned char *plain;
	size_t len;
	enum err e;

	if (!session_id_is_wellformed(id))
		return ERR_NO_SESSION;
	memcpy(cookie, id, sizeof(cookie));	/* `id` may be the member of `out` that is cleared next */
	memset(out, 0, sizeof(*out));
	memcpy(out->id, cookie, sizeof(out->id));
	session_name_of(out->id, out->name);
	e = store_get(app->store, store_name('s', out->name, name), a, &rec);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_NO_SESSION : e;
	seal = seal_of("session", out);
	e = keyring_unseal(app->keys, &seal, rec.data, rec.len, a, &plain, &len, &why);
	if (e == ERR_OK)
		e = record_read(out, a, plain, len);
	else if (e != ERR_NOT_FOUND)
		return e;
	if (e != ERR_OK) {
		log_event(LOG_LEVEL_WARN, "session_unreadable", "a session cannot be opened (%s); its visitor must sign in "
		    "again", why != NULL ? why : "its bytes are no record");
		return ERR_NO_SESSION;
	}
	out->version = rec.version;
	/* The settings may have become stricter since it was written. */
	return ends_at(app, out) <= clock_now_s(app->clock) ? ERR_NO_SESSION : ERR_OK;
}

static enum err
seal(struct app *app, struct arena *a, const struct session *s, unsigned char **sealed, size_t *len)
{
	const struct seal seal = seal_of("session", s);
	unsigned char *plain;
	size_t plain_len;
	enum err e;

	e = record_write(s, a, &plain, &plain_len);
	if (e != ERR_OK)
		return e;
	return keyring_seal(app->keys, &seal, plain, plain_len, a, sealed, len);
}

enum err
session_insert(struct app *app, struct arena *a, struct session *s)
{
	char name[STORE_NAME_LEN];
	unsigned char *sealed;
	size_t len;
	int removed;
	enum err e;

	session_new_id(s->id);
	session_name_of(s->id, s->name);
	e = seal(app, a, s, &sealed, &len);
	if (e != ERR_OK)
		return e;
	/* Who adds sweeps: nobody has to be asked, and a failure costs nothing but space. */
	e = store_sweep(app->store, SWEEP_PER_INSERT, &removed);
	if (e == ERR_NOMEM)
		return e;
	return store_put(app->store, store_name('s', s->name, name), sealed, len, ends_at(app, s), STORE_INSERT,
	    STORE_DURABLE, &s->version);
}

enum err
session_replace(struct app *app, struct arena *a, struct session *s, enum store_durability d)
{
	char name[STORE_NAME_LEN];
	unsigned char *sealed;
	size_t len;
	enum err e;

	e = seal(app, a, s, &sealed, &len);
	if (e != ERR_OK)
		return e;
	e = store_replace(app->store, store_name('s', s->name, name), s->version, sealed, len, ends_at(app, s), d,
	    &s->version);
	return e == ERR_NOT_FOUND ? ERR_NO_SESSION : e;
}

void
session_touch(struct app *app, struct arena *a, struct session *s)
{
	int64_t now = clock_now_s(app->clock), before = s->used_at_s;
	enum err e;

	if (now - before < app->config.session_idle_s / TOUCH_PARTS || now <= before)
		return;
	s->used_at_s = now;
	e = session_replace(app, a, s, STORE_LAZY);
	/* Another request of the visitor's wrote meanwhile, and noted the same. */
	if (e != ERR_OK)
		s->used_at_s = before;
}

enum err
session_end(struct app *app, const char *session_name)
{
	char name[STORE_NAME_LEN];
	enum err e;

	e = store_remove(app->store, store_name('s', session_name, name), STORE_DURABLE);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	e = store_remove(app->store, store_name('c', session_name, name), STORE_LAZY);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err
session_aside_load(struct app *app, const struct session *s, struct arena *a, const char **data, size_t *len)
{
	const struct seal seal = seal_of("aside", s);
	char name[STORE_NAME_LEN];
	struct store_record rec;
	unsigned char *plain;
	enum err e;

	e = store_get(app->store, store_name('c', s->name, name), a, &rec);
	if (e != ERR_OK)
		return e;
	e = keyring_unseal(app->keys, &seal, rec.data, rec.len, a, &plain, len, NULL);
	if (e == ERR_OK)
		*data = (const char *)plain;
	return e;
}

enum err
session_aside_save(struct app *app, const struct session *s, struct arena *a, const void *data, size_t len)
{
	const struct seal seal = seal_of("aside", s);
	char name[STORE_NAME_LEN];
	unsigned char *sealed;
	size_t sealed_len;
	enum err e;

	e = keyring_seal(app->keys, &seal, data, len, a, &sealed, &sealed_len);
	if (e != ERR_OK)
		return e;
	return store_put(app->store, store_name('c', s->name, name), sealed, sealed_len, ends_at(app, s), STORE_UPSERT,
	    STORE_LAZY, NULL);
}
