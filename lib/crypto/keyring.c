/* SPDX-License-Identifier: MIT */
#include "crypto/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#define KEYS_MAX      16
#define KEY_ID_MAX    16
#define FILE_MAX      4096
#define SEAL_FORMAT   1
#define PATH_BYTES    4096
/* A sealed blob: format, length of the key id, key id, nonce, ciphertext with tag. */
#define HEAD_LEN(id_len) (2 + (id_len) + CRYPTO_NONCE_LEN)

struct key {
	char          id[KEY_ID_MAX + 1];
	unsigned char bytes[CRYPTO_KEY_LEN];
};

struct keyring {
	const char *path;
	struct key  keys[KEYS_MAX];
	size_t      n;	/* 0: not read yet */
};

static const char id_set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

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
	if (k == NULL)
		return;
	crypto_wipe(k, sizeof(*k));
	free(k);
}

static enum err
refuse(const struct keyring *k, const char *why)
{
	log_event(LOG_LEVEL_ERROR, "key", "KEY_FILE %s %s", k->path, why);
	return ERR_CONFIG;
}

static const struct key *
find(const struct keyring *k, const char *id, size_t len)
{
	size_t i;

	for (i = 0; i < k->n; i++)
		if (strlen(k->keys[i].id) == len && memcmp(k->keys[i].id, id, len) == 0)
			return &k->keys[i];
	return NULL;
}

static enum err
add_line(struct keyring *k, struct arena *a, const char *line, size_t len)
{
	size_t id_len = 0, text_len, key_len;
	unsigned char *bytes;
	struct key *key;

	while (id_len < len && line[id_len] != ' ')
		id_len++;
	if (id_len == 0 || id_len > KEY_ID_MAX || id_len == len || strspn(line, id_set) != id_len)
		return refuse(k, "has a line that is not: id, space, key");
	text_len = len - id_len - 1;
	bytes = crypto_b64url_decode(a, line + id_len + 1, text_len, &key_len);
	if (bytes == NULL || key_len != CRYPTO_KEY_LEN)
		return refuse(k, "has a key that is not 32 bytes in base64url");
	if (find(k, line, id_len) != NULL)
		return refuse(k, "has two keys with the same id");
	if (k->n == KEYS_MAX)
		return refuse(k, "has more than 16 keys");
	key = &k->keys[k->n++];
	memcpy(key->id, line, id_len);
	memcpy(key->bytes, bytes, CRYPTO_KEY_LEN);
	return ERR_OK;
}

static enum err
parse(struct keyring *k, char *text)
{
	struct arena a;
	enum err e = ERR_OK;
	size_t n;

	arena_init(&a, 64 * 1024);
	while (*text != '\0' && e == ERR_OK) {
		n = strcspn(text, "\n");
		if (n > 0 && *text != '#')
			e = add_line(k, &a, text, n);
		text += n;
		text += *text == '\n';
	}
	arena_free(&a);
	if (e == ERR_OK && k->n == 0)
		e = refuse(k, "holds no key");
	if (e != ERR_OK)
		k->n = 0;
	return e;
}

