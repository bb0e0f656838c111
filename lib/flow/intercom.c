/* SPDX-License-Identifier: MIT */
#include "flow/intercom.h"

#include <string.h>

#include "base/text.h"
#include "flow/ensure.h"
#include "flow/plan_check.h"
#include "osc/catalog.h"
#include "osc/couchdb.h"
#include "osc/ids.h"
#include "osc/instance.h"
#include "osc/intercom_manager.h"
#include "osc/operate.h"

#define SFU      "eyevinn-docker-wrtc-sfu"
#define COUCHDB  "apache-couchdb"
#define MANAGER  "eyevinn-intercom-manager"
#define DATABASE "intercom"

/* credentials and facts of a system */
#define API_KEY     "smbApiKey"
#define DB_PASSWORD "dbPassword"
#define SFU_URL     "sfuUrl"
#define DB_URL      "dbUrl"
#define MANAGER_URL "managerUrl"
#define ADOPTED     "adopted"	/* the manager was there before: it knows its credentials, we need none */

#define OPERATIONS       INTERCOM_FAMILY "."	/* kinds of those that work on systems */
#define PRODUCTIONS_PAGE 50
#define PRODUCTIONS_MAX  1000
#define NAME_MAX_CHARS   200
#define LINES_MAX        50

/* Names of the secrets: the system's, and what it is. */
static const char *
secret_name(const struct work *w, const char *what)
{
	return arena_concat(w->call->arena, w->op->system, what);
}

static bool
is_adopted(const struct work *w)
{
	return system_fact(&w->sys, ADOPTED) != NULL;
}

/*
 * Making
 */

static enum err
make_credentials(struct work *w)
{
	enum osc_answer answer;
	struct osc_service *s;
	struct json *document;
	enum err e;

	e = ensure_service(w, MANAGER, &s);
	if (e == ERR_OK)
		e = ensure_look(w, s, w->op->system, &answer, &document);
	if (e != ERR_OK)
		return e;
	if (answer != OSC_OK && answer != OSC_NOT_THERE) {
		work_wait(w, 0, "looking for what is there");
		return ERR_OK;
	}
	if (answer == OSC_OK && system_made(&w->sys, SYSTEM_INSTANCE, MANAGER, w->op->system) == SYSTEM_NOT_OURS)
		system_fact_set(&w->sys, ADOPTED, "yes");
	e = system_credential_make(&w->sys, API_KEY, SYSTEM_ALPHANUMERIC);
	if (e == ERR_OK)
		e = system_credential_make(&w->sys, DB_PASSWORD, SYSTEM_ALPHANUMERIC);
	return e == ERR_OK ? system_save(&w->sys) : e;
}

/* What was there before and is not the manager's own must tell its secret, or get a new one. */
static enum err
adopt(struct work *w, const struct json *document, const char *key, const struct ensure_secret *secret)
{
	struct osc_service *s;
	enum err e;

	if (is_adopted(w) || system_made(&w->sys, SYSTEM_INSTANCE, secret->service_id, w->op->system) != SYSTEM_NOT_OURS)
		return ERR_OK;
	e = ensure_service(w, secret->service_id, &s);
	return e == ERR_OK ? ensure_credential(w, s, document, key, secret) : e;
}

static enum err
probe_sfu(struct work *w, struct osc_service *s, const struct json *document, bool *ready)
{
	struct http_request rq = { .method = "GET", .reach = HTTP_REACH_SERVICE, .auth = HTTP_AUTH_BEARER,
		.token = system_credential(&w->sys, API_KEY) };
	const char *url = json_string(document, "url");
	enum err e;

	(void)s;
	*ready = is_adopted(w);
	if (*ready || url == NULL)
		return ERR_OK;
	rq.url = arena_concat(w->call->arena, osc_without_slash(w->call->arena, url), "/conferences/");
	if (rq.url == NULL)
		return ERR_NOMEM;
	e = http_perform(w->app->http, w->call, &rq, 1, w->osc->tick, w->osc->tick_ctx);
	*ready = e == ERR_OK && rq.result == ERR_OK && rq.status < 500 && strstr(rq.answer_type, "html") == NULL;
	return e;
}

