/* SPDX-License-Identifier: MIT */
#include "doctor/doctor.h"

#define ASK_TIMEOUT_MS 8000
#define ANSWER_MAX     (4u * 1024 * 1024)	/* a program that is sent as a file comes whole */

void
ask(struct visit *v, struct http_request *rq, size_t n)
{
	size_t i;
	enum err e;

	for (i = 0; i < n; i++) {
		rq[i].timeout_ms = ASK_TIMEOUT_MS;
		rq[i].answer_max_bytes = ANSWER_MAX;
	}
	hearing_begin();
	e = http_perform(v->app->http, &v->call, rq, n, NULL, NULL);
	(void)hearing_end();
	for (i = 0; e != ERR_OK && i < n; i++)
		rq[i].result = e;
}
