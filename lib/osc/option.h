/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_OPTION_H
#define OSCGI_OSC_OPTION_H

#include "base/call.h"
#include "json/json.h"
#include "osc/client.h"

/* The options that a service's instances take, and what can be told of a body before it is sent. */

/*
 * As much of a record's options as checking needs: [{"name","type","pattern","mandatory","enums"}], all but the name
 * where they are there.  NULL when out of memory.
 */
struct json *osc_options_of(struct arena *a, const struct json *record);

enum osc_options_use {
	OSC_TO_CREATE,	/* what is mandatory must be there */
	OSC_TO_CHANGE
};

/*
 * Each member of the body against the service's options: known, of its type, one of its
 * words, fit for its pattern as far as pattern.h can tell.  What stands behind a placeholder is
 * the platform's to judge.  ERR_BAD_REQUEST with words that say what is allowed.  ERR_NOMEM.
 */
WARN_UNUSED enum err osc_options_check(struct call *c, const struct osc_service *s, const struct json *body,
    enum osc_options_use use);

/*
 * What needs no record: that values are strings, numbers or booleans.  ERR_BAD_REQUEST with words.
 */
WARN_UNUSED enum err osc_options_check_plain(struct call *c, const struct json *body);

#endif