static enum err
make_sfu(struct work *w)
{
	const char *name = secret_name(w, "smbapikey");
	const char *key = system_credential(&w->sys, API_KEY);
	const struct ensure_secret secrets[] = {
		{ .service_id = SFU, .name = name, .value = key, .option = "ApiKey" },
		{ .service_id = MANAGER, .name = name, .value = key },
	};
	struct ensure want = { .service_id = SFU, .name = w->op->system, .options = json_object(w->call->arena),
		.secrets = secrets, .secrets_n = 2, .probe = probe_sfu };
	struct json *document;
	enum err e;

	if (name == NULL)
		return ERR_NOMEM;
	e = ensure_instance(w, &want, &document);
	if (e == ERR_OK && w->wait_s == 0)
		e = adopt(w, document, API_KEY, &secrets[0]);
	return e == ERR_OK && w->wait_s == 0 ? ensure_url_fact(w, SFU_URL, document) : e;
}

static enum err
make_couchdb(struct work *w)
{
	const struct ensure_secret secret = { .service_id = COUCHDB, .option = "AdminPassword",
		.name = secret_name(w, "dbadminpass"), .value = system_credential(&w->sys, DB_PASSWORD) };
	struct ensure want = { .service_id = COUCHDB, .name = w->op->system, .options = json_object(w->call->arena),
		.secrets = &secret, .secrets_n = 1 };
	struct json *document;
	enum err e;

	if (secret.name == NULL)
		return ERR_NOMEM;
	e = ensure_instance(w, &want, &document);
	if (e == ERR_OK && w->wait_s == 0)
		e = adopt(w, document, DB_PASSWORD, &secret);
	return e == ERR_OK && w->wait_s == 0 ? ensure_url_fact(w, DB_URL, document) : e;
}

static enum err
make_database(struct work *w)
{
	enum err e;

	if (is_adopted(w))
		return ERR_OK;
	e = osc_couchdb_make(w->osc, system_fact(&w->sys, DB_URL), system_credential(&w->sys, DB_PASSWORD), DATABASE);
	if (e == ERR_UPSTREAM || e == ERR_UPSTREAM_TIMEOUT || e == ERR_PROTOCOL) {
		call_recover(w->call);
		work_wait(w, 0, "becoming reachable");
		return ERR_OK;
	}
	return e;
}

static enum err
probe_manager(struct work *w, struct osc_service *s, const struct json *document, bool *ready)
{
	const char *url = json_string(document, "url");

	*ready = false;
	return url == NULL ? ERR_OK : osc_intercom_ready(w->osc, s, url, ready);
}

static enum err
make_manager(struct work *w)
{
	struct arena *a = w->call->arena;
	const char *password = system_credential(&w->sys, DB_PASSWORD);
	const struct ensure_secret secrets[] = {
		{ .service_id = MANAGER, .option = "smbApiKey", .name = secret_name(w, "smbapikey"),
		    .value = system_credential(&w->sys, API_KEY) },
		{ .service_id = MANAGER, .option = "dbUrl", .name = secret_name(w, "dburl"),
		    .value = osc_couchdb_address(a, system_fact(&w->sys, DB_URL), password, DATABASE) },
	};
	struct ensure want = { .service_id = MANAGER, .name = w->op->system, .options = json_object(a),
		.secrets = secrets, .secrets_n = 2, .probe = probe_manager,
		.told = !is_adopted(w) };
	struct json *document;
	enum err e;

	if (secrets[0].name == NULL || secrets[1].name == NULL || secrets[1].value == NULL)
		return ERR_NOMEM;
	json_set_string(want.options, "smbUrl", system_fact(&w->sys, SFU_URL));
	e = ensure_instance(w, &want, &document);
	return e == ERR_OK && w->wait_s == 0 ? ensure_url_fact(w, MANAGER_URL, document) : e;
}

