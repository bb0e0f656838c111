/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_APP_H
#define OSCGI_APP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "config/config.h"
#include "store/backends.h"

struct http;
struct keyring;
struct metrics;

/*
 * What lives as long as the process: opened once, passed down, never global.
 * Everything in it is cheap to open; what costs (database, libcurl) is loaded at
 * first use.
 */
struct app {
	struct config   config;
	struct arena    memory;	/* of the settings */
	struct clock   *clock;
	struct store   *store;
	struct http    *http;
	struct keyring *keys;	/* reads its file at first use */
	struct metrics *metrics;	/* NULL: nobody may read them, so nothing is counted */
	bool            state_checked, key_checked;
	char            refreshed[44];	/* the session that the program `refresh` renewed last, by its name; "" none */
	const char     *state_fault;	/* why app_state failed, for visitors: no paths; NULL = it did not */
};

/*
 * env: NAME=value strings, the process environment.
 * ERR_CONFIG with sentences in `faults`, ERR_NOMEM.  What was opened is closed again then.
 */
WARN_UNUSED enum err app_open(struct app *app, char *const *env, struct buf *faults);
void app_close(struct app *app);

/* Where sessions are, as configured; borrows from the app. */
struct store_setup app_store_setup(const struct app *app);

/*
 * Make STATE_DIR, or check that it is a directory of ours that nobody else can
 * read.  Once it was found good it is not looked at again.  ERR_STORE, logged.
 */
WARN_UNUSED enum err app_state_dir(struct app *app);

/* The same, and that nobody else can read the key, which may not be there yet. */
WARN_UNUSED enum err app_state(struct app *app);

#endif
