/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_BDB_ENV_H
#define OSCGI_STORE_BDB_ENV_H

#include <stdbool.h>
#include <stdint.h>

#include "store/bdb_gate.h"
#include "store/bdb_lib.h"

/*
 * The Berkeley DB environment, joined and recovered behind the gate.  A visit is
 *
 *	e = bdb_enter(b, BDB_WRITE);
 *	if (e != ERR_OK)
 *		return e;
 *	rc = ... calls on b->env and b->db ...
 *	return bdb_leave(b, rc, "what was tried");
 *
 * and is the only way to touch b->env or b->db.  Never nested.
 */
struct bdb_env {
	const struct bdb_lib *lib;
	char                 *dir;
	int                   wait_ms;
	struct gate           gate;
	struct bdb_holdings   held;
	DB_ENV               *env;	/* NULL: not joined */
	DB                   *db;	/* records and the expiry index, told apart by their keys' first byte */
	uint64_t              generation;	/* that env belongs to */
	int                   messages;	/* of the library, in this visit */
	int64_t               wrote;	/* commits since the last look at the log's size */
};

/* When something was read: it is the same as long as this moment lasts. */
struct bdb_moment {
	uint64_t generation, writes;
};

enum bdb_purpose {
	BDB_READ,
	BDB_WRITE	/* refused when the disk is nearly full */
};

/* b is zeroed memory; takes nothing but a copy of dir. */
WARN_UNUSED enum err bdb_env_init(struct bdb_env *b, const char *dir, int wait_ms);
/* Leave the environment in good order if that can be done within wait_ms. */
void bdb_env_close(struct bdb_env *b);

/* ERR_OK: inside, joined.  ERR_STORE: outside; logged. */
WARN_UNUSED enum err bdb_enter(struct bdb_env *b, enum bdb_purpose purpose);

/*
 * rc: what the library last said.  0 is ERR_OK, DB_NOTFOUND ERR_NOT_FOUND,
 * anything else ERR_STORE (logged as a failure of `what`).  After a panic of the
 * environment the next visitor recovers it.
 */
WARN_UNUSED enum err bdb_leave(struct bdb_env *b, int rc, const char *what);

/* The moment of the visit under way; nobody can write before it ends. */
struct bdb_moment bdb_env_moment(const struct bdb_env *b);
/* Outside any visit: has nobody written, or recovered, since that moment? */
bool bdb_env_unchanged(const struct bdb_env *b, const struct bdb_moment *m);

/* Commit, durably or not, then whatever the log's growth calls for.  Of the library's codes. */
int bdb_commit(struct bdb_env *b, DB_TXN *txn, bool durable);

#endif
