/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE	/* ppoll */

#include "gateway/gateway.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SKIP_MAX (16 * 1024 * 1024)	/* of a body that is not read; who sends more may lose the answer */

extern char **environ;

static volatile sig_atomic_t stopping;

static void
stop(int sig)
{
	(void)sig;
	stopping = 1;
}

/* The next NAME=value at or after p; NULL when there is none. */
static char *const *
find_param(char *const *p, const char *name)
{
	size_t n = strlen(name);

	for (; p != NULL && *p != NULL; p++)
		if (**p == *name && strncmp(*p, name, n) == 0 && (*p)[n] == '=')
			return p;
	return NULL;
}

const char *
gateway_param(const struct gateway_exchange *x, const char *name)
{
	char *const *p = find_param(x->params, name);

	return p != NULL ? *p + strlen(name) + 1 : NULL;
}

bool
gateway_param_is_repeated(const struct gateway_exchange *x, const char *name)
{
	char *const *p = find_param(x->params, name);

	return p != NULL && find_param(p + 1, name) != NULL;
}

/* The declared length of the body; one without, in chunks, ends where it ends. */
static int64_t
body_length(const struct gateway_exchange *x)
{
	const char *declared = gateway_param(x, "CONTENT_LENGTH");
	long long n;

	if (declared == NULL || *declared == '\0')
		return gateway_param(x, "HTTP_TRANSFER_ENCODING") != NULL ? SKIP_MAX : 0;
	n = strtoll(declared, NULL, 10);
	return n < 0 ? 0 : n > SKIP_MAX ? SKIP_MAX : n;
}

/* Plain CGI: the body is standard input, the answer standard output. */
struct cgi_exchange {
	struct gateway_exchange base;	/* first: the functions below get back from it */
	int64_t                 left;	/* of the body, at most; not even looked for when 0 */
};

static ssize_t
cgi_read(struct gateway_exchange *x, void *buf, size_t len)
{
	struct cgi_exchange *g = (struct cgi_exchange *)x;
	ssize_t n;

	do
		n = read(STDIN_FILENO, buf, len);
	while (n < 0 && errno == EINTR);
	g->left = n <= 0 ? 0 : g->left - n;
	return n;
}

/*
 * What of the body nobody asked for.  Under mod_cgid it comes by the socket that
 * the answer goes back by: a process that ends with some of it unread resets that
 * socket, and the answer is lost.
 */
static void
cgi_skip_body(struct cgi_exchange *g)
{
	char waste[16384];

	while (g->left > 0)
		(void)cgi_read(&g->base, waste, g->left < (int64_t)sizeof(waste) ? (size_t)g->left : sizeof(waste));
}

static bool
cgi_write(struct gateway_exchange *x, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	cgi_skip_body((struct cgi_exchange *)x);
	while (len > 0) {
		n = write(STDOUT_FILENO, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
cgi_flush(struct gateway_exchange *x)
{
	(void)x;
	return true;
}

struct fcgi_exchange {
	struct gateway_exchange base;	/* first: the functions below get back from it */
	FCGX_Request            rq;
};

static ssize_t
fcgi_read(struct gateway_exchange *x, void *buf, size_t len)
{
	struct fcgi_exchange *f = (struct fcgi_exchange *)x;

	return FCGX_GetStr(buf, len > 65536 ? 65536 : (int)len, f->rq.in);
}

static bool
fcgi_write(struct gateway_exchange *x, const void *data, size_t len)
{
	struct fcgi_exchange *f = (struct fcgi_exchange *)x;
	const char *p = data;
	int n;

	while (len > 0) {
		n = len > 65536 ? 65536 : (int)len;
		if (FCGX_PutStr(p, n, f->rq.out) != n)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
fcgi_flush(struct gateway_exchange *x)
{
	return FCGX_FFlush(((struct fcgi_exchange *)x)->rq.out) == 0;
}

/* Nothing will come on this connection any more: all of the request has, and it holds no body. */
static bool
is_heard_out(struct fcgi_exchange *f)
{
	char end;

	return f->rq.keepConnection == 0 && !f->base.authorizer && body_length(&f->base) == 0 &&
	    FCGX_GetStr(&end, 1, f->rq.in) == 0;
}

static void
finish(struct fcgi_exchange *f)
{
	/* libfcgi would wait until the web server has closed its end, lest what still comes cost it the answer. */
	if (is_heard_out(f))
		FCGX_Detach(&f->rq);
	/*
	 * A web server may ask for the connection to be kept, but may not count on it.  On one
	 * that is kept the next request would have to be waited for, and others with it.
	 */
	f->rq.keepConnection = 0;
	FCGX_Finish_r(&f->rq);
}

/* Not even by SIGTERM is the request in hand cut off: a refresh under way would cost the visitor the sign-in. */
static void
block_signals(sigset_t *before)
{
	sigset_t blocked;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, before);
}

static void
take_signals(sigset_t *while_waiting)
{
	struct sigaction sa = { .sa_handler = stop };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGUSR1, &sa, NULL);	/* how mod_fcgid and others say "when you are done" */
	/* Blocked except while waiting for a connection. */
	block_signals(while_waiting);
	sigdelset(while_waiting, SIGTERM);
	sigdelset(while_waiting, SIGUSR1);
}

static int
run_fcgi(void (*serve)(void *, struct gateway_exchange *), void *ctx)
{
	struct pollfd listener = { .fd = STDIN_FILENO, .events = POLLIN };
	struct fcgi_exchange x;
	sigset_t while_waiting;
	const char *role;

	memset(&x, 0, sizeof(x));
	if (FCGX_Init() != 0 || FCGX_InitRequest(&x.rq, STDIN_FILENO, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
		return 1;
	x.base.read = fcgi_read;
	x.base.write = fcgi_write;
	x.base.flush = fcgi_flush;
	take_signals(&while_waiting);
	/*
	 * Several processes wait on one socket: another may have taken the connection that
	 * woke us, and a blocking accept would then sleep with the signals blocked.
	 */
	fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
	while (!stopping) {
		if (ppoll(&listener, 1, NULL, &while_waiting) < 0 && errno != EINTR)
			return 1;
		if (stopping)
			break;
		if (listener.revents & (POLLERR | POLLHUP | POLLNVAL))
			return 0;	/* the web server closed its side */
		if (FCGX_Accept_r(&x.rq) < 0)
			continue;
		x.base.params = x.rq.envp;
		role = FCGX_GetParam("FCGI_ROLE", x.rq.envp);
		x.base.authorizer = role != NULL && strcmp(role, "AUTHORIZER") == 0;
		x.base.tell_next = false;
		serve(ctx, &x.base);
		/* Before the answer is out: nobody who waits for it can have asked again. */
		x.base.queued = x.base.tell_next && poll(&listener, 1, 0) > 0;
		finish(&x);
	}
	return 0;
}

int
gateway_run(void (*serve)(void *, struct gateway_exchange *), void *ctx)
{
	struct cgi_exchange x = {
		.base = { .params = environ, .read = cgi_read, .write = cgi_write, .flush = cgi_flush },
	};

	/* Asked before any accept: under mod_cgid a plain accept fails. */
	if (!FCGX_IsCGI())
		return run_fcgi(serve, ctx);
	block_signals(NULL);
	x.left = body_length(&x.base);
	serve(ctx, &x.base);
	return 0;
}
