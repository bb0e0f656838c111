/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_ANSWER_H
#define OSCGI_OSC_ANSWER_H

#include <stdbool.h>

#include "base/call.h"
#include "http/http.h"
#include "json/json.h"

/* What an answer of the platform means: decided here and nowhere else. */
enum osc_answer {
	OSC_OK,
	OSC_NOT_THERE,		/* it does not exist; certain */
	OSC_NOT_READY,		/* the ingress or a starting service spoke: says nothing about what was asked */
	OSC_UNAUTHORIZED,	/* the token is not, or no longer, good */
	OSC_REFUSED,		/* understood, and no */
	OSC_TAKEN,		/* the name is in use */
	OSC_TRANSIENT,		/* no answer, or one that may be another one later */
	OSC_TIMEOUT,
	OSC_NONSENSE,		/* not HTTP, too large, not what was asked for */
	OSC_NOT_SENT,		/* an address where tokens may not go */
	OSC_NO_MEMORY
};

/*
 * Classify.  json: the answer's body where it is JSON, else NULL; platform: it
 * came from one of the platform's own services, not from a service's API or an instance.
 */
enum osc_answer osc_answer_of(struct arena *a, const struct http_request *rq, const struct json *json, bool platform);

/* It tells nothing of what was asked: the thing may be there or not, have been done or not. */
bool osc_answer_is_uncertain(enum osc_answer answer);

/* The platform's own words: plain text, bounded, nothing secret in it.  Never NULL. */
const char *osc_answer_text(struct arena *a, const struct http_request *rq, const struct json *json);

/* A sentence for the visitor on an answer that is not OSC_OK; `who` answered ("catalog", "minio-minio"). */
const char *osc_answer_words(struct arena *a, const char *who, enum osc_answer answer, int status, const char *text);

/* Record the failure and return the error that it is. */
WARN_UNUSED enum err osc_answer_fail(struct call *c, const char *who, enum osc_answer answer, int status,
    const char *text);

#endif
