/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BIN_COMMAND_H
#define OSCGI_BIN_COMMAND_H

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

/*
 * For a subcommand without options: answers --help with `usage`, and refuses
 * everything else.  True: *status is the exit status; false: go on.
 */
bool command_plain(int argc, char **argv, const char *usage, int *status);
/* The command line is wrong (the reason has been told): where to read how it should be. */
int command_usage(const char *title);

/*
 * Run as root, go on as the owner of STATE_DIR: what root made there, or a
 * database file that root wrote, the programs could not use.  Without a STATE_DIR,
 * or one of root's own, nothing changes.  False: told on stderr.
 */
bool command_become_owner(const char *state_dir);

/* Become the owner, then open.  False: what is wrong has been told on stderr. */
bool command_open(struct app *app);

/* STATE_DIR is there and ours: looking must not make it.  ERR_BAD_REQUEST, told on stderr: it is not there. */
enum err command_state(struct app *app);

/* Is there something at that name?  A link counts, wherever it leads. */
bool command_exists(const char *path);

#endif
