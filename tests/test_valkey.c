/* SPDX-License-Identifier: MIT */
/*
 * The store on a real Valkey or Redis server, beyond the contract: its address,
 * its troubles, and several processes at once.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "redis_server.h"
#include "store/backends.h"
#include "store/bulk.h"
#include "store/redis_link.h"
#include "store/redis_url.h"
#include "tap.h"

#define WAIT_MS   10000	/* for a server that answers, on a machine that is busy */
#define BRIEF_MS  600	/* for one that does not */
#define PROCESSES 8

static struct redis_server server;
static struct arena arena;
static char logged[4096];

static void
catch_log(const char *line, size_t len)
{
	size_t used = strlen(logged);

	if (len < sizeof(logged) - used)
		memcpy(logged + used, line, len);
}

static int64_t
now_ms(void)
{
	return clock_mono_ms(&clock_system);
}

/* ---- addresses ---- */

static void
addresses(void)
{
	static const struct {
		const char *text, *host, *user, *password;
		int         port, db;
	} good[] = {
		{ "redis://h", "h", "", "", 6379, 0 },
		{ "redis://h:1/", "h", "", "", 1, 0 },
		{ "redis://h.example:6380/15", "h.example", "", "", 6380, 15 },
		{ "redis://:pw@10.0.0.1:65535/0", "10.0.0.1", "", "pw", 65535, 0 },
		{ "redis://me:p%40%2f%3aw@h", "h", "me", "p@/:w", 6379, 0 },
		{ "redis://[::1]:7000/2", "::1", "", "", 7000, 2 },
		{ "redis://[fe80::1%eth0]", "fe80::1%eth0", "", "", 6379, 0 },
	};
	static const char *const bad[] = {
		"redis:/h", "rediss://h", "redis://", "redis://:1", "redis://h:0", "redis://h:65536", "redis://h:x", "redis://h/x",
		"redis://h/-1", "redis://h/1/2", "redis://me@h", "redis://:@h", "redis://:p%zz@h", "redis://:p%00@h", "redis://[::1",
		"redis://[::1]x", "redis://h h", "redis://h?db=1", "redis://h#1", "",
	};
	struct redis_url u;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		is_str(redis_url_parse(good[i].text, &arena, &u), NULL, "%s", good[i].text);
		is_str(u.host, good[i].host, "its host");
		is_str(u.user, good[i].user, "its user");
		is_str(u.password.reveal, good[i].password, "its password");
		ok(u.port == good[i].port && u.db == good[i].db, "its port %d and database %d", u.port, u.db);
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(redis_url_parse(bad[i], &arena, &u) != NULL, "not \"%s\"", bad[i]);
}

static void
setups(void)
{
	static const struct {
		const char *where, *prefix, *password, *setting;
	} cases[] = {
		{ "bdb", "oscgi:", "", NULL },
		{ "bdb", "oscgi:", "pw", "STORE_PASSWORD_FILE" },
		{ "bdb ", "oscgi:", "", "SESSION_STORE" },
		{ "redis", "oscgi:", "", "SESSION_STORE" },
		{ "memcached://h", "oscgi:", "", "SESSION_STORE" },
		{ "redis://h", "", "", NULL },
		{ "redis://h", "oscgi:", "pw", NULL },
		{ "redis://:pw@h", "oscgi:", "pw", "SESSION_STORE" },
		{ "redis://h:x", "oscgi:", "", "SESSION_STORE" },
		{ "redis://h", "a b", "", "STORE_PREFIX" },
		{ "redis://h", "\xc3\xa4", "", "STORE_PREFIX" },
		{ "redis://h", "0123456789012345678901234567890123456789012345678901234567890123+", "", "STORE_PREFIX" },
	};
	struct store_setup o = { .dir = "/", .clock = &clock_system, .wait_ms = 1 };
	const char *setting, *wrong;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		o.where = cases[i].where;
		o.prefix = cases[i].prefix;
		o.password.reveal = cases[i].password;
		wrong = store_setup_wrong(&o, &setting);
		is_str(wrong != NULL ? setting : NULL, cases[i].setting, "\"%s\" with prefix \"%s\"%s", cases[i].where,
		    cases[i].prefix, *cases[i].password != '\0' ? " and a password" : "");
	}
}

/* ---- with the server ---- */

