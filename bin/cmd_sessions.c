/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "store/store.h"

#define SWEEP_AT_ONCE 200

static const char usage[] =
    "Usage: oscgi sessions [--purge | --end-all]\n"
    "\n"
    "Count the sessions that are alive.\n"
    "\n"
    "  --purge     remove what has expired (it cannot be used any more, and is\n"
    "              removed by and by without this too)\n"
    "  --end-all   end every session: everybody has to sign in again\n";

/* Names of records, to act on once nothing is being read any more. */
struct names {
	char (*name)[STORE_NAME_MAX + 1];
	size_t n, room;
	bool   failed;
};

static bool
count(void *ctx, const char *name, const struct store_record *rec)
{
	(void)name;
	(void)rec;
	++*(long *)ctx;
	return true;
}

static bool
collect(void *ctx, const char *name, const struct store_record *rec)
{
	struct names *names = ctx;
	size_t room = names->room > 0 ? names->room * 2 : 256;
	void *p;

	(void)rec;
	if (names->n == names->room) {
		p = reallocarray(names->name, room, sizeof(*names->name));
		if (p == NULL) {
			names->failed = true;
			return false;
		}
		names->name = p;
		names->room = room;
	}
	snprintf(names->name[names->n++], sizeof(*names->name), "%s", name);
	return true;
}

/* Remove every record whose name begins with `prefix`; *removed counts. */
static enum err
remove_all(struct store *store, const char *prefix, long *removed)
{
	struct names names = { 0 };
	enum err e;
	size_t i;

	*removed = 0;
	e = store_each(store, prefix, collect, &names);
	if (e == ERR_OK && names.failed)
		e = ERR_NOMEM;
	for (i = 0; i < names.n && e == ERR_OK; i++) {
		/* One flush for all: what is written durably last takes everything before it along. */
		e = store_remove(store, names.name[i], i + 1 < names.n ? STORE_LAZY : STORE_DURABLE);
		if (e == ERR_OK)
			++*removed;
		else if (e == ERR_NOT_FOUND)	/* ended meanwhile */
			e = ERR_OK;
	}
	free(names.name);
	return e;
}

static enum err
show_count(struct store *store)
{
	long n = 0;
	enum err e = store_each(store, "s:", count, &n);

	if (e == ERR_OK)
		printf("%ld session%s\n", n, n == 1 ? "" : "s");
	return e;
}

static enum err
purge(struct store *store)
{
	long all = 0;
	int removed;
	enum err e;

	do {
		e = store_sweep(store, SWEEP_AT_ONCE, &removed);
		if (e != ERR_OK)
			return e;
		all += removed;
	} while (removed > 0);
	printf("%ld expired record%s removed\n", all, all == 1 ? "" : "s");
	return ERR_OK;
}

static enum err
end_all(struct store *store)
{
	long sessions, aside;
	enum err e;

	e = remove_all(store, "s:", &sessions);
	if (e != ERR_OK)
		return e;
	e = remove_all(store, "c:", &aside);	/* what is kept beside them */
	if (e == ERR_OK)
		printf("%ld session%s ended\n", sessions, sessions == 1 ? "" : "s");
	return e;
}

static enum err
act(struct app *app, enum err (*action)(struct store *))
{
	enum err e;

	if (!command_exists(app->config.state_dir)) {	/* looking must not make it */
		printf("no sessions: %s is not there yet\n", app->config.state_dir);
		return ERR_OK;
	}
	e = app_state_dir(app);
	return e == ERR_OK ? action(app->store) : e;
}

/* sessions - count them, remove expired ones, or end all */
int
cmd_sessions(int argc, char **argv)
{
	static const struct option options[] = {
		{ "end-all", no_argument, NULL, 'e' }, { "help", no_argument, NULL, 'h' },
		{ "purge", no_argument, NULL, 'p' }, { NULL, 0, NULL, 0 }
	};
	enum err (*action)(struct store *) = show_count;
	struct app app;
	enum err e;
	int c;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			return COMMAND_OK;
		}
		if (c == '?')
			return command_usage(argv[0]);
		if (action != show_count && action != (c == 'p' ? purge : end_all)) {
			fprintf(stderr, "%s: --purge or --end-all, not both\n", argv[0]);
			return command_usage(argv[0]);
		}
		action = c == 'p' ? purge : end_all;
	}
	if (optind < argc) {
		fprintf(stderr, "%s: takes no argument\n", argv[0]);
		return command_usage(argv[0]);
	}
	if (!command_open(&app))
		return COMMAND_FAILED;
	e = act(&app, action);
	if (e != ERR_OK)
		fprintf(stderr, "%s: %s\n", argv[0], err_info(e)->title);
	app_close(&app);
	return e == ERR_OK ? COMMAND_OK : COMMAND_FAILED;
}
