/* SPDX-License-Identifier: MIT */
/*
 * The kill campaign: eight clients write to one store while processes among
 * them are killed at random, and afterwards everything that was acknowledged is
 * looked for.
 *
 *	kill.t			the short version, for make check
 *	kill.t --full		200 kills, 10,000 acknowledged writes
 *	kill.t --kills N --writes N --dir DIR --seed N
 *
 * Half of the clients live long, as under FastCGI; the other half are a new
 * process for each write, as in plain CGI.  What a client has been told is
 * acknowledged in a pipe to the parent, which outlives it.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE	/* pipe2, ppoll */
#endif

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "campaign/state.h"
#include "store/store.h"
#include "store/store_bdb.h"
#include "tap.h"

#define SLOTS      8
#define NOTES_FD   3
#define WAIT_MS    20000	/* what clients give to store_bdb_open */
#define SERIAL_MAX 400000
#define HUNG_MS    60000
#define VALUE_LEN  2000	/* about the size of a session */

extern char **environ;

/* From a client to the parent; written as one piece. */
enum note_kind {
	NOTE_BEGUN,	/* cycle n: from here on its inserts may or may not be there */
	NOTE_INSERTED,	/* record n was acknowledged */
	NOTE_REPLACED,	/* the slot's own record now has number n */
	NOTE_TAKING,	/* record n may be gone from here on */
	NOTE_TOOK,	/* record n was handed out, once and for all */
	NOTE_COUNTED,	/* the shared counter was raised to n */
	NOTE_WRONG,	/* what was read is not what was written */
	NOTE_FAILED	/* a verb answered n, which it must not */
};

struct note {
	int32_t slot, kind;
	int64_t n, slowest_us;
};

/* ---- a client ---- */

struct client {
	struct store *s;
	struct arena  a;
	int32_t       slot;
	int64_t       slowest_us, began_us;
};

