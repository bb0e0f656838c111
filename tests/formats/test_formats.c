/* SPDX-License-Identifier: MIT */
/*
 * Old and new programs over one state: what was written by the first build of a format
 * is read, what is written now can be read by it, and what processes of both
 * share while they run is where it was.
 *
 *	formats.t [DIR]		the sample of DIR alone, which another build may have written, is read
 */
#define _GNU_SOURCE	/* open file description locks */
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "crypto/keyring.h"
#include "fixture.h"
#include "formats/opened.h"
#include "formats/raw.h"
#include "formats/reads.h"
#include "formats/sample.h"
#include "metrics/metrics.h"
#include "redis_server.h"
#include "store/backends.h"
#include "store/bdb_gate.h"
#include "store/header.h"
#include "store/store.h"
#include "tap.h"

static struct redis_server server;

/* A sample in a store of its own, in a fixture's directory; prefix: on the server. */
struct world {
	struct fixture fx;
	struct sample  sample;
	struct raw     raw;
	char           dir[96], prefix[128];
	bool           on_server;
};

static void
copy_key(const char *from, const char *to)
{
	char text[4096];
	FILE *f = fopen(from, "r");
	size_t n = f != NULL ? fread(text, 1, sizeof(text), f) : 0;
	int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (f == NULL || n == 0 || n == sizeof(text) || fd < 0 || write(fd, text, n) != (ssize_t)n)
		abort();
	(void)fclose(f);
	(void)close(fd);
}

/* An empty store; its key file is made when it is first needed. */
static void
world_open(struct world *w, bool on_server)
{
	struct store_setup setup = { .where = "bdb", .wait_ms = 3000 };

	memset(w, 0, sizeof(*w));
	fixture_open(&w->fx);
	store_close(w->fx.app.store);
	snprintf(w->dir, sizeof(w->dir), "%s/state", w->fx.dir);
	snprintf(w->prefix, sizeof(w->prefix), "%s:", w->fx.dir);
	w->on_server = on_server;
	setup.clock = &w->fx.clock;
	setup.dir = w->dir;
	if (on_server) {
		setup.where = server.url;
		setup.prefix = w->prefix;
	}
	if (mkdir(w->dir, 0700) != 0 || store_open(&setup, &w->fx.app.store) != ERR_OK)
		abort();
}

static void
world_close(struct world *w)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", w->dir);
	store_close(w->fx.app.store);
	w->fx.app.store = NULL;
	if (system(command) != 0)
		printf("# %s stays\n", w->dir);
	fixture_close(&w->fx);
}

/* The sample of a directory of tests/formats. */
static void
world_of(struct world *w, const char *from, bool on_server)
{
	char path[512];

	world_open(w, on_server);
	w->fx.now_ms = (int64_t)(SAMPLE_NOW_S + 60) * 1000;
	snprintf(path, sizeof(path), "%s/key", from);
	copy_key(path, w->fx.key_path);
	snprintf(path, sizeof(path), "%s/facts", from);
	ok(sample_read(path, &w->sample), "%s", path);
	snprintf(path, sizeof(path), "%s/records", from);
	ok(raw_load(path, &w->fx.arena, &w->raw), "%s", path);
	ok(on_server ? raw_into_server(&w->raw, server.port, w->prefix) : raw_into_bdb(&w->raw, w->dir),
	    "  its bytes are put into a %s", on_server ? "server" : "database");
}

static void
test_reads(const char *from, bool on_server)
{
	struct world w;
	int removed = 0;

	world_of(&w, from, on_server);
	check_reads(&w.fx, &w.sample, on_server ? "what is on a server" : "what is in a database");
	if (!on_server) {
		is_int(store_sweep(w.fx.app.store, 100, &removed), ERR_OK, "  what has expired");
		ok(removed >= 2, "  is found by its expiry and removed (%d)", removed);
	}
	world_close(&w);
}

