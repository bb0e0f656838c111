/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "flow/convert.h"
#include "flow/ensure.h"
#include "flow/plan_check.h"
#include "osc/catalog.h"
#include "osc/encore.h"
#include "osc/ids.h"
#include "osc/instance.h"
#include "osc/link.h"
#include "osc/profile_index.h"
#include "osc/secret.h"

#define QUEUE_NAME     "package"
#define QUEUE_PORT     6379
#define PROFILES_PREFIX "profiles"
#define PROFILES_INDEX "/profiles.yml"
#define PROFILES_POLLS 12	/* until the encoder does with its own profiles: a minute */
#define ROOT_USER      "admin"
#define QUEUE_PASSWORD "queuePassword"
#define QUEUE_URL      "queueUrl"
#define RECREATE       "recreateEncoder"	/* the storage's password was changed: an encoder that was there has the old one */
#define CANCEL_PAGES   10

const char *
convert_secret_name(struct arena *a, const char *what)
{
	return arena_concat(a, CONVERT_NAME, what);
}

bool
convert_storage(const struct system *sys, struct osc_s3 *s3)
{
	*s3 = (struct osc_s3){ .endpoint = system_fact(sys, CONVERT_FACT_STORAGE_URL),
		.user = system_credential(sys, CONVERT_STORAGE_USER),
		.password.reveal = system_credential(sys, CONVERT_STORAGE_PASSWORD) };
	return s3->endpoint != NULL && s3->user != NULL && secret_present(s3->password);
}

static bool
is_ours(const struct work *w, const char *service_id)
{
	return system_made(&w->sys, SYSTEM_INSTANCE, service_id, CONVERT_NAME) != SYSTEM_NOT_OURS;
}

/* Secrets for services that use the storage, or the queue.  name NULL: out of memory. */
static struct ensure_secret
storage_password(struct work *w, const char *service_id, const char *option)
{
	return (struct ensure_secret){ .service_id = service_id, .option = option,
		.name = convert_secret_name(w->call->arena, "rootpassword"),
		.value = system_credential(&w->sys, CONVERT_STORAGE_PASSWORD) };
}

static struct ensure_secret
queue_address(struct work *w, const char *service_id)
{
	return (struct ensure_secret){ .service_id = service_id, .option = "RedisUrl",
		.name = convert_secret_name(w->call->arena, "redisurl"),
		.value = system_credential(&w->sys, QUEUE_URL) };
}

/* Ensure a service of the pipeline, with these secrets. */
static struct ensure
wanted(struct work *w, const char *service_id, const struct ensure_secret *secrets, size_t n)
{
	return (struct ensure){ .service_id = service_id, .name = CONVERT_NAME, .options = json_object(w->call->arena),
		.secrets = secrets, .secrets_n = n };
}

/*
 * Making
 */

static enum err
make_credentials(struct work *w)
{
	enum err e = system_credential_make(&w->sys, CONVERT_STORAGE_PASSWORD, SYSTEM_MIXED);

	if (e == ERR_OK)
		e = system_credential_make(&w->sys, QUEUE_PASSWORD, SYSTEM_ALPHANUMERIC);
	if (system_credential(&w->sys, CONVERT_STORAGE_USER) == NULL)
		system_credential_set(&w->sys, CONVERT_STORAGE_USER, ROOT_USER);
	return e == ERR_OK ? system_save(&w->sys) : e;
}

/* Its password is known unless it was there before and has not been asked yet. */
static enum err
probe_storage(struct work *w, struct osc_service *s, const struct json *document, bool *ready)
{
	struct osc_s3 s3 = { .endpoint = json_string(document, "url"),
		.user = system_credential(&w->sys, CONVERT_STORAGE_USER),
		.password.reveal = system_credential(&w->sys, CONVERT_STORAGE_PASSWORD) };
	enum err e = ERR_OK;

	(void)s;
	if (is_ours(w, CONVERT_STORAGE) || system_fact(&w->sys, "credential " CONVERT_STORAGE) != NULL) {
		s3.endpoint = s3.endpoint == NULL ? NULL : osc_without_slash(w->call->arena, s3.endpoint);
		e = s3.endpoint == NULL ? ERR_PROTOCOL : osc_s3_ready(w->osc, &s3);
	}
	/* While it restarts, or starts with a secret that has just been saved, it may say no. */
	if (e == ERR_REFUSED) {
		call_recover(w->call);
		e = ERR_OK;
		*ready = false;
	}
	return e;
}

