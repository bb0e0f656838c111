/* SPDX-License-Identifier: MIT */
/*
 * Valkey: a server of its own for each instance, Redis where there is no
 * Valkey.  Without either the instance has a port on which nobody answers.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "part.h"
#include "process.h"

#define RETRY_MS 50

/* Owned by its thread while that runs, which is as long as the program does. */
struct server {
	struct world *world;
	char *settings;		/* as on its standard input */
	char *directory;
	const char *program;
	pid_t pid;
	bool ended;		/* wanted */
};

static int
free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port = 0;

	if (fd == -1)
		return 0;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	    getsockname(fd, (struct sockaddr *)&address, &len) == 0)
		port = ntohs(address.sin_port);
	close(fd);
	return port;
}

/* One life of the program.  Entered and left with the mutex held. */
static void
live(struct server *server)
{
	char *const argv[] = { (char *)(uintptr_t)server->program, (char *)"-", NULL };
	struct process process;
	char drain[4096];

	if (!process_start(&process, argv, server->settings, NULL))
		return;
	server->pid = process.pid;
	pthread_mutex_unlock(&server->world->mutex);
	/* Its output is of no use, and must not stop it. */
	while (read(process.out, drain, sizeof(drain)) > 0)
		;
	pthread_mutex_lock(&server->world->mutex);
	server->pid = 0;
	pthread_mutex_unlock(&server->world->mutex);
	process_wait(&process);
	pthread_mutex_lock(&server->world->mutex);
}

/* The port may be its predecessor's, which takes a moment to leave. */
static void *
run(void *arg)
{
	struct server *server = arg;
	struct world *world = server->world;

	pthread_mutex_lock(&world->mutex);
	while (!server->ended) {
		live(server);
		if (!server->ended)
			world_wait(world, RETRY_MS);
	}
	pthread_mutex_unlock(&world->mutex);
	data_remove(server->directory);
	free(server->directory);
	free(server->settings);
	free(server);
	return NULL;
}

/* A password between quotes, as the server reads them. */
static char *
quoted(const char *text)
{
	char *out = mem_new(strlen(text) * 2 + 1), *to = out;

	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			*to++ = '\\';
		*to++ = *text;
	}
	return out;
}

static void
start(struct world *world, struct instance *instance)
{
	const char *password = instance_value(instance, "Password");
	const char *program = process_known("valkey-server") ? "valkey-server" :
	    process_known("redis-server") ? "redis-server" : NULL;
	struct server *server;
	char *text;

	if (!world->settings.real_parts || program == NULL)
		return;
	if (!instance->port_is_real)
		instance->external_port = free_port();
	instance->port_is_real = true;
	server = mem_new(sizeof(*server));
	server->world = world;
	server->program = program;
	server->directory = data_directory(&world->data);
	text = quoted(password == NULL ? "" : password);
	server->settings = mem_printf("port %d\nbind 127.0.0.1\ndir %s\nsave \"\"\nappendonly no\nloglevel warning\n"
	    "requirepass \"%s\"\n", instance->external_port, server->directory, text);
	free(text);
	instance->state = server;
	if (!world_thread(world, run, server))
		abort();
	instance_say(instance, "%s on port %d", program, instance->external_port);
}

static void
stop(struct world *world, struct instance *instance)
{
	struct server *server = instance->state;

	if (server == NULL)
		return;
	server->ended = true;
	if (server->pid > 0)
		kill(server->pid, SIGTERM);
	pthread_cond_broadcast(&world->changed);
	instance->state = NULL;
}

const struct part part_valkey = { .service_id = "valkey-io-valkey", .start = start, .stop = stop };
