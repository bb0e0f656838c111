/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_TESTS_REDIS_SERVER_H
#define OSCGI_TESTS_REDIS_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * A real server of its own for a test: Valkey or Redis, whichever is installed,
 * on a free port of the loopback, its files in a directory of its own.  It dies
 * with the test.
 */
struct redis_server {
	pid_t pid;	/* 0 = not running */
	int   port;
	char  dir[64], url[96];
};

/* Is one installed? */
bool redis_server_installed(void);
/* Zeroed struct; or one that was stopped: then on the same port, with what it had. False: told on stdout. */
bool redis_server_start(struct redis_server *s);
/*
 * From now on url is that of a user with the rights that doc/store.md tells administrators to
 * give, for names that begin with prefix.  False: told on stdout.
 */
bool redis_server_documented_user(struct redis_server *s, const char *prefix);
/* As a power failure would (SIGKILL); what was written stays, as every write is synced. */
void redis_server_kill(struct redis_server *s);
/* Kill it and remove its files. */
void redis_server_end(struct redis_server *s);

#endif
