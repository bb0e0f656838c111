/* SPDX-License-Identifier: MIT */
#include "crypto/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"

#define FILE_MAX   4096
#define PATH_BYTES 4096

static const char id_set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

static enum err
refuse(const char *path, const char *why)
{
	log_event(LOG_LEVEL_ERROR, "key", "KEY_FILE %s %s", path, why);
	return ERR_CONFIG;
}

const struct key *
key_file_find(const struct key_file *f, const char *id, size_t len)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (strlen(f->keys[i].id) == len && memcmp(f->keys[i].id, id, len) == 0)
			return &f->keys[i];
	return NULL;
}

static enum err
add_line(const char *path, struct key_file *f, struct arena *a, const char *line, size_t len)
{
	size_t id_len = 0, text_len, key_len;
	unsigned char *bytes;
	struct key *key;

	while (id_len < len && line[id_len] != ' ')
		id_len++;
	if (id_len == 0 || id_len > KEY_ID_MAX || id_len == len || strspn(line, id_set) != id_len)
		return refuse(path, "has a line that is not: id, space, key");
	text_len = len - id_len - 1;
	bytes = crypto_b64url_decode(a, line + id_len + 1, text_len, &key_len);
	if (bytes == NULL || key_len != CRYPTO_KEY_LEN)
		return refuse(path, "has a key that is not 32 bytes in base64url");
	if (key_file_find(f, line, id_len) != NULL)
		return refuse(path, "has two keys with the same id");
	if (f->n == KEY_FILE_KEYS_MAX)
		return refuse(path, "has more than 16 keys");
	key = &f->keys[f->n++];
	memcpy(key->id, line, id_len);
	key->id[id_len] = '\0';
	memcpy(key->bytes, bytes, CRYPTO_KEY_LEN);
	return ERR_OK;
}

static enum err
parse(const char *path, struct key_file *f, char *text)
{
	struct arena a;
	enum err e = ERR_OK;
	size_t n;

	arena_init(&a, 64 * 1024);
	while (*text != '\0' && e == ERR_OK) {
		n = strcspn(text, "\n");
		if (n > 0 && *text != '#')
			e = add_line(path, f, &a, text, n);
		text += n;
		text += *text == '\n';
	}
	arena_free(&a);
	if (e == ERR_OK && f->n == 0)
		e = refuse(path, "holds no key");
	if (e != ERR_OK)
		f->n = 0;
	return e;
}

static bool
is_private(const struct stat *st)
{
	return st->st_uid == geteuid() && (st->st_mode & 077) == 0;
}

bool
key_file_is_private(const char *path)
{
	struct stat st;

	return lstat(path, &st) != 0 || is_private(&st);
}

