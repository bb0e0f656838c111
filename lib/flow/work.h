/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_WORK_H
#define OSCGI_FLOW_WORK_H

#include <stdbool.h>

#include "app.h"
#include "base/call.h"
#include "flow/operation.h"
#include "flow/system.h"
#include "osc/client.h"
#include "session/session.h"

/*
 * Recipes, and the one who follows them.
 *
 * A recipe is a table of steps.  A step's run may be called any number of times, and the
 * process may be killed anywhere in it: each call looks first what is there and does what
 * is missing.  It never waits itself; what takes time is said with work_wait, and
 * the step is run again later, by whoever looks then.
 */
struct work {
	struct app            *app;
	struct call           *call;
	struct osc_client     *osc;
	const struct session  *session;
	struct operation      *op;
	struct operation_step *step;	/* in hand */
	struct system          sys;	/* what is remembered of op->system */
	int                    wait_s;	/* set by work_wait: the step is not done yet */
};

struct recipe_step {
	const char *name;
	const char *service_id;	/* NULL: it makes nothing with a name */
	bool      (*wanted)(const struct json *input);	/* NULL: always */
	/*
	 * ERR_OK: done, unless work_wait was called.  Trouble that may pass (ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT,
	 * ERR_PROTOCOL, ERR_BUSY) is tried again a few times; everything else ends the operation.
	 */
	enum err  (*run)(struct work *w);
};

struct recipe {
	const char               *kind;	/* "intercom.create" */
	const char               *family;	/* "intercom": whose systems it works on */
	const struct recipe_step *steps;
	size_t                    steps_n;
	/* After the last step: what the operation resulted in; NULL: nothing to tell. */
	enum err                (*finish)(struct work *w, struct json **result);
};

/* NULL: no such recipe (any more). */
const struct recipe *recipe_find(const char *kind);

/* Not yet: look again in some seconds (0: as the backoff for waiting says).  detail: a few words, constant. */
void work_wait(struct work *w, int seconds, const char *detail);

/*
 * Begin: the operation is stored, nothing is done yet.
 * system: its name, which is also the one of what its steps make.  input: moved.  The strings are borrowed by *op.
 * Fails as operation_insert.
 */
WARN_UNUSED enum err work_begin(struct app *app, struct call *c, const struct recipe *recipe, const char *tenant,
    const char *session_id, const char *system, struct json *input, struct operation *op);

/* The session of whoever looks: its client is used where the operation is that session's. */
struct work_hands {
	const struct session *session;
	struct osc_client    *osc;
};

/*
 * Advance an operation for about budget_ms, or until there is something to wait for;
 * *op is as it stands then.  Only one does so at a time for a tenant: while another does, *op is
 * what that one last wrote.  hands may be NULL.
 *
 * ERR_OK, also when the operation failed by it; ERR_NOT_FOUND: forgotten meanwhile; ERR_STORE, ERR_CONFIG, ERR_NOMEM.
 */
WARN_UNUSED enum err work_advance(struct app *app, struct call *c, struct operation *op,
    const struct work_hands *hands, int budget_ms);

/* Go on from the failed step, for this session.  ERR_CONFLICT: it has not failed, or its system is being worked on. */
WARN_UNUSED enum err work_retry(struct app *app, struct call *c, struct operation *op, const char *session_id);

/* Ask an unfinished operation to stop; what it made stays. */
WARN_UNUSED enum err work_cancel(struct app *app, struct call *c, struct operation *op,
    const struct work_hands *hands);

/*
 * Advance everybody's unfinished operations once each, until is_enough says so, which is asked before each;
 * *unfinished says how many of those that had their turn are left.
 */
WARN_UNUSED enum err work_all(struct app *app, int budget_ms, bool (*is_enough)(void), int *unfinished);

#endif