/* A storage that was there: its user and password from its document, or a new password. */
static enum err
adopt_storage(struct work *w, const struct json *document, const struct ensure_secret *secret)
{
	const char *user = json_string(document, "RootUser");
	struct osc_service *s;
	enum err e;

	if (is_ours(w, CONVERT_STORAGE))
		return ERR_OK;
	if (user != NULL && *user != '\0' && !text_starts_with(user, OSC_SECRET_REFERENCE))
		system_credential_set(&w->sys, CONVERT_STORAGE_USER, user);
	e = ensure_service(w, CONVERT_STORAGE, &s);
	if (e == ERR_OK)
		e = ensure_credential(w, s, document, CONVERT_STORAGE_PASSWORD, secret);
	if (e == ERR_OK && ensure_credential_is_new(w, CONVERT_STORAGE) && system_fact(&w->sys, RECREATE) == NULL)
		e = ensure_fact(w, RECREATE, "wanted");
	return e;
}

static enum err
make_storage(struct work *w)
{
	const struct ensure_secret secret = storage_password(w, CONVERT_STORAGE, "RootPassword");
	struct ensure want = wanted(w, CONVERT_STORAGE, &secret, 1);
	struct json *document;
	enum err e;

	if (secret.name == NULL)
		return ERR_NOMEM;
	want.probe = probe_storage;
	json_set_string(want.options, "RootUser", ROOT_USER);
	e = ensure_instance(w, &want, &document);
	if (e == ERR_OK && w->wait_s == 0)
		e = adopt_storage(w, document, &secret);
	return e == ERR_OK && w->wait_s == 0 ? ensure_url_fact(w, CONVERT_FACT_STORAGE_URL, document) : e;
}

static bool
is_streaming(const struct json *input)
{
	return json_bool(input, "streaming", false);
}

static enum err
make_buckets(struct work *w)
{
	enum osc_s3_readers readers = is_streaming(w->op->input) ? OSC_S3_PUBLIC : OSC_S3_PRIVATE;
	struct osc_s3 s3;
	enum err e;

	if (!convert_storage(&w->sys, &s3))
		return call_fail(w->call, ERR_CONFLICT, "the storage's password is not known");
	e = osc_s3_bucket_make(w->osc, &s3, CONVERT_INPUT);
	if (e == ERR_OK)
		e = osc_s3_bucket_make(w->osc, &s3, CONVERT_OUTPUT);
	if (e == ERR_OK)
		e = osc_s3_bucket_readers(w->osc, &s3, CONVERT_OUTPUT, readers);
	if (e == ERR_OK)
		e = osc_s3_bucket_cors(w->osc, &s3, CONVERT_INPUT);
	return e;
}

