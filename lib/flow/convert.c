/* SPDX-License-Identifier: MIT */
#include "flow/convert.h"

#include <string.h>

#include "base/text.h"
#include "flow/convert_files.h"
#include "osc/catalog.h"
#include "osc/ids.h"
#include "osc/link.h"
#include "osc/profile_index.h"

#define SAVE_TRIES      5
#define JOB_FACT_LIFE_S (8 * 86400)	/* the encoder forgets jobs after seven days */
#define JOB_FACTS_MAX   2000		/* so that the record is never full of them */

enum err
convert_load(const struct convert *cv, struct system *sys)
{
	enum err e = system_load(cv->app, cv->call, cv->tenant, CONVERT_FAMILY, CONVERT_NAME, sys);

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err
convert_load_ready(const struct convert *cv, struct system *sys, struct osc_s3 *s3)
{
	enum err e = convert_load(cv, sys);

	if (e != ERR_OK)
		return e;
	if (system_fact(sys, CONVERT_FACT_READY) == NULL || system_fact(sys, CONVERT_FACT_ENCODER_URL) == NULL
	    || !convert_storage(sys, s3))
		return call_fail(cv->call, ERR_CONFLICT, "There is no pipeline that is ready; make it first.");
	return ERR_OK;
}

enum err
convert_change(const struct convert *cv, struct system *sys,
    void (*change)(const struct convert *, struct system *, const void *), const void *ctx)
{
	enum err e = ERR_BUSY;

	for (int i = 0; i < SAVE_TRIES && e == ERR_BUSY; i++) {
		change(cv, sys, ctx);
		e = system_save(sys);
		if (e != ERR_BUSY)
			break;
		e = convert_load(cv, sys);
		if (e == ERR_OK)
			e = ERR_BUSY;
	}
	return e;
}

/*
 * Facts of jobs
 */

/* NULL: the job has no id, or out of memory. */
static const char *
job_fact(const struct convert *cv, const char *what, const char *id)
{
	return arena_concat(cv->call->arena, what, " ", id);
}

int64_t
convert_job_when(const struct convert *cv, const struct system *sys, const char *what, const char *id)
{
	const char *fact = job_fact(cv, what, id);

	return fact == NULL ? 0 : system_fact_s(sys, fact);
}

static bool
is_of_job(const struct json *fact)
{
	return text_starts_with(json_name(fact), CONVERT_JOB_REMOVED) || text_starts_with(json_name(fact), CONVERT_JOB_ASKED);
}

void
convert_job_note(const struct convert *cv, struct system *sys, const char *what, const char *id)
{
	int64_t now = clock_now_s(cv->app->clock);
	const char *fact = job_fact(cv, what, id);
	const struct json *facts = json_get(sys->document, "facts"), *next;
	int many = 0;

	for (const struct json *j = json_first(facts); j != NULL; j = json_next(j))
		many += is_of_job(j);
	/* The oldest come first. */
	for (const struct json *j = json_first(facts); j != NULL; j = next) {
		next = json_next(j);
		if (!is_of_job(j) || (many < JOB_FACTS_MAX && now - system_when_s(json_text(j)) <= JOB_FACT_LIFE_S))
			continue;
		system_fact_set(sys, json_name(j), NULL);
		many--;
	}
	if (fact != NULL)
		system_fact_set_s(sys, fact, now);
}

static const char *const services[] = { CONVERT_STORAGE, CONVERT_QUEUE, CONVERT_PROFILES, CONVERT_ENCODER,
	CONVERT_LISTENER, CONVERT_PACKAGER };
#define SERVICES  (sizeof(services) / sizeof(services[0]))
#define ESSENTIAL 4	/* of them; the others are for streaming */

/* Those that the visitor has, with the health of the instance that is ours, asked side by side. */
static enum err
add_services(const struct convert *cv, struct json *out)
{
	struct arena *a = cv->call->arena;
	struct osc_call calls[2 * SERVICES];
	struct osc_service *s;
	struct json *list;
	size_t n = 0;
	enum err e;

	e = osc_catalog_list(cv->osc, &list);
	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < SERVICES; i++) {
		s = osc_catalog_known(cv->osc, services[i]);
		if (s == NULL)
			continue;
		calls[n] = (struct osc_call){ .who = services[i], .service = s, .method = "GET",
			.url = osc_join(a, s->api_url, CONVERT_NAME) };
		calls[n + 1] = (struct osc_call){ .who = services[i], .service = s, .method = "GET",
			.url = osc_link_in(a, s, NULL, OSC_LINK_HEALTH, CONVERT_NAME) };
		if (calls[n].url == NULL || calls[n + 1].url == NULL)
			return ERR_NOMEM;
		n += 2;
	}
	e = osc_calls(cv->osc, calls, n);
	for (size_t i = 0; e == ERR_OK && i < n; i += 2) {
		const char *status = calls[i + 1].answer == OSC_OK ? json_string(calls[i + 1].json, "status") : NULL;
		struct json *entry = json_object(a);

		if (calls[i].answer == OSC_NOT_THERE)
			continue;
		json_set_string(entry, "serviceId", calls[i].who);
		json_set_string(entry, "name", CONVERT_NAME);
		json_set_string(entry, "url", calls[i].answer == OSC_OK ? json_string(calls[i].json, "url") : NULL);
		json_set_string(entry, "status", status != NULL ? status : "unknown");
		json_append(out, entry);
	}
	return e;
}

