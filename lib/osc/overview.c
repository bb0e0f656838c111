/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "osc/catalog.h"
#include "osc/instance.h"
#include "osc/link.h"
#include "osc/mask.h"

/*
 * The overview of everything: in three rounds, each side by side.  The first asks
 * for the subscriptions and, without waiting for them, for the instances of the
 * services that are known; the second for those of services that were not; the
 * third for every instance's health.
 */
#define HEALTH_MS 5000	/* one slow instance must not hold up the page */
#define ROWS_MAX  10000	/* a list that has more is not shown: each row is a call */

struct overview {
	struct osc_client *o;
	struct json       *instances, *errors;
	struct osc_call   *lists;	/* one for each service, in the order of what is known */
	size_t             lists_n;
};

static struct osc_call
list_call(struct osc_service *s)
{
	return (struct osc_call){ .who = s->service_id, .service = s, .method = "GET", .url = s->api_url };
}

/* Round one.  *asked: the lists of what was known. */
static enum err
ask_known(struct osc_client *o, struct osc_call **asked, size_t *asked_n)
{
	struct osc_call *calls = arena_alloc(o->call->arena, (o->known.n + 1) * sizeof(*calls));
	struct json *subscriptions;
	size_t n = 1;
	enum err e;

	if (calls == NULL)
		return ERR_NOMEM;
	e = osc_catalog_prepare(o, &calls[0]);
	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < o->known.n; i++)
		if (!o->known.services[i].is_job)
			calls[n++] = list_call(&o->known.services[i]);
	e = osc_calls(o, calls, n);
	if (e == ERR_OK)
		e = osc_catalog_accept(o, &calls[0], &subscriptions);
	*asked = calls + 1;
	*asked_n = n - 1;
	return e;
}

static const struct osc_call *
asked_before(const struct osc_call *asked, size_t n, const struct osc_service *s)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(asked[i].service->service_id, s->service_id) == 0 && strcmp(asked[i].url, s->api_url) == 0)
			return &asked[i];
	return NULL;
}

/* Rounds one and two: ov->lists. */
static enum err
ask_lists(struct overview *ov)
{
	struct osc_client *o = ov->o;
	struct osc_call *asked, *fresh;
	size_t asked_n, fresh_n = 0;
	enum err e;

	e = ask_known(o, &asked, &asked_n);
	if (e != ERR_OK)
		return e;
	ov->lists = arena_alloc(o->call->arena, (o->known.n + 1) * sizeof(*ov->lists));
	fresh = arena_alloc(o->call->arena, (o->known.n + 1) * sizeof(*fresh));
	if (ov->lists == NULL || fresh == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < o->known.n; i++) {
		struct osc_service *s = &o->known.services[i];
		const struct osc_call *before = asked_before(asked, asked_n, s);

		if (s->is_job)
			continue;
		if (before == NULL) {
			fresh[fresh_n++] = list_call(s);
			continue;
		}
		ov->lists[ov->lists_n] = *before;
		ov->lists[ov->lists_n++].service = s;
	}
	e = osc_calls(o, fresh, fresh_n);
	for (size_t i = 0; e == ERR_OK && i < fresh_n; i++)
		ov->lists[ov->lists_n++] = fresh[i];
	return e;
}

static void
add_error(struct overview *ov, const struct osc_call *call)
{
	struct arena *a = ov->o->call->arena;
	struct json *row = json_object(a);
	enum osc_answer answer = call->answer == OSC_OK ? OSC_NONSENSE : call->answer;

	json_set_string(row, "serviceId", call->service->service_id);
	json_set_string(row, "detail", osc_answer_words(a, call->who, answer, call->status, call->text));
	json_append(ov->errors, row);
}

static void
add_row(struct overview *ov, const struct osc_call *health, const struct json *document)
{
	struct arena *a = ov->o->call->arena;
	struct json *row = json_object(a);
	const char *url = json_string(document, "url"), *status = json_string(health->json, "status");

	if (health->answer == OSC_NOT_READY)
		status = "starting";
	else if (health->answer != OSC_OK || status == NULL)
		status = "unknown";
	json_set_string(row, "serviceId", health->service->service_id);
	json_set_string(row, "name", json_string(document, "name"));
	json_set_string(row, "url", url == NULL ? NULL : osc_mask_text(a, url));
	json_set_string(row, "status", status);
	json_append(ov->instances, row);
}

/* The instances of a list, where it is one, and there is room for them. */
static bool
count_rows(const struct osc_call *call, size_t have, size_t *rows)
{
	if (call->answer != OSC_OK || call->json == NULL || json_kind(call->json) != JSON_ARRAY)
		return false;
	*rows = json_count(call->json);
	return *rows <= ROWS_MAX - have;
}

/* Round three, and the rows. */
static enum err
ask_healths(struct overview *ov)
{
	struct arena *a = ov->o->call->arena;
	const struct json **documents, *document;
	struct osc_call *calls;
	size_t max = 0, have = 0, n = 0, rows;
	enum err e;

	for (size_t i = 0; i < ov->lists_n; i++)
		max += count_rows(&ov->lists[i], max, &rows) ? rows : 0;
	calls = arena_alloc(a, (max + 1) * sizeof(*calls));
	documents = arena_alloc(a, (max + 1) * sizeof(*documents));
	if (calls == NULL || documents == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < ov->lists_n; i++) {
		struct osc_service *s = ov->lists[i].service;

		if (!count_rows(&ov->lists[i], have, &rows)) {
			add_error(ov, &ov->lists[i]);
			continue;
		}
		have += rows;
		osc_link_learn(ov->o, s, ov->lists[i].json);
		for (document = json_first(ov->lists[i].json); document != NULL; document = json_next(document)) {
			const char *name = json_string(document, "name");

			if (name == NULL)
				continue;
			calls[n] = (struct osc_call){ .who = s->service_id, .service = s, .method = "GET",
				.url = osc_link_in(a, s, document, OSC_LINK_HEALTH, name), .timeout_ms = HEALTH_MS };
			if (calls[n].url == NULL)
				return ERR_NOMEM;
			documents[n++] = document;
		}
	}
	e = osc_calls(ov->o, calls, n);
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		add_row(ov, &calls[i], documents[i]);
	return e;
}

enum err
osc_instances_all(struct osc_client *o, struct json **out)
{
	struct arena *a = o->call->arena;
	struct overview ov = { .o = o, .instances = json_array(a), .errors = json_array(a) };
	enum err e;

	e = ask_lists(&ov);
	if (e == ERR_OK)
		e = ask_healths(&ov);
	if (e != ERR_OK)
		return e;
	*out = json_object(a);
	json_set(*out, "instances", ov.instances);
	json_set(*out, "errors", ov.errors);
	return *out != NULL ? ERR_OK : ERR_NOMEM;
}