/* The address of the queue is among its ports; they can come late. */
static enum err
find_queue_port(struct work *w, const struct json *document)
{
	struct arena *a = w->call->arena;
	struct osc_service *s = osc_catalog_known(w->osc, CONVERT_QUEUE);
	struct osc_call call = { .who = CONVERT_QUEUE, .service = s, .method = "GET" };
	const char *password = text_percent_encoded(a, system_credential(&w->sys, QUEUE_PASSWORD));
	const struct json *j;
	enum err e;

	if (password == NULL)
		return ERR_NOMEM;
	call.url = s == NULL ? NULL : osc_link_in(a, s, document, OSC_LINK_PORTS, CONVERT_NAME);
	if (call.url == NULL)
		return ERR_NOMEM;
	e = osc_calls(w->osc, &call, 1);
	if (e != ERR_OK)
		return e;
	/* Older answers were the one entry itself. */
	j = call.answer != OSC_OK || call.json == NULL ? NULL : json_kind(call.json) == JSON_OBJECT ? call.json
	    : json_first(call.json);
	for (; j != NULL; j = j == call.json ? NULL : json_next(j)) {
		const char *ip = json_string(j, "externalIp"), *url;
		int64_t inside = 0, outside = 0;

		if (ip == NULL || !json_int(j, "internalPort", 1, 65535, &inside) || inside != QUEUE_PORT
		    || !json_int(j, "externalPort", 1, 65535, &outside))
			continue;
		url = arena_printf(a, "redis://default:%s@%s:%d", password, ip, (int)outside);
		if (url == NULL)
			return ERR_NOMEM;
		system_credential_set(&w->sys, QUEUE_URL, url);
		return system_save(&w->sys);
	}
	work_wait(w, 0, "waiting for its port");
	return ERR_OK;
}

static enum err
make_queue(struct work *w)
{
	const struct ensure_secret secret = { .service_id = CONVERT_QUEUE, .option = "Password",
		.name = convert_secret_name(w->call->arena, "redispassword"),
		.value = system_credential(&w->sys, QUEUE_PASSWORD) };
	struct ensure want = wanted(w, CONVERT_QUEUE, &secret, 1);
	struct json *document;
	enum err e;

	if (secret.name == NULL)
		return ERR_NOMEM;
	e = ensure_instance(w, &want, &document);
	if (e == ERR_OK && w->wait_s == 0 && !is_ours(w, CONVERT_QUEUE))
		e = ensure_credential(w, osc_catalog_known(w->osc, CONVERT_QUEUE), document, QUEUE_PASSWORD, &secret);
	return e == ERR_OK && w->wait_s == 0 ? find_queue_port(w, document) : e;
}

/*
 * The encoder fetches the index without a token: only one that is given to anybody, and
 * names the profile that jobs ask for, is of use to it.
 */
static enum err
check_profiles(struct work *w, const char *url)
{
	const char *index = arena_concat(w->call->arena, url, PROFILES_INDEX), **names;
	size_t n;
	enum err e;

	if (index == NULL)
		return ERR_NOMEM;
	e = osc_profile_index_read(w->osc, index, &names, &n);
	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], CONVERT_PROFILE) == 0)
			return ensure_fact(w, CONVERT_FACT_PROFILES_URL, index);
	if (w->op->polls >= PROFILES_POLLS)
		return ensure_fact(w, CONVERT_FACT_PROFILES_URL, NULL);
	work_wait(w, 0, "becoming reachable");
	return ERR_OK;
}

static enum err
make_profiles(struct work *w)
{
	const struct ensure_secret secret = storage_password(w, CONVERT_PROFILES, "s3SecretKey");
	struct ensure want = wanted(w, CONVERT_PROFILES, &secret, 1);
	struct json *document, *options = want.options;
	const char *url;
	enum err e;

	if (secret.name == NULL)
		return ERR_NOMEM;
	json_set_string(options, "s3Endpoint", system_fact(&w->sys, CONVERT_FACT_STORAGE_URL));
	json_set_string(options, "s3Region", OSC_S3_REGION);
	json_set_string(options, "s3AccessKey", system_credential(&w->sys, CONVERT_STORAGE_USER));
	json_set_string(options, "s3Bucket", CONVERT_INPUT);
	json_set_string(options, "s3Prefix", PROFILES_PREFIX);
	want.told = true;
	want.outdated = ensure_credential_is_new(w, CONVERT_STORAGE);
	e = ensure_instance(w, &want, &document);
	if (e != ERR_OK || w->wait_s > 0)
		return e;
	url = json_string(document, "url");
	url = url == NULL ? NULL : osc_without_slash(w->call->arena, url);
	return url == NULL ? call_fail(w->call, ERR_PROTOCOL, "the profile server has no address") : check_profiles(w, url);
}

