/* SPDX-License-Identifier: MIT */
#include "platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "crypto/crypto.h"
#include "crypto/keyring.h"
#include "json/json.h"
#include "store/store_bdb.h"

struct asked {
	struct platform     *p;
	struct arena        *a;
	struct http_request *rq;
};

struct platform_thing *
platform_find(struct platform *p, enum platform_kind kind, const char *service, const char *name)
{
	for (int i = 0; i < p->n; i++)
		if (p->things[i].kind == kind && strcmp(p->things[i].service, service) == 0
		    && strcmp(p->things[i].name, name) == 0)
			return &p->things[i];
	return NULL;
}

static struct platform_thing *
there(struct platform *p, enum platform_kind kind, const char *service, const char *name)
{
	struct platform_thing *t = platform_find(p, kind, service, name);

	return t != NULL && t->there ? t : NULL;
}

struct platform_thing *
platform_add(struct platform *p, enum platform_kind kind, const char *service, const char *name, const char *value)
{
	struct platform_thing *t = platform_find(p, kind, service, name);

	if (t == NULL) {
		if (p->n == PLATFORM_THINGS_MAX)
			abort();
		t = &p->things[p->n++];
		t->kind = kind;
		snprintf(t->service, sizeof(t->service), "%s", service);
		snprintf(t->name, sizeof(t->name), "%s", name);
	}
	snprintf(t->value, sizeof(t->value), "%s", value);
	t->there = true;
	t->made++;
	t->looks = 0;
	return t;
}

const char *
platform_summary(struct platform *p, struct arena *a)
{
	static const char *const kinds[] = { "service", "instance", "secret", "database", "bucket", "suspended", "file", "job",
		"told" };
	const char *text = "";

	for (int i = 0; i < p->n; i++)
		if (p->things[i].there && p->things[i].kind != PLATFORM_SERVICE)
			text = arena_printf(a, "%s%s %s %s x%d; ", text, kinds[p->things[i].kind], p->things[i].service,
			    p->things[i].name, p->things[i].made);
	return text;
}

/*
 * Answers
 */

static void
say(struct asked *k, int status, const char *body)
{
	k->rq->status = status;
	k->rq->answer_type = *body == '<' ? "text/html" : "application/json";
	k->rq->answer = arena_strdup(k->a, body);
	k->rq->answer_len = strlen(body);
}

static bool
is(const struct asked *k, const char *method)
{
	return strcmp(k->rq->method, method) == 0;
}

static struct json *
body_of(struct asked *k)
{
	struct json *j = NULL;

	return k->rq->body_len > 0 && json_parse(k->a, k->rq->body, k->rq->body_len, &j) == ERR_OK ? j : NULL;
}

static const char *
text_of(struct asked *k)
{
	return k->rq->body_len > 0 ? arena_strndup(k->a, k->rq->body, k->rq->body_len) : "";
}

/* The n-th part of a path, 0 the first. */
static const char *
part(struct asked *k, const char *path, int n)
{
	size_t len;

	while (n-- > 0 && *path != '\0') {
		path += strcspn(path, "/");
		path += *path == '/';
	}
	len = strcspn(path, "/?");
	return arena_strndup(k->a, path, len);
}

static void
catalog(struct asked *k)
{
	const char *list = "[";
	struct json *body;

	if (is(k, "POST")) {
		body = body_of(k);
		for (const struct json *j = json_first(json_get(body, "services")); j != NULL; j = json_next(j))
			platform_add(k->p, PLATFORM_SERVICE, json_text(j), "", "");
		say(k, 200, "{}");
		return;
	}
	for (int i = 0; i < k->p->n; i++) {
		const struct platform_thing *t = &k->p->things[i];

		if (t->kind == PLATFORM_SERVICE)
			list = arena_printf(k->a, "%s%s{\"serviceId\":\"%s\",\"apiUrl\":\"https://api-%s.osaas.io/x\","
			    "\"serviceType\":\"instance\"}", list, list[1] != '\0' ? "," : "", t->service, t->service);
	}
	say(k, 200, arena_concat(k->a, list, "]"));
}

