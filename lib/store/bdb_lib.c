/* SPDX-License-Identifier: MIT */
#include "store/bdb_lib.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/library.h"
#include "base/log.h"
#include "store/bdb_regions.h"

#define LIBRARY "libdb-5.3.so"

/* Before each piece of memory that the library has. */
struct bdb_block {
	struct bdb_block *next, **prev;
};
_Static_assert(sizeof(struct bdb_block) % 16 == 0, "what follows a block is aligned for any type");

/* The library's hooks are process-wide and carry no context: this is it. */
static struct bdb_holdings *holder;

static void
link_block(struct bdb_block *b)
{
	b->prev = &holder->blocks;
	b->next = holder->blocks;
	if (b->next != NULL)
		b->next->prev = &b->next;
	holder->blocks = b;
}

static void
unlink_block(struct bdb_block *b)
{
	*b->prev = b->next;
	if (b->next != NULL)
		b->next->prev = b->prev;
}

static void *
hook_malloc(size_t size)
{
	struct bdb_block *b;

	if (size > SIZE_MAX - sizeof(*b))
		return NULL;
	/* Zeroed: the library writes padding to its log that it never set, and it must not be what was here before. */
	b = calloc(1, sizeof(*b) + size);
	if (b == NULL)
		return NULL;
	link_block(b);
	return b + 1;
}

static void *
hook_realloc(void *p, size_t size)
{
	struct bdb_block *b, *grown;

	if (p == NULL)
		return hook_malloc(size);
	if (size > SIZE_MAX - sizeof(*b))
		return NULL;
	b = (struct bdb_block *)p - 1;
	unlink_block(b);
	grown = realloc(b, sizeof(*b) + size);
	link_block(grown == NULL ? b : grown);
	return grown == NULL ? NULL : grown + 1;
}

static void
hook_free(void *p)
{
	struct bdb_block *b;

	if (p == NULL)
		return;
	b = (struct bdb_block *)p - 1;
	unlink_block(b);
	free(b);
}

/*
 * In place of the library's own open, which follows symlinks, sleeps up to
 * twelve seconds when the disk is full, and takes files of anybody.
 */
static int
hook_open(const char *path, int flags, ...)
{
	struct stat st;
	mode_t mode = 0600;
	va_list ap;
	int fd;

	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = (mode_t)va_arg(ap, int) & 0600;
		va_end(ap);
	}
	if (holder->fds_used == BDB_FDS_MAX) {
		errno = EMFILE;
		return -1;
	}
	fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, mode);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
		log_event(LOG_LEVEL_ERROR, "store_file", "%s is not a file that this user alone owns and reads: "
		    "refused", path);
		(void)close(fd);
		errno = EACCES;
		return -1;
	}
	/*
	 * A new file's name first: the library has pages written as soon as it has synced the log
	 * that tells of them, and a log that is not found again tells nothing.
	 */
	if ((flags & O_CREAT) && st.st_size == 0 && fsync(holder->dir_fd) != 0) {
		(void)close(fd);
		errno = EIO;
		return -1;
	}
	holder->fds[holder->fds_used++] = fd;
	return fd;
}

static int
hook_close(int fd)
{
	int i;

	for (i = 0; i < holder->fds_used; i++)
		if (holder->fds[i] == fd) {
			holder->fds[i] = holder->fds[--holder->fds_used];
			break;
		}
	return close(fd);
}

static int
hook_region_map(DB_ENV *env, char *name, size_t size, int *is_create, void **addr)
{
	(void)env;
	return bdb_regions_map(holder, name, size, is_create, addr);
}

static int
hook_region_unmap(DB_ENV *env, void *addr)
{
	/* The regions are one map and go together, after the library is through with all of them. */
	(void)env;
	(void)addr;
	return 0;
}

#define FIND(lib, name, fn) library_find(lib, name, &(fn), sizeof(fn), "store_library")

static bool
set_hooks(void *lib)
{
	int (*set_malloc)(void *(*)(size_t));
	int (*set_realloc)(void *(*)(void *, size_t));
	int (*set_free)(void (*)(void *));
	int (*set_open)(int (*)(const char *, int, ...));
	int (*set_close)(int (*)(int));
	int (*set_region)(int (*)(DB_ENV *, char *, size_t, int *, void **), int (*)(DB_ENV *, void *));

	return FIND(lib, "db_env_set_func_malloc", set_malloc) && set_malloc(hook_malloc) == 0 &&
	    FIND(lib, "db_env_set_func_realloc", set_realloc) && set_realloc(hook_realloc) == 0 &&
	    FIND(lib, "db_env_set_func_free", set_free) && set_free(hook_free) == 0 &&
	    FIND(lib, "db_env_set_func_open", set_open) && set_open(hook_open) == 0 &&
	    FIND(lib, "db_env_set_func_close", set_close) && set_close(hook_close) == 0 &&
	    FIND(lib, "db_env_set_func_region_map", set_region) && set_region(hook_region_map, hook_region_unmap) == 0;
}

const struct bdb_lib *
bdb_lib_load(void)
{
	static struct bdb_lib functions;
	static bool loaded;
	int major = 0, minor = 0, patch = 0;
	char *(*version)(int *, int *, int *);
	void *lib;

	if (loaded)
		return &functions;
	lib = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
	if (lib == NULL) {
		log_event(LOG_LEVEL_ERROR, "store_library", "%s", dlerror());
		return NULL;
	}
	if (!FIND(lib, "db_version", version))
		goto bad;
	(void)version(&major, &minor, &patch);
	if (major != DB_VERSION_MAJOR || minor != DB_VERSION_MINOR || patch != DB_VERSION_PATCH) {
		log_event(LOG_LEVEL_ERROR, "store_library", "%s is version %d.%d.%d, compiled for %d.%d.%d", LIBRARY,
		    major, minor, patch, DB_VERSION_MAJOR, DB_VERSION_MINOR, DB_VERSION_PATCH);
		goto bad;
	}
	if (!FIND(lib, "db_env_create", functions.env_create) || !FIND(lib, "db_create", functions.create) ||
	    !FIND(lib, "db_strerror", functions.strerror) || !set_hooks(lib))
		goto bad;
	loaded = true;
	return &functions;
bad:
	(void)dlclose(lib);
	return NULL;
}

void
bdb_lib_hold(struct bdb_holdings *h)
{
	holder = h;
}

void
bdb_lib_free(void *p)
{
	hook_free(p);
}

void
bdb_holdings_drop(struct bdb_holdings *h)
{
	struct bdb_block *b;

	while ((b = h->blocks) != NULL) {
		unlink_block(b);
		free(b);
	}
	while (h->fds_used > 0)
		(void)close(h->fds[--h->fds_used]);
	bdb_regions_unmap(h);
	h->creating = h->refuse_next = false;
}
