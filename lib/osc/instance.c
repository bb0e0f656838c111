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
