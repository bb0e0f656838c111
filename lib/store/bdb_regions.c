/* SPDX-License-Identifier: MIT */
#include "store/bdb_regions.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/bdb_lib.h"

#define REGIONS_FILE  "store.regions"
#define REGIONS_MAGIC 0x6f73636772656731u	/* "oscgreg1" */
#define REGIONS_MAX   8
#define HEAD_BYTES    4096
/* Address space, not memory: far above what the sizes in bdb_env.c add up to. */
#define MAP_BYTES ((size_t)32 << 20)

/* The file's first page: where each region lies. */
struct regions_head {
	uint64_t magic;
	uint64_t end;	/* of the last region: the size of the file */
	struct {
		uint64_t offset, size;
	} at[REGIONS_MAX];
};

/* "/path/__db.003" is region 3; the library numbers them from 1. */
static int
region_number(const char *name)
{
	size_t len = strlen(name);
	const char *p;
	int n = 0;

	if (len < 3)
		return 0;
	for (p = name + len - 3; *p != '\0'; p++) {
		if (*p < '0' || *p > '9')
			return 0;
		n = n * 10 + (*p - '0');
	}
	return n <= REGIONS_MAX ? n : 0;
}

/* Open the file and map it, for all regions in it together. */
static int
map_file(struct bdb_holdings *h)
{
	const struct regions_head *head;
	struct stat st;
	int fd, rc = 0;
	void *p;

	if (h->creating && unlinkat(h->dir_fd, REGIONS_FILE, 0) != 0 && errno != ENOENT)
		return errno;
	fd = openat(h->dir_fd, REGIONS_FILE, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
	    (h->creating ? O_CREAT | O_EXCL : 0), 0600);
	if (fd < 0)
		return errno;
	if (h->creating)
		rc = posix_fallocate(fd, 0, HEAD_BYTES);
	if (rc == 0 && fstat(fd, &st) != 0)
		rc = errno;
	if (rc == 0 && (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_size < HEAD_BYTES))
		rc = EINVAL;
	if (rc == 0) {
		p = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (p == MAP_FAILED)
			rc = errno;
		else
			h->map = p;
	}
	(void)close(fd);
	if (rc != 0 || h->creating)
		return rc;
	head = (const struct regions_head *)h->map;
	if (head->magic != REGIONS_MAGIC || head->end != (uint64_t)st.st_size) {
		bdb_regions_unmap(h);
		return EINVAL;
	}
	return 0;
}

static int
add_region(struct bdb_holdings *h, int n, size_t size)
{
	struct regions_head *head = (struct regions_head *)h->map;
	uint64_t from;
	int fd, rc;

	from = head->end == 0 ? HEAD_BYTES : head->end;
	if (size > MAP_BYTES - from)
		return ENOMEM;
	size = (size + HEAD_BYTES - 1) & ~(size_t)(HEAD_BYTES - 1);
	fd = openat(h->dir_fd, REGIONS_FILE, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno;
	rc = posix_fallocate(fd, (off_t)from, (off_t)size);
	(void)close(fd);
	if (rc != 0)
		return rc;
	head->at[n - 1].offset = from;
	head->at[n - 1].size = size;
	head->end = from + size;
	head->magic = REGIONS_MAGIC;
	return 0;
}

int
bdb_regions_map(struct bdb_holdings *h, const char *name, size_t size, int *is_create, void **addr)
{
	const struct regions_head *head;
	int n, rc;

	n = region_number(name);
	if (n == 0)
		return EINVAL;
	if (h->refuse_next) {
		/*
		 * Recovery begins by joining the old regions, to tell their users that they are
		 * dead and to remove them.  They may hold anything, and are not looked at.
		 */
		h->refuse_next = false;
		return ENOENT;
	}
	if (h->map == NULL) {
		rc = map_file(h);
		if (rc != 0)
			return rc;
	}
	head = (const struct regions_head *)h->map;
	if (head->at[n - 1].size == 0) {
		if (!h->creating)
			return EINVAL;
		rc = add_region(h, n, size);
		if (rc != 0)
			return rc;
		*is_create = 1;
	} else
		*is_create = 0;
	*addr = h->map + head->at[n - 1].offset;
	return 0;
}

void
bdb_regions_unmap(struct bdb_holdings *h)
{
	if (h->map != NULL)
		(void)munmap(h->map, MAP_BYTES);
	h->map = NULL;
}
