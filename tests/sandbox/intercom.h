/* SPDX-License-Identifier: MIT */
/* Productions, their lines and who is on them, of one intercom manager. */
#ifndef SANDBOX_INTERCOM_H
#define SANDBOX_INTERCOM_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "world.h"

struct intercom {
	struct world *world;
	int users;			/* the instance and its threads */
	unsigned generation;
	bool ready;			/* it has reached what it depends on */
	char *smb_url, *smb_key, *db_url;	/* as at the start */
	cJSON *productions;		/* newest last: {"name","productionId","lines":[...]} */
	int last_production, last_line;
	unsigned changes;		/* counts what a long poll waits for */
};

struct intercom *intercom_new(struct world *world);
void intercom_release(struct intercom *intercom);

/* Look for the SFU and the database until both are there: starts a thread. */
void intercom_connect(struct intercom *intercom);

/* NULL: there is none. */
cJSON *production_find(const struct intercom *intercom, const char *id);
cJSON *line_find(const cJSON *production, const char *id);

/* name: to compare with; except: NULL, or a line that may have it. */
bool line_name_taken(const cJSON *production, const char *name, const cJSON *except);

cJSON *line_add(struct intercom *intercom, cJSON *production, const char *name, bool program_output);

/* The participant that a session id names; sets the line.  NULL: there is none. */
cJSON *participant_find(const struct intercom *intercom, const char *session_id, cJSON **line);

#endif
