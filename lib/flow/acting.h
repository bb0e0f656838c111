/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_ACTING_H
#define OSCGI_FLOW_ACTING_H

#include "app.h"
#include "base/call.h"
#include "osc/client.h"
#include "session/session.h"

/*
 * Act as the visitor of `s`: the token is made valid first (renewed when due),
 * then `osc` is a client of the platform, ready to use.  Everything in it lives in the
 * call's arena.
 *
 * ERR_NO_SESSION  the platform will not renew the token: a new sign-in is needed
 * ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT  it could not be renewed now; nothing is lost
 * ERR_STORE, ERR_NOMEM
 */
struct acting {
	struct app         *app;
	struct call        *call;
	struct session     *session;
	struct osc_platform platform;
	struct osc_client   osc;
};

WARN_UNUSED enum err acting_open(struct acting *act, struct app *app, struct call *c, struct session *s);
/* Keep what was learned of the visitor's services. */
void acting_close(struct acting *act);

#endif
