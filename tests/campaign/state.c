/* SPDX-License-Identifier: MIT */
#include "campaign/state.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/bdb_gate.h"

bool
state_make(char *dir, size_t size)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, size, "%s/oscgi-campaign.XXXXXX", tmp == NULL ? "/tmp" : tmp);
	return mkdtemp(dir) != NULL;
}

void
state_remove(const char *dir)
{
	struct dirent *d;
	DIR *list;

	list = opendir(dir);
	if (list == NULL)
		return;
	while ((d = readdir(list)) != NULL)
		(void)unlinkat(dirfd(list), d->d_name, 0);
	(void)closedir(list);
	(void)rmdir(dir);
}

static struct gate_page *
page_open(const char *dir)
{
	char path[300];
	struct stat st;
	void *p;
	int fd;

	snprintf(path, sizeof(path), "%s/store.gate", dir);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0 || (size_t)st.st_size < sizeof(struct gate_page)) {
		if (fd >= 0)
			(void)close(fd);
		return NULL;
	}
	p = mmap(NULL, sizeof(struct gate_page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	(void)close(fd);
	return p == MAP_FAILED ? NULL : p;
}

struct state
state_read(const char *dir)
{
	struct state out = { 0 };
	struct gate_page *p;
	struct dirent *d;
	struct stat st;
	DIR *list;

	p = page_open(dir);
	if (p != NULL) {
		out.recoveries = (int64_t)atomic_load(&p->recoveries);
		out.generation = (int64_t)atomic_load(&p->generation);
		out.dirty = (int)atomic_load(&p->dirty);
		(void)munmap(p, sizeof(*p));
	}
	list = opendir(dir);
	while (list != NULL && (d = readdir(list)) != NULL)
		if (strncmp(d->d_name, "log.", 4) == 0 && fstatat(dirfd(list), d->d_name, &st, 0) == 0) {
			out.log_files++;
			out.log_bytes += st.st_size;
		}
	if (list != NULL)
		(void)closedir(list);
	return out;
}

bool
state_reboot(const char *dir)
{
	struct gate_page *p;

	p = page_open(dir);
	if (p == NULL)
		return false;
	memset(p->boot_id, 'x', sizeof(p->boot_id) - 1);
	(void)munmap(p, sizeof(*p));
	return true;
}

bool
state_dirty(const char *dir)
{
	struct gate_page *p;

	p = page_open(dir);
	if (p == NULL)
		return false;
	/* As a writer leaves it that dies inside. */
	atomic_store(&p->dirty, 1);
	atomic_fetch_add(&p->writes, 1);
	(void)munmap(p, sizeof(*p));
	return true;
}

bool
state_scribble(const char *dir, const char *file, int64_t offset, const void *bytes, size_t len)
{
	char path[600];
	struct stat st;
	bool written;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	written = fstat(fd, &st) == 0 &&
	    pwrite(fd, bytes, len, (off_t)(offset < 0 ? st.st_size + offset : offset)) == (ssize_t)len;
	(void)close(fd);
	return written;
}

bool
state_find(const char *dir, const char *prefix, char *name, size_t size)
{
	bool found = false;
	struct dirent *d;
	DIR *list;

	list = opendir(dir);
	while (list != NULL && !found && (d = readdir(list)) != NULL)
		if (strncmp(d->d_name, prefix, strlen(prefix)) == 0) {
			snprintf(name, size, "%s", d->d_name);
			found = true;
		}
	if (list != NULL)
		(void)closedir(list);
	return found;
}