static enum err
created(struct work *w, struct json **result)
{
	*result = json_object(w->call->arena);
	json_set_string(*result, "name", w->op->system);
	json_set_string(*result, "url", system_fact(&w->sys, MANAGER_URL));
	return ERR_OK;
}

/* The manager does not start unless the other two run. */
static const struct recipe_step create_steps[] = {
	{ "plan",        NULL,    NULL, plan_check },
	{ "credentials", NULL,    NULL, make_credentials },
	{ "sfu",         SFU,     NULL, make_sfu },
	{ "couchdb",     COUCHDB, NULL, make_couchdb },
	{ "database",    NULL,    NULL, make_database },
	{ "manager",     MANAGER, NULL, make_manager },
};

const struct recipe intercom_create = { "intercom.create", INTERCOM_FAMILY, create_steps,
	sizeof(create_steps) / sizeof(create_steps[0]), created };

/*
 * Removing
 */

static enum err
remove_manager(struct work *w)
{
	enum err e;

	/* Asked for by name, and nothing of it is remembered: the manager is the system, the rest may be anybody's. */
	if (w->sys.version == 0) {
		e = system_note(&w->sys, SYSTEM_INSTANCE, MANAGER, w->op->system, SYSTEM_MADE);
		if (e != ERR_OK)
			return e;
	}
	return ensure_gone(w, MANAGER, w->op->system);
}

static enum err
remove_couchdb(struct work *w)
{
	return ensure_gone(w, COUCHDB, w->op->system);
}

static enum err
remove_sfu(struct work *w)
{
	return ensure_gone(w, SFU, w->op->system);
}

static enum err
remove_rest(struct work *w)
{
	enum err e = ensure_no_secrets(w, NULL);

	return e == ERR_OK ? system_forget(&w->sys) : e;
}

static const struct recipe_step delete_steps[] = {
	{ "manager", MANAGER, NULL, remove_manager },
	{ "couchdb", COUCHDB, NULL, remove_couchdb },
	{ "sfu",     SFU,     NULL, remove_sfu },
	{ "secrets", NULL,    NULL, remove_rest },
};

const struct recipe intercom_delete = { "intercom.delete", INTERCOM_FAMILY, delete_steps,
	sizeof(delete_steps) / sizeof(delete_steps[0]), NULL };

/*
 * Looking
 */

/* The managers that there are: an empty list while the visitor does not have the service. */
static enum err
managers(const struct intercom *ic, struct osc_service **s, struct json **list)
{
	enum err e = osc_catalog_find(ic->osc, MANAGER, s);

	if (e == ERR_NOT_FOUND) {
		call_recover(ic->call);
		*s = NULL;
		*list = json_array(ic->call->arena);
		return ERR_OK;
	}
	return e == ERR_OK ? osc_instance_list(ic->osc, *s, list) : e;
}

static struct json *
system_document(const struct intercom *ic, const char *name, const char *url, const struct operation *op)
{
	struct json *system = json_object(ic->call->arena);

	json_set_string(system, "name", name);
	json_set_string(system, "url", url);
	json_set_string(system, "operation", op != NULL ? op->id : NULL);
	return system;
}

enum err
intercom_list(const struct intercom *ic, struct json **out)
{
	struct json *list, *systems = json_array(ic->call->arena);
	struct operation *ops;
	struct osc_service *s;
	const char **names;
	size_t n, ops_n;
	enum err e;

	e = managers(ic, &s, &list);
	if (e == ERR_OK)
		e = system_names(ic->app, ic->call, ic->tenant, INTERCOM_FAMILY, &names, &n);
	if (e == ERR_OK)
		e = operation_list(ic->app, ic->call, ic->tenant, &ops, &ops_n);
	if (e != ERR_OK)
		return e;
	for (const struct json *j = json_first(list); j != NULL; j = json_next(j)) {
		const char *name = json_string(j, "name");

		if (name != NULL)
			json_append(systems, system_document(ic, name, json_string(j, "url"),
			    operation_at_work(ops, ops_n, OPERATIONS, name)));
	}
	for (size_t i = 0; i < n; i++)
		if (json_find(systems, "name", names[i]) == NULL)
			json_append(systems, system_document(ic, names[i], NULL,
			    operation_at_work(ops, ops_n, OPERATIONS, names[i])));
	/* Of what has just been begun nothing is there yet. */
	for (size_t i = 0; i < ops_n; i++)
		if (operation_at_work(&ops[i], 1, OPERATIONS, ops[i].system) != NULL
		    && json_find(systems, "name", ops[i].system) == NULL)
			json_append(systems, system_document(ic, ops[i].system, NULL, &ops[i]));
	*out = json_object(ic->call->arena);
	json_set(*out, "systems", systems);
	return ERR_OK;
}

