/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_BDB_LEASE_H
#define OSCGI_STORE_BDB_LEASE_H

#include "base/err.h"

/*
 * A lease is a lock on one byte of the file "store.leases", at the hash of its
 * name: the kernel drops it when its holder dies.  Each lease has an open file of
 * its own, so two of one process exclude each other as well.
 *
 * *fd_out: to close, which releases.  ERR_BUSY: somebody has it.  ERR_STORE: logged.
 */
WARN_UNUSED enum err bdb_lease_take(const char *dir, const char *name, int *fd_out);

#endif
