/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_SESSION_SESSION_H
#define OSCGI_SESSION_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"
#include "store/store.h"

struct app;

#define SESSION_ID_LEN  43	/* base64url of 256 random bits: the cookie */
#define SESSION_NAME_LEN 43	/* base64url of its SHA-256: what the store knows */
#define SESSION_PRIOR_MAX 8

/* A cookie that this browser held when it began sign-ins that may still be under way. */
struct session_prior {
	char    name[SESSION_NAME_LEN + 1];
	int64_t until_s;
};

/* What is kept of a signed-in visitor.  Strings live in the arena it was loaded into. */
struct session {
	char          id[SESSION_ID_LEN + 1];
	char          name[SESSION_NAME_LEN + 1];
	uint64_t      version;	/* of the record; 0 = not stored yet */

	struct secret access_token, refresh_token;
	int64_t       issued_at_s, expires_at_s;	/* of the access token */
	int64_t       signed_in_at_s, used_at_s;
	int64_t       refresh_tried_at_s;	/* last failed attempt; 0 none */
	const char   *tenant, *subject;	/* as the token says; for display only; NULL unknown */
	const char   *owner;	/* the tenant as the platform named it for the token; what belongs to whom is decided by it; NULL: not asked yet */
	const char   *redirect_uri;	/* the registration that the tokens belong to */
	struct session_prior prior[SESSION_PRIOR_MAX];
	size_t        prior_n;
};

/* base64url characters, SESSION_ID_LEN of them. */
bool session_id_is_wellformed(const char *id);
/* The store's name for a cookie. */
void session_name_of(const char *id, char name[SESSION_NAME_LEN + 1]);
void session_new_id(char id[SESSION_ID_LEN + 1]);

/*
 * ERR_NO_SESSION: none of that id, expired, or sealed so that it cannot be opened (logged).  ERR_STORE.
 */
WARN_UNUSED enum err session_load(struct app *app, const char *id, struct arena *a, struct session *out);

/* Store under a fresh id (s->id, s->name, s->version are filled in); durable. */
WARN_UNUSED enum err session_insert(struct app *app, struct arena *a, struct session *s);
/* Write what changed; ERR_CONFLICT when someone else did meanwhile: load again. */
WARN_UNUSED enum err session_replace(struct app *app, struct arena *a, struct session *s, enum store_durability d);
/* Note that it was used, when that was last noted long enough ago; failures are not worth telling. */
void session_touch(struct app *app, struct arena *a, struct session *s);
/* Remove it and what is kept beside it. Absent is fine. */
WARN_UNUSED enum err session_end(struct app *app, const char *name);

/* What is kept, sealed, beside a session and ends with it: bytes of the owner's choosing. */
WARN_UNUSED enum err session_aside_load(struct app *app, const struct session *s, struct arena *a, const char **data,
    size_t *len);
WARN_UNUSED enum err session_aside_save(struct app *app, const struct session *s, struct arena *a, const void *data,
    size_t len);

#endif
