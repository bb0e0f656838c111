/* SPDX-License-Identifier: MIT */
#include "visitor.h"

#include <string.h>

#include "json/json.h"
#include "osc/catalog.h"

struct fake_http f;
struct arena arena;
struct call call;
struct osc_client osc;
int64_t now_ms;
int renewals, slept_ms;
enum err renew_result;

static int64_t test_now_s(struct clock *c) { (void)c; return VISITOR_NOW + now_ms / 1000; }
static int64_t test_mono_ms(struct clock *c) { (void)c; return 1000 + now_ms; }
static void test_sleep_ms(struct clock *c, int ms) { (void)c; now_ms += ms; slept_ms += ms; }
static struct clock test_clock = { test_now_s, test_mono_ms, test_sleep_ms };

static const struct osc_platform platform = {
	.catalog = "https://catalog.example", .token = "https://token.example",
	.deploy = "https://deploy.example", .money = "https://money.example",
};

static enum err
test_renew(void *ctx, struct secret *access_token)
{
	(void)ctx;
	renewals++;
	if (renew_result == ERR_OK)
		access_token->reveal = "pat2";
	return renew_result;
}

void
visitor_open(void)
{
	fake_http_open(&f);
	arena_init(&arena, 16 * 1024 * 1024);
}

void
visitor_close(void)
{
	arena_free(&arena);
	fake_http_close(&f);
}

void
visitor_fresh(void)
{
	fake_http_reset(&f);
	arena_reset(&arena);
	call = (struct call){ .arena = &arena, .request_id = "r1" };
	osc = (struct osc_client){ .http = &f.http, .clock = &test_clock, .platform = &platform, .call = &call,
		.access_token = { "pat1" }, .renew = test_renew };
	now_ms = 0;
	renewals = slept_ms = 0;
	renew_result = ERR_OK;
}

struct osc_service *
visitor_with(const char *service_id, const char *api_url, bool is_job)
{
	const char *known;

	visitor_fresh();
	known = arena_printf(&arena, "[{\"serviceId\":\"%s\",\"apiUrl\":\"%s\",\"isJob\":%s,"
	    "\"secretOptions\":[\"Hidden\"],\"sat\":\"sat0\",\"satExpiresAt\":2000003600}]",
	    service_id, api_url, is_job ? "true" : "false");
	osc_known_read(&osc.known, &arena, known, strlen(known));
	return osc_catalog_known(&osc, service_id);
}

struct json *
visitor_json(const char *text)
{
	struct json *j;

	return json_parse(&arena, text, strlen(text), &j) == ERR_OK ? j : NULL;
}