static enum err
probe_encoder(struct work *w, struct osc_service *s, const struct json *document, bool *ready)
{
	const char *url = json_string(document, "url");

	*ready = false;
	return url == NULL ? ERR_OK : osc_encore_ready(w->osc, s, url, ready);
}

/* It cannot be given another password: one with the old one is taken away, once. */
static enum err
remove_stale_encoder(struct work *w)
{
	struct osc_service *s;
	enum err e;

	if (system_fact(&w->sys, RECREATE) == NULL || strcmp(system_fact(&w->sys, RECREATE), "wanted") != 0)
		return ERR_OK;
	e = ensure_service(w, CONVERT_ENCODER, &s);
	if (e == ERR_OK)
		e = osc_instance_remove(w->osc, s, CONVERT_NAME);
	if (e == ERR_NOT_FOUND) {
		call_recover(w->call);
		e = ERR_OK;
	}
	return e == ERR_OK ? ensure_fact(w, RECREATE, "done") : e;
}

static enum err
make_encoder(struct work *w)
{
	const struct ensure_secret secret = storage_password(w, CONVERT_ENCODER, "s3SecretAccessKey");
	struct ensure want = wanted(w, CONVERT_ENCODER, &secret, 1);
	struct json *document;
	enum err e;

	if (secret.name == NULL)
		return ERR_NOMEM;
	want.probe = probe_encoder;
	json_set_string(want.options, "s3Endpoint", system_fact(&w->sys, CONVERT_FACT_STORAGE_URL));
	json_set_string(want.options, "s3Region", OSC_S3_REGION);
	json_set_string(want.options, "s3AccessKeyId", system_credential(&w->sys, CONVERT_STORAGE_USER));
	if (system_fact(&w->sys, CONVERT_FACT_PROFILES_URL) != NULL)
		json_set_string(want.options, "profilesUrl", system_fact(&w->sys, CONVERT_FACT_PROFILES_URL));
	e = remove_stale_encoder(w);
	if (e == ERR_OK)
		e = ensure_instance(w, &want, &document);
	return e == ERR_OK && w->wait_s == 0 ? ensure_url_fact(w, CONVERT_FACT_ENCODER_URL, document) : e;
}

/* The encoder calls it without a token: the path it calls must be the application's. */
static enum err
probe_listener(struct work *w, struct osc_service *s, const struct json *document, bool *ready)
{
	struct http_request rq = { .method = "HEAD", .reach = HTTP_REACH_SERVICE, .accept = "*/*" };
	const char *url = json_string(document, "url");
	enum err e;

	(void)s;
	*ready = false;
	rq.url = url == NULL ? NULL : arena_concat(w->call->arena, osc_without_slash(w->call->arena, url),
	    OSC_ENCORE_CALLBACK);
	if (rq.url == NULL)
		return ERR_NOMEM;
	e = http_perform(w->app->http, w->call, &rq, 1, w->osc->tick, w->osc->tick_ctx);
	*ready = e == ERR_OK && rq.result == ERR_OK && rq.status < 500 && rq.status != 401 && rq.status != 403
	    && strstr(rq.answer_type, "html") == NULL;
	return e;
}

static enum err
make_listener(struct work *w)
{
	const struct ensure_secret secret = queue_address(w, CONVERT_LISTENER);
	struct ensure want = wanted(w, CONVERT_LISTENER, &secret, 1);
	struct json *document;
	enum err e;

	if (secret.name == NULL)
		return ERR_NOMEM;
	want.probe = probe_listener;
	json_set_string(want.options, "EncoreUrl", system_fact(&w->sys, CONVERT_FACT_ENCODER_URL));
	json_set_string(want.options, "RedisQueue", QUEUE_NAME);
	want.told = true;
	want.outdated = ensure_credential_is_new(w, CONVERT_QUEUE);
	e = ensure_instance(w, &want, &document);
	return e == ERR_OK && w->wait_s == 0 ? ensure_url_fact(w, CONVERT_FACT_LISTENER_URL, document) : e;
}

