/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_JOB_H
#define OSCGI_OSC_JOB_H

#include "json/json.h"
#include "osc/upstream.h"

/* Jobs are instances (instance.h) that end by themselves. */
enum osc_job_state {
	OSC_JOB_RUNNING,	/* or suspended, or something unknown: keep asking */
	OSC_JOB_SUCCEEDED,	/* which does not prove that it wrote what it should */
	OSC_JOB_FAILED
};

/* By the document's status. */
enum osc_job_state osc_job_state(const struct json *document);

/*
 * Wait until it has ended or wait_ms are over.  *document: as last seen.
 * ERR_NOT_FOUND: not there, or it ended and was cleaned up meanwhile (the words say which).
 * Else as osc_instance_get.
 */
WARN_UNUSED enum err osc_job_await(struct osc_client *o, struct osc_service *s, const char *name, int wait_ms,
    struct json **document);

#endif
