/* SPDX-License-Identifier: MIT */
#include "myapp.h"

#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "route.h"
#include "token.h"

static void
app_free(struct world *world, struct myapp *app)
{
	origin_remove(&world->origins, app->origin);
	free(app->id);
	free(app->type);
	free(app->git_url);
	free(app->source_ref);
	free(app->config_service);
	free(app->dns);
	free(app->before);
	free(app->final);
	free(app);
}

static void
app_remove(struct world *world, struct tenant *tenant, struct myapp *app)
{
	struct myapp **at = &tenant->apps;

	while (*at != app)
		at = &(*at)->next;
	*at = app->next;
	app_free(world, app);
}

void
apps_free(struct world *world, struct tenant *tenant)
{
	while (tenant->apps != NULL)
		app_remove(world, tenant, tenant->apps);
}

static const char *
app_status(const struct myapp *app)
{
	int64_t age_ms = now_ms() - app->changed_ms;

	if (age_ms < app->lag_ms)
		return app->before;
	return age_ms < app->lag_ms + app->build_ms ? "building" : app->final;
}

static void
app_build(struct world *world, struct myapp *app, int64_t lag_ms)
{
	char *before = mem_strdup(app->final == NULL ? "building" : app_status(app));

	free(app->before);
	app->before = before;
	free(app->final);
	app->final = mem_strdup(world->settings.build_final);
	app->changed_ms = now_ms();
	app->lag_ms = lag_ms;
	app->build_ms = (int64_t)world->settings.build_delay_ms;
}

/* The addresses appear when it has been built for the first time. */
static cJSON *
app_document(const struct myapp *app, const struct tenant *tenant, struct pool *pool)
{
	const char *status = app_status(app);
	bool built = strcmp(status, "running") == 0 || strcmp(app->before, "running") == 0;
	cJSON *document = cJSON_CreateObject();

	cJSON_AddStringToObject(document, "id", app->id);
	cJSON_AddStringToObject(document, "name", app->id);
	cJSON_AddStringToObject(document, "type", app->type);
	cJSON_AddStringToObject(document, "gitHubUrl", *app->source_ref == '\0' ? app->git_url :
	    pool_printf(pool, "%s#%s", app->git_url, app->source_ref));
	cJSON_AddStringToObject(document, "gitUrl", app->git_url);
	if (built) {
		cJSON_AddStringToObject(document, "url", app->origin->url);
		cJSON_AddStringToObject(document, "appDns", app->dns);
	}
	cJSON_AddStringToObject(document, "tenantId", tenant->name);
	cJSON_AddStringToObject(document, "buildStatus", status);
	cJSON_AddStringToObject(document, "configService", app->config_service);
	cJSON_AddStringToObject(document, "sourceRef", app->source_ref);
	cJSON_AddStringToObject(document, "subPath", "");
	cJSON_AddBoolToObject(document, "haEnabled", 0);
	return document;
}

static struct myapp *
app_find(const struct tenant *tenant, const char *id)
{
	struct myapp *app = tenant->apps;

	while (app != NULL && strcmp(app->id, id) != 0)
		app = app->next;
	return app;
}

static struct tenant *
visitor(struct call *call)
{
	struct tenant *tenant = token_tenant(call);

	if (tenant == NULL)
		reply_reason(call, 401, "Invalid personal access token");
	return tenant;
}

/* The app that the first parameter names; sets whose.  NULL: answered. */
static struct myapp *
app_named(struct call *call, struct tenant **tenant)
{
	struct myapp *app;

	*tenant = visitor(call);
	if (*tenant == NULL)
		return NULL;
	app = app_find(*tenant, call->param[0]);
	if (app == NULL)
		reply_reason(call, 404, "App %s not found", call->param[0]);
	return app;
}

static void
reply_app(struct call *call, const struct myapp *app, const struct tenant *tenant)
{
	reply_json(call, 200, app_document(app, tenant, &call->pool));
}

