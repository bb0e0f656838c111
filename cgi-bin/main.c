/* SPDX-License-Identifier: MIT */
/*
 * Every executable's main: compiled once per program with -DPROGRAM=name and -DPROGRAM_name, so
 * that each holds its own routes and nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/process.h"
#include "gateway/gateway.h"
#include "routes.h"
#include "web/serve.h"

#define STRING_(x) #x
#define STRING(x)  STRING_(x)

extern char **environ;

static const struct route routes[] = {
#define ALIAS(script, path)
#define ROUTE(methods, pattern, session, proof, body, errors, flags, handler) \
	{ methods, pattern, session, proof, body, errors, flags, handler },
#include "routes.def"
#undef ROUTE
#undef ALIAS
};

static const struct route_alias aliases[] = {
#define ALIAS(script, path) { script, path },
#define ROUTE(methods, pattern, session, proof, body, errors, flags, handler)
#include "routes.def"
#undef ROUTE
#undef ALIAS
	{ NULL, NULL }
};

static const struct program program = {
	STRING(PROGRAM), routes, sizeof(routes) / sizeof(routes[0]), aliases
};

/* Settings that are wrong are said in the log, once a process; visitors are not told which. */
static void
log_faults(const struct buf *faults)
{
	const char *p = buf_cstr(faults);

	while (*p != '\0') {
		int n = (int)strcspn(p, "\n");

		log_event(LOG_LEVEL_ERROR, "setting", "%.*s", n, p);
		p += n;
		p += *p == '\n';
	}
}

/* What a person asks; a web server passes a query without "=" as arguments, and asks nothing of this. */
static bool
asked(int argc, char **argv, const char *option)
{
	return argc > 1 && getenv("GATEWAY_INTERFACE") == NULL && strcmp(argv[1], option) == 0;
}

static int
help(void)
{
	puts("Usage: " STRING(PROGRAM) " is started by a web server, as a FastCGI or CGI program.\n"
	    "  --version    the version\n"
	    "oscgi-programs(8) and doc/http.md say what it answers; 'oscgi doctor' what is wrong.");
	return 0;
}

int
main(int argc, char **argv)
{
	struct server server;
	struct buf faults;
	struct app app;
	int status;

	process_harden();
	if (asked(argc, argv, "--help"))
		return help();
	if (asked(argc, argv, "--version")) {
		printf("%s (%s) %s\n", STRING(PROGRAM), PACKAGE_NAME, PACKAGE_VERSION);
		return 0;
	}
	buf_init(&faults, 16 * 1024);
	if (app_open(&app, environ, &faults) != ERR_OK) {
		log_faults(&faults);
		buf_free(&faults);
		return gateway_run(serve_unavailable, (void *)&program);
	}
	buf_free(&faults);
	serve_init(&server, &app, &program);
	status = gateway_run(serve_exchange, &server);
	serve_close(&server);
	app_close(&app);
	return status;
}
