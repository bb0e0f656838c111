/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_BDB_GATE_H
#define OSCGI_STORE_BDB_GATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/*
 * The gate: one process at a time visits the database, whoever dies inside is
 * noticed by the next one, and nobody waits longer than a bound.
 * doc/store.md tells why it is built this way.
 *
 * The lock is the kernel's (flock on the gate file): it ends with its holder,
 * knows no process ids and cannot be left behind on a disk.  What the visitors
 * tell each other lies in a page of the same file, mapped by all of them.
 */
struct gate_page {
	char             magic[8];
	uint32_t         layout;
	_Atomic uint32_t format;	/* of the database: the store's own number */
	char             boot_id[40];	/* the boot in which this page was last good */
	uint64_t         device, inode;	/* a page that was copied elsewhere is not good */
	_Atomic uint32_t dirty;		/* somebody is inside, or died there */
	_Atomic uint32_t holder_pid;	/* who was last inside: for log lines only */
	_Atomic uint64_t generation;	/* of the regions; every recovery changes it */
	_Atomic uint64_t recoveries;
	_Atomic uint64_t visits;
	_Atomic int64_t  broken_until_ms; /* monotonic: recovery failed, do not try again before */
	_Atomic uint32_t dir_changed;	/* a database was made, or may have been, whose name is not on the disk yet */
	_Atomic uint32_t waiting;	/* somebody sleeps on the bell */
	_Atomic uint32_t bell;		/* futex */
	_Atomic uint64_t writes;	/* visits that may have changed something, counted as they begin */
};

struct gate {
	int               dir_fd, fd;	/* -1 = not open */
	struct gate_page *page;
	uint32_t          pid;
	char              boot_id[40];
	uint64_t          gave_way_at;	/* the visit after which others were waiting; 0 = none */
	bool              replaced;	/* the file at that name is another one now */
};

/* What a visitor finds. */
struct gate_view {
	bool     torn;		/* the last visitor died inside, or the page is new: recover first */
	uint64_t generation;
};

/* Only fills in the struct. */
void gate_init(struct gate *g);
/* Close all; the lock goes with it if held. */
void gate_close(struct gate *g);
bool gate_is_open(const struct gate *g);

/*
 * Open (or make, 0600) the gate file in `dir`.  ERR_STORE, logged: not there,
 * not ours, no room.  Bounded by wait_ms.
 */
WARN_UNUSED enum err gate_open(struct gate *g, const char *dir, int wait_ms);

/*
 * Enter, and set the dirty mark.  ERR_STORE: somebody was inside for wait_ms
 * (logged), or g->replaced: the gate file was removed or put anew; close and open
 * again (not logged).
 */
WARN_UNUSED enum err gate_enter(struct gate *g, int wait_ms, struct gate_view *view);
/*
 * Without entering: the gate is still the file at its name.  Then what its page
 * says of generation and writes holds for whoever asks now.
 */
bool gate_stands(const struct gate *g);
/* Leave; clean = false leaves the dirty mark behind for the next visitor. */
void gate_leave(struct gate *g, bool clean);

#endif