static int64_t
now_us(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
note(struct client *c, enum note_kind kind, int64_t n)
{
	struct note out = { c->slot, (int32_t)kind, n, c->slowest_us };

	if (write(NOTES_FD, &out, sizeof(out)) != (ssize_t)sizeof(out))
		_exit(3);
	c->slowest_us = 0;
}

/* Around each verb: how long it took. */
static void
begin(struct client *c)
{
	c->began_us = now_us();
}

static enum err
done(struct client *c, enum err e)
{
	int64_t took = now_us() - c->began_us;

	if (took > c->slowest_us)
		c->slowest_us = took;
	if (e != ERR_OK && e != ERR_BUSY)
		note(c, NOTE_FAILED, e);
	return e;
}

/* The bytes of record n: anyone can tell whether they are right. */
static void
make_value(char out[VALUE_LEN], int slot, int64_t n)
{
	uint32_t x = (uint32_t)n * 2654435761u + (uint32_t)slot;
	int i;

	i = snprintf(out, VALUE_LEN, "%d %lld ", slot, (long long)n);
	for (; i < VALUE_LEN; i++) {
		x = x * 1664525 + 1013904223;
		out[i] = (char)(x >> 24);
	}
}

static bool
value_is(const struct store_record *rec, int slot, int64_t n)
{
	char want[VALUE_LEN];

	make_value(want, slot, n);
	return rec->len == VALUE_LEN && memcmp(rec->data, want, VALUE_LEN) == 0;
}

static void
insert(struct client *c, int64_t n)
{
	char name[64], value[VALUE_LEN];

	snprintf(name, sizeof(name), "c:%d:%lld", c->slot, (long long)n);
	make_value(value, c->slot, n);
	begin(c);
	if (done(c, store_put(c->s, name, value, VALUE_LEN, clock_now_s(&clock_system) + 86400, STORE_INSERT,
	    STORE_DURABLE, NULL)) == ERR_OK)
		note(c, NOTE_INSERTED, n);
}

/* The slot's own record, written over and over: the last number acknowledged counts. */
static void
replace(struct client *c, int64_t n)
{
	char name[64], value[VALUE_LEN];
	struct store_record rec;
	enum err e;

	snprintf(name, sizeof(name), "s:%d", c->slot);
	make_value(value, c->slot, n);
	begin(c);
	e = store_get(c->s, name, &c->a, &rec);
	(void)done(c, e == ERR_NOT_FOUND ? ERR_OK : e);
	begin(c);
	if (e == ERR_NOT_FOUND)
		e = store_put(c->s, name, value, VALUE_LEN, STORE_NO_EXPIRY, STORE_INSERT, STORE_DURABLE, NULL);
	else if (e == ERR_OK)
		e = store_replace(c->s, name, rec.version, value, VALUE_LEN, STORE_NO_EXPIRY, STORE_DURABLE, NULL);
	if (done(c, e) == ERR_OK)
		note(c, NOTE_REPLACED, n);
}

static void
get(struct client *c, int64_t n)
{
	struct store_record rec;
	char name[64];

	snprintf(name, sizeof(name), "c:%d:%lld", c->slot, (long long)n);
	begin(c);
	if (done(c, store_get(c->s, name, &c->a, &rec)) == ERR_OK && !value_is(&rec, c->slot, n))
		note(c, NOTE_WRONG, n);
}

/* The record may not exist: its insert may have been cut off. */
static void
take(struct client *c, int64_t n)
{
	struct store_record rec;
	char name[64];
	enum err e;

	if (n < 0)
		return;
	note(c, NOTE_TAKING, n);
	snprintf(name, sizeof(name), "c:%d:%lld", c->slot, (long long)n);
	begin(c);
	e = store_take(c->s, name, &c->a, &rec);
	(void)done(c, e == ERR_NOT_FOUND ? ERR_OK : e);
	if (e == ERR_OK && !value_is(&rec, c->slot, n))
		note(c, NOTE_WRONG, n);
	if (e == ERR_OK || e == ERR_NOT_FOUND)
		note(c, NOTE_TOOK, n);
}

/* Read, add one, replace, under a lease: two at once would be seen as a conflict or a number given twice. */
static void
count(struct client *c)
{
	struct store_lease lease;
	struct store_record rec;
	char text[32];
	long long n = 0;
	enum err e;

	begin(c);
	if (done(c, store_lease_take(c->s, "shared", &lease)) != ERR_OK)
		return;
	begin(c);
	e = store_get(c->s, "shared", &c->a, &rec);
	(void)done(c, e == ERR_NOT_FOUND ? ERR_OK : e);
	if (e == ERR_OK)
		n = strtoll((const char *)rec.data, NULL, 10);
	snprintf(text, sizeof(text), "%lld", ++n);
	begin(c);
	if (e == ERR_NOT_FOUND)
		e = store_put(c->s, "shared", text, strlen(text), STORE_NO_EXPIRY, STORE_INSERT, STORE_LAZY, NULL);
	else if (e == ERR_OK)
		e = store_replace(c->s, "shared", rec.version, text, strlen(text), STORE_NO_EXPIRY, STORE_LAZY, NULL);
	if (done(c, e) == ERR_OK)
		note(c, NOTE_COUNTED, n);
	store_lease_release(c->s, &lease);
}

static void
cycle(struct client *c, int64_t n, bool one_write)
{
	int what = one_write ? (int)(n % 4) : -1;

	note(c, NOTE_BEGUN, n);
	if (what < 0 || what == 0 || what == 1)
		insert(c, n);
	if (what < 0 || what == 2)
		replace(c, n);
	if (what < 0)
		get(c, n);
	if (what == 3 || (what < 0 && n % 5 == 4))
		take(c, n - 3);
	if (what < 0 && n % 3 == 0)
		count(c);
	arena_reset(&c->a);
}

static int
run_client(const char *dir, const char *slot, const char *from, const char *kind)
{
	bool one_write = strcmp(kind, "cgi") == 0;
	struct client c = { .slot = atoi(slot) };
	int64_t n = strtoll(from, NULL, 10);

	log_set_level(LOG_LEVEL_WARN);
	arena_init(&c.a, 1 << 20);
	if (store_bdb_open(dir, &clock_system, WAIT_MS, &c.s) != ERR_OK)
		return 2;
	do
		cycle(&c, n, one_write);
	while (++n < SERIAL_MAX && !one_write);
	store_close(c.s);
	arena_free(&c.a);
	return 0;
}

/* ---- the parent ---- */

enum { BEGUN = 1, INSERTED = 2, TAKING = 4, TOOK = 8 };

struct slot {
	pid_t          pid;
	int64_t        next, replaced;
	int64_t        heard_us;
	unsigned char *serial;	/* what is known of each record */
};

struct campaign {
	char        dir[256];
	int         kills_wanted, writes_wanted;
	unsigned    seed;
	int         notes_in, notes_out;
	struct slot slot[SLOTS];
	bool       *counted;
	int64_t     acknowledged, counts, slowest_us;
	int         apart;	/* a file that has nothing to do with the store */
	int64_t     apart_us;	/* how long at most who only looks, and syncs that, was kept from it */
	int         kills, wrong, failed, hung, died, twice;
};

static volatile sig_atomic_t child_ended;

static void
on_child(int sig)
{
	(void)sig;
	child_ended = 1;
}

static void
start(struct campaign *t, int i)
{
	char number[16], from[32];
	char *argv[] = { "kill.t", "client", t->dir, number, from, i % 2 == 0 ? "long" : "cgi", NULL };
	posix_spawn_file_actions_t fa;

	snprintf(number, sizeof(number), "%d", i);
	snprintf(from, sizeof(from), "%lld", (long long)t->slot[i].next);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, t->notes_out, NOTES_FD);
	if (posix_spawn(&t->slot[i].pid, "/proc/self/exe", &fa, NULL, argv, environ) != 0) {
		perror("posix_spawn");
		exit(2);
	}
	posix_spawn_file_actions_destroy(&fa);
	t->slot[i].heard_us = now_us();
}

