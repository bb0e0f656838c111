/* SPDX-License-Identifier: MIT */
/*
 * sandbox - a stand-in for the platform, on the loopback
 *
 * Reads its options, opens the origins, says where they are, and serves until
 * it is told to end.  doc/sandbox.md says what it plays.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "fetch.h"
#include "origin.h"
#include "server.h"
#include "world.h"

static const struct {
	enum role role;
	const char *name;
	const char *setting;
} platform[] = {
	{ ROLE_APP, "app", "OSC_APP_URL" },
	{ ROLE_CATALOG, "catalog", "OSC_CATALOG_URL" },
	{ ROLE_TOKEN, "token", "OSC_TOKEN_URL" },
	{ ROLE_DEPLOY, "deploy", "OSC_DEPLOY_URL" },
	{ ROLE_MONEY, "money", "OSC_MONEY_URL" },
};

#define PLATFORM_COUNT (sizeof(platform) / sizeof(platform[0]))

struct options {
	int port;
	const char *host;
	const char *data;
	bool verbose;
};

static void
usage(FILE *to)
{
	fputs("usage: sandbox [--port N] [--advertise HOST] [--data DIR] [--verbose]\n"
	    "\n"
	    "  --port N          of the app origin; the others take the ports after it (0: any)\n"
	    "  --advertise HOST  the host in the URLs handed out (127.0.0.1)\n"
	    "  --data DIR        where the scratch directory is made ($TMPDIR, /tmp)\n"
	    "  --verbose         a line on standard error for each request\n", to);
}

static void
options_read(int argc, char **argv, struct options *options)
{
	static const struct option names[] = {
		{ "port", required_argument, NULL, 'p' },
		{ "advertise", required_argument, NULL, 'a' },
		{ "data", required_argument, NULL, 'd' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	char *end;
	long port;
	int ch;

	while ((ch = getopt_long(argc, argv, "", names, NULL)) != -1)
		switch (ch) {
		case 'p':
			port = strtol(optarg, &end, 10);
			if (*end != '\0' || end == optarg || port < 0 || port > 65535) {
				fprintf(stderr, "sandbox: %s is no port\n", optarg);
				exit(2);
			}
			options->port = (int)port;
			break;
		case 'a':
			options->host = optarg;
			break;
		case 'd':
			options->data = optarg;
			break;
		case 'v':
			options->verbose = true;
			break;
		case 'h':
			usage(stdout);
			exit(0);
		default:
			usage(stderr);
			exit(2);
		}
	if (optind < argc) {
		usage(stderr);
		exit(2);
	}
}

static bool
origins_open(struct origins *origins, int port)
{
	const struct service *service;
	struct origin *origin;
	size_t i;

	for (i = 0; i < PLATFORM_COUNT; i++) {
		origin = origin_add(origins, platform[i].role, mem_strdup(platform[i].name), port,
		    platform[i].role == ROLE_APP);
		if (origin == NULL)
			return false;
		port = port == 0 ? 0 : origin->port % 65535 + 1;
	}
	for (service = services; service->id != NULL; service++) {
		origin = origin_add(origins, ROLE_SERVICE, mem_printf("service:%s", service->id), port, false);
		if (origin == NULL)
			return false;
		origin->service = service;
		port = port == 0 ? 0 : origin->port % 65535 + 1;
	}
	return true;
}

static void
announce(const struct origins *origins)
{
	size_t i;

	for (i = 0; i < PLATFORM_COUNT; i++)
		printf("%s=%s\n", platform[i].setting, origin_by_role(origins, platform[i].role)->url);
	puts("READY");
	fflush(stdout);
}

/* A thread per connection and a port per instance need descriptors. */
static void
descriptors_raise(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 4096) {
		limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int
main(int argc, char **argv)
{
	struct options options = { 0, "127.0.0.1", NULL, false };
	struct server *server;
	struct world world;
	sigset_t ends;
	int signal_number;

	options_read(argc, argv, &options);
	descriptors_raise();
	signal(SIGPIPE, SIG_IGN);
	/* Blocked in every thread, and waited for in this one. */
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);

	if (!fetch_init()) {
		fputs("sandbox: libcurl does not start\n", stderr);
		return 1;
	}
	if (!world_init(&world, options.host, options.data)) {
		fprintf(stderr, "sandbox: cannot make its scratch directory: %s\n", strerror(errno));
		return 1;
	}
	if (!origins_open(&world.origins, options.port)) {
		fprintf(stderr, "sandbox: cannot listen on port %d: %s\n", options.port, strerror(errno));
		world_close(&world);
		return 1;
	}
	world.verbose = options.verbose;
	server = server_start(&world);
	if (server == NULL) {
		fputs("sandbox: cannot start its threads\n", stderr);
		world_close(&world);
		return 1;
	}
	announce(&world.origins);
	sigwait(&ends, &signal_number);
	server_stop(server);
	world_close(&world);
	fetch_end();
	return 0;
}
