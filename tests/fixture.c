/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "crypto/keyring.h"
#include "store/store_mem.h"

static struct fixture *
of_clock(struct clock *c)
{
	return (struct fixture *)((char *)c - offsetof(struct fixture, clock));
}

static int64_t
now_s(struct clock *c)
{
	return of_clock(c)->now_ms / 1000;
}

static int64_t
mono_ms(struct clock *c)
{
	return of_clock(c)->now_ms;
}

static void
sleep_ms(struct clock *c, int ms)
{
	of_clock(c)->now_ms += ms;
}

static void
answer(struct fixture *fx, struct call *c, struct http_request *rq)
{
	const struct fixture_reply none = { 0 }, *r = fx->calls < fx->replies_n ? &fx->replies[fx->calls] : &none;
	size_t n = rq->body_len < sizeof(fx->last_body) - 1 ? rq->body_len : sizeof(fx->last_body) - 1;

	fx->calls++;
	snprintf(fx->last_url, sizeof(fx->last_url), "%s", rq->url);
	if (n > 0)
		memcpy(fx->last_body, rq->body, n);
	fx->last_body[n] = '\0';
	if (r->meanwhile != NULL)
		r->meanwhile(r->ctx);
	rq->sent = true;
	rq->retry_after_s = -1;
	rq->result = r->status == 0 ? ERR_UPSTREAM : ERR_OK;
	rq->status = r->status;
	rq->answer_type = "application/json";
	rq->answer = arena_strdup(c->arena, r->body != NULL ? r->body : "");
	rq->answer_len = strlen(rq->answer);
}

static enum err
perform(struct http *h, struct call *c, struct http_request *rq, size_t n, void (*tick)(void *), void *tick_ctx)
{
	struct fixture *fx = (struct fixture *)((char *)h - offsetof(struct fixture, http));
	size_t i;

	for (i = 0; i < n; i++) {
		if (tick != NULL)
			tick(tick_ctx);
		answer(fx, c, &rq[i]);
	}
	return ERR_OK;
}

static void
close_nothing(struct http *h)
{
	(void)h;
}

static const struct http_backend scripted = { perform, close_nothing };

static void
no_log(const char *line, size_t len)
{
	(void)line;
	(void)len;
}

void
fixture_open(struct fixture *fx)
{
	static const char *const nobody[] = { NULL };

	memset(fx, 0, sizeof(*fx));
	log_set_sink(no_log);
	fx->clock = (struct clock){ now_s, mono_ms, sleep_ms };
	fx->now_ms = 1790000000000;
	fx->http.backend = &scripted;
	strcpy(fx->dir, "/tmp/oscgi-test.XXXXXX");
	if (mkdtemp(fx->dir) == NULL)
		abort();
	snprintf(fx->key_path, sizeof(fx->key_path), "%s/key", fx->dir);
	arena_init(&fx->arena, 32 * 1024 * 1024);	/* of all requests together */
	fx->app.clock = &fx->clock;
	fx->app.http = &fx->http;
	fx->app.config = (struct config){
		.client_id = "", .client_name = "Test", .osc_app_url = "https://app.example", .osc_catalog_url = "https://catalog.example",
		.osc_token_url = "https://token.example", .osc_deploy_url = "https://deploy.example",
		.osc_money_url = "https://money.example", .public_url = "", .trusted_proxies = nobody, .allowed_hosts = nobody,
		.cookie_name = "oscgi", .session_idle_s = 86400, .session_max_s = 604800, .upstream_timeout_s = 15,
	};
	if (store_mem_open(&fx->clock, &fx->app.store) != ERR_OK || keyring_open(fx->key_path, &fx->app.keys) != ERR_OK)
		abort();
	fixture_next_request(fx);
}

void
fixture_close(struct fixture *fx)
{
	store_close(fx->app.store);
	keyring_close(fx->app.keys);
	arena_free(&fx->arena);
	unlink(fx->key_path);
	rmdir(fx->dir);
	log_set_sink(NULL);
}

void
fixture_reply_while(struct fixture *fx, int status, const char *body, void (*meanwhile)(void *), void *ctx)
{
	if (fx->replies_n == FIXTURE_REPLIES)
		abort();
	fx->replies[fx->replies_n++] = (struct fixture_reply){ status, body, meanwhile, ctx };
}

void
fixture_reply(struct fixture *fx, int status, const char *body)
{
	fixture_reply_while(fx, status, body, NULL, NULL);
}

void
fixture_forget_replies(struct fixture *fx)
{
	fx->replies_n = fx->calls = 0;
}

/* The arena is kept, not reset: tests look at what an earlier request answered. */
void
fixture_next_request(struct fixture *fx)
{
	fx->call = (struct call){ .arena = &fx->arena, .request_id = "test" };
}

void
fixture_pass(struct fixture *fx, int seconds)
{
	fx->now_ms += (int64_t)seconds * 1000;
}
