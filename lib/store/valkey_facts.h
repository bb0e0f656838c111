/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_VALKEY_FACTS_H
#define OSCGI_STORE_VALKEY_FACTS_H

#include "base/arena.h"
#include "store/backends.h"
#include "store/store_valkey.h"

/* Ask the server how it keeps what it is given.  ERR_STORE: it does not answer, or not to this user; logged. */
WARN_UNUSED enum err valkey_facts(const struct store_valkey_options *o, struct arena *a, struct store_facts *out);

#endif
