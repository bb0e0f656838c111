/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_SIGNOUT_H
#define OSCGI_FLOW_SIGNOUT_H

#include "app.h"
#include "base/call.h"
#include "session/session.h"

/*
 * End a session: it is gone from the store before the platform is told (where
 * it can be told) that the token is no longer needed.  ERR_STORE when it could not be removed.
 */
WARN_UNUSED enum err signout_run(struct app *app, struct call *c, const struct session *s);

/*
 * Tell the platform that the tokens of a session that has ended are no longer needed (RFC 7009),
 * within 5 s.  Best effort, logged: the visitor is signed out here whatever the platform says.
 */
void signout_revoke(struct app *app, struct call *c, const struct session *s);

#endif
