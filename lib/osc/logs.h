/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_LOGS_H
#define OSCGI_OSC_LOGS_H

#include "osc/upstream.h"

/*
 * What an instance or a job has written, as text fit for people: UTF-8, lines, passwords in
 * URLs and tokens covered.  lines: the last so many; 0 = all.  *text is in the call's arena.
 * Failures as in instance.h.
 */
WARN_UNUSED enum err osc_logs_read(struct osc_client *o, struct osc_service *s, const char *name, int lines,
    const char **text);

#endif
