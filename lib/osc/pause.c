/* SPDX-License-Identifier: MIT */
#include "osc/pause.h"

#include <limits.h>

#include "crypto/crypto.h"

#define SHORTER_PERCENT 20
#define TRY_MS          500	/* less than this is no time for a try */

static int
by_chance(int ms)
{
	uint32_t random;

	crypto_random(&random, sizeof(random));
	return ms - (int)((int64_t)ms * SHORTER_PERCENT / 100 * (int64_t)(random >> 8) / (1 << 24));
}

/* Until the call's deadline; INT_MAX without one. */
static int
time_left_ms(const struct osc_client *o)
{
	int64_t left;

	if (o->call->deadline_ms == 0)
		return INT_MAX;
	left = o->call->deadline_ms - clock_mono_ms(o->clock);
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

bool
osc_pause(struct osc_client *o, struct osc_pause *p, int retry_after_s)
{
	int64_t ms = by_chance(p->next_ms), longer = (int64_t)p->next_ms * p->percent / 100;

	if (retry_after_s > 0 && (int64_t)retry_after_s * 1000 > ms)
		ms = (int64_t)retry_after_s * 1000;
	if (ms + TRY_MS > time_left_ms(o))
		return false;
	clock_sleep_ms(o->clock, (int)ms);
	p->next_ms = longer > p->max_ms ? p->max_ms : (int)longer;
	return true;
}
