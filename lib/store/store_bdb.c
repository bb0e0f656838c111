/* SPDX-License-Identifier: MIT */
#include "store/store_bdb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/log.h"
#include "store/bdb_env.h"
#include "store/bdb_format.h"
#include "store/bdb_recent.h"
#include "store/bdb_lease.h"
#include "store/header.h"

/* Enough for most records at the first try. */
#define SCRATCH_FIRST 4096
#define SCRATCH_MAX   (STORE_HEADER_LEN + STORE_VALUE_MAX)

/* What store_each and store_sweep take out of the database in one visit. */
#define BATCH_RECORDS 64
#define BATCH_BYTES   (256 * 1024)
/* And how many it looks at for that: others wait meanwhile. */
#define BATCH_SCAN    1024

struct store_bdb {
	struct store   store;
	struct bdb_env env;
	unsigned char *scratch;		/* header and value of the record in hand */
	size_t         scratch_size;
	struct bdb_recent recent;
};

/* A record as it lies in the scratch buffer. */
struct found {
	struct store_header head;
	size_t            len;		/* of the value, at scratch + STORE_HEADER_LEN */
	bool              stored;	/* there is one, living or not */
	bool              living;
};

static struct store_bdb *
self(struct store *s)
{
	return (struct store_bdb *)s;
}

static bool
scratch_fit(struct store_bdb *b, size_t size)
{
	unsigned char *p;

	if (size <= b->scratch_size)
		return true;
	if (size > SCRATCH_MAX)
		return false;
	p = realloc(b->scratch, size);
	if (p == NULL)
		return false;
	b->scratch = p;
	b->scratch_size = size;
	return true;
}

static void
name_key(DBT *key, const char *name)
{
	memset(key, 0, sizeof(*key));
	key->data = (void *)(uintptr_t)name;	/* libdb only reads it */
	key->size = (u_int32_t)strlen(name);
}

/*
 * Look a record up, its header alone or all of it.  Of the library's codes;
 * DB_NOTFOUND is 0 with !stored.  A record that makes no sense is as good as none:
 * its visitor signs in again.
 */
static int
find(struct store_bdb *b, const char *name, bool whole, struct found *f)
{
	DBT key, value = { 0 };
	int rc;

	memset(f, 0, sizeof(*f));
	name_key(&key, name);
	value.data = b->scratch;
	value.ulen = (u_int32_t)b->scratch_size;
	value.flags = DB_DBT_USERMEM;
	if (!whole) {
		value.flags |= DB_DBT_PARTIAL;
		value.dlen = STORE_HEADER_LEN;
	}
	rc = b->env.db->get(b->env.db, NULL, &key, &value, 0);
	if (rc == DB_BUFFER_SMALL) {
		if (!scratch_fit(b, value.size))
			return ENOMEM;
		value.data = b->scratch;
		value.ulen = (u_int32_t)b->scratch_size;
		rc = b->env.db->get(b->env.db, NULL, &key, &value, 0);
	}
	if (rc == DB_NOTFOUND)
		return 0;
	if (rc != 0)
		return rc;
	f->stored = true;
	if (!store_header_get(b->scratch, value.size, &f->head)) {
		log_event(LOG_LEVEL_ERROR, "store_record", "a record is corrupt or of a newer format: ignored");
		f->head.expires_at_s = STORE_NO_EXPIRY;
		return 0;
	}
	f->len = value.size - STORE_HEADER_LEN;
	f->living = f->head.expires_at_s > clock_now_s(b->store.clock);
	return 0;
}

/* The record as `find` left it in the scratch buffer. */
static struct bdb_recent_record
as_read(const struct store_bdb *b, const struct found *f)
{
	return (struct bdb_recent_record){ .head = f->head, .data = b->scratch + STORE_HEADER_LEN, .len = f->len };
}

