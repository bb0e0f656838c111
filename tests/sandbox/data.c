/* SPDX-License-Identifier: MIT */
#include "data.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "mem.h"

bool
data_init(struct data *data, const char *parent)
{
	if (parent == NULL)
		parent = getenv("TMPDIR");
	data->last = 0;
	data->directory = mem_printf("%s/sandbox.XXXXXX", parent == NULL ? "/tmp" : parent);
	return mkdtemp(data->directory) != NULL;
}

static int
remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status, (void)type, (void)walk;
	return remove(path);
}

void
data_remove(const char *path)
{
	if (path != NULL)
		nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void
data_close(struct data *data)
{
	data_remove(data->directory);
	free(data->directory);
}

char *
data_path(struct data *data, const char *suffix)
{
	return mem_printf("%s/%lu%s", data->directory, __atomic_add_fetch(&data->last, 1, __ATOMIC_RELAXED), suffix);
}

char *
data_directory(struct data *data)
{
	char *path = data_path(data, "");

	mkdir(path, 0700);
	return path;
}
