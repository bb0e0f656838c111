/* SPDX-License-Identifier: MIT */
#include "encore.h"

#include <signal.h>
#include <stdlib.h>

const char *
job_status_word(enum job_status status)
{
	static const char *const words[] = { "NEW", "QUEUED", "IN_PROGRESS", "SUCCESSFUL", "FAILED", "CANCELLED" };

	_Static_assert(sizeof(words) / sizeof(words[0]) == JOB__MAX, "a status without its word");
	return words[status];
}

bool
job_ended(const struct job *job)
{
	return job->status >= JOB_SUCCESSFUL;
}

struct encore *
encore_new(struct world *world)
{
	struct encore *encore = mem_new(sizeof(*encore));

	encore->world = world;
	encore->users = 1;
	encore->directory = data_directory(&world->data);
	return encore;
}

static void
job_free(struct job *job)
{
	cJSON_Delete(job->request);
	cJSON_Delete(job->output);
	free(job->id);
	free(job->message);
	free(job);
}

void
encore_release(struct encore *encore)
{
	struct job *next;

	if (--encore->users > 0)
		return;
	for (; encore->jobs != NULL; encore->jobs = next) {
		next = encore->jobs->next;
		job_free(encore->jobs);
	}
	data_remove(encore->directory);
	free(encore->directory);
	free(encore->tenant);
	free(encore->url);
	free(encore->profiles_url);
	free(encore->endpoint);
	free(encore->access);
	free(encore->secret);
	free(encore);
}

void
encore_interrupt(struct encore *encore)
{
	encore->generation++;
	if (encore->pid > 0)
		kill(encore->pid, SIGKILL);
	pthread_cond_broadcast(&encore->world->changed);
}

static double
priority(const struct job *job)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(job->request, "priority");

	return cJSON_IsNumber(value) ? value->valuedouble : 0;
}

/* The most urgent, and of those the oldest.  NULL: nothing to do. */
static struct job *
next_job(const struct encore *encore)
{
	struct job *job, *best = NULL;

	for (job = encore->jobs; job != NULL; job = job->next)
		if (job->status == JOB_QUEUED && !job->removed && (best == NULL || priority(job) >= priority(best)))
			best = job;
	return best;
}

static void *
run(void *arg)
{
	struct encore *encore = arg;
	struct world *world = encore->world;
	unsigned generation;
	struct job *job;

	pthread_mutex_lock(&world->mutex);
	generation = encore->generation;
	while (encore->generation == generation) {
		job = next_job(encore);
		if (job != NULL)
			transcode(encore, job);
		else
			pthread_cond_wait(&world->changed, &world->mutex);
	}
	encore_release(encore);
	pthread_mutex_unlock(&world->mutex);
	return NULL;
}

void
encore_work(struct encore *encore)
{
	encore->users++;
	if (!world_thread(encore->world, run, encore))
		abort();
}