static void
list(struct call *call)
{
	struct tenant *tenant = visitor(call);
	const struct myapp *app;
	cJSON *documents;

	if (tenant == NULL)
		return;
	documents = cJSON_CreateArray();
	for (app = tenant->apps; app != NULL; app = app->next)
		cJSON_AddItemToArray(documents, app_document(app, tenant, &call->pool));
	reply_json(call, 200, documents);
}

static bool
is_type(const char *type)
{
	static const char *const types[] = { "nodejs", "python", "wasm", "go", "golang", "dotnet", "php" };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return false;
}

/* False: refused, and answered. */
static bool
may_create(struct call *call, const struct tenant *tenant)
{
	const char *name = call_json_string(call, "name"), *type = call_json_string(call, "type");
	const char *url = call_json_string(call, "gitHubUrl");

	if (name == NULL || !plain_name(name))
		reply_reason(call, 400, "name must be 1 to 20 letters and digits");
	else if (type == NULL || !is_type(type))
		reply_reason(call, 400, "type is unknown");
	else if (url == NULL || strncmp(url, "https://", 8) != 0)
		reply_reason(call, 400, "gitHubUrl must be a https URL");
	else if (app_find(tenant, name) != NULL)
		reply_reason(call, 409, "App name %s is already taken", name);
	else
		return true;
	return false;
}

/* "https://github.com/acme/site#main": the reference is kept apart. */
static void
source_set(struct myapp *app, const char *url)
{
	size_t len = strcspn(url, "#");

	app->git_url = mem_printf("%.*s", (int)len, url);
	app->source_ref = mem_strdup(url[len] == '#' ? url + len + 1 : "");
}

static void
create(struct call *call)
{
	const char *name = call_json_string(call, "name"), *config = call_json_string(call, "configService");
	struct tenant *tenant = visitor(call);
	struct myapp *app, **end;
	struct origin *origin;

	if (tenant == NULL || !may_create(call, tenant))
		return;
	origin = origin_add(&call->world->origins, ROLE_MYAPP, mem_printf("myapp:%s/%s", tenant->name, name), 0, true);
	if (origin == NULL) {
		reply_reason(call, 500, "ORCHESTRATOR_UNAVAILABLE");
		return;
	}
	origin->tenant = mem_strdup(tenant->name);
	origin->instance = mem_strdup(name);
	app = mem_new(sizeof(*app));
	app->origin = origin;
	app->id = mem_strdup(name);
	app->type = mem_strdup(call_json_string(call, "type"));
	source_set(app, call_json_string(call, "gitHubUrl"));
	app->config_service = mem_strdup(config == NULL ? "" : config);
	app->dns = mem_printf("%s.apps.osaas.io", fingerprint(&call->pool, origin->name));
	app_build(call->world, app, 0);
	for (end = &tenant->apps; *end != NULL; end = &(*end)->next)
		;
	*end = app;
	reply_app(call, app, tenant);
}

static void
get(struct call *call)
{
	struct tenant *tenant;
	struct myapp *app = app_named(call, &tenant);

	if (app != NULL)
		reply_app(call, app, tenant);
}

static void
delete(struct call *call)
{
	struct tenant *tenant;
	struct myapp *app = app_named(call, &tenant);

	if (app == NULL)
		return;
	app_remove(call->world, tenant, app);
	reply_empty(call, 204);
}

static void
rebuild(struct call *call)
{
	struct tenant *tenant;
	struct myapp *app = app_named(call, &tenant);

	if (app == NULL)
		return;
	app_build(call->world, app, (int64_t)call->world->settings.rebuild_lag_ms);
	reply_app(call, app, tenant);
}

/* {"<member>":"text"} or null for none.  Restarts the app. */
static void
change(struct call *call, const char *member, size_t field)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(call->json, member);
	struct tenant *tenant;
	struct myapp *app = app_named(call, &tenant);
	char **text;

	if (app == NULL)
		return;
	if (!cJSON_IsString(value) && !cJSON_IsNull(value)) {
		reply_reason(call, 400, "%s must be a string or null", member);
		return;
	}
	text = (char **)(void *)((char *)app + field);
	free(*text);
	*text = mem_strdup(cJSON_IsNull(value) ? "" : value->valuestring);
	app_build(call->world, app, (int64_t)call->world->settings.rebuild_lag_ms);
	reply_app(call, app, tenant);
}