/* A command to the server itself, words apart by spaces; what it answers in one line. */
static const char *
ask(struct redis_link *l, const char *command)
{
	static char text[256], answer[256];
	struct redis_arg argv[REDIS_ARGS_MAX];
	int argc = 0;
	redisReply *r;
	char *p;

	snprintf(text, sizeof(text), "%s", command);
	for (p = strtok(text, " "); p != NULL; p = strtok(NULL, " "))
		argv[argc++] = (struct redis_arg){ p, strlen(p) };
	r = redis_call(l, REDIS_AGAIN, argc, argv);
	if (r == NULL)
		return "nothing";
	if (r->type == REDIS_REPLY_INTEGER)
		snprintf(answer, sizeof(answer), "%lld", r->integer);
	else if (r->type == REDIS_REPLY_ARRAY)
		snprintf(answer, sizeof(answer), "%zu of them", r->elements);
	else
		snprintf(answer, sizeof(answer), "%s", r->str == NULL ? "nil" : r->str);
	l->lib->free_reply(r);
	return answer;
}

static struct redis_link
link_to_server(void)
{
	struct redis_link l = { .wait_ms = WAIT_MS };

	if (redis_url_parse(server.url, &arena, &l.to) != NULL)
		abort();
	return l;
}

static struct store *
open_store(const char *where, const char *password, int wait_ms)
{
	const struct store_setup o = { .where = where, .prefix = "t:", .password = { password }, .clock = &clock_system,
		.wait_ms = wait_ms };
	struct store *s;

	if (store_open(&o, &s) != ERR_OK)
		abort();
	return s;
}

static struct store *
store_at(const char *where, const char *password)
{
	return open_store(where, password, WAIT_MS);
}

static enum err
put(struct store *s, const char *name, const char *value)
{
	return store_put(s, name, value, strlen(value), clock_now_s(&clock_system) + 60, STORE_UPSERT, STORE_DURABLE, NULL);
}

static const char *
value(struct store *s, const char *name)
{
	struct store_record rec;
	enum err e = store_get(s, name, &arena, &rec);

	return e == ERR_OK ? (const char *)rec.data : err_info(e)->name;
}

static void
names_on_the_server(void)
{
	struct redis_link l = link_to_server();
	struct store *s = store_at(server.url, "");
	struct store_lease lease;
	long ttl;

	printf("# names\n");
	is_str(ask(&l, "FLUSHALL"), "OK", "an empty server");
	is_int(put(s, "a:1", "one"), ERR_OK, "a record");
	is_str(ask(&l, "EXISTS t:r:a:1"), "1", "has the prefix before it");
	ttl = strtol(ask(&l, "PTTL t:r:a:1"), NULL, 10);
	ok(ttl > 50000 && ttl <= 61000, "the server will remove it: in %ld ms", ttl);
	is_int(store_lease_take(s, "a:1", &lease), ERR_OK, "a lease");
	ttl = strtol(ask(&l, "PTTL t:l:a:1"), NULL, 10);
	ok(ttl > 5000 && ttl <= 10000, "the server will end it: in %ld ms", ttl);
	store_lease_release(s, &lease);
	is_str(ask(&l, "EXISTS t:l:a:1"), "0", "released");
	is_int(store_probe(s), ERR_OK, "a probe");
	is_str(ask(&l, "KEYS *"), "2 of them", "nothing else is there");
	is_str(ask(&l, "SET t:r:odd:1 nonsense"), "OK", "a record of somebody else");
	is_str(value(s, "odd:1"), err_info(ERR_NOT_FOUND)->name, "is none");
	ok(strstr(logged, "store_record") != NULL, "and a log line");
	is_str(ask(&l, "RPUSH t:r:odd:2 x"), "1", "one of another type");
	is_str(value(s, "odd:2"), err_info(ERR_STORE)->name, "is refused by the server");
	store_close(s);
	redis_link_close(&l);
}

static bool
count_one(void *ctx, const char *name, const struct store_record *rec)
{
	(void)name;
	(void)rec;
	++*(int *)ctx;
	return true;
}

static int
shown(struct store *s)
{
	int n = 0;
	enum err e = store_each(s, "s:", count_one, &n);

	return e == ERR_OK ? n : -1;
}

