/* SPDX-License-Identifier: MIT */
#include "store/store_mem.h"

#include <stdlib.h>
#include <string.h>

struct record {
	struct record *next;
	unsigned char *data;
	size_t         len;
	uint64_t       version;
	int64_t        expires_at_s;
	char           name[STORE_NAME_MAX + 1];
};

struct lease {
	struct lease *next;
	uint64_t      token;
	char          name[STORE_NAME_MAX + 1];
};

struct store_mem {
	struct store   store;
	struct record *records;
	struct lease  *leases;
	uint64_t       last_number;	/* versions and lease tokens */
	int            writes_until_failure;	/* 1 = the next fails; 0 = none does */
};

static struct store_mem *
self(struct store *s)
{
	return (struct store_mem *)s;
}

static bool
living(const struct store_mem *m, const struct record *r)
{
	return r->expires_at_s > clock_now_s(m->store.clock);
}

/* The link to the record of that name, living or not; *link is NULL when there is none. */
static struct record **
find(struct store_mem *m, const char *name)
{
	struct record **link = &m->records;

	while (*link != NULL && strcmp((*link)->name, name) != 0)
		link = &(*link)->next;
	return link;
}

static void
erase(struct record **link)
{
	struct record *r = *link;

	*link = r->next;
	free(r->data);
	free(r);
}

/* Every verb that would write asks first. */
static bool
write_fails(struct store_mem *m)
{
	if (m->writes_until_failure == 0)
		return false;
	if (m->writes_until_failure == 1)
		return true;
	m->writes_until_failure--;
	return false;
}

static enum err
hand_out(const struct record *r, struct arena *a, struct store_record *out)
{
	unsigned char *copy;

	copy = arena_alloc(a, r->len + 1);
	if (copy == NULL)
		return ERR_NOMEM;
	memcpy(copy, r->data, r->len);
	copy[r->len] = '\0';
	out->data = copy;
	out->len = r->len;
	out->version = r->version;
	out->expires_at_s = r->expires_at_s;
	return ERR_OK;
}

static enum err
mem_get(struct store *s, const char *name, struct arena *a, struct store_record *out)
{
	struct record *r = *find(self(s), name);

	if (r == NULL || !living(self(s), r))
		return ERR_NOT_FOUND;
	return hand_out(r, a, out);
}

/* Make the record at *link, or write it over. */
static enum err
set(struct store_mem *m, struct record **link, const char *name, const void *data, size_t len, int64_t expires_at_s,
    uint64_t *version_out)
{
	unsigned char *copy;
	struct record *r;

	copy = malloc(len + 1);
	if (copy == NULL)
		return ERR_NOMEM;
	if (len > 0)
		memcpy(copy, data, len);
	copy[len] = '\0';
	if (*link == NULL) {
		*link = calloc(1, sizeof(**link));
		if (*link == NULL) {
			free(copy);
			return ERR_NOMEM;
		}
		memcpy((*link)->name, name, strlen(name) + 1);
	}
	r = *link;
	free(r->data);
	r->data = copy;
	r->len = len;
	r->version = ++m->last_number;
	r->expires_at_s = expires_at_s;
	if (version_out != NULL)
		*version_out = r->version;
	return ERR_OK;
}

static enum err
mem_put(struct store *s, const char *name, const void *data, size_t len, int64_t expires_at_s,
    enum store_put_mode mode, enum store_durability durability, uint64_t *version_out)
{
	struct record **link = find(self(s), name);

	(void)durability;
	if (write_fails(self(s)))
		return ERR_STORE;
	if (mode == STORE_INSERT && *link != NULL && living(self(s), *link))
		return ERR_CONFLICT;
	return set(self(s), link, name, data, len, expires_at_s, version_out);
}

static enum err
mem_replace(struct store *s, const char *name, uint64_t version, const void *data, size_t len, int64_t expires_at_s,
    enum store_durability durability, uint64_t *version_out)
{
	struct record **link = find(self(s), name);

	(void)durability;
	if (write_fails(self(s)))
		return ERR_STORE;
	if (*link == NULL || !living(self(s), *link))
		return ERR_NOT_FOUND;
	if ((*link)->version != version)
		return ERR_CONFLICT;
	return set(self(s), link, name, data, len, expires_at_s, version_out);
}

static enum err
mem_take(struct store *s, const char *name, struct arena *a, struct store_record *out)
{
	struct record **link = find(self(s), name);
	enum err e;

	if (write_fails(self(s)))
		return ERR_STORE;
	if (*link == NULL || !living(self(s), *link))
		return ERR_NOT_FOUND;
	e = hand_out(*link, a, out);
	if (e == ERR_OK)
		erase(link);
	return e;
}

