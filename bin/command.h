/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BIN_COMMAND_H
#define OSCGI_BIN_COMMAND_H

#include <getopt.h>
#include <stdbool.h>

#include "app.h"

/* What the subcommands share: exit statuses, who they run as, how they open the suite. */

#define COMMAND_OK     0
#define COMMAND_FAILED 1
#define COMMAND_USAGE  2

/* One subcommand each.  argv[0] is its full name, for messages; the exit status comes back. */
int cmd_backup(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_init(int argc, char **argv);
int cmd_register(int argc, char **argv);
int cmd_rotate_key(int argc, char **argv);
int cmd_sessions(int argc, char **argv);
int cmd_worker(int argc, char **argv);

/* A subcommand's line: its options, and how many arguments follow them. */
struct command_line {
	const char          *usage;	/* what --help prints */
	const struct option *options;	/* among them "help", 'h' */
	int                  arguments;
	const char          *missing;	/* which one is, as a question; NULL where there are none */
};

/* The options of a subcommand that has no other. */
extern const struct option command_help[];

/*
 * The next option, its value in optarg; 0: that was all, and the arguments begin at optind.
 * -1: there is nothing to do, *status is the exit status: --help was answered, or what is wrong told.
 */
int command_option(int argc, char **argv, const struct command_line *line, int *status);

/* What a subcommand does with the open suite.  ERR_BAD_REQUEST: why it failed has been told already. */
typedef enum err (*command_act)(struct app *app, void *ctx);

/* Open, act, say what went wrong, close; the exit status. */
int command_run(const char *title, command_act act, void *ctx);

/* The command line is wrong (the reason has been told): where to read how it should be. */
int command_usage(const char *title);

/*
 * Run as root, go on as the owner of STATE_DIR: what root made there, or a
 * database file that root wrote, the programs could not use.  Without a STATE_DIR,
 * or one of root's own, nothing changes.  False: told on stderr.
 */
bool command_become_owner(const char *state_dir);

/* STATE_DIR is there and ours: looking must not make it.  ERR_BAD_REQUEST, told on stderr: it is not there. */
enum err command_state(struct app *app);

/* Is there something at that name?  A link counts, wherever it leads. */
bool command_exists(const char *path);

#endif