static void
secrets(struct asked *k, const char *path)
{
	const char *service = part(k, path, 0), *name = part(k, path, 1), *list = "[";
	struct json *body = body_of(k);
	struct platform_thing *t;

	if (is(k, "GET")) {
		for (int i = 0; i < k->p->n; i++)
			if (k->p->things[i].kind == PLATFORM_SECRET && k->p->things[i].there
			    && strcmp(k->p->things[i].service, service) == 0)
				list = arena_printf(k->a, "%s%s{\"serviceId\":\"%s\",\"secretName\":\"%s\"}", list,
				    list[1] != '\0' ? "," : "", service, k->p->things[i].name);
		say(k, 200, arena_concat(k->a, list, "]"));
		return;
	}
	if (is(k, "POST"))
		name = json_string(body, "secretName");
	t = there(k->p, PLATFORM_SECRET, service, name);
	if (is(k, "POST") && t != NULL) {
		say(k, 409, "{\"reason\":\"exists\"}");
	} else if (is(k, "POST")) {
		platform_add(k->p, PLATFORM_SECRET, service, name, json_string(body, "secretData"));
		say(k, 201, "{}");
	} else if (t == NULL) {
		say(k, 404, "{\"reason\":\"no such secret\"}");
	} else if (is(k, "PUT")) {
		snprintf(t->value, sizeof(t->value), "%s", json_string(body, "secretData"));
		say(k, 200, "{}");
	} else {
		t->there = false;
		say(k, 204, "");
	}
}

static void
suspended(struct asked *k, const char *path)
{
	const char *service = part(k, path, 0), *name = part(k, path, 1), *list = "[";
	struct platform_thing *t;

	if (*service == '\0') {
		for (int i = 0; i < k->p->n; i++)
			if (k->p->things[i].kind == PLATFORM_SUSPENDED && k->p->things[i].there)
				list = arena_printf(k->a, "%s%s{\"serviceId\":\"%s\",\"instanceName\":\"%s\"}", list,
				    list[1] != '\0' ? "," : "", k->p->things[i].service, k->p->things[i].name);
		say(k, 200, arena_concat(k->a, list, "]"));
		return;
	}
	t = there(k->p, PLATFORM_SUSPENDED, service, name);
	if (t == NULL) {
		say(k, 404, "{\"reason\":\"not suspended\"}");
		return;
	}
	t->there = false;
	if (is(k, "POST")) {
		t = platform_find(k->p, PLATFORM_INSTANCE, service, name);
		if (t != NULL)
			t->there = true;
	}
	say(k, 200, "{\"message\":\"ok\"}");
}

/*
 * A service's API
 */

static const char *
document(struct asked *k, const struct platform_thing *t)
{
	struct json *j, *links = json_object(k->a), *restart = json_object(k->a);

	if (json_parse(k->a, t->value, strlen(t->value), &j) != ERR_OK)
		return "{}";
	json_set_string(restart, "href", arena_printf(k->a, "/restart/%s", t->name));
	json_set(links, "restart", restart);
	json_set(j, "_links", links);
	json_set_string(j, "url", arena_printf(k->a, "https://%s.%s.osaas.io", t->name, t->service));
	return json_print(k->a, j, NULL);
}

static void
instances(struct asked *k, const char *service, const char *name)
{
	struct platform_thing *t = there(k->p, PLATFORM_INSTANCE, service, name);
	const char *list = "[";

	if (is(k, "POST")) {
		name = json_string(body_of(k), "name");
		if (strcmp(k->p->race, service) == 0) {
			platform_add(k->p, PLATFORM_INSTANCE, service, name, "{\"AdminPassword\":\"theirs\"}");
			k->p->race[0] = '\0';
		}
		if (strcmp(k->p->refuse, service) == 0)
			say(k, 403, "{\"reason\":\"your plan does not allow more instances\"}");
		else if (there(k->p, PLATFORM_INSTANCE, service, name) != NULL)
			say(k, 409, "{\"reason\":\"name already taken\"}");
		else
			say(k, 200, document(k, platform_add(k->p, PLATFORM_INSTANCE, service, name, text_of(k))));
		return;
	}
	if (*name == '\0') {
		for (int i = 0; i < k->p->n; i++)
			if (k->p->things[i].kind == PLATFORM_INSTANCE && k->p->things[i].there
			    && strcmp(k->p->things[i].service, service) == 0)
				list = arena_concat(k->a, list, list[1] != '\0' ? "," : "", document(k, &k->p->things[i]));
		say(k, 200, arena_concat(k->a, list, "]"));
	} else if (t == NULL) {
		say(k, 404, "{\"reason\":\"not found\"}");
	} else if (is(k, "DELETE")) {
		for (int i = 0; i < k->p->n; i++)	/* what was in it is gone too */
			if ((k->p->things[i].kind == PLATFORM_DATABASE || k->p->things[i].kind == PLATFORM_BUCKET)
			    && strcmp(k->p->things[i].service, service) == 0)
				k->p->things[i].there = false;
		t->there = false;
		say(k, 204, "");
	} else {
		say(k, 200, document(k, t));
	}
}

