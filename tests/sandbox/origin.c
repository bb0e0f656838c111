/* SPDX-License-Identifier: MIT */
#include "origin.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool
origins_init(struct origins *origins, const char *host)
{
	memset(origins, 0, sizeof(*origins));
	origins->host = host;
	return pipe2(origins->wake, O_CLOEXEC | O_NONBLOCK) == 0;
}

static void
origin_free(struct origin *origin)
{
	close(origin->fd);
	free(origin->name);
	free(origin->url);
	free(origin->tenant);
	free(origin->instance);
	free(origin);
}

void
origins_close(struct origins *origins)
{
	struct origin *next;

	for (; origins->first != NULL; origins->first = next) {
		next = origins->first->next;
		origin_free(origins->first);
	}
	close(origins->wake[0]);
	close(origins->wake[1]);
}

static int
listen_on(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd, on = 1;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == -1 || listen(fd, 511) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

struct origin *
origin_add(struct origins *origins, enum role role, char *name, int port, bool required)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);
	struct origin *origin, **end;
	int fd;

	fd = listen_on(port);
	if (fd == -1 && port != 0 && !required)
		fd = listen_on(0);
	if (fd == -1) {
		free(name);
		return NULL;
	}
	getsockname(fd, (struct sockaddr *)&address, &len);
	origin = mem_new(sizeof(*origin));
	origin->role = role;
	origin->name = name;
	origin->fd = fd;
	origin->port = ntohs(address.sin_port);
	origin->url = mem_printf("http://%s:%d", origins->host, origin->port);
	for (end = &origins->first; *end != NULL; end = &(*end)->next)
		;
	*end = origin;
	origins_wake(origins);
	return origin;
}

void
origin_remove(struct origins *origins, struct origin *origin)
{
	origin->gone = true;
	origins_wake(origins);
}

struct origin *
origin_by_port(const struct origins *origins, int port)
{
	struct origin *origin = origins->first;

	while (origin != NULL && (origin->port != port || origin->gone))
		origin = origin->next;
	return origin;
}

struct origin *
origin_by_role(const struct origins *origins, enum role role)
{
	struct origin *origin = origins->first;

	while (origin != NULL && origin->role != role)
		origin = origin->next;
	return origin;
}

struct origin *
origin_by_service(const struct origins *origins, const struct service *service)
{
	struct origin *origin = origins->first;

	while (origin != NULL && (origin->role != ROLE_SERVICE || origin->service != service))
		origin = origin->next;
	return origin;
}

void
origins_sweep(struct origins *origins)
{
	struct origin **at = &origins->first, *origin;

	while ((origin = *at) != NULL) {
		if (!origin->gone) {
			at = &origin->next;
			continue;
		}
		*at = origin->next;
		origin_free(origin);
	}
}

void
origins_wake(const struct origins *origins)
{
	/* A full pipe wakes just as well. */
	if (write(origins->wake[1], "", 1) == -1)
		return;
}