static enum err
no_system(const struct intercom *ic, const char *name)
{
	call_recover(ic->call);
	return call_fail(ic->call, ERR_NOT_FOUND, "There is no intercom system %s.", name);
}

/* The manager of a system.  ERR_NOT_FOUND without words: there is none. */
static enum err
find_manager(const struct intercom *ic, const char *name, struct osc_service **s, struct json **document)
{
	enum err e = osc_catalog_find(ic->osc, MANAGER, s);

	if (e == ERR_OK)
		e = osc_instance_get(ic->osc, *s, name, document);
	if (e == ERR_NOT_FOUND)
		call_recover(ic->call);
	return e;
}

/* op: the unfinished operation that works on it; NULL: none does. */
static enum err
find_system(const struct intercom *ic, const char *name, struct operation **op)
{
	struct osc_service *s;
	struct json *document;
	struct system sys;
	enum err e;

	e = operation_unfinished(ic->app, ic->call, ic->tenant, OPERATIONS, name, op);
	if (e != ERR_OK || *op != NULL)
		return e;
	e = system_load(ic->app, ic->call, ic->tenant, INTERCOM_FAMILY, name, &sys);
	if (e != ERR_NOT_FOUND)
		return e;
	e = find_manager(ic, name, &s, &document);
	return e == ERR_NOT_FOUND ? no_system(ic, name) : e;
}

enum err
intercom_exists(const struct intercom *ic, const char *name)
{
	struct operation *op;

	return find_system(ic, name, &op);
}

enum err
intercom_read(const struct intercom *ic, const char *name, struct json **out)
{
	struct json *document = NULL, *health = NULL;
	struct osc_service *s;
	struct operation *op;
	enum err e;

	e = find_system(ic, name, &op);
	if (e != ERR_OK)
		return e;
	e = find_manager(ic, name, &s, &document);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	if (e == ERR_OK && osc_instance_health(ic->osc, s, name, &health) != ERR_OK) {
		call_recover(ic->call);	/* not ready yet */
		health = NULL;
	}
	*out = system_document(ic, name, e == ERR_OK ? json_string(document, "url") : NULL, op);
	json_set_string(*out, "status", json_string(health, "status") != NULL ? json_string(health, "status") : "unknown");
	return ERR_OK;
}

/*
 * Productions
 */

static enum err
open_manager(const struct intercom *ic, const char *name, struct osc_service **s, const char **url)
{
	struct json *document;
	enum err e = find_manager(ic, name, s, &document);

	if (e == ERR_NOT_FOUND)
		return no_system(ic, name);
	if (e != ERR_OK)
		return e;
	*url = json_string(document, "url");
	return *url != NULL ? ERR_OK : call_fail(ic->call, ERR_UPSTREAM, "The intercom %s has no address yet.", name);
}

static struct json *
production_document(struct arena *a, const struct json *from)
{
	struct json *to = json_object(a), *lines = json_array(a);

	json_set_string(to, "productionId", json_string(from, "productionId"));
	json_set_string(to, "name", json_string(from, "name"));
	for (const struct json *j = json_first(json_get(from, "lines")); j != NULL; j = json_next(j)) {
		struct json *line = json_object(a);

		json_set_string(line, "id", json_string(j, "id"));
		json_set_string(line, "name", json_string(j, "name"));
		json_append(lines, line);
	}
	json_set(to, "lines", lines);
	return to;
}

