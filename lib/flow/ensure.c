/* SPDX-License-Identifier: MIT */
#include "flow/ensure.h"

#include <string.h>

#include "base/text.h"
#include "crypto/crypto.h"
#include "flow/suspended.h"
#include "osc/catalog.h"
#include "osc/ids.h"
#include "osc/instance.h"
#include "osc/link.h"
#include "osc/logs.h"
#include "osc/mask.h"
#include "osc/operate.h"
#include "osc/secret.h"

#define MISSING_MAX    4	/* how often what we made must be missing before that is believed */
#define MISSING_WAIT_S 5
#define RESUME_WAIT_S  5
#define RESTART_WAIT_S 5
#define LOG_TAIL       240	/* bytes, of so many lines */
#define LOG_LINES      5
#define CHANGED        "changed"	/* of a credential: it got a new value */

enum err
ensure_fact(struct work *w, const char *fact, const char *value)
{
	const char *known = system_fact(&w->sys, fact);

	if (known == value || (known != NULL && value != NULL && strcmp(known, value) == 0))
		return ERR_OK;
	system_fact_set(&w->sys, fact, value);
	return system_save(&w->sys);
}

enum err
ensure_url_fact(struct work *w, const char *fact, const struct json *document)
{
	const char *url = json_string(document, "url");

	if (url == NULL)
		return call_fail(w->call, ERR_PROTOCOL, "the instance has no address");
	url = osc_without_slash(w->call->arena, url);
	return url != NULL ? ensure_fact(w, fact, url) : ERR_NOMEM;
}

enum err
ensure_service(struct work *w, const char *service_id, struct osc_service **s)
{
	struct json *record;
	enum err e;

	e = osc_catalog_find(w->osc, service_id, s);
	if (e != ERR_NOT_FOUND)
		return e;
	call_recover(w->call);
	e = osc_catalog_activate(w->osc, service_id, &record);
	if (e != ERR_OK)
		return e;
	*s = osc_catalog_known(w->osc, service_id);
	return *s != NULL ? ERR_OK : call_fail(w->call, ERR_PROTOCOL, "%s has no API address", service_id);
}

enum err
ensure_look(struct work *w, struct osc_service *s, const char *name, enum osc_answer *answer, struct json **document)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "GET",
		.url = osc_join(w->call->arena, s->api_url, name) };
	enum err e;

	if (call.url == NULL)
		return ERR_NOMEM;
	e = osc_calls(w->osc, &call, 1);
	if (e != ERR_OK)
		return e;
	*answer = call.answer;
	*document = call.json;
	if (call.answer == OSC_OK && (call.json == NULL || json_kind(call.json) != JSON_OBJECT))
		*answer = OSC_NONSENSE;
	if (*answer == OSC_OK || *answer == OSC_NOT_THERE || osc_answer_is_uncertain(*answer))
		return ERR_OK;
	return osc_call_failed(w->osc, &call);
}

/*
 * Secrets
 */

static enum err
secret_exists(struct work *w, const struct ensure_secret *secret, bool *exists)
{
	struct json *list;
	enum err e;

	*exists = false;
	e = osc_secret_list(w->osc, secret->service_id, &list);
	if (e == ERR_NOT_FOUND) {	/* no secrets yet */
		call_recover(w->call);
		return ERR_OK;
	}
	if (e == ERR_OK)
		*exists = json_find(list, "secretName", secret->name) != NULL;
	return e;
}

enum err
ensure_secret(struct work *w, const struct ensure_secret *secret)
{
	enum system_made made = system_made(&w->sys, SYSTEM_SECRET, secret->service_id, secret->name);
	bool exists = false;
	enum err e = ERR_OK;

	if (made == SYSTEM_NOT_OURS) {
		e = secret_exists(w, secret, &exists);
		if (e == ERR_OK && !exists)
			e = system_note(&w->sys, SYSTEM_SECRET, secret->service_id, secret->name, SYSTEM_INTENDED);
	}
	if (e == ERR_OK)
		e = osc_secret_put(w->osc, secret->service_id, secret->name, secret->value);
	if (e == ERR_OK && !exists)
		e = system_note(&w->sys, SYSTEM_SECRET, secret->service_id, secret->name, SYSTEM_MADE);
	return e;
}

