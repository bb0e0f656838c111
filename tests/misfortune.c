/* SPDX-License-Identifier: MIT */
/*
 * misfortune.so - what a test cannot bring about for real: loaded with LD_PRELOAD, it
 * changes what a few calls of the system say.
 *
 *	MISFORTUNE_CLOCK=SECONDS	the time of day is so far ahead
 *	MISFORTUNE_NFS=1		every directory is on NFS
 *	MISFORTUNE_FULL=1		every disk is full
 *	MISFORTUNE_LIBRARY=NAME		libraries that begin so are not installed
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE	/* RTLD_NEXT */
#endif

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <time.h>

#define NFS_MAGIC 0x6969

static void
find(const char *name, void *fn, size_t size)
{
	void *p = dlsym(RTLD_NEXT, name);

	memcpy(fn, &p, size);
}

int
clock_gettime(clockid_t id, struct timespec *out)
{
	static int (*real)(clockid_t, struct timespec *);
	const char *ahead = getenv("MISFORTUNE_CLOCK");
	int rc;

	if (real == NULL)
		find("clock_gettime", &real, sizeof(real));
	rc = real(id, out);
	if (rc == 0 && id == CLOCK_REALTIME && ahead != NULL)
		out->tv_sec += atol(ahead);
	return rc;
}

void *
dlopen(const char *name, int flags)
{
	static void *(*real)(const char *, int);
	const char *missing = getenv("MISFORTUNE_LIBRARY");

	if (real == NULL)
		find("dlopen", &real, sizeof(real));
	if (missing != NULL && name != NULL && strncmp(name, missing, strlen(missing)) == 0)
		name = "libnot-installed.so";	/* so that dlerror has words */
	return real(name, flags);
}

int
fstatfs(int fd, struct statfs *out)
{
	static int (*real)(int, struct statfs *);
	int rc;

	if (real == NULL)
		find("fstatfs", &real, sizeof(real));
	rc = real(fd, out);
	if (rc == 0 && getenv("MISFORTUNE_NFS") != NULL)
		out->f_type = NFS_MAGIC;
	return rc;
}

int
fstatvfs(int fd, struct statvfs *out)
{
	static int (*real)(int, struct statvfs *);
	int rc;

	if (real == NULL)
		find("fstatvfs", &real, sizeof(real));
	rc = real(fd, out);
	if (rc == 0 && getenv("MISFORTUNE_FULL") != NULL)
		out->f_bavail = 1;
	return rc;
}
