/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_CRYPTO_KEY_FILE_H
#define OSCGI_CRYPTO_KEY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "base/err.h"
#include "crypto/crypto.h"

/*
 * The key file: lines of `id base64url(32 bytes)`; the first seals, all open.
 * Always replaced as a whole, so nobody ever reads half of one.
 */
#define KEY_FILE_KEYS_MAX 16
#define KEY_ID_MAX        16

struct key {
	char          id[KEY_ID_MAX + 1];
	unsigned char bytes[CRYPTO_KEY_LEN];
};

struct key_file {
	struct key      keys[KEY_FILE_KEYS_MAX];
	size_t          n;
	dev_t           device;	/* of the file that was read */
	ino_t           inode;
	struct timespec changed;
};

/* ERR_NOT_FOUND: there is none.  ERR_CONFIG: logged what is wrong with it.  Whoever has it wipes it. */
WARN_UNUSED enum err key_file_read(const char *path, struct key_file *out);

/* Is it ours, and nobody else's to read?  Not there at all counts as that: it is made when it is needed. */
bool key_file_is_private(const char *path);

/* Make one with a fresh key, mode 0600; of several makers one wins, which is fine.  ERR_CONFIG, logged. */
WARN_UNUSED enum err key_file_make(const char *path);

/* Put the keys of one file into another one, which is made or replaced, mode 0600.  ERR_NOT_FOUND, ERR_CONFIG (logged). */
WARN_UNUSED enum err key_file_copy(const char *from, const char *to);

/* Is another file there than the one read?  Not there at all counts as unchanged: it is being looked after. */
bool key_file_changed(const char *path, const struct key_file *was);

/* NULL: no key of that id. */
const struct key *key_file_find(const struct key_file *f, const char *id, size_t len);

enum key_change {
	KEY_ROTATE,	/* a new key, first: it seals from now on */
	KEY_PREPARE,	/* a new key, last: it only opens */
	KEY_USE,	/* `id` goes first */
	KEY_DROP	/* `id` goes: what it sealed cannot be opened any more */
};

/*
 * Change the file; several at once wait for each other.  id: of KEY_USE and KEY_DROP.
 * id_out receives the id of the new or moved key.  ERR_NOT_FOUND: no key `id`.
 * ERR_CONFLICT: no room for another key, or the key that seals may not be dropped.  ERR_CONFIG: logged.
 */
WARN_UNUSED enum err key_file_change(const char *path, enum key_change what, const char *id, char id_out[KEY_ID_MAX + 1]);

#endif
