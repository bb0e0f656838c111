/* SPDX-License-Identifier: MIT */
/* Bodies of requests, read by their type and refused as Fastify refuses them. */
#ifndef SANDBOX_BODY_H
#define SANDBOX_BODY_H

#include "call.h"

/* Fill json or form, or note what is wrong.  form_allowed: forms are read too. */
void body_parse(struct call *call, bool form_allowed);

/* True: something was wrong with it, and the reply says so. */
bool body_refused(struct call *call);

#endif