/* What somebody who may write there put beside our records must not be in the way of who ends all sessions. */
static void
strange_records(void)
{
	static char spaced[] = "t:r:s:a b", beyond[] = "t:r:s:\xc3\xa4", ours[] = "t:r:s:1";
	static char longer[4 + STORE_NAME_MAX + 2];
	char *const keys[] = { spaced, beyond, longer };
	struct redis_link l = link_to_server();
	struct store *s = store_at(server.url, "");
	redisReply *r;
	long removed;
	size_t i;

	printf("# names and values that are none\n");
	memset(longer, 'x', sizeof(longer) - 1);
	memcpy(longer, ours, strlen(ours) - 1);
	is_str(ask(&l, "FLUSHALL"), "OK", "an empty server");
	is_int(put(s, "s:1", "one"), ERR_OK, "a record");
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		struct redis_arg copy[] = { { "COPY", 4 }, { ours, strlen(ours) }, { keys[i], strlen(keys[i]) } };

		r = redis_call(&l, REDIS_ONCE, 3, copy);
		ok(r != NULL && r->integer == 1, "a copy of it as %.12s", keys[i]);
		l.lib->free_reply(r);
	}
	is_int(shown(s), 1, "the record alone is shown");
	is_str(ask(&l, "COPY t:r:s:1 t:r:s:2"), "1", "another copy");
	is_str(ask(&l, "SETRANGE t:r:s:2 600000 x"), "600001", "with a value larger than any of ours");
	is_int(shown(s), 1, "is not shown");
	is_str(value(s, "s:2"), err_info(ERR_NOT_FOUND)->name, "nor found");
	is_int(store_remove_all(s, "s:", NULL, NULL, &removed), ERR_OK, "all can be removed");
	is_int((int)removed, 1, "all, that is one");
	is_int(shown(s), 0, "and none is left");
	store_close(s);
	redis_link_close(&l);
}

/* Whatever is asked for, three names of something else, with a record each. */
static void
lie_about_names(int listener)
{
#define RECORD "$18\r\n\1\0\0\0\0\0\0\0\1\177\0\0\0\0\0\0\0x\r\n"
	static const char names[] = "*2\r\n$1\r\n0\r\n*3\r\n$1\r\nt\r\n$0\r\n\r\n$7\r\nother:1\r\n";
	static const char records[] = "*3\r\n" RECORD RECORD RECORD;
	int fd = accept(listener, NULL, NULL);
	char asked[1024] = "";

	while (fd >= 0 && read(fd, asked, sizeof(asked) - 1) > 0)
		if (strstr(asked, "SCAN") != NULL)
			(void)!write(fd, names, sizeof(names) - 1);
		else
			(void)!write(fd, records, sizeof(records) - 1);
	_exit(0);
}

static void
lying_server(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	struct store *s;
	char url[64];

	printf("# a server that lies\n");
	if (bind(listener, (struct sockaddr *)&at, len) != 0 || listen(listener, 1) != 0 ||
	    getsockname(listener, (struct sockaddr *)&at, &len) != 0)
		abort();
	fflush(stdout);
	if (fork() == 0)
		lie_about_names(listener);
	(void)close(listener);
	snprintf(url, sizeof(url), "redis://127.0.0.1:%d", ntohs(at.sin_port));
	s = store_at(url, "");
	is_int(shown(s), 0, "names that do not begin as asked are not looked at");
	store_close(s);
	(void)wait(NULL);
}

static void
who_may(void)
{
	struct redis_link l = link_to_server();
	char url[128];
	struct store *s;

	printf("# passwords\n");
	is_str(ask(&l, "ACL SETUSER web on >secret%1 ~t:* +@all -@admin"), "OK", "a user with a password");
	is_str(ask(&l, "CONFIG SET requirepass p/w"), "OK", "a password for all others");
	snprintf(url, sizeof(url), "redis://web:secret%%251@127.0.0.1:%d/3", server.port);
	s = store_at(url, "");
	is_int(put(s, "a:1", "three"), ERR_OK, "the user with it, in database 3");
	store_close(s);
	s = store_at(server.url, "p/w");
	is_str(value(s, "a:1"), "one", "the password of a file, in database 0");
	store_close(s);
	memset(logged, 0, sizeof(logged));
	s = store_at(server.url, "wrong-one");
	is_int(put(s, "a:1", "x"), ERR_STORE, "a wrong password");
	ok(strstr(logged, "WRONGPASS") != NULL && strstr(logged, "wrong-one") == NULL, "is logged as such, without itself");
	store_close(s);
	memset(logged, 0, sizeof(logged));
	s = store_at(server.url, "");
	is_int(put(s, "a:1", "x"), ERR_STORE, "no password");
	ok(strstr(logged, "NOAUTH") != NULL, "is logged as such");

	redis_link_close(&l);
	l.to.password.reveal = "p/w";
	is_str(ask(&l, "ACL SETUSER default nopass"), "OK", "no password is needed any more");
	is_int(put(s, "a:1", "one"), ERR_OK, "the same store goes on");
	store_close(s);
	redis_link_close(&l);
}

