/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <assert.h>

#include "base/log.h"

static const struct err_info table[] = {
	[ERR_OK]               = { "ok", "OK", 200, LOG_LEVEL_INFO, 0 },
	[ERR_BAD_REQUEST]      = { "bad_request", "Bad request", 400, LOG_LEVEL_INFO, 0 },
	[ERR_BAD_HOST]         = { "bad_host", "Wrong host", 400, LOG_LEVEL_WARN, 0 },
	[ERR_STATE_MISMATCH]   = { "state_mismatch", "Invalid state parameter", 400, LOG_LEVEL_WARN, 0 },
	[ERR_NO_SESSION]       = { "no_session", "Not signed in", 401, LOG_LEVEL_INFO, 0 },
	[ERR_ACCESS_DENIED]    = { "access_denied", "Access was not granted", 403, LOG_LEVEL_INFO, 0 },
	[ERR_CROSS_SITE]       = { "cross_site", "Refused: sent by another site", 403, LOG_LEVEL_WARN, 0 },
	[ERR_NOT_FOUND]        = { "not_found", "Not found", 404, LOG_LEVEL_INFO, 0 },
	[ERR_METHOD]           = { "method", "Method not allowed", 405, LOG_LEVEL_INFO, 0 },
	[ERR_CONFLICT]         = { "conflict", "Conflict", 409, LOG_LEVEL_INFO, 0 },
	[ERR_TOO_LARGE]        = { "too_large", "Body too large", 413, LOG_LEVEL_INFO, 0 },
	[ERR_MEDIA_TYPE]       = { "media_type", "Unsupported media type", 415, LOG_LEVEL_INFO, 0 },
	[ERR_TOO_MANY]         = { "too_many", "Too many at once", 429, LOG_LEVEL_INFO, 0 },
	[ERR_GRANT_REJECTED]   = { "grant_rejected", "The sign-in was refused", 502, LOG_LEVEL_WARN, 0 },
	[ERR_CLIENT_REJECTED]  = { "client_rejected", "This site is not registered", 502, LOG_LEVEL_ERROR, 0 },
	[ERR_REFUSED]          = { "refused", "Open Source Cloud refused", 502, LOG_LEVEL_INFO, 0 },
	[ERR_UPSTREAM]         = { "upstream", "Open Source Cloud does not answer", 502, LOG_LEVEL_WARN, 0 },
	[ERR_UPSTREAM_TIMEOUT] = { "upstream_timeout", "Open Source Cloud takes too long", 504, LOG_LEVEL_WARN, 0 },
	[ERR_PROTOCOL]         = { "protocol", "Open Source Cloud gave an answer that makes no sense", 502, LOG_LEVEL_WARN, 0 },
	[ERR_BUSY]             = { "busy", "Busy", 503, LOG_LEVEL_WARN, 2 },
	[ERR_STORE]            = { "store", "The session store is not available", 503, LOG_LEVEL_ERROR, 5 },
	[ERR_CONFIG]           = { "config", "This site is not set up correctly", 503, LOG_LEVEL_ERROR, 0 },
	[ERR_NOMEM]            = { "nomem", "Out of memory", 500, LOG_LEVEL_ERROR, 0 },
};
_Static_assert(sizeof(table) / sizeof(table[0]) == ERR__MAX, "every cause has its row");

const struct err_info *
err_info(enum err e)
{
	assert((unsigned)e < ERR__MAX);
	return &table[e];
}