static enum err
mem_remove(struct store *s, const char *name, enum store_durability durability)
{
	struct record **link = find(self(s), name);
	bool was_living;

	(void)durability;
	if (write_fails(self(s)))
		return ERR_STORE;
	if (*link == NULL)
		return ERR_NOT_FOUND;
	was_living = living(self(s), *link);
	erase(link);
	return was_living ? ERR_OK : ERR_NOT_FOUND;
}

static enum err
mem_sweep(struct store *s, int most, int *removed)
{
	struct record **link, **first;

	if (write_fails(self(s)))
		return ERR_STORE;
	for (; *removed < most; ++*removed) {
		first = NULL;
		for (link = &self(s)->records; *link != NULL; link = &(*link)->next)
			if (!living(self(s), *link) &&
			    (first == NULL || (*link)->expires_at_s < (*first)->expires_at_s))
				first = link;
		if (first == NULL)
			break;
		erase(first);
	}
	return ERR_OK;
}

/*
 * `visit` may add and remove records: go by a list of names made before, and look
 * each up again.
 */
static enum err
mem_each(struct store *s, const char *prefix, store_visit visit, void *ctx)
{
	struct store_mem *m = self(s);
	char (*names)[STORE_NAME_MAX + 1];
	struct store_record rec;
	struct arena a;
	struct record *r;
	size_t count = 0, i;
	enum err e = ERR_OK;
	bool more = true;

	for (r = m->records; r != NULL; r = r->next)
		count++;
	names = calloc(count + 1, sizeof(*names));
	if (names == NULL)
		return ERR_NOMEM;
	for (r = m->records, i = 0; r != NULL; r = r->next, i++)
		memcpy(names[i], r->name, sizeof(names[i]));
	arena_init(&a, STORE_VALUE_MAX + 4096);
	for (i = 0; i < count && more && e == ERR_OK; i++) {
		r = *find(m, names[i]);
		if (r == NULL || !living(m, r) || strncmp(r->name, prefix, strlen(prefix)) != 0)
			continue;
		e = hand_out(r, &a, &rec);
		if (e == ERR_OK)
			more = visit(ctx, names[i], &rec);
		arena_reset(&a);
	}
	arena_free(&a);
	free(names);
	return e;
}

static enum err
mem_probe(struct store *s)
{
	return write_fails(self(s)) ? ERR_STORE : ERR_OK;
}

static enum err
mem_lease_take(struct store *s, const char *name, struct store_lease *lease)
{
	struct store_mem *m = self(s);
	struct lease *l;

	for (l = m->leases; l != NULL; l = l->next)
		if (strcmp(l->name, name) == 0)
			return ERR_BUSY;
	l = calloc(1, sizeof(*l));
	if (l == NULL)
		return ERR_NOMEM;
	memcpy(l->name, name, strlen(name) + 1);
	l->token = lease->token = ++m->last_number;
	l->next = m->leases;
	m->leases = l;
	return ERR_OK;
}

static enum err
mem_lease_keep(struct store *s, struct store_lease *lease)
{
	struct lease *l;

	for (l = self(s)->leases; l != NULL; l = l->next)
		if (l->token == lease->token)
			return ERR_OK;
	return ERR_CONFLICT;
}

static void
mem_lease_release(struct store *s, struct store_lease *lease)
{
	struct lease **link, *l;

	for (link = &self(s)->leases; *link != NULL; link = &(*link)->next)
		if ((*link)->token == lease->token) {
			l = *link;
			*link = l->next;
			free(l);
			return;
		}
}

void
store_mem_lapse_leases(struct store *s)
{
	struct store_mem *m = self(s);
	struct lease *l;

	while ((l = m->leases) != NULL) {
		m->leases = l->next;
		free(l);
	}
}

static void
mem_close(struct store *s)
{
	struct store_mem *m = self(s);

	while (m->records != NULL)
		erase(&m->records);
	store_mem_lapse_leases(s);
	free(m);
}

static const struct store_backend backend = {
	.get = mem_get,
	.put = mem_put,
	.replace = mem_replace,
	.take = mem_take,
	.remove = mem_remove,
	.sweep = mem_sweep,
	.each = mem_each,
	.probe = mem_probe,
	.lease_take = mem_lease_take,
	.lease_keep = mem_lease_keep,
	.lease_release = mem_lease_release,
	.close = mem_close,
};

enum err
store_mem_open(struct clock *clock, struct store **out)
{
	struct store_mem *m;

	m = calloc(1, sizeof(*m));
	if (m == NULL)
		return ERR_NOMEM;
	m->store.backend = &backend;
	m->store.clock = clock;
	*out = &m->store;
	return ERR_OK;
}

int
store_mem_count(struct store *s, const char *prefix)
{
	const struct record *r;
	int n = 0;

	for (r = self(s)->records; r != NULL; r = r->next)
		if (living(self(s), r) && strncmp(r->name, prefix, strlen(prefix)) == 0)
			n++;
	return n;
}

void
store_mem_fail_writes(struct store *s, int from_nth)
{
	self(s)->writes_until_failure = from_nth;
}