static void
hear(struct campaign *t, const struct note *n)
{
	struct slot *s = &t->slot[n->slot];

	s->heard_us = now_us();
	if (n->slowest_us > t->slowest_us)
		t->slowest_us = n->slowest_us;
	switch ((enum note_kind)n->kind) {
	case NOTE_BEGUN:
		s->serial[n->n] |= BEGUN;
		s->next = n->n + 1;
		return;
	case NOTE_INSERTED:
		s->serial[n->n] |= INSERTED;
		break;
	case NOTE_REPLACED:
		s->replaced = n->n;
		break;
	case NOTE_TAKING:
		s->serial[n->n] |= TAKING;
		return;
	case NOTE_TOOK:
		s->serial[n->n] |= TOOK;
		break;
	case NOTE_COUNTED:
		t->twice += t->counted[n->n];
		t->counted[n->n] = true;
		t->counts++;
		break;
	case NOTE_WRONG:
		printf("# slot %d: record %lld is not what was written\n", n->slot, (long long)n->n);
		t->wrong++;
		return;
	case NOTE_FAILED:
		printf("# slot %d: a verb answered %s\n", n->slot, err_info((enum err)n->n)->name);
		t->failed++;
		return;
	}
	t->acknowledged++;
}

static void
hear_all(struct campaign *t)
{
	struct note n[128];
	ssize_t got;
	size_t i;

	while ((got = read(t->notes_in, n, sizeof(n))) > 0)
		for (i = 0; i < (size_t)got / sizeof(*n); i++)
			hear(t, &n[i]);
}

/* Collect who has ended; start the next in its place unless the campaign is over. */
static void
reap(struct campaign *t, bool go_on)
{
	int i, status;
	pid_t pid;

	child_ended = 0;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < SLOTS; i++)
			if (t->slot[i].pid == pid) {
				if (!(WIFEXITED(status) && WEXITSTATUS(status) == 0) &&
				    !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)) {
					printf("# slot %d: ended with status %x\n", i, (unsigned)status);
					t->died++;
				}
				t->slot[i].pid = 0;
				hear_all(t);	/* what it said last decides where the next goes on */
				if (go_on)
					start(t, i);
			}
}

static void
look_for_hung(struct campaign *t)
{
	int i;

	for (i = 0; i < SLOTS; i++)
		if (t->slot[i].pid > 0 && now_us() - t->slot[i].heard_us > HUNG_MS * 1000) {
			printf("# slot %d: process %d hangs\n", i, (int)t->slot[i].pid);
			t->hung++;
			(void)kill(t->slot[i].pid, SIGKILL);
			t->slot[i].heard_us = now_us();
		}
}

/* How slow the machine itself is: the parent's rounds tell, each a few milliseconds long, with a sync now and then. */
static void
stand_by(struct campaign *t, int64_t *looked_us)
{
	int64_t now = now_us();

	if (now - *looked_us > t->apart_us)
		t->apart_us = now - *looked_us;
	*looked_us = now;
}

