/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BASE_ERR_H
#define OSCGI_BASE_ERR_H

/*
 * The causes of failure that some caller decides by.  Everything a network, a
 * disk or a visitor can cause is one of these; what only a programmer can cause
 * is asserted.  Codes of other libraries end at the edge that met them.
 */
enum err {
	ERR_OK = 0,
	ERR_BAD_REQUEST,	/* a field, parameter or header is wrong */
	ERR_BAD_HOST,		/* addressed under a name that is not ours */
	ERR_STATE_MISMATCH,	/* no such sign-in under way in this browser */
	ERR_NO_SESSION,		/* nobody is signed in, or no longer */
	ERR_ACCESS_DENIED,	/* the visitor refused consent */
	ERR_CROSS_SITE,		/* a browser says that another site sent it */
	ERR_NOT_FOUND,
	ERR_METHOD,
	ERR_CONFLICT,		/* exists already, or changed meanwhile */
	ERR_TOO_LARGE,
	ERR_MEDIA_TYPE,
	ERR_TOO_MANY,		/* of something at once */
	ERR_GRANT_REJECTED,	/* invalid_grant: a new sign-in is needed */
	ERR_CLIENT_REJECTED,	/* invalid_client: a new registration is needed */
	ERR_REFUSED,		/* the platform understood and said no */
	ERR_UPSTREAM,		/* no answer, or 5xx: trying later may help */
	ERR_UPSTREAM_TIMEOUT,
	ERR_PROTOCOL,		/* an answer that makes no sense */
	ERR_BUSY,		/* somebody else holds it; waited as long as allowed */
	ERR_STORE,		/* the store cannot be read or written now */
	ERR_CONFIG,		/* a setting is missing or wrong */
	ERR_NOMEM,
	ERR__MAX
};

#define WARN_UNUSED __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* What the outside is told of each; total over the enum. */
struct err_info {
	const char *name;	/* in log lines */
	const char *title;	/* RFC 9457 title, and of the error page */
	int         status;	/* HTTP */
	int         log_level;	/* enum log_level */
	int         retry_after_s;	/* it may well be over by then; 0 = no telling */
};

/* Borrowed from a constant table, never NULL. */
const struct err_info *err_info(enum err e);

#endif
