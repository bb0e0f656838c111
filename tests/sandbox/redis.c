/* SPDX-License-Identifier: MIT */
#include "redis.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "encode.h"

#define TIMEOUT_S 3

/* One stream each way: one for both would have to be told each time that it turns. */
struct redis {
	FILE *in, *out;
};

static int
connect_to(const char *host, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct timeval timeout = { .tv_sec = TIMEOUT_S };
	int fd;

	if (inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &address.sin_addr) != 1)
		return -1;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* A command as an array of strings. */
static bool
send_command(struct redis *redis, const char *const words[], size_t count)
{
	size_t i;

	fprintf(redis->out, "*%zu\r\n", count);
	for (i = 0; i < count; i++)
		fprintf(redis->out, "$%zu\r\n%s\r\n", strlen(words[i]), words[i]);
	return fflush(redis->out) == 0;
}

/* The first line of an answer; false: none, or an error. */
static bool
read_line(struct redis *redis, char *line, int size)
{
	return fgets(line, size, redis->in) != NULL && line[0] != '-';
}

static bool
command(struct redis *redis, const char *const words[], size_t count)
{
	char line[256];

	return send_command(redis, words, count) && read_line(redis, line, sizeof(line));
}

struct redis *
redis_open(const char *url, struct pool *pool)
{
	const char *at, *user, *password, *host;
	struct redis *redis;
	size_t len;
	int fd;

	if (strncmp(url, "redis://", 8) != 0)
		return NULL;
	url += 8;
	at = strrchr(url, '@');
	host = at == NULL ? url : at + 1;
	len = strcspn(host, ":/");
	fd = connect_to(pool_strndup(pool, host, len), host[len] == ':' ? atoi(host + len + 1) : 6379);
	if (fd == -1)
		return NULL;
	redis = mem_new(sizeof(*redis));
	redis->in = fdopen(fd, "r");
	redis->out = fdopen(fcntl(fd, F_DUPFD_CLOEXEC, 0), "w");
	len = strcspn(url, ":@");
	if (at == NULL || url[len] != ':')
		return redis;
	user = len == 0 ? "default" : percent_decode(pool, url, len, 0);
	password = percent_decode(pool, url + len + 1, (size_t)(at - url) - len - 1, 0);
	if (user != NULL && password != NULL &&
	    command(redis, (const char *const[]){ "AUTH", user, password }, 3))
		return redis;
	redis_close(redis);
	return NULL;
}

void
redis_close(struct redis *redis)
{
	fclose(redis->in);
	fclose(redis->out);
	free(redis);
}

void
redis_hang_up(struct redis *redis)
{
	shutdown(fileno(redis->in), SHUT_RDWR);
}

bool
redis_zadd(struct redis *redis, const char *key, long long score, const char *member)
{
	char number[32];

	snprintf(number, sizeof(number), "%lld", score);
	return command(redis, (const char *const[]){ "ZADD", key, number, member }, 4);
}

/* A string of an answer: its length, and then as much. */
static const char *
read_string(struct redis *redis, struct pool *pool)
{
	char line[64], *text;
	long len;

	if (!read_line(redis, line, sizeof(line)) || line[0] != '$')
		return NULL;
	len = atol(line + 1);
	if (len < 0 || len > 1048576)
		return NULL;
	text = pool_new(pool, (size_t)len + 3);
	if (fread(text, 1, (size_t)len + 2, redis->in) != (size_t)len + 2)
		return NULL;
	text[len] = '\0';
	return text;
}

const char *
redis_bzpopmin(struct redis *redis, const char *key, struct pool *pool)
{
	const char *member;
	char line[64];

	if (!send_command(redis, (const char *const[]){ "BZPOPMIN", key, "1" }, 3) ||
	    !read_line(redis, line, sizeof(line)) || strncmp(line, "*3", 2) != 0 ||
	    read_string(redis, pool) == NULL)
		return NULL;
	member = read_string(redis, pool);
	read_string(redis, pool);
	return member;
}
