/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_BULK_H
#define OSCGI_STORE_BULK_H

#include "store/store.h"

/*
 * Many records at once, by the verbs of the contract, while others read and write: what
 * was there before and stays is dealt with, what comes or goes meanwhile may be or not.
 * Durable when they have answered.  Errors are those of the verbs.
 */

/* How many records have names that begin with `prefix`, counted no further than `most`. */
WARN_UNUSED enum err store_count(struct store *s, const char *prefix, long most, long *n);

/* Of a name: is it meant? */
typedef enum err (*store_choice)(void *ctx, const char *name, bool *chosen);

/* Remove every record whose name begins with `prefix` and that is chosen (choose NULL: all).  *removed counts. */
WARN_UNUSED enum err store_remove_all(struct store *s, const char *prefix, store_choice choose, void *ctx,
    long *removed);

/* Put every living record of `from` into `to`, as it is.  *copied counts. */
WARN_UNUSED enum err store_copy(struct store *from, struct store *to, long *copied);

/* Remove from `copy` what `from` does not have.  *removed counts. */
WARN_UNUSED enum err store_prune(struct store *from, struct store *copy, long *removed);

/* Are the two the same records?  Writes one to a, and looks for it in b. */
WARN_UNUSED enum err store_are_one(struct store *a, struct store *b, bool *one);

#endif
