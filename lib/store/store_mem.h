/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_STORE_MEM_H
#define OSCGI_STORE_STORE_MEM_H

#include "store/store.h"

/* The backend of the unit tests: one process, gone with it. */
WARN_UNUSED enum err store_mem_open(struct clock *clock, struct store **out);

/* How many living records have names that begin with prefix. */
int store_mem_count(struct store *s, const char *prefix);
/* The n-th write from now on (1 = the next), and all after it, fail with ERR_STORE; 0 = none. */
void store_mem_fail_writes(struct store *s, int from_nth);
/* Every lease is over, as one that was not kept in time is elsewhere. */
void store_mem_lapse_leases(struct store *s);

#endif
