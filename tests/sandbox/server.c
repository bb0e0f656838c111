/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "body.h"
#include "call.h"
#include "fault.h"
#include "route.h"

#define IDLE_S 120
#define CONNECTIONS_MAX 2000

struct server {
	struct world *world;
	struct MHD_Daemon *daemon;
	pthread_t acceptor;
};

/* One connection, for as long as it lives. */
struct peer {
	unsigned long id;
	int port;		/* that it came in by */
};

static void
on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
    enum MHD_ConnectionNotificationCode code)
{
	static unsigned long last_id;
	const union MHD_ConnectionInfo *info;
	struct sockaddr_in address = { 0 };
	socklen_t len = sizeof(address);
	struct peer *peer;

	(void)cls;
	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		free(*socket_context);
		return;
	}
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	getsockname(info->connect_fd, (struct sockaddr *)&address, &len);
	peer = mem_new(sizeof(*peer));
	peer->id = __atomic_add_fetch(&last_id, 1, __ATOMIC_RELAXED);
	peer->port = ntohs(address.sin_port);
	*socket_context = peer;
}

/* The first that is heard of a request: its target as sent. */
static void *
on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
	struct call *call = mem_new(sizeof(*call));
	const struct peer *peer;
	size_t path;

	peer = *(struct peer *const *)MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	call->world = cls;
	call->connection = connection;
	call->connection_id = peer->id;
	call->port = peer->port;
	call->target = pool_strdup(&call->pool, target);
	path = strcspn(target, "?");
	call->path = pool_strndup(&call->pool, target, path);
	if (target[path] == '?')
		call->query_text = call->target + path + 1;
	return call;
}

static void
on_completed(void *cls, struct MHD_Connection *connection, void **con_cls, enum MHD_RequestTerminationCode code)
{
	struct call *call = *con_cls;

	(void)cls, (void)connection, (void)code;
	if (call == NULL)
		return;
	cJSON_Delete(call->json);
	spool_free(call->spool);
	if (call->reply_is_file)
		close(call->reply_fd);
	free(call->body);
	pool_free(&call->pool);
	free(call);
	*con_cls = NULL;
}

/* Take part of a body; what is over the limit is read and dropped. */
static void
body_append(struct call *call, const char *data, size_t len)
{
	if (call->body_len + len > CALL_BODY_MAX) {
		call->body_fault = BODY_TOO_LARGE;
		return;
	}
	call->body = mem_grow(call->body, call->body_len + len + 1);
	memcpy(call->body + call->body_len, data, len);
	call->body_len += len;
	call->body[call->body_len] = '\0';
}

/* Whether the origin takes files, which may be larger than memory is meant for. */
static bool
takes_files(struct call *call)
{
	struct world *world = call->world;
	const struct origin *origin;
	bool takes;

	pthread_mutex_lock(&world->mutex);
	origin = origin_by_port(&world->origins, call->port);
	takes = origin != NULL && origin->role == ROLE_INSTANCE && strcmp(origin->service->id, "minio-minio") == 0 &&
	    strcmp(call->method, "PUT") == 0;
	pthread_mutex_unlock(&world->mutex);
	return takes;
}

/* Sleep, unless the settings are changed or the sandbox ends meanwhile.  False: it does. */
static bool
wait_ms(const struct call *call, int64_t ms)
{
	struct world *world = call->world;
	struct timespec until;
	bool ended;

	if (ms <= 0)
		return true;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += ms % 1000 * 1000000;
	until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&world->mutex);
	while (!world->ended && call->changes == world->changes &&
	    pthread_cond_timedwait(&world->ending, &world->mutex, &until) == 0)
		;
	ended = world->ended;
	pthread_mutex_unlock(&world->mutex);
	return !ended;
}

/* Log it and see whether a fault is due.  False: nobody listens on this port any more. */
static bool
begin(struct call *call, struct fault *fault, bool *control)
{
	struct world *world = call->world;
	const struct origin *origin;

	memset(fault, 0, sizeof(*fault));
	fault->stream.cut_after = -1;
	pthread_mutex_lock(&world->mutex);
	call->changes = world->changes;
	origin = origin_by_port(&world->origins, call->port);
	if (origin != NULL) {
		call->role = pool_strdup(&call->pool, origin->name);
		*control = origin->role == ROLE_APP && strncmp(call->path, "/sandbox/", 9) == 0;
		if (origin->role != ROLE_INSTANCE && origin->role != ROLE_MYAPP)
			body_parse(call, origin->role == ROLE_APP);
		if (!*control) {
			journal_begin(&world->journal, call, origin->name);
			fault_find(world->faults, origin->name, call->method, call->path, &call->pool, fault);
			call->delay_ms = (int64_t)world->settings.latency_ms;
		}
	}
	pthread_mutex_unlock(&world->mutex);
	return origin != NULL;
}

