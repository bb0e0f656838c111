/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_STORE_VALKEY_H
#define OSCGI_STORE_STORE_VALKEY_H

#include "base/secret.h"
#include "store/store.h"

/*
 * The backend for several machines: a Valkey or Redis server.  Cheap to open:
 * nothing is loaded or connected before the first verb needs it.
 *
 * url       redis://[[user]:password@]host[:port][/db]
 * password  instead of one in the URL; absent = none
 * prefix    before every name on the server
 * wait_ms   bound on any wait for the server; then ERR_STORE
 *
 * Nothing is borrowed.  What STORE_DURABLE is worth is up to the server's
 * settings: see doc/store.md.
 */
struct store_valkey_options {
	const char   *url;
	struct secret password;
	const char   *prefix;
	struct clock *clock;
	int           wait_ms;
};

/* NULL: the options are right.  Otherwise the setting that is not, and the rest of the sentence. */
const char *store_valkey_wrong(const struct store_valkey_options *o, const char **setting);

/* Of options that are right. ERR_NOMEM. */
WARN_UNUSED enum err store_valkey_open(const struct store_valkey_options *o, struct store **out);

#endif