/* What a later version may have added does not disturb this one, nor is it all lost by it. */

struct additions {
	struct world *w;
	int           n, failed;
	struct opened o[RAW_MAX];
};

static bool
add_one(void *ctx, const char *name, const struct store_record *rec)
{
	struct additions *k = ctx;
	struct opened *o = &k->o[k->n];

	if (!opened_from(&k->w->fx, &k->w->sample, name, rec, o))
		return true;
	k->failed += !opened_add(&k->w->fx, o);
	return ++k->n < RAW_MAX;
}

static bool
find_system(void *ctx, const char *name, const struct store_record *rec)
{
	struct additions *k = ctx;

	k->n = opened_from(&k->w->fx, &k->w->sample, name, rec, &k->o[0]);
	return false;
}

static void
test_later(const char *from)
{
	struct additions *k = calloc(1, sizeof(*k));
	struct world w;

	if (k == NULL)
		abort();
	world_of(&w, from, false);
	k->w = &w;
	is_int(store_each(w.fx.app.store, "", add_one, k), ERR_OK, "every record is opened");
	is_int(k->n, 7, "all that are sealed");
	for (int i = 0; i < k->n; i++)
		k->failed += opened_put(&w.fx, &w.sample, &k->o[i]) != ERR_OK;
	ok(opened_add_to_state(&w.fx, w.sample.state, sizeof(w.sample.state)), "the state too");
	is_int(k->failed, 0, "and has something that only a later version knows");
	check_reads(&w.fx, &w.sample, "what a later version wrote");
	is_int(store_each(w.fx.app.store, "k:", find_system, k), ERR_OK, "the system, written here meanwhile,");
	ok(k->n == 1 && json_get(k->o[0].document, "later") != NULL, "  still has what the later version noted");
	world_close(&w);
	free(k);
}

/* What is written now, beside what was written then. */

/* "e" for an index entry, as the kinds of its name; without what is at random. */
static void
label(const struct raw_record *r, char *out, size_t size)
{
	const char *name = (const char *)r->key;

	if (r->key_len > 10 && r->key[0] == '\0' && r->key[1] == 'e')
		snprintf(out, size, "expiry %llu %.2s", (unsigned long long)store_get64(r->key + 2), name + 10);
	else if (r->key_len == 2 && r->key[0] == '\0')
		snprintf(out, size, "mark %c", r->key[1]);
	else if (strchr("rk", name[0]) != NULL)
		snprintf(out, size, "%.*s", (int)r->key_len, name);
	else	/* the hash of a tenant is as it was; that of a cookie, and an id, are not; metadata can be asked again */
		snprintf(out, size, "%.*s", name[0] == 'o' ? 46 : 2, name);
}

static bool
open_raw(struct world *w, const struct raw_record *r, struct opened *out)
{
	struct store_header h;
	struct store_record rec;
	char name[STORE_NAME_MAX + 1];

	if (!store_header_get(r->value, r->value_len, &h))
		return false;
	rec = (struct store_record){ r->value + STORE_HEADER_LEN, r->value_len - STORE_HEADER_LEN, h.version,
		h.expires_at_s };
	snprintf(name, sizeof(name), "%.*s", (int)r->key_len, (const char *)r->key);
	return opened_from(&w->fx, &w->sample, name, &rec, out);
}

/* Is `now` what a program that knows only `then` can read in its place? */
static bool
covers(struct world *then_w, const struct raw_record *then, struct world *now_w, const struct raw_record *now,
    const char **why)
{
	struct opened a, b;

	if (then->value_len == 0 || then->key[1] == 'p')
		return now->value_len == then->value_len;
	if (then->key[0] == '\0')
		return now->value_len == then->value_len && memcmp(now->value, then->value, then->value_len) == 0;
	/* The formats of record and seal, and the expiry between them. */
	if (now->value_len < STORE_HEADER_LEN || now->value[0] != then->value[0] ||
	    memcmp(now->value + 9, then->value + 9, 8) != 0)
		return false;
	if (then->value_len == STORE_HEADER_LEN)
		return now->value_len == then->value_len;
	return now->value[STORE_HEADER_LEN] == then->value[STORE_HEADER_LEN] && open_raw(then_w, then, &a) &&
	    open_raw(now_w, now, &b) && opened_covers(&a, &b, why);
}

