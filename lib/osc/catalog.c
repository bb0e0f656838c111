/* SPDX-License-Identifier: MIT */
#include "osc/catalog.h"

#include <string.h>

#include "osc/ids.h"
#include "osc/pause.h"

#define WHO             "catalog"
#define SERVICES_MAX    2000	/* the platform has some two hundred; each may mean a token and calls */
#define APPEAR_MS       8000	/* how long an activated service may take to be listed */
#define APPEAR_PAUSE_MS 200	/* the first pause; they double, up to: */
#define APPEAR_PAUSE_MAX_MS 1600

static const char *
subscriptions_url(struct osc_client *o)
{
	return arena_concat(o->call->arena, o->platform->catalog, "/mysubscriptions");
}

static const char *const *
secret_names(struct arena *a, const struct json *record)
{
	const struct json *options = json_get(record, "serviceInstanceOptions"), *option;
	const char **names = arena_alloc(a, (json_count(options) + 1) * sizeof(*names));
	size_t n = 0;

	if (names == NULL)
		return NULL;
	for (option = json_first(options); option != NULL; option = json_next(option)) {
		const char *name = json_string(option, "name");

		if (name != NULL && json_bool(option, "sensitive", false))
			names[n++] = name;
	}
	return names;
}

static bool
same_names(const char *const *a, const char *const *b)
{
	while (*a != NULL && *b != NULL && strcmp(*a, *b) == 0) {
		a++;
		b++;
	}
	return *a == NULL && *b == NULL;
}

static bool
same_options(struct arena *a, const struct json *x, const struct json *y)
{
	const char *one = x == NULL ? NULL : json_print(a, x, NULL), *other = y == NULL ? NULL : json_print(a, y, NULL);

	return one != NULL && other != NULL && strcmp(one, other) == 0;
}

static bool
same_service(struct arena *arena, const struct osc_service *a, const struct osc_service *b)
{
	return strcmp(a->service_id, b->service_id) == 0 && strcmp(a->api_url, b->api_url) == 0
	    && a->is_job == b->is_job && same_names(a->secret_options, b->secret_options)
	    && same_options(arena, a->options, b->options);
}

/* What is known becomes what the list says; tokens stay with the services they are for. */
static enum err
refresh_known(struct osc_client *o, const struct json *list)
{
	struct arena *a = o->call->arena;
	struct osc_known fresh = { 0 };
	const struct json *record;

	fresh.changed = o->known.changed;
	fresh.services = arena_alloc(a, (json_count(list) + 1) * sizeof(*fresh.services));
	if (fresh.services == NULL)
		return ERR_NOMEM;
	for (record = json_first(list); record != NULL; record = json_next(record)) {
		struct osc_service *s = &fresh.services[fresh.n];
		const char *id = json_string(record, "serviceId"), *url = json_string(record, "apiUrl");
		const char *type = json_string(record, "serviceType");
		const struct osc_service *before;

		if (!osc_is_service_id(id) || url == NULL)
			continue;
		before = osc_catalog_known(o, id);
		s->service_id = id;
		s->api_url = osc_without_slash(a, url);
		s->is_job = type != NULL && strcmp(type, "job") == 0;
		s->secret_options = secret_names(a, record);
		s->options = osc_options_of(a, record);
		if (s->api_url == NULL || s->secret_options == NULL || s->options == NULL)
			return ERR_NOMEM;
		if (before != NULL && strcmp(before->api_url, s->api_url) == 0) {
			memcpy(s->links, before->links, sizeof(s->links));
			s->sat = before->sat;
			s->sat_expires_at_s = before->sat_expires_at_s;
		}
		fresh.changed = fresh.changed || before == NULL || !same_service(a, before, s);
		fresh.n++;
	}
	fresh.changed = fresh.changed || fresh.n != o->known.n;
	o->known = fresh;
	return ERR_OK;
}

enum err
osc_catalog_prepare(struct osc_client *o, struct osc_call *call)
{
	*call = (struct osc_call){ .who = WHO, .method = "GET", .url = subscriptions_url(o) };
	return call->url != NULL ? ERR_OK : ERR_NOMEM;
}

enum err
osc_catalog_accept(struct osc_client *o, const struct osc_call *call, struct json **list)
{
	if (call->answer != OSC_OK)
		return osc_call_failed(o, call);
	if (call->json == NULL || json_kind(call->json) != JSON_ARRAY || json_count(call->json) > SERVICES_MAX)
		return osc_answer_fail(o->call, WHO, OSC_NONSENSE, call->status, "");
	*list = call->json;
	return refresh_known(o, call->json);
}

enum err
osc_catalog_list(struct osc_client *o, struct json **list)
{
	struct osc_call call;
	enum err e;

	e = osc_catalog_prepare(o, &call);
	if (e == ERR_OK)
		e = osc_calls(o, &call, 1);
	if (e != ERR_OK)
		return e;
	return osc_catalog_accept(o, &call, list);
}

