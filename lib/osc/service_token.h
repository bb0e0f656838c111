/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_SERVICE_TOKEN_H
#define OSCGI_OSC_SERVICE_TOKEN_H

#include "osc/upstream.h"

/*
 * Service access tokens: minted from the access token, one for each service, kept
 * in what is known until 60 s before they expire.
 */

/*
 * Mint, side by side, what the open ones among the calls need and is not known.  A
 * call whose token cannot be had is closed with the token service's answer.
 */
WARN_UNUSED enum err osc_service_tokens(struct osc_client *o, struct osc_call *calls, size_t n);

/* It was refused: forget it. */
void osc_service_token_refused(struct osc_client *o, struct osc_service *service);

#endif
