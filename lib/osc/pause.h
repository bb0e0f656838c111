/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_PAUSE_H
#define OSCGI_OSC_PAUSE_H

#include "osc/client.h"

/*
 * Pauses between tries: each longer than the one before, up to a fifth shorter by
 * chance so that those who failed together do not come back together.
 */
struct osc_pause {
	int next_ms;
	int percent;	/* of a pause is the next one: 200 doubles */
	int max_ms;
};

/*
 * Wait for the next try, or as long as the platform asked for (Retry-After; below 1: it
 * did not).  False, without waiting, when the call's deadline leaves no time for a try after it.
 */
bool osc_pause(struct osc_client *o, struct osc_pause *p, int retry_after_s);

#endif
