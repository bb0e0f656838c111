/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_REDIS_URL_H
#define OSCGI_STORE_REDIS_URL_H

#include "base/arena.h"
#include "base/secret.h"

/* redis://[[user]:password@]host[:port][/db]; all strings in the arena given to the parser. */
struct redis_url {
	const char   *host;		/* a name or an address; an IPv6 one without its brackets */
	int           port, db;
	const char   *user;		/* "" = none */
	struct secret password;
};

/*
 * NULL: done.  Otherwise what is wrong, as the rest of a sentence that begins
 * with the name of the setting.
 */
const char *redis_url_parse(const char *text, struct arena *a, struct redis_url *out);

#endif
