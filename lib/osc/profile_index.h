/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_PROFILE_INDEX_H
#define OSCGI_OSC_PROFILE_INDEX_H

#include "osc/client.h"

#define OSC_PROFILES_MAX 100

/*
 * The names in an index of SVT Encore profiles: "name: location" lines (YAML), which the encoder fetches without a
 * token, so this does too.
 *
 * url     of the index
 * *names  in its order, in the call's arena; those that no job could ask for are left out
 * *n      0..OSC_PROFILES_MAX; 0 where the index is not given to anybody, or not (yet) there
 *
 * ERR_NOMEM, and nothing else.
 */
WARN_UNUSED enum err osc_profile_index_read(struct osc_client *o, const char *url, const char ***names, size_t *n);

#endif
