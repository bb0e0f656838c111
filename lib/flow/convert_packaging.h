/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_CONVERT_PACKAGING_H
#define OSCGI_FLOW_CONVERT_PACKAGING_H

#include "flow/convert.h"

/*
 * What becomes of jobs that were made for streaming.  The encoder tells the callback listener once that one has
 * succeeded, the listener puts it into the queue, and the packager takes it out and works on it with the visitor's
 * token.  Who is started anew has lost what it had in hand, a packager whose token is over drops what it takes, and
 * neither is told to anybody: so whoever looks at a job whose playlist stays away has the listener told again.
 */
enum packaging {
	PACKAGING_NONE,		/* not made for streaming, or not encoded (yet) */
	PACKAGING_RUNNING,
	PACKAGING_DONE,
	PACKAGING_FAILED	/* given up; should the playlist come all the same, it is done */
};

struct packaged {
	const struct json *job;		/* as the encoder has it */
	bool               removed;	/* by the visitor: what is packaged after that goes, too */
	enum packaging     packaging;
	const char        *playlist;	/* of one that is done: its address, for everybody */
};

/* The packager has a token that lasts; told a new one, it is started anew. */
WARN_UNUSED enum err packaging_prepare(const struct convert *cv, struct system *sys);

/* How it is about them, and do what is to be done.  What fails is tried again by the next look. */
WARN_UNUSED enum err packaging_look(const struct convert *cv, struct system *sys, const struct osc_s3 *s3,
    struct packaged *jobs, size_t n);

/* Where the packager puts what it makes of a job, in the bucket of results; NULL: out of memory, or no such job. */
const char *packaging_folder(struct arena *a, const struct json *job);

#endif
