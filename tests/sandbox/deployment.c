/* SPDX-License-Identifier: MIT */
#include "deployment.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "couchdb.h"
#include "encode.h"
#include "instance.h"
#include "route.h"
#include "token.h"

static void
deployment_free(struct deployment *deployment)
{
	int i;

	for (i = 0; i < SOLUTION_PARTS_MAX; i++)
		cJSON_Delete(deployment->parts[i]);
	cJSON_Delete(deployment->variables);
	cJSON_Delete(deployment->outputs);
	cJSON_Delete(deployment->log);
	free(deployment->id);
	free(deployment->name);
	free(deployment->repo_url);
	free(deployment->error);
	free(deployment);
}

static void
deployment_remove(struct tenant *tenant, struct deployment *deployment)
{
	struct deployment **at = &tenant->deployments;

	while (*at != deployment)
		at = &(*at)->next;
	*at = deployment->next;
	deployment_free(deployment);
}

void
deployments_free(struct tenant *tenant)
{
	while (tenant->deployments != NULL)
		deployment_remove(tenant, tenant->deployments);
}

static void
say(struct deployment *deployment, struct pool *pool, const char *level, const char *message)
{
	cJSON *line = cJSON_CreateObject();

	cJSON_AddStringToObject(line, "timestamp", iso_time(pool, deployment->stepped_ms));
	cJSON_AddStringToObject(line, "level", level);
	cJSON_AddStringToObject(line, "message", message);
	cJSON_AddItemToArray(deployment->log, line);
}

static const char *
variable(const struct deployment *deployment, const char *name)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(deployment->variables, name);

	return cJSON_IsString(value) ? value->valuestring : "";
}

/* "url:0" of a template. */
static const char *
lookup(const struct deployment *deployment, const char *word, struct pool *pool)
{
	const cJSON *part, *value;
	const char *colon = strchr(word, ':'), *what;
	int number;

	if (colon == NULL)
		/* Fits every pattern of a password. */
		return pool_printf(pool, "Aa1%s", random_alnum(pool, 17));
	if (strncmp(word, "var:", 4) == 0)
		return variable(deployment, colon + 1);
	number = atoi(colon + 1);
	part = number >= 0 && number < SOLUTION_PARTS_MAX ? deployment->parts[number] : NULL;
	what = pool_strndup(pool, word, (size_t)(colon - word));
	if (strcmp(what, "secret") == 0) {
		part = cJSON_GetObjectItemCaseSensitive(part, "secrets");
		what = strchr(colon + 1, ':') + 1;
	}
	value = cJSON_GetObjectItemCaseSensitive(part, what);
	return cJSON_IsString(value) ? value->valuestring : "";
}

static const char *
expand(const struct deployment *deployment, const char *template, struct pool *pool)
{
	const char *out = "", *at, *end;

	while ((at = strstr(template, "${")) != NULL) {
		end = strchr(at, '}');
		out = pool_printf(pool, "%s%.*s%s", out, (int)(at - template), template,
		    lookup(deployment, pool_strndup(pool, at + 2, (size_t)(end - at - 2)), pool));
		template = end + 1;
	}
	return pool_printf(pool, "%s%s", out, template);
}