struct json *
osc_catalog_record(const struct json *list, const char *service_id)
{
	return json_find(list, "serviceId", service_id);
}

struct osc_service *
osc_catalog_known(struct osc_client *o, const char *service_id)
{
	for (size_t i = 0; i < o->known.n; i++)
		if (strcmp(o->known.services[i].service_id, service_id) == 0)
			return &o->known.services[i];
	return NULL;
}

enum err
osc_catalog_find(struct osc_client *o, const char *service_id, struct osc_service **out)
{
	struct json *list;
	enum err e;

	*out = osc_catalog_known(o, service_id);
	if (*out != NULL)
		return ERR_OK;
	e = osc_catalog_list(o, &list);
	if (e != ERR_OK)
		return e;
	*out = osc_catalog_known(o, service_id);
	if (*out == NULL)
		return call_fail(o->call, ERR_NOT_FOUND, "%s is not among your services; activate it first", service_id);
	return ERR_OK;
}

enum err
osc_catalog_find_for(struct osc_client *o, const char *service_id, enum osc_options_use use, const struct json *body,
    struct osc_service **out)
{
	struct json *list, *record;
	enum err e;

	*out = osc_catalog_known(o, service_id);
	if (*out != NULL && (*out)->options != NULL) {
		e = osc_options_check(o->call, *out, body, use);
		if (e == ERR_OK)
			return e;
		call_recover(o->call);	/* by what was known; the record may have changed */
	}
	e = osc_catalog_list(o, &list);
	if (e == ERR_OK && use == OSC_TO_CREATE && osc_catalog_record(list, service_id) == NULL)
		e = osc_catalog_activate(o, service_id, &record);
	if (e != ERR_OK)
		return e;
	*out = osc_catalog_known(o, service_id);
	if (*out == NULL)
		return call_fail(o->call, ERR_NOT_FOUND, "%s is not among your services; activate it first", service_id);
	return osc_options_check(o->call, *out, body, use);
}

static struct json *
services_body(struct arena *a, const char *service_id)
{
	struct json *body = json_object(a), *services = json_array(a);

	json_append_string(services, service_id);
	json_set(body, "services", services);
	return body;
}

/* The record may come a moment after the activation; its apiUrl is needed for everything else. */
static enum err
await_record(struct osc_client *o, const char *service_id, struct json **record)
{
	struct osc_pause pause = { APPEAR_PAUSE_MS, 200, APPEAR_PAUSE_MAX_MS };
	int64_t until_ms = clock_mono_ms(o->clock) + APPEAR_MS;
	struct json *list;
	enum err e;

	for (;;) {
		e = osc_catalog_list(o, &list);
		if (e != ERR_OK)
			return e;
		*record = osc_catalog_record(list, service_id);
		if (*record != NULL && osc_catalog_known(o, service_id) != NULL)
			return ERR_OK;
		if (clock_mono_ms(o->clock) + pause.next_ms >= until_ms || !osc_pause(o, &pause, 0))
			return call_fail(o->call, ERR_UPSTREAM_TIMEOUT,
			    "%s was activated but does not appear among your services yet", service_id);
	}
}

enum err
osc_catalog_activate(struct osc_client *o, const char *service_id, struct json **record)
{
	struct osc_call call = { .who = WHO, .method = "POST", .replayable = true };
	enum err e;

	call.url = subscriptions_url(o);
	call.body = services_body(o->call->arena, service_id);
	if (call.url == NULL)
		return ERR_NOMEM;
	e = osc_calls(o, &call, 1);
	if (e != ERR_OK)
		return e;
	/* Having it already is what was wanted. */
	if (call.answer != OSC_OK && call.answer != OSC_TAKEN)
		return osc_call_failed(o, &call);
	return await_record(o, service_id, record);
}

static void
forget(struct osc_client *o, const char *service_id)
{
	struct osc_service *s = osc_catalog_known(o, service_id);

	if (s == NULL)
		return;
	*s = o->known.services[o->known.n - 1];
	o->known.n--;
	o->known.changed = true;
}

enum err
osc_catalog_remove(struct osc_client *o, const char *service_id)
{
	struct osc_call call = { .who = WHO, .method = "DELETE" };
	enum err e;

	call.url = osc_join(o->call->arena, subscriptions_url(o), service_id);
	call.body = services_body(o->call->arena, service_id);
	if (call.url == NULL)
		return ERR_NOMEM;
	e = osc_calls(o, &call, 1);
	if (e != ERR_OK)
		return e;
	if (call.answer == OSC_OK || call.answer == OSC_NOT_THERE)
		forget(o, service_id);
	return call.answer == OSC_OK ? ERR_OK : osc_call_failed(o, &call);
}
