/* SPDX-License-Identifier: MIT */
/*
 * The store contract: one list of cases, run on every backend.
 */
#include <signal.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "redis_server.h"
#include "store/backends.h"
#include "store/bulk.h"
#include "store/store.h"
#include "store/store_mem.h"
#include "tap.h"

#define NOW 1000000
#define DIR_BEGINS "/tmp/test_store."

/* A clock that stands still until a case moves it. */
static int64_t now_s;

static int64_t
test_now_s(struct clock *c)
{
	(void)c;
	return now_s;
}

static int64_t
test_mono_ms(struct clock *c)
{
	(void)c;
	return now_s * 1000;
}

static void
test_sleep_ms(struct clock *c, int ms)
{
	(void)c;
	now_s += (ms + 999) / 1000;
}

static struct clock test_clock = { test_now_s, test_mono_ms, test_sleep_ms };

/* Where backends that need one have their files: a fresh directory for each case, and the server's prefix too. */
static char dir[64];
static struct redis_server server;

static enum err
open_mem(struct store **out)
{
	return store_mem_open(&test_clock, out);
}

static enum err
open_bdb(struct store **out)
{
	const struct store_setup setup = { .where = "bdb", .dir = dir, .clock = &test_clock, .wait_ms = 30000 };

	return store_open(&setup, out);
}

static enum err
open_valkey(struct store **out)
{
	const struct store_setup setup = { .where = server.url, .prefix = dir, .clock = &test_clock, .wait_ms = 30000 };

	return store_open(&setup, out);
}

static const struct backend {
	const char *name;
	enum err  (*open)(struct store **);
	bool        lasting;	/* a second store sees what the first one wrote */
	bool        sweeps;	/* records that expired are there until swept */
} backends[] = {
	{ "mem", open_mem, false, true },
	{ "bdb", open_bdb, true, true },
	{ "valkey", open_valkey, true, false },
};

/* What a case works with. */
struct fixture {
	const struct backend *backend;
	struct store         *s;
	struct arena          a;
	struct store_record   rec;
	uint64_t              version;
};

static enum err
put(struct fixture *f, const char *name, const char *value, int64_t expires_at_s, enum store_put_mode mode)
{
	return store_put(f->s, name, value, strlen(value), expires_at_s, mode, STORE_LAZY, &f->version);
}

/* The value as a string, or a word for why there is none. */
static const char *
value(struct fixture *f, const char *name)
{
	enum err e = store_get(f->s, name, &f->a, &f->rec);

	return e == ERR_OK ? (const char *)f->rec.data : err_info(e)->name;
}

static const char *
absent(void)
{
	return err_info(ERR_NOT_FOUND)->name;
}

static void
unknown_names(struct fixture *f)
{
	is_int(store_get(f->s, "a:1", &f->a, &f->rec), ERR_NOT_FOUND, "get");
	is_int(store_take(f->s, "a:1", &f->a, &f->rec), ERR_NOT_FOUND, "take");
	is_int(store_remove(f->s, "a:1", STORE_LAZY), ERR_NOT_FOUND, "remove");
	is_int(store_replace(f->s, "a:1", 1, "x", 1, NOW + 9, STORE_LAZY, NULL), ERR_NOT_FOUND, "replace");
	is_str(value(f, "a:1"), absent(), "and a refused replace has made nothing");
}

static void
put_and_get(struct fixture *f)
{
	is_int(put(f, "a:1", "one", NOW + 10, STORE_UPSERT), ERR_OK, "put");
	is_int(store_get(f->s, "a:1", &f->a, &f->rec), ERR_OK, "get");
	is_int((int64_t)f->rec.len, 3, "length");
	is_str((const char *)f->rec.data, "one", "value");
	is_int(f->rec.expires_at_s, NOW + 10, "expiry");
	ok(f->rec.version != 0 && f->rec.version == f->version, "the version that put reported, not 0");
	is_str(value(f, "a:2"), absent(), "another name has nothing");
	is_str(value(f, "a:"), absent(), "nor has a shorter one");
	is_str(value(f, "a:11"), absent(), "nor a longer one");
}

