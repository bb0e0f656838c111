/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_SYSTEM_H
#define OSCGI_FLOW_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

#include "app.h"
#include "base/call.h"
#include "json/json.h"
#include "store/store.h"

/*
 * What is remembered of a system that a recipe made for a tenant, until it is
 * removed: the credentials that were generated for it (the platform never gives a
 * secret back), what was made and so may be removed again, and facts that later calls
 * need.  Sealed under the key file and the tenant's name.
 *
 * Each change is written before what it announces is done.
 */
struct system {
	char         store_name[STORE_NAME_MAX + 1];
	uint64_t     version;	/* 0: not stored yet */
	const char  *tenant, *kind, *name;
	struct json *document;
	struct app  *app;
	struct call *call;
};

/* ERR_NOT_FOUND: nothing is remembered; *out is then a new one that system_save stores.  ERR_STORE, ERR_NOMEM. */
WARN_UNUSED enum err system_load(struct app *app, struct call *c, const char *tenant, const char *kind,
    const char *name, struct system *out);
/* Durable.  ERR_BUSY: somebody else wrote meanwhile.  ERR_TOO_LARGE, with words: what others said is too long to be kept. */
WARN_UNUSED enum err system_save(struct system *s);
/* Forget it, credentials and all.  Absent is fine. */
WARN_UNUSED enum err system_forget(struct system *s);

/* The names of a tenant's systems of a kind, in no order. */
WARN_UNUSED enum err system_names(struct app *app, struct call *c, const char *tenant, const char *kind,
    const char ***names, size_t *n);

enum system_alphabet {
	SYSTEM_ALPHANUMERIC,	/* a-z A-Z 0-9 */
	SYSTEM_MIXED		/* the same, with at least one of each */
};
/* The credential, or NULL. */
const char *system_credential(const struct system *s, const char *key);
/* Make it unless it is there; saved by the caller. */
WARN_UNUSED enum err system_credential_make(struct system *s, const char *key, enum system_alphabet alphabet);
void system_credential_set(struct system *s, const char *key, const char *value);

/* Facts: texts by name; NULL when not known.  Setting NULL removes.  Saved by the caller. */
const char *system_fact(const struct system *s, const char *key);
void system_fact_set(struct system *s, const char *key, const char *value);
/* The same of moments, UTC; 0: not known.  system_when_s: of such a fact's text, or NULL. */
int64_t system_when_s(const char *text);
int64_t system_fact_s(const struct system *s, const char *key);
void system_fact_set_s(struct system *s, const char *key, int64_t when_s);

enum system_thing { SYSTEM_INSTANCE, SYSTEM_SECRET };
enum system_made {
	SYSTEM_NOT_OURS,	/* we did not make it */
	SYSTEM_INTENDED,	/* we were about to: it may be there or not, and if it is, it is ours */
	SYSTEM_MADE
};
enum system_made system_made(const struct system *s, enum system_thing thing, const char *service_id,
    const char *name);
/* Note and save; no write where it is noted already.  SYSTEM_NOT_OURS: it is gone, or was never made. */
WARN_UNUSED enum err system_note(struct system *s, enum system_thing thing, const char *service_id, const char *name,
    enum system_made made);

/* Something of that sort that is noted, of another service than `but` (NULL: of any); false: nothing is. */
bool system_first(const struct system *s, enum system_thing thing, const char *but, const char **service_id,
    const char **name);

#endif