/* ERR_NOT_FOUND when it has expired. */
static enum err
hand_out(const struct store_bdb *b, const struct bdb_recent_record *rec, struct arena *a, struct store_record *out)
{
	unsigned char *copy;

	if (rec->head.expires_at_s <= clock_now_s(b->store.clock))
		return ERR_NOT_FOUND;
	copy = arena_alloc(a, rec->len + 1);
	if (copy == NULL)
		return ERR_NOMEM;
	if (rec->len > 0)
		memcpy(copy, rec->data, rec->len);
	copy[rec->len] = '\0';
	out->data = copy;
	out->len = rec->len;
	out->version = rec->head.version;
	out->expires_at_s = rec->head.expires_at_s;
	return ERR_OK;
}

static int
index_add(struct store_bdb *b, DB_TXN *txn, const char *name, int64_t expires_at_s)
{
	unsigned char bytes[BDB_EXPIRY_KEY_MAX];
	DBT key = { .data = bytes }, value = { 0 };

	if (expires_at_s == STORE_NO_EXPIRY)
		return 0;
	key.size = (u_int32_t)bdb_expiry_key(bytes, expires_at_s, name);
	return b->env.db->put(b->env.db, txn, &key, &value, 0);
}

static int
index_remove(struct store_bdb *b, DB_TXN *txn, const char *name, int64_t expires_at_s)
{
	unsigned char bytes[BDB_EXPIRY_KEY_MAX];
	DBT key = { .data = bytes };
	int rc;

	if (expires_at_s == STORE_NO_EXPIRY)
		return 0;
	key.size = (u_int32_t)bdb_expiry_key(bytes, expires_at_s, name);
	rc = b->env.db->del(b->env.db, txn, &key, 0);
	return rc == DB_NOTFOUND ? 0 : rc;
}

/* End a transaction: commit when all went well so far, else undo it and keep the first error. */
static int
end(struct store_bdb *b, DB_TXN *txn, int rc, enum store_durability durability)
{
	int undone;

	if (rc == 0)
		return bdb_commit(&b->env, txn, durability == STORE_DURABLE);
	undone = txn->abort(txn);
	return undone == DB_RUNRECOVERY ? undone : rc;
}

/* Remove what `find` found, and its place in the index. */
static int
erase(struct store_bdb *b, const char *name, const struct found *f, enum store_durability durability)
{
	DB_TXN *txn;
	DBT key;
	int rc;

	rc = b->env.env->txn_begin(b->env.env, NULL, &txn, 0);
	if (rc != 0)
		return rc;
	name_key(&key, name);
	rc = b->env.db->del(b->env.db, txn, &key, 0);
	if (rc == 0)
		rc = index_remove(b, txn, name, f->head.expires_at_s);
	return end(b, txn, rc, durability);
}

struct write {
	const char           *name;
	const void           *data;
	size_t                len;
	int64_t               expires_at_s;
	enum store_durability durability;
	uint64_t              version;	/* of the new record */
};

/* Write over what `find` found. */
static int
write_record(struct store_bdb *b, struct write *w, const struct found *old)
{
	struct store_header head = { .expires_at_s = w->expires_at_s };
	DBT key, value = { 0 };
	DB_TXN *txn;
	int rc;

	if (!scratch_fit(b, STORE_HEADER_LEN + w->len))
		return ENOMEM;
	head.version = store_new_version(old->head.version);
	if (head.version == 0)
		return errno;
	w->version = head.version;
	store_header_put(b->scratch, &head);
	if (w->len > 0)
		memcpy(b->scratch + STORE_HEADER_LEN, w->data, w->len);
	name_key(&key, w->name);
	value.data = b->scratch;
	value.size = (u_int32_t)(STORE_HEADER_LEN + w->len);

	rc = b->env.env->txn_begin(b->env.env, NULL, &txn, 0);
	if (rc != 0)
		return rc;
	rc = b->env.db->put(b->env.db, txn, &key, &value, 0);
	if (rc == 0 && !(old->stored && old->head.expires_at_s == w->expires_at_s)) {
		if (old->stored)
			rc = index_remove(b, txn, w->name, old->head.expires_at_s);
		if (rc == 0)
			rc = index_add(b, txn, w->name, w->expires_at_s);
	}
	return end(b, txn, rc, w->durability);
}

