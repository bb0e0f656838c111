/* SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE	/* open file description locks */
#endif

#include "store/bdb_lease.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define LEASES_FILE "store.leases"

/* FNV-1a, and MurmurHash3's last step to spread it.  Two names on one byte merely exclude each other. */
static off_t
place(const char *name)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 0x100000001b3u;
	h = (h ^ h >> 33) * 0xff51afd7ed558ccdu;
	h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53u;
	h ^= h >> 33;
	return (off_t)(h >> 2);	/* below the largest offset, so that offset plus length does not overflow */
}

/* A lock on a file that was removed meanwhile excludes nobody. */
static enum err
try_lock(const char *path, const char *name, int *fd_out)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = place(name), .l_len = 1 };
	struct stat st;
	int fd;

	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0 || fstat(fd, &st) != 0) {
		log_event(LOG_LEVEL_ERROR, "store_lease", "%s: %s", path, strerror(errno));
		if (fd >= 0)
			(void)close(fd);
		return ERR_STORE;
	}
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
		log_event(LOG_LEVEL_ERROR, "store_lease", "%s is not a file that this user alone owns and reads: "
		    "refused", path);
		(void)close(fd);
		return ERR_STORE;
	}
	if (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
		int why = errno;

		(void)close(fd);
		if (why == EAGAIN || why == EACCES)
			return ERR_BUSY;
		log_event(LOG_LEVEL_ERROR, "store_lease", "%s: %s", path, strerror(why));
		return ERR_STORE;
	}
	if (fstat(fd, &st) != 0 || st.st_nlink == 0) {
		(void)close(fd);
		return ERR_NOT_FOUND;
	}
	*fd_out = fd;
	return ERR_OK;
}

enum err
bdb_lease_take(const char *dir, const char *name, int *fd_out)
{
	char path[PATH_MAX];
	int n, tries;
	enum err e;

	n = snprintf(path, sizeof(path), "%s/" LEASES_FILE, dir);
	if (n < 0 || (size_t)n >= sizeof(path)) {
		log_event(LOG_LEVEL_ERROR, "store_lease", "the path %s is too long", dir);
		return ERR_STORE;
	}
	for (tries = 0; tries < 3; tries++) {
		e = try_lock(path, name, fd_out);
		if (e != ERR_NOT_FOUND)
			return e;
	}
	log_event(LOG_LEVEL_ERROR, "store_lease", "%s is being removed by somebody", path);
	return ERR_STORE;
}
