/* SPDX-License-Identifier: MIT */
#include "osc/ready.h"

#include <string.h>

#include "osc/ids.h"
#include "osc/link.h"
#include "osc/pause.h"

#define PAUSE_MS      500	/* the first; each next is half as long again, up to: */
#define PAUSE_MAX_MS  3000
#define PAUSE_PERCENT 150
#define LOOK_MS       4000	/* for one call of a look */

enum probe_kind {
	PROBE_PAGE,	/* as the next, and a page of its own is an answer */
	PROBE_HTTP,	/* behind the platform's login: the service token goes along */
	PROBE_OWN,	/* knows its users itself: no token, and its own 401 or 403 is an answer too */
	PROBE_PORT,	/* not spoken to by HTTP: its port must be listed */
	PROBE_NONE	/* nobody calls it: health is all there is */
};

/*
 * The path that shows that the application answers.  Others are asked for a path that
 * nobody has: "/" would be answered by the ingress itself.
 */
static const struct probe {
	const char     *service_id;
	enum probe_kind kind;
	const char     *path;
	int             port;
} probes[] = {
	{ "minio-minio", PROBE_OWN, "/minio/health/live", 0 },
	{ "apache-couchdb", PROBE_OWN, "/_up", 0 },
	{ "encore", PROBE_HTTP, "/encoreJobs", 0 },
	{ "eyevinn-encore-callback-listener", PROBE_HTTP, "/encoreCallback", 0 },
	{ "eyevinn-docker-wrtc-sfu", PROBE_OWN, "/conferences/", 0 },
	{ "eyevinn-intercom-manager", PROBE_HTTP, "/api/v1/productionlist", 0 },
	{ "valkey-io-valkey", PROBE_PORT, NULL, 6379 },
	{ "birme-osc-postgresql", PROBE_PORT, NULL, 5432 },
	{ "linuxserver-docker-mariadb", PROBE_PORT, NULL, 3306 },
	{ "clickhouse-clickhouse", PROBE_PORT, NULL, 9000 },
	{ "eyevinn-encore-packager", PROBE_NONE, NULL, 0 },
	{ "eyevinn-encore-transfer", PROBE_NONE, NULL, 0 },
	{ NULL, PROBE_PAGE, "/.well-known/ready-for-use", 0 },
};

static const struct probe *
probe_of(const struct osc_service *s)
{
	const struct probe *p = probes;

	while (p->service_id != NULL && strcmp(p->service_id, s->service_id) != 0)
		p++;
	return p;
}

/* ERR_OK: answered, however. */
static enum err
ask(struct osc_client *o, struct osc_call *call)
{
	enum err e = osc_calls(o, call, 1);

	if (e != ERR_OK)
		call_recover(o->call);
	return e;
}

static enum osc_ready
look_at_health(struct osc_client *o, struct osc_service *s, const struct json *document, const char *name, int timeout_ms)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "GET", .timeout_ms = timeout_ms };
	const char *status;

	call.url = osc_link_in(o->call->arena, s, document, OSC_LINK_HEALTH, name);
	if (call.url == NULL || ask(o, &call) != ERR_OK || call.answer != OSC_OK)
		return OSC_NOT_YET;
	status = json_string(call.json, "status");
	if (status != NULL && strcmp(status, "failed") == 0)
		return OSC_FAILED;
	return status != NULL && strcmp(status, "running") == 0 ? OSC_READY : OSC_NOT_YET;
}

static bool
keeps_to_itself(const struct json *document)
{
	return !json_bool(document, "publicAccess", true);
}

/* The list comes late; that of a database that is not public never comes. */
static enum osc_ready
look_at_port(struct osc_client *o, struct osc_service *s, const struct json *document, const char *name, int port,
    int timeout_ms)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "GET", .timeout_ms = timeout_ms };
	const struct json *entry;
	int64_t internal;

	if (keeps_to_itself(document))
		return OSC_READY;
	call.url = osc_link_in(o->call->arena, s, document, OSC_LINK_PORTS, name);
	if (call.url == NULL || ask(o, &call) != ERR_OK || call.answer != OSC_OK)
		return OSC_NOT_YET;
	entry = json_kind(call.json) == JSON_OBJECT ? call.json : json_first(call.json);
	for (; entry != NULL; entry = json_kind(call.json) == JSON_OBJECT ? NULL : json_next(entry))
		if (json_int(entry, "internalPort", 1, 65535, &internal) && internal == port)
			return OSC_READY;
	return OSC_NOT_YET;
}

/* Was it the application that answered, and not what stands before it? */
static bool
is_application(const struct osc_call *call, enum probe_kind kind)
{
	if (call->answer == OSC_NOT_SENT)
		return true;	/* not an address of ours to speak to: there is no more to find out */
	if (kind == PROBE_PAGE && call->status >= 200 && call->status < 400)
		return true;
	if (call->status == 0 || call->status >= 500 || call->answer == OSC_NOT_READY)
		return false;
	return kind == PROBE_OWN || (call->status != 401 && call->status != 403);
}

static enum osc_ready
look_at_application(struct osc_client *o, struct osc_service *s, const struct json *document, const struct probe *p,
    int timeout_ms)
{
	const char *url = json_string(document, "url");
	struct osc_call call = { .who = s->service_id, .service = s, .method = "HEAD", .auth = HTTP_AUTH_BEARER,
		.no_token = p->kind == PROBE_OWN, .no_other_token = true, .timeout_ms = timeout_ms };

	if (url == NULL)
		return OSC_READY;
	url = osc_without_slash(o->call->arena, url);
	call.url = arena_concat(o->call->arena, url, p->path);
	if (call.url == NULL || ask(o, &call) != ERR_OK)
		return OSC_NOT_YET;
	return is_application(&call, p->kind) ? OSC_READY : OSC_NOT_YET;
}

enum osc_ready
osc_instance_look(struct osc_client *o, struct osc_service *s, const struct json *document, int timeout_ms)
{
	const struct probe *p = probe_of(s);
	const char *name = json_string(document, "name");
	enum osc_ready health;

	if (name == NULL)
		return OSC_NOT_YET;
	health = look_at_health(o, s, document, name, timeout_ms);
	if (health != OSC_READY || p->kind == PROBE_NONE)
		return health;
	if (p->kind == PROBE_PORT)
		return look_at_port(o, s, document, name, p->port, timeout_ms);
	return look_at_application(o, s, document, p, timeout_ms);
}

enum osc_ready
osc_instance_await(struct osc_client *o, struct osc_service *s, const struct json *document, int wait_ms)
{
	struct osc_pause pause = { PAUSE_MS, PAUSE_PERCENT, PAUSE_MAX_MS };
	int64_t until_ms = clock_mono_ms(o->clock) + wait_ms;

	for (;;) {
		int64_t left_ms = until_ms - clock_mono_ms(o->clock);
		enum osc_ready ready;

		if (left_ms <= 0)
			return OSC_NOT_YET;
		ready = osc_instance_look(o, s, document, left_ms < LOOK_MS ? (int)left_ms : LOOK_MS);
		if (ready != OSC_NOT_YET)
			return ready;
		if (clock_mono_ms(o->clock) + pause.next_ms >= until_ms || !osc_pause(o, &pause, 0))
			return OSC_NOT_YET;
	}
}
