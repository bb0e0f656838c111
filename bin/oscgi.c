/* SPDX-License-Identifier: MIT */
/*
 * oscgi - the command beside the executables: looks after what they share.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/process.h"
#include "command.h"

static const struct {
	const char *name, *meaning;
	int       (*run)(int, char **);
} commands[] = {
	{ "backup", "write all records into a directory, while the programs go on", cmd_backup },
	{ "doctor", "show the settings, and check them, permissions, store and upstream", cmd_doctor },
	{ "init", "make the state directory and the key now", cmd_init },
	{ "register", "make the site known to the platform now", cmd_register },
	{ "rotate-key", "seal with a new key; nobody is signed out", cmd_rotate_key },
	{ "sessions", "count the sessions; end them, or copy them to another store", cmd_sessions },
	{ "worker", "advance what visitors have begun and what takes long", cmd_worker },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int
help(void)
{
	size_t i;

	puts("Usage: oscgi COMMAND [OPTION]\n");
	for (i = 0; i < COMMANDS; i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].meaning);
	puts("\n"
	    "  oscgi COMMAND --help    what a command does\n"
	    "  oscgi --version         the version\n"
	    "\n"
	    "Run as root, each goes on as the owner of STATE_DIR.\n"
	    "Exit status: 0 done, 1 failed, 2 wrong usage.");
	return COMMAND_OK;
}

static int
run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'V' }, { NULL, 0, NULL, 0 }
	};
	static char title[32];
	size_t i;
	int c;

	/* +: what follows the subcommand's name is the subcommand's */
	while ((c = getopt_long(argc, argv, "+hV", options, NULL)) != -1) {
		if (c == 'h')
			return help();
		if (c != 'V')
			return command_usage("oscgi");
		printf("%s %s\n", PACKAGE_NAME, PACKAGE_VERSION);
		return COMMAND_OK;
	}
	if (optind >= argc) {
		fputs("oscgi: which command?\n", stderr);
		return command_usage("oscgi");
	}
	argc -= optind;
	argv += optind;
	optind = 0;	/* getopt starts anew */
	for (i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, argv[0]) != 0)
			continue;
		snprintf(title, sizeof(title), "oscgi %s", commands[i].name);
		argv[0] = title;
		return commands[i].run(argc, argv);
	}
	fprintf(stderr, "oscgi: there is no such command: %s\n", argv[0]);
	return command_usage("oscgi");
}

int
main(int argc, char **argv)
{
	int status;

	process_harden();
	/* By lines, so that what is logged on stderr appears where it belongs. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	status = run(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fputs("oscgi: the output could not be written\n", stderr);
		return COMMAND_FAILED;
	}
	return status;
}
