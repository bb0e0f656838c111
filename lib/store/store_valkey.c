/* SPDX-License-Identifier: MIT */
#include "store/store_valkey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "store/header.h"
#include "store/redis_link.h"
#include "store/valkey_names.h"
#include "store/valkey_scripts.h"

/*
 * A lease that is not kept lapses: so long are others delayed by a process that died with
 * one, and so long may its holder be cut off from the server.  Well above any wait for the
 * server, so that what it grants late is still good for a while.
 */
#define LEASE_MS "10000"

#define PREFIX_MAX 64
#define KEY_MAX    (PREFIX_MAX + 2 + STORE_NAME_MAX)
#define URL_MEMORY 16384

/* What store_each asks for at once: values may be large. */
#define BATCH 16

/* How often store_take looks again when somebody writes between its look and its act. */
#define TAKE_TRIES 16

struct store_valkey {
	struct store      store;
	struct arena      memory;	/* of the strings that follow */
	struct redis_link link;
	const char       *prefix;
};

static struct store_valkey *
self(struct store *s)
{
	return (struct store_valkey *)s;
}

static struct redis_arg
arg_text(const char *s)
{
	return (struct redis_arg){ s, strlen(s) };
}

/* On the server records are "PREFIXr:NAME", leases "PREFIXl:NAME". */
static struct redis_arg
arg_key(const struct store_valkey *v, char kind, const char *name, char out[KEY_MAX + 1])
{
	int n = snprintf(out, KEY_MAX + 1, "%s%c:%s", v->prefix, kind, name);

	return (struct redis_arg){ out, (size_t)n };
}

static void
free_reply(struct store_valkey *v, redisReply *r)
{
	if (r != NULL)
		v->link.lib->free_reply(r);
}

static enum err
senseless(const char *what)
{
	log_event(LOG_LEVEL_ERROR, "store_failed", "the answer to %s makes no sense", what);
	return ERR_STORE;
}

/* Run a script that answers a number. */
static enum err
run(struct store_valkey *v, enum redis_repeat repeat, const char *script, struct redis_arg key, int argc,
    const struct redis_arg *argv, long long *out)
{
	struct redis_arg all[REDIS_ARGS_MAX] = { arg_text("EVAL"), arg_text(script), arg_text("1"), key };
	redisReply *r;
	enum err e = ERR_OK;

	memcpy(all + 4, argv, (size_t)argc * sizeof(*argv));
	r = redis_call(&v->link, repeat, argc + 4, all);
	if (r == NULL)
		return ERR_STORE;
	if (r->type == REDIS_REPLY_INTEGER)
		*out = r->integer;
	else
		e = senseless("a script");
	free_reply(v, r);
	return e;
}

/* ---- one record ---- */

/* ERR_NOT_FOUND when there is none, it has expired, or its bytes make no sense. */
static enum err
read_reply(struct store_valkey *v, const redisReply *r, struct store_record *out)
{
	struct store_header head;

	if (r->type == REDIS_REPLY_NIL)
		return ERR_NOT_FOUND;
	if (r->type != REDIS_REPLY_STRING)
		return senseless("GET");
	if (!store_header_get((const unsigned char *)r->str, r->len, &head) || r->len - STORE_HEADER_LEN > STORE_VALUE_MAX) {
		log_event(LOG_LEVEL_ERROR, "store_record", "a record is corrupt or of a newer format: ignored");
		return ERR_NOT_FOUND;
	}
	if (head.expires_at_s <= clock_now_s(v->store.clock))
		return ERR_NOT_FOUND;
	out->data = (const unsigned char *)r->str + STORE_HEADER_LEN;
	out->len = r->len - STORE_HEADER_LEN;
	out->version = head.version;
	out->expires_at_s = head.expires_at_s;
	return ERR_OK;
}