/* Whether all that it needs is among those. */
static bool
is_whole(const struct system *sys, const struct json *list)
{
	for (size_t i = 0; i < (system_fact(sys, CONVERT_FACT_STREAMING) != NULL ? SERVICES : ESSENTIAL); i++)
		if (json_find(list, "serviceId", services[i]) == NULL)
			return false;
	return true;
}

/* What jobs may ask for. */
static enum err
add_profiles(const struct convert *cv, const struct system *sys, struct json *out)
{
	const char *index = system_fact(sys, CONVERT_FACT_PROFILES_URL), **names;
	size_t n = 0;
	enum err e = index == NULL ? ERR_OK : osc_profile_index_read(cv->osc, index, &names, &n);

	for (size_t i = 0; i < n; i++)
		json_append_string(out, names[i]);
	if (n == 0)
		json_append_string(out, CONVERT_PROFILE);
	return e;
}

enum err
convert_read(const struct convert *cv, struct json **out)
{
	struct json *list = json_array(cv->call->arena), *profiles = json_array(cv->call->arena);
	const char *status = "incomplete";
	struct operation *op;
	struct system sys;
	enum err e;

	e = convert_load(cv, &sys);
	if (e == ERR_OK)
		e = operation_unfinished(cv->app, cv->call, cv->tenant, CONVERT_FAMILY ".", CONVERT_NAME, &op);
	if (e == ERR_OK)
		e = add_services(cv, list);
	if (e != ERR_OK)
		return e;
	if (op != NULL)
		status = strcmp(op->kind, convert_remove.kind) == 0 ? "removing" : "making";
	else if (system_fact(&sys, CONVERT_FACT_READY) != NULL && is_whole(&sys, list))
		status = "ready";
	else if (sys.version == 0)
		status = "absent";
	if (strcmp(status, "ready") == 0)
		e = add_profiles(cv, &sys, profiles);
	if (e != ERR_OK)
		return e;
	*out = json_object(cv->call->arena);
	json_set_string(*out, "status", status);
	json_set_bool(*out, "streaming", system_fact(&sys, CONVERT_FACT_STREAMING) != NULL);
	json_set(*out, "profiles", profiles);
	json_set(*out, "services", list);
	json_set_string(*out, "operation", op != NULL ? op->id : NULL);
	return ERR_OK;
}
