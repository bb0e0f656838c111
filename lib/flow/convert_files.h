/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_CONVERT_FILES_H
#define OSCGI_FLOW_CONVERT_FILES_H

#include "flow/convert.h"

/* What the pipeline's uploads and jobs share: its storage, and how files are named there. */

/* What is remembered of the pipeline, which may be nothing. */
WARN_UNUSED enum err convert_load(const struct convert *cv, struct system *sys);

/* A pipeline that jobs can be given to.  ERR_CONFLICT: there is none. */
WARN_UNUSED enum err convert_load_ready(const struct convert *cv, struct system *sys, struct osc_s3 *s3);

/* What a browser calls a file, as far as an object may be called so: the rest becomes "-".  NULL: out of memory. */
const char *convert_safe_name(struct arena *a, const char *name);

/* Twelve hexadecimal digits.  NULL: out of memory. */
const char *convert_random_id(struct arena *a);

/* The key in "s3://bucket/key", borrowed from it; NULL: it is none of that bucket. */
const char *convert_key_in(const char *address, const char *bucket);

#endif
