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

/* Of a setup that is right.  Cheap: nothing is loaded, made or connected before the first verb.  ERR_NOMEM. */
WARN_UNUSED enum err store_open(const struct store_setup *o, struct store **out);

#endif
