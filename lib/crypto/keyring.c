/* SPDX-License-Identifier: MIT */
#include "crypto/keyring.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "crypto/key_file.h"

#define SEAL_FORMAT   1
/* A sealed blob: format, length of the key id, key id, nonce, ciphertext with tag. */
#define HEAD_LEN(id_len) (2 + (id_len) + CRYPTO_NONCE_LEN)

/* The key file as it was read once.  Older readings stay: ids of theirs have been lent. */
struct reading {
	struct key_file file;
	struct reading *older;
};

struct keyring {
	const char     *path;
	struct reading *now;	/* NULL: not read yet */
};

enum err
keyring_open(const char *path, struct keyring **out)
{
	struct keyring *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return ERR_NOMEM;
	k->path = path;
	*out = k;
	return ERR_OK;
}

void
keyring_close(struct keyring *k)
{
	struct reading *r;

	if (k == NULL)
		return;
	while ((r = k->now) != NULL) {
		k->now = r->older;
		crypto_wipe(r, sizeof(*r));
		free(r);
	}
	free(k);
}

/* Read the file, which becomes what is known; a failure leaves what was known before. */
static enum err
read_again(struct keyring *k)
{
	struct reading *r = calloc(1, sizeof(*r));
	enum err e;

	if (r == NULL)
		return ERR_NOMEM;
	e = key_file_read(k->path, &r->file);
	if (e != ERR_OK) {
		crypto_wipe(r, sizeof(*r));
		free(r);
		return e;
	}
	r->older = k->now;
	k->now = r;
	return ERR_OK;
}

enum err
keyring_load(struct keyring *k)
{
	enum err e;

	if (k->now != NULL)
		return ERR_OK;
	e = read_again(k);
	if (e != ERR_NOT_FOUND)
		return e;
	e = key_file_make(k->path);
	if (e != ERR_OK)
		return e;
	e = read_again(k);
	if (e != ERR_NOT_FOUND)
		return e;
	log_event(LOG_LEVEL_ERROR, "key", "KEY_FILE %s vanished as soon as it was made", k->path);
	return ERR_CONFIG;
}

/* The file may have been changed since this process read it: then its first key seals. */
static enum err
load_newest(struct keyring *k)
{
	enum err e = keyring_load(k);

	if (e == ERR_OK && key_file_changed(k->path, &k->now->file))
		(void)read_again(k);	/* logged; what was known goes on being used */
	return e;
}

/* A key that is not known may have been added since. */
static const struct key *
find(struct keyring *k, const char *id, size_t len)
{
	const struct key *key = key_file_find(&k->now->file, id, len);

	if (key != NULL || !key_file_changed(k->path, &k->now->file) || read_again(k) != ERR_OK)
		return key;
	return key_file_find(&k->now->file, id, len);
}

static void
derive(const struct key *key, const char *kind, const char *salt, unsigned char out[CRYPTO_KEY_LEN])
{
	char info[64];
	int n = snprintf(info, sizeof(info), "oscgi %s v%d", kind, SEAL_FORMAT);

	assert(n > 0 && n < (int)sizeof(info));	/* kinds are words of ours */
	crypto_hkdf_sha256(key->bytes, CRYPTO_KEY_LEN, salt, strlen(salt), info, out);
}

/* What the seal holds together: format, key, kind and name, each set off by its length. */
static char *
associated(struct arena *a, const struct key *key, const struct seal *seal)
{
	char format[TEXT_INT_MAX], id_len[TEXT_INT_MAX], kind_len[TEXT_INT_MAX], name_len[TEXT_INT_MAX];

	return arena_concat(a, text_of_int(SEAL_FORMAT, format),
	    " ", text_of_int((int64_t)strlen(key->id), id_len), ":", key->id,
	    " ", text_of_int((int64_t)strlen(seal->kind), kind_len), ":", seal->kind,
	    " ", text_of_int((int64_t)strlen(seal->name), name_len), ":", seal->name);
}