enum err
key_file_read(const char *path, struct key_file *out)
{
	char text[FILE_MAX + 1];
	struct stat st;
	ssize_t n;
	enum err e;
	int fd;

	out->n = 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : refuse(path, errno == ELOOP ?
		    "is a symbolic link; name the file itself" : strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		e = refuse(path, "is not a file");
	else if (!is_private(&st))
		e = refuse(path, "must belong to the user that the programs run as, and to nobody else: chmod 0600");
	else {
		n = read(fd, text, FILE_MAX);
		e = n < 0 ? refuse(path, strerror(errno)) : n == FILE_MAX ? refuse(path, "is too long") : ERR_OK;
		if (e == ERR_OK) {
			text[n] = '\0';
			e = strlen(text) == (size_t)n ? parse(path, out, text) : refuse(path, "is not text");
		}
		crypto_wipe(text, sizeof(text));
		out->device = st.st_dev;
		out->inode = st.st_ino;
		out->changed = st.st_mtim;
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
	unsigned char r[6];
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

/* A fresh key of a fresh id. */
static void
new_key(struct key *key)
{
	unsigned char id[4];

	crypto_random(key->bytes, sizeof(key->bytes));
	crypto_random(id, sizeof(id));
	snprintf(key->id, sizeof(key->id), "k%02x%02x%02x%02x", id[0], id[1], id[2], id[3]);
}

/* The file's text, in the arena; NULL: out of memory. */
static const char *
text_of(const struct key_file *f, struct arena *a)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < f->n && text != NULL; i++) {
		const char *bytes = crypto_b64url(a, f->keys[i].bytes, CRYPTO_KEY_LEN);

		text = arena_concat(a, text, f->keys[i].id, " ", bytes, "\n");
	}
	return text;
}

/* Write it aside; `aside` receives the name. */
static enum err
write_aside(const char *path, const struct key_file *f, char aside[PATH_BYTES])
{
	struct arena a;
	const char *text;
	enum err e = ERR_OK;
	int fd;

	if (!temporary_name(path, aside))
		return refuse(path, "is too long a name");
	fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return refuse(path, strerror(errno));
	arena_init(&a, 64 * 1024);
	text = text_of(f, &a);
	if (text == NULL || !write_all(fd, text))
		e = refuse(path, "cannot be written");
	close(fd);
	arena_free(&a);
	if (e != ERR_OK)
		unlink(aside);
	return e;
}

/* Written aside, then linked: of several makers one wins, and nobody ever sees half a key. */
enum err
key_file_make(const char *path)
{
	struct key_file f = { .n = 1 };
	char aside[PATH_BYTES];
	enum err e;

	new_key(&f.keys[0]);
	e = write_aside(path, &f, aside);
	if (e == ERR_OK) {
		if (link(aside, path) != 0 && errno != EEXIST)
			e = refuse(path, strerror(errno));
		unlink(aside);
		sync_directory(path);
	}
	crypto_wipe(&f, sizeof(f));
	return e;
}

/* Put it in the place of what is there, as a whole. */
static enum err
replace(const char *path, const struct key_file *f)
{
	char aside[PATH_BYTES];
	enum err e;

	e = write_aside(path, f, aside);
	if (e == ERR_OK && rename(aside, path) != 0) {
		e = refuse(path, strerror(errno));
		unlink(aside);
	}
	if (e == ERR_OK)
		sync_directory(path);
	return e;
}

bool
key_file_changed(const char *path, const struct key_file *was)
{
	struct stat st;

	return lstat(path, &st) == 0 && (st.st_ino != was->inode || st.st_dev != was->device ||
	    st.st_mtim.tv_sec != was->changed.tv_sec || st.st_mtim.tv_nsec != was->changed.tv_nsec);
}

/* Put a key in at that place. */
static void
insert(struct key_file *f, size_t at, const struct key *key)
{
	memmove(&f->keys[at + 1], &f->keys[at], (f->n - at) * sizeof(f->keys[0]));
	f->keys[at] = *key;
	f->n++;
}

static void
take_out(struct key_file *f, size_t at)
{
	f->n--;
	memmove(&f->keys[at], &f->keys[at + 1], (f->n - at) * sizeof(f->keys[0]));
}

static enum err
change(struct key_file *f, enum key_change what, const char *id, char id_out[KEY_ID_MAX + 1])
{
	const struct key *there;
	struct key key;

	if (what == KEY_ROTATE || what == KEY_PREPARE) {
		if (f->n == KEY_FILE_KEYS_MAX)
			return ERR_CONFLICT;
		new_key(&key);
		insert(f, what == KEY_ROTATE ? 0 : f->n, &key);
	} else {
		there = key_file_find(f, id, strlen(id));
		if (there == NULL)
			return ERR_NOT_FOUND;
		if (what == KEY_DROP && there == &f->keys[0])
			return ERR_CONFLICT;
		key = *there;
		take_out(f, (size_t)(there - f->keys));
		if (what == KEY_USE)
			insert(f, 0, &key);
	}
	memcpy(id_out, key.id, sizeof(key.id));
	crypto_wipe(&key, sizeof(key));
	return ERR_OK;
}

/* Open and lock the file of that name, so that of several changes none is lost.  -1: logged. */
static int
lock(const char *path)
{
	struct stat st, now;
	int fd;

	for (;;) {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		if (fd < 0 || flock(fd, LOCK_EX) != 0 || fstat(fd, &st) != 0) {
			(void)refuse(path, strerror(errno));
			break;
		}
		if (lstat(path, &now) == 0 && now.st_ino == st.st_ino && now.st_dev == st.st_dev)
			return fd;
		close(fd);	/* replaced while we waited */
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

enum err
key_file_change(const char *path, enum key_change what, const char *id, char id_out[KEY_ID_MAX + 1])
{
	struct key_file f;
	enum err e;
	int fd;

	fd = lock(path);
	if (fd < 0)
		return ERR_CONFIG;
	e = key_file_read(path, &f);
	if (e == ERR_OK)
		e = change(&f, what, id, id_out);
	if (e == ERR_OK)
		e = replace(path, &f);
	close(fd);
	crypto_wipe(&f, sizeof(f));
	return e;
}

enum err
key_file_copy(const char *from, const char *to)
{
	struct key_file f;
	enum err e;

	e = key_file_read(from, &f);
	if (e == ERR_OK)
		e = replace(to, &f);
	crypto_wipe(&f, sizeof(f));
	return e;
}
