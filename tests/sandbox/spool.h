/* SPDX-License-Identifier: MIT */
/* A request's body that goes to a file as it arrives, and what its sums are. */
#ifndef SANDBOX_SPOOL_H
#define SANDBOX_SPOOL_H

#include <nettle/md5.h>
#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spool {
	char *path;		/* who takes the file sets this to NULL */
	int fd;
	uint64_t size;
	bool failed;		/* the disk is full, or so */
	struct md5_ctx md5;
	struct sha256_ctx sha256;
};

/* path: consumed; a file is made there. */
struct spool *spool_new(char *path);
void spool_append(struct spool *spool, const void *data, size_t len);

/* Once, when all is there; in hexadecimal. */
void spool_finish(struct spool *spool, char md5[2 * MD5_DIGEST_SIZE + 1], char sha256[2 * SHA256_DIGEST_SIZE + 1]);

/* Removes the file, unless it was taken. */
void spool_free(struct spool *spool);

/* Add what is in a file. */
void spool_append_file(struct spool *spool, const char *path);

/* Another file with the same in it, at copy_path (consumed). */
struct spool *spool_copy(const char *path, char *copy_path);

/*
 * The body without the frames of "aws-chunked", as another file at path
 * (consumed).  NULL: it is not so framed.
 */
struct spool *spool_unchunk(const struct spool *spool, char *path);

#endif