static const char *
refused(struct redis_link *l, const char *command)
{
	memset(logged, 0, sizeof(logged));
	(void)ask(l, command);
	return strstr(logged, "NOPERM") != NULL || strstr(logged, "can't access") != NULL ? "refused" : logged;
}

/* tests/store.t shows that the user of doc/store.md may do what is needed; here, that it may do no more. */
static void
and_no_more(void)
{
	static const char *const others[] = { "GET other:r:a:1", "SET other:r:a:1 x", "EVAL return(redis.call('GET','other:1')) 0",
		"FLUSHALL", "KEYS *", "CONFIG GET *", "SHUTDOWN", "ACL LIST", "PUBLISH c x", "MONITOR", "SELECT 1" };
	struct redis_server as_user = server;
	struct redis_link l = { .wait_ms = WAIT_MS };
	struct store *s;
	size_t i;

	printf("# the documented user\n");
	if (!ok(redis_server_documented_user(&as_user, "t:"), "is made") || redis_url_parse(as_user.url, &arena, &l.to) != NULL)
		return;
	s = store_at(as_user.url, "");
	is_int(put(s, "a:1", "one"), ERR_OK, "writes");
	is_str(value(s, "a:1"), "one", "and reads its own");
	store_close(s);
	for (i = 0; i < sizeof(others) / sizeof(*others); i++)
		is_str(refused(&l, others[i]), "refused", "may not %s", others[i]);
	redis_link_close(&l);
}

static void
full_or_read_only(void)
{
	struct redis_link l = link_to_server();
	struct store *s = store_at(server.url, "");
	struct store_record rec;

	printf("# full, read-only\n");
	is_int(put(s, "f:1", "before"), ERR_OK, "with room");
	is_str(ask(&l, "CONFIG SET maxmemory 1"), "OK", "full");
	memset(logged, 0, sizeof(logged));
	is_int(put(s, "f:2", "x"), ERR_STORE, "nothing is written");
	ok(strstr(logged, "OOM") != NULL, "the log says why");
	is_int(store_probe(s), ERR_STORE, "the probe says so");
	is_str(value(s, "f:1"), "before", "all can be read");
	is_int(store_remove(s, "f:1", STORE_DURABLE), ERR_OK, "and removed");
	is_str(ask(&l, "CONFIG SET maxmemory 0"), "OK", "room again");
	is_int(put(s, "f:1", "after"), ERR_OK, "the same store goes on");
	is_str(ask(&l, "REPLICAOF 127.0.0.1 1"), "OK", "a replica");
	memset(logged, 0, sizeof(logged));
	is_int(put(s, "f:1", "x"), ERR_STORE, "takes no writes");
	ok(strstr(logged, "READONLY") != NULL || strstr(logged, "MASTERDOWN") != NULL, "the log says why");
	is_int(store_take(s, "f:1", &arena, &rec), ERR_STORE, "nor hands anything out");
	is_str(ask(&l, "REPLICAOF NO ONE"), "OK", "a master again");
	is_str(value(s, "f:1"), "after", "nothing was lost");
	is_int(put(s, "f:1", "later"), ERR_OK, "the same store goes on");
	store_close(s);
	redis_link_close(&l);
}

