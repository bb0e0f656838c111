/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_SESSION_CLAIMS_H
#define OSCGI_SESSION_CLAIMS_H

#include "base/arena.h"
#include "session/session.h"

/*
 * Set s->tenant and s->subject to what the access token says, when it is a JWT
 * that says it (RFC 7519).  Nothing is verified: good to show whose workspace this
 * is, never to decide by.
 */
void claims_read(struct arena *a, struct session *s);

#endif
