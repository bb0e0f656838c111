/* SPDX-License-Identifier: MIT */
#include "instance.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "part.h"

#define FIRST_EXTERNAL_PORT 10500

struct instance *
instance_find(struct tenant *tenant, const struct service *service, const char *name, bool suspended)
{
	struct instance *instance;

	for (instance = tenant->instances; instance != NULL; instance = instance->next)
		if (instance->service == service && strcmp(instance->name, name) == 0)
			return instance->suspended == suspended ? instance : NULL;
	return NULL;
}

#define LOG_MAX 1000

void
instance_say(struct instance *instance, const char *fmt, ...)
{
	cJSON *line = cJSON_CreateObject();
	char *text;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	cJSON_AddNumberToObject(line, "time_ms", (double)now_ms());
	cJSON_AddStringToObject(line, "text", text);
	free(text);
	if (cJSON_GetArraySize(instance->log) >= LOG_MAX)
		cJSON_DeleteItemFromArray(instance->log, 0);
	cJSON_AddItemToArray(instance->log, line);
}

/* Whom "{{secrets.name}}" names is known inside the instance only, and as it is when it starts. */
static void
values_read(struct world *world, struct instance *instance)
{
	const struct tenant *tenant = tenant_get(world, instance->tenant);
	struct pool pool = { NULL };
	const char *secret, *name;
	cJSON *value;
	size_t len;

	cJSON_Delete(instance->values);
	instance->values = cJSON_Duplicate(instance->options, 1);
	cJSON_ArrayForEach(value, instance->values) {
		len = cJSON_IsString(value) ? strlen(value->valuestring) : 0;
		if (len < 12 || strncmp(value->valuestring, "{{secrets.", 10) != 0 ||
		    strcmp(value->valuestring + len - 2, "}}") != 0)
			continue;
		name = pool_strndup(&pool, value->valuestring + 10, len - 12);
		secret = tenant_secret(tenant, instance->service->id, name);
		if (secret == NULL)
			instance_say(instance, "no secret is named %s", name);
		else
			cJSON_SetValuestring(value, secret);
	}
	pool_free(&pool);
}

const char *
instance_value(const struct instance *instance, const char *option)
{
	const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(instance->values, option));

	return value == NULL || *value == '\0' ? NULL : value;
}

static void
start(struct world *world, struct instance *instance)
{
	bool job = (instance->service->flags & SERVICE_JOB) != 0;
	const struct settings *settings = &world->settings;

	instance->started_ms = now_ms();
	instance->health_delay_ms = (int64_t)(job ? settings->job_delay_ms : settings->health_delay_ms);
	free(instance->health_final);
	instance->health_final = mem_strdup(job ? settings->job_final : settings->health_final);
	instance_say(instance, "starting %s", instance->name);
	values_read(world, instance);
	part_start(world, instance);
}

struct instance *
instance_add(struct world *world, struct tenant *tenant, const struct service *service, const char *name,
    cJSON *options)
{
	struct instance *instance = mem_new(sizeof(*instance)), **end;
	struct origin *origin = NULL;
	int others = 0;

	if ((service->flags & SERVICE_JOB) == 0) {
		origin = origin_add(&world->origins, ROLE_INSTANCE,
		    mem_printf("instance:%s/%s/%s", service->id, tenant->name, name), 0, true);
		if (origin == NULL) {
			cJSON_Delete(options);
			free(instance);
			return NULL;
		}
		origin->service = service;
		origin->tenant = mem_strdup(tenant->name);
		origin->instance = mem_strdup(name);
	}
	instance->service = service;
	instance->tenant = mem_strdup(tenant->name);
	instance->name = mem_strdup(name);
	instance->options = options;
	instance->log = cJSON_CreateArray();
	instance->origin = origin;
	instance->created_ms = now_ms();
	instance->replicas = instance->desired_replicas = 1;
	for (end = &tenant->instances; *end != NULL; end = &(*end)->next)
		others++;
	instance->external_port = FIRST_EXTERNAL_PORT + others;
	*end = instance;
	start(world, instance);
	return instance;
}

static void
instance_free(struct world *world, struct instance *instance)
{
	part_stop(world, instance);
	part_forget(world, instance);
	if (instance->origin != NULL)
		origin_remove(&world->origins, instance->origin);
	cJSON_Delete(instance->options);
	cJSON_Delete(instance->values);
	cJSON_Delete(instance->log);
	free(instance->tenant);
	free(instance->name);
	free(instance->health_final);
	free(instance->suspended_reason);
	free(instance);
}

void
instance_remove(struct world *world, struct tenant *tenant, struct instance *instance)
{
	struct instance **at = &tenant->instances;

	while (*at != instance)
		at = &(*at)->next;
	*at = instance->next;
	instance_free(world, instance);
}