static void
stopped_and_gone(void)
{
	struct store *s = store_at(server.url, ""), *brief = open_store(server.url, "", BRIEF_MS);
	struct redis_link l = link_to_server();
	struct store_record rec;
	int64_t began, took;
	enum err e;

	printf("# stopped, gone, restarted\n");
	is_int(put(s, "g:1", "kept"), ERR_OK, "a record");
	is_str(value(brief, "g:1"), "kept", "which another store reads");
	(void)kill(server.pid, SIGSTOP);
	began = now_ms();
	is_str(value(brief, "g:1"), err_info(ERR_STORE)->name, "a server that does not answer");
	took = now_ms() - began;
	ok(took >= BRIEF_MS - 50 && took < WAIT_MS / 2, "after the bound: %d ms", (int)took);
	began = now_ms();
	is_int(put(brief, "g:2", "x"), ERR_STORE, "for writes too");
	took = now_ms() - began;
	ok(took < WAIT_MS / 2, "after the same: %d ms", (int)took);
	(void)kill(server.pid, SIGCONT);
	is_str(ask(&l, "PING"), "PONG", "it goes on");
	is_str(value(brief, "g:1"), "kept", "the answer is that of this question");
	redis_link_close(&l);
	store_close(brief);
	redis_server_kill(&server);
	began = now_ms();
	is_str(value(s, "g:1"), err_info(ERR_STORE)->name, "a server that is gone");
	took = now_ms() - began;
	ok(took < WAIT_MS / 2, "at once: %d ms", (int)took);
	ok(redis_server_start(&server), "it comes back");
	is_str(value(s, "g:1"), "kept", "the same store goes on, and nothing was lost");
	/* Restarted while nothing was asked: the connection is dead, which must not cost an answer. */
	is_int(put(s, "g:3", "once"), ERR_OK, "another record");
	redis_server_kill(&server);
	ok(redis_server_start(&server), "restarted meanwhile");
	e = store_take(s, "g:3", &arena, &rec);
	is_int(e, ERR_OK, "take finds the new server at the first try");
	is_int(store_take(s, "g:3", &arena, &rec), ERR_NOT_FOUND, "once");
	store_close(s);
}

static void
leases_lapse(void)
{
	struct store *s = store_at(server.url, ""), *other = store_at(server.url, "");
	struct store_lease one, two;

	printf("# leases\n");
	is_int(store_lease_take(s, "l:1", &one), ERR_OK, "a lease");
	clock_sleep_ms(&clock_system, 6000);
	is_int(store_lease_take(other, "l:1", &two), ERR_BUSY, "is nobody else's, though its holder is not heard of for six seconds");
	is_int(store_lease_keep(s, &one), ERR_OK, "it can be kept");
	clock_sleep_ms(&clock_system, 6000);
	is_int(store_lease_take(other, "l:1", &two), ERR_BUSY, "and then lasts longer than at first");
	clock_sleep_ms(&clock_system, 4100);
	is_int(store_lease_take(other, "l:1", &two), ERR_OK, "not kept, it lapses");
	is_int(store_lease_keep(s, &one), ERR_CONFLICT, "who had it is told");
	store_lease_release(s, &one);
	is_int(store_lease_take(s, "l:1", &one), ERR_BUSY, "and releases nothing of others");
	store_lease_release(other, &two);
	store_close(s);
	store_close(other);
}

/* The server stands still for so long. */
static void
halt(int ms)
{
	fflush(stdout);
	(void)kill(server.pid, SIGSTOP);
	if (fork() == 0) {
		if (fork() == 0) {	/* nobody's child: the others' waiting is for their own */
			clock_sleep_ms(&clock_system, ms);
			(void)kill(server.pid, SIGCONT);
		}
		_exit(0);
	}
	(void)wait(NULL);
}

/* A lease runs on the server while its answer is under way. */
static void
leases_late(void)
{
	struct store_lease lease, two;
	struct store *s = store_at(server.url, ""), *other = store_at(server.url, "");
	struct store *brief = open_store(server.url, "", BRIEF_MS);

	printf("# leases that come late\n");
	is_int(store_lease_take(s, "late:0", &lease), ERR_OK, "a lease");
	store_lease_release(s, &lease);
	halt(2500);
	is_int(store_lease_take(s, "late:1", &lease), ERR_OK, "a lease that takes long to be granted");
	clock_sleep_ms(&clock_system, 5000);
	is_int(store_lease_take(other, "late:1", &two), ERR_BUSY, "is good for another five seconds");
	is_int(store_lease_keep(s, &lease), ERR_OK, "and can be kept");
	store_lease_release(s, &lease);
	(void)kill(server.pid, SIGSTOP);
	is_int(store_lease_take(brief, "late:1", &lease), ERR_STORE, "one that takes longer than a wait may is none");
	ok(!lease.held, "it is not held");
	(void)kill(server.pid, SIGCONT);
	store_close(s);
	store_close(brief);
	store_close(other);
}

