/* SPDX-License-Identifier: MIT */
#include "osc/job.h"

#include <string.h>

#include "osc/instance.h"
#include "osc/pause.h"

#define PAUSE_MS      1000
#define PAUSE_MAX_MS  3000
#define PAUSE_PERCENT 150

enum osc_job_state
osc_job_state(const struct json *document)
{
	static const struct {
		const char        *status;
		enum osc_job_state state;
	} ended[] = {
		{ "Complete", OSC_JOB_SUCCEEDED }, { "SuccessCriteriaMet", OSC_JOB_SUCCEEDED },
		{ "Failed", OSC_JOB_FAILED }, { "FailureTarget", OSC_JOB_FAILED }, { "Error", OSC_JOB_FAILED },
		{ "Stopped", OSC_JOB_FAILED },
	};
	const char *status = json_string(document, "status");

	for (size_t i = 0; status != NULL && i < sizeof(ended) / sizeof(ended[0]); i++)
		if (strcmp(status, ended[i].status) == 0)
			return ended[i].state;
	return OSC_JOB_RUNNING;
}

enum err
osc_job_await(struct osc_client *o, struct osc_service *s, const char *name, int wait_ms, struct json **document)
{
	struct osc_pause pause = { PAUSE_MS, PAUSE_PERCENT, PAUSE_MAX_MS };
	int64_t until_ms = clock_mono_ms(o->clock) + wait_ms;
	bool seen = false;
	enum err e;

	for (;;) {
		e = osc_instance_get(o, s, name, document);
		if (e == ERR_NOT_FOUND && seen) {
			call_recover(o->call);
			return call_fail(o->call, e, "%s has ended and was cleaned up; how it ended is not known", name);
		}
		if (e != ERR_OK || osc_job_state(*document) != OSC_JOB_RUNNING)
			return e;
		seen = true;
		if (clock_mono_ms(o->clock) + pause.next_ms >= until_ms || !osc_pause(o, &pause, 0))
			return ERR_OK;
	}
}
