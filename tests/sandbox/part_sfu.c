/* SPDX-License-Identifier: MIT */
/* The SFU: conferences, for who has its key. */
#include <string.h>

#include "encode.h"
#include "part.h"

static bool
may(struct call *call, const struct instance *instance)
{
	const char *sent = call_bearer(call, "Authorization"), *key = instance_value(instance, "ApiKey");

	if (key == NULL || (sent != NULL && strcmp(sent, key) == 0))
		return true;
	reply_reason(call, 401, "Unauthorized");
	return false;
}

/* The conference of this id; NULL: there is none. */
static cJSON *
conference(cJSON *conferences, const char *id)
{
	cJSON *item;

	cJSON_ArrayForEach(item, conferences)
		if (strcmp(item->valuestring, id) == 0)
			return item;
	return NULL;
}

static void
conferences_answer(struct call *call, cJSON *conferences)
{
	const char *id;
	cJSON *reply;

	if (strcmp(call->method, "GET") == 0) {
		reply_json(call, 200, cJSON_Duplicate(conferences, 1));
		return;
	}
	id = random_hex(&call->pool, 8);
	cJSON_AddItemToArray(conferences, cJSON_CreateString(id));
	reply = cJSON_CreateObject();
	cJSON_AddStringToObject(reply, "id", id);
	reply_json(call, 200, reply);
}

static void
answer(struct call *call, struct instance *instance)
{
	static const char prefix[] = "/conferences/";
	const char *path = call->path;
	cJSON *found;

	if (strcmp(path, "/about/health") == 0 || strcmp(path, "/") == 0)
		reply_json(call, 200, cJSON_CreateObject());
	else if (!may(call, instance))
		return;
	else if (strcmp(path, prefix) == 0 || strcmp(path, "/conferences") == 0)
		conferences_answer(call, instance->state);
	else if (strncmp(path, prefix, sizeof(prefix) - 1) != 0 ||
	    (found = conference(instance->state, path + sizeof(prefix) - 1)) == NULL)
		reply_reason(call, 404, "Not found");
	else if (strcmp(call->method, "DELETE") == 0) {
		cJSON_Delete(cJSON_DetachItemViaPointer(instance->state, found));
		reply_empty(call, 204);
	} else
		/* Nobody is ever in it. */
		reply_json(call, 200, cJSON_CreateArray());
}

static void
start(struct world *world, struct instance *instance)
{
	(void)world;
	/* A restart ends all conferences. */
	cJSON_Delete(instance->state);
	instance->state = cJSON_CreateArray();
}

static void
forget(struct world *world, struct instance *instance)
{
	(void)world;
	cJSON_Delete(instance->state);
}

const struct part part_sfu = {
	.service_id = "eyevinn-docker-wrtc-sfu", .start = start, .forget = forget, .answer = answer
};
