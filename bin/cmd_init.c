/* SPDX-License-Identifier: MIT */
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "command.h"
#include "crypto/keyring.h"

static const char usage[] =
    "Usage: oscgi init\n"
    "\n"
    "Make STATE_DIR and KEY_FILE, where they are missing, and check them.  The\n"
    "executables do the same on first use: this is for doing it before.\n"
    "\n"
    "Both must belong to the user that the web server runs the executables as.  Run\n"
    "it as that user, or make STATE_DIR for that user first, and run it as root:\n"
    "\n"
    "  install -d -m 700 -o www-data -g www-data /var/lib/oscgi\n";

static enum err
act(struct app *app, void *ctx)
{
	bool key_there = command_exists(app->config.key_file);
	const struct passwd *pw;
	enum err e;

	(void)ctx;
	e = app_state_dir(app);
	if (e == ERR_OK)
		e = keyring_load(app->keys);
	if (e != ERR_OK)
		return ERR_BAD_REQUEST;	/* why has been logged */
	pw = getpwuid(geteuid());
	printf("%s and %s are ready, for user %s%s\n", app->config.state_dir, app->config.key_file,
	    pw != NULL ? pw->pw_name : "(without a name)", key_there ? "" : "; a new key was made");
	if (geteuid() == 0)
		puts("The executables must run as root to use them: see 'oscgi init --help' for another user.");
	return ERR_OK;
}

/* init - make the state directory and the key */
int
cmd_init(int argc, char **argv)
{
	int status;

	return command_option(argc, argv, &(struct command_line){ usage, command_help, 0, NULL }, &status) < 0 ? status
	    : command_run(argv[0], act, NULL);
}