static void
change_config(struct call *call)
{
	change(call, "configService", offsetof(struct myapp, config_service));
}

static void
change_source(struct call *call)
{
	change(call, "sourceRef", offsetof(struct myapp, source_ref));
}

static void
domains_list(struct call *call)
{
	struct tenant *tenant = visitor(call);

	if (tenant != NULL)
		reply_json(call, 200, cJSON_Duplicate(tenant->domains, 1));
}

static cJSON *
domain_find(const struct tenant *tenant, const char *domain)
{
	cJSON *item;

	cJSON_ArrayForEach(item, tenant->domains)
		if (strcmp(cJSON_GetObjectItemCaseSensitive(item, "domain")->valuestring, domain) == 0)
			return item;
	return NULL;
}

static void
domain_create(struct call *call)
{
	const char *domain = call_json_string(call, "domain"), *service = call_json_string(call, "serviceId");
	const char *instance = call_json_string(call, "instanceName");
	struct tenant *tenant = visitor(call);
	cJSON *item;

	if (tenant == NULL)
		return;
	if (domain == NULL || service == NULL || instance == NULL || strchr(domain, '.') == NULL) {
		reply_reason(call, 400, "domain, serviceId and instanceName are needed");
		return;
	}
	if (domain_find(tenant, domain) != NULL) {
		reply_reason(call, 409, "Domain %s is already taken", domain);
		return;
	}
	item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "domain", domain);
	cJSON_AddStringToObject(item, "serviceId", service);
	cJSON_AddStringToObject(item, "instanceName", instance);
	cJSON_AddItemToArray(tenant->domains, item);
	reply_json(call, 201, cJSON_Duplicate(item, 1));
}

/* /mydomains/{serviceId}/{name}/{domain} */
static void
domain_remove(struct call *call)
{
	struct tenant *tenant = visitor(call);
	cJSON *item;

	if (tenant == NULL)
		return;
	item = domain_find(tenant, call->param[2]);
	if (item == NULL ||
	    strcmp(cJSON_GetObjectItemCaseSensitive(item, "serviceId")->valuestring, call->param[0]) != 0 ||
	    strcmp(cJSON_GetObjectItemCaseSensitive(item, "instanceName")->valuestring, call->param[1]) != 0) {
		reply_reason(call, 404, "Domain %s not found", call->param[2]);
		return;
	}
	cJSON_Delete(cJSON_DetachItemViaPointer(tenant->domains, item));
	reply_empty(call, 204);
}

/* The app itself, at its URL. */
static void
application(struct call *call)
{
	struct tenant *tenant = map_get(&call->world->tenants, call->origin->tenant);
	const struct myapp *app = tenant == NULL ? NULL : app_find(tenant, call->origin->instance);

	if (app == NULL || strcmp(app_status(app), "running") != 0)
		reply_text(call, 404, "text/html; charset=utf-8", "<!doctype html><title>404</title><h1>404</h1>\n");
	else
		reply_text(call, 200, "text/html; charset=utf-8", pool_printf(&call->pool,
		    "<!doctype html><title>%s</title><h1>%s</h1>\n", app->id, app->id));
}

const struct route deploy_app_routes[] = {
	{ "GET", "/myapps", list },
	{ "POST", "/myapps", create },
	{ "GET", "/myapps/:", get },
	{ "DELETE", "/myapps/:", delete },
	{ "PUT", "/myapps/:", rebuild },
	{ "PATCH", "/myapps/:/config", change_config },
	{ "PATCH", "/myapps/:/source-ref", change_source },
	{ "GET", "/mydomains", domains_list },
	{ "POST", "/mydomains", domain_create },
	{ "DELETE", "/mydomains/:/:/:", domain_remove },
	{ 0 }
};

const struct route myapp_routes[] = {
	{ "*", "/*", application },
	{ 0 }
};
