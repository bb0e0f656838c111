/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_LINK_H
#define OSCGI_OSC_LINK_H

#include "json/json.h"
#include "osc/upstream.h"

/*
 * What a document links to: operations on the instance that have an address of their
 * own.  A link counts only when it is a path on the service's host.  Without one, the
 * documented paths of health, logs and ports are used; other operations are not offered
 * for that instance.
 *
 * The links of a service's instances differ by the name at their end alone: once one
 * was seen, the next call needs no look at a document first.
 */

/* The address in the document.  NULL: not offered, or out of memory. */
const char *osc_link_in(struct arena *a, const struct osc_service *s, const struct json *document, enum osc_link link,
    const char *name);

/* Take note of the links in a document, or in each of an array. */
void osc_link_learn(struct osc_client *o, struct osc_service *s, const struct json *documents);

/* Does the instance offer it?  Takes note of the documented path where the document has no link. */
bool osc_link_offered(struct osc_client *o, struct osc_service *s, const struct json *document, enum osc_link link);

/* The address by what was learned, which must be something.  NULL: out of memory. */
const char *osc_link_known(struct arena *a, const struct osc_service *s, enum osc_link link, const char *name);

/* Its name in documents. */
const char *osc_link_rel(enum osc_link link);

#endif
