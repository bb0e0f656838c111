/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_BDB_RECENT_H
#define OSCGI_STORE_BDB_RECENT_H

#include <stdbool.h>
#include <stddef.h>

#include "store/bdb_env.h"
#include "store/header.h"

/*
 * The records that this process read last, each with the moment at which it was
 * read.  As long as nobody has written since, by the gate's own count, reading
 * again would give the same bytes: no lock and no database is needed for that.
 * What is kept is what the database holds, so what was sealed stays sealed.
 */
#define BDB_RECENT_SLOTS 64
#define BDB_RECENT_MAX   (16 * 1024)	/* longer values are not kept */

struct bdb_recent_slot;

struct bdb_recent {
	struct bdb_recent_slot *slots;	/* NULL until the first is kept */
};

struct bdb_recent_record {
	struct store_header  head;
	const unsigned char *data;	/* in the slot: good until the next call */
	size_t               len;
};

/* Wipes nothing: the bytes lie on the disk as they are. */
void bdb_recent_close(struct bdb_recent *r);

/* True: *out is what a read would find now. */
bool bdb_recent_find(const struct bdb_recent *r, const struct bdb_env *env, const char *name,
    struct bdb_recent_record *out);

/* Keep what was just read at `moment`; to keep nothing, for want of memory, is fine. */
void bdb_recent_keep(struct bdb_recent *r, const struct bdb_moment *moment, const char *name,
    const struct bdb_recent_record *record);

#endif