enum err
ensure_no_secrets(struct work *w, const char *kept_service)
{
	const char *service_id, *name;
	enum err e = ERR_OK;

	while (e == ERR_OK && system_first(&w->sys, SYSTEM_SECRET, kept_service, &service_id, &name)) {
		e = osc_secret_remove(w->osc, service_id, name);
		if (e == ERR_NOT_FOUND) {
			call_recover(w->call);
			e = ERR_OK;
		}
		if (e == ERR_OK)
			e = system_note(&w->sys, SYSTEM_SECRET, service_id, name, SYSTEM_NOT_OURS);
	}
	return e;
}

/*
 * Suspended instances are in no list but this
 */

static enum err
is_suspended(struct work *w, const char *service_id, const char *name, bool *suspended)
{
	struct json *list;
	enum err e;

	*suspended = false;
	e = suspended_list(w->app, w->osc, w->session, &list);
	if (e == ERR_NOT_FOUND) {	/* a platform without the feature */
		call_recover(w->call);
		return ERR_OK;
	}
	if (e != ERR_OK)
		return e;
	for (const struct json *j = json_first(list); j != NULL; j = json_next(j)) {
		const char *sid = json_string(j, "serviceId"), *instance = json_string(j, "instanceName");

		*suspended = *suspended || (sid != NULL && instance != NULL && strcmp(sid, service_id) == 0
		    && strcmp(instance, name) == 0);
	}
	return ERR_OK;
}

/* Not suspended any more is as good. */
static enum err
no_longer(struct work *w, enum err e)
{
	if (e != ERR_NOT_FOUND)
		return e;
	call_recover(w->call);
	return ERR_OK;
}

/*
 * What an instance was told: a hash of its options and of the secrets in them, as a fact
 */

static const char *
told_fact(struct work *w, const char *service_id)
{
	return arena_concat(w->call->arena, "told ", service_id);
}

static void
set_placeholders(struct work *w, const struct ensure *want)
{
	for (size_t i = 0; i < want->secrets_n; i++)
		if (want->secrets[i].option != NULL)
			json_set_string(want->options, want->secrets[i].option,
			    osc_secret_reference(w->call->arena, want->secrets[i].name));
}

/* NULL: out of memory. */
static const char *
what_to_tell(struct work *w, const struct ensure *want)
{
	struct arena *a = w->call->arena;
	const char *text = json_print(a, want->options, NULL);
	char hash[CRYPTO_TEXT_LEN + 1];

	for (size_t i = 0; i < want->secrets_n; i++)
		if (!want->secrets[i].passing)
			text = arena_concat(a, text, "\n", want->secrets[i].value);
	if (text == NULL)
		return NULL;
	crypto_sha256_text(text, hash);
	return arena_strdup(a, hash);
}

/*
 * Making
 */

/* first: it was never tried before, so that one which is there now is somebody else's. */
static enum err
post(struct work *w, struct osc_service *s, const struct ensure *want, bool first)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "POST", .url = s->api_url,
		.body = want->options };
	enum err e, noted = ERR_OK;

	json_set_string(want->options, "name", want->name);
	e = osc_calls(w->osc, &call, 1);
	if (e != ERR_OK)
		return e;
	if (call.answer == OSC_OK) {
		work_wait(w, 0, "created");
		return system_note(&w->sys, SYSTEM_INSTANCE, want->service_id, want->name, SYSTEM_MADE);
	}
	/* Somebody, perhaps we, a moment ago: looked at the next time. */
	if (call.answer == OSC_TAKEN) {
		work_wait(w, 0, "looking for it");
		return first ? system_note(&w->sys, SYSTEM_INSTANCE, want->service_id, want->name, SYSTEM_NOT_OURS) : ERR_OK;
	}
	e = osc_call_failed(w->osc, &call);
	if (!osc_answer_is_uncertain(call.answer))	/* certainly not made */
		noted = system_note(&w->sys, SYSTEM_INSTANCE, want->service_id, want->name, SYSTEM_NOT_OURS);
	return noted != ERR_OK ? noted : e;
}

