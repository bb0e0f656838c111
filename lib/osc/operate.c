/* SPDX-License-Identifier: MIT */
#include "osc/operate.h"

#include "osc/instance.h"
#include "osc/link.h"

/* The service knows no such path, or no such instance: only its document tells which. */
static bool
is_worth_a_look(const struct osc_call *call)
{
	return call->status == 404 && (call->answer == OSC_NOT_THERE || call->answer == OSC_NOT_READY);
}

static enum err
look_up(struct osc_client *o, struct osc_call *call, enum osc_link link, const char *name)
{
	struct osc_service *s = call->service;
	struct json *document;
	enum err e;

	e = osc_instance_get(o, s, name, &document);
	if (e != ERR_OK)
		return e;
	if (!osc_link_offered(o, s, document, link))
		return call_fail(o->call, ERR_NOT_FOUND, "%s of %s does not offer this: it has no link \"%s\"", name,
		    s->service_id, osc_link_rel(link));
	call->url = osc_link_in(o->call->arena, s, document, link, name);
	return call->url != NULL ? ERR_OK : ERR_NOMEM;
}

enum err
osc_operate(struct osc_client *o, struct osc_call *call, enum osc_link link, const char *name)
{
	struct osc_call first;
	enum err e;

	call->who = call->service->service_id;
	if (call->service->links[link] != NULL) {
		first = *call;
		first.url = osc_link_known(o->call->arena, call->service, link, name);
		if (first.url == NULL)
			return ERR_NOMEM;
		e = osc_calls(o, &first, 1);
		if (e != ERR_OK)
			return e;
		if (!is_worth_a_look(&first)) {
			*call = first;
			return call->answer == OSC_OK ? ERR_OK : osc_call_failed(o, call);
		}
	}
	e = look_up(o, call, link, name);
	return e != ERR_OK ? e : osc_call(o, call);
}

/* Ask what a link leads to, and insist on a body of that kind. */
static enum err
ask(struct osc_client *o, struct osc_call *call, enum osc_link link, const char *name, enum json_kind kind,
    struct json **out)
{
	enum err e = osc_operate(o, call, link, name);

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
	enum err e = osc_operate(o, &call, OSC_LINK_PORTS, name);

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

	return osc_operate(o, &call, OSC_LINK_RESTART, name);
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
	e = osc_operate(o, &call, OSC_LINK_SCALE, name);
	*scale = call.json != NULL && json_kind(call.json) == JSON_OBJECT ? call.json : body;
	return e;
}