/* Kill until there were enough of both; no longer than `limit_s` in any case. */
static void
run(struct campaign *t, int limit_s)
{
	struct pollfd p = { .fd = t->notes_in, .events = POLLIN };
	int64_t began = now_us(), looked = began, kill_at = began + 100000;
	int64_t recoveries = 0;
	sigset_t none, chld;
	int i;

	sigemptyset(&none);
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	for (i = 0; i < SLOTS; i++)
		start(t, i);
	/* Some must have died at the database itself, or nothing was tried. */
	while ((t->kills < t->kills_wanted || t->acknowledged < t->writes_wanted || recoveries < 3) &&
	    now_us() - began < (int64_t)limit_s * 1000000) {
		struct timespec ts = { .tv_nsec = 2000000 };

		(void)ppoll(&p, 1, &ts, &none);
		hear_all(t);
		if (child_ended)
			reap(t, true);
		look_for_hung(t);
		stand_by(t, &looked);
		if (now_us() < kill_at)
			continue;
		if (pwrite(t->apart, "x", 1, 0) != 1 || fdatasync(t->apart) != 0)
			abort();
		kill_at = now_us() + 40000 + rand() % 60000;
		i = rand() % SLOTS;
		if (t->slot[i].pid > 0 && kill(t->slot[i].pid, SIGKILL) == 0)
			t->kills++;
		recoveries = state_read(t->dir).recoveries;
	}
	/* The long-lived ones do not end by themselves; each of these is one more kill. */
	for (i = 0; i < SLOTS; i++)
		if (i % 2 == 0 && t->slot[i].pid > 0 && kill(t->slot[i].pid, SIGKILL) == 0)
			t->kills++;
	for (i = 0; i < SLOTS; i++)
		while (t->slot[i].pid > 0) {	/* hung ones are killed as such */
			hear_all(t);
			reap(t, false);
			look_for_hung(t);
		}
	hear_all(t);
}

/* ---- afterwards ---- */

struct found {
	struct campaign *t;
	int              records, corrupt, unknown;
};

static bool
each_record(void *ctx, const char *name, const struct store_record *rec)
{
	struct found *f = ctx;
	long long n;
	int slot;

	if (sscanf(name, "c:%d:%lld", &slot, &n) != 2 || slot < 0 || slot >= SLOTS || n < 0 || n >= SERIAL_MAX ||
	    (f->t->slot[slot].serial[n] & BEGUN) == 0) {
		f->unknown++;
		return true;
	}
	f->records++;
	if (!value_is(rec, slot, n))
		f->corrupt++;
	return true;
}

static void
look_for_records(struct campaign *t, struct store *s)
{
	struct found f = { .t = t };
	int missing = 0, back = 0, i;
	struct store_record rec;
	char name[64];
	struct arena a;
	int64_t n;
	enum err e;

	arena_init(&a, 1 << 20);
	for (i = 0; i < SLOTS; i++)
		for (n = 0; n < t->slot[i].next; n++) {
			int known = t->slot[i].serial[n];

			if (!(known & (INSERTED | TOOK)))
				continue;
			snprintf(name, sizeof(name), "c:%d:%lld", i, (long long)n);
			e = store_get(s, name, &a, &rec);
			if ((known & INSERTED) && !(known & TAKING) && (e != ERR_OK || !value_is(&rec, i, n)))
				missing++;
			if ((known & TOOK) && e != ERR_NOT_FOUND)
				back++;
			arena_reset(&a);
		}
	is_int(missing, 0, "no acknowledged record is missing");
	is_int(back, 0, "no taken record is back");
	is_int(store_each(s, "c:", each_record, &f), ERR_OK, "all records can be walked");
	is_int(f.corrupt, 0, "each of the %d is whole", f.records);
	is_int(f.unknown, 0, "none that nobody wrote");
	arena_free(&a);
}

static void
look_for_numbers(struct campaign *t, struct store *s)
{
	struct store_record rec;
	long long counter = 0;
	int behind = 0, i;
	char name[64];
	struct arena a;

	arena_init(&a, 1 << 20);
	for (i = 0; i < SLOTS; i++) {
		long long n = -1;

		snprintf(name, sizeof(name), "s:%d", i);
		if (store_get(s, name, &a, &rec) == ERR_OK && (sscanf((const char *)rec.data, "%*d %lld", &n) != 1 ||
		    !value_is(&rec, i, n)))
			n = -1;
		if (n < t->slot[i].replaced || n >= t->slot[i].next)
			behind++;
	}
	is_int(behind, 0, "no replaced record has gone back to what it was before");
	if (store_get(s, "shared", &a, &rec) == ERR_OK)
		counter = strtoll((const char *)rec.data, NULL, 10);
	ok(counter >= t->counts && counter <= t->counts + t->kills,
	    "the counter that all share stands at %lld, of %lld acknowledged and %d killed", counter,
	    (long long)t->counts, t->kills);
	is_int(t->twice, 0, "no number of it was given twice");
	arena_free(&a);
}