static enum err
make(struct work *w, struct osc_service *s, const struct ensure *want)
{
	enum system_made made = system_made(&w->sys, SYSTEM_INSTANCE, want->service_id, want->name);
	bool suspended;
	enum err e;

	if (made == SYSTEM_MADE && ++w->op->missing < MISSING_MAX) {
		work_wait(w, MISSING_WAIT_S, "not to be seen");
		return ERR_OK;
	}
	e = is_suspended(w, want->service_id, want->name, &suspended);
	if (e == ERR_OK && suspended) {
		work_wait(w, RESUME_WAIT_S, "resuming");
		return no_longer(w, suspended_resume(w->app, w->osc, w->session, want->service_id, want->name));
	}
	for (size_t i = 0; e == ERR_OK && i < want->secrets_n; i++)
		e = ensure_secret(w, &want->secrets[i]);
	if (e == ERR_OK && want->told)
		system_fact_set(&w->sys, told_fact(w, want->service_id), what_to_tell(w, want));
	if (e == ERR_OK)
		e = system_note(&w->sys, SYSTEM_INSTANCE, want->service_id, want->name, SYSTEM_INTENDED);
	return e == ERR_OK ? post(w, s, want, made == SYSTEM_NOT_OURS) : e;
}

static const char *
log_tail(struct work *w, struct osc_service *s, const char *name)
{
	const char *text, *end;

	if (osc_logs_read(w->osc, s, name, LOG_LINES, &text) != ERR_OK) {
		call_recover(w->call);
		return "they cannot be read";
	}
	end = text + strlen(text);
	if (end - text > LOG_TAIL)
		text = end - LOG_TAIL;
	while (((unsigned char)*text & 0xc0) == 0x80)
		text++;
	return text;
}

static enum err
judge_health(struct work *w, struct osc_service *s, const struct ensure *want, struct json *document, bool *running)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "GET",
		.url = osc_link_in(w->call->arena, s, document, OSC_LINK_HEALTH, want->name) };
	const char *status;
	enum err e;

	*running = false;
	if (call.url == NULL)
		return ERR_NOMEM;
	e = osc_calls(w->osc, &call, 1);
	if (e != ERR_OK)
		return e;
	status = call.answer == OSC_OK ? json_string(call.json, "status") : NULL;
	if (status != NULL && strcmp(status, "failed") == 0)
		return call_fail(w->call, ERR_REFUSED, "%s %s has failed. Its logs end with: %s", want->service_id,
		    want->name, log_tail(w, s, want->name));
	*running = status != NULL && strcmp(status, "running") == 0;
	return ERR_OK;
}

/* A secret's value for an instance that is there: in the secret that it refers to, else by a change of the option. */
static enum err
renew(struct work *w, const struct json *document, const struct ensure_secret *secret, struct json *changes)
{
	struct arena *a = w->call->arena;
	const char *referred = osc_secret_referred(a, json_string(document, secret->option));

	if (referred != NULL)
		return osc_secret_put(w->osc, secret->service_id, referred, secret->value);
	json_set_string(changes, secret->option, osc_secret_reference(a, secret->name));
	return ensure_secret(w, secret);
}

/* It takes up what has changed when it starts again. */
static enum err
start_again(struct work *w, struct osc_service *s, const char *name, struct json *changes)
{
	struct json *changed;

	work_wait(w, RESTART_WAIT_S, "restarting with what has changed");
	return json_first(changes) == NULL ? osc_instance_restart(w->osc, s, name)
	    : osc_instance_change(w->osc, s, name, changes, &changed);
}

static enum err
tell(struct work *w, struct osc_service *s, const struct ensure *want, const struct json *document)
{
	struct json *changes = json_object(w->call->arena);
	enum err e = ERR_OK;

	for (const struct json *j = json_first(want->options); j != NULL; j = json_next(j)) {
		const char *has = json_string(document, json_name(j)), *value = json_text(j);

		if (value != NULL && !text_starts_with(value, OSC_SECRET_REFERENCE)
		    && (has == NULL || strcmp(has, value) != 0))
			json_set_string(changes, json_name(j), value);
	}
	for (size_t i = 0; e == ERR_OK && i < want->secrets_n; i++)
		if (want->secrets[i].option != NULL)
			e = renew(w, document, &want->secrets[i], changes);
	return e == ERR_OK ? start_again(w, s, want->name, changes) : e;
}

/* One that we made before there was a note of what it was told: as one that was there. */
static enum err
keep_told(struct work *w, struct osc_service *s, const struct ensure *want, const struct json *document)
{
	const char *fact = told_fact(w, want->service_id), *now = what_to_tell(w, want), *was;
	enum err e = ERR_OK;

	if (fact == NULL || now == NULL)
		return ERR_NOMEM;
	was = system_fact(&w->sys, fact);
	if (was != NULL && strcmp(was, now) == 0)
		return ERR_OK;
	if (was != NULL || want->outdated)
		e = tell(w, s, want, document);
	if (e != ERR_OK)
		return e;
	return ensure_fact(w, fact, now);
}