/* ---- several processes ---- */

/* Take single-use records: how many this process got. */
static int
take_all(struct store *s)
{
	struct store_record rec;
	char name[16];
	int i, got = 0;

	for (i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "once:%d", i);
		got += store_take(s, name, &arena, &rec) == ERR_OK;
	}
	return got;
}

/* Mark states as used: how many this process was the first to mark. */
static int
mark_all(struct store *s)
{
	char name[16];
	int i, got = 0;

	for (i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "used:%d", i);
		got += store_put(s, name, "", 0, clock_now_s(&clock_system) + 60, STORE_INSERT, STORE_DURABLE, NULL) == ERR_OK;
	}
	return got;
}

/* Ask for leases and keep what is given: how many this process got. */
static int
lease_all(struct store *s)
{
	struct store_lease lease;
	char name[16];
	int i, got = 0;

	for (i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "lease:%d", i);
		got += store_lease_take(s, name, &lease) == ERR_OK;
	}
	return got;
}

/* Raise the counter by ten, each time by what was read, as long as it takes. */
static int
count_up(struct store *s)
{
	struct store_record rec;
	char text[24];
	int done = 0;
	enum err e;

	while (done < 10) {
		if (store_get(s, "counter", &arena, &rec) != ERR_OK)
			return 0;
		snprintf(text, sizeof(text), "%ld", strtol((const char *)rec.data, NULL, 10) + 1);
		e = store_replace(s, "counter", rec.version, text, strlen(text), STORE_NO_EXPIRY, STORE_DURABLE, NULL);
		if (e != ERR_OK && e != ERR_CONFLICT)
			return 0;
		done += e == ERR_OK;
	}
	return done;
}

/* Run it in several processes at once; the sum of what each says. */
static int
at_once(int (*work)(struct store *))
{
	int fds[2], i, n, sum = 0;
	pid_t pid;

	if (pipe(fds) != 0)
		return -1;
	fflush(stdout);
	for (i = 0; i < PROCESSES; i++) {
		pid = fork();
		if (pid == 0) {
			struct store *s = store_at(server.url, "");

			n = work(s);
			_exit(write(fds[1], &n, sizeof(n)) != (ssize_t)sizeof(n));
		}
	}
	for (i = 0; i < PROCESSES; i++) {
		(void)wait(NULL);
		if (read(fds[0], &n, sizeof(n)) == (ssize_t)sizeof(n))
			sum += n;
	}
	(void)close(fds[0]);
	(void)close(fds[1]);
	return sum;
}

static void
several_processes(void)
{
	struct store *s = store_at(server.url, "");
	char name[16];
	int i;

	printf("# several processes\n");
	for (i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "once:%d", i);
		if (put(s, name, "x") != ERR_OK)
			ok(0, "put %s", name);
	}
	is_int(at_once(take_all), 50, "each of 50 records is taken by one of %d", PROCESSES);
	is_int(at_once(mark_all), 50, "each of 50 states is marked as used by one");
	is_int(at_once(lease_all), 50, "each of 50 leases is given to one");
	is_int(store_put(s, "counter", "0", 1, STORE_NO_EXPIRY, STORE_INSERT, STORE_DURABLE, NULL), ERR_OK, "a counter");
	is_int(at_once(count_up), PROCESSES * 10, "each raises it ten times");
	is_str(value(s, "counter"), "80", "and no raise is lost");
	store_close(s);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	log_set_sink(catch_log);
	arena_init(&arena, 4 << 20);
	addresses();
	setups();
	lying_server();
	if (!redis_server_installed()) {
		ok(1, "a server # SKIP no valkey-server and no redis-server is installed");
	} else if (ok(redis_server_start(&server), "a server")) {
		names_on_the_server();
		who_may();
		and_no_more();
		strange_records();
		full_or_read_only();
		stopped_and_gone();
		leases_lapse();
		leases_late();
		several_processes();
		redis_server_end(&server);
	}
	arena_free(&arena);
	return done_testing();
}
