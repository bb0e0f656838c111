/* SPDX-License-Identifier: MIT */
#include "osc/instance.h"

#include <string.h>

#include "osc/ids.h"

#define CREATE_TRIES     3
#define CREATE_PAUSE_MS  1000	/* the first; the next is four times that: a request waits no longer */
#define AWAIT_PAUSE_MS   500	/* the first; each next is half as long again, up to: */
#define AWAIT_PAUSE_MAX_MS 3000
#define AWAIT_CALL_MS    4000

enum err
osc_instance_list(struct osc_client *o, struct osc_service *s, struct json **list)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "GET", .url = s->api_url };

	return osc_call_json(o, &call, JSON_ARRAY, list);
}

enum err
osc_instance_get(struct osc_client *o, struct osc_service *s, const char *name, struct json **document)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "GET",
		.url = osc_join(o->call->arena, s->api_url, name) };

	return osc_call_json(o, &call, JSON_OBJECT, document);
}

enum err
osc_instance_change(struct osc_client *o, struct osc_service *s, const char *name, const struct json *options,
    struct json **document)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "PATCH",
		.url = osc_join(o->call->arena, s->api_url, name), .body = options };

	return osc_call_json(o, &call, JSON_OBJECT, document);
}

enum err
osc_instance_remove(struct osc_client *o, struct osc_service *s, const char *name)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "DELETE",
		.url = osc_join(o->call->arena, s->api_url, name) };

	return call.url == NULL ? ERR_NOMEM : osc_call(o, &call);
}

/* Might the instance have been made, or be made by trying again? */
static bool
is_uncertain(enum osc_answer answer)
{
	return answer == OSC_TRANSIENT || answer == OSC_TIMEOUT || answer == OSC_NOT_READY || answer == OSC_NONSENSE;
}

enum err
osc_instance_create(struct osc_client *o, struct osc_service *s, const struct json *body, struct json **document)
{
	const char *url = osc_join(o->call->arena, s->api_url, json_string(body, "name"));
	int pause_ms = CREATE_PAUSE_MS;
	struct osc_call post, look;
	enum err e;

	if (url == NULL)
		return ERR_NOMEM;
	look.answer = OSC_NOT_THERE;
	for (int try = 1;; try++) {
		/* Only what is certainly not there is created again. */
		if (look.answer == OSC_NOT_THERE) {
			post = (struct osc_call){ .who = s->service_id, .service = s, .method = "POST",
				.url = s->api_url, .body = body };
			e = osc_calls(o, &post, 1);
			if (e != ERR_OK)
				return e;
		}
		*document = post.json;
		if (post.answer == OSC_OK && post.json != NULL && json_kind(post.json) == JSON_OBJECT)
			return ERR_OK;
		if (post.answer != OSC_OK && !is_uncertain(post.answer))
			return osc_call_failed(o, &post);
		if (try > 1 || post.answer != OSC_TIMEOUT) {
			if (osc_time_left_ms(o) < 2 * pause_ms)
				return osc_call_failed(o, &post);
			clock_sleep_ms(o->clock, pause_ms);
			pause_ms *= 4;
		}
		look = (struct osc_call){ .who = s->service_id, .service = s, .method = "GET", .url = url };
		e = osc_calls(o, &look, 1);
		if (e != ERR_OK)
			return e;
		*document = look.json;
		if (look.answer == OSC_OK && look.json != NULL && json_kind(look.json) == JSON_OBJECT)
			return ERR_OK;
		if (try == CREATE_TRIES)
			return osc_call_failed(o, &post);
	}
}

const char *
osc_instance_link(struct arena *a, const struct osc_service *s, const struct json *document, const char *rel,
    const char *name)
{
	const char *site = osc_site_of(a, s->api_url);
	const char *href = json_string(json_get(json_get(document, "_links"), rel), "href");
	const char *base;

	if (site == NULL)
		return NULL;
	if (href != NULL && href[0] == '/' && href[1] != '/' && strchr(href, '\\') == NULL)
		return arena_concat(a, site, href, NULL);
	base = arena_concat(a, site, "/", rel, NULL);
	return base == NULL ? NULL : osc_join(a, base, name);
}

enum err
osc_instance_health(struct osc_client *o, struct osc_service *s, const char *name, struct json **health)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "GET",
		.url = osc_instance_link(o->call->arena, s, NULL, "health", name) };

	return osc_call_json(o, &call, JSON_OBJECT, health);
}

void
osc_instance_await(struct osc_client *o, struct osc_service *s, const char *name, int wait_ms)
{
	const char *url = osc_instance_link(o->call->arena, s, NULL, "health", name);
	int64_t until_ms = clock_mono_ms(o->clock) + wait_ms;
	int pause_ms = AWAIT_PAUSE_MS;

	while (url != NULL) {
		struct osc_call call = { .who = s->service_id, .service = s, .method = "GET", .url = url,
			.timeout_ms = AWAIT_CALL_MS };
		const char *status;
		int64_t left_ms = until_ms - clock_mono_ms(o->clock);

		if (left_ms <= 0 || osc_time_left_ms(o) < 2 * AWAIT_PAUSE_MS)
			return;
		if (left_ms < call.timeout_ms)
			call.timeout_ms = (int)left_ms;
		if (osc_calls(o, &call, 1) != ERR_OK) {
			call_recover(o->call);	/* the instance was made: that is the answer */
			return;
		}
		status = call.answer == OSC_OK ? json_string(call.json, "status") : NULL;
		if (status != NULL && (strcmp(status, "running") == 0 || strcmp(status, "failed") == 0))
			return;
		if (clock_mono_ms(o->clock) + pause_ms >= until_ms || osc_time_left_ms(o) < 2 * pause_ms)
			return;
		clock_sleep_ms(o->clock, pause_ms);
		pause_ms = pause_ms * 3 / 2 > AWAIT_PAUSE_MAX_MS ? AWAIT_PAUSE_MAX_MS : pause_ms * 3 / 2;
	}
}
