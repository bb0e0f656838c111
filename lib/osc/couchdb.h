/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_COUCHDB_H
#define OSCGI_OSC_COUCHDB_H

#include "osc/client.h"

#define OSC_COUCHDB_USER "admin"

/*
 * Make a database in a visitor's CouchDB; one that is there already is fine.  Harmless to repeat.
 * url: of the instance.  ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT: it does not answer (yet), also with its
 * ingress speaking; ERR_REFUSED: it does, and no (a wrong password).
 */
WARN_UNUSED enum err osc_couchdb_make(struct osc_client *o, const char *url, const char *password,
    const char *database);

/* The address with user, password and database in it; NULL: not a URL, or out of memory. */
const char *osc_couchdb_address(struct arena *a, const char *url, const char *password, const char *database);

#endif
