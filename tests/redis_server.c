/* SPDX-License-Identifier: MIT */
#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700	/* nftw */
#endif

#include "redis_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *const programs[] = { "/usr/bin/valkey-server", "/usr/bin/redis-server", "/usr/local/bin/valkey-server",
	"/usr/local/bin/redis-server" };

static const char *
program(void)
{
	size_t i;

	for (i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		if (access(programs[i], X_OK) == 0)
			return programs[i];
	return NULL;
}

bool
redis_server_installed(void)
{
	return program() != NULL;
}

/* Does the server answer this command, and how does that begin?  wanted NULL: in any way. */
static bool
say(int port, const char *command, const char *wanted)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	size_t len = strlen(command);
	char answer[8] = "";
	bool good;
	int fd;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* Any answer may do: with a password it is a refusal.  But not that it is loading. */
	good = fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
	    write(fd, command, len) == (ssize_t)len && read(fd, answer, 4) >= 3 && strncmp(answer, "-LOA", 4) != 0 &&
	    (wanted == NULL || strncmp(answer, wanted, strlen(wanted)) == 0);
	if (fd >= 0)
		(void)close(fd);
	return good;
}

static int
free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int fd, port = 0;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	    getsockname(fd, (struct sockaddr *)&at, &len) == 0)
		port = ntohs(at.sin_port);
	if (fd >= 0)
		(void)close(fd);
	return port;
}

static void
become(const struct redis_server *s)
{
	char port[8];
	int null;

	snprintf(port, sizeof(port), "%d", s->port);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	(void)dup2(null, 0);
	(void)dup2(null, 1);
	(void)dup2(null, 2);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	execl(program(), "redis-server", "--bind", "127.0.0.1", "--port", port, "--dir", s->dir, "--save", "",
	    "--appendonly", "yes", "--appendfsync", "always", (char *)NULL);
	_exit(127);
}

static bool
start_once(struct redis_server *s)
{
	const struct timespec pause = { .tv_nsec = 20000000 };
	int i, status;

	s->pid = fork();
	if (s->pid == 0)
		become(s);
	for (i = 0; s->pid > 0 && i < 500; i++) {
		if (say(s->port, "PING\r\n", NULL))
			return true;
		if (waitpid(s->pid, &status, WNOHANG) == s->pid)
			break;	/* somebody else had the port after all */
		(void)nanosleep(&pause, NULL);
	}
	s->pid = 0;
	return false;
}

bool
redis_server_start(struct redis_server *s)
{
	bool again = s->dir[0] != '\0';
	int tries;

	if (!again) {
		snprintf(s->dir, sizeof(s->dir), "/tmp/oscgi-redis.XXXXXX");
		if (mkdtemp(s->dir) == NULL)
			return false;
	}
	for (tries = 0; tries < 3; tries++) {
		if (!again)
			s->port = free_port();
		snprintf(s->url, sizeof(s->url), "redis://127.0.0.1:%d", s->port);
		if (start_once(s))
			return true;
	}
	printf("# %s does not start\n", program());
	return false;
}

#define USER_BEGINS  "    user oscgi on >PASSWORD ~oscgi:* "

/* What follows the user's name, password and prefix in the page. */
static bool
documented_rights(char *out, size_t size)
{
	const char *srcdir = getenv("srcdir");
	char path[512], line[512];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "%s/doc/store.md", srcdir != NULL ? srcdir : ".");
	f = fopen(path, "r");
	while (f != NULL && !found && fgets(line, sizeof(line), f) != NULL)
		found = strncmp(line, USER_BEGINS, strlen(USER_BEGINS)) == 0;
	if (f != NULL)
		(void)fclose(f);
	if (!found) {
		printf("# no line in %s begins with \"%s\"\n", path, USER_BEGINS);
		return false;
	}
	line[strcspn(line, "\n")] = '\0';
	snprintf(out, size, "%s", line + strlen(USER_BEGINS));
	return true;
}

bool
redis_server_documented_user(struct redis_server *s, const char *prefix)
{
	char rights[512], command[1024];

	if (!documented_rights(rights, sizeof(rights)))
		return false;
	snprintf(command, sizeof(command), "ACL SETUSER oscgi on >p%%w ~%s* %s\r\n", prefix, rights);
	snprintf(s->url, sizeof(s->url), "redis://oscgi:p%%25w@127.0.0.1:%d", s->port);
	if (say(s->port, command, "+OK"))
		return true;
	printf("# the server refuses: %s", command);
	return false;
}

void
redis_server_kill(struct redis_server *s)
{
	if (s->pid <= 0)
		return;
	(void)kill(s->pid, SIGKILL);
	(void)waitpid(s->pid, NULL, 0);
	s->pid = 0;
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void
redis_server_end(struct redis_server *s)
{
	redis_server_kill(s);
	(void)nftw(s->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	s->dir[0] = '\0';
}