/* Keep a value as the tenant's secret; returns the placeholder. */
static const char *
keep_secret(struct world *world, struct tenant *tenant, const char *service_id, const char *name, const char *option,
    const char *value, struct pool *pool)
{
	char *secret = pool_printf(pool, "%s%s", name, option), *at;

	for (at = secret; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	tenant_secret_put(world, tenant, service_id, secret, value);
	return pool_printf(pool, "{{secrets.%s}}", secret);
}

/* The options of a part, with what is secret in them remembered in secrets. */
static cJSON *
part_options(struct world *world, struct tenant *tenant, const struct deployment *deployment,
    const struct solution_part *part, cJSON *secrets, struct pool *pool)
{
	const struct solution_option *option;
	cJSON *options = cJSON_CreateObject();
	const char *value;

	for (option = part->options; option->name != NULL; option++) {
		value = expand(deployment, option->value, pool);
		if (option->secret) {
			cJSON_AddStringToObject(secrets, option->name, value);
			value = keep_secret(world, tenant, part->service_id,
			    variable(deployment, deployment->solution->name), option->name, value, pool);
		}
		cJSON_AddStringToObject(options, option->name, value);
	}
	return options;
}

/* Make the instance of the next part.  NULL, or why not. */
static const char *
part_make(struct world *world, struct tenant *tenant, struct deployment *deployment, struct pool *pool)
{
	const struct solution_part *part = deployment->solution->parts + deployment->step;
	const struct service *service = service_find(part->service_id);
	const char *name = variable(deployment, deployment->solution->name);
	struct instance *instance;
	cJSON *made, *secrets;

	if (instance_find(tenant, service, name, false) != NULL || instance_find(tenant, service, name, true) != NULL)
		return pool_printf(pool, "Error: instance name %s is already taken", name);
	made = deployment->parts[deployment->step] = cJSON_CreateObject();
	secrets = cJSON_AddObjectToObject(made, "secrets");
	tenant_subscribe(tenant, service->id, 0);
	instance = instance_add(world, tenant, service, name,
	    part_options(world, tenant, deployment, part, secrets, pool));
	if (instance == NULL)
		return "Error: ORCHESTRATOR_UNAVAILABLE";
	if (strcmp(service->id, "apache-couchdb") == 0)
		couchdb_create(instance, variable(deployment, "db_name"));
	cJSON_AddStringToObject(made, "url", instance->origin->url);
	cJSON_AddStringToObject(made, "host", strstr(instance->origin->url, "://") + 3);
	cJSON_AddStringToObject(made, "tcp", pool_printf(pool, "127.0.0.1:%d", instance->external_port));
	return NULL;
}

static void
outputs_make(struct deployment *deployment, struct pool *pool)
{
	const struct solution_option *output;
	cJSON *item;

	deployment->outputs = cJSON_CreateObject();
	for (output = deployment->solution->outputs; output->name != NULL; output++) {
		item = cJSON_AddObjectToObject(deployment->outputs, output->name);
		cJSON_AddStringToObject(item, "value", expand(deployment, output->value, pool));
		cJSON_AddStringToObject(item, "type", "string");
		cJSON_AddBoolToObject(item, "sensitive", output->secret);
	}
}

static void
fail(struct deployment *deployment, struct pool *pool, const char *why)
{
	say(deployment, pool, "error", why);
	free(deployment->error);
	deployment->error = mem_strdup(why);
	deployment->status = DEPLOYMENT_FAILED;
}

/* One instance, or the end. */
static void
step_run(struct world *world, struct tenant *tenant, struct deployment *deployment, struct pool *pool)
{
	const struct solution_part *part = deployment->solution->parts + deployment->step;
	bool last = part->service_id == NULL || part[1].service_id == NULL;
	const char *why;

	if (part->service_id == NULL) {
		outputs_make(deployment, pool);
		say(deployment, pool, "info", "Apply complete!");
		deployment->status = DEPLOYMENT_SUCCEEDED;
		return;
	}
	why = last && strcmp(world->settings.solution_final, "failed") == 0 ?
	    pool_printf(pool, "Error: %s could not be created", part->service_id) :
	    part_make(world, tenant, deployment, pool);
	if (why != NULL) {
		fail(deployment, pool, why);
		return;
	}
	say(deployment, pool, "info", pool_printf(pool, "osc_%s.this: Creation complete", part->service_id));
	deployment->step++;
}

static void
step_destroy(struct world *world, struct tenant *tenant, struct deployment *deployment, struct pool *pool)
{
	const struct solution_part *part;
	struct instance *instance;
	const char *name = variable(deployment, deployment->solution->name);

	if (strcmp(world->settings.destroy_final, "failed") == 0) {
		fail(deployment, pool, "Error: an instance could not be destroyed");
		return;
	}
	part = deployment->solution->parts + --deployment->step;
	instance = instance_find(tenant, service_find(part->service_id), name, false);
	if (instance == NULL)
		instance = instance_find(tenant, service_find(part->service_id), name, true);
	if (instance != NULL)
		instance_remove(world, tenant, instance);
	say(deployment, pool, "info", pool_printf(pool, "osc_%s.this: Destruction complete", part->service_id));
}

static bool
moves(const struct deployment *deployment)
{
	return deployment->status == DEPLOYMENT_QUEUED || deployment->status == DEPLOYMENT_RUNNING ||
	    deployment->status == DEPLOYMENT_DESTROYING;
}

/* When the next step is due, as things are set now. */
static int64_t
due_ms(const struct world *world, const struct deployment *deployment)
{
	return deployment->stepped_ms + (int64_t)world->settings.solution_step_ms;
}

/* False: it is gone. */
static bool
advance(struct world *world, struct tenant *tenant, struct deployment *deployment, struct pool *pool)
{
	while (moves(deployment) && due_ms(world, deployment) <= now_ms()) {
		if (deployment->status == DEPLOYMENT_DESTROYING && deployment->step == 0) {
			deployment_remove(tenant, deployment);
			return false;
		}
		deployment->stepped_ms = deployment->updated_ms = due_ms(world, deployment);
		if (deployment->status == DEPLOYMENT_QUEUED) {
			deployment->status = DEPLOYMENT_RUNNING;
			say(deployment, pool, "info", "Repository files downloaded");
			say(deployment, pool, "info", "Plan: instances will be added");
		} else if (deployment->status == DEPLOYMENT_RUNNING)
			step_run(world, tenant, deployment, pool);
		else
			step_destroy(world, tenant, deployment, pool);
	}
	return true;
}

void
deployments_advance(struct world *world, struct tenant *tenant)
{
	struct deployment *deployment, *next;
	struct pool pool = { NULL };

	for (deployment = tenant->deployments; deployment != NULL; deployment = next) {
		next = deployment->next;
		advance(world, tenant, deployment, &pool);
	}
	pool_free(&pool);
}

static const char *
status_word(enum deployment_status status)
{
	static const char *const words[] = { "queued", "running", "succeeded", "failed", "destroying" };

	return words[status];
}

static cJSON *
document(const struct deployment *deployment, struct pool *pool)
{
	const struct solution_variable *declared;
	cJSON *object = cJSON_CreateObject(), *variables;

	cJSON_AddStringToObject(object, "id", deployment->id);
	cJSON_AddStringToObject(object, "name", deployment->name);
	cJSON_AddStringToObject(object, "repoUrl", deployment->repo_url);
	cJSON_AddStringToObject(object, "status", status_word(deployment->status));
	cJSON_AddStringToObject(object, "createdAt", iso_time(pool, deployment->created_ms));
	cJSON_AddStringToObject(object, "updatedAt", iso_time(pool, deployment->updated_ms));
	if (deployment->error != NULL)
		cJSON_AddStringToObject(object, "error", deployment->error);
	else
		cJSON_AddNullToObject(object, "error");
	variables = cJSON_Duplicate(deployment->variables, 1);
	for (declared = deployment->solution->variables; declared->name != NULL; declared++)
		if (declared->sensitive)
			cJSON_DeleteItemFromObjectCaseSensitive(variables, declared->name);
	cJSON_AddItemToObject(object, "variables", variables);
	if (deployment->outputs != NULL)
		cJSON_AddItemToObject(object, "outputs", cJSON_Duplicate(deployment->outputs, 1));
	return object;
}

static struct tenant *
visitor(struct call *call)
{
	struct tenant *tenant = token_tenant(call);

	if (tenant == NULL)
		reply_reason(call, 401, "Invalid personal access token");
	else
		deployments_advance(call->world, tenant);
	return tenant;
}

/* NULL: none, and answered. */
static struct deployment *
named(struct call *call, struct tenant **tenant)
{
	struct deployment *deployment;

	*tenant = visitor(call);
	if (*tenant == NULL)
		return NULL;
	deployment = (*tenant)->deployments;
	while (deployment != NULL && strcmp(deployment->id, call->param[0]) != 0)
		deployment = deployment->next;
	if (deployment == NULL)
		reply_reason(call, 404, "Deployment %s not found", call->param[0]);
	return deployment;
}

static void
list(struct call *call)
{
	struct tenant *tenant = visitor(call);
	struct deployment *deployment;
	cJSON *documents;

	if (tenant == NULL)
		return;
	documents = cJSON_CreateArray();
	for (deployment = tenant->deployments; deployment != NULL; deployment = deployment->next)
		cJSON_AddItemToArray(documents, document(deployment, &call->pool));
	reply_json(call, 200, documents);
}

static bool
name_taken(const struct tenant *tenant, const char *name)
{
	const struct deployment *deployment;

	for (deployment = tenant->deployments; deployment != NULL; deployment = deployment->next)
		if (strcmp(deployment->name, name) == 0)
			return true;
	return false;
}

/* What was given and what is preset.  NULL: something is missing, and answered. */
static cJSON *
variables_of(struct call *call, const struct solution *solution)
{
	const cJSON *given = cJSON_GetObjectItemCaseSensitive(call->json, "variables"), *value;
	const struct solution_variable *declared;
	cJSON *variables = cJSON_CreateObject();
	const char *token = call_bearer(call, "x-pat-jwt"), *wrong = NULL;

	for (declared = solution->variables; declared->name != NULL && wrong == NULL; declared++) {
		value = cJSON_GetObjectItemCaseSensitive(given, declared->name);
		if (value != NULL)
			cJSON_AddItemToObject(variables, declared->name, cJSON_Duplicate(value, 1));
		else if (declared->preset == NULL)
			wrong = declared->name;
		else
			cJSON_AddStringToObject(variables, declared->name,
			    strcmp(declared->name, "osc_pat") == 0 ? token : declared->preset);
	}
	if (wrong == NULL) {
		value = cJSON_GetObjectItemCaseSensitive(variables, solution->name);
		if (cJSON_IsString(value) && plain_name(value->valuestring))
			return variables;
		wrong = solution->name;
	}
	cJSON_Delete(variables);
	reply_reason(call, 400, "Variable %s is missing or wrong", wrong);
	return NULL;
}

/* The example to deploy.  NULL: refused, and answered. */
static const struct solution *
may_create(struct call *call, const struct tenant *tenant)
{
	const char *name = call_json_string(call, "name"), *url = call_json_string(call, "repoUrl");
	const struct solution *solution = NULL;

	if (name == NULL || !plain_name(name))
		reply_reason(call, 400, "name must be 1 to 20 letters and digits");
	else if (url == NULL || strncmp(url, "https://github.com/", 19) != 0 || strchr(url + 19, '/') == NULL)
		reply_reason(call, 400, "repoUrl must be https://github.com/{owner}/{repo}[/tree/{branch}/{path}]");
	else if (name_taken(tenant, name))
		reply_reason(call, 409, "Deployment name %s is already taken", name);
	else if (strcmp(call->world->settings.plan, "FREE") == 0)
		reply_reason(call, 403, "Your plan does not allow solutions");
	else {
		solution = solution_find(url);
		if (solution == NULL)
			reply_reason(call, 404, "No .tf files found at %s", url);
	}
	return solution;
}

static void
create(struct call *call)
{
	struct tenant *tenant = visitor(call);
	struct deployment *deployment, **end;
	const struct solution *solution;
	cJSON *variables;

	if (tenant == NULL || (solution = may_create(call, tenant)) == NULL ||
	    (variables = variables_of(call, solution)) == NULL)
		return;
	deployment = mem_new(sizeof(*deployment));
	deployment->id = mem_strdup(random_uuid(&call->pool));
	deployment->name = mem_strdup(call_json_string(call, "name"));
	deployment->repo_url = mem_strdup(call_json_string(call, "repoUrl"));
	deployment->solution = solution;
	deployment->variables = variables;
	deployment->log = cJSON_CreateArray();
	deployment->created_ms = deployment->updated_ms = now_ms();
	deployment->stepped_ms = deployment->created_ms;
	for (end = &tenant->deployments; *end != NULL; end = &(*end)->next)
		;
	*end = deployment;
	reply_json(call, 202, document(deployment, &call->pool));
}

static void
get(struct call *call)
{
	struct tenant *tenant;
	struct deployment *deployment = named(call, &tenant);

	if (deployment != NULL)
		reply_json(call, 200, document(deployment, &call->pool));
}

/* ?offset=N: the lines from that one on. */
static void
log_get(struct call *call)
{
	const char *offset = form_get(&call->query, "offset");
	struct tenant *tenant;
	struct deployment *deployment = named(call, &tenant);
	int from, i, count;
	cJSON *reply, *lines;

	if (deployment == NULL)
		return;
	from = offset == NULL ? 0 : atoi(offset);
	count = cJSON_GetArraySize(deployment->log);
	reply = cJSON_CreateObject();
	lines = cJSON_AddArrayToObject(reply, "lines");
	for (i = from < 0 ? 0 : from; i < count; i++)
		cJSON_AddItemToArray(lines, cJSON_Duplicate(cJSON_GetArrayItem(deployment->log, i), 1));
	cJSON_AddNumberToObject(reply, "next", count);
	cJSON_AddBoolToObject(reply, "done", !moves(deployment));
	reply_json(call, 200, reply);
}

static void
destroy(struct call *call)
{
	struct tenant *tenant;
	struct deployment *deployment = named(call, &tenant);

	if (deployment == NULL)
		return;
	if (deployment->status != DEPLOYMENT_DESTROYING) {
		deployment->status = DEPLOYMENT_DESTROYING;
		deployment->updated_ms = now_ms();
		deployment->stepped_ms = now_ms();
		say(deployment, &call->pool, "info", "Destroying");
	}
	reply_json(call, 202, document(deployment, &call->pool));
}

const struct route deploy_solution_routes[] = {
	{ "GET", "/terraform/mydeployments", list },
	{ "POST", "/terraform/mydeployments", create },
	{ "GET", "/terraform/mydeployments/:", get },
	{ "GET", "/terraform/mydeployments/:/log", log_get },
	{ "DELETE", "/terraform/mydeployments/:", destroy },
	{ 0 }
};
