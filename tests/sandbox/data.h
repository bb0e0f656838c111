/* SPDX-License-Identifier: MIT */
/* The scratch directory for what does not fit in memory: bodies, objects, videos. */
#ifndef SANDBOX_DATA_H
#define SANDBOX_DATA_H

#include <stdbool.h>

struct data {
	char *directory;
	unsigned long last;
};

/* A new directory below parent; NULL: below the system's own for such things.  False: cannot be made. */
bool data_init(struct data *data, const char *parent);

/* Remove it with all that is in it. */
void data_close(struct data *data);

/* A path that nothing has used, to be freed; may be called by any thread. */
char *data_path(struct data *data, const char *suffix);

/* Likewise, of a directory that is made. */
char *data_directory(struct data *data);

/* Remove a file or a directory with all that is in it.  NULL: nothing. */
void data_remove(const char *path);

#endif
