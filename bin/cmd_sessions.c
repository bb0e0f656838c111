/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "config/check.h"
#include "store/backends.h"
#include "store/bulk.h"

#define SWEEP_AT_ONCE 200
#define OTHER_WAIT_MS 10000

static const char usage[] =
    "Usage: oscgi sessions [--purge | --end-all | --copy TO]\n"
    "\n"
    "Count the sessions that are alive.\n"
    "\n"
    "  --purge     remove what has expired (it cannot be used any more, and is\n"
    "              removed by and by without this too)\n"
    "  --end-all   end every session: everybody has to sign in again\n"
    "  --copy TO   copy everything to another store: 'bdb', the file in STATE_DIR, or\n"
    "              redis://[user@]host[:port][/db].  What is there already and is not\n"
    "              in SESSION_STORE is removed.  Stop the programs meanwhile, and start\n"
    "              them with SESSION_STORE=TO: nobody is signed out.\n"
    "  --password-file FILE\n"
    "              the password of TO\n";

struct asked {
	enum err  (*action)(struct app *app, const struct asked *asked);
	const char *to, *password_file;
};

/* Are the sessions in STATE_DIR? */
static bool
is_local(const struct app *app)
{
	return store_setup_is_local(&(struct store_setup){ .where = app->config.session_store });
}

static enum err
show_count(struct app *app, const struct asked *asked)
{
	long n;
	enum err e = store_count(app->store, "s:", LONG_MAX, &n);

	(void)asked;
	if (e == ERR_OK)
		printf("%ld session%s\n", n, n == 1 ? "" : "s");
	return e;
}

static enum err
purge(struct app *app, const struct asked *asked)
{
	long all = 0;
	int removed;
	enum err e;

	(void)asked;
	do {
		e = store_sweep(app->store, SWEEP_AT_ONCE, &removed);
		if (e != ERR_OK)
			return e;
		all += removed;
	} while (removed > 0);
	printf("%ld expired record%s removed\n", all, all == 1 ? "" : "s");
	return ERR_OK;
}

static enum err
end_all(struct app *app, const struct asked *asked)
{
	long sessions, aside;
	enum err e;

	(void)asked;
	e = store_remove_all(app->store, "s:", NULL, NULL, &sessions);
	if (e != ERR_OK)
		return e;
	e = store_remove_all(app->store, "c:", NULL, NULL, &aside);	/* what is kept beside them */
	if (e == ERR_OK)
		printf("%ld session%s ended\n", sessions, sessions == 1 ? "" : "s");
	return e;
}

/* The other store, of a setup that is told to be wrong where it is. */
static enum err
open_other(struct app *app, const struct asked *asked, struct store **out)
{
	struct store_setup setup = { .where = asked->to, .dir = app->config.state_dir, .prefix = app->config.store_prefix,
		.clock = app->clock, .wait_ms = OTHER_WAIT_MS };
	const char *wrong = NULL, *setting = "--password-file";

	if (asked->password_file != NULL)
		wrong = check_secret_file(&app->memory, asked->password_file, &setup.password);
	if (wrong == NULL) {
		wrong = store_setup_wrong(&setup, &setting);
		setting = strcmp(setting, "SESSION_STORE") == 0 ? "--copy" : "--password-file";
	}
	if (wrong == NULL && store_setup_is_local(&setup) && is_local(app)) {
		setting = "--copy";
		wrong = "SESSION_STORE is that store";
	}
	if (wrong == NULL)
		return store_open(&setup, out);
	fprintf(stderr, "oscgi sessions: %s: %s\n", setting, wrong);
	return ERR_BAD_REQUEST;
}

static enum err
copy(struct app *app, const struct asked *asked)
{
	long copied, removed;
	struct store *other;
	bool one;
	enum err e;

	e = app_state_dir(app);
	if (e == ERR_OK)
		e = open_other(app, asked, &other);
	if (e != ERR_OK)
		return e;
	e = store_are_one(app->store, other, &one);
	if (e == ERR_OK && one) {
		fputs("oscgi sessions: --copy: SESSION_STORE is that store\n", stderr);
		e = ERR_BAD_REQUEST;
	}
	if (e == ERR_OK)
		e = store_copy(app->store, other, &copied);
	if (e == ERR_OK)
		e = store_prune(app->store, other, &removed);
	store_close(other);
	if (e == ERR_OK)
		printf("%ld record%s copied to %s, %ld removed there that %s here\n", copied, copied == 1 ? "" : "s",
		    is_local(app) ? "the server" : "the file in STATE_DIR", removed, removed == 1 ? "was not" : "were not");
	return e;
}

static enum err
act(struct app *app, void *ctx)
{
	const struct asked *asked = ctx;
	enum err e;

	if (!is_local(app))
		return asked->action(app, asked);
	if (!command_exists(app->config.state_dir)) {	/* looking must not make it */
		printf("no sessions: %s is not there yet\n", app->config.state_dir);
		return ERR_OK;
	}
	e = app_state_dir(app);
	return e == ERR_OK ? asked->action(app, asked) : e;
}

/* False: the command line is wrong, which has been told. */
static bool
take(struct asked *asked, int option, const char *value)
{
	enum err (*action)(struct app *, const struct asked *) = option == 'p' ? purge : option == 'e' ? end_all : copy;

	if (option == 'f') {
		asked->password_file = value;
		return true;
	}
	if (asked->action != show_count && asked->action != action) {
		fputs("oscgi sessions: one of --purge, --end-all and --copy\n", stderr);
		return false;
	}
	asked->action = action;
	if (option == 'c')
		asked->to = value;
	return true;
}

/* sessions - count them, remove expired ones, end all, or move them to another store */
int
cmd_sessions(int argc, char **argv)
{
	static const struct option options[] = {
		{ "copy", required_argument, NULL, 'c' }, { "end-all", no_argument, NULL, 'e' },
		{ "help", no_argument, NULL, 'h' }, { "password-file", required_argument, NULL, 'f' },
		{ "purge", no_argument, NULL, 'p' }, { NULL, 0, NULL, 0 }
	};
	static const struct command_line line = { usage, options, 0, NULL };
	struct asked asked = { .action = show_count };
	int c, status;

	while ((c = command_option(argc, argv, &line, &status)) > 0)
		if (!take(&asked, c, optarg))
			return command_usage(argv[0]);
	if (c < 0)
		return status;
	if (asked.password_file != NULL && asked.to == NULL) {
		fprintf(stderr, "%s: --password-file is of the store that --copy names\n", argv[0]);
		return command_usage(argv[0]);
	}
	return command_run(argv[0], act, &asked);
}