static enum err
valkey_get(struct store *s, const char *name, struct arena *a, struct store_record *out)
{
	struct store_valkey *v = self(s);
	char key[KEY_MAX + 1];
	struct redis_arg argv[] = { arg_text("GET"), arg_key(v, 'r', name, key) };
	struct store_record found;
	unsigned char *copy;
	redisReply *r;
	enum err e;

	r = redis_call(&v->link, REDIS_AGAIN, 2, argv);
	if (r == NULL)
		return ERR_STORE;
	e = read_reply(v, r, &found);
	if (e == ERR_OK) {
		copy = arena_alloc(a, found.len + 1);
		if (copy == NULL) {
			e = ERR_NOMEM;
		} else {
			memcpy(copy, found.data, found.len + 1);	/* the library ends strings with a NUL */
			found.data = copy;
			*out = found;
		}
	}
	free_reply(v, r);
	return e;
}

struct write {
	const char   *script, *name;
	const void   *data;
	size_t        len;
	int64_t       expires_at_s;
	uint64_t      old;	/* the version that must be there; 0 = any */
	uint64_t      version;	/* of the new record */
};

/* The server removes the record by its own clock, after as long as it has to live by ours. */
static void
time_to_live(int64_t now_s, int64_t expires_at_s, char *out, size_t size)
{
	if (expires_at_s == STORE_NO_EXPIRY)
		out[0] = '\0';
	else if (expires_at_s <= now_s)
		snprintf(out, size, "0");
	else if (expires_at_s - now_s > INT64_MAX / 4000)
		out[0] = '\0';
	else
		snprintf(out, size, "%lld", (long long)(expires_at_s - now_s) * 1000);
}

/* `answer`: of the script. */
static enum err
write_record(struct store_valkey *v, struct write *w, long long *answer)
{
	struct store_header head = { .expires_at_s = w->expires_at_s };
	char key[KEY_MAX + 1], now[24], ttl[24];
	int64_t now_s = clock_now_s(v->store.clock);
	unsigned char old[8], *bytes;
	enum err e;

	head.version = w->version = store_new_version(w->old);
	if (head.version == 0)
		return ERR_STORE;
	bytes = malloc(STORE_HEADER_LEN + w->len);
	if (bytes == NULL)
		return ERR_NOMEM;
	store_header_put(bytes, &head);
	if (w->len > 0)
		memcpy(bytes + STORE_HEADER_LEN, w->data, w->len);
	store_put64(old, w->old);
	snprintf(now, sizeof(now), "%lld", (long long)now_s);
	time_to_live(now_s, w->expires_at_s, ttl, sizeof(ttl));
	e = run(v, REDIS_AGAIN, w->script, arg_key(v, 'r', w->name, key), 4, (const struct redis_arg[]){
	    arg_text(now), { bytes, STORE_HEADER_LEN + w->len }, arg_text(ttl), { old, sizeof(old) } }, answer);
	free(bytes);
	return e;
}

static enum err
valkey_put(struct store *s, const char *name, const void *data, size_t len, int64_t expires_at_s,
    enum store_put_mode mode, enum store_durability durability, uint64_t *version_out)
{
	struct write w = { mode == STORE_INSERT ? valkey_insert : valkey_upsert, name, data, len, expires_at_s, 0, 0 };
	long long answer = 0;
	enum err e;

	(void)durability;	/* the server's settings decide: doc/store.md */
	e = write_record(self(s), &w, &answer);
	if (e != ERR_OK)
		return e;
	if (answer != 1)
		return ERR_CONFLICT;
	if (version_out != NULL)
		*version_out = w.version;
	return ERR_OK;
}

static enum err
valkey_replace_record(struct store *s, const char *name, uint64_t version, const void *data, size_t len,
    int64_t expires_at_s, enum store_durability durability, uint64_t *version_out)
{
	struct write w = { valkey_replace, name, data, len, expires_at_s, version, 0 };
	long long answer = 0;
	enum err e;

	(void)durability;
	e = write_record(self(s), &w, &answer);
	if (e != ERR_OK)
		return e;
	if (answer != 1)
		return answer == 0 ? ERR_CONFLICT : ERR_NOT_FOUND;
	if (version_out != NULL)
		*version_out = w.version;
	return ERR_OK;
}

