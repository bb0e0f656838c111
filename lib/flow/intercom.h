/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_INTERCOM_H
#define OSCGI_FLOW_INTERCOM_H

#include "flow/work.h"

/*
 * Open Intercom: a system is an SFU, a CouchDB and an intercom manager of one name in
 * the visitor's workspace.
 */
#define INTERCOM_FAMILY "intercom"

extern const struct recipe intercom_create, intercom_delete;

/* Whose systems. */
struct intercom {
	struct app        *app;
	struct call       *call;
	struct osc_client *osc;
	const char        *tenant;
};

/* {"systems":[{"name","url","operation"}]}: url null until it was made, operation the id of an unfinished one or null. */
WARN_UNUSED enum err intercom_list(const struct intercom *ic, struct json **out);
/* {"name","url","status","operation"}; status is the manager's health.  ERR_NOT_FOUND. */
WARN_UNUSED enum err intercom_read(const struct intercom *ic, const char *name, struct json **out);
/* ERR_NOT_FOUND: there is nothing to delete under that name. */
WARN_UNUSED enum err intercom_exists(const struct intercom *ic, const char *name);

/* {"productions":[{"productionId","name","lines":[{"id","name"}]}],"total":N}.  ERR_NOT_FOUND: no such system. */
WARN_UNUSED enum err intercom_productions(const struct intercom *ic, const char *name, struct json **out);
/* body: checked here: {"name","lines":[{"name"}]}.  ERR_CONFLICT: a production of that name is there. */
WARN_UNUSED enum err intercom_production_create(const struct intercom *ic, const char *name, const struct json *body,
    struct json **out);

#endif
