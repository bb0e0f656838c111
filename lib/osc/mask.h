/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_MASK_H
#define OSCGI_OSC_MASK_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/call.h"
#include "json/json.h"

/*
 * What a document says must not reach a browser: values that are secrets, or names
 * of secrets, read OSC_MASK, user name and password in other URLs likewise.
 */
#define OSC_MASK "***"

/* Cover a document, whatever its depth.  secret_options: names whose values are secrets too; NULL-terminated, or NULL. */
void osc_mask_document(struct arena *a, struct json *document, const char *const *secret_options);
/* Cover a service's record, or an array of them: defaults of secret options too. */
void osc_mask_services(struct arena *a, struct json *services);
/* Text for people: without user name and password in URLs, without tokens.  NULL when out of memory. */
const char *osc_mask_text(struct arena *a, const char *text);

/* Somewhere in the document stands what only masking writes: it was read from us and must not be written back. */
bool osc_holds_mask(const struct json *document);
/* ERR_BAD_REQUEST with words where a body holds that. */
WARN_UNUSED enum err osc_check_unmasked(struct call *c, const struct json *body);

#endif