static void
bytes_of_all_kinds(struct fixture *f)
{
	unsigned char bytes[256];
	int i;

	for (i = 0; i < 256; i++)
		bytes[i] = (unsigned char)i;
	is_int(store_put(f->s, "b:1", bytes, 256, NOW + 99, STORE_UPSERT, STORE_DURABLE, NULL), ERR_OK, "put");
	is_int(store_get(f->s, "b:1", &f->a, &f->rec), ERR_OK, "get");
	ok(f->rec.len == 256 && memcmp(f->rec.data, bytes, 256) == 0, "every byte came back");
	is_int(store_put(f->s, "b:2", NULL, 0, NOW + 99, STORE_UPSERT, STORE_LAZY, NULL), ERR_OK, "put nothing");
	is_int(store_get(f->s, "b:2", &f->a, &f->rec), ERR_OK, "get nothing");
	is_int((int64_t)f->rec.len, 0, "is a record of no bytes");
}

static void
largest_value(struct fixture *f)
{
	static unsigned char big[STORE_VALUE_MAX + 1];
	size_t i;

	for (i = 0; i < sizeof(big); i++)
		big[i] = (unsigned char)(i * 2654435761u >> 24);
	is_int(store_put(f->s, "big:1", big, STORE_VALUE_MAX, NOW + 99, STORE_UPSERT, STORE_DURABLE, NULL), ERR_OK, "put");
	is_int(store_get(f->s, "big:1", &f->a, &f->rec), ERR_OK, "get");
	ok(f->rec.len == STORE_VALUE_MAX && memcmp(f->rec.data, big, STORE_VALUE_MAX) == 0, "it came back whole");
	is_int(store_put(f->s, "big:2", big, sizeof(big), NOW + 1, STORE_UPSERT, STORE_DURABLE, NULL), ERR_TOO_LARGE,
	    "a byte more is too much");
	is_int(store_replace(f->s, "big:1", f->rec.version, big, sizeof(big), NOW + 1, STORE_DURABLE, NULL), ERR_TOO_LARGE,
	    "in its place, too");
	is_int(put(f, "big:1", "small", NOW + 99, STORE_UPSERT), ERR_OK, "a small one in its place");
	is_str(value(f, "big:1"), "small", "is what is read then");
}

static void
longest_name(struct fixture *f)
{
	char name[STORE_NAME_MAX + 1];

	memset(name, 'n', STORE_NAME_MAX);
	name[STORE_NAME_MAX] = '\0';
	is_int(put(f, name, "long", NOW + 99, STORE_INSERT), ERR_OK, "put");
	is_str(value(f, name), "long", "get");
	name[STORE_NAME_MAX - 1] = '\0';
	is_str(value(f, name), absent(), "one byte less is another name");
}

static void
too_little_memory(struct fixture *f)
{
	struct arena tiny;

	arena_init(&tiny, 16);
	is_int(put(f, "m:1", "more than sixteen bytes of value", NOW + 99, STORE_UPSERT), ERR_OK, "put");
	is_int(store_get(f->s, "m:1", &tiny, &f->rec), ERR_NOMEM, "get says so");
	is_int(store_take(f->s, "m:1", &tiny, &f->rec), ERR_NOMEM, "take says so");
	is_str(value(f, "m:1"), "more than sixteen bytes of value", "and has taken nothing");
	arena_free(&tiny);
}

static void
upsert_and_insert(struct fixture *f)
{
	uint64_t first;

	is_int(put(f, "u:1", "a", NOW + 10, STORE_INSERT), ERR_OK, "insert of a new name");
	first = f->version;
	is_int(put(f, "u:1", "b", NOW + 10, STORE_INSERT), ERR_CONFLICT, "insert of the same is refused");
	is_str(value(f, "u:1"), "a", "and has changed nothing");
	ok(f->rec.version == first, "not even the version");
	is_int(put(f, "u:1", "c", NOW + 20, STORE_UPSERT), ERR_OK, "upsert writes over it");
	is_str(value(f, "u:1"), "c", "value");
	is_int(f->rec.expires_at_s, NOW + 20, "expiry");
	ok(f->rec.version != first, "the version is another");
	is_int(put(f, "u:1", "c", NOW + 20, STORE_UPSERT), ERR_OK, "the very same again");
	ok(f->version != f->rec.version, "still changes the version");
}

