/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BIN_DOCTOR_DOCTOR_H
#define OSCGI_BIN_DOCTOR_DOCTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "app.h"
#include "base/buf.h"
#include "base/call.h"
#include "http/http.h"

/*
 * One visit of the doctor: what is looked at, and what was found.  Checks are
 * rows of checks.def, findings rows of findings.def.
 */
enum finding {
#define FINDING(id, level, headline) id,
#include "doctor/findings.def"
#undef FINDING
	FINDING__MAX
};

/* What later checks stand on. */
#define WELL_STATE    1u	/* STATE_DIR is there, ours, and usable */
#define WELL_KEY      2u	/* the key file is there and good */
#define WELL_STORE    4u	/* can be written and read */
#define WELL_PLATFORM 8u	/* OSC_APP_URL answers */
#define WELL_SITE     16u	/* our programs answer at PUBLIC_URL */

struct visit {
	struct app  *app;
	struct call  call;	/* for what a check asks of others; its arena is `memory` */
	struct arena memory;
	const char  *user, *group;	/* who this runs as, for commands to type */
	unsigned     well;
	int          failures, warnings;
	int64_t      platform_date_s, asked_s;	/* what the platform's clock said, and ours then; 0 = nothing */
	bool         below_cgi_bin;	/* the site's programs are reached at /cgi-bin/NAME */
};

/*
 * Something is wrong: "fail: HEADLINE: details" (printf-like).
 * What is to be done comes next, by visit_do: a command or a setting, exactly.
 */
void visit_found(struct visit *v, enum finding what, const char *fmt, ...) PRINTF_LIKE(3, 4);
void visit_do(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Neither good nor bad, but good to know. */
void visit_note(const char *fmt, ...) PRINTF_LIKE(1, 2);
void visit_well(struct visit *v, unsigned what);

/* Run all checks of the table. */
void visit_run(struct visit *v);

/*
 * What the layers below log while a check runs is heard here instead of being
 * printed: the first error (or warning, without one) since hearing_begin.
 */
struct hearing {
	char event[32], detail[1024];	/* "" = nothing was said */
};

void hearing_begin(void);
const struct hearing *hearing_end(void);

/* The settings as they are, and the findings of those that are wrong; before there is an app. */
void settings_show(const struct config *cf, const struct buf *faults, struct arena *a);
void settings_judge(struct visit *v, const struct config *cf, const struct buf *faults);

/* Many at once, each bounded; the answers in the visit's memory. */
void ask(struct visit *v, struct http_request *rq, size_t n);

#define CHECK(name, needs, function) void function(struct visit *v);
#include "doctor/checks.def"
#undef CHECK

#endif