static enum err
bdb_get(struct store *s, const char *name, struct arena *a, struct store_record *out)
{
	struct store_bdb *b = self(s);
	struct bdb_recent_record seen;
	struct bdb_moment moment;
	struct found f;
	enum err e;
	int rc;

	if (bdb_recent_find(&b->recent, &b->env, name, &seen))
		return hand_out(b, &seen, a, out);
	e = bdb_enter(&b->env, BDB_READ);
	if (e != ERR_OK)
		return e;
	moment = bdb_env_moment(&b->env);
	rc = find(b, name, true, &f);
	e = bdb_leave(&b->env, rc, "get");
	if (e != ERR_OK)
		return e;
	if (!f.living)
		return ERR_NOT_FOUND;
	seen = as_read(b, &f);
	bdb_recent_keep(&b->recent, &moment, name, &seen);
	return hand_out(b, &seen, a, out);
}

static enum err
bdb_put(struct store *s, const char *name, const void *data, size_t len, int64_t expires_at_s,
    enum store_put_mode mode, enum store_durability durability, uint64_t *version_out)
{
	struct write w = { name, data, len, expires_at_s, durability, 0 };
	struct store_bdb *b = self(s);
	struct found old;
	enum err e;
	int rc;

	e = bdb_enter(&b->env, BDB_WRITE);
	if (e != ERR_OK)
		return e;
	rc = find(b, name, false, &old);
	if (rc == 0 && mode == STORE_INSERT && old.living) {
		e = bdb_leave(&b->env, 0, "put");
		return e == ERR_OK ? ERR_CONFLICT : e;
	}
	if (rc == 0)
		rc = write_record(b, &w, &old);
	e = bdb_leave(&b->env, rc, "put");
	if (e == ERR_OK && version_out != NULL)
		*version_out = w.version;
	return e;
}

static enum err
bdb_replace(struct store *s, const char *name, uint64_t version, const void *data, size_t len, int64_t expires_at_s,
    enum store_durability durability, uint64_t *version_out)
{
	struct write w = { name, data, len, expires_at_s, durability, 0 };
	struct store_bdb *b = self(s);
	struct found old;
	enum err e, refused = ERR_OK;
	int rc;

	e = bdb_enter(&b->env, BDB_WRITE);
	if (e != ERR_OK)
		return e;
	rc = find(b, name, false, &old);
	if (rc == 0 && !old.living)
		refused = ERR_NOT_FOUND;
	else if (rc == 0 && old.head.version != version)
		refused = ERR_CONFLICT;
	if (rc == 0 && refused == ERR_OK)
		rc = write_record(b, &w, &old);
	e = bdb_leave(&b->env, rc, "replace");
	if (e != ERR_OK)
		return e;
	if (refused == ERR_OK && version_out != NULL)
		*version_out = w.version;
	return refused;
}

static enum err
bdb_take(struct store *s, const char *name, struct arena *a, struct store_record *out)
{
	struct store_bdb *b = self(s);
	struct bdb_recent_record rec;
	struct found f;
	enum err e, got = ERR_NOT_FOUND;
	int rc;

	e = bdb_enter(&b->env, BDB_WRITE);
	if (e != ERR_OK)
		return e;
	rc = find(b, name, true, &f);
	/* Copied before it is removed: what does not fit the caller's memory stays. */
	if (rc == 0 && f.living) {
		rec = as_read(b, &f);
		got = hand_out(b, &rec, a, out);
	}
	if (rc == 0 && got == ERR_OK)
		rc = erase(b, name, &f, STORE_DURABLE);
	e = bdb_leave(&b->env, rc, "take");
	return e == ERR_OK ? got : e;
}