static void
replace_by_version(struct fixture *f)
{
	uint64_t v1, v2;

	is_int(put(f, "r:1", "a", NOW + 10, STORE_UPSERT), ERR_OK, "put");
	v1 = f->version;
	is_int(store_replace(f->s, "r:1", v1, "b", 1, NOW + 20, STORE_DURABLE, &v2), ERR_OK, "replace what was read");
	ok(v2 != v1 && v2 != 0, "gives a new version");
	is_int(store_replace(f->s, "r:1", v1, "c", 1, NOW + 30, STORE_DURABLE, NULL), ERR_CONFLICT,
	    "replace of the old version is refused");
	is_str(value(f, "r:1"), "b", "and has changed nothing");
	ok(f->rec.version == v2 && f->rec.expires_at_s == NOW + 20, "neither version nor expiry");
	is_int(store_remove(f->s, "r:1", STORE_LAZY), ERR_OK, "remove");
	is_int(put(f, "r:1", "d", NOW + 10, STORE_INSERT), ERR_OK, "make it again");
	is_int(store_replace(f->s, "r:1", v2, "e", 1, NOW + 30, STORE_LAZY, NULL), ERR_CONFLICT,
	    "a version from before the removal is refused");
}

static void
take_once(struct fixture *f)
{
	is_int(put(f, "t:1", "once", NOW + 10, STORE_UPSERT), ERR_OK, "put");
	is_int(store_take(f->s, "t:1", &f->a, &f->rec), ERR_OK, "take");
	is_str((const char *)f->rec.data, "once", "hands it out");
	is_int(f->rec.expires_at_s, NOW + 10, "with its expiry");
	is_int(store_take(f->s, "t:1", &f->a, &f->rec), ERR_NOT_FOUND, "take again");
	is_str(value(f, "t:1"), absent(), "it is gone");
	is_int(put(f, "t:1", "twice", NOW + 10, STORE_INSERT), ERR_OK, "and may be made again");
}

static void
remove_it(struct fixture *f)
{
	is_int(put(f, "d:1", "x", NOW + 10, STORE_UPSERT), ERR_OK, "put");
	is_int(put(f, "d:2", "y", NOW + 10, STORE_UPSERT), ERR_OK, "put its neighbour");
	is_int(store_remove(f->s, "d:1", STORE_DURABLE), ERR_OK, "remove");
	is_str(value(f, "d:1"), absent(), "it is gone");
	is_str(value(f, "d:2"), "y", "the neighbour is not");
	is_int(store_remove(f->s, "d:1", STORE_DURABLE), ERR_NOT_FOUND, "remove again");
}

static void
expiry(struct fixture *f)
{
	is_int(put(f, "e:1", "x", NOW + 10, STORE_UPSERT), ERR_OK, "put");
	is_int(put(f, "e:2", "y", STORE_NO_EXPIRY, STORE_UPSERT), ERR_OK, "put one that does not expire");
	now_s = NOW + 9;
	is_str(value(f, "e:1"), "x", "a second before, it lives");
	now_s = NOW + 10;
	is_str(value(f, "e:1"), absent(), "in its second, it is gone for get");
	is_int(store_replace(f->s, "e:1", f->rec.version, "z", 1, NOW + 99, STORE_LAZY, NULL), ERR_NOT_FOUND,
	    "for replace");
	is_int(store_take(f->s, "e:1", &f->a, &f->rec), ERR_NOT_FOUND, "for take");
	is_int(store_remove(f->s, "e:1", STORE_LAZY), ERR_NOT_FOUND, "for remove");
	is_int(put(f, "e:1", "new", NOW + 20, STORE_INSERT), ERR_OK, "and insert may have the name");
	is_str(value(f, "e:1"), "new", "which then lives");
	now_s = NOW + 100000000;
	is_str(value(f, "e:2"), "y", "what does not expire is there for ever");
}

static void
insert_over_expired(struct fixture *f)
{
	int removed;

	is_int(put(f, "e:1", "x", NOW + 10, STORE_UPSERT), ERR_OK, "put");
	now_s = NOW + 10;
	is_int(put(f, "e:1", "new", NOW + 20, STORE_INSERT), ERR_OK, "insert over what has expired, not swept");
	is_int(store_sweep(f->s, 10, &removed), ERR_OK, "sweep");
	is_int(removed, 0, "finds nothing of the old one");
	is_str(value(f, "e:1"), "new", "and leaves the new one");
}

