/* SPDX-License-Identifier: MIT */
#include "spool.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mem.h"

struct spool *
spool_new(char *path)
{
	struct spool *spool = mem_new(sizeof(*spool));

	spool->path = path;
	spool->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	spool->failed = spool->fd == -1;
	md5_init(&spool->md5);
	sha256_init(&spool->sha256);
	return spool;
}

void
spool_append(struct spool *spool, const void *data, size_t len)
{
	const char *at = data;
	ssize_t n;

	md5_update(&spool->md5, len, data);
	sha256_update(&spool->sha256, len, data);
	spool->size += len;
	for (; len > 0 && !spool->failed; at += n, len -= (size_t)n) {
		n = write(spool->fd, at, len);
		if (n == -1) {
			spool->failed = true;
			break;
		}
	}
}

static void
hex(const uint8_t *bytes, size_t n, char *out)
{
	size_t i;

	for (i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

void
spool_finish(struct spool *spool, char md5[2 * MD5_DIGEST_SIZE + 1], char sha256[2 * SHA256_DIGEST_SIZE + 1])
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	md5_digest(&spool->md5, MD5_DIGEST_SIZE, digest);
	hex(digest, MD5_DIGEST_SIZE, md5);
	sha256_digest(&spool->sha256, SHA256_DIGEST_SIZE, digest);
	hex(digest, SHA256_DIGEST_SIZE, sha256);
}

void
spool_free(struct spool *spool)
{
	if (spool == NULL)
		return;
	if (spool->fd != -1)
		close(spool->fd);
	if (spool->path != NULL)
		unlink(spool->path);
	free(spool->path);
	free(spool);
}

void
spool_append_file(struct spool *spool, const char *path)
{
	char data[16384];
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1) {
		spool->failed = true;
		return;
	}
	while ((n = read(fd, data, sizeof(data))) > 0)
		spool_append(spool, data, (size_t)n);
	close(fd);
}

struct spool *
spool_copy(const char *path, char *copy_path)
{
	struct spool *copy = spool_new(copy_path);

	spool_append_file(copy, path);
	return copy;
}

/* "1f4;chunk-signature=..." CR LF, that many bytes, CR LF; the last has none and trailers follow. */
static bool
unchunk(FILE *in, struct spool *out)
{
	char line[1024], data[16384];
	unsigned long left;
	size_t want, n;
	char *end;

	for (;;) {
		if (fgets(line, sizeof(line), in) == NULL)
			return false;
		left = strtoul(line, &end, 16);
		if (end == line || (*end != '\r' && *end != ';'))
			return false;
		if (left == 0)
			return true;
		for (; left > 0; left -= n) {
			want = left < sizeof(data) ? left : sizeof(data);
			n = fread(data, 1, want, in);
			if (n == 0)
				return false;
			spool_append(out, data, n);
		}
		if (fgets(line, sizeof(line), in) == NULL || line[0] != '\r')
			return false;
	}
}

struct spool *
spool_unchunk(const struct spool *spool, char *path)
{
	struct spool *out = spool_new(path);
	FILE *in = fopen(spool->path, "re");
	bool ok;

	ok = in != NULL && unchunk(in, out);
	if (in != NULL)
		fclose(in);
	if (ok)
		return out;
	spool_free(out);
	return NULL;
}
