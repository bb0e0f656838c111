/* SPDX-License-Identifier: MIT */
/* What the rest of the sandbox does to a CouchDB instance. */
#ifndef SANDBOX_COUCHDB_H
#define SANDBOX_COUCHDB_H

#include "instance.h"

/* Make a database, unless it is there. */
void couchdb_create(struct instance *instance, const char *database);

#endif