/* Let the origin's service do its work. */
static void
work(struct call *call)
{
	struct world *world = call->world;

	pthread_mutex_lock(&world->mutex);
	call->origin = origin_by_port(&world->origins, call->port);
	if (call->origin != NULL)
		route_run(call);
	else
		call->drop = true;
	call->origin = NULL;
	pthread_mutex_unlock(&world->mutex);
	if (call->later.run != NULL)
		call->later.run(call);
}

/* How the body of the answer is to be sent, when that is not at once and whole. */
static void
fault_stream(struct call *call, const struct fault *fault)
{
	call->stream = fault->stream;
	if (fault->stream.kind != STREAM_TEXT)
		return;
	call->stream.text = call->reply;
	call->stream.size = call->reply_len;
}

static void
fault_apply(struct call *call, struct fault *fault)
{
	const cJSON *header;

	fault_kill(fault);
	if (fault->answers) {
		call->headers = NULL;
		call->drop = fault->drop;
		if (call->reply_is_file)
			close(call->reply_fd);
		call->reply_is_file = false;
		reply_text(call, fault->status == 0 ? 200 : fault->status, fault->content_type, "");
		call->reply = fault->body;
		call->reply_len = fault->body_len;
	}
	if (!call->reply_is_file && call->reply != NULL && (fault->mangle.remove != NULL || fault->mangle.set != NULL ||
	    fault->mangle.numbers != NUMBERS_KEPT)) {
		call->reply = mangle_json(&fault->mangle, call->reply, &call->pool);
		call->reply_len = strlen(call->reply);
	}
	cJSON_ArrayForEach(header, fault->headers)
		if (cJSON_IsString(header))
			call_add_header(call, header->string, header->valuestring);
	if (!call->reply_is_file && (fault->stream.kind != STREAM_TEXT || fault->stream.cut_after >= 0 || fault->stream.drip_ms > 0))
		fault_stream(call, fault);
	fault_free(fault);
}

static void
finish(struct call *call)
{
	struct world *world = call->world;

	pthread_mutex_lock(&world->mutex);
	journal_end(&world->journal, call);
	pthread_mutex_unlock(&world->mutex);
	if (world->verbose)
		fprintf(stderr, "%s %s %s: %d\n", call->role, call->method, call->path, call->drop ? 0 : call->status);
}

static ssize_t
on_stream(void *cls, uint64_t at, char *buf, size_t max)
{
	const struct call *call = cls;
	size_t len;

	if (!wait_ms(call, at == 0 ? 0 : call->stream.drip_ms))
		return MHD_CONTENT_READER_END_WITH_ERROR;
	len = stream_fill(&call->stream, at, buf, max);
	return len == 0 ? MHD_CONTENT_READER_END_WITH_ERROR : (ssize_t)len;
}

#define STREAM_BLOCK 65536

