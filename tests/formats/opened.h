/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_TESTS_FORMATS_OPENED_H
#define OSCGI_TESTS_FORMATS_OPENED_H

#include <stdbool.h>

#include "formats/sample.h"

/* What a sealed record holds, and sealing it again; whose cookie or name it takes is known of the sample. */
struct opened {
	char           name[STORE_NAME_MAX + 1];
	int64_t        expires_at_s;
	unsigned char *bytes;
	size_t         len;
	struct json   *document;	/* of the bytes; NULL: they are fields of a session */
};

/* False: it is not sealed (a state that was used), or cannot be opened. */
bool opened_from(struct fixture *fx, const struct sample *s, const char *name, const struct store_record *rec,
    struct opened *out);

/* Add to it what a later version could: a field, a member, an entry.  False: out of memory. */
bool opened_add(struct fixture *fx, struct opened *o);
/* Put it back into the fixture's store. */
WARN_UNUSED enum err opened_put(struct fixture *fx, const struct sample *s, const struct opened *o);

/* The same of a state, which is sealed too.  False: it cannot be opened; there is no room. */
bool opened_from_state(struct fixture *fx, const char *state, struct opened *out);
bool opened_add_to_state(struct fixture *fx, char *state, size_t size);

/*
 * Does `now` hold all that `then` holds, so that who reads the one can read the other?
 * More is fine.  What is at random may differ.  False: *why says what is missing, or differs.
 */
bool opened_covers(const struct opened *then, const struct opened *now, const char **why);

#endif