static enum err
bdb_remove(struct store *s, const char *name, enum store_durability durability)
{
	struct store_bdb *b = self(s);
	struct found f;
	enum err e;
	int rc;

	e = bdb_enter(&b->env, BDB_WRITE);
	if (e != ERR_OK)
		return e;
	rc = find(b, name, false, &f);
	if (rc == 0 && f.stored)
		rc = erase(b, name, &f, durability);
	e = bdb_leave(&b->env, rc, "remove");
	if (e != ERR_OK)
		return e;
	return f.living ? ERR_OK : ERR_NOT_FOUND;
}

/* Names from the front of the index, of what has expired. */
struct due {
	int     count;
	char    names[BATCH_RECORDS][STORE_NAME_MAX + 1];
	int64_t at[BATCH_RECORDS];
};

static int
collect_due(struct store_bdb *b, int most, struct due *due)
{
	unsigned char bytes[BDB_EXPIRY_KEY_MAX] = { 0, 'e' };
	DBT key = { .data = bytes, .size = 2, .ulen = sizeof(bytes), .flags = DB_DBT_USERMEM };
	DBT value = { .flags = DB_DBT_USERMEM | DB_DBT_PARTIAL };
	int64_t now, at;
	const char *name;
	DBC *cursor;
	size_t len;
	int rc, closed;

	due->count = 0;
	now = clock_now_s(b->store.clock);
	rc = b->env.db->cursor(b->env.db, NULL, &cursor, 0);
	if (rc != 0)
		return rc;
	rc = cursor->get(cursor, &key, &value, DB_SET_RANGE);
	while (rc == 0 && due->count < most && due->count < BATCH_RECORDS) {
		name = bdb_expiry_name(bytes, key.size, &at, &len);
		if (name == NULL || at > now)
			break;
		memcpy(due->names[due->count], name, len);
		due->names[due->count][len] = '\0';
		due->at[due->count++] = at;
		rc = cursor->get(cursor, &key, &value, DB_NEXT);
	}
	/* A key too long for the buffer is a name, and those come after the index. */
	if (rc == DB_NOTFOUND || rc == DB_BUFFER_SMALL)
		rc = 0;
	closed = cursor->close(cursor);
	return rc != 0 ? rc : closed;
}

/* Remove one batch; the index entry goes in any case, the record if it is the one meant. */
static int
erase_due(struct store_bdb *b, const struct due *due, int *removed)
{
	struct found f;
	DB_TXN *txn;
	DBT key;
	int i, rc, n = 0;

	rc = b->env.env->txn_begin(b->env.env, NULL, &txn, 0);
	if (rc != 0)
		return rc;
	for (i = 0; i < due->count && rc == 0; i++) {
		rc = find(b, due->names[i], false, &f);
		if (rc == 0 && f.stored && f.head.expires_at_s == due->at[i]) {
			name_key(&key, due->names[i]);
			rc = b->env.db->del(b->env.db, txn, &key, 0);
			n++;
		}
		if (rc == 0)
			rc = index_remove(b, txn, due->names[i], due->at[i]);
	}
	rc = end(b, txn, rc, STORE_LAZY);
	if (rc == 0)
		*removed += n;
	return rc;
}

static enum err
bdb_sweep(struct store *s, int most, int *removed)
{
	struct store_bdb *b = self(s);
	struct due due;
	enum err e;
	int rc;

	do {
		e = bdb_enter(&b->env, BDB_WRITE);
		if (e != ERR_OK)
			return e;
		rc = collect_due(b, most - *removed, &due);
		if (rc == 0 && due.count > 0)
			rc = erase_due(b, &due, removed);
		e = bdb_leave(&b->env, rc, "sweep");
		if (e != ERR_OK)
			return e;
	} while (due.count == BATCH_RECORDS && *removed < most);
	return ERR_OK;
}

/* Records copied out of the database, to be shown with the gate open to others. */
struct batch {
	int            count;
	size_t         used, size;
	unsigned char *bytes;	/* the values */
	struct {
		char                name[STORE_NAME_MAX + 1];
		size_t              at;
		struct store_record rec;
	} item[BATCH_RECORDS];
	char           from[STORE_NAME_MAX + 1];	/* where to go on; the names before it have been seen */
	bool           skip_first;		/* `from` itself has been seen */
	bool           more;
};