/* NULL: no memory. */
static struct MHD_Response *
response_of(struct call *call)
{
	if (call->stream.size > 0)
		return MHD_create_response_from_callback(call->stream.size, STREAM_BLOCK, on_stream, call, NULL);
	if (call->reply_is_file) {
		call->reply_is_file = false;
		return MHD_create_response_from_fd_at_offset64(call->reply_len, call->reply_fd, call->reply_offset);
	}
	return MHD_create_response_from_buffer(call->reply_len, (void *)(uintptr_t)call->reply,
	    MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result
send_reply(struct call *call)
{
	struct MHD_Response *response = response_of(call);
	const struct call_header *header;
	enum MHD_Result done;

	if (response == NULL)
		return MHD_NO;
	if (call->reply_type != NULL)
		MHD_add_response_header(response, "Content-Type", call->reply_type);
	for (header = call->headers; header != NULL; header = header->next)
		MHD_add_response_header(response, header->name, header->value);
	done = MHD_queue_response(call->connection, (unsigned)call->status, response);
	MHD_destroy_response(response);
	return done;
}

static enum MHD_Result
answer(struct call *call)
{
	struct fault fault;
	bool control = false;

	form_parse(&call->pool, call->query_text, &call->query);
	if (!begin(call, &fault, &control))
		return MHD_NO;
	wait_ms(call, call->delay_ms + (fault.after ? 0 : fault.delay_ms));
	call->delay_ms = 0;
	if (!fault.answers || fault.after)
		work(call);
	wait_ms(call, call->delay_ms + (fault.after ? fault.delay_ms : 0));
	fault_apply(call, &fault);
	if (!control)
		finish(call);
	return call->drop ? MHD_NO : send_reply(call);
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
    const char *data, size_t *size, void **con_cls)
{
	struct call *call = *con_cls;

	(void)cls, (void)connection, (void)url, (void)version;
	if (call->method == NULL) {
		call->verb = pool_strdup(&call->pool, method);
		call->method = strcmp(method, "HEAD") == 0 ? "GET" : call->verb;
		if (takes_files(call))
			call->spool = spool_new(data_path(&call->world->data, ".body"));
		body_append(call, "", 0);
		return MHD_YES;
	}
	if (*size > 0 && call->spool != NULL) {
		spool_append(call->spool, data, *size);
		*size = 0;
		return MHD_YES;
	}
	if (*size > 0) {
		body_append(call, data, *size);
		*size = 0;
		return MHD_YES;
	}
	return answer(call);
}

/* The ports to watch, and the pipe that says that they have changed; to be freed. */
static struct pollfd *
ports_to_watch(struct world *world, size_t *count)
{
	struct pollfd *fds;
	struct origin *origin;
	size_t n = 1;

	pthread_mutex_lock(&world->mutex);
	origins_sweep(&world->origins);
	for (origin = world->origins.first; origin != NULL; origin = origin->next)
		n++;
	fds = mem_new(n * sizeof(*fds));
	fds[0].fd = world->origins.wake[0];
	fds[0].events = POLLIN;
	n = 1;
	for (origin = world->origins.first; origin != NULL; origin = origin->next, n++) {
		fds[n].fd = origin->fd;
		fds[n].events = POLLIN;
	}
	pthread_mutex_unlock(&world->mutex);
	*count = n;
	return fds;
}

static void
accept_all(struct server *server, int listener)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);
	int fd;

	while ((fd = accept4(listener, (struct sockaddr *)&address, &len, SOCK_CLOEXEC | SOCK_NONBLOCK)) != -1) {
		/* Closes it where it fails. */
		MHD_add_connection(server->daemon, fd, (struct sockaddr *)&address, len);
		len = sizeof(address);
	}
}

static void *
acceptor_run(void *arg)
{
	struct server *server = arg;
	struct world *world = server->world;
	struct pollfd *fds;
	size_t count, i;
	char drain[64];
	bool ended = false;

	while (!ended) {
		fds = ports_to_watch(world, &count);
		if (poll(fds, count, -1) > 0) {
			if (fds[0].revents != 0)
				while (read(fds[0].fd, drain, sizeof(drain)) > 0)
					;
			for (i = 1; i < count; i++)
				if (fds[i].revents != 0)
					accept_all(server, fds[i].fd);
		}
		free(fds);
		pthread_mutex_lock(&world->mutex);
		ended = world->ended;
		pthread_mutex_unlock(&world->mutex);
	}
	return NULL;
}

struct server *
server_start(struct world *world)
{
	struct server *server = mem_new(sizeof(*server));

	server->world = world;
	server->daemon = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL_INTERNAL_THREAD |
	    MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC, 0, NULL, NULL, on_request, world,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
	    MHD_OPTION_URI_LOG_CALLBACK, on_target, world,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, NULL,
	    MHD_OPTION_END);
	if (server->daemon != NULL && pthread_create(&server->acceptor, NULL, acceptor_run, server) == 0)
		return server;
	if (server->daemon != NULL)
		MHD_stop_daemon(server->daemon);
	free(server);
	return NULL;
}

void
server_stop(struct server *server)
{
	struct world *world = server->world;

	pthread_mutex_lock(&world->mutex);
	world->ended = true;
	pthread_cond_broadcast(&world->ending);
	pthread_cond_broadcast(&world->changed);
	pthread_mutex_unlock(&world->mutex);
	origins_wake(&world->origins);
	pthread_join(server->acceptor, NULL);
	MHD_stop_daemon(server->daemon);
	free(server);
}
