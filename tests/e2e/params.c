/* SPDX-License-Identifier: MIT */
/*
 * In the place of each executable: answers with what the web server passed on, so that the example
 * configurations can be tested by themselves.
 *
 *   param NAME=VALUE    of the request
 *   env NAME=VALUE      of the process
 *   body N              bytes that arrived
 *
 * PATH_INFO /die ends the process without an answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fcgiapp.h>

extern char **environ;

static void
answer(FCGX_Stream *in, FCGX_Stream *out, char **params)
{
	char buf[8192];
	long total = 0;
	int n;

	while ((n = FCGX_GetStr(buf, sizeof(buf), in)) > 0)
		total += n;
	FCGX_FPrintF(out, "Status: 200 OK\r\nContent-Type: text/plain\r\n"
	    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n");
	for (; *params; params++)
		FCGX_FPrintF(out, "param %s\n", *params);
	for (char **e = environ; *e; e++)
		FCGX_FPrintF(out, "env %s\n", *e);
	FCGX_FPrintF(out, "body %d\n", (int)total);
}

/* As plain CGI the request's parameters are the environment. */
static int
answer_once(void)
{
	const char *length = getenv("CONTENT_LENGTH"), *path = getenv("PATH_INFO");
	long want = length && *length ? atol(length) : -1, total = 0;
	char buf[8192];
	size_t n;

	if (path && strcmp(path, "/die") == 0)
		return 1;
	while (total != want && (n = fread(buf, 1, 1, stdin)) > 0)
		total += (long)n;
	printf("Status: 200 OK\r\nContent-Type: text/plain\r\n"
	    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n");
	for (char **e = environ; *e; e++)
		printf("param %s\nenv %s\n", *e, *e);
	printf("body %ld\n", total);
	return 0;
}

int
main(void)
{
	FCGX_Request rq;

	if (FCGX_IsCGI())
		return answer_once();
	if (FCGX_Init() != 0 || FCGX_InitRequest(&rq, 0, 0) != 0)
		return 1;
	while (FCGX_Accept_r(&rq) == 0) {
		const char *path = FCGX_GetParam("PATH_INFO", rq.envp);

		if (path && strcmp(path, "/die") == 0)
			_exit(1);
		answer(rq.in, rq.out, rq.envp);
		FCGX_Finish_r(&rq);
	}
	return 0;
}
