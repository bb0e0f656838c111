/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_BDB_LIB_H
#define OSCGI_STORE_BDB_LIB_H

#include <db.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Berkeley DB's library, loaded when first needed (a request that needs no
 * store must not pay for it), and told to take memory, files and maps through
 * us.  So a handle on an environment that somebody else has recovered meanwhile
 * can be dropped whole without one call into the library: its own close would
 * wait for locks of the dead and write old pages over new ones.
 */
#define BDB_FDS_MAX 32

struct bdb_block;

/* All that the library holds on behalf of one opened environment. */
struct bdb_holdings {
	struct bdb_block *blocks;
	int               fds[BDB_FDS_MAX];
	int               fds_used;
	int               dir_fd;	/* borrowed: where the regions file lives */
	unsigned char    *map;		/* the regions, see bdb_regions.h */
	bool              creating;	/* an environment is being made: regions are made, not joined */
	bool              refuse_next;	/* see bdb_regions.c */
};

struct bdb_lib {
	int   (*env_create)(DB_ENV **, u_int32_t);
	int   (*create)(DB **, DB_ENV *, u_int32_t);
	char *(*strerror)(int);
};

/* NULL: not there, or not the version compiled for (logged).  Borrowed, for the life of the process. */
const struct bdb_lib *bdb_lib_load(void);

/* From here on what the library takes belongs to h.  Before every call into the library that may take something. */
void bdb_lib_hold(struct bdb_holdings *h);
/* Drop everything; the handles that used it are dangling from now on. */
void bdb_holdings_drop(struct bdb_holdings *h);
/* Free what the library returned to its caller. */
void bdb_lib_free(void *p);

#endif
