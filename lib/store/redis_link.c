/* SPDX-License-Identifier: MIT */
#include "store/redis_link.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"

/* Of what the server says about a refusal: the beginning tells which. */
#define REFUSAL_MAX 160

static void
drop(struct redis_link *l)
{
	if (l->c != NULL)
		l->lib->free(l->c);
	l->c = NULL;
}

void
redis_link_close(struct redis_link *l)
{
	drop(l);
}

static void
complain(const struct redis_link *l, const char *event, const char *what)
{
	log_event(LOG_LEVEL_ERROR, event, "%s port %d: %.*s", l->to.host, l->to.port, REFUSAL_MAX, what);
}

/* hiredis says "Resource temporarily unavailable" for a wait that took too long. */
static const char *
trouble(const redisContext *c)
{
	if (c->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK))
		return "no answer in time";
	return c->errstr;
}

/* What is left until the deadline becomes the bound of each read and write.  False: nothing is left. */
static bool
bound(struct redis_link *l, int64_t deadline)
{
	int64_t left = deadline - clock_mono_ms(&clock_system);
	struct timeval tv = { .tv_sec = left / 1000, .tv_usec = left % 1000 * 1000 };

	return left > 0 && l->lib->set_timeout(l->c, tv) == REDIS_OK;
}

/* Send one command and read one answer; NULL: the connection is of no use any more. */
static redisReply *
exchange(struct redis_link *l, int64_t deadline, int argc, const struct redis_arg *argv)
{
	const char *data[REDIS_ARGS_MAX];
	size_t lens[REDIS_ARGS_MAX];
	redisReply *r = NULL;
	int i;

	assert(argc <= REDIS_ARGS_MAX);
	for (i = 0; i < argc; i++) {
		data[i] = argv[i].data;
		lens[i] = argv[i].len;
	}
	errno = EAGAIN;
	if (bound(l, deadline))
		r = l->lib->command(l->c, argc, data, lens);
	if (r == NULL) {
		complain(l, "store_lost", l->c->err != 0 ? trouble(l->c) : "no answer in time");
		drop(l);
	}
	return r;
}

/* A command of the connection itself.  False: it is dropped; logged. */
static bool
greet(struct redis_link *l, int64_t deadline, int argc, const struct redis_arg *argv)
{
	redisReply *r = exchange(l, deadline, argc, argv);
	bool good;

	if (r == NULL)
		return false;
	good = r->type != REDIS_REPLY_ERROR;
	if (!good) {
		complain(l, "store_refused", r->str);
		drop(l);
	}
	l->lib->free_reply(r);
	return good;
}

static struct redis_arg
text(const char *s)
{
	return (struct redis_arg){ s, strlen(s) };
}

static bool
sign_in(struct redis_link *l, int64_t deadline)
{
	struct redis_arg argv[3] = { text("AUTH") };
	int argc = 1;

	if (!secret_present(l->to.password))
		return true;
	if (*l->to.user != '\0')
		argv[argc++] = text(l->to.user);
	argv[argc++] = text(l->to.password.reveal);
	return greet(l, deadline, argc, argv);
}

static bool
choose(struct redis_link *l, int64_t deadline)
{
	struct redis_arg argv[2] = { text("SELECT") };
	char number[16];

	if (l->to.db == 0)
		return true;
	snprintf(number, sizeof(number), "%d", l->to.db);
	argv[1] = text(number);
	return greet(l, deadline, 2, argv);
}

/* False: logged. */
static bool
make(struct redis_link *l, int64_t deadline)
{
	int64_t left = deadline - clock_mono_ms(&clock_system);
	struct timeval tv = { .tv_sec = left / 1000, .tv_usec = left % 1000 * 1000 };

	if (left <= 0) {
		complain(l, "store_lost", "no answer in time");
		return false;
	}
	l->c = l->lib->connect(l->to.host, l->to.port, tv);
	if (l->c == NULL || l->c->err != 0) {
		complain(l, "store_gone", l->c == NULL ? "out of memory" : l->c->errstr);
		drop(l);
		return false;
	}
	return sign_in(l, deadline) && choose(l, deadline);
}

/* A server that was restarted has closed its end: better known before something is sent that must not be sent twice. */
static bool
alive(const struct redis_link *l)
{
	char c;

	return l->c != NULL && recv(l->c->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
	    (errno == EAGAIN || errno == EWOULDBLOCK);
}

redisReply *
redis_call(struct redis_link *l, enum redis_repeat repeat, int argc, const struct redis_arg *argv)
{
	int64_t deadline = clock_mono_ms(&clock_system) + l->wait_ms;
	int tries = repeat == REDIS_AGAIN ? 2 : 1;
	redisReply *r = NULL;

	if (l->lib == NULL)
		l->lib = redis_lib_load();
	if (l->lib == NULL)
		return NULL;
	while (r == NULL && tries-- > 0 && clock_mono_ms(&clock_system) < deadline) {
		if (!alive(l)) {
			drop(l);
			if (!make(l, deadline))
				return NULL;
		}
		r = exchange(l, deadline, argc, argv);
	}
	if (r != NULL && r->type == REDIS_REPLY_ERROR) {
		complain(l, "store_refused", r->str);
		l->lib->free_reply(r);
		return NULL;
	}
	return r;
}
