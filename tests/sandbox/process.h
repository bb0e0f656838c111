/* SPDX-License-Identifier: MIT */
/*
 * Programs that instances are made of.  Each belongs to a thread that starts it
 * and waits for it, and is killed when that thread ends, and so when the
 * sandbox does, however it does.
 */
#ifndef SANDBOX_PROCESS_H
#define SANDBOX_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Whether PATH has it. */
bool process_known(const char *program);

struct process {
	pid_t pid;
	int out;		/* what it writes to standard output */
};

/*
 * argv ends in NULL.  input: NULL, or a short text for its standard input.
 * What it writes to standard error goes to the file errors, or nowhere.
 * False: cannot be started.
 */
bool process_start(struct process *process, char *const argv[], const char *input, const char *errors);

/* Close its output and wait for its end; returns its exit status, 128 and more for a signal. */
int process_wait(struct process *process);

#endif
