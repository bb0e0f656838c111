/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

#define FAULTS_MAX          (64 * 1024)
#define SETTINGS_MEMORY_MAX (1024 * 1024)

extern char **environ;

const struct option command_help[] = { { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };

int
command_option(int argc, char **argv, const struct command_line *line, int *status)
{
	int c = getopt_long(argc, argv, "h", line->options, NULL);

	*status = COMMAND_OK;
	if (c == 'h') {
		fputs(line->usage, stdout);
		return -1;
	}
	if (c != -1 && c != '?')
		return c;
	if (c == -1 && argc - optind == line->arguments)
		return 0;
	if (c == -1 && argc - optind < line->arguments)
		fprintf(stderr, "%s: %s\n", argv[0], line->missing);
	else if (c == -1)
		fprintf(stderr, "%s: takes %s argument\n", argv[0], line->arguments == 0 ? "no" : "one");
	*status = command_usage(argv[0]);
	return -1;
}

int
command_usage(const char *title)
{
	fprintf(stderr, "Try '%s --help'.\n", title);
	return COMMAND_USAGE;
}

bool
command_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

bool
command_become_owner(const char *state_dir)
{
	const struct passwd *pw;
	struct stat st;
	int failed;

	if (geteuid() != 0 || lstat(state_dir, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid == 0)
		return true;
	pw = getpwuid(st.st_uid);
	if (pw != NULL)
		failed = initgroups(pw->pw_name, pw->pw_gid) != 0 || setgid(pw->pw_gid) != 0;
	else
		failed = setgroups(0, NULL) != 0 || setgid(st.st_gid) != 0;
	if (failed || setuid(st.st_uid) != 0) {
		fprintf(stderr, "oscgi: cannot become user %ld, who owns STATE_DIR %s: %s\n", (long)st.st_uid, state_dir,
		    strerror(errno));
		return false;
	}
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);	/* a change of user may have set it again */
	return true;
}

/* STATE_DIR as far as it can be known before the settings are judged. */
static bool
become_owner_by_settings(void)
{
	struct config cf;
	struct arena a;
	struct buf faults;
	bool done;
	enum err e;

	if (geteuid() != 0)
		return true;
	arena_init(&a, SETTINGS_MEMORY_MAX);
	buf_init(&faults, FAULTS_MAX);
	e = config_read(environ, &a, &cf, &faults);	/* what is wrong is told later, as the other user sees it */
	done = e == ERR_NOMEM || command_become_owner(cf.state_dir);
	buf_free(&faults);
	arena_free(&a);
	return done;
}

/* Become the owner, then open.  False: what is wrong has been told on stderr. */
static bool
open_app(struct app *app)
{
	struct buf faults;
	enum err e;

	if (!become_owner_by_settings())
		return false;
	buf_init(&faults, FAULTS_MAX);
	e = app_open(app, environ, &faults);
	if (e == ERR_CONFIG)
		fprintf(stderr, "%soscgi: the settings are wrong; 'oscgi doctor' shows all of them\n", buf_cstr(&faults));
	else if (e != ERR_OK)
		fprintf(stderr, "oscgi: cannot start: %s\n", err_info(e)->title);
	buf_free(&faults);
	return e == ERR_OK;
}

enum err
command_state(struct app *app)
{
	if (command_exists(app->config.state_dir))
		return app_state_dir(app);
	fprintf(stderr, "oscgi: STATE_DIR %s is not there yet\n", app->config.state_dir);
	return ERR_BAD_REQUEST;
}

int
command_run(const char *title, command_act act, void *ctx)
{
	struct app app;
	enum err e;

	if (!open_app(&app))
		return COMMAND_FAILED;
	e = act(&app, ctx);
	if (e != ERR_OK && e != ERR_BAD_REQUEST)
		fprintf(stderr, "%s: %s\n", title, err_info(e)->title);
	app_close(&app);
	return e == ERR_OK ? COMMAND_OK : COMMAND_FAILED;
}
