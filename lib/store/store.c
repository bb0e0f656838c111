/* SPDX-License-Identifier: MIT */
/*
 * The contract's doors: what only a programmer can get wrong is asserted here,
 * once for all backends.
 */
#include "store/store.h"

#include <assert.h>
#include <string.h>

bool
store_name_ok(const char *name)
{
	size_t n;

	if (name == NULL)
		return false;
	for (n = 0; name[n] != '\0'; n++)
		if (n == STORE_NAME_MAX || name[n] <= ' ' || name[n] > '~')
			return false;
	return n > 0;
}

enum err
store_get(struct store *s, const char *name, struct arena *a, struct store_record *out)
{
	assert(s != NULL && store_name_ok(name) && a != NULL && out != NULL);
	return s->backend->get(s, name, a, out);
}

enum err
store_put(struct store *s, const char *name, const void *data, size_t len, int64_t expires_at_s,
    enum store_put_mode mode, enum store_durability durability, uint64_t *version_out)
{
	assert(s != NULL && store_name_ok(name));
	assert((data != NULL || len == 0) && expires_at_s >= 0);
	assert(mode == STORE_UPSERT || mode == STORE_INSERT);
	assert(durability == STORE_LAZY || durability == STORE_DURABLE);
	if (len > STORE_VALUE_MAX)
		return ERR_TOO_LARGE;
	return s->backend->put(s, name, data, len, expires_at_s, mode, durability, version_out);
}

enum err
store_replace(struct store *s, const char *name, uint64_t version, const void *data, size_t len,
    int64_t expires_at_s, enum store_durability durability, uint64_t *version_out)
{
	assert(s != NULL && store_name_ok(name) && version != 0);
	assert((data != NULL || len == 0) && expires_at_s >= 0);
	assert(durability == STORE_LAZY || durability == STORE_DURABLE);
	if (len > STORE_VALUE_MAX)
		return ERR_TOO_LARGE;
	return s->backend->replace(s, name, version, data, len, expires_at_s, durability, version_out);
}

enum err
store_take(struct store *s, const char *name, struct arena *a, struct store_record *out)
{
	assert(s != NULL && store_name_ok(name) && a != NULL && out != NULL);
	return s->backend->take(s, name, a, out);
}

enum err
store_remove(struct store *s, const char *name, enum store_durability durability)
{
	assert(s != NULL && store_name_ok(name));
	assert(durability == STORE_LAZY || durability == STORE_DURABLE);
	return s->backend->remove(s, name, durability);
}

enum err
store_sweep(struct store *s, int most, int *removed)
{
	assert(s != NULL && most >= 0 && removed != NULL);
	*removed = 0;
	return s->backend->sweep(s, most, removed);
}

enum err
store_each(struct store *s, const char *prefix, store_visit visit, void *ctx)
{
	assert(s != NULL && prefix != NULL && strlen(prefix) <= STORE_NAME_MAX && visit != NULL);
	return s->backend->each(s, prefix, visit, ctx);
}

enum err
store_probe(struct store *s)
{
	assert(s != NULL);
	return s->backend->probe(s);
}

enum err
store_lease_take(struct store *s, const char *name, struct store_lease *lease)
{
	enum err e;

	assert(s != NULL && store_name_ok(name) && lease != NULL);
	lease->held = false;
	lease->token = 0;
	memcpy(lease->name, name, strlen(name) + 1);
	e = s->backend->lease_take(s, name, lease);
	lease->held = e == ERR_OK;
	return e;
}

enum err
store_lease_keep(struct store *s, struct store_lease *lease)
{
	assert(s != NULL && lease != NULL);
	if (!lease->held)
		return ERR_CONFLICT;
	return s->backend->lease_keep(s, lease);
}

void
store_lease_release(struct store *s, struct store_lease *lease)
{
	assert(s != NULL && lease != NULL);
	if (!lease->held)
		return;
	s->backend->lease_release(s, lease);
	lease->held = false;
}

void
store_close(struct store *s)
{
	if (s != NULL)
		s->backend->close(s);
}