static enum err
make_packager(struct work *w)
{
	struct arena *a = w->call->arena;
	const struct ensure_secret secrets[] = {
		queue_address(w, CONVERT_PACKAGER),
		{ .service_id = CONVERT_PACKAGER, .option = "AwsAccessKeyId", .name = convert_secret_name(a, "accesskey"),
		    .value = system_credential(&w->sys, CONVERT_STORAGE_USER) },
		storage_password(w, CONVERT_PACKAGER, "AwsSecretAccessKey"),
		{ .service_id = CONVERT_PACKAGER, .option = "PersonalAccessToken", .name = convert_secret_name(a, "pat"),
		    .value = w->osc->access_token.reveal, .passing = true },
	};
	struct ensure want = wanted(w, CONVERT_PACKAGER, secrets, sizeof(secrets) / sizeof(secrets[0]));
	struct json *document;

	for (size_t i = 0; i < want.secrets_n; i++)
		if (secrets[i].name == NULL)
			return ERR_NOMEM;
	json_set_string(want.options, "RedisQueue", QUEUE_NAME);
	json_set_string(want.options, "OutputFolder", "s3://" CONVERT_OUTPUT "/" CONVERT_PACKAGED "/");
	json_set_string(want.options, "AwsRegion", OSC_S3_REGION);
	json_set_string(want.options, "S3EndpointUrl", system_fact(&w->sys, CONVERT_FACT_STORAGE_URL));
	want.told = true;
	want.outdated = ensure_credential_is_new(w, CONVERT_STORAGE) || ensure_credential_is_new(w, CONVERT_QUEUE);
	/* Which token it has is found out, and mended, when there is a job for it. */
	return ensure_instance(w, &want, &document);
}

static enum err
made(struct work *w, struct json **result)
{
	bool streaming = is_streaming(w->op->input);
	enum err e = ensure_fact(w, CONVERT_FACT_STREAMING, streaming ? "yes" : NULL);

	if (e == ERR_OK)
		e = ensure_fact(w, CONVERT_FACT_READY, "yes");
	*result = json_object(w->call->arena);
	json_set_bool(*result, "streaming", streaming);
	json_set_string(*result, "storage", system_fact(&w->sys, CONVERT_FACT_STORAGE_URL));
	json_set_string(*result, "encoder", system_fact(&w->sys, CONVERT_FACT_ENCODER_URL));
	return e;
}

static const struct recipe_step make_steps[] = {
	{ "plan",        NULL,             NULL,         plan_check },
	{ "credentials", NULL,             NULL,         make_credentials },
	{ "storage",     CONVERT_STORAGE,  NULL,         make_storage },
	{ "buckets",     NULL,             NULL,         make_buckets },
	{ "queue",       CONVERT_QUEUE,    NULL,         make_queue },
	{ "profiles",    CONVERT_PROFILES, NULL,         make_profiles },
	{ "encoder",     CONVERT_ENCODER,  NULL,         make_encoder },
	{ "listener",    CONVERT_LISTENER, is_streaming, make_listener },
	{ "packager",    CONVERT_PACKAGER, is_streaming, make_packager },
};

const struct recipe convert_make = { "convert.pipeline", CONVERT_FAMILY, make_steps,
	sizeof(make_steps) / sizeof(make_steps[0]), made };

/*
 * Removing
 */

static enum err
cancel_page(struct work *w, struct osc_service *s, const char *url, int page, bool *more)
{
	struct json *list;
	int64_t pages = 0;
	enum err e;

	e = osc_encore_jobs(w->osc, s, url, page, 50, &list);
	if (e != ERR_OK)
		return e;
	for (const struct json *j = json_first(json_get(json_get(list, "_embedded"), "encoreJobs")); e == ERR_OK && j != NULL;
	    j = json_next(j))
		if (!osc_encore_has_ended(j) && json_string(j, "id") != NULL)
			e = osc_encore_job_cancel(w->osc, s, url, json_string(j, "id"));
	*more = json_int(json_get(list, "page"), "totalPages", 0, INT64_MAX, &pages) && page + 1 < pages;
	return e;
}