/* ERR_NOT_FOUND: there is none yet. */
static enum err
read_file(struct keyring *k)
{
	char text[FILE_MAX + 1];
	struct stat st;
	ssize_t n;
	enum err e;
	int fd;

	fd = open(k->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : refuse(k, errno == ELOOP ?
		    "is a symbolic link; name the file itself" : strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		e = refuse(k, "is not a file");
	else if (st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		e = refuse(k, "must belong to the user that the programs run as, and to nobody else: chmod 0600");
	else {
		n = read(fd, text, FILE_MAX);
		e = n < 0 ? refuse(k, strerror(errno)) : n == FILE_MAX ? refuse(k, "is too long") : ERR_OK;
		if (e == ERR_OK) {
			text[n] = '\0';
			e = strlen(text) == (size_t)n ? parse(k, text) : refuse(k, "is not text");
		}
		crypto_wipe(text, sizeof(text));
	}
	close(fd);
	return e;
}

/* A kilobyte at most: written whole, or the disk is full. */
static bool
write_all(int fd, const char *text)
{
	size_t len = strlen(text);

	return write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
}

/* The name that a key file has until it is whole. */
static bool
temporary_name(const char *path, char out[PATH_BYTES])
{
	unsigned char r[8];
	int n;

	crypto_random(r, sizeof(r));
	n = snprintf(out, PATH_BYTES, "%s.%02x%02x%02x%02x%02x%02x", path, r[0], r[1], r[2], r[3], r[4], r[5]);
	return n > 0 && n < PATH_BYTES;
}

static void
sync_directory(const char *path)
{
	char copy[PATH_BYTES];
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/* Written aside, then linked: of several makers one wins, and nobody ever sees half a key. */
static enum err
make_file(struct keyring *k)
{
	unsigned char key[CRYPTO_KEY_LEN], id[4];
	char aside[PATH_BYTES], line[128];
	struct arena a;
	const char *text;
	enum err e = ERR_OK;
	int fd;

	if (!temporary_name(k->path, aside))
		return refuse(k, "is too long a name");
	crypto_random(key, sizeof(key));
	crypto_random(id, sizeof(id));
	arena_init(&a, 4096);
	text = crypto_b64url(&a, key, sizeof(key));
	snprintf(line, sizeof(line), "k%02x%02x%02x%02x %s\n", id[0], id[1], id[2], id[3], text != NULL ? text : "");
	fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		e = refuse(k, strerror(errno));
	} else {
		if (!write_all(fd, line))
			e = refuse(k, "cannot be written");
		close(fd);
		if (e == ERR_OK && link(aside, k->path) != 0 && errno != EEXIST)
			e = refuse(k, strerror(errno));
		unlink(aside);
		sync_directory(k->path);
	}
	crypto_wipe(key, sizeof(key));
	crypto_wipe(line, sizeof(line));
	arena_free(&a);
	return e;
}

enum err
keyring_load(struct keyring *k)
{
	enum err e;

	if (k->n > 0)
		return ERR_OK;
	e = read_file(k);
	if (e != ERR_NOT_FOUND)
		return e;
	e = make_file(k);
	if (e != ERR_OK)
		return e;
	e = read_file(k);
	return e == ERR_NOT_FOUND ? refuse(k, "vanished as soon as it was made") : e;
}

static bool
derive(const struct key *key, const char *kind, const void *salt, size_t salt_len, unsigned char out[CRYPTO_KEY_LEN])
{
	char info[64];
	int n = snprintf(info, sizeof(info), "oscgi %s v%d", kind, SEAL_FORMAT);

	if (n < 0 || n >= (int)sizeof(info))
		return false;
	crypto_hkdf_sha256(key->bytes, CRYPTO_KEY_LEN, salt, salt_len, info, out);
	return true;
}

/* What the seal holds together: format, key, kind and name, each set off by its length. */
static char *
associated(struct arena *a, const struct key *key, const char *kind, const char *name)
{
	return arena_printf(a, "%d %zu:%s %zu:%s %zu:%s", SEAL_FORMAT, strlen(key->id), key->id, strlen(kind), kind,
	    strlen(name), name);
}

enum err
keyring_seal(struct keyring *k, const char *kind, const char *name, const void *salt, size_t salt_len,
    const void *plain, size_t len, struct arena *a, unsigned char **out, size_t *out_len)
{
	unsigned char record_key[CRYPTO_KEY_LEN], *p;
	const struct key *key;
	size_t id_len;
	char *aad;
	enum err e;

	e = keyring_load(k);
	if (e != ERR_OK)
		return e;
	key = &k->keys[0];
	id_len = strlen(key->id);
	aad = associated(a, key, kind, name);
	p = arena_alloc(a, HEAD_LEN(id_len) + len + CRYPTO_TAG_LEN);
	if (aad == NULL || p == NULL || !derive(key, kind, salt, salt_len, record_key))
		return ERR_NOMEM;
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
keyring_unseal(struct keyring *k, const char *kind, const char *name, const void *salt, size_t salt_len,
    const void *sealed, size_t len, struct arena *a, unsigned char **out, size_t *out_len, const char **why)
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
	aad = associated(a, key, kind, name);
	*out = arena_alloc(a, len - CRYPTO_TAG_LEN + 1);
	if (aad == NULL || *out == NULL || !derive(key, kind, salt, salt_len, record_key))
		return ERR_NOMEM;
	opened = crypto_open(record_key, nonce, aad, strlen(aad), nonce + CRYPTO_NONCE_LEN, len, *out);
	crypto_wipe(record_key, sizeof(record_key));
	*out_len = len - CRYPTO_TAG_LEN;
	return opened ? ERR_OK : unknown(why, "it was changed, or sealed for something else");
}

enum err
keyring_derive(struct keyring *k, const char *key_id, const char *purpose, const void *data, size_t len,
    unsigned char out[CRYPTO_HASH_LEN])
{
	unsigned char purpose_key[CRYPTO_KEY_LEN];
	const struct key *key;
	enum err e;

	e = keyring_load(k);
	if (e != ERR_OK)
		return e;
	key = *key_id == '\0' ? &k->keys[0] : find(k, key_id, strlen(key_id));
	if (key == NULL || !derive(key, purpose, "", 0, purpose_key))
		return ERR_NOT_FOUND;
	crypto_hmac_sha256(purpose_key, data, len, out);
	crypto_wipe(purpose_key, sizeof(purpose_key));
	return ERR_OK;
}

enum err
keyring_current_id(struct keyring *k, const char **id)
{
	enum err e = keyring_load(k);

	if (e == ERR_OK)
		*id = k->keys[0].id;
	return e;
}
