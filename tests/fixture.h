/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_TESTS_FIXTURE_H
#define OSCGI_TESTS_FIXTURE_H

#include <stdint.h>

#include "app.h"
#include "base/call.h"
#include "http/http.h"

#define FIXTURE_REPLIES 16

/* One scripted answer: status 0 = none comes; `meanwhile` runs while the request is under way. */
struct fixture_reply {
	int         status;
	const char *body;
	void      (*meanwhile)(void *ctx);
	void       *ctx;
};

/* A world of a test's own: memory store, scripted HTTP, a clock that stands still, a key file of its own. */
struct fixture {
	struct app           app;
	struct arena         arena;
	struct call          call;
	struct clock         clock;
	int64_t              now_ms;
	struct http          http;
	struct fixture_reply replies[FIXTURE_REPLIES];
	int                  replies_n, calls;	/* calls: requests made so far */
	char                 last_url[512], last_body[8192];
	char                 dir[64], key_path[80];
};

void fixture_open(struct fixture *fx);
void fixture_close(struct fixture *fx);
/* Queue an answer.  A request beyond the queue gets none. */
void fixture_reply(struct fixture *fx, int status, const char *body);
void fixture_reply_while(struct fixture *fx, int status, const char *body, void (*meanwhile)(void *), void *ctx);
void fixture_forget_replies(struct fixture *fx);
/* A new request: its words and memory begin anew. */
void fixture_next_request(struct fixture *fx);
void fixture_pass(struct fixture *fx, int seconds);

#endif
