/* SPDX-License-Identifier: MIT */
/* The callback listener: what Encore says of a job that succeeded goes into a queue. */
#include <string.h>

#include "body.h"
#include "part.h"
#include "redis.h"

/* Once nobody is kept waiting by it. */
static void
push(struct call *call)
{
	struct redis *redis = redis_open(call->later.url, &call->pool);

	if (redis == NULL)
		return;
	redis_zadd(redis, call->later.key, (long long)now_ms(), call->later.text);
	redis_close(redis);
}

static void
callback(struct call *call, struct instance *instance)
{
	const char *id = call_json_string(call, "jobId"), *status = call_json_string(call, "status");
	const char *encore = instance_value(instance, "EncoreUrl"), *queue = instance_value(instance, "RedisQueue");
	size_t len = encore == NULL ? 0 : strlen(encore);
	cJSON *member;

	if (id == NULL)
		id = call_json_string(call, "id");
	if (id == NULL || status == NULL) {
		reply_fastify(call, 400, "FST_ERR_VALIDATION", "body must have required property 'jobId'");
		return;
	}
	reply_empty(call, 200);
	instance_say(instance, "job %s is %s", id, status);
	if (strcmp(status, "SUCCESSFUL") != 0 || encore == NULL)
		return;
	member = cJSON_CreateObject();
	cJSON_AddStringToObject(member, "jobId", id);
	cJSON_AddStringToObject(member, "url", pool_printf(&call->pool, "%.*s/encoreJobs/%s", (int)len, encore, id));
	call->later.url = pool_strdup(&call->pool, instance_value(instance, "RedisUrl"));
	call->later.key = pool_strdup(&call->pool, queue == NULL ? "packaging-queue" : queue);
	call->later.text = pool_adopt(&call->pool, cJSON_PrintUnformatted(member));
	if (call->later.url != NULL)
		call->later.run = push;
	cJSON_Delete(member);
}

static void
answer(struct call *call, struct instance *instance)
{
	if (strcmp(call->path, "/encoreCallback") == 0 && strcmp(call->verb, "POST") == 0) {
		body_parse(call, false);
		if (!body_refused(call))
			callback(call, instance);
	} else if (strcmp(call->path, "/") == 0)
		reply_text(call, 200, "text/plain; charset=utf-8", "Encore callback listener is running");
	else
		reply_fastify(call, 404, NULL,
		    pool_printf(&call->pool, "Route %s:%s not found", call->verb, call->path));
}

/* Encore has no token to show. */
static bool
open_to_all(const struct call *call)
{
	return strcmp(call->path, "/encoreCallback") == 0;
}

const struct part part_callback_listener = {
	.service_id = "eyevinn-encore-callback-listener", .answer = answer, .open = open_to_all
};
