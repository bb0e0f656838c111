/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_CONFIG_FILE_H
#define OSCGI_CONFIG_FILE_H

#include <stdbool.h>

#include "base/arena.h"

/* The settings file: lines of NAME = value, # and ; begin comments; sections mean nothing. */

/* What is in it goes here, line by line; strings are borrowed for the call. */
struct file_sink {
	void *ctx;
	/* continued: an indented line, which goes on with the setting before it */
	void (*setting)(void *ctx, const char *name, const char *value, bool continued);
	void (*fault)(void *ctx, const char *name, const char *wrong);
};

/* must_exist false: none at that path is fine. */
void file_read(const char *path, bool must_exist, struct arena *a, const struct file_sink *sink);

#endif