/* version: 0 = any. */
static enum err
erase(struct store_valkey *v, const char *name, uint64_t version)
{
	unsigned char bytes[8];
	char key[KEY_MAX + 1], now[24];
	long long answer = 0;
	enum err e;

	store_put64(bytes, version);
	snprintf(now, sizeof(now), "%lld", (long long)clock_now_s(v->store.clock));
	/* Not again: the second time it would say that there was none. */
	e = run(v, REDIS_ONCE, valkey_remove, arg_key(v, 'r', name, key), 2, (const struct redis_arg[]){
	    arg_text(now), { bytes, version != 0 ? sizeof(bytes) : 0 } }, &answer);
	if (e != ERR_OK)
		return e;
	return answer == 1 ? ERR_OK : answer == 0 ? ERR_CONFLICT : ERR_NOT_FOUND;
}

/*
 * Read, then remove just this version: so what does not fit the caller's memory
 * stays, and of several callers one removes it.
 */
static enum err
valkey_take(struct store *s, const char *name, struct arena *a, struct store_record *out)
{
	enum err e = ERR_CONFLICT;
	int tries;

	for (tries = 0; tries < TAKE_TRIES && e == ERR_CONFLICT; tries++) {
		e = valkey_get(s, name, a, out);
		if (e == ERR_OK)
			e = erase(self(s), name, out->version);
	}
	if (e != ERR_CONFLICT)
		return e;
	log_event(LOG_LEVEL_ERROR, "store_failed", "a record changes too fast to be taken");
	return ERR_STORE;
}

static enum err
valkey_remove_record(struct store *s, const char *name, enum store_durability durability)
{
	(void)durability;
	return erase(self(s), name, 0);
}

/* The server does it. */
static enum err
valkey_sweep(struct store *s, int most, int *removed)
{
	(void)s;
	(void)most;
	(void)removed;
	return ERR_OK;
}

/* ---- many records ---- */

/* Show some of the names; *stopped when the visitor has had enough. */
static enum err
show_batch(struct store_valkey *v, char *const *names, size_t count, store_visit visit, void *ctx, bool *stopped)
{
	struct redis_arg argv[1 + BATCH] = { arg_text("MGET") };
	size_t skip = strlen(v->prefix) + 2, i;
	struct store_record rec;
	redisReply *r;
	enum err e = ERR_OK, got;

	for (i = 0; i < count; i++)
		argv[1 + i] = arg_text(names[i]);
	r = redis_call(&v->link, REDIS_AGAIN, (int)count + 1, argv);
	if (r == NULL)
		return ERR_STORE;
	if (r->type != REDIS_REPLY_ARRAY || r->elements != count)
		e = senseless("MGET");
	for (i = 0; e == ERR_OK && !*stopped && i < count; i++) {
		/* Others may write there: what nobody here could ask for is not shown. */
		got = store_name_ok(names[i] + skip) ? read_reply(v, r->element[i], &rec) : ERR_NOT_FOUND;
		if (got == ERR_OK)
			*stopped = !visit(ctx, names[i] + skip, &rec);
		else if (got != ERR_NOT_FOUND)
			e = got;
	}
	free_reply(v, r);
	return e;
}

static enum err
valkey_each(struct store *s, const char *prefix, store_visit visit, void *ctx)
{
	struct store_valkey *v = self(s);
	struct valkey_names names;
	char begin[KEY_MAX + 1];
	bool stopped = false;
	size_t at, n;
	enum err e;

	(void)arg_key(v, 'r', prefix, begin);
	e = valkey_names_gather(&v->link, begin, &names);
	for (at = 0; e == ERR_OK && !stopped && at < names.count; at += n) {
		n = names.count - at < BATCH ? names.count - at : BATCH;
		e = show_batch(v, names.name + at, n, visit, ctx, &stopped);
	}
	valkey_names_free(&names);
	return e;
}

/* ---- the server itself ---- */

static enum err
valkey_probe_server(struct store *s)
{
	struct store_valkey *v = self(s);
	char key[KEY_MAX + 1];
	unsigned char bytes[8];
	struct redis_arg argv[] = {
		arg_text("EVAL"), arg_text(valkey_probe), arg_text("1"), arg_key(v, 'p', "", key), { bytes, sizeof(bytes) }
	};
	redisReply *r;
	enum err e;

	store_put64(bytes, store_new_version(0));
	r = redis_call(&v->link, REDIS_AGAIN, 5, argv);
	if (r == NULL)
		return ERR_STORE;
	e = r->type == REDIS_REPLY_STRING && r->len == sizeof(bytes) && memcmp(r->str, bytes, sizeof(bytes)) == 0 ?
	    ERR_OK : senseless("the probe");
	free_reply(v, r);
	return e;
}

