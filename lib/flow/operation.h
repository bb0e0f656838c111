/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_OPERATION_H
#define OSCGI_FLOW_OPERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app.h"
#include "base/call.h"
#include "json/json.h"
#include "store/store.h"

/*
 * Long work as a durable record: what is to be done, how far it came, whose it is.
 *
 * Found by tenant, sealed under the key file.  It holds no token.  While it is
 * unfinished it holds the id of its session, so that the worker can open that session
 * and no other; the id leaves the record in the same write that ends it.
 */
#define OPERATION_ID_LEN   22	/* base64url of 128 random bits */
#define OPERATION_LIFE_S   (30 * 86400)	/* after the last change */
#define OPERATION_KEPT_MAX 100	/* ended ones of a tenant: a new one takes the place of the oldest */
#define OPERATION_UNFINISHED_MAX 50	/* of a tenant */

enum operation_status { OPERATION_PENDING, OPERATION_RUNNING, OPERATION_SUCCEEDED, OPERATION_FAILED,
	OPERATION_CANCELLED, OPERATION_STATUS__MAX };

struct operation_step {
	const char           *name;
	const char           *service_id, *instance;	/* what it makes or removes; NULL: nothing with a name */
	const char           *detail;	/* what is going on, in a few words; may be NULL */
	enum operation_status status;
	int64_t               started_at_s, ended_at_s;	/* 0: not yet */
};

/* Strings and documents live in the arena that it was loaded into. */
struct operation {
	char                   name[STORE_NAME_MAX + 1];	/* in the store */
	uint64_t               version;	/* of the record */
	const char            *id, *tenant;
	const char            *kind;	/* of a recipe: "intercom.create" */
	const char            *system;	/* what it works on: only one unfinished operation at a time does */
	const char            *session_id;	/* NULL once it has ended */
	enum operation_status  status;
	bool                   cancel;	/* somebody asked to stop it */
	int                    polls, failures, missing;	/* of the step in hand */
	int64_t                wait_until_s;	/* nothing is to be done before */
	int64_t                created_at_s, updated_at_s;
	struct json           *input, *result, *error;	/* error: a problem object; NULL: none */
	struct operation_step *steps;
	size_t                 steps_n;
};

bool operation_has_ended(const struct operation *op);
/* "running" and the like. */
const char *operation_status_name(enum operation_status s);

/*
 * Store a new one: tenant, kind, system, session_id, input and steps are the caller's, the rest is filled in.
 * With words: ERR_CONFLICT: an unfinished operation of the tenant works on the same system; ERR_TOO_MANY: it has too many.
 * ERR_BUSY, ERR_STORE, ERR_NOMEM.
 */
WARN_UNUSED enum err operation_insert(struct app *app, struct call *c, struct operation *op);

/* ERR_NOT_FOUND: the tenant has none of that id.  ERR_STORE, ERR_NOMEM. */
WARN_UNUSED enum err operation_load(struct app *app, struct call *c, const char *tenant, const char *id,
    struct operation *out);

/* Write what changed.  ERR_CONFLICT: somebody else wrote meanwhile; ERR_NOT_FOUND: forgotten meanwhile. */
WARN_UNUSED enum err operation_save(struct app *app, struct call *c, struct operation *op, enum store_durability d);
WARN_UNUSED enum err operation_forget(struct app *app, struct call *c, const struct operation *op);

/*
 * Looking what a tenant has under way, and storing what follows from it, is one act for all who start or restart
 * something: who holds the gate is alone at it.  To be released as a lease.  ERR_BUSY: not within two seconds.
 */
WARN_UNUSED enum err operation_gate(struct app *app, const char *tenant, struct store_lease *gate);

/* Those of a tenant, newest first.  One that cannot be opened is left out, here and in the next. */
WARN_UNUSED enum err operation_list(struct app *app, struct call *c, const char *tenant, struct operation **list,
    size_t *n);
/* The one of a list that works on a system of these kinds (a prefix: "intercom.") and has not ended; NULL: none does. */
struct operation *operation_at_work(struct operation *list, size_t n, const char *kinds, const char *system);
/* Everybody's unfinished ones, as many as the arena has room for, in no order. */
WARN_UNUSED enum err operation_list_unfinished(struct app *app, struct call *c, struct operation **list, size_t *n);

/* That one of a tenant's; *out NULL: none. */
WARN_UNUSED enum err operation_unfinished(struct app *app, struct call *c, const char *tenant, const char *kinds,
    const char *system, struct operation **out);

/* As browsers see it.  NULL when out of memory. */
struct json *operation_document(struct arena *a, const struct operation *op);

#endif
