/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_STORE_H
#define OSCGI_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

/*
 * The store contract: records by name, shared by any number of processes, each
 * of which may be killed at any moment.  Few verbs, so that a database file and
 * a server on another machine can both honour them; tests/test_store.c runs one
 * list of cases over every backend.
 *
 * Names are 1..STORE_NAME_MAX printable ASCII bytes, "kind:rest".  Values are
 * 0..STORE_VALUE_MAX bytes of anything; what must stay secret is sealed before it comes
 * here.  Expiry is an absolute second: from then on the record is NOT_FOUND to
 * every verb, swept or not.
 *
 * Every verb is one atomic act.  All return
 *   ERR_OK
 *   ERR_NOT_FOUND  no such record (get, replace, take, remove)
 *   ERR_CONFLICT   INSERT of what exists; replace of another version
 *   ERR_TOO_LARGE  more than STORE_VALUE_MAX bytes (put, replace)
 *   ERR_STORE      cannot be read or written now: full, gone, or a wait that
 *                  took too long.  The edge has logged why.  Nothing changed,
 *                  or (when the answer alone was lost) it changed as a whole.
 *   ERR_NOMEM
 */
#define STORE_NAME_MAX  128
#define STORE_VALUE_MAX (512 * 1024)
#define STORE_NO_EXPIRY INT64_MAX

enum store_put_mode {
	STORE_UPSERT,
	STORE_INSERT	/* fails with ERR_CONFLICT when a living record has the name */
};

enum store_durability {
	STORE_LAZY,	/* survives a killed process; a power failure may take the last moments of it */
	STORE_DURABLE	/* survives power failure once answered */
};

struct store_record {
	const unsigned char *data;	/* in the arena given to get/take */
	size_t               len;
	uint64_t             version;	/* changes with every write; never 0 */
	int64_t              expires_at_s;
};

struct store;

/* A lease held by this process; see store_lease_take. */
struct store_lease {
	char     name[STORE_NAME_MAX + 1];
	uint64_t token;		/* of the backend */
	bool     held;
};

/* A name as above: what others may write to as well may hold more. */
bool store_name_ok(const char *name);

/* For store_each; return false to stop.  The record lives until the callback returns. */
typedef bool (*store_visit)(void *ctx, const char *name, const struct store_record *rec);

WARN_UNUSED enum err store_get(struct store *s, const char *name, struct arena *a, struct store_record *out);

/* version_out, where not NULL, receives the version written. */
WARN_UNUSED enum err store_put(struct store *s, const char *name, const void *data, size_t len, int64_t expires_at_s,
    enum store_put_mode mode, enum store_durability durability, uint64_t *version_out);

/* Write only if the record still has `version`. */
WARN_UNUSED enum err store_replace(struct store *s, const char *name, uint64_t version, const void *data, size_t len,
    int64_t expires_at_s, enum store_durability durability, uint64_t *version_out);

/* Get and remove in one act: of several callers one gets it.  Durable. */
WARN_UNUSED enum err store_take(struct store *s, const char *name, struct arena *a, struct store_record *out);

WARN_UNUSED enum err store_remove(struct store *s, const char *name, enum store_durability durability);

/*
 * Remove at most `most` expired records, soonest expired first; `*removed` says
 * how many.  Cheap when there are none: who adds a record calls it, so nothing
 * else has to.  A backend whose records expire by themselves removes none.
 */
WARN_UNUSED enum err store_sweep(struct store *s, int most, int *removed);

/*
 * Every living record whose name begins with prefix, in no order, while others
 * read and write: each record that exists throughout is visited once.  The store is not
 * locked while `visit` runs.
 */
WARN_UNUSED enum err store_each(struct store *s, const char *prefix, store_visit visit, void *ctx);

/* A write and a read back, durable: "can this store be written just now?" */
WARN_UNUSED enum err store_probe(struct store *s);

/*
 * A lease on a name (any name; it is not a record): one holder at a time, over all
 * processes that share the store, until it is released or its holder dies.  It
 * does not wait: ERR_BUSY when somebody else has it.
 *
 * A backend that sees a holder's death (Berkeley DB: a lock the kernel drops)
 * needs no more; one that cannot lets the lease lapse ten seconds after the last
 * store_lease_keep, so who holds one while waiting for something calls keep
 * at least once a second.  keep answers ERR_CONFLICT when the lease was lost.  Taken or
 * kept, however long that took, the lease is good for another five seconds at least.
 */
WARN_UNUSED enum err store_lease_take(struct store *s, const char *name, struct store_lease *lease);
WARN_UNUSED enum err store_lease_keep(struct store *s, struct store_lease *lease);
void store_lease_release(struct store *s, struct store_lease *lease);

/* NULL is fine. */
void store_close(struct store *s);

/*
 * A backend: one const table of functions, listed in backends.c.  Each opened
 * store begins with struct store, so a backend's own struct contains it first.
 */
struct store_backend {
	enum err (*get)(struct store *, const char *, struct arena *, struct store_record *);
	enum err (*put)(struct store *, const char *, const void *, size_t, int64_t, enum store_put_mode,
	    enum store_durability, uint64_t *);
	enum err (*replace)(struct store *, const char *, uint64_t, const void *, size_t, int64_t,
	    enum store_durability, uint64_t *);
	enum err (*take)(struct store *, const char *, struct arena *, struct store_record *);
	enum err (*remove)(struct store *, const char *, enum store_durability);
	enum err (*sweep)(struct store *, int, int *);
	enum err (*each)(struct store *, const char *, store_visit, void *);
	enum err (*probe)(struct store *);
	enum err (*lease_take)(struct store *, const char *, struct store_lease *);
	enum err (*lease_keep)(struct store *, struct store_lease *);
	void     (*lease_release)(struct store *, struct store_lease *);
	void     (*close)(struct store *);
};

struct store {
	const struct store_backend *backend;
	struct clock               *clock;	/* expiry is judged by it */
};

#endif
