/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_TESTS_FAKE_HTTP_H
#define OSCGI_TESTS_FAKE_HTTP_H

#include "base/arena.h"
#include "http/http.h"

/* HTTP with scripted answers; what was asked is kept to be looked at. */
#define FAKE_RULES_MAX 128
#define FAKE_ASKED_MAX 256

struct fake_rule {
	const char *method, *url, *token;	/* token NULL: any */
	int         times;			/* how often it answers; 0 = always */
	enum err    result;
	int         status;
	const char *type, *body;
	int         retry_after_s;		/* -1: the answer has none */
	int         used;
};

struct fake_asked {
	const char         *method, *url, *token, *body, *content_type;
	enum http_auth_kind auth;
	enum http_reach     reach;
	bool                replayable;
	int                 batch;	/* requests of the same http_perform share it */
};

struct fake_http {
	struct http       http;	/* first */
	struct arena      arena;
	struct fake_rule  rules[FAKE_RULES_MAX];
	size_t            rules_n;
	struct fake_asked asked[FAKE_ASKED_MAX];
	size_t            asked_n;
	int               batches, unexpected;	/* unexpected: no rule fitted */
};

void fake_http_open(struct fake_http *f);
void fake_http_close(struct fake_http *f);
/* Forget rules and what was asked. */
void fake_http_reset(struct fake_http *f);

/* The first fitting rule that has answers left answers.  JSON unless the body begins with '<'. */
void fake_http_rule(struct fake_http *f, const char *method, const char *url, const char *token, int times, int status,
    const char *body);
/* The last rule's answers ask to wait so long. */
void fake_http_retry_after(struct fake_http *f, int seconds);
/* No answer: this failure. */
void fake_http_fail(struct fake_http *f, const char *method, const char *url, int times, enum err result);

/* How often this was asked; NULL = any. */
int fake_http_count(const struct fake_http *f, const char *method, const char *url);
/* The last of these; NULL = none. */
const struct fake_asked *fake_http_last(const struct fake_http *f, const char *method, const char *url);

#endif
