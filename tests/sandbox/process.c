/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

bool
process_known(const char *program)
{
	const char *at = getenv("PATH");
	char path[4096];
	size_t len;

	for (at = at == NULL ? "/usr/bin:/bin" : at; *at != '\0'; at += len + (at[len] == ':')) {
		len = strcspn(at, ":");
		snprintf(path, sizeof(path), "%.*s/%s", (int)len, at, program);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

/* In the child: only what is safe after a fork of a process with threads. */
static void __attribute__((noreturn))
become(char *const argv[], int in, int out, const char *errors)
{
	sigset_t none;
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	err = open(errors == NULL ? "/dev/null" : errors, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (dup2(in, 0) == -1 || dup2(out, 1) == -1 || err == -1 || dup2(err, 2) == -1)
		_exit(127);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	_exit(127);
}

bool
process_start(struct process *process, char *const argv[], const char *input, const char *errors)
{
	size_t len = input == NULL ? 0 : strlen(input);
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) == -1)
		return false;
	if (pipe2(out, O_CLOEXEC) == -1) {
		close(in[0]);
		close(in[1]);
		return false;
	}
	process->pid = fork();
	if (process->pid == 0)
		become(argv, in[0], out[1], errors);
	close(in[0]);
	close(out[1]);
	/* Short enough for the pipe: it does not wait. */
	if (process->pid > 0 && len > 0 && write(in[1], input, len) == -1)
		perror("sandbox: process");
	close(in[1]);
	process->out = out[0];
	if (process->pid == -1)
		close(out[0]);
	return process->pid > 0;
}

int
process_wait(struct process *process)
{
	int status = 0;

	close(process->out);
	while (waitpid(process->pid, &status, 0) == -1)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
