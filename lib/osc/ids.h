/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_IDS_H
#define OSCGI_OSC_IDS_H

#include <stdbool.h>

#include "base/arena.h"

/* A service id: [a-z0-9][a-z0-9-]{0,63}. */
bool osc_is_service_id(const char *s);
/* A name for something new: [a-z0-9]{1,20}.  What exists may be called otherwise. */
bool osc_is_new_name(const char *s);

/* A secret's name: [A-Za-z0-9][A-Za-z0-9._-]{0,127}, and not "batch", at which the platform has something else. */
bool osc_is_secret_name(const char *s);

/* A solution's name: [a-z0-9][a-z0-9-]{0,62}. */
bool osc_is_solution_name(const char *s);
/* https://github.com/OWNER/REPOSITORY and what may follow, without white space and control bytes; at most 512 bytes. */
bool osc_is_github_url(const char *s);

/* base + "/" + segment, percent-encoded; NULL when base is, or out of memory. */
const char *osc_join(struct arena *a, const char *base, const char *segment);
/* The address without slashes at its end; NULL when out of memory. */
const char *osc_without_slash(struct arena *a, const char *url);
/* The scheme and host of an absolute URL; NULL when it is none, or out of memory. */
const char *osc_site_of(struct arena *a, const char *url);

#endif
