/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_SESSION_RECORD_H
#define OSCGI_SESSION_RECORD_H

#include "base/arena.h"
#include "base/err.h"
#include "session/session.h"

/*
 * A session as bytes: fields of tag (1 byte), length (4 bytes, little-endian) and
 * content.  A reader skips tags that it does not know, so that an older program
 * gets along with a newer one's records.  When it writes one again they are gone: a new
 * field must be such that its absence is right after that.  What the bytes mean never changes for a
 * tag; a change that an old reader must not survive changes the seal's format.
 */
WARN_UNUSED enum err record_write(const struct session *s, struct arena *a, unsigned char **out, size_t *len);
/* ERR_PROTOCOL when the bytes are no record.  Does not touch id, name and version. */
WARN_UNUSED enum err record_read(struct session *s, struct arena *a, const unsigned char *data, size_t len);

#endif