static bool
has_counterpart(struct world *then, const struct raw_record *r, struct world *now)
{
	const char *why = "a record of that name";
	char want[160], got[160];

	label(r, want, sizeof(want));
	for (size_t i = 0; i < now->raw.n; i++) {
		label(&now->raw.record[i], got, sizeof(got));
		if (strcmp(want, got) == 0 && covers(then, r, now, &now->raw.record[i], &why))
			return true;
	}
	printf("# in place of \"%s\" %s is missing, or not what it was\n", want, why);
	return false;
}

static void
test_writes(const char *from)
{
	const char *why = "nothing is missing";
	struct world then, now;
	struct opened a, b;
	size_t missing = 0;

	world_of(&then, from, false);
	world_open(&now, false);
	sample_write(&now.fx, &now.sample);
	store_close(now.fx.app.store);
	now.fx.app.store = NULL;
	ok(raw_from_bdb(now.dir, &now.fx.arena, &now.raw), "what is written now");
	ok(raw_from_bdb(then.dir, &then.fx.arena, &then.raw) && then.raw.n > 15, "beside what was written then");
	for (size_t i = 0; i < then.raw.n; i++)
		missing += !has_counterpart(&then, &then.raw.record[i], &now);
	is_int((int64_t)missing, 0, "has all of it, for programs that know no more");
	ok(opened_from_state(&then.fx, then.sample.state, &a) && opened_from_state(&now.fx, now.sample.state, &b),
	    "the state of a sign-in that begins now");
	ok(opened_covers(&a, &b, &why), "  has all of it too (%s)", why);
	world_close(&now);
	world_close(&then);
}

/* What processes share while they run. */

static void
test_lease(void)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x37cac55a7b5a94a7, .l_len = 1 };
	struct store_lease lease;
	struct world w;
	char path[256];
	int fd;

	world_open(&w, false);
	snprintf(path, sizeof(path), "%s/store.leases", w.dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	ok(fd >= 0 && fcntl(fd, F_OFD_SETLK, &lock) == 0, "another program's lease");
	is_int(store_lease_take(w.fx.app.store, "l:example", &lease), ERR_BUSY, "  is one here");
	lock.l_type = F_UNLCK;
	ok(fcntl(fd, F_OFD_SETLK, &lock) == 0, "  given up");
	is_int(store_lease_take(w.fx.app.store, "l:example", &lease), ERR_OK, "  it can be had");
	lock.l_type = F_WRLCK;
	ok(fcntl(fd, F_OFD_SETLK, &lock) != 0, "  and is one there");
	store_lease_release(w.fx.app.store, &lease);
	(void)close(fd);
	world_close(&w);
}

static void
test_lease_on_server(void)
{
	struct store_lease lease;
	struct world w;
	char key[256];

	world_open(&w, true);
	snprintf(key, sizeof(key), "%sl:l:example", w.prefix);
	ok(raw_set_on_server(server.port, key, "theirs", 6), "another machine's lease");
	is_int(store_lease_take(w.fx.app.store, "l:example", &lease), ERR_BUSY, "  is one here");
	world_close(&w);
}

