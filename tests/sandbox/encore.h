/* SPDX-License-Identifier: MIT */
/*
 * SVT Encore: the jobs of one instance, and the thread that does one after the
 * other.  All fields are under the world's mutex.
 */
#ifndef SANDBOX_ENCORE_H
#define SANDBOX_ENCORE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "world.h"

enum job_status { JOB_NEW, JOB_QUEUED, JOB_IN_PROGRESS, JOB_SUCCESSFUL, JOB_FAILED, JOB_CANCELLED, JOB__MAX };

struct job {
	struct job *next;		/* the one before it */
	char *id;
	cJSON *request;			/* what was posted, without what is unknown */
	enum job_status status;
	double progress, speed;
	int64_t created_ms, started_ms, completed_ms;
	char *message;			/* NULL, or why it failed */
	cJSON *output;
	bool removed;
};

struct encore {
	struct world *world;
	int users;			/* the instance and the threads that have not ended yet */
	unsigned generation;		/* threads of an earlier one end */
	char *tenant, *url;
	char *profiles_url, *endpoint, *access, *secret;	/* as they were at the start; NULL: not set */
	char *directory;		/* of what stays on the instance itself */
	struct job *jobs;		/* newest first */
	pid_t pid;			/* of the program that runs; 0: none */
};

const char *job_status_word(enum job_status status);
bool job_ended(const struct job *job);

struct encore *encore_new(struct world *world);

/* One user less; the last frees it. */
void encore_release(struct encore *encore);

/* End a thread's generation and what it runs; its job waits for another. */
void encore_interrupt(struct encore *encore);

/* Begin to work: starts a thread. */
void encore_work(struct encore *encore);

/* Do one job, with the mutex held, which is given up meanwhile.  Leaves it ended, or queued where interrupted. */
void transcode(struct encore *encore, struct job *job);

#endif
