/* SPDX-License-Identifier: MIT */
/*
 * The log of requests, for assertions.  Tokens, codes and passwords appear in
 * it as "#" and a fingerprint: enough to tell whether two are the same.
 */
#ifndef SANDBOX_JOURNAL_H
#define SANDBOX_JOURNAL_H

#include <cjson/cJSON.h>

#include "call.h"

#define JOURNAL_MAX 20000	/* entries; the oldest go first */

struct journal {
	cJSON *entries;
	unsigned long last_id;
};

void journal_init(struct journal *journal);
void journal_clear(struct journal *journal);
void journal_free(struct journal *journal);

/* A request has come; sets call->log_id. */
void journal_begin(struct journal *journal, struct call *call, const char *origin);

/* It has been answered. */
void journal_end(struct journal *journal, const struct call *call);

#endif
