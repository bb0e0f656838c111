/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_VALKEY_NAMES_H
#define OSCGI_STORE_VALKEY_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "store/redis_link.h"

/* All names on the server that begin with something: a SCAN may give one twice, so all are gathered first. */
struct valkey_names {
	char  **name;		/* sorted, each once */
	size_t  count, room;
};

/* Names keep the server's prefix.  ERR_STORE, ERR_NOMEM; either way valkey_names_free. */
WARN_UNUSED enum err valkey_names_gather(struct redis_link *l, const char *begin, struct valkey_names *out);
void valkey_names_free(struct valkey_names *n);

#endif
