/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_UPSTREAM_H
#define OSCGI_OSC_UPSTREAM_H

#include "json/json.h"
#include "osc/answer.h"
#include "osc/client.h"

/*
 * One call to the platform, as the visitor.  The token goes along as the callee
 * wants it; a token that is refused is replaced and the call repeated, here and
 * nowhere else:
 *
 *   a service's API or an instance   a new service token; still refused: a new
 *                                    access token and from it a new service token
 *   the platform's own services      a new access token
 */
struct osc_call {
	/* what is asked; zero is a good value for what follows the URL */
	const char           *who;	/* for people: "catalog", "minio-minio" */
	struct osc_service   *service;	/* whose service token to use; NULL: a platform service, the access token */
	const char           *method;
	const char           *url;
	const struct json    *body;	/* NULL: none */
	enum http_auth_kind   auth;	/* HTTP_AUTH_NONE: what the callee usually takes */
	const char           *accept;
	int                   timeout_ms;
	bool                  replayable;
	bool                  no_token;	/* none goes along; `service` still says where the call may go */
	bool                  no_other_token;	/* a token that is refused is an answer, and not replaced */

	/* what came of it */
	enum osc_answer       answer;
	int                   status;	/* 0: no answer came */
	const char           *text;	/* the platform's words on a failure */
	struct json          *json;	/* NULL: the body was no JSON */
	const char           *body_text;	/* as it came; never NULL once answered */
	int                   retry_after_s;

	bool                  open;	/* still to be asked; of osc_calls */
};

/*
 * Side by side.  ERR_OK: each has its answer, to be judged by the caller.
 * Else: the access token could not be replaced now (as o->renew says), or ERR_NOMEM.
 */
WARN_UNUSED enum err osc_calls(struct osc_client *o, struct osc_call *calls, size_t n);

/*
 * One, whose failure is recorded in the call: ERR_OK only when its answer is OSC_OK.  A GET
 * for which the service is not ready yet is tried three times, in growing pauses.
 */
WARN_UNUSED enum err osc_call(struct osc_client *o, struct osc_call *call);

/* The same where a body of that kind must come back: *out, else ERR_PROTOCOL.  A NULL url is ERR_NOMEM, for callers
 * that have just built it. */
WARN_UNUSED enum err osc_call_json(struct osc_client *o, struct osc_call *call, enum json_kind kind, struct json **out);

/* Record what became of a call that is not OSC_OK. */
WARN_UNUSED enum err osc_call_failed(struct osc_client *o, const struct osc_call *call);

#endif