/* Where records go by themselves. */
static void
nothing_to_sweep(struct fixture *f)
{
	int removed;

	is_int(put(f, "s:1", "x", NOW + 1, STORE_UPSERT), ERR_OK, "put");
	is_int(put(f, "s:2", "x", NOW, STORE_UPSERT), ERR_OK, "put of what expires this second");
	is_str(value(f, "s:2"), absent(), "is a record that is gone");
	now_s = NOW + 150;
	is_int(store_sweep(f->s, 10, &removed), ERR_OK, "sweep");
	is_int(removed, 0, "has nothing to do");
	is_str(value(f, "s:1"), absent(), "the expired one is gone all the same");
}

static void
sweep_in_order(struct fixture *f)
{
	char name[16];
	int i, removed;

	if (!f->backend->sweeps) {
		nothing_to_sweep(f);
		return;
	}
	is_int(store_sweep(f->s, 10, &removed), ERR_OK, "sweep of nothing");
	is_int(removed, 0, "removes nothing");
	for (i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "s:%03d", i);
		if (put(f, name, "x", NOW + 1 + (i * 7 % 200), STORE_UPSERT) != ERR_OK)
			ok(0, "put of %s", name);
	}
	is_int(put(f, "s:stays", "x", STORE_NO_EXPIRY, STORE_UPSERT), ERR_OK, "and one without expiry");
	is_int(put(f, "s:000", "later", NOW + 500, STORE_UPSERT), ERR_OK, "the first to expire is given more time");
	now_s = NOW + 150;
	is_int(store_sweep(f->s, 3, &removed), ERR_OK, "sweep of three");
	is_int(removed, 3, "removes three");
	now_s = NOW;
	/* Expired at +2, +3, +4: i * 7 % 200 is 1, 2, 3. */
	is_str(value(f, "s:143"), absent(), "the soonest expired");
	is_str(value(f, "s:086"), absent(), "the next");
	is_str(value(f, "s:029"), absent(), "and the next");
	is_str(value(f, "s:172"), "x", "but not the fourth");
	now_s = NOW + 150;
	is_int(store_sweep(f->s, 1000, &removed), ERR_OK, "sweep of all");
	is_int(removed, 146, "removes the other expired ones, more than a batch");
	now_s = NOW;
	is_str(value(f, "s:000"), "later", "what was given more time stays");
	is_str(value(f, "s:stays"), "x", "what never expires stays");
	now_s = NOW + 150;
	is_int(store_sweep(f->s, 1000, &removed), ERR_OK, "sweep again");
	is_int(removed, 0, "finds none");
}

static void
removed_are_not_swept(struct fixture *f)
{
	int removed;

	is_int(put(f, "x:1", "x", NOW + 60, STORE_UPSERT), ERR_OK, "put");
	is_int(put(f, "x:2", "x", NOW + 60, STORE_UPSERT), ERR_OK, "put");
	is_int(store_remove(f->s, "x:1", STORE_LAZY), ERR_OK, "remove one");
	is_int(store_take(f->s, "x:2", &f->a, &f->rec), ERR_OK, "take the other");
	now_s = NOW + 65;
	is_int(store_sweep(f->s, 10, &removed), ERR_OK, "sweep");
	is_int(removed, 0, "finds neither");
}

struct seen {
	struct fixture *f;
	int             count, limit, wrong;
	unsigned char   of[600];
};

static bool
count_visit(void *ctx, const char *name, const struct store_record *rec)
{
	struct seen *seen = ctx;
	int i;

	seen->count++;
	i = (int)strtol(name + 3, NULL, 10);
	if (strncmp(name, "ea:", 3) != 0 || i < 0 || i >= 600 || seen->of[i]++ != 0 || rec->len < 3 ||
	    strncmp((const char *)rec->data, name + 3, 3) != 0 || rec->version == 0 || rec->expires_at_s <= now_s)
		seen->wrong++;
	return seen->limit == 0 || seen->count < seen->limit;
}

/* The store is open to everybody while one visits: even the visitor may write. */
static bool
remove_visit(void *ctx, const char *name, const struct store_record *rec)
{
	struct seen *seen = ctx;

	(void)rec;
	seen->count++;
	if (store_remove(seen->f->s, name, STORE_LAZY) != ERR_OK)
		seen->wrong++;
	return true;
}

