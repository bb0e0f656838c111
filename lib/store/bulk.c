/* SPDX-License-Identifier: MIT */
#include "store/bulk.h"

#include <stdio.h>
#include <stdlib.h>

#define MARK        "x:mark"
#define MARK_LIFE_S 60
#define VALUE_MEMORY_MAX (STORE_VALUE_MAX + 4096)

struct counting {
	long n, most;
};

static bool
count(void *ctx, const char *name, const struct store_record *rec)
{
	struct counting *c = ctx;

	(void)name;
	(void)rec;
	return ++c->n < c->most;
}

enum err
store_count(struct store *s, const char *prefix, long most, long *n)
{
	struct counting c = { .most = most };
	enum err e = store_each(s, prefix, count, &c);

	*n = c.n;
	return e;
}

/* Names of records, to act on once nothing is being read any more. */
struct names {
	char (*name)[STORE_NAME_MAX + 1];
	size_t n, room;
	bool   failed;
};

static bool
collect(void *ctx, const char *name, const struct store_record *rec)
{
	struct names *names = ctx;
	size_t room = names->room > 0 ? names->room * 2 : 256;
	void *p;

	(void)rec;
	if (names->n == names->room) {
		p = reallocarray(names->name, room, sizeof(*names->name));
		if (p == NULL) {
			names->failed = true;
			return false;
		}
		names->name = p;
		names->room = room;
	}
	snprintf(names->name[names->n++], sizeof(*names->name), "%s", name);
	return true;
}

/* One that is gone already is as good. */
static enum err
remove_one(struct store *s, const char *name, enum store_durability durability, long *removed)
{
	enum err e = store_remove(s, name, durability);

	if (e == ERR_OK)
		++*removed;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err
store_remove_all(struct store *s, const char *prefix, store_choice choose, void *ctx, long *removed)
{
	struct names names = { 0 };
	bool chosen = true;
	enum err e;

	*removed = 0;
	e = store_each(s, prefix, collect, &names);
	if (e == ERR_OK && names.failed)
		e = ERR_NOMEM;
	for (size_t i = 0; e == ERR_OK && i < names.n; i++) {
		if (choose != NULL)
			e = choose(ctx, names.name[i], &chosen);
		if (e == ERR_OK && chosen)
			e = remove_one(s, names.name[i], STORE_LAZY, removed);
	}
	free(names.name);
	/* One flush for all: what is written durably last takes everything before it along. */
	return e == ERR_OK && *removed > 0 ? store_probe(s) : e;
}

struct copying {
	struct store *to;
	long          copied;
	enum err      e;
};

static bool
copy_one(void *ctx, const char *name, const struct store_record *rec)
{
	struct copying *c = ctx;

	c->e = store_put(c->to, name, rec->data, rec->len, rec->expires_at_s, STORE_UPSERT, STORE_LAZY, NULL);
	if (c->e == ERR_OK)
		c->copied++;
	return c->e == ERR_OK;
}

enum err
store_copy(struct store *from, struct store *to, long *copied)
{
	struct copying c = { .to = to, .e = ERR_OK };
	enum err e = store_each(from, "", copy_one, &c);

	*copied = c.copied;
	if (e == ERR_OK)
		e = c.e;
	return e == ERR_OK ? store_probe(to) : e;
}

static enum err
is_there(struct store *s, const char *name, bool *there)
{
	struct store_record rec;
	struct arena memory;
	enum err e;

	arena_init(&memory, VALUE_MEMORY_MAX);
	e = store_get(s, name, &memory, &rec);
	arena_free(&memory);
	*there = e == ERR_OK;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err
is_extra(void *from, const char *name, bool *extra)
{
	bool there;
	enum err e = is_there(from, name, &there);

	*extra = !there;
	return e;
}

enum err
store_prune(struct store *from, struct store *copy, long *removed)
{
	return store_remove_all(copy, "", is_extra, from, removed);
}

enum err
store_are_one(struct store *a, struct store *b, bool *one)
{
	enum err e, removed;

	e = store_put(a, MARK, "", 0, clock_now_s(a->clock) + MARK_LIFE_S, STORE_UPSERT, STORE_LAZY, NULL);
	if (e != ERR_OK)
		return e;
	e = is_there(b, MARK, one);
	removed = store_remove(a, MARK, STORE_LAZY);
	return e != ERR_OK || removed == ERR_NOT_FOUND ? e : removed;
}
