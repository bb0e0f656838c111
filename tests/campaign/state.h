/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_TESTS_CAMPAIGN_STATE_H
#define OSCGI_TESTS_CAMPAIGN_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A store's directory as the campaigns see it from outside. */
struct state {
	int64_t recoveries, generation;
	int     dirty;
	int     log_files;
	int64_t log_bytes;
};

/* A fresh directory, under TMPDIR or /tmp. */
bool state_make(char *dir, size_t size);
/* All of it. */
void state_remove(const char *dir);
/* The gate's page and the log files.  Zero where there is none. */
struct state state_read(const char *dir);

/* A machine that starts again: the page says that it was last good in another boot. */
bool state_reboot(const char *dir);
/* A visitor who died inside, as far as the page tells. */
bool state_dirty(const char *dir);
/* Write len bytes over a file in dir, at offset (from its end when negative); it must exist. */
bool state_scribble(const char *dir, const char *file, int64_t offset, const void *bytes, size_t len);
/* The first file in dir whose name begins so; its name. */
bool state_find(const char *dir, const char *prefix, char *name, size_t size);

#endif