enum err
keyring_seal(struct keyring *k, const struct seal *seal, const void *plain, size_t len, struct arena *a,
    unsigned char **out, size_t *out_len)
{
	unsigned char record_key[CRYPTO_KEY_LEN], *p;
	const struct key *key;
	size_t id_len;
	char *aad;
	enum err e;

	e = load_newest(k);
	if (e != ERR_OK)
		return e;
	key = &k->now->file.keys[0];
	id_len = strlen(key->id);
	aad = associated(a, key, seal);
	p = arena_alloc(a, HEAD_LEN(id_len) + len + CRYPTO_TAG_LEN);
	if (aad == NULL || p == NULL)
		return ERR_NOMEM;
	derive(key, seal->kind, seal->salt, record_key);
	*out = p;
	*out_len = HEAD_LEN(id_len) + len + CRYPTO_TAG_LEN;
	*p++ = SEAL_FORMAT;
	*p++ = (unsigned char)id_len;
	memcpy(p, key->id, id_len);
	p += id_len;
	crypto_random(p, CRYPTO_NONCE_LEN);
	crypto_seal(record_key, p, aad, strlen(aad), plain, len, p + CRYPTO_NONCE_LEN);
	crypto_wipe(record_key, sizeof(record_key));
	return ERR_OK;
}

static enum err
unknown(const char **why, const char *text)
{
	if (why != NULL)
		*why = text;
	return ERR_NOT_FOUND;
}

enum err
keyring_unseal(struct keyring *k, const struct seal *seal, const void *sealed, size_t len, struct arena *a,
    unsigned char **out, size_t *out_len, const char **why)
{
	unsigned char record_key[CRYPTO_KEY_LEN];
	const unsigned char *p = sealed, *nonce;
	const struct key *key;
	size_t id_len;
	bool opened;
	char *aad;
	enum err e;

	e = keyring_load(k);
	if (e != ERR_OK)
		return e;
	if (len < 2)
		return unknown(why, "it is too short");
	if (p[0] != SEAL_FORMAT)
		return unknown(why, "its format is not known to this version");
	id_len = p[1];
	if (len < HEAD_LEN(id_len) + CRYPTO_TAG_LEN)
		return unknown(why, "it is too short");
	key = find(k, (const char *)p + 2, id_len);
	if (key == NULL)
		return unknown(why, "it was sealed with a key that KEY_FILE does not hold");
	nonce = p + 2 + id_len;
	len -= HEAD_LEN(id_len);
	aad = associated(a, key, seal);
	*out = arena_alloc(a, len - CRYPTO_TAG_LEN + 1);
	if (aad == NULL || *out == NULL)
		return ERR_NOMEM;
	derive(key, seal->kind, seal->salt, record_key);
	opened = crypto_open(record_key, nonce, aad, strlen(aad), nonce + CRYPTO_NONCE_LEN, len, *out);
	crypto_wipe(record_key, sizeof(record_key));
	*out_len = len - CRYPTO_TAG_LEN;
	return opened ? ERR_OK : unknown(why, "it was changed, or sealed for something else");
}

bool
keyring_sealed_by(const void *sealed, size_t len, char id[KEY_ID_MAX + 1])
{
	const unsigned char *p = sealed;

	if (len < 2 || p[0] != SEAL_FORMAT || p[1] > KEY_ID_MAX || len < HEAD_LEN((size_t)p[1]) + CRYPTO_TAG_LEN)
		return false;
	memcpy(id, p + 2, p[1]);
	id[p[1]] = '\0';
	return true;
}

enum err
keyring_derive(struct keyring *k, const char *key_id, const char *purpose, const void *data, size_t len,
    unsigned char out[CRYPTO_HASH_LEN])
{
	unsigned char purpose_key[CRYPTO_KEY_LEN];
	const struct key *key;
	enum err e;

	e = *key_id == '\0' ? load_newest(k) : keyring_load(k);
	if (e != ERR_OK)
		return e;
	key = *key_id == '\0' ? &k->now->file.keys[0] : find(k, key_id, strlen(key_id));
	if (key == NULL)
		return ERR_NOT_FOUND;
	derive(key, purpose, "", purpose_key);
	crypto_hmac_sha256(purpose_key, data, len, out);
	crypto_wipe(purpose_key, sizeof(purpose_key));
	return ERR_OK;
}

enum err
keyring_current_id(struct keyring *k, const char **id)
{
	enum err e = load_newest(k);

	if (e == ERR_OK)
		*id = k->now->file.keys[0].id;
	return e;
}
