/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "crypto/key_file.h"
#include "store/backends.h"
#include "store/bulk.h"

#define BACKUP_WAIT_MS 10000

static const char usage[] =
    "Usage: oscgi backup [--with-key] DIR\n"
    "\n"
    "Write all that is alive in the store into DIR, while the programs go on.  DIR must\n"
    "not exist, or be empty.  It becomes a STATE_DIR: to restore, stop the programs, put\n"
    "it in the place of STATE_DIR, with the key, and start them.\n"
    "\n"
    "  --with-key  KEY_FILE too, as DIR/key.  With it whoever reads DIR can open what\n"
    "              belongs to nobody's browser; without it nobody can use DIR, nor can\n"
    "              you: keep the key elsewhere.\n";

static enum err
fail(const char *what, const char *path)
{
	fprintf(stderr, "oscgi backup: %s %s: %s\n", what, path, strerror(errno));
	return ERR_BAD_REQUEST;
}

/* All that lives, into a store of its own. */
static enum err
fill(struct app *app, const char *dir, bool with_key, long *n)
{
	const struct store_setup setup = { .where = "bdb", .dir = dir, .clock = app->clock, .wait_ms = BACKUP_WAIT_MS };
	const char *key = arena_concat(&app->memory, dir, "/key");
	struct store *backup;
	enum err e;

	if (key == NULL)
		return ERR_NOMEM;
	e = store_open(&setup, &backup);
	if (e != ERR_OK)
		return e;
	e = store_copy(app->store, backup, n);
	store_close(backup);
	return e == ERR_OK && with_key ? key_file_copy(app->config.key_file, key) : e;
}

/* Under another name until it is whole: what has the name can be relied on. */
static enum err
back_up(struct app *app, const char *dir, bool with_key)
{
	const char *unfinished = arena_concat(&app->memory, dir, ".unfinished");
	long n = 0;
	enum err e;

	if (unfinished == NULL)
		return ERR_NOMEM;
	if (rmdir(dir) != 0 && errno != ENOENT)
		return fail(errno == ENOTEMPTY || errno == EEXIST ? "will not write over" : "cannot write", dir);
	if (mkdir(unfinished, 0700) != 0)
		return fail(errno == EEXIST ? "is another one at work?  Otherwise remove" : "cannot make", unfinished);
	e = fill(app, unfinished, with_key, &n);
	if (e == ERR_OK && rename(unfinished, dir) != 0)
		e = fail("cannot finish", dir);
	if (e == ERR_OK)
		printf("%ld record%s in %s, %s\n", n, n == 1 ? "" : "s", dir,
		    with_key ? "with the key" : "without the key: keep that elsewhere");
	else
		fprintf(stderr, "oscgi backup: %s is not finished: remove it\n", unfinished);
	return e;
}

struct asked {
	const char *dir;
	bool        with_key;
};

static enum err
act(struct app *app, void *ctx)
{
	const struct asked *asked = ctx;
	enum err e = command_state(app);

	return e == ERR_OK ? back_up(app, asked->dir, asked->with_key) : e;
}

/* backup - all records and, when asked, the key, in a directory */
int
cmd_backup(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' }, { "with-key", no_argument, NULL, 'k' }, { NULL, 0, NULL, 0 }
	};
	static const struct command_line line = { usage, options, 1, "into which directory?" };
	struct asked asked = { .with_key = false };
	int c, status;

	while ((c = command_option(argc, argv, &line, &status)) > 0)
		asked.with_key = true;
	if (c < 0)
		return status;
	asked.dir = argv[optind];
	return command_run(argv[0], act, &asked);
}
