/* SPDX-License-Identifier: MIT */
/*
 * Faults on order: a list of rules, in the setting "faults".  The first rule
 * that matches a request wins and is counted down.
 */
#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "mangle.h"
#include "mem.h"
#include "stream.h"

/* What a rule does to one request; strings live in the request's pool. */
struct fault {
	bool answers;		/* give the answer below in place of the real one */
	bool after;		/* ... after doing the real work */
	bool drop;		/* hang up without an answer */
	const char *kill_file;	/* the process whose id stands there is killed; "" or NULL: none */
	int64_t delay_ms;
	int status;
	const char *content_type;
	const char *body;
	size_t body_len;
	cJSON *headers;		/* NULL, or a copy */
	struct mangle mangle;	/* of whatever is answered */
	struct stream stream;	/* how it is sent; the size is that of a made-up body */
};

/* Kills the process that is to be killed, if there is one. */
void fault_kill(const struct fault *fault);

/* Frees what does not live in the pool. */
void fault_free(struct fault *fault);

/* NULL, or what is wrong with a list of rules. */
const char *faults_check(const cJSON *rules, struct pool *pool);

/* False: no rule matches.  rules: the counts in it change. */
bool fault_find(cJSON *rules, const char *role, const char *method, const char *path, struct pool *pool,
    struct fault *fault);

#endif