/* All of them, page by page. */
static enum err
read_productions(const struct intercom *ic, struct osc_service *s, const char *url, struct json *out)
{
	struct json *page;
	int64_t total = 0;
	size_t n;
	enum err e;

	for (int offset = 0; offset < PRODUCTIONS_MAX; offset += PRODUCTIONS_PAGE) {
		e = osc_intercom_productions(ic->osc, s, url, offset, &page);
		if (e != ERR_OK)
			return e;
		n = 0;
		for (const struct json *j = json_first(json_get(page, "productions")); j != NULL; j = json_next(j), n++)
			json_append(out, production_document(ic->call->arena, j));
		if (n < PRODUCTIONS_PAGE || !json_int(page, "totalItems", 0, INT64_MAX, &total)
		    || offset + PRODUCTIONS_PAGE >= total)
			break;
	}
	return ERR_OK;
}

enum err
intercom_productions(const struct intercom *ic, const char *name, struct json **out)
{
	struct json *list = json_array(ic->call->arena);
	struct osc_service *s;
	const char *url;
	enum err e;

	e = open_manager(ic, name, &s, &url);
	if (e == ERR_OK)
		e = read_productions(ic, s, url, list);
	*out = json_object(ic->call->arena);
	json_set_int(*out, "total", (int64_t)json_count(list));
	json_set(*out, "productions", list);
	return e;
}

static bool
is_name(const char *s)
{
	size_t chars = 0;

	if (s == NULL || *s == '\0' || text_has_control(s))
		return false;
	for (; *s != '\0'; s++)
		chars += ((unsigned char)*s & 0xc0) != 0x80;
	return chars <= NAME_MAX_CHARS;
}

static enum err
check_production(const struct intercom *ic, const struct json *body, struct json **clean)
{
	struct json *lines = json_array(ic->call->arena);
	const struct json *given = json_get(body, "lines");

	if (!is_name(json_string(body, "name")))
		return call_fail(ic->call, ERR_BAD_REQUEST, "name must be text of 1 to %d characters", NAME_MAX_CHARS);
	if (given == NULL || json_kind(given) != JSON_ARRAY || json_count(given) == 0 || json_count(given) > LINES_MAX)
		return call_fail(ic->call, ERR_BAD_REQUEST, "lines must be a list of 1 to %d lines", LINES_MAX);
	for (const struct json *j = json_first(given); j != NULL; j = json_next(j)) {
		struct json *line = json_object(ic->call->arena);

		if (!is_name(json_string(j, "name")))
			return call_fail(ic->call, ERR_BAD_REQUEST, "each line must have a name of 1 to %d characters",
			    NAME_MAX_CHARS);
		json_set_string(line, "name", json_string(j, "name"));
		json_append(lines, line);
	}
	*clean = json_object(ic->call->arena);
	json_set_string(*clean, "name", json_string(body, "name"));
	json_set(*clean, "lines", lines);
	return ERR_OK;
}

enum err
intercom_production_create(const struct intercom *ic, const char *name, const struct json *body, struct json **out)
{
	struct json *clean = NULL, *made, *list = json_array(ic->call->arena);
	struct osc_service *s;
	const char *url;
	enum err e;

	e = check_production(ic, body, &clean);
	if (e == ERR_OK)
		e = open_manager(ic, name, &s, &url);
	if (e == ERR_OK)
		e = read_productions(ic, s, url, list);
	if (e != ERR_OK)
		return e;
	if (json_find(list, "name", json_string(clean, "name")) != NULL)
		return call_fail(ic->call, ERR_CONFLICT, "A production of that name is there already.");
	e = osc_intercom_production_create(ic->osc, s, url, clean, &made);
	if (e != ERR_OK)
		return e;
	*out = production_document(ic->call->arena, clean);
	json_set_string(*out, "productionId", json_string(made, "productionId"));
	return ERR_OK;
}
