/* SPDX-License-Identifier: MIT */
#include "osc/instance.h"

#include "osc/create.h"
#include "osc/ids.h"
#include "osc/link.h"

enum err
osc_instance_list(struct osc_client *o, struct osc_service *s, struct json **list)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "GET", .url = s->api_url };
	enum err e = osc_call_json(o, &call, JSON_ARRAY, list);

	if (e == ERR_OK)
		osc_link_learn(o, s, *list);
	return e;
}

enum err
osc_instance_get(struct osc_client *o, struct osc_service *s, const char *name, struct json **document)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "GET",
		.url = osc_join(o->call->arena, s->api_url, name) };
	enum err e = osc_call_json(o, &call, JSON_OBJECT, document);

	if (e == ERR_OK)
		osc_link_learn(o, s, *document);
	return e;
}

enum err
osc_instance_create(struct osc_client *o, struct osc_service *s, const struct json *body, struct json **document)
{
	struct osc_creation what = { .who = s->service_id, .service = s, .url = s->api_url, .body = body,
		.name = json_string(body, "name") };
	enum err e;

	what.look_url = osc_join(o->call->arena, s->api_url, what.name);
	e = osc_create(o, &what, document);
	if (e == ERR_OK)
		osc_link_learn(o, s, *document);
	return e;
}

enum err
osc_instance_change(struct osc_client *o, struct osc_service *s, const char *name, const struct json *options,
    struct json **document)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "PATCH",
		.url = osc_join(o->call->arena, s->api_url, name), .body = options };

	return osc_call_json(o, &call, JSON_OBJECT, document);
}

enum err
osc_instance_remove(struct osc_client *o, struct osc_service *s, const char *name)
{
	struct osc_call call = { .who = s->service_id, .service = s, .method = "DELETE",
		.url = osc_join(o->call->arena, s->api_url, name) };

	return call.url == NULL ? ERR_NOMEM : osc_call(o, &call);
}

/* Ask what a link leads to, and insist on a body of that kind. */
static enum err
ask(struct osc_client *o, struct osc_call *call, enum osc_link link, const char *name, enum json_kind kind,
    struct json **out)
{
	enum err e = osc_link_ask(o, call, link, name);

	if (e != ERR_OK)
		return e;
	if (call->json == NULL || json_kind(call->json) != kind)
		return osc_answer_fail(o->call, call->who, OSC_NONSENSE, call->status, "");
	*out = call->json;
	return ERR_OK;
}

enum err
osc_instance_health(struct osc_client *o, struct osc_service *s, const char *name, struct json **health)
{
	struct osc_call call = { .service = s, .method = "GET" };

	return ask(o, &call, OSC_LINK_HEALTH, name, JSON_OBJECT, health);
}

enum err
osc_instance_ports(struct osc_client *o, struct osc_service *s, const char *name, struct json **ports)
{
	struct osc_call call = { .service = s, .method = "GET" };
	enum err e = osc_link_ask(o, &call, OSC_LINK_PORTS, name);

	if (e != ERR_OK)
		return e;
	*ports = call.json;
	if (call.json != NULL && json_kind(call.json) == JSON_OBJECT) {	/* as it once was: the only one */
		*ports = json_array(o->call->arena);
		json_append(*ports, call.json);
	}
	if (*ports == NULL || json_kind(*ports) != JSON_ARRAY)
		return osc_answer_fail(o->call, call.who, OSC_NONSENSE, call.status, "");
	return ERR_OK;
}

enum err
osc_instance_endpoint(struct osc_client *o, struct osc_service *s, const char *name, struct json **endpoint)
{
	struct osc_call call = { .service = s, .method = "GET" };

	return ask(o, &call, OSC_LINK_ENDPOINT, name, JSON_OBJECT, endpoint);
}

enum err
osc_instance_restart(struct osc_client *o, struct osc_service *s, const char *name)
{
	struct osc_call call = { .service = s, .method = "POST" };

	return osc_link_ask(o, &call, OSC_LINK_RESTART, name);
}

/* The one operation that takes its token as Authorization. */
enum err
osc_instance_scale(struct osc_client *o, struct osc_service *s, const char *name, struct json **scale)
{
	struct osc_call call = { .service = s, .method = "GET", .auth = HTTP_AUTH_BEARER };

	return ask(o, &call, OSC_LINK_SCALE, name, JSON_OBJECT, scale);
}

enum err
osc_instance_set_scale(struct osc_client *o, struct osc_service *s, const char *name, int replicas,
    struct json **scale)
{
	struct json *body = json_object(o->call->arena);
	struct osc_call call = { .service = s, .method = "PUT", .auth = HTTP_AUTH_BEARER, .body = body,
		.replayable = true };
	enum err e;

	if (body == NULL)
		return ERR_NOMEM;
	json_set_int(body, "desiredReplicas", replicas);
	e = osc_link_ask(o, &call, OSC_LINK_SCALE, name);
	*scale = call.json != NULL && json_kind(call.json) == JSON_OBJECT ? call.json : body;
	return e;
}
