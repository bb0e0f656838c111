/* SPDX-License-Identifier: MIT */
/* Requests signed with AWS Signature Version 4, in headers or in the query. */
#ifndef SANDBOX_SIGV4_H
#define SANDBOX_SIGV4_H

#include <stdbool.h>

#include "call.h"

struct sigv4_keys {
	const char *access, *secret, *region;
};

struct sigv4 {
	bool anonymous;			/* not signed at all */
	const char *payload;		/* the hash of the body that was signed, or a word in its place */
	int status;			/* of the refusal */
	const char *code, *message;
};

/* False: refused, as status, code and message say.  Strings live in the call's pool. */
bool sigv4_check(struct call *call, const struct sigv4_keys *keys, struct sigv4 *result);

#endif