/* Enough room in the batch, in steps; an overlong last value takes the ceiling to one value above it. */
static bool
batch_fit(struct batch *t, size_t len)
{
	unsigned char *p;
	size_t size;

	if (t->used + len <= t->size)
		return true;
	size = t->used + len < BATCH_BYTES ? BATCH_BYTES : t->used + len;
	p = realloc(t->bytes, size);
	if (p == NULL)
		return false;
	t->bytes = p;
	t->size = size;
	return true;
}

static int
batch_add(struct batch *t, const char *name, const unsigned char *data, size_t len, const struct store_header *head)
{
	if (!batch_fit(t, len + 1))
		return ENOMEM;
	memcpy(t->item[t->count].name, name, strlen(name) + 1);
	memcpy(t->bytes + t->used, data, len);
	t->bytes[t->used + len] = '\0';
	t->item[t->count].at = t->used;
	t->item[t->count].rec.len = len;
	t->item[t->count].rec.version = head->version;
	t->item[t->count].rec.expires_at_s = head->expires_at_s;
	t->used += len + 1;
	t->count++;
	return 0;
}

/* Step a cursor, with room for the value made as needed. */
static int
step(struct store_bdb *b, DBC *cursor, DBT *key, DBT *value, u_int32_t how)
{
	int rc;

	value->data = b->scratch;
	value->ulen = (u_int32_t)b->scratch_size;
	rc = cursor->get(cursor, key, value, how);
	if (rc == DB_BUFFER_SMALL && value->size > value->ulen) {
		if (!scratch_fit(b, value->size))
			return ENOMEM;
		value->data = b->scratch;
		value->ulen = (u_int32_t)b->scratch_size;
		rc = cursor->get(cursor, key, value, how);
	}
	return rc;
}

static int
fill_batch(struct store_bdb *b, const char *prefix, struct batch *t)
{
	char name[STORE_NAME_MAX + 1] = { 0 }, last[STORE_NAME_MAX + 1] = { 0 };
	size_t prefix_len = strlen(prefix);
	DBT key = { .data = name, .ulen = STORE_NAME_MAX, .flags = DB_DBT_USERMEM };
	DBT value = { .flags = DB_DBT_USERMEM };
	struct store_header head;
	int64_t now;
	DBC *cursor;
	int rc, closed, seen = 0;

	t->count = 0;
	t->used = 0;
	t->more = false;
	now = clock_now_s(b->store.clock);
	key.size = (u_int32_t)strlen(t->from);
	memcpy(name, t->from, key.size);
	rc = b->env.db->cursor(b->env.db, NULL, &cursor, 0);
	if (rc != 0)
		return rc;
	for (rc = step(b, cursor, &key, &value, DB_SET_RANGE); rc == 0; rc = step(b, cursor, &key, &value, DB_NEXT)) {
		name[key.size] = '\0';
		if (key.size < prefix_len || memcmp(name, prefix, prefix_len) != 0)
			break;
		if (t->skip_first && strcmp(name, t->from) == 0)
			continue;
		if (t->count == BATCH_RECORDS || t->used >= BATCH_BYTES || seen++ == BATCH_SCAN) {
			t->more = true;
			break;
		}
		if (store_header_get(b->scratch, value.size, &head) && head.expires_at_s > now)
			rc = batch_add(t, name, b->scratch + STORE_HEADER_LEN, value.size - STORE_HEADER_LEN, &head);
		if (rc != 0)
			break;
		memcpy(last, name, sizeof(last));
	}
	if (rc == DB_NOTFOUND)
		rc = 0;
	if (last[0] != '\0') {
		memcpy(t->from, last, sizeof(t->from));
		t->skip_first = true;
	}
	closed = cursor->close(cursor);
	return rc != 0 ? rc : closed;
}