static void
each_of_a_prefix(struct fixture *f)
{
	static char long_value[9000];
	struct seen seen = { .f = f }, first = { .f = f, .limit = 5 }, gone = { .f = f }, none = { .f = f };
	char name[16];
	int i;

	memset(long_value, '.', sizeof(long_value) - 1);
	for (i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "ea:%03d", i);
		memcpy(long_value, name + 3, 3);
		if (put(f, name, i % 10 == 0 ? long_value : name + 3, i < 20 ? NOW + 1 : NOW + 99, STORE_UPSERT) != ERR_OK)
			ok(0, "put of %s", name);
	}
	is_int(put(f, "ea", "x", NOW + 99, STORE_UPSERT), ERR_OK, "one before");
	is_int(put(f, "eb:1", "x", NOW + 99, STORE_UPSERT), ERR_OK, "one after");
	is_int(put(f, "d:1", "x", NOW + 99, STORE_UPSERT), ERR_OK, "and one elsewhere");
	now_s = NOW + 1;
	is_int(store_each(f->s, "ea:", count_visit, &seen), ERR_OK, "each");
	is_int(seen.count, 480, "visits the living ones");
	is_int(seen.wrong, 0, "each once, whole, and no other");
	is_int(store_each(f->s, "ea:", count_visit, &first), ERR_OK, "each that is stopped");
	is_int(first.count, 5, "stops");
	is_int(store_each(f->s, "zz:", count_visit, &none), ERR_OK, "each of none");
	is_int(none.count, 0, "visits none");
	is_int(store_each(f->s, "", remove_visit, &gone), ERR_OK, "each of all, removing");
	is_int(gone.count, 483, "visits all");
	is_int(gone.wrong, 0, "and may write meanwhile");
	is_str(value(f, "ea:300"), absent(), "which works");
}

static void
probing(struct fixture *f)
{
	struct seen all = { .f = f };

	is_int(store_probe(f->s), ERR_OK, "probe");
	is_int(store_probe(f->s), ERR_OK, "probe again");
	is_int(store_each(f->s, "", count_visit, &all), ERR_OK, "each");
	is_int(all.count, 0, "sees nothing of it");
}

static void
leases(struct fixture *f)
{
	struct store_lease one, two, other;

	is_int(store_lease_take(f->s, "refresh:1", &one), ERR_OK, "take a lease");
	ok(one.held, "it is held");
	is_int(store_lease_take(f->s, "refresh:1", &two), ERR_BUSY, "a second holder is refused, of the same process too");
	ok(!two.held, "and holds nothing");
	store_lease_release(f->s, &two);
	is_int(store_lease_take(f->s, "refresh:2", &other), ERR_OK, "another name is another lease");
	is_int(store_lease_keep(f->s, &one), ERR_OK, "keep");
	is_int(store_lease_keep(f->s, &two), ERR_CONFLICT, "keep of what is not held");
	store_lease_release(f->s, &one);
	ok(!one.held, "released");
	is_int(store_lease_take(f->s, "refresh:1", &two), ERR_OK, "then another may have it");
	store_lease_release(f->s, &one);
	is_int(store_lease_take(f->s, "refresh:1", &one), ERR_BUSY, "to release twice takes it from nobody");
	store_lease_release(f->s, &two);
	store_lease_release(f->s, &other);
	is_str(value(f, "refresh:1"), absent(), "a lease is not a record");
}

static void
second_store(struct fixture *f)
{
	struct store *first = f->s, *second;
	struct store_lease one, two;
	uint64_t version;

	if (!f->backend->lasting)
		return;
	is_int(put(f, "z:1", "first", NOW + 10, STORE_UPSERT), ERR_OK, "one store writes");
	version = f->version;
	is_int(f->backend->open(&second), ERR_OK, "a second opens");
	f->s = second;
	is_str(value(f, "z:1"), "first", "and reads it");
	is_int(put(f, "z:1", "second", NOW + 10, STORE_UPSERT), ERR_OK, "it writes in turn");
	is_int(store_replace(first, "z:1", version, "stale", 5, NOW + 10, STORE_LAZY, NULL), ERR_CONFLICT,
	    "which the first one's replace notices");
	is_int(store_lease_take(first, "z:1", &one), ERR_OK, "the first takes a lease");
	is_int(store_lease_take(second, "z:1", &two), ERR_BUSY, "the second is refused");
	store_lease_release(first, &one);
	store_close(first);
	is_str(value(f, "z:1"), "second", "the first one's end does not disturb the second");
	store_close(second);
	is_int(f->backend->open(&f->s), ERR_OK, "open after all have closed");
	is_str(value(f, "z:1"), "second", "it is still there");
}

