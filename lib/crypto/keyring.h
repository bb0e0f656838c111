/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_CRYPTO_KEYRING_H
#define OSCGI_CRYPTO_KEYRING_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "crypto/crypto.h"
#include "crypto/key_file.h"

/*
 * The key file and what is sealed with it.
 *
 * Read (and made, where there is none) when a key is first needed; read again
 * when it was changed and something is to be sealed, or opened with a key not yet
 * known: so a process that lives long takes part when keys are rotated.
 * A file that others can read or own is refused.
 */
struct keyring;

/* Reads nothing yet. path borrowed. */
WARN_UNUSED enum err keyring_open(const char *path, struct keyring **out);
/* Wipes.  NULL is fine. */
void keyring_close(struct keyring *k);

/* Make sure that the file is there and good.  ERR_CONFIG (logged: what is wrong with it, what to do). */
WARN_UNUSED enum err keyring_load(struct keyring *k);

/*
 * What a sealed blob is: only who says the same opens it.  The salt of what belongs to
 * a browser is its cookie, so that neither the disk nor the key file alone opens it.
 */
struct seal {
	const char *kind;	/* "session" */
	const char *name;	/* of the one; "" = it has none */
	const char *salt;	/* "" = none */
};

/*
 * Seal `plain` as a blob that says its format and key id:
 *   key = HKDF-SHA256(file key, salt, "oscgi " kind " v1"), AES-256-GCM, random nonce,
 *   associated data = format byte, key id, kind, name.
 * *out in `a`.  ERR_CONFIG, ERR_NOMEM.
 */
WARN_UNUSED enum err keyring_seal(struct keyring *k, const struct seal *seal, const void *plain, size_t len,
    struct arena *a, unsigned char **out, size_t *out_len);

/*
 * ERR_NOT_FOUND: sealed by a key, for a name or in a format that is not known here, or changed; the caller
 * treats it as absent.  `*why`, where not NULL, says which, for a log line.
 */
WARN_UNUSED enum err keyring_unseal(struct keyring *k, const struct seal *seal, const void *sealed, size_t len,
    struct arena *a, unsigned char **out, size_t *out_len, const char **why);

/* Of what keyring_seal made: the id of the key that sealed it.  False: it is none of that. */
bool keyring_sealed_by(const void *sealed, size_t len, char id[KEY_ID_MAX + 1]);

/* HMAC-SHA256 under a key derived for `purpose`; key_id selects the key ("" = the sealing one).  ERR_NOT_FOUND: unknown id. */
WARN_UNUSED enum err keyring_derive(struct keyring *k, const char *key_id, const char *purpose, const void *data,
    size_t len, unsigned char out[CRYPTO_HASH_LEN]);
/* Id of the key that seals now; borrowed until the keyring closes. */
WARN_UNUSED enum err keyring_current_id(struct keyring *k, const char **id);

#endif
