/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_BDB_REGIONS_H
#define OSCGI_STORE_BDB_REGIONS_H

#include <stddef.h>

struct bdb_holdings;

/*
 * The memory that all visitors of an environment share: Berkeley DB's regions,
 * in one file of our own ("store.regions") instead of three of the library's.
 * Joining takes one open and one map; the room on the disk is reserved when the
 * file is made, so that a full disk cannot turn a memory access into SIGBUS; and
 * every recovery makes a new file, so that handles on the old one hurt nobody.
 */

/* Berkeley DB's region_map hook: give it `size` bytes for the region of that name.  0 or an errno value. */
int bdb_regions_map(struct bdb_holdings *h, const char *name, size_t size, int *is_create, void **addr);
void bdb_regions_unmap(struct bdb_holdings *h);

#endif
