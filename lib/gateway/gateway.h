/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_GATEWAY_GATEWAY_H
#define OSCGI_GATEWAY_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * One request as a web server hands it over, by FastCGI or by plain CGI: its
 * variables (RFC 3875) as NAME=value strings, its body and where the answer goes.
 */
struct gateway_exchange {
	char *const *params;	/* NULL-terminated; under plain CGI the process's environment */
	bool         authorizer;	/* FastCGI Authorizer role: there is no body */
	bool         tell_next;	/* set by who serves: whether the next one is queued is worth a look */
	bool         queued;	/* it came while this process was busy with the one before, which asked for that */
	/* Up to len bytes of the body; 0 at its end, -1 when the peer is gone. */
	ssize_t    (*read)(struct gateway_exchange *x, void *buf, size_t len);
	/* All of it, or false when the peer is gone. */
	bool       (*write)(struct gateway_exchange *x, const void *data, size_t len);
	/* Send what was written so far. */
	bool       (*flush)(struct gateway_exchange *x);
};

/* Value of a variable; NULL when absent.  Borrowed. */
const char *gateway_param(const struct gateway_exchange *x, const char *name);

/* Given more than once, as some web servers pass on a header that was sent twice. */
bool gateway_param_is_repeated(const struct gateway_exchange *x, const char *name);

/*
 * Serve requests with `serve` until SIGTERM (after the one in hand), or the one
 * of plain CGI.  Returns the exit status.
 */
int gateway_run(void (*serve)(void *ctx, struct gateway_exchange *x), void *ctx);

#endif
