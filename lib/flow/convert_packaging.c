/* SPDX-License-Identifier: MIT */
#include "flow/convert_packaging.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "osc/catalog.h"
#include "osc/encore.h"
#include "osc/operate.h"
#include "osc/secret.h"

#define PLAYLIST       "index.m3u8"
#define TOKEN_MARGIN_S 600
#define SETTLE_S       60	/* after it was told to start anew, until the one of before takes nothing more */
#define PATIENCE_S     600	/* with a packager of which nothing wrong is known: films and queues may be long */

static const char *const asked_facts[] = { CONVERT_JOB_ASKED "1", CONVERT_JOB_ASKED "2", CONVERT_JOB_ASKED "3" };
#define ASKED_MAX (sizeof(asked_facts) / sizeof(asked_facts[0]))

/*
 * The packager works with the visitor's own token
 */

static void
note_token(const struct convert *cv, struct system *sys, const void *hash)
{
	system_fact_set(sys, CONVERT_FACT_TOKEN, hash);
	system_fact_set_s(sys, CONVERT_FACT_TOKEN_UNTIL, cv->session->expires_at_s);
	system_fact_set_s(sys, CONVERT_FACT_PACKAGER_SINCE, clock_now_s(cv->app->clock));
}

/* Its token would end before it has packaged: a new one, which it takes up when it starts again. */
enum err
packaging_prepare(const struct convert *cv, struct system *sys)
{
	const char *known = system_fact(sys, CONVERT_FACT_TOKEN), *name = convert_secret_name(cv->call->arena, "pat");
	struct osc_service *packager;
	char hash[CRYPTO_TEXT_LEN + 1];
	enum err e;

	if (system_fact(sys, CONVERT_FACT_STREAMING) == NULL)
		return ERR_OK;
	crypto_sha256_text(cv->osc->access_token.reveal, hash);
	if (known != NULL && (strcmp(known, hash) == 0
	    || system_fact_s(sys, CONVERT_FACT_TOKEN_UNTIL) - clock_now_s(cv->app->clock) > TOKEN_MARGIN_S))
		return ERR_OK;
	if (name == NULL)
		return ERR_NOMEM;
	e = osc_catalog_find(cv->osc, CONVERT_PACKAGER, &packager);
	if (e == ERR_OK)
		e = osc_secret_put(cv->osc, CONVERT_PACKAGER, name, cv->osc->access_token.reveal);
	if (e == ERR_OK)
		e = osc_instance_restart(cv->osc, packager, CONVERT_NAME);
	return e == ERR_OK ? convert_change(cv, sys, note_token, hash) : e;
}

/* It may be that the one of before still takes what is meant for it. */
static bool
is_settling(const struct convert *cv, const struct system *sys)
{
	return clock_now_s(cv->app->clock) < system_fact_s(sys, CONVERT_FACT_PACKAGER_SINCE) + SETTLE_S;
}

/*
 * Looking after them
 */

/* "packaged/{name of the input without its ending}/{job}/" */
const char *
packaging_folder(struct arena *a, const struct json *job)
{
	const char *uri = json_string(json_first(json_get(job, "inputs")), "uri"), *base, *id = json_string(job, "id");
	size_t len;

	if (uri == NULL || id == NULL)
		return NULL;
	len = strcspn(uri, "?#");
	base = arena_strndup(a, uri, len);
	if (base == NULL)
		return NULL;
	if (strrchr(base, '/') != NULL)
		base = strrchr(base, '/') + 1;
	len = strrchr(base, '.') != NULL && strrchr(base, '.') != base ? (size_t)(strrchr(base, '.') - base) : strlen(base);
	return arena_concat(a, CONVERT_PACKAGED "/", arena_strndup(a, base, len), "/", id, "/");
}

/* How often the listener was told again; since when the packager should have it. */
static size_t
times_asked(const struct convert *cv, const struct system *sys, const struct json *job, int64_t *since_s)
{
	int64_t then;
	size_t n;

	*since_s = osc_encore_completed_s(job);
	for (n = 0; n < ASKED_MAX; n++) {
		then = convert_job_when(cv, sys, asked_facts[n], json_string(job, "id"));
		if (then == 0)
			break;
		*since_s = then;
	}
	return n;
}

/*
 * A packager that was started after it had the job has lost it, and one whose token was over before that never took it
 * up; of any other only time tells.
 */
static bool
is_overdue(const struct convert *cv, const struct system *sys, size_t asked, int64_t since_s)
{
	bool lost = since_s <= system_fact_s(sys, CONVERT_FACT_PACKAGER_SINCE)
	    || (asked == 0 && since_s > system_fact_s(sys, CONVERT_FACT_TOKEN_UNTIL));

	return !is_settling(cv, sys) && (lost || clock_now_s(cv->app->clock) - since_s > PATIENCE_S);
}