/* It is there: is it ready? */
static enum err
await(struct work *w, struct osc_service *s, const struct ensure *want, struct json *document)
{
	bool running, ready = true;
	enum err e = ERR_OK;

	if (system_made(&w->sys, SYSTEM_INSTANCE, want->service_id, want->name) == SYSTEM_INTENDED)
		e = system_note(&w->sys, SYSTEM_INSTANCE, want->service_id, want->name, SYSTEM_MADE);
	if (e == ERR_OK && want->told)
		e = keep_told(w, s, want, document);
	if (e != ERR_OK || w->wait_s > 0)
		return e;
	e = judge_health(w, s, want, document, &running);
	if (e != ERR_OK)
		return e;
	if (!running) {
		work_wait(w, 0, "starting");
		return ERR_OK;
	}
	if (want->probe != NULL)
		e = want->probe(w, s, document, &ready);
	if (e == ERR_UPSTREAM || e == ERR_UPSTREAM_TIMEOUT || e == ERR_PROTOCOL) {
		/* No name yet, no connection, no certificate: running, and not to be reached yet. */
		call_recover(w->call);
		e = ERR_OK;
		ready = false;
	}
	if (e == ERR_OK && !ready)
		work_wait(w, 0, "becoming reachable");
	return e;
}

enum err
ensure_instance(struct work *w, const struct ensure *want, struct json **document)
{
	enum osc_answer answer;
	struct osc_service *s;
	enum err e;

	set_placeholders(w, want);
	e = ensure_service(w, want->service_id, &s);
	if (e == ERR_OK)
		e = ensure_look(w, s, want->name, &answer, document);
	if (e != ERR_OK)
		return e;
	if (answer == OSC_NOT_THERE)
		return make(w, s, want);
	w->op->missing = 0;
	if (answer != OSC_OK) {
		work_wait(w, 0, "not to be reached");
		return ERR_OK;
	}
	return await(w, s, want, *document);
}

/*
 * Removing
 */

enum err
ensure_gone(struct work *w, const char *service_id, const char *name)
{
	struct osc_service *s;
	bool suspended;
	enum err e;

	if (system_made(&w->sys, SYSTEM_INSTANCE, service_id, name) == SYSTEM_NOT_OURS)
		return ERR_OK;
	e = osc_catalog_find(w->osc, service_id, &s);
	if (e == ERR_OK)
		e = osc_instance_remove(w->osc, s, name);
	if (e == ERR_NOT_FOUND) {	/* not subscribed, not there, or suspended */
		call_recover(w->call);
		e = is_suspended(w, service_id, name, &suspended);
		if (e == ERR_OK && suspended)
			e = no_longer(w, suspended_remove(w->app, w->osc, w->session, service_id, name));
	}
	if (e != ERR_OK)
		return e;
	system_fact_set(&w->sys, told_fact(w, service_id), NULL);
	return system_note(&w->sys, SYSTEM_INSTANCE, service_id, name, SYSTEM_NOT_OURS);
}

/*
 * Credentials of what others made
 */

static const char *
credential_fact(struct work *w, const char *service_id)
{
	return arena_concat(w->call->arena, "credential ", service_id);
}

bool
ensure_credential_is_new(struct work *w, const char *service_id)
{
	const char *fact = credential_fact(w, service_id), *known = fact == NULL ? NULL : system_fact(&w->sys, fact);

	return known != NULL && strcmp(known, CHANGED) == 0;
}

enum err
ensure_credential(struct work *w, struct osc_service *s, const struct json *document, const char *key,
    const struct ensure_secret *secret)
{
	const char *fact = credential_fact(w, s->service_id);
	const char *value = json_string(document, secret->option);
	struct json *changes = json_object(w->call->arena);
	enum err e;

	if (fact == NULL)
		return ERR_NOMEM;
	if (system_fact(&w->sys, fact) != NULL)
		return ERR_OK;
	if (value != NULL && *value != '\0' && !text_starts_with(value, OSC_SECRET_REFERENCE)
	    && strcmp(value, OSC_MASK) != 0) {
		system_credential_set(&w->sys, key, value);
		system_fact_set(&w->sys, fact, "read");
		return system_save(&w->sys);
	}
	e = renew(w, document, secret, changes);
	if (e == ERR_OK)
		e = start_again(w, s, json_string(document, "name"), changes);
	if (e != ERR_OK)
		return e;
	system_fact_set(&w->sys, fact, CHANGED);
	return system_save(&w->sys);
}