static void
api(struct asked *k, const char *service, const char *path)
{
	const char *verb = part(k, path, 0), *name = part(k, path, 1);
	struct platform_thing *t = there(k->p, PLATFORM_INSTANCE, service, name);

	if (k->rq->token == NULL || strcmp(k->rq->token, arena_concat(k->a, "sat-", service)) != 0) {
		say(k, 401, "{\"reason\":\"wrong token\"}");
	} else if (strcmp(verb, "x") == 0) {
		instances(k, service, name);
	} else if (t == NULL) {
		say(k, 404, "{\"reason\":\"not found\"}");
	} else if (strcmp(verb, "health") == 0) {
		say(k, 200, strcmp(k->p->fail, service) == 0 ? "{\"status\":\"failed\"}"
		    : t->looks++ == 0 ? "{\"status\":\"starting\"}" : "{\"status\":\"running\"}");
	} else if (strcmp(verb, "logs") == 0) {
		say(k, 200, "\"first line\\nout of disk\"");
	} else if (strcmp(verb, "ports") == 0) {
		say(k, 200, "[{\"externalIp\":\"203.0.113.7\",\"externalPort\":10508,\"internalPort\":6379}]");
	} else if (strcmp(verb, "restart") == 0) {
		t->restarts++;
		say(k, 204, "");
	} else {
		say(k, 404, "{\"reason\":\"not found\"}");
	}
}

/*
 * Applications
 */

/* What an instance's option is worth inside of it. */
static const char *
option(struct asked *k, const struct platform_thing *instance, const char *name)
{
	const struct platform_thing *secret;
	const char *value;
	struct json *j;

	if (instance == NULL || json_parse(k->a, instance->value, strlen(instance->value), &j) != ERR_OK)
		return "";
	value = json_string(j, name);
	if (value == NULL || !text_starts_with(value, "{{secrets."))
		return value != NULL ? value : "";
	value += strlen("{{secrets.");
	secret = there(k->p, PLATFORM_SECRET, instance->service, arena_strndup(k->a, value, strlen(value) - 2));
	return secret != NULL ? secret->value : "";
}

static bool
has_token(const struct asked *k, const char *token)
{
	return k->rq->token != NULL && *token != '\0' && strcmp(k->rq->token, token) == 0;
}

static void
couchdb(struct asked *k, const struct platform_thing *t, const char *path)
{
	const char *pair = arena_concat(k->a, "admin:", option(k, t, "AdminPassword"));

	if (k->rq->auth != HTTP_AUTH_BASIC || !has_token(k, crypto_b64(k->a, pair, strlen(pair)))) {
		say(k, 401, "{\"error\":\"unauthorized\",\"reason\":\"Name or password is incorrect.\"}");
	} else if (there(k->p, PLATFORM_DATABASE, t->service, path) != NULL) {
		say(k, 412, "{\"error\":\"file_exists\"}");
	} else {
		platform_add(k->p, PLATFORM_DATABASE, t->service, path, "");
		say(k, 201, "{\"ok\":true}");
	}
}

/* It starts only with its database, and with the key of its SFU. */
static void
manager(struct asked *k, const struct platform_thing *t)
{
	const char *password = option(k, there(k->p, PLATFORM_INSTANCE, "apache-couchdb", t->name), "AdminPassword");
	const char *db = arena_printf(k->a, "https://admin:%s@%s.apache-couchdb.osaas.io/intercom", password, t->name);
	const char *key = option(k, there(k->p, PLATFORM_INSTANCE, "eyevinn-docker-wrtc-sfu", t->name), "ApiKey");

	if (!has_token(k, "sat-eyevinn-intercom-manager") || k->rq->auth != HTTP_AUTH_BEARER)
		say(k, 401, "<p>sign in</p>");
	else if (strcmp(option(k, t, "dbUrl"), db) != 0 || strcmp(option(k, t, "smbApiKey"), key) != 0
	    || there(k->p, PLATFORM_DATABASE, "apache-couchdb", "intercom") == NULL)
		say(k, 500, "database or SFU not to be reached");
	else
		say(k, 200, "{\"productions\":[],\"totalItems\":0}");
}

static bool
is_signed(const struct asked *k)
{
	return strstr(k->rq->url, "X-Amz-Signature=") != NULL && strstr(k->rq->url, "X-Amz-Credential=admin") != NULL;
}

