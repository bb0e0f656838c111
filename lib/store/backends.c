/* SPDX-License-Identifier: MIT */
#include "store/backends.h"

#include <string.h>

#include "base/text.h"
#include "store/store_bdb.h"
#include "store/store_valkey.h"
#include "store/valkey_facts.h"

static const char *
bdb_wrong(const struct store_setup *o, const char **setting)
{
	*setting = "STORE_PASSWORD_FILE";
	return secret_present(o->password) ? "is of no use: SESSION_STORE is bdb" : NULL;
}

static enum err
bdb_open(const struct store_setup *o, struct store **out)
{
	return store_bdb_open(o->dir, o->clock, o->wait_ms, out);
}

static struct store_valkey_options
valkey_options(const struct store_setup *o)
{
	return (struct store_valkey_options){ o->where, o->password, o->prefix, o->clock, o->wait_ms };
}

static const char *
valkey_wrong(const struct store_setup *o, const char **setting)
{
	const struct store_valkey_options options = valkey_options(o);

	return store_valkey_wrong(&options, setting);
}

static enum err
valkey_open(const struct store_setup *o, struct store **out)
{
	const struct store_valkey_options options = valkey_options(o);

	return store_valkey_open(&options, out);
}

static enum err
bdb_setup_facts(const struct store_setup *o, struct arena *a, struct store_facts *out)
{
	(void)o;
	(void)a;
	*out = (struct store_facts){ .evicts = NULL };
	return ERR_OK;
}

static enum err
valkey_setup_facts(const struct store_setup *o, struct arena *a, struct store_facts *out)
{
	const struct store_valkey_options options = valkey_options(o);

	return valkey_facts(&options, a, out);
}

static const struct backend {
	const char *begins;	/* `where` is this, or begins with it when it ends in a slash */
	bool        local;
	const char *(*wrong)(const struct store_setup *, const char **setting);
	enum err  (*open)(const struct store_setup *, struct store **);
	enum err  (*facts)(const struct store_setup *, struct arena *, struct store_facts *);
} backends[] = {
	{ "bdb",      true,  bdb_wrong,    bdb_open,    bdb_setup_facts },
	{ "redis://", false, valkey_wrong, valkey_open, valkey_setup_facts },
};

static const struct backend *
find(const char *where)
{
	size_t i;

	for (i = 0; i < sizeof(backends) / sizeof(*backends); i++)
		if (strcmp(where, backends[i].begins) == 0 || (text_ends_with(backends[i].begins, "/") &&
		    text_starts_with(where, backends[i].begins)))
			return &backends[i];
	return NULL;
}

const char *
store_setup_wrong(const struct store_setup *o, const char **setting)
{
	const struct backend *b = find(o->where);

	if (b != NULL)
		return b->wrong(o, setting);
	*setting = "SESSION_STORE";
	return "must be bdb, or redis://[[user]:password@]host:port/db";
}

bool
store_setup_is_local(const struct store_setup *o)
{
	const struct backend *b = find(o->where);

	return b != NULL && b->local;
}

enum err
store_setup_facts(const struct store_setup *o, struct arena *a, struct store_facts *out)
{
	return find(o->where)->facts(o, a, out);
}

enum err
store_open(const struct store_setup *o, struct store **out)
{
	return find(o->where)->open(o, out);
}