/* What runs would be lost with the encoder; one that cannot be asked any more has nothing to cancel. */
static enum err
cancel_jobs(struct work *w)
{
	const char *url = system_fact(&w->sys, CONVERT_FACT_ENCODER_URL);
	struct osc_service *s = NULL;
	bool more = true;
	enum err e = ensure_fact(w, CONVERT_FACT_READY, NULL);

	if (e == ERR_OK && url != NULL && is_ours(w, CONVERT_ENCODER))
		e = osc_catalog_find(w->osc, CONVERT_ENCODER, &s);
	for (int page = 0; e == ERR_OK && s != NULL && more && page < CANCEL_PAGES; page++)
		e = cancel_page(w, s, url, page, &more);
	if (e == ERR_NOT_FOUND || e == ERR_UPSTREAM || e == ERR_UPSTREAM_TIMEOUT || e == ERR_PROTOCOL) {
		call_recover(w->call);
		return ERR_OK;
	}
	return e;
}

static enum err remove_packager(struct work *w) { return ensure_gone(w, CONVERT_PACKAGER, CONVERT_NAME); }
static enum err remove_listener(struct work *w) { return ensure_gone(w, CONVERT_LISTENER, CONVERT_NAME); }
static enum err remove_encoder(struct work *w) { return ensure_gone(w, CONVERT_ENCODER, CONVERT_NAME); }
static enum err remove_profiles(struct work *w) { return ensure_gone(w, CONVERT_PROFILES, CONVERT_NAME); }
static enum err remove_queue(struct work *w) { return ensure_gone(w, CONVERT_QUEUE, CONVERT_NAME); }
static enum err remove_storage(struct work *w) { return ensure_gone(w, CONVERT_STORAGE, CONVERT_NAME); }

static bool
takes_storage(const struct json *input)
{
	return json_bool(input, "storage", false);
}

/* While a storage stays, so does its password: the files in it are the visitor's. */
static enum err
remove_rest(struct work *w)
{
	static const char *const facts[] = { CONVERT_FACT_ENCODER_URL, CONVERT_FACT_LISTENER_URL,
		CONVERT_FACT_PROFILES_URL, CONVERT_FACT_STREAMING, CONVERT_FACT_READY };
	bool stays = is_ours(w, CONVERT_STORAGE) || (!takes_storage(w->op->input)
	    && system_fact(&w->sys, "credential " CONVERT_STORAGE) != NULL);
	enum err e = ensure_no_secrets(w, stays ? CONVERT_STORAGE : NULL);

	if (e != ERR_OK)
		return e;
	if (!stays)
		return system_forget(&w->sys);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		system_fact_set(&w->sys, facts[i], NULL);
	return system_save(&w->sys);
}

static const struct recipe_step remove_steps[] = {
	{ "jobs",     NULL,             NULL,          cancel_jobs },
	{ "packager", CONVERT_PACKAGER, NULL,          remove_packager },
	{ "listener", CONVERT_LISTENER, NULL,          remove_listener },
	{ "encoder",  CONVERT_ENCODER,  NULL,          remove_encoder },
	{ "profiles", CONVERT_PROFILES, NULL,          remove_profiles },
	{ "queue",    CONVERT_QUEUE,    NULL,          remove_queue },
	{ "storage",  CONVERT_STORAGE,  takes_storage, remove_storage },
	{ "secrets",  NULL,             NULL,          remove_rest },
};

const struct recipe convert_remove = { "convert.remove", CONVERT_FAMILY, remove_steps,
	sizeof(remove_steps) / sizeof(remove_steps[0]), NULL };