/* Reading twice may be cheap, but never stale. */
static void
read_again(struct fixture *f)
{
	struct store *first = f->s, *second;
	int i;

	if (!f->backend->lasting)
		return;
	is_int(f->backend->open(&second), ERR_OK, "a second store opens");
	is_int(put(f, "k:1", "one", NOW + 10, STORE_UPSERT), ERR_OK, "the first one writes");
	for (i = 0; i < 3; i++)
		is_str(value(f, "k:1"), "one", "and reads, time after time");
	f->s = second;
	is_int(put(f, "k:1", "two", NOW + 10, STORE_UPSERT), ERR_OK, "the second writes over it");
	f->s = first;
	is_str(value(f, "k:1"), "two", "which the first one's next reading finds");
	is_int(store_take(second, "k:1", &f->a, &f->rec), ERR_OK, "the second takes it");
	is_str(value(f, "k:1"), absent(), "and it is gone for the first");
	is_int(put(f, "k:1", "three", NOW + 10, STORE_UPSERT), ERR_OK, "made anew");
	is_str(value(f, "k:1"), "three", "and read");
	now_s = NOW + 10;
	is_str(value(f, "k:1"), absent(), "it expires with nobody touching it");
	store_close(second);
}

/* What bulk.h makes of the verbs: to another store and back. */
static void
copied(struct fixture *f)
{
	struct store *mine = f->s, *other, *again;
	long n;
	bool one;

	is_int(store_mem_open(&test_clock, &other), ERR_OK, "another store");
	is_int(store_are_one(mine, other, &one), ERR_OK, "are they one?");
	ok(!one, "they are not");
	is_int(store_put(mine, "s:1", "a\0b", 3, NOW + 10, STORE_INSERT, STORE_LAZY, NULL), ERR_OK, "bytes");
	is_int(put(f, "s:2", "for ever", STORE_NO_EXPIRY, STORE_INSERT), ERR_OK, "what never expires");
	is_int(put(f, "s:3", "brief", NOW + 1, STORE_INSERT), ERR_OK, "and what does soon");
	now_s = NOW + 1;
	is_int(store_copy(mine, other, &n), ERR_OK, "copied");
	is_int(n, 2, "all that lives");
	is_int(store_count(other, "s:", LONG_MAX, &n), ERR_OK, "counted");
	is_int(n, 2, "by their names");
	is_int(store_count(other, "s:", 1, &n), ERR_OK, "counted to one");
	is_int(n, 1, "no further");
	is_int(store_count(other, "t:", LONG_MAX, &n), ERR_OK, "of another kind");
	is_int(n, 0, "there is none");
	f->s = other;
	is_str(value(f, "s:2"), "for ever", "its value");
	ok(f->rec.expires_at_s == STORE_NO_EXPIRY, "and expiry");
	is_str(value(f, "s:1"), "a", "bytes of all kinds");
	ok(f->rec.len == 3 && f->rec.expires_at_s == NOW + 10, "whole, until the same second");
	is_int(put(f, "s:4", "more", NOW + 10, STORE_INSERT), ERR_OK, "a record of its own");
	is_int(store_prune(mine, other, &n), ERR_OK, "pruned");
	is_int(n, 1, "of what the first does not have");
	is_str(value(f, "s:4"), absent(), "it is gone");
	is_str(value(f, "s:2"), "for ever", "the others are not");
	is_int(store_remove_all(mine, "s:", NULL, NULL, &n), ERR_OK, "the first one emptied");
	is_int(n, 2, "of both");
	is_int(store_copy(other, mine, &n), ERR_OK, "and filled again");
	f->s = mine;
	is_str(value(f, "s:2"), "for ever", "has everything");
	store_close(other);
	if (!f->backend->lasting)
		return;
	is_int(f->backend->open(&again), ERR_OK, "the same records by another way");
	is_int(store_are_one(mine, again, &one), ERR_OK, "are they one?");
	ok(one, "they are");
	store_close(again);
}

