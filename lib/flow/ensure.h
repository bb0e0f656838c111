/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_ENSURE_H
#define OSCGI_FLOW_ENSURE_H

#include <stdbool.h>

#include "flow/work.h"
#include "json/json.h"
#include "osc/answer.h"
#include "osc/upstream.h"

/*
 * Make sure that something is there, or is not: to be called again and again until
 * it is so, from any state that a killed process may have left behind.  What is made is
 * noted in the system's record before it is made, so that clean-up knows it whatever happens.
 *
 * All return ERR_OK and have called work_wait when it is not so yet.
 */

/* A secret that an option refers to; value is borrowed. */
struct ensure_secret {
	const char *service_id, *name, *value;
	const char *option;	/* of the instance: it is set to the placeholder; NULL: another's */
	bool        passing;	/* a token that is renewed all the time: no reason to tell the instance anew */
};

struct ensure {
	const char                 *service_id, *name;
	struct json                *options;	/* of a new one, without its name; moved */
	const struct ensure_secret *secrets;	/* saved before it is made */
	size_t                      secrets_n;
	/*
	 * The service takes changes: one that was made or told with other values than these is told anew, which
	 * restarts it.  One that was there before is left alone, unless `outdated`: what it knew is no longer true.
	 */
	bool                        told, outdated;
	/* It runs: does the application itself answer?  Transient failures count as no.  NULL: running is enough. */
	enum err                  (*probe)(struct work *w, struct osc_service *s, const struct json *document,
	                              bool *ready);
};

/*
 * An instance of that name runs and answers.  One that is there is taken as it is, a suspended
 * one is resumed.  *document is set when it is ready (w->wait_s == 0).
 * ERR_REFUSED: the platform will not, or its health is "failed", told with the end of its logs.
 */
WARN_UNUSED enum err ensure_instance(struct work *w, const struct ensure *want, struct json **document);

/* Remove an instance if it was made by us; one that is gone, or was there before, is fine.  Suspended ones too. */
WARN_UNUSED enum err ensure_gone(struct work *w, const char *service_id, const char *name);

/* The secret has that value; noted as ours unless somebody had one of that name before. */
WARN_UNUSED enum err ensure_secret(struct work *w, const struct ensure_secret *secret);
/* Remove all secrets that were noted, those of one service excepted (NULL: of none). */
WARN_UNUSED enum err ensure_no_secrets(struct work *w, const char *kept_service);

/* A fact of the system has that value (NULL: is not there), saved. */
WARN_UNUSED enum err ensure_fact(struct work *w, const char *fact, const char *value);
/* Where an instance is to be reached, without a slash at its end.  ERR_PROTOCOL: its document does not say. */
WARN_UNUSED enum err ensure_url_fact(struct work *w, const char *fact, const struct json *document);

/* The service, activated where the visitor does not have it yet. */
WARN_UNUSED enum err ensure_service(struct work *w, const char *service_id, struct osc_service **s);

/* Is an instance there?  *answer: OSC_OK with its *document, OSC_NOT_THERE, or nothing is certain. */
WARN_UNUSED enum err ensure_look(struct work *w, struct osc_service *s, const char *name, enum osc_answer *answer,
    struct json **document);

/*
 * A found instance that we did not make, whose secret option must be known: read it from the document where it
 * stands there openly, else give it a new value (the secret that it refers to is changed, or the option is set to
 * `secret`) and restart it.  The credential of that key is then the value.  Done once: noted as a fact.
 */
WARN_UNUSED enum err ensure_credential(struct work *w, struct osc_service *s, const struct json *document,
    const char *key, const struct ensure_secret *secret);
/* It got a new value, now or in an earlier run: whoever used the old one must be told. */
bool ensure_credential_is_new(struct work *w, const char *service_id);

#endif
