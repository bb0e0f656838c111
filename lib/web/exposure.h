/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_WEB_EXPOSURE_H
#define OSCGI_WEB_EXPOSURE_H

#include "base/err.h"

struct config;
struct request;

/* The roots that were found good last, so that they are not looked up for each request. */
struct exposure {
	char roots[512];	/* "" = none yet */
};

/*
 * Does the web server serve what is ours alone?  Looks where STATE_DIR, KEY_FILE,
 * CLIENT_SECRET_FILE, STORE_PASSWORD_FILE and the settings file are, against the
 * directories that the server says it serves (DOCUMENT_ROOT, CONTEXT_DOCUMENT_ROOT).
 *
 * ERR_STORE  one of them is there: words that name the setting, and no path
 * ERR_NOMEM
 */
WARN_UNUSED enum err exposure_check(struct request *rq, const struct config *cf, struct exposure *known);

#endif
