/* SPDX-License-Identifier: MIT */
#include "osc/encore.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "osc/ids.h"

#define ACCEPT "application/hal+json, application/json"

static const char *
address(struct osc_client *o, const char *url, const char *rest)
{
	struct arena *a = o->call->arena;

	return arena_concat(a, osc_without_slash(a, url), "/encoreJobs", rest);
}

static struct osc_call
call_for(struct osc_service *s, const char *method, const char *url)
{
	return (struct osc_call){ .who = s->service_id, .service = s, .method = method, .url = url,
		.auth = HTTP_AUTH_BEARER, .accept = ACCEPT };
}

enum err
osc_encore_ready(struct osc_client *o, struct osc_service *s, const char *url, bool *ready)
{
	struct osc_call call = call_for(s, "GET", address(o, url, "?page=0&size=1"));
	enum err e;

	if (call.url == NULL)
		return ERR_NOMEM;
	e = osc_calls(o, &call, 1);
	*ready = e == ERR_OK && call.answer == OSC_OK && call.json != NULL;
	return e;
}

enum err
osc_encore_jobs(struct osc_client *o, struct osc_service *s, const char *url, int page, int size, struct json **out)
{
	const char *rest = arena_printf(o->call->arena, "?page=%d&size=%d", page, size);
	struct osc_call call = call_for(s, "GET", address(o, url, rest));

	return osc_call_json(o, &call, JSON_OBJECT, out);
}

static const char *
job_address(struct osc_client *o, const char *url, const char *id)
{
	return osc_join(o->call->arena, address(o, url, ""), id);
}

enum err
osc_encore_job(struct osc_client *o, struct osc_service *s, const char *url, const char *id, struct json **job)
{
	struct osc_call call = call_for(s, "GET", job_address(o, url, id));

	return osc_call_json(o, &call, JSON_OBJECT, job);
}

enum err
osc_encore_job_create(struct osc_client *o, struct osc_service *s, const char *url, const struct json *body,
    struct json **job)
{
	struct osc_call call = call_for(s, "POST", address(o, url, ""));

	call.body = body;
	return osc_call_json(o, &call, JSON_OBJECT, job);
}

enum err
osc_encore_job_cancel(struct osc_client *o, struct osc_service *s, const char *url, const char *id)
{
	const char *job = job_address(o, url, id);
	struct osc_call call = call_for(s, "POST", osc_join(o->call->arena, job, "cancel"));
	enum err e;

	if (call.url == NULL)
		return ERR_NOMEM;
	e = osc_calls(o, &call, 1);
	if (e != ERR_OK || call.answer == OSC_OK || call.answer == OSC_NOT_THERE || call.answer == OSC_TAKEN)
		return e;
	return osc_call_failed(o, &call);
}

bool
osc_encore_is_word(const char *s)
{
	return strchr("._-", *s) == NULL && text_is_made_of(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._-", OSC_ENCORE_WORD_MAX);
}

bool
osc_encore_has_ended(const struct json *job)
{
	static const char *const ended[] = { "SUCCESSFUL", "FAILED", "CANCELLED" };
	const char *status = json_string(job, "status");

	for (size_t i = 0; status != NULL && i < sizeof(ended) / sizeof(ended[0]); i++)
		if (strcmp(status, ended[i]) == 0)
			return true;
	return false;
}

/* "2026-01-02T03:04:05.678+01:00" */
int64_t
osc_encore_completed_s(const struct json *job)
{
	const char *date = json_string(job, "completedDate"), *zone;
	int hours = 0, minutes = 0, len = 0;
	struct tm tm = { 0 };
	int64_t ahead_s;

	if (date == NULL || sscanf(date, "%4d-%2d-%2dT%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
	    &tm.tm_min, &tm.tm_sec, &len) != 6)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	zone = date + len;
	zone += strspn(zone, ".0123456789");
	if (*zone != 'Z' && (strchr("+-", *zone) == NULL || sscanf(zone + 1, "%2d:%2d", &hours, &minutes) != 2))
		return 0;
	ahead_s = hours * 3600 + minutes * 60;
	return timegm(&tm) - (*zone == '-' ? -ahead_s : ahead_s);
}

enum err
osc_encore_announce(struct osc_client *o, struct osc_service *s, const char *url, const struct json *job)
{
	struct json *body = json_object(o->call->arena);
	struct osc_call call = { .who = s->service_id, .service = s, .method = "POST", .body = body, .no_token = true,
		.replayable = true };
	const char *bare = osc_without_slash(o->call->arena, url);

	call.url = arena_concat(o->call->arena, bare, OSC_ENCORE_CALLBACK);
	if (call.url == NULL)
		return ERR_NOMEM;
	json_set_string(body, "jobId", json_string(job, "id"));
	json_set_string(body, "externalId", json_string(job, "externalId"));
	json_set_int(body, "progress", 100);
	json_set_string(body, "status", "SUCCESSFUL");
	return osc_call(o, &call);
}