static void
list_files(struct asked *k, const char *service, const char *bucket)
{
	const char *list = "", *prefix = strstr(k->rq->url, "&prefix=") + strlen("&prefix=");

	prefix = text_percent_decode(k->a, prefix, strcspn(prefix, "&"), false);
	for (int i = 0; i < k->p->n; i++) {
		const struct platform_thing *t = &k->p->things[i];

		if (t->kind == PLATFORM_FILE && t->there && strcmp(t->service, service) == 0
		    && text_starts_with(t->name, arena_concat(k->a, bucket, "/", prefix)))
			list = arena_concat(k->a, list, "<Key>", t->name + strlen(bucket) + 1, "</Key>");
	}
	say(k, 200, list);
	k->rq->answer_type = "application/xml";
}

static void
file(struct asked *k, struct platform_thing *t)
{
	say(k, t == NULL ? 404 : 200, "");
	if (t != NULL && is(k, "DELETE"))
		t->there = false;
}

static void
storage(struct asked *k, const struct platform_thing *t, const char *path)
{
	const char *bucket = part(k, path, 0), *name = arena_strndup(k->a, path, strcspn(path, "?"));
	bool is_there = there(k->p, PLATFORM_BUCKET, t->service, bucket) != NULL;

	if (!is_signed(k) || *option(k, t, "RootPassword") == '\0')
		say(k, 403, "<Error><Code>AccessDenied</Code></Error>");
	else if (*part(k, path, 1) != '\0')
		file(k, there(k->p, PLATFORM_FILE, t->service, name));
	else if (is(k, "GET"))
		list_files(k, t->service, bucket);
	else if (is(k, "HEAD"))
		say(k, is_there ? 200 : 404, "");
	else if (is_there || strstr(path, "?policy") != NULL || strstr(path, "?cors") != NULL)
		say(k, 200, "");
	else {
		platform_add(k->p, PLATFORM_BUCKET, t->service, bucket, "");
		say(k, 200, "");
	}
}

static void
encore(struct asked *k, const char *path)
{
	const struct platform_thing *t = there(k->p, PLATFORM_JOB, "encore", part(k, path, 1));
	const char *list = "";

	if (!has_token(k, "sat-encore")) {
		say(k, 401, "{}");
	} else if (*part(k, path, 1) != '\0') {
		say(k, t == NULL ? 404 : 200, t == NULL ? "{}" : t->value);
	} else {
		for (int i = 0; i < k->p->n; i++)
			if (k->p->things[i].kind == PLATFORM_JOB)
				list = arena_concat(k->a, list, *list != '\0' ? "," : "", k->p->things[i].value);
		say(k, 200, arena_concat(k->a, "{", *list == '\0' ? "" : "\"_embedded\":{\"encoreJobs\":[", list,
		    *list == '\0' ? "" : "]},", "\"page\":{\"totalPages\":0,\"totalElements\":0}}"));
	}
}

/* Whoever tells it needs no token, and must not show one. */
static void
listener(struct asked *k)
{
	struct json *body = body_of(k);

	if (!is(k, "POST") || k->rq->token != NULL || strcmp(json_string(body, "status"), "SUCCESSFUL") != 0) {
		say(k, 404, "");
		return;
	}
	platform_add(k->p, PLATFORM_TOLD, "", json_string(body, "jobId"), "");
	say(k, 200, "");
}

static void
application(struct asked *k, const char *name, const char *service, const char *path)
{
	struct platform_thing *t = there(k->p, PLATFORM_INSTANCE, service, name);

	if (t == NULL || t->looks < 2)
		k->rq->result = ERR_UPSTREAM;	/* no such host, or not yet */
	else if (strcmp(service, "apache-couchdb") == 0)
		couchdb(k, t, path);
	else if (strcmp(service, "eyevinn-docker-wrtc-sfu") == 0)
		say(k, has_token(k, option(k, t, "ApiKey")) ? 200 : 503, "[]");
	else if (strcmp(service, "eyevinn-intercom-manager") == 0)
		manager(k, t);
	else if (strcmp(service, "minio-minio") == 0)
		storage(k, t, path);
	else if (strcmp(service, "encore") == 0)
		encore(k, path);
	else if (strcmp(service, "eyevinn-encore-callback-listener") == 0)
		listener(k);
	else
		say(k, 200, "program: program.yml\n");
}

/*
 * Where requests lead
 */

/* "https://name.service.osaas.io/path" */
static void
by_host(struct asked *k, const char *host, const char *path)
{
	const char *dot, *name, *service;

	if (text_starts_with(host, "api-")) {
		host += strlen("api-");
		api(k, arena_strndup(k->a, host, strcspn(host, ".")), path);
		return;
	}
	dot = strchr(host, '.');
	if (dot == NULL)
		abort();
	name = arena_strndup(k->a, host, (size_t)(dot - host));
	service = arena_strndup(k->a, dot + 1, strcspn(dot + 1, "."));
	application(k, name, service, path);
}

