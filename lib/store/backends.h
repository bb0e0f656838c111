/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_BACKENDS_H
#define OSCGI_STORE_BACKENDS_H

#include "base/secret.h"
#include "store/store.h"

/* Which store: the one place that knows all backends. */
struct store_setup {
	const char   *where;	/* "bdb", or redis://[[user]:password@]host[:port][/db] */
	const char   *dir;	/* of bdb: exists, mode 0700, ours */
	const char   *prefix;	/* of redis: before every name on the server */
	struct secret password;	/* of redis: instead of one in the URL */
	struct clock *clock;
	int           wait_ms;	/* bound on any wait, for others or the server; then ERR_STORE */
};

/* NULL: the setup is right.  Otherwise the setting that is not, and the rest of the sentence. */
const char *store_setup_wrong(const struct store_setup *o, const char **setting);

/* Are its records files in `dir`? */
bool store_setup_is_local(const struct store_setup *o);

/* How a server that keeps the records is set up; what is not known counts as well. */
struct store_facts {
	const char *evicts;	/* the policy by which it throws records away when memory is short; NULL = it does not */
	bool        forgets;	/* nothing is kept over a restart */
};

/* Of a setup that is right; strings in `a`.  ERR_STORE, logged: the server does not tell.  ERR_NOMEM. */
WARN_UNUSED enum err store_setup_facts(const struct store_setup *o, struct arena *a, struct store_facts *out);

/* Of a setup that is right.  Cheap: nothing is loaded, made or connected before the first verb.  ERR_NOMEM. */
WARN_UNUSED enum err store_open(const struct store_setup *o, struct store **out);

#endif
