/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_STORE_BDB_H
#define OSCGI_STORE_STORE_BDB_H

#include "store/store.h"

/*
 * The Berkeley DB backend: a transactional environment under `dir` (which
 * exists, mode 0700, ours).  Cheap: nothing is loaded, created or joined before
 * the first verb needs it.  See doc/store.md for how it survives killed
 * processes.
 *
 * wait_ms  bound on any wait for another process; then ERR_STORE
 */
WARN_UNUSED enum err store_bdb_open(const char *dir, struct clock *clock, int wait_ms, struct store **out);

#endif
