/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_ENCORE_H
#define OSCGI_OSC_ENCORE_H

#include "json/json.h"
#include "osc/upstream.h"

/*
 * A visitor's own SVT Encore.  s: its service; url: of the instance.  Documents are
 * as it gives them.  Failures are recorded in the call, as for instances.
 */

/* Does it answer? */
WARN_UNUSED enum err osc_encore_ready(struct osc_client *o, struct osc_service *s, const char *url, bool *ready);

/* *out: {"_embedded":{"encoreJobs":[...]} (absent when empty),"page":{...}}, newest first; from 0. */
WARN_UNUSED enum err osc_encore_jobs(struct osc_client *o, struct osc_service *s, const char *url, int page, int size,
    struct json **out);
WARN_UNUSED enum err osc_encore_job(struct osc_client *o, struct osc_service *s, const char *url, const char *id,
    struct json **job);
WARN_UNUSED enum err osc_encore_job_create(struct osc_client *o, struct osc_service *s, const char *url,
    const struct json *body, struct json **job);
/* One that has ended, or is not known any more, is fine. */
WARN_UNUSED enum err osc_encore_job_cancel(struct osc_client *o, struct osc_service *s, const char *url,
    const char *id);

/* What jobs and profiles are called: 1 to OSC_ENCORE_WORD_MAX letters, digits, ".", "-" and "_", a letter or digit first. */
#define OSC_ENCORE_WORD_MAX 64
bool osc_encore_is_word(const char *s);

/* By its status: nothing more comes of it. */
bool osc_encore_has_ended(const struct json *job);
/* When that was, UTC; 0: it does not say. */
int64_t osc_encore_completed_s(const struct json *job);

/*
 * Tell a callback listener, as the encoder does once, that a job has succeeded; s, url: the listener's.  Harmless to
 * repeat while the job waits in its queue.
 */
#define OSC_ENCORE_CALLBACK "/encoreCallback"
WARN_UNUSED enum err osc_encore_announce(struct osc_client *o, struct osc_service *s, const char *url,
    const struct json *job);

#endif