/* ---- leases ---- */

/* ms NULL: the script takes none. */
static enum err
lease_script(struct store_valkey *v, const char *script, const struct store_lease *lease, const char *ms,
    long long *answer)
{
	char key[KEY_MAX + 1], token[24];
	struct redis_arg argv[2];
	int argc = 1;

	snprintf(token, sizeof(token), "%016llx", (unsigned long long)lease->token);
	argv[0] = arg_text(token);
	if (ms != NULL)
		argv[argc++] = arg_text(ms);
	return run(v, REDIS_AGAIN, script, arg_key(v, 'l', lease->name, key), argc, argv, answer);
}

static enum err
take_lease(struct store *s, const char *name, struct store_lease *lease)
{
	long long answer = 0;
	enum err e;

	(void)name;	/* the lease has it */
	lease->token = store_new_version(0);
	if (lease->token == 0)
		return ERR_STORE;
	e = lease_script(self(s), valkey_lease_take, lease, LEASE_MS, &answer);
	if (e != ERR_OK)
		return e;
	return answer == 1 ? ERR_OK : ERR_BUSY;
}

static enum err
keep_lease(struct store *s, struct store_lease *lease)
{
	long long answer = 0;
	enum err e;

	e = lease_script(self(s), valkey_lease_keep, lease, LEASE_MS, &answer);
	if (e != ERR_OK)
		return e;
	return answer == 1 ? ERR_OK : ERR_CONFLICT;
}

static void
release_lease(struct store *s, struct store_lease *lease)
{
	long long answer;

	/* Should this fail, it lapses. */
	(void)lease_script(self(s), valkey_lease_release, lease, NULL, &answer);
}

/* ---- opening and closing ---- */

static void
valkey_close(struct store *s)
{
	struct store_valkey *v = self(s);

	redis_link_close(&v->link);
	arena_free(&v->memory);
	free(v);
}

static const struct store_backend backend = {
	.get = valkey_get,
	.put = valkey_put,
	.replace = valkey_replace_record,
	.take = valkey_take,
	.remove = valkey_remove_record,
	.sweep = valkey_sweep,
	.each = valkey_each,
	.probe = valkey_probe_server,
	.lease_take = take_lease,
	.lease_keep = keep_lease,
	.lease_release = release_lease,
	.close = valkey_close,
};

static const char *
url_wrong(const struct store_valkey_options *o)
{
	struct redis_url url;
	const char *wrong;
	struct arena a;

	arena_init(&a, URL_MEMORY);
	wrong = redis_url_parse(o->url, &a, &url);
	if (wrong == NULL && secret_present(url.password) && secret_present(o->password))
		wrong = "must have no password when there is a STORE_PASSWORD_FILE: keep one of them";
	arena_free(&a);
	return wrong;
}

const char *
store_valkey_wrong(const struct store_valkey_options *o, const char **setting)
{
	const char *p;

	*setting = "STORE_PREFIX";
	if (strlen(o->prefix) > PREFIX_MAX)
		return "must not be longer than 64 bytes";
	for (p = o->prefix; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~')
			return "must be printable ASCII without spaces";
	*setting = "SESSION_STORE";
	return url_wrong(o);
}

enum err
store_valkey_open(const struct store_valkey_options *o, struct store **out)
{
	struct store_valkey *v;

	v = calloc(1, sizeof(*v));
	if (v == NULL)
		return ERR_NOMEM;
	v->store.backend = &backend;
	v->store.clock = o->clock;
	v->link.wait_ms = o->wait_ms;
	arena_init(&v->memory, URL_MEMORY);
	v->prefix = arena_strdup(&v->memory, o->prefix);
	if (v->prefix == NULL || redis_url_parse(o->url, &v->memory, &v->link.to) != NULL)
		goto no_memory;
	if (secret_present(o->password)) {
		v->link.to.password.reveal = arena_strdup(&v->memory, o->password.reveal);
		if (v->link.to.password.reveal == NULL)
			goto no_memory;
	}
	*out = &v->store;
	return ERR_OK;
no_memory:
	valkey_close(&v->store);
	return ERR_NOMEM;
}