void
instances_free(struct world *world, struct tenant *tenant)
{
	while (tenant->instances != NULL)
		instance_remove(world, tenant, tenant->instances);
}

int
instance_count(const struct tenant *tenant, const struct service *service)
{
	const struct instance *instance;
	int count = 0;

	for (instance = tenant->instances; instance != NULL; instance = instance->next)
		count += !instance->suspended && (service == NULL || instance->service == service);
	return count;
}

const char *
instance_health(const struct instance *instance)
{
	bool job = (instance->service->flags & SERVICE_JOB) != 0;
	const struct part *part = part_find(instance->service);

	if (strcmp(instance->health_final, "running") == 0 && part != NULL && part->ready != NULL &&
	    !part->ready(instance))
		return "starting";
	if (now_ms() < instance->started_ms + instance->health_delay_ms)
		return job ? "Running" : "starting";
	return instance->health_final;
}

void
instance_restart(struct world *world, struct instance *instance)
{
	part_stop(world, instance);
	start(world, instance);
}

void
instance_resume(struct world *world, struct instance *instance)
{
	instance->suspended = false;
	instance->created_ms = now_ms();
	start(world, instance);
}

void
instance_suspend(struct world *world, struct instance *instance, const char *reason)
{
	part_stop(world, instance);
	free(instance->suspended_reason);
	instance->suspended_reason = mem_strdup(reason);
	instance->suspended = true;
	instance->suspended_ms = now_ms();
}

static void
add_url(cJSON *resources, const char *name, const char *url, const char *method)
{
	cJSON *resource = cJSON_AddObjectToObject(resources, name);

	cJSON_AddStringToObject(resource, "url", url);
	if (method != NULL)
		cJSON_AddStringToObject(resource, "method", method);
}

static void
add_resources(struct world *world, const struct instance *instance, cJSON *document, struct pool *pool)
{
	const struct service *service = instance->service;
	const char *api = origin_by_service(&world->origins, service)->url;
	const char *url = instance->origin == NULL ? NULL : instance->origin->url;
	cJSON *resources = cJSON_AddObjectToObject(document, "resources");

	add_url(resources, "license", pool_printf(pool, "%s/license", api), NULL);
	if (url != NULL && (service->flags & SERVICE_HTTP) != 0)
		add_url(resources, "apiDocs", pool_printf(pool, "%s/docs", url), NULL);
	if (url != NULL && (service->flags & SERVICE_CONSOLE) != 0)
		add_url(resources, "app", url, NULL);
	if (url != NULL && strcmp(service->id, "encore") == 0) {
		add_url(resources, "enqueueJob", pool_printf(pool, "%s/encoreJobs", url), "POST");
		add_url(resources, "listJobs", pool_printf(pool, "%s/encoreJobs", url), "GET");
	}
}

static void
add_link(cJSON *links, const char *rel, const char *href)
{
	cJSON_AddStringToObject(cJSON_AddObjectToObject(links, rel), "href", href);
}

static void
add_links(const struct instance *instance, cJSON *document, struct pool *pool)
{
	const struct service *service = instance->service;
	const char *self = pool_printf(pool, "/%s/%s", service->path, instance->name), *name = instance->name;
	cJSON *links = cJSON_AddObjectToObject(document, "_links");

	add_link(links, "self", self);
	add_link(links, "logs", pool_printf(pool, "/logs/%s", name));
	if ((service->flags & SERVICE_JOB) != 0)
		return;
	add_link(links, "health", pool_printf(pool, "/health/%s", name));
	add_link(links, "ports", pool_printf(pool, "/ports/%s", name));
	if ((service->flags & SERVICE_NODEPORTS) != 0)
		add_link(links, "nodePorts", pool_printf(pool, "/nodeports/%s", name));
	if ((service->flags & SERVICE_RESTART) != 0)
		add_link(links, "restart", pool_printf(pool, "/restart/%s", name));
	if ((service->flags & SERVICE_PATCH) != 0)
		add_link(links, "update", self);
	add_link(links, "scale", pool_printf(pool, "/scale/%s", name));
	add_link(links, "internalEndpoint", pool_printf(pool, "/internalendpoint/%s", name));
}

cJSON *
instance_document(struct world *world, const struct instance *instance, struct pool *pool)
{
	cJSON *document = cJSON_CreateObject();
	const cJSON *option;

	cJSON_AddStringToObject(document, "name", instance->name);
	if (instance->origin != NULL)
		cJSON_AddStringToObject(document, "url", instance->origin->url);
	if ((instance->service->flags & SERVICE_JOB) != 0)
		cJSON_AddStringToObject(document, "status", instance_health(instance));
	add_resources(world, instance, document, pool);
	if (!world->settings.omit_options)
		cJSON_ArrayForEach(option, instance->options)
			cJSON_AddItemToObject(document, option->string, cJSON_Duplicate(option, 1));
	add_links(instance, document, pool);
	return document;
}