/* The page that processes of all versions map, for layout 1; whoever changes it counts the layout up. */
static void
test_gate(void)
{
	static const struct { const char *name; size_t is, was; } members[] = {
		{ "magic", offsetof(struct gate_page, magic), 0 }, { "layout", offsetof(struct gate_page, layout), 8 },
		{ "format", offsetof(struct gate_page, format), 12 }, { "boot_id", offsetof(struct gate_page, boot_id), 16 },
		{ "device", offsetof(struct gate_page, device), 56 }, { "inode", offsetof(struct gate_page, inode), 64 },
		{ "dirty", offsetof(struct gate_page, dirty), 72 }, { "holder_pid", offsetof(struct gate_page, holder_pid), 76 },
		{ "generation", offsetof(struct gate_page, generation), 80 },
		{ "recoveries", offsetof(struct gate_page, recoveries), 88 }, { "visits", offsetof(struct gate_page, visits), 96 },
		{ "broken_until_ms", offsetof(struct gate_page, broken_until_ms), 104 },
		{ "dir_changed", offsetof(struct gate_page, dir_changed), 112 },
		{ "waiting", offsetof(struct gate_page, waiting), 116 }, { "bell", offsetof(struct gate_page, bell), 120 },
		{ "writes", offsetof(struct gate_page, writes), 128 },
	};
	unsigned char page[16] = { 0 };
	struct store_record rec;
	struct world w;
	char path[256];
	size_t moved = 0;
	int fd;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (members[i].is != members[i].was)
			printf("# %s is at %zu, was at %zu\n", members[i].name, members[i].is, members[i].was);
		moved += members[i].is != members[i].was;
	}
	is_int((int64_t)moved, 0, "the gate's page is as it was");
	world_open(&w, false);
	is_int(store_get(w.fx.app.store, "a:1", &w.fx.arena, &rec), ERR_NOT_FOUND, "a visit makes one");
	snprintf(path, sizeof(path), "%s/store.gate", w.dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ok(fd >= 0 && read(fd, page, sizeof(page)) == (ssize_t)sizeof(page), "  in its file");
	ok(memcmp(page, "oscgate", 8) == 0 && page[8] == 1 && page[12] == 1, "  of layout 1, for format 1");
	(void)close(fd);
	world_close(&w);
}

/* Each program's counters have their place in the file for good. */
static void
test_metrics(void)
{
	static const char *const programs[] = { "signin", "callback", "refresh", "signout", "status", "authorize", "services",
		"instances", "plan", "jobs", "apps", "secrets", "solutions", "intercom", "convert", "operations" };
	uint64_t page[512] = { 0 };	/* for each program: answers by class, 0 to 5, and milliseconds */
	char path[] = "/tmp/oscgi-metrics.XXXXXX", want[96];
	struct metrics *m;
	struct buf text;
	size_t missing = 0;
	int fd = mkstemp(path);

	for (size_t i = 0; i < 16; i++)
		page[7 * i + 2] = 100 + i;
	if (fd < 0 || write(fd, page, sizeof(page)) != (ssize_t)sizeof(page) || metrics_open(path, &m) != ERR_OK)
		abort();
	(void)close(fd);
	buf_init(&text, 65536);
	metrics_print(m, &text);
	for (size_t i = 0; i < 16; i++) {
		snprintf(want, sizeof(want), "oscgi_requests_total{program=\"%s\",status=\"2xx\"} %zu\n", programs[i], 100 + i);
		missing += strstr(buf_cstr(&text), want) == NULL;
	}
	is_int((int64_t)missing, 0, "what another program counted is shown as that");
	buf_free(&text);
	metrics_close(m);
	(void)unlink(path);
}

int
main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir");
	char first[512];

	if (argc == 2) {
		test_reads(argv[1], false);
		return done_testing();
	}
	snprintf(first, sizeof(first), "%s/tests/formats/1", srcdir != NULL ? srcdir : ".");
	test_reads(first, false);
	test_later(first);
	test_writes(first);
	test_lease();
	test_gate();
	test_metrics();
	if (redis_server_installed() && redis_server_start(&server)) {
		test_reads(first, true);
		test_lease_on_server();
		redis_server_end(&server);
	} else {
		printf("# no server is installed: not tested on one\n");
	}
	return done_testing();
}
