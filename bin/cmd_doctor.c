/* SPDX-License-Identifier: MIT */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "command.h"
#include "doctor/doctor.h"

#define MEMORY_MAX (128 * 1024 * 1024)
#define FAULTS_MAX (64 * 1024)

static const char usage[] =
    "Usage: oscgi doctor\n"
    "\n"
    "Print every setting with where it came from (secrets masked), and look for what is\n"
    "wrong: with the settings, STATE_DIR, KEY_FILE, the store, the clock, Open Source Cloud,\n"
    "the client there, and, where PUBLIC_URL is set, with the web server and what the\n"
    "programs answer.  Each finding says what to do:\n"
    "\n"
    "  fail: what is wrong: where     something does not work, or a secret is exposed\n"
    "    do: a command or a setting\n"
    "  warn: ...                      it works, but not as it should, or not for long\n"
    "\n"
    "Nothing is made that is not there yet.  Settings of the environment count as they are\n"
    "here: run it with the environment that the web server gives to the programs.\n"
    "\n"
    "Exit status: 0 when nothing failed, 1 when something did.\n";

extern char **environ;

/* The settings, read anew once we are who we should be: files may be readable to one user only. */
static enum err
read_settings(struct arena *a, struct config *cf, struct buf *faults, bool *became)
{
	enum err e;

	*became = true;
	e = config_read(environ, a, cf, faults);
	if (e == ERR_NOMEM || geteuid() != 0)
		return e;
	*became = command_become_owner(cf->state_dir);
	buf_clear(faults);
	return config_read(environ, a, cf, faults);
}

static void
find_names(struct visit *v)
{
	const struct passwd *pw = getpwuid(geteuid());
	const struct group *gr = getgrgid(getegid());

	v->user = pw != NULL ? arena_strdup(&v->memory, pw->pw_name) : arena_printf(&v->memory, "%ld", (long)geteuid());
	v->group = gr != NULL ? arena_strdup(&v->memory, gr->gr_name) : arena_printf(&v->memory, "%ld", (long)getegid());
}

/* The store's part of the settings is judged when it is opened. */
static void
examine(struct visit *v, const struct config *cf, struct buf *faults)
{
	struct app app;

	buf_clear(faults);
	if (app_open(&app, environ, faults) != ERR_OK) {
		settings_judge(v, cf, faults);
		if (v->failures == 0)
			v->failures++;	/* out of memory: there is nothing to say about it */
		return;
	}
	v->app = &app;
	log_set_level(LOG_LEVEL_WARN);
	visit_run(v);
	app_close(&app);
}

static void
summarize(const struct visit *v)
{
	if (v->failures == 0 && v->warnings == 0)
		puts("\nAll is well.");
	else
		printf("\n%d failed, %d to be warned of: see above.\n", v->failures, v->warnings);
}

static enum err
visit(struct visit *v, struct buf *faults)
{
	struct config cf;
	bool became;
	enum err e;

	e = read_settings(&v->memory, &cf, faults, &became);
	if (e == ERR_NOMEM || !became)
		return ERR_NOMEM;
	settings_show(&cf, faults, &v->memory);
	find_names(v);
	printf("\nChecks, as user %s\n", v->user);
	if (e == ERR_OK)
		examine(v, &cf, faults);
	else
		settings_judge(v, &cf, faults);
	return ERR_OK;
}

/* doctor - show the settings, and what is wrong */
int
cmd_doctor(int argc, char **argv)
{
	struct visit v = { .call = { .arena = &v.memory, .request_id = "doctor" } };
	struct buf faults;
	int status;

	if (command_option(argc, argv, &(struct command_line){ usage, command_help, 0, NULL }, &status) < 0)
		return status;
	arena_init(&v.memory, MEMORY_MAX);
	buf_init(&faults, FAULTS_MAX);
	if (visit(&v, &faults) != ERR_OK) {
		fputs("oscgi doctor: could not look: out of memory, or not allowed to become the owner of STATE_DIR\n", stderr);
		v.failures++;
	}
	summarize(&v);
	buf_free(&faults);
	arena_free(&v.memory);
	return v.failures == 0 ? COMMAND_OK : COMMAND_FAILED;
}
