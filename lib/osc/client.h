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

/* What an instance's document links to; see link.h. */
enum osc_link {
	OSC_LINK_HEALTH,
	OSC_LINK_LOGS,
	OSC_LINK_PORTS,
	OSC_LINK_RESTART,
	OSC_LINK_SCALE,
	OSC_LINK_ENDPOINT,
	OSC_LINK__MAX
};

struct json;

/* A subscribed service, as much of it as calls need. */
struct osc_service {
	const char        *service_id;
	const char        *api_url;
	bool               is_job;
	const char *const *secret_options;	/* names of options whose values are secrets; NULL-terminated */
	const struct json *options;	/* as osc_options_of tells; NULL: not known */
	const char        *links[OSC_LINK__MAX];	/* the path before "/name"; NULL: none was seen */
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

	/* Called at least every 500 ms while a call is under way, to keep a lease; NULL: nothing to keep. */
	void     (*tick)(void *ctx);
	void      *tick_ctx;
};

/* What is known as bytes (JSON) and back; unreadable bytes give an empty one. */
WARN_UNUSED enum err osc_known_write(const struct osc_known *known, struct arena *a, const char **text, size_t *len);
void osc_known_read(struct osc_known *known, struct arena *a, const char *text, size_t len);

#endif