static const struct {
	const char *name;
	void      (*run)(struct fixture *);
} cases[] = {
	{ "names that nobody wrote", unknown_names },
	{ "put and get", put_and_get },
	{ "bytes of all kinds", bytes_of_all_kinds },
	{ "the largest value", largest_value },
	{ "the longest name", longest_name },
	{ "too little memory", too_little_memory },
	{ "upsert and insert", upsert_and_insert },
	{ "replace by version", replace_by_version },
	{ "take once", take_once },
	{ "remove", remove_it },
	{ "expiry", expiry },
	{ "insert over what has expired", insert_over_expired },
	{ "sweep in order", sweep_in_order },
	{ "what is removed is not swept", removed_are_not_swept },
	{ "each of a prefix", each_of_a_prefix },
	{ "probing", probing },
	{ "leases", leases },
	{ "a second store", second_store },
	{ "read again", read_again },
	{ "copied", copied },
};

static void
run_case(const struct backend *backend, size_t i)
{
	struct fixture f = { .backend = backend };
	char command[128];

	now_s = NOW;
	snprintf(dir, sizeof(dir), DIR_BEGINS "XXXXXX");
	if (mkdtemp(dir) == NULL || backend->open(&f.s) != ERR_OK) {
		ok(0, "%s, %s: open", backend->name, cases[i].name);
		return;
	}
	printf("# %s: %s\n", backend->name, cases[i].name);
	arena_init(&f.a, 8 << 20);
	cases[i].run(&f);
	arena_free(&f.a);
	store_close(f.s);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		ok(0, "%s", command);
}

/* What the memory backend offers beside the contract, for the tests above it. */
static void
mem_extras(void)
{
	struct fixture f = { 0 };

	now_s = NOW;
	if (store_mem_open(&test_clock, &f.s) != ERR_OK) {
		ok(0, "mem: open");
		return;
	}
	printf("# mem: extras\n");
	arena_init(&f.a, 1 << 20);
	is_int(put(&f, "a:1", "x", NOW + 10, STORE_UPSERT), ERR_OK, "put");
	is_int(put(&f, "a:2", "x", NOW + 10, STORE_UPSERT), ERR_OK, "put");
	is_int(put(&f, "b:1", "x", NOW + 20, STORE_UPSERT), ERR_OK, "put");
	is_int(store_mem_count(f.s, "a:"), 2, "count of a prefix");
	store_mem_fail_writes(f.s, 2);
	is_int(put(&f, "a:3", "x", NOW + 10, STORE_UPSERT), ERR_OK, "the first write passes");
	is_int(put(&f, "a:4", "x", NOW + 10, STORE_UPSERT), ERR_STORE, "the second fails");
	is_int(store_probe(f.s), ERR_STORE, "and so does all after it");
	is_int(store_take(f.s, "a:1", &f.a, &f.rec), ERR_STORE, "take too");
	is_str(value(&f, "a:1"), "x", "nothing is changed, and reading works");
	store_mem_fail_writes(f.s, 0);
	is_int(put(&f, "a:4", "x", NOW + 10, STORE_UPSERT), ERR_OK, "until that ends");
	now_s = NOW + 10;
	is_int(store_mem_count(f.s, ""), 1, "count knows the living ones only");
	arena_free(&f.a);
	store_close(f.s);
}

int
main(void)
{
	size_t b, i;

	signal(SIGPIPE, SIG_IGN);
	for (b = 0; b < sizeof(backends) / sizeof(*backends); b++) {
		if (backends[b].open == open_valkey && !redis_server_installed()) {
			ok(1, "valkey # SKIP no valkey-server and no redis-server is installed");
			continue;
		}
		if (backends[b].open == open_valkey &&
		    !(redis_server_start(&server) && redis_server_documented_user(&server, DIR_BEGINS))) {
			ok(0, "valkey: a server");
			continue;
		}
		for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
			run_case(&backends[b], i);
	}
	redis_server_end(&server);
	mem_extras();
	return done_testing();
}
