/* SPDX-License-Identifier: MIT */
#include "flow/authority.h"

#include <string.h>

#include "base/log.h"
#include "flow/kept.h"
#include "json/json.h"
#include "store/bulk.h"

#define METADATA_FRESH_S     3600
#define DOCUMENTED_FRESH_S   60
#define METADATA_KEPT_S      (7 * 86400)	/* a stale one is better than none while it cannot be asked */
#define REGISTRATION_AGE_S   300
#define REGISTRATIONS_MAX    64
#define WAIT_STEP_MS         20

/* Wait for the lease until `deadline_ms`; ERR_BUSY when that passes. */
static enum err
lease_wait(struct app *app, const char *name, int64_t deadline_ms, struct store_lease *lease)
{
	enum err e;

	while ((e = store_lease_take(app->store, name, lease)) == ERR_BUSY) {
		if (clock_mono_ms(app->clock) >= deadline_ms)
			break;
		clock_sleep_ms(app->clock, WAIT_STEP_MS);
	}
	return e;
}

static int64_t
wait_deadline_ms(struct app *app)
{
	return clock_mono_ms(app->clock) + (int64_t)app->config.upstream_timeout_s * 1000 + 2000;
}

static enum err
read_server(const struct app *app, const struct json *doc, struct oauth_server *out)
{
	return oauth_metadata_take(app->config.osc_app_url, app->config.platform_on_loopback, doc, out);
}

static struct json *
write_server(struct arena *a, const struct oauth_server *server)
{
	struct json *doc = json_object(a);

	json_set_string(doc, "issuer", server->issuer);
	json_set_string(doc, "authorization_endpoint", server->authorization_endpoint);
	json_set_string(doc, "token_endpoint", server->token_endpoint);
	if (server->registration_endpoint != NULL)
		json_set_string(doc, "registration_endpoint", server->registration_endpoint);
	if (server->revocation_endpoint != NULL)
		json_set_string(doc, "revocation_endpoint", server->revocation_endpoint);
	json_set_bool(doc, "authorization_response_iss_parameter_supported", server->iss_announced);
	return doc;
}

/*
 * Each set of settings keeps an answer of its own, and in it since when: so that two sites which share
 * a state by mistake can be told from one.
 */
static const char *
name_of_metadata(struct app *app, struct arena *a)
{
	const struct config *cf = &app->config;
	const char *site = arena_concat(a, cf->public_url, "\n", cf->client_id, "\n", cf->cookie_name);

	return site != NULL ? kept_name(a, "m", cf->osc_app_url, site) : NULL;
}

static void
sign(struct app *app, struct json *doc, const struct kept *known, int64_t now_s)
{
	const struct config *cf = &app->config;
	int64_t since_s = now_s;

	(void)json_int(known->doc, "site_since", 1, INT64_MAX / 2, &since_s);
	json_set_string(doc, "site", cf->public_url);
	json_set_string(doc, "site_client", cf->client_id);
	json_set_string(doc, "site_cookie", cf->cookie_name);
	json_set_int(doc, "site_since", since_s);
	json_set_int(doc, "site_seen", now_s);
}

/* Ask the server; where it has no usable answer, go on with what was known, or with what is documented. */
static enum err
ask_server(struct app *app, struct call *c, const char *name, const struct kept *known, struct oauth_server *out)
{
	int64_t now = clock_now_s(app->clock);
	struct json *doc;
	int fresh_s = METADATA_FRESH_S;
	enum err e;

	e = oauth_metadata_fetch(app->http, c, app->config.osc_app_url, app->config.platform_on_loopback, out);
	if (e == ERR_NOMEM)
		return e;
	if (e != ERR_OK) {
		log_event(LOG_LEVEL_WARN, "metadata", "no usable metadata (%s); asked again in %d s", err_info(e)->name,
		    DOCUMENTED_FRESH_S);
		fresh_s = DOCUMENTED_FRESH_S;
		call_recover(c);
		if (known->doc == NULL || read_server(app, known->doc, out) != ERR_OK) {
			e = oauth_metadata_documented(c, app->config.osc_app_url, out);
			if (e != ERR_OK)
				return e;
		}
	}
	doc = write_server(c->arena, out);
	sign(app, doc, known, now);
	return kept_save(app, c, name, doc, now + fresh_s, now + METADATA_KEPT_S);
}

