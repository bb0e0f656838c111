/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "crypto/key_file.h"
#include "crypto/keyring.h"
#include "store/store.h"

static const char usage[] =
    "Usage: oscgi rotate-key [--prepare | --use ID]\n"
    "\n"
    "Put a new key into KEY_FILE: it seals from now on.  The old ones go on opening what\n"
    "they sealed, so nobody is signed out; one that the last but one rotation or an\n"
    "earlier one replaced goes when no record is left that it sealed.  Programs that run\n"
    "take notice by themselves.\n"
    "\n"
    "On several machines, where not all have the new file at once:\n"
    "\n"
    "  --prepare   add a key that opens only, and print its ID; copy KEY_FILE to all\n"
    "  --use ID    let that key seal from now on; copy KEY_FILE to all again\n";

/* The keys of the file, and how many records each has sealed. */
struct use {
	struct key_file file;
	long            sealed[KEY_FILE_KEYS_MAX];
};

static bool
count(void *ctx, const char *name, const struct store_record *rec)
{
	struct use *use = ctx;
	char id[KEY_ID_MAX + 1];
	const struct key *key;

	(void)name;
	if (!keyring_sealed_by(rec->data, rec->len, id))
		return true;
	key = key_file_find(&use->file, id, strlen(id));
	if (key != NULL)
		use->sealed[key - use->file.keys]++;
	return true;
}

/*
 * Keys that nothing needs any more.  The two first stay whatever they sealed: sign-ins under
 * way are in no store, and a program may be just about to store what it sealed with the one before.
 */
static enum err
drop_unused(struct app *app, const char *path)
{
	struct use use = { 0 };
	char id[KEY_ID_MAX + 1];
	enum err e;

	e = key_file_read(path, &use.file);
	if (e == ERR_OK)
		e = store_each(app->store, "", count, &use);
	for (size_t i = 2; e == ERR_OK && i < use.file.n; i++) {
		if (use.sealed[i] > 0) {
			printf("key %s stays: it opens %ld record%s\n", use.file.keys[i].id, use.sealed[i],
			    use.sealed[i] == 1 ? "" : "s");
			continue;
		}
		e = key_file_change(path, KEY_DROP, use.file.keys[i].id, id);
		if (e == ERR_OK)
			printf("key %s is gone: nothing needs it\n", id);
	}
	crypto_wipe(&use, sizeof(use));
	return e;
}

static enum err
rotate(struct app *app, enum key_change what, const char *id)
{
	const char *path = app->config.key_file;
	char now[KEY_ID_MAX + 1];
	enum err e;

	e = keyring_load(app->keys);	/* there is one to begin with, and it is good */
	if (e == ERR_OK)
		e = key_file_change(path, what, id, now);
	if (e == ERR_NOT_FOUND) {
		fprintf(stderr, "oscgi rotate-key: %s holds no key %s\n", path, id);
		return ERR_BAD_REQUEST;
	}
	if (e == ERR_CONFLICT) {
		fprintf(stderr, "oscgi rotate-key: %s has %d keys that are all needed: wait until more sessions have ended\n",
		    path, KEY_FILE_KEYS_MAX);
		return ERR_BAD_REQUEST;
	}
	if (e != ERR_OK)
		return e;
	if (what == KEY_PREPARE) {
		printf("key %s opens from now on: copy %s to the other machines, then 'oscgi rotate-key --use %s'\n", now,
		    path, now);
		return ERR_OK;
	}
	printf("key %s seals from now on\n", now);
	return what == KEY_ROTATE ? drop_unused(app, path) : ERR_OK;
}

struct asked {
	enum key_change what;
	const char     *id;
};

static enum err
act(struct app *app, void *ctx)
{
	const struct asked *asked = ctx;
	enum err e = command_state(app);

	return e == ERR_OK ? rotate(app, asked->what, asked->id) : e;
}

/* rotate-key - a new key, nobody signed out */
int
cmd_rotate_key(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' }, { "prepare", no_argument, NULL, 'p' },
		{ "use", required_argument, NULL, 'u' }, { NULL, 0, NULL, 0 }
	};
	static const struct command_line line = { usage, options, 0, NULL };
	struct asked asked = { KEY_ROTATE, "" };
	int c, status;

	while ((c = command_option(argc, argv, &line, &status)) > 0) {
		if (asked.what != KEY_ROTATE) {
			fprintf(stderr, "%s: --prepare or --use, one after the other\n", argv[0]);
			return command_usage(argv[0]);
		}
		asked.what = c == 'p' ? KEY_PREPARE : KEY_USE;
		if (c == 'u')
			asked.id = optarg;
	}
	return c < 0 ? status : command_run(argv[0], act, &asked);
}