/*
 * Noted first, so that nobody does it without end, wherever they are killed: an attempt that was cut off is one of
 * the few that there are.  ERR_BUSY: somebody else is at it.
 */
static enum err
ask_again(const struct convert *cv, struct system *sys, const struct json *job, size_t asked)
{
	const char *id = json_string(job, "id"), *url = system_fact(sys, CONVERT_FACT_LISTENER_URL);
	struct osc_service *listener;
	enum err e;

	convert_job_note(cv, sys, asked_facts[asked], id);
	e = system_save(sys);
	if (e == ERR_OK)
		e = packaging_prepare(cv, sys);
	/* One that has just been started anew is told when it can take it. */
	if (e != ERR_OK || is_settling(cv, sys) || url == NULL)
		return e;
	log_event(LOG_LEVEL_INFO, "packaging", "the playlist of job %s stays away: the listener is told again", id);
	e = osc_catalog_find(cv->osc, CONVERT_LISTENER, &listener);
	return e == ERR_OK ? osc_encore_announce(cv->osc, listener, url, job) : e;
}

static void
look_after(const struct convert *cv, struct system *sys, struct packaged *p)
{
	int64_t since_s;
	size_t asked = times_asked(cv, sys, p->job, &since_s);

	if (!is_overdue(cv, sys, asked, since_s))
		return;
	if (asked == ASKED_MAX)
		p->packaging = PACKAGING_FAILED;
	else if (ask_again(cv, sys, p->job, asked) != ERR_OK)
		call_recover(cv->call);
}

/* Its playlist is there. */
static enum err
take_in(const struct convert *cv, const struct osc_s3 *s3, const char *key, struct packaged *p)
{
	const char *folder = packaging_folder(cv->call->arena, p->job);

	p->packaging = PACKAGING_DONE;
	p->playlist = arena_concat(cv->call->arena, s3->endpoint, "/" CONVERT_OUTPUT "/", key);
	if (p->playlist == NULL || folder == NULL)
		return ERR_NOMEM;
	if (p->removed && osc_s3_folder_remove(cv->osc, s3, CONVERT_OUTPUT, folder) != ERR_OK)
		call_recover(cv->call);
	return ERR_OK;
}

/* Those that were made for streaming and have succeeded, with the keys of their playlists; *at_work: another is not ended. */
static enum err
choose(const struct convert *cv, struct packaged *jobs, size_t n, struct packaged **chosen, const char **keys,
    size_t *m, bool *at_work)
{
	*m = 0;
	*at_work = false;
	for (size_t i = 0; i < n; i++) {
		const char *folder, *status = json_string(jobs[i].job, "status");

		if (json_string(jobs[i].job, "progressCallbackUri") == NULL || status == NULL)
			continue;
		*at_work = *at_work || !osc_encore_has_ended(jobs[i].job);
		folder = strcmp(status, "SUCCESSFUL") == 0 ? packaging_folder(cv->call->arena, jobs[i].job) : NULL;
		if (folder == NULL)
			continue;
		jobs[i].packaging = PACKAGING_RUNNING;
		chosen[*m] = &jobs[i];
		keys[*m] = arena_concat(cv->call->arena, folder, PLAYLIST);
		if (keys[(*m)++] == NULL)
			return ERR_NOMEM;
	}
	return ERR_OK;
}

enum err
packaging_look(const struct convert *cv, struct system *sys, const struct osc_s3 *s3, struct packaged *jobs, size_t n)
{
	struct arena *a = cv->call->arena;
	struct packaged **chosen = arena_alloc(a, (n + 1) * sizeof(*chosen));
	const char **keys = arena_alloc(a, (n + 1) * sizeof(*keys));
	bool *exists = arena_alloc(a, n + 1), at_work;
	size_t m;
	enum err e;

	if (chosen == NULL || keys == NULL || exists == NULL)
		return ERR_NOMEM;
	if (system_fact(sys, CONVERT_FACT_STREAMING) == NULL)
		return ERR_OK;
	e = choose(cv, jobs, n, chosen, keys, &m, &at_work);
	if (e != ERR_OK)
		return e;
	/* The work goes on whether this can be done now or not. */
	if (at_work && packaging_prepare(cv, sys) != ERR_OK)
		call_recover(cv->call);
	/* A storage that does not answer costs only the playlists. */
	if (osc_s3_objects_exist(cv->osc, s3, CONVERT_OUTPUT, keys, m, exists) != ERR_OK) {
		call_recover(cv->call);
		return ERR_OK;
	}
	for (size_t i = 0; e == ERR_OK && i < m; i++) {
		if (exists[i])
			e = take_in(cv, s3, keys[i], chosen[i]);
		else if (!chosen[i]->removed)
			look_after(cv, sys, chosen[i]);
	}
	return e;
}