static void
report(struct campaign *t, int64_t took_us)
{
	struct state st = state_read(t->dir);
	struct store *s;

	printf("# kills %d, recoveries %lld, acknowledged %lld (%.0f/s), slowest single delay %.3f s (%.3f s elsewhere), "
	    "log files %d of %.1f MB, seed %u\n", t->kills, (long long)st.recoveries, (long long)t->acknowledged,
	    (double)t->acknowledged * 1e6 / (double)took_us, (double)t->slowest_us / 1e6, (double)t->apart_us / 1e6,
	    st.log_files, (double)st.log_bytes / 1e6, t->seed);
	ok(t->kills >= t->kills_wanted, "%d were killed", t->kills);
	ok(t->acknowledged >= t->writes_wanted, "%lld writes were acknowledged", (long long)t->acknowledged);
	ok(st.recoveries >= 3, "some died inside: %lld recoveries", (long long)st.recoveries);
	is_int(t->hung, 0, "nobody hung");
	is_int(t->died, 0, "nobody ended otherwise than by us");
	is_int(t->failed, 0, "no verb failed");
	is_int(t->wrong, 0, "nothing was read that was not written");
	ok(t->slowest_us < 1000000 + 10 * t->apart_us, "the longest delay is below a second, or the machine is slow: %lld ms",
	    (long long)t->slowest_us / 1000);
	ok(st.log_bytes <= (int64_t)32 << 20, "the log did not grow");
	if (store_bdb_open(t->dir, &clock_system, WAIT_MS, &s) != ERR_OK) {
		ok(0, "open the store afterwards");
		return;
	}
	look_for_records(t, s);
	look_for_numbers(t, s);
	store_close(s);
}

static bool
options(struct campaign *t, int argc, char **argv)
{
	int i;

	t->kills_wanted = 40;
	t->writes_wanted = 500;
	t->seed = (unsigned)time(NULL);
	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], "--full") == 0) {
			t->kills_wanted = 200;
			t->writes_wanted = 10000;
		} else if (i + 1 < argc && strcmp(argv[i], "--kills") == 0)
			t->kills_wanted = atoi(argv[++i]);
		else if (i + 1 < argc && strcmp(argv[i], "--writes") == 0)
			t->writes_wanted = atoi(argv[++i]);
		else if (i + 1 < argc && strcmp(argv[i], "--seed") == 0)
			t->seed = (unsigned)strtoul(argv[++i], NULL, 10);
		else if (i + 1 < argc && strcmp(argv[i], "--dir") == 0)
			snprintf(t->dir, sizeof(t->dir), "%s", argv[++i]);
		else
			return false;
	return true;
}

int
main(int argc, char **argv)
{
	static struct campaign t;
	struct sigaction sa = { .sa_handler = on_child, .sa_flags = SA_NOCLDSTOP };
	char path[300];
	int64_t began;
	int fds[2], i;

	if (argc == 6 && strcmp(argv[1], "client") == 0)
		return run_client(argv[2], argv[3], argv[4], argv[5]);
	if (!options(&t, argc, argv)) {
		fprintf(stderr, "usage: kill.t [--full] [--kills N] [--writes N] [--seed N] [--dir DIR]\n");
		return 2;
	}
	srand(t.seed);
	if (t.dir[0] == '\0' && !state_make(t.dir, sizeof(t.dir)))
		return 2;
	if (pipe2(fds, O_CLOEXEC) != 0 || fcntl(fds[0], F_SETFL, O_NONBLOCK) != 0)
		return 2;
	/* Not the number that clients get: dup2 onto itself would leave it closed on exec. */
	t.notes_in = fds[0];
	t.notes_out = fcntl(fds[1], F_DUPFD_CLOEXEC, 10);
	t.counted = calloc(SERIAL_MAX * SLOTS, 1);
	for (i = 0; i < SLOTS; i++) {
		t.slot[i].replaced = -1;
		t.slot[i].serial = calloc(SERIAL_MAX, 1);
	}
	snprintf(path, sizeof(path), "%s/apart", t.dir);
	t.apart = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (t.apart < 0 || unlink(path) != 0)
		return 2;
	sigaction(SIGCHLD, &sa, NULL);
	began = now_us();
	run(&t, 600);
	report(&t, now_us() - began);
	state_remove(t.dir);
	return done_testing();
}