static void
answer(struct asked *k)
{
	const char *host = k->rq->url + strlen("https://"), *path = host + strcspn(host, "/");

	path += *path == '/';
	if (text_starts_with(host, "catalog.example"))
		catalog(k);
	else if (text_starts_with(host, "token.example"))
		say(k, 200, arena_printf(k->a, "{\"token\":\"sat-%s\",\"expiry\":9000000000}",
		    json_string(body_of(k), "serviceId")));
	else if (text_starts_with(path, "mytenantplan"))
		say(k, 200, arena_printf(k->a, "{\"tenantId\":\"%s\",\"planType\":\"PERSONAL\"}", k->p->tenant));
	else if (text_starts_with(path, "mytokencount"))
		say(k, 200, "{\"remainingTokens\":100}");
	else if (text_starts_with(path, "mysecrets"))
		secrets(k, path + strlen("mysecrets/"));
	else if (text_starts_with(path, "mysuspended"))
		suspended(k, path[strlen("mysuspended")] == '/' ? path + strlen("mysuspended/") : "");
	else
		by_host(k, host, path);
}

static enum err
perform(struct http *http, struct call *c, struct http_request *rq, size_t n, void (*tick)(void *), void *ctx)
{
	struct platform *p = (struct platform *)(void *)http;

	for (size_t i = 0; i < n; i++) {
		struct asked k = { p, c->arena, &rq[i] };

		p->calls++;
		if (p->calls == p->die_at && p->die_before)
			_exit(9);
		rq[i].result = ERR_OK;
		rq[i].sent = true;
		answer(&k);
		if (p->calls == p->die_at)
			_exit(9);
		if (tick != NULL)
			tick(ctx);
	}
	return ERR_OK;
}

static void
close_nothing(struct http *http)
{
	(void)http;
}

static const struct http_backend backend = { perform, close_nothing };

struct platform *
platform_open(void)
{
	struct platform *p = mmap(NULL, sizeof(*p), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	platform_reset(p);
	return p;
}

void
platform_close(struct platform *p)
{
	munmap(p, sizeof(*p));
}

bool
platform_outlived(struct platform *p, void (*act)(void *ctx), void *ctx, int at, bool before)
{
	int status;
	pid_t pid;

	p->calls = 0;
	p->die_at = at;
	p->die_before = before;
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		act(ctx);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		abort();
	p->die_at = 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void
platform_reset(struct platform *p)
{
	memset(p, 0, sizeof(*p));
	p->http.backend = &backend;
	p->now_s = 1790000000;
	strcpy(p->tenant, "acme");
}

/*
 * The site
 */

static struct platform *
of_clock(struct clock *c)
{
	return ((struct site *)(void *)((char *)c - offsetof(struct site, clock)))->platform;
}

static int64_t
now_s(struct clock *c)
{
	return of_clock(c)->now_s;
}

static int64_t
mono_ms(struct clock *c)
{
	return of_clock(c)->now_s * 1000;
}

static void
sleep_ms(struct clock *c, int ms)
{
	of_clock(c)->now_s += (ms + 999) / 1000;
}

void
site_open(struct site *s, struct platform *p, const char *dir)
{
	static const char *const nobody[] = { NULL };

	memset(s, 0, sizeof(*s));
	s->platform = p;
	s->clock = (struct clock){ now_s, mono_ms, sleep_ms };
	snprintf(s->key_path, sizeof(s->key_path), "%s/key", dir);
	s->app.clock = &s->clock;
	s->app.http = &p->http;
	s->app.config = (struct config){
		.client_id = "c1", .client_name = "Test", .osc_app_url = "https://app.example",
		.osc_catalog_url = "https://catalog.example", .osc_token_url = "https://token.example",
		.osc_deploy_url = "https://deploy.example", .osc_money_url = "https://money.example", .public_url = "",
		.trusted_proxies = nobody, .allowed_hosts = nobody, .cookie_name = "oscgi", .session_idle_s = 86400,
		.session_max_s = 604800, .upstream_timeout_s = 15,
	};
	if (store_bdb_open(dir, &s->clock, 3000, &s->app.store) != ERR_OK
	    || keyring_open(s->key_path, &s->app.keys) != ERR_OK)
		abort();
}

void
site_close(struct site *s)
{
	store_close(s->app.store);
	keyring_close(s->app.keys);
}