enum err
authority_server(struct app *app, struct call *c, struct oauth_server *out)
{
	const char *name = name_of_metadata(app, c->arena);
	struct store_lease lease;
	struct kept known;
	enum err e;

	if (name == NULL)
		return ERR_NOMEM;
	e = kept_load(app, c, name, &known);
	if (e != ERR_OK)
		return e;
	if (known.doc != NULL && read_server(app, known.doc, out) != ERR_OK)
		known.doc = NULL;
	if (known.doc != NULL && clock_now_s(app->clock) < known.until_s)
		return ERR_OK;
	/* One asks; who has an old answer goes on with it meanwhile, who has none waits. */
	e = lease_wait(app, name, known.doc != NULL ? 0 : wait_deadline_ms(app), &lease);
	if (e == ERR_BUSY)
		return known.doc != NULL ? ERR_OK : oauth_metadata_documented(c, app->config.osc_app_url, out);
	if (e != ERR_OK)
		return e;
	e = kept_load(app, c, name, &known);
	if (e == ERR_OK && known.doc != NULL && clock_now_s(app->clock) < known.until_s)
		e = read_server(app, known.doc, out);
	else if (e == ERR_OK)
		e = ask_server(app, c, name, &known, out);
	store_lease_release(app->store, &lease);
	return e;
}

/* False: there is none, or its secret has expired. */
static bool
read_client(const struct json *doc, int64_t now_s, struct oauth_client *out)
{
	out->client_id = json_string(doc, "client_id");
	out->client_secret.reveal = json_string(doc, "client_secret");
	if (!json_int(doc, "registered_at", 0, INT64_MAX / 2, &out->registered_at_s) ||
	    !json_int(doc, "secret_expires_at", 0, INT64_MAX / 2, &out->secret_expires_at_s))
		return false;
	return out->client_id != NULL && (out->secret_expires_at_s == 0 || now_s < out->secret_expires_at_s);
}

enum err
authority_client_known(struct app *app, struct call *c, const struct oauth_server *server, const char *redirect_uri,
    struct oauth_client *out)
{
	const char *name = kept_name(c->arena, "r", server->issuer, redirect_uri);
	struct kept known;
	enum err e;

	if (name == NULL)
		return ERR_NOMEM;
	e = kept_load(app, c, name, &known);
	if (e == ERR_OK && !read_client(known.doc, clock_now_s(app->clock), out))
		e = ERR_NOT_FOUND;
	return e;
}

/*
 * Without PUBLIC_URL a visitor chooses the address, the port at least, and with it the redirect URI: each
 * is registered at the platform and kept for good, so they must not be without number.
 */
static enum err
check_room(struct app *app, struct call *c)
{
	long n;
	enum err e;

	if (*app->config.public_url != '\0')
		return ERR_OK;
	e = store_count(app->store, "r:", REGISTRATIONS_MAX, &n);
	if (e != ERR_OK || n < REGISTRATIONS_MAX)
		return e;
	return call_fail(c, ERR_CLIENT_REJECTED, "This site was reached under too many addresses to be registered for this "
	    "one too; its owner can set PUBLIC_URL to the address that browsers use.");
}

static enum err
make_client(struct app *app, struct call *c, const struct oauth_server *server, const char *redirect_uri,
    const char *name, struct oauth_client *out)
{
	struct json *doc = json_object(c->arena);
	enum err e;

	/* A registration that could not be kept would be made again by every visitor. */
	e = store_probe(app->store);
	if (e == ERR_OK)
		e = check_room(app, c);
	if (e != ERR_OK)
		return e;
	e = oauth_register(app->http, c, server, app->config.client_name, redirect_uri, clock_now_s(app->clock), out);
	if (e != ERR_OK)
		return e;
	log_event(LOG_LEVEL_INFO, "registered", "registered as %s for %s", out->client_id, redirect_uri);
	json_set_string(doc, "client_id", out->client_id);
	if (secret_present(out->client_secret))
		json_set_string(doc, "client_secret", out->client_secret.reveal);
	json_set_int(doc, "registered_at", out->registered_at_s);
	json_set_int(doc, "secret_expires_at", out->secret_expires_at_s);
	return kept_save(app, c, name, doc, 0, STORE_NO_EXPIRY);
}

