/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "client.h"
#include "deployment.h"
#include "instance.h"
#include "myapp.h"
#include "token.h"

static void
tenant_free(void *data)
{
	struct tenant *tenant = data;

	map_clear(&tenant->subscriptions);
	map_clear(&tenant->secrets);
	cJSON_Delete(tenant->domains);
	free(tenant->name);
	free(tenant);
}

static void
keep(void *data)
{
	(void)data;
}

static void
maps_init(struct world *world)
{
	map_init(&world->clients, client_free);
	map_init(&world->codes, code_free);
	map_init(&world->tokens, token_free);
	map_init(&world->logins, free);
	map_init(&world->tenants, tenant_free);
	map_init(&world->issued, keep);
}

bool
world_init(struct world *world, const char *host, const char *data)
{
	memset(world, 0, sizeof(*world));
	pthread_mutex_init(&world->mutex, NULL);
	pthread_cond_init(&world->ending, NULL);
	pthread_cond_init(&world->changed, NULL);
	if (getrandom(world->jwt_key, sizeof(world->jwt_key), 0) != (ssize_t)sizeof(world->jwt_key))
		return false;
	settings_reset(&world->settings);
	world->faults = cJSON_CreateArray();
	journal_init(&world->journal);
	maps_init(world);
	client_add_cli(world);
	return data_init(&world->data, data) && origins_init(&world->origins, host);
}

static void
maps_clear(struct world *world)
{
	struct map_node *node;

	for (node = map_next(&world->tenants, NULL); node != NULL; node = map_next(&world->tenants, node)) {
		instances_free(world, node->value);
		apps_free(world, node->value);
		deployments_free(node->value);
	}
	map_clear(&world->clients);
	map_clear(&world->codes);
	map_clear(&world->tokens);
	map_clear(&world->logins);
	map_clear(&world->tenants);
	map_clear(&world->issued);
}

void
world_forget(struct world *world)
{
	maps_clear(world);
	maps_init(world);
	client_add_cli(world);
}

void
world_wait(struct world *world, int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += ms % 1000 * 1000000;
	until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_cond_timedwait(&world->changed, &world->mutex, &until);
}

struct thread {
	struct world *world;
	void *(*run)(void *);
	void *arg;
};

static void *
thread_run(void *arg)
{
	struct thread thread = *(struct thread *)arg;

	free(arg);
	thread.run(thread.arg);
	pthread_mutex_lock(&thread.world->mutex);
	thread.world->threads--;
	pthread_cond_broadcast(&thread.world->changed);
	pthread_mutex_unlock(&thread.world->mutex);
	return NULL;
}

bool
world_thread(struct world *world, void *(*run)(void *arg), void *arg)
{
	struct thread *thread = mem_new(sizeof(*thread));
	pthread_t id;

	*thread = (struct thread){ world, run, arg };
	if (pthread_create(&id, NULL, thread_run, thread) != 0) {
		free(thread);
		return false;
	}
	pthread_detach(id);
	world->threads++;
	return true;
}

void
world_close(struct world *world)
{
	pthread_mutex_lock(&world->mutex);
	maps_clear(world);
	pthread_cond_broadcast(&world->changed);
	while (world->threads > 0)
		pthread_cond_wait(&world->changed, &world->mutex);
	pthread_mutex_unlock(&world->mutex);
	data_close(&world->data);
	origins_close(&world->origins);
	journal_free(&world->journal);
	cJSON_Delete(world->faults);
	pthread_cond_destroy(&world->changed);
	pthread_cond_destroy(&world->ending);
	pthread_mutex_destroy(&world->mutex);
}

struct tenant *
tenant_get(struct world *world, const char *name)
{
	struct tenant *tenant = map_get(&world->tenants, name);

	if (tenant != NULL)
		return tenant;
	tenant = mem_new(sizeof(*tenant));
	tenant->name = mem_strdup(name);
	map_init(&tenant->subscriptions, free);
	map_init(&tenant->secrets, free);
	tenant->domains = cJSON_CreateArray();
	map_put(&world->tenants, name, tenant);
	return tenant;
}

void
tenant_subscribe(struct tenant *tenant, const char *service_id, int64_t delay_ms)
{
	struct subscription *subscription;

	if (map_get(&tenant->subscriptions, service_id) != NULL)
		return;
	subscription = mem_new(sizeof(*subscription));
	subscription->listed_ms = now_ms() + delay_ms;
	map_put(&tenant->subscriptions, service_id, subscription);
}

void
tenant_secret_put(struct world *world, struct tenant *tenant, const char *service_id, const char *name,
    const char *value)
{
	char *key = mem_printf("%s/%s", service_id, name);

	map_put(&tenant->secrets, key, mem_strdup(value));
	free(key);
	/* Not ours, but as secret as what is: short ones would be found anywhere. */
	if (strlen(value) >= 8)
		issued_add(world, "secret", value);
}

const char *
tenant_secret(const struct tenant *tenant, const char *service_id, const char *name)
{
	char *key = mem_printf("%s/%s", service_id, name);
	const char *value = map_get(&tenant->secrets, key);

	free(key);
	return value;
}

void
issued_add(struct world *world, const char *kind, const char *secret)
{
	map_put(&world->issued, secret, (void *)(uintptr_t)kind);
}

bool
plain_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789");

	return len >= 1 && len <= 20 && name[len] == '\0';
}
