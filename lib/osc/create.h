/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_CREATE_H
#define OSCGI_OSC_CREATE_H

#include "json/json.h"
#include "osc/upstream.h"

/*
 * Make something that has a name, once.  What failed for the moment is tried up to
 * three times, each time only after a look whether it was made after all: after a
 * time-out it may have been.
 */
struct osc_creation {
	const char         *who;
	struct osc_service *service;	/* as in struct osc_call */
	const char         *url;	/* POST */
	const struct json  *body;
	const char         *name;
	const char         *look_url;	/* GET: the thing itself, or a list of such things in which its name is looked for */
};

/*
 * *document: the thing, as made or as found.  Of a failure the first certain answer is
 * told; ERR_CONFLICT: there was one of that name before.
 */
WARN_UNUSED enum err osc_create(struct osc_client *o, const struct osc_creation *what, struct json **document);

#endif