enum err
authority_client(struct app *app, struct call *c, const struct oauth_server *server, const char *redirect_uri,
    struct oauth_client *out)
{
	struct store_lease lease;
	struct kept known;
	const char *name;
	enum err e;

	if (*app->config.client_id != '\0') {
		*out = (struct oauth_client){ .client_id = app->config.client_id,
			.client_secret = app->config.client_secret };
		return ERR_OK;
	}
	e = authority_client_known(app, c, server, redirect_uri, out);
	if (e != ERR_NOT_FOUND)
		return e;
	name = kept_name(c->arena, "r", server->issuer, redirect_uri);
	if (name == NULL)
		return ERR_NOMEM;
	e = lease_wait(app, name, wait_deadline_ms(app), &lease);
	if (e == ERR_BUSY)
		return call_fail(c, ERR_UPSTREAM_TIMEOUT, "This site is being registered; try again in a moment.");
	if (e != ERR_OK)
		return e;
	e = kept_load(app, c, name, &known);
	if (e == ERR_OK && !read_client(known.doc, clock_now_s(app->clock), out))
		e = make_client(app, c, server, redirect_uri, name, out);
	store_lease_release(app->store, &lease);
	return e;
}

/* Remove the registration, unless another has taken its place since `client` was read. */
static enum err
forget_client(struct app *app, struct call *c, const char *name, const struct oauth_client *client)
{
	struct store_lease lease;
	struct kept known;
	const char *id;
	enum err e;

	/* Busy: somebody is making it anew, so the old one is gone already. */
	e = store_lease_take(app->store, name, &lease);
	if (e != ERR_OK)
		return e;
	e = kept_load(app, c, name, &known);
	id = json_string(known.doc, "client_id");
	if (e == ERR_OK && id != NULL && strcmp(id, client->client_id) == 0)
		e = store_remove(app->store, name, STORE_DURABLE);
	store_lease_release(app->store, &lease);
	return e;
}

void
authority_client_rejected(struct app *app, const struct oauth_server *server, const char *redirect_uri,
    const struct oauth_client *client)
{
	struct arena a;
	struct call c = { .arena = &a };
	const char *name;
	enum err e = ERR_NOMEM;

	if (*app->config.client_id != '\0') {
		log_event(LOG_LEVEL_ERROR, "client_rejected", "the authorization server rejects CLIENT_ID or its secret");
		return;
	}
	if (clock_now_s(app->clock) - client->registered_at_s < REGISTRATION_AGE_S)
		return;
	arena_init(&a, 64 * 1024);
	name = kept_name(&a, "r", server->issuer, redirect_uri);
	if (name != NULL)
		e = forget_client(app, &c, name, client);
	log_event(LOG_LEVEL_WARN, "client_rejected", "the registration is forgotten and made again at the next sign-in (%s)",
	    err_info(e)->name);
	arena_free(&a);
}

struct surveying {
	struct authority_survey *out;
	const char              *ours;
};

static void
survey_one(void *ctx, const char *name, const struct json *doc)
{
	struct surveying *s = ctx;
	struct authority_use use;

	s->out->documents++;
	if (doc == NULL)
		return;
	s->out->opened++;
	use.site = json_string(doc, "site");
	use.client_id = json_string(doc, "site_client");
	use.cookie_name = json_string(doc, "site_cookie");
	use.issuer = json_string(doc, "issuer");
	if (use.site == NULL || use.client_id == NULL || use.cookie_name == NULL || use.issuer == NULL ||
	    !json_int(doc, "site_since", 1, INT64_MAX / 2, &use.since_s) ||
	    !json_int(doc, "site_seen", 1, INT64_MAX / 2, &use.seen_s))
		return;	/* a registration, or metadata of an older version */
	if (strcmp(name, s->ours) == 0)
		s->out->since_s = use.since_s;
	else if (s->out->others < AUTHORITY_USES_MAX)
		s->out->other[s->out->others++] = use;
}

enum err
authority_survey(struct app *app, struct call *c, struct authority_survey *out)
{
	struct surveying s = { out, name_of_metadata(app, c->arena) };
	enum err e;

	memset(out, 0, sizeof(*out));
	if (s.ours == NULL)
		return ERR_NOMEM;
	e = kept_each(app, c, "m", survey_one, &s);
	return e != ERR_OK ? e : kept_each(app, c, "r", survey_one, &s);
}
