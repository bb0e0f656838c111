/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_TESTS_VISITOR_H
#define OSCGI_TESTS_VISITOR_H

#include "fake_http.h"
#include "osc/client.h"

/*
 * A client of the platform whose answers are scripted and whose clock only moves when
 * somebody sleeps.  Its access token is "pat1", renewed it is "pat2".
 */
#define VISITOR_NOW 2000000000

extern struct fake_http f;
extern struct arena arena;
extern struct call call;
extern struct osc_client osc;
extern int64_t now_ms;			/* passed since visitor_fresh */
extern int renewals, slept_ms;
extern enum err renew_result;

void visitor_open(void);
void visitor_close(void);
/* One about whom nothing is known yet; what was scripted and asked is forgotten. */
void visitor_fresh(void);
/* The same who has this service, with the token "sat0" that is good for another hour. */
struct osc_service *visitor_with(const char *service_id, const char *api_url, bool is_job);
/* Parsed; NULL when it is no JSON. */
struct json *visitor_json(const char *text);

#endif
