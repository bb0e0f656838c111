/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_CLIENT_H
#define OSCGI_OSC_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/call.h"
#include "base/clock.h"
#include "base/secret.h"
#include "http/http.h"

/*
 * Open Source Cloud as one visitor: an access token (a PAT), the service access
 * tokens (SAT) minted from it, and what is known of the services.  One function per
 * API call stands in the headers beside this one.
 */
struct osc_platform {	/* base URLs without a slash at the end */
	const char *catalog, *token, *deploy, *money;
};

/* A subscribed service, as much of it as calls need. */
struct osc_service {
	const char        *service_id;
	const char        *api_url;
	bool               is_job;
	const char *const *secret_options;	/* names of options whose values are secrets; NULL-terminated */
	struct secret      sat;
	int64_t            sat_expires_at_s;
};

/*
 * What is known of the visitor's services.  Kept sealed beside the session by the
 * owner of the client, so that a call to a known service costs one call upstream.
 */
struct osc_known {
	struct osc_service *services;
	size_t              n;
	bool                changed;	/* worth keeping again */
};

struct osc_client {
	struct http               *http;
	struct clock              *clock;
	const struct osc_platform *platform;
	struct call               *call;	/* strings of everything below are in its arena */
	struct secret              access_token;
	struct osc_known           known;

	/* The platform refused the access token early: get another one, once.  ERR_NO_SESSION when there is none. */
	enum err (*renew)(void *ctx, struct secret *access_token);
	void      *renew_ctx;
};

/* What is known as bytes (JSON) and back; unreadable bytes give an empty one. */
WARN_UNUSED enum err osc_known_write(const struct osc_known *known, struct arena *a, const char **text, size_t *len);
void osc_known_read(struct osc_known *known, struct arena *a, const char *text, size_t len);

#endif