static enum err
bdb_each(struct store *s, const char *prefix, store_visit visit, void *ctx)
{
	struct store_bdb *b = self(s);
	bool stopped = false;
	struct batch *t;
	enum err e;
	int i, rc;

	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return ERR_NOMEM;
	/* Names begin after the keys that are the store's own. */
	memcpy(t->from, prefix[0] == '\0' ? "!" : prefix, prefix[0] == '\0' ? 2 : strlen(prefix) + 1);
	do {
		e = bdb_enter(&b->env, BDB_READ);
		if (e != ERR_OK)
			break;
		rc = fill_batch(b, prefix, t);
		e = bdb_leave(&b->env, rc, "each");
		for (i = 0; e == ERR_OK && !stopped && i < t->count; i++) {
			t->item[i].rec.data = t->bytes + t->item[i].at;
			stopped = !visit(ctx, t->item[i].name, &t->item[i].rec);
		}
	} while (e == ERR_OK && !stopped && t->more);
	free(t->bytes);
	free(t);
	return e;
}

static int
write_and_read(struct store_bdb *b)
{
	unsigned char name[2] = { 0, 'p' }, wrote[16], got[16];
	DBT key = { .data = name, .size = sizeof(name) };
	DBT in = { .data = wrote, .size = sizeof(wrote) };
	DBT out = { .data = got, .ulen = sizeof(got), .flags = DB_DBT_USERMEM };
	DB_TXN *txn;
	int rc;

	if (getrandom(wrote, sizeof(wrote), 0) != (ssize_t)sizeof(wrote))
		return errno;
	rc = b->env.env->txn_begin(b->env.env, NULL, &txn, 0);
	if (rc != 0)
		return rc;
	rc = end(b, txn, b->env.db->put(b->env.db, txn, &key, &in, 0), STORE_DURABLE);
	if (rc == 0)
		rc = b->env.db->get(b->env.db, NULL, &key, &out, 0);
	if (rc == 0 && (out.size != sizeof(wrote) || memcmp(wrote, got, sizeof(wrote)) != 0))
		rc = EIO;
	return rc == DB_NOTFOUND ? EIO : rc;
}

static enum err
bdb_probe(struct store *s)
{
	struct store_bdb *b = self(s);
	enum err e;

	e = bdb_enter(&b->env, BDB_WRITE);
	if (e != ERR_OK)
		return e;
	return bdb_leave(&b->env, write_and_read(b), "probe");
}

static enum err
take_lease(struct store *s, const char *name, struct store_lease *lease)
{
	enum err e;
	int fd;

	e = bdb_lease_take(self(s)->env.dir, name, &fd);
	if (e == ERR_OK)
		lease->token = (uint64_t)fd;
	return e;
}

/* The kernel holds it as long as this process lives. */
static enum err
keep_lease(struct store *s, struct store_lease *lease)
{
	(void)s;
	(void)lease;
	return ERR_OK;
}

static void
release_lease(struct store *s, struct store_lease *lease)
{
	(void)s;
	(void)close((int)lease->token);
}

static void
bdb_close(struct store *s)
{
	struct store_bdb *b = self(s);

	bdb_recent_close(&b->recent);
	bdb_env_close(&b->env);
	free(b->scratch);
	free(b);
}

static const struct store_backend backend = {
	.get = bdb_get,
	.put = bdb_put,
	.replace = bdb_replace,
	.take = bdb_take,
	.remove = bdb_remove,
	.sweep = bdb_sweep,
	.each = bdb_each,
	.probe = bdb_probe,
	.lease_take = take_lease,
	.lease_keep = keep_lease,
	.lease_release = release_lease,
	.close = bdb_close,
};

enum err
store_bdb_open(const char *dir, struct clock *clock, int wait_ms, struct store **out)
{
	struct store_bdb *b;

	b = calloc(1, sizeof(*b));
	if (b == NULL)
		return ERR_NOMEM;
	b->store.backend = &backend;
	b->store.clock = clock;
	if (!scratch_fit(b, SCRATCH_FIRST) || bdb_env_init(&b->env, dir, wait_ms) != ERR_OK) {
		free(b->scratch);
		free(b);
		return ERR_NOMEM;
	}
	*out = &b->store;
	return ERR_OK;
}
