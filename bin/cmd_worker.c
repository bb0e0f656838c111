/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "base/log.h"
#include "command.h"
#include "flow/work.h"

#define BUDGET_MS 3000	/* of one operation, before the next has its turn */
#define PAUSE_BUSY_S 1	/* between two rounds while there is something to do */
#define PAUSE_IDLE_S 3
#define PAUSE_TROUBLE_S 10

static const char usage[] =
    "Usage: oscgi worker [--once]\n"
    "\n"
    "Advance what visitors have begun and what takes long (operations), so that it\n"
    "goes on with nobody looking.  Any number of workers may run, on any number of\n"
    "machines; SIGTERM ends one as soon as the operation in hand has had its turn.\n"
    "\n"
    "  --once   each unfinished operation as far as it goes without waiting, then\n"
    "           end: for cron\n";

/* Blocked for good: a step is never cut off, and one that came waits until it is looked for. */
static void
block_signals(sigset_t *signals)
{
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigprocmask(SIG_BLOCK, signals, NULL);
}

/* Between two operations. */
static bool
is_told_to_end(void)
{
	sigset_t came;

	return sigpending(&came) == 0 && (sigismember(&came, SIGTERM) == 1 || sigismember(&came, SIGINT) == 1);
}

/* Between two rounds.  False: told to end. */
static bool
pause_for(const sigset_t *signals, int seconds)
{
	const struct timespec t = { .tv_sec = seconds };

	return sigtimedwait(signals, NULL, &t) < 0;
}

static enum err
round_of(struct app *app, int *unfinished)
{
	enum err e;

	*unfinished = 0;
	if (!command_exists(app->config.state_dir))	/* nobody has been here yet, and looking must not make it */
		return ERR_OK;
	e = app_state_dir(app);
	return e == ERR_OK ? work_all(app, BUDGET_MS, is_told_to_end, unfinished) : e;
}

/* Until told to end: trouble with the store passes, or is seen in the log. */
static void
reside(struct app *app)
{
	sigset_t signals;
	int unfinished;
	enum err e;

	block_signals(&signals);
	log_event(LOG_LEVEL_INFO, "worker", "started");
	do {
		e = round_of(app, &unfinished);
		if (e != ERR_OK)
			log_event(LOG_LEVEL_WARN, "worker", "%s", err_info(e)->title);
	} while (pause_for(&signals, e != ERR_OK ? PAUSE_TROUBLE_S : unfinished > 0 ? PAUSE_BUSY_S : PAUSE_IDLE_S));
	log_event(LOG_LEVEL_INFO, "worker", "ended");
}

static enum err
act(struct app *app, void *ctx)
{
	const bool *once = ctx;
	int unfinished;
	enum err e;

	if (!*once) {
		reside(app);
		return ERR_OK;
	}
	e = round_of(app, &unfinished);
	if (e == ERR_OK)
		printf("%d operation%s unfinished\n", unfinished, unfinished == 1 ? "" : "s");
	return e;
}

/* worker - advance pending operations */
int
cmd_worker(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' }, { "once", no_argument, NULL, 'o' }, { NULL, 0, NULL, 0 }
	};
	static const struct command_line line = { usage, options, 0, NULL };
	bool once = false;
	int c, status;

	while ((c = command_option(argc, argv, &line, &status)) > 0)
		once = true;
	return c < 0 ? status : command_run(argv[0], act, &once);
}
