/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BASE_CLOCK_H
#define OSCGI_BASE_CLOCK_H

#include <stdint.h>

/*
 * Time comes from here and nowhere else, so that tests can hold it still.
 *   now_s    seconds since the epoch, UTC
 *   mono_ms  milliseconds from an arbitrary point, never going back
 *   sleep_ms waits; a test's clock just moves forward
 */
struct clock {
	int64_t (*now_s)(struct clock *);
	int64_t (*mono_ms)(struct clock *);
	void    (*sleep_ms)(struct clock *, int ms);
};

extern struct clock clock_system;

static inline int64_t clock_now_s(struct clock *c) { return c->now_s(c); }
static inline int64_t clock_mono_ms(struct clock *c) { return c->mono_ms(c); }
static inline void clock_sleep_ms(struct clock *c, int ms) { c->sleep_ms(c, ms); }

#endif
