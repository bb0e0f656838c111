/* SPDX-License-Identifier: MIT */
#include "fake_http.h"

#include <stdio.h>
#include <string.h>

static struct fake_rule *
rule_for(struct fake_http *f, const struct http_request *rq)
{
	for (size_t i = 0; i < f->rules_n; i++) {
		struct fake_rule *r = &f->rules[i];

		if (strcmp(r->method, rq->method) != 0 || strcmp(r->url, rq->url) != 0)
			continue;
		if (r->token != NULL && (rq->token == NULL || strcmp(r->token, rq->token) != 0))
			continue;
		if (r->times == 0 || r->used < r->times)
			return r;
	}
	return NULL;
}

static void
capture(struct fake_http *f, const struct http_request *rq)
{
	struct fake_asked *asked;

	if (f->asked_n == FAKE_ASKED_MAX)
		return;
	asked = &f->asked[f->asked_n++];
	asked->method = arena_strdup(&f->arena, rq->method);
	asked->url = arena_strdup(&f->arena, rq->url);
	asked->token = arena_strdup(&f->arena, rq->token);
	asked->content_type = arena_strdup(&f->arena, rq->content_type);
	asked->body = rq->body == NULL ? NULL : arena_strndup(&f->arena, rq->body, rq->body_len);
	asked->auth = rq->auth;
	asked->reach = rq->reach;
	asked->replayable = rq->replayable;
	asked->batch = f->batches;
}

static enum err
fake_perform(struct http *http, struct call *c, struct http_request *rq, size_t n, void (*tick)(void *), void *ctx)
{
	struct fake_http *f = (struct fake_http *)(void *)http;

	f->batches++;
	for (size_t i = 0; i < n; i++) {
		struct fake_rule *r = rule_for(f, &rq[i]);

		capture(f, &rq[i]);
		if (tick != NULL)
			tick(ctx);
		if (r == NULL) {
			printf("# no rule for %s %s\n", rq[i].method, rq[i].url);
			f->unexpected++;
			continue;
		}
		r->used++;
		rq[i].result = r->result;
		rq[i].sent = true;
		rq[i].retry_after_s = r->retry_after_s;
		if (r->result != ERR_OK)
			continue;
		rq[i].status = r->status;
		rq[i].answer_type = r->type;
		rq[i].answer = arena_strdup(c->arena, r->body);
		rq[i].answer_len = strlen(r->body);
	}
	return ERR_OK;
}

static void
nothing(struct http *http)
{
	(void)http;
}

static const struct http_backend backend = { fake_perform, nothing };

void
fake_http_open(struct fake_http *f)
{
	memset(f, 0, sizeof(*f));
	f->http.backend = &backend;
	arena_init(&f->arena, 16 * 1024 * 1024);
}

void
fake_http_close(struct fake_http *f)
{
	arena_free(&f->arena);
}

void
fake_http_reset(struct fake_http *f)
{
	arena_reset(&f->arena);
	memset(f->rules, 0, sizeof(f->rules));
	f->rules_n = f->asked_n = 0;
	f->batches = f->unexpected = 0;
}

static void
add(struct fake_http *f, struct fake_rule rule)
{
	rule.retry_after_s = -1;
	if (f->rules_n < FAKE_RULES_MAX)
		f->rules[f->rules_n++] = rule;
}

void
fake_http_rule(struct fake_http *f, const char *method, const char *url, const char *token, int times, int status,
    const char *body)
{
	add(f, (struct fake_rule){ .method = arena_strdup(&f->arena, method), .url = arena_strdup(&f->arena, url),
		.token = arena_strdup(&f->arena, token), .times = times, .status = status,
		.type = *body == '<' ? "text/html" : *body == '\0' ? "" : "application/json",
		.body = arena_strdup(&f->arena, body) });
}

void
fake_http_retry_after(struct fake_http *f, int seconds)
{
	f->rules[f->rules_n - 1].retry_after_s = seconds;
}

void
fake_http_fail(struct fake_http *f, const char *method, const char *url, int times, enum err result)
{
	add(f, (struct fake_rule){ .method = arena_strdup(&f->arena, method), .url = arena_strdup(&f->arena, url),
		.times = times, .result = result });
}

static bool
fits(const struct fake_asked *asked, const char *method, const char *url)
{
	return (method == NULL || strcmp(method, asked->method) == 0) && (url == NULL || strcmp(url, asked->url) == 0);
}

int
fake_http_count(const struct fake_http *f, const char *method, const char *url)
{
	int n = 0;

	for (size_t i = 0; i < f->asked_n; i++)
		n += fits(&f->asked[i], method, url);
	return n;
}

const struct fake_asked *
fake_http_last(const struct fake_http *f, const char *method, const char *url)
{
	const struct fake_asked *last = NULL;

	for (size_t i = 0; i < f->asked_n; i++)
		if (fits(&f->asked[i], method, url))
			last = &f->asked[i];
	return last;
}
