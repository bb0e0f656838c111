/* SPDX-License-Identifier: MIT */
/*
 * The Berkeley DB store in trouble: stopped and killed processes, reboots, files
 * that are damaged, foreign, emptied or not ours, a full disk.  Each has one
 * clear answer, one log line, and nothing that was acknowledged is lost.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE	/* unshare, mallinfo2 */
#endif

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "campaign/state.h"
#include "store/bdb_env.h"
#include "store/bdb_format.h"
#include "store/store.h"
#include "store/store_bdb.h"
#include "tap.h"

#define WAIT_MS 30000	/* where somebody is only busy, on a machine that is, too */
#define BRIEF_MS 300	/* where somebody is stopped */
#define SOON_MS 5000	/* sooner than all of a wait */
#define RECORDS 50

static char dir[256];
static struct arena arena;

/* ---- what was logged ---- */

static char logged[16384];
static int lines;

static void
keep_line(const char *line, size_t len)
{
	size_t have = strlen(logged);

	lines++;
	if (have + len < sizeof(logged)) {
		memcpy(logged + have, line, len);
		logged[have + len] = '\0';
	}
}

static void
forget_lines(void)
{
	logged[0] = '\0';
	lines = 0;
}

static void
was_logged(const char *words, const char *sentence)
{
	if (!ok(strstr(logged, words) != NULL, "%s: logged \"%s\"", sentence, words))
		printf("# %s\n", logged);
}

/* ---- a store with records ---- */

static int64_t
now_ms(void)
{
	return clock_mono_ms(&clock_system);
}

static struct store *
open_for(int wait_ms)
{
	struct store *s = NULL;

	if (store_bdb_open(dir, &clock_system, wait_ms, &s) != ERR_OK)
		abort();
	return s;
}

static struct store *
open_store(void)
{
	return open_for(WAIT_MS);
}

static enum err
write_record(struct store *s, int i)
{
	char name[32], value[2000];

	snprintf(name, sizeof(name), "r:%d", i);
	memset(value, 'a' + i % 26, sizeof(value));
	return store_put(s, name, value, sizeof(value), STORE_NO_EXPIRY, STORE_UPSERT, STORE_DURABLE, NULL);
}

static enum err
read_record(struct store *s, int i)
{
	struct store_record rec;
	char name[32];
	enum err e;

	snprintf(name, sizeof(name), "r:%d", i);
	arena_reset(&arena);
	e = store_get(s, name, &arena, &rec);
	if (e == ERR_OK && (rec.len != 2000 || rec.data[0] != 'a' + i % 26 || rec.data[1999] != rec.data[0]))
		return ERR_PROTOCOL;
	return e;
}

static int
count_whole(struct store *s, int upto)
{
	int i, n = 0;

	for (i = 0; i < upto; i++)
		n += read_record(s, i) == ERR_OK;
	return n;
}

/* A fresh directory; with records written, and nobody there. */
static void
begin(const char *title, bool records)
{
	struct store *s;
	int i;

	printf("# %s\n", title);
	(void)fflush(stdout);	/* or forked processes print it too */
	if (!state_make(dir, sizeof(dir)))
		abort();
	s = open_store();
	for (i = 0; records && i < RECORDS; i++)
		if (write_record(s, i) != ERR_OK)
			ok(0, "write record %d", i);
	store_close(s);
	forget_lines();
}

static void
finish(void)
{
	state_remove(dir);
}

static bool
change_mode(const char *file, mode_t mode)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return chmod(path, mode) == 0;
}

static bool
remove_file(const char *file)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return unlink(path) == 0;
}

/* ---- other processes ---- */

static pid_t
busy_writer(void)
{
	struct store *s;
	pid_t pid;
	int i;

	pid = fork();
	if (pid != 0)
		return pid;
	log_set_level(LOG_LEVEL_ERROR);
	s = open_store();
	for (i = 0;; i++)
		(void)write_record(s, 100 + i % 10);
}

/* Stop it at a moment when it is at the database, where it is nearly always. */
static bool
stop_inside(struct store *s, pid_t pid)
{
	int tries;

	for (tries = 0; tries < 200; tries++) {
		(void)kill(pid, SIGSTOP);
		if (waitpid(pid, NULL, WUNTRACED) != pid)
			return false;
		if (read_record(s, 0) == ERR_STORE)
			return true;
		(void)kill(pid, SIGCONT);
		clock_sleep_ms(&clock_system, 3);
	}
	return false;
}

static void
end_process(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

static void
stopped_holder(void)
{
	struct store_lease lease;
	struct store *s, *brief;
	int64_t began, took;
	pid_t pid;

	begin("a process is stopped at the database", true);
	s = open_store();
	brief = open_for(BRIEF_MS);
	pid = busy_writer();
	ok(stop_inside(brief, pid), "it can be stopped there");
	forget_lines();
	began = now_ms();
	is_int(read_record(brief, 1), ERR_STORE, "others do not get to read");
	took = now_ms() - began;
	ok(took >= BRIEF_MS - 5 && took < SOON_MS, "after the bound they were given: %d ms", (int)took);
	was_logged("store_busy", "a reader");
	began = now_ms();
	is_int(write_record(brief, 1), ERR_STORE, "nor to write");
	took = now_ms() - began;
	ok(took < SOON_MS, "after the same: %d ms", (int)took);
	is_int(store_lease_take(s, "x", &lease), ERR_OK, "a lease does not depend on it");
	store_lease_release(s, &lease);
	(void)kill(pid, SIGCONT);
	is_int(read_record(s, 1), ERR_OK, "it goes on: others read");
	is_int(write_record(s, 1), ERR_OK, "and write");
	ok(stop_inside(brief, pid), "it is stopped again");
	store_close(brief);
	end_process(pid);
	began = now_ms();
	is_int(read_record(s, 1), ERR_OK, "and killed: the next one reads");
	took = now_ms() - began;
	ok(took < SOON_MS, "soon, recovery included: %d ms", (int)took);
	is_int(count_whole(s, RECORDS), RECORDS, "and everything is there");
	store_close(s);
	finish();
}

static void
lease_of_the_dead(void)
{
	struct store_lease lease;
	struct store *s;
	pid_t pid;
	char c;
	int fds[2];

	begin("a process that holds a lease", false);
	s = open_store();
	if (pipe(fds) != 0)
		abort();
	pid = fork();
	if (pid == 0) {
		struct store *own = open_store();

		if (store_lease_take(own, "refresh:1", &lease) == ERR_OK && write(fds[1], "x", 1) == 1)
			(void)pause();
		_exit(1);
	}
	is_int(read(fds[0], &c, 1), 1, "has it");
	is_int(store_lease_take(s, "refresh:1", &lease), ERR_BUSY, "others do not");
	(void)kill(pid, SIGSTOP);
	(void)waitpid(pid, NULL, WUNTRACED);
	is_int(store_lease_take(s, "refresh:1", &lease), ERR_BUSY, "nor while it is stopped");
	end_process(pid);
	is_int(store_lease_take(s, "refresh:1", &lease), ERR_OK, "when it is killed the next one has it at once");
	store_lease_release(s, &lease);
	(void)close(fds[0]);
	(void)close(fds[1]);
	store_close(s);
	finish();
}

/* ---- reboots ---- */

static void
all_there(const char *after)
{
	struct state before = state_read(dir);
	struct store *s = open_store();

	is_int(count_whole(s, RECORDS), RECORDS, "%s: every record is there", after);
	is_int(write_record(s, 1), ERR_OK, "%s: and can be written", after);
	ok(state_read(dir).generation != before.generation, "%s: after a recovery", after);
	store_close(s);
}

static void
reboots(void)
{
	static unsigned char junk[8 << 20];
	size_t i;

	begin("the machine was started again", true);
	for (i = 0; i < sizeof(junk); i++)
		junk[i] = (unsigned char)(i * 2654435761u >> 13);
	ok(state_reboot(dir), "another boot id");
	all_there("another boot id");
	ok(state_reboot(dir) && remove_file("store.regions"), "the regions are gone");
	all_there("no regions");
	ok(state_reboot(dir) && state_scribble(dir, "store.regions", 0, junk, 4 << 20), "the regions are full of junk");
	all_there("junk in the regions");
	ok(state_scribble(dir, "store.gate", 0, junk + 77, 4096), "the gate's page is full of junk");
	all_there("junk in the gate");
	memset(junk, 0, 4096);
	ok(state_scribble(dir, "store.gate", 0, junk, 4096), "the gate's page is all zero");
	all_there("a zero gate");
	ok(remove_file("store.gate"), "the gate is gone");
	all_there("no gate");
	ok(remove_file("store.regions"), "the regions are gone, the same boot");
	all_there("no regions, the same boot");
	ok(state_scribble(dir, "store.regions", 0, junk, 4096), "the regions begin with zeros, the same boot");
	all_there("zero regions, the same boot");
	finish();
}

/* ---- those who live through a recovery ---- */

static int
count_entries(const char *path)
{
	int n = 0;
	DIR *d = opendir(path);

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		(void)closedir(d);
	return n;
}

static int
count_maps(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	char line[512];
	int n = 0;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		n += strstr(line, "store.regions") != NULL;
	if (f != NULL)
		(void)fclose(f);
	return n;
}

static void
survivors(void)
{
	struct store *s, *other;
	int i, good = 0, fds;
	size_t heap;

	begin("others recover, again and again", true);
	s = open_store();
	other = open_store();
	for (i = 0; i < 40; i++) {	/* what was read last is kept: let that have its room before counting */
		(void)read_record(i % 2 ? s : other, i);
	}
	for (i = 0; i < 5; i++) {
		(void)state_dirty(dir);
		(void)write_record(s, i);
		(void)write_record(other, i);
	}
	fds = count_entries("/proc/self/fd");
	heap = mallinfo2().uordblks;
	for (i = 0; i < 40; i++) {
		(void)state_dirty(dir);
		good += read_record(i % 2 ? s : other, i) == ERR_OK;	/* recovers */
		good += write_record(i % 2 ? other : s, i) == ERR_OK;	/* finds another generation */
	}
	is_int(good, 80, "whoever comes next recovers, whoever comes after that joins");
	is_int(state_read(dir).recoveries, 46, "once each time");
	ok(count_entries("/proc/self/fd") <= fds, "no file is left open: %d, %d before",
	    count_entries("/proc/self/fd"), fds);
	is_int(count_maps(), 2, "each has one map of the regions");
	ok(mallinfo2().uordblks < heap + 65536, "no memory is left behind: %ld bytes more",
	    (long)(mallinfo2().uordblks - heap));
	is_int(count_whole(s, RECORDS), RECORDS, "everything is there");
	store_close(s);
	store_close(other);
	finish();
}

/* Processes that end without a word, not at the database: they leave crumbs in the regions. */
static void
silent_ends(void)
{
	int i, status, good = 0;
	struct store *s;
	pid_t pid;

	begin("processes that end without closing", true);
	for (i = 0; i < 200; i++) {
		pid = fork();
		if (pid == 0) {
			s = open_store();
			_exit(write_record(s, i % 10) == ERR_OK && read_record(s, 20) == ERR_OK ? 0 : 1);
		}
		good += waitpid(pid, &status, 0) == pid && status == 0;
	}
	is_int(good, 200, "do not disturb those after them");
	s = open_store();
	is_int(count_whole(s, RECORDS), RECORDS, "everything is there");
	is_int(state_read(dir).recoveries, 1, "without a recovery");
	store_close(s);
	finish();
}

static void
emptied(void)
{
	struct store *s, *other;
	struct dirent *d;
	DIR *list;

	begin("somebody empties the directory", true);
	s = open_store();
	is_int(read_record(s, 1), ERR_OK, "a process is there");
	list = opendir(dir);
	while ((d = readdir(list)) != NULL)
		(void)unlinkat(dirfd(list), d->d_name, 0);
	(void)closedir(list);
	is_int(read_record(s, 1), ERR_NOT_FOUND, "it notices");
	other = open_store();
	is_int(write_record(other, 1), ERR_OK, "another writes anew");
	is_int(read_record(s, 1), ERR_OK, "and the first sees that");
	store_close(s);
	store_close(other);
	state_remove(dir);
	s = open_store();
	forget_lines();
	is_int(read_record(s, 1), ERR_STORE, "without a directory there is no store");
	was_logged("cannot open", "no directory");
	is_int(mkdir(dir, 0700), 0, "when it is made");
	is_int(write_record(s, 1), ERR_OK, "the same process goes on");
	store_close(s);
	finish();
}

/* ---- files that are not what they should be ---- */

static void
refused(const char *sentence, const char *words)
{
	struct store *s = open_store();

	forget_lines();
	is_int(read_record(s, 1), ERR_STORE, "%s: nothing is read", sentence);
	was_logged(words, sentence);
	forget_lines();
	is_int(write_record(s, 1), ERR_STORE, "%s: nothing is written", sentence);
	ok(lines > 0 && lines < 4, "%s: few words each time (%d lines)", sentence, lines);
	store_close(s);
}

static void
not_ours(void)
{
	struct store *s;
	char path[300], log_file[64];

	begin("files that others can read", true);
	ok(change_mode("records.db", 0640), "the database");
	refused("a readable database", "refused");
	ok(change_mode("records.db", 0600), "and back");
	s = open_store();
	is_int(count_whole(s, RECORDS), RECORDS, "all is well at once");
	store_close(s);
	ok(change_mode("store.gate", 0644), "the gate");
	refused("a readable gate", "refused");
	ok(change_mode("store.gate", 0600), "and back");
	ok(state_find(dir, "log.", log_file, sizeof(log_file)) && change_mode(log_file, 0604), "the log");
	s = open_store();
	is_int(write_record(s, 1), ERR_STORE, "a readable log: nothing is written");
	store_close(s);
	ok(change_mode(log_file, 0600), "and back");
	clock_sleep_ms(&clock_system, 1100);
	s = open_store();
	is_int(count_whole(s, RECORDS), RECORDS, "all is well a second later");
	store_close(s);
	if (geteuid() == 0) {
		snprintf(path, sizeof(path), "%s/records.db", dir);
		ok(chown(path, 65534, (gid_t)-1) == 0, "a database that belongs to another");
		refused("another's database", "refused");
		ok(chown(path, 0, (gid_t)-1) == 0, "and back");
	}
	snprintf(path, sizeof(path), "%s/store.gate", dir);
	ok(unlink(path) == 0 && symlink("/dev/null", path) == 0, "a link in place of the gate");
	refused("a link for a gate", "store_gate");
	finish();
}

/* So that the log does not know the pages any more. */
static void
checkpoint(void)
{
	struct bdb_env env = { 0 };

	if (bdb_env_init(&env, dir, WAIT_MS) != ERR_OK || bdb_enter(&env, BDB_WRITE) != ERR_OK)
		abort();
	if (bdb_leave(&env, env.env->txn_checkpoint(env.env, 0, 0, DB_FORCE), "checkpoint") != ERR_OK)
		abort();
	bdb_env_close(&env);
}

static void
foreign(void)
{
	static char text[20000];
	struct bdb_env env = { 0 };
	unsigned char newer[4] = { 0, 0, 0, BDB_FORMAT + 1 }, name[2] = { 0, 'f' };
	DBT key = { .data = name, .size = 2 }, value = { .data = newer, .size = 4 };

	begin("a database of another program", true);
	memset(text, 'x', sizeof(text));
	checkpoint();
	ok(state_scribble(dir, "records.db", 0, text, sizeof(text)), "a text file");
	(void)state_dirty(dir);
	refused("a text file", "store_broken");
	finish();

	begin("a database of another program that uses the same library", true);
	if (bdb_env_init(&env, dir, WAIT_MS) != ERR_OK || bdb_enter(&env, BDB_WRITE) != ERR_OK)
		abort();
	ok(bdb_leave(&env, env.db->del(env.db, NULL, &key, 0), "del") == ERR_OK, "has no mark of ours");
	bdb_env_close(&env);
	(void)state_dirty(dir);
	refused("not our mark", "not made by this program");
	finish();

	begin("a database of a newer version", true);
	memset(&env, 0, sizeof(env));
	if (bdb_env_init(&env, dir, WAIT_MS) != ERR_OK || bdb_enter(&env, BDB_WRITE) != ERR_OK)
		abort();
	ok(bdb_leave(&env, env.db->put(env.db, NULL, &key, &value, 0), "put") == ERR_OK, "has a newer mark");
	bdb_env_close(&env);
	(void)state_dirty(dir);
	refused("a newer mark", "newer version");
	finish();
}

/* In a process of its own, for it must not crash: how it went, as its exit status. */
static int
read_all_apart(void)
{
	int i, wrong = 0, status;
	struct store *s;
	pid_t pid;
	enum err e;

	pid = fork();
	if (pid == 0) {
		log_set_level(LOG_LEVEL_ERROR);
		s = open_store();
		for (i = 0; i < RECORDS; i++) {
			e = read_record(s, i);
			if (e != ERR_OK && e != ERR_STORE && e != ERR_NOT_FOUND)
				wrong++;
		}
		(void)write_record(s, 3);
		store_close(s);
		_exit(wrong);
	}
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* With the pages no longer in shared memory, so that they are read from the file. */
static void
damaged(const char *file, int rounds)
{
	int i, k, bad = 0;
	unsigned char junk[64];
	char log_file[64];

	for (i = 0; i < rounds; i++) {
		begin("damage", true);
		if (i % 2 == 1)
			checkpoint();
		if (strcmp(file, "log.") == 0 && state_find(dir, "log.", log_file, sizeof(log_file)))
			file = log_file;
		for (k = 0; k < 20; k++) {
			size_t n;

			for (n = 0; n < sizeof(junk); n++)
				junk[n] = (unsigned char)rand();
			(void)state_scribble(dir, file, rand() % 200000, junk, 1 + (size_t)rand() % sizeof(junk));
		}
		(void)state_dirty(dir);
		k = read_all_apart();
		if (k != 0) {
			printf("# round %d: %d\n", i, k);
			bad++;
		}
		finish();
	}
	is_int(bad, 0, "a damaged %s, %d times: no crash, and nothing that was not written", file, rounds);
}

/* ---- a full disk ---- */

static bool
own_mount(void)
{
	char map[64];
	int fd, n;

	if (geteuid() == 0) {
		if (unshare(CLONE_NEWNS) != 0)
			return false;
	} else {
		n = snprintf(map, sizeof(map), "%ld %ld 1", (long)geteuid(), (long)geteuid());
		if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
			return false;
		fd = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, map, (size_t)n) != n)
			return false;
		(void)close(fd);
	}
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return false;
	return state_make(dir, sizeof(dir)) && mount("none", dir, "tmpfs", 0, "size=40m,mode=700") == 0;
}

/* Take all the room there is, to the last byte. */
static void
fill_disk(void)
{
	static char block[65536];
	char path[300];
	size_t size = sizeof(block);
	int fd;

	snprintf(path, sizeof(path), "%s/filler", dir);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	while (fd >= 0 && size > 0)
		if (write(fd, block, size) <= 0)
			size /= 2;
	if (fd >= 0)
		(void)close(fd);
}

/* Fills the disk and frees it, between one's look at the room and one's write. */
static pid_t
restless_filler(void)
{
	pid_t pid;

	pid = fork();
	if (pid != 0)
		return pid;
	for (;;) {
		fill_disk();
		clock_sleep_ms(&clock_system, 2);
		(void)remove_file("filler");
		clock_sleep_ms(&clock_system, 8);
	}
}

static void
full_disk(void)
{
	struct store_record rec;
	struct store *s, *late;
	char text[32];
	int i, good = 0, failed = 0;
	int64_t until;
	pid_t pid;

	printf("# a full disk\n");
	if (!own_mount()) {
		ok(1, "a full disk # SKIP no right to mount a small one");
		return;
	}
	s = open_store();
	for (i = 0; i < RECORDS; i++)
		good += write_record(s, i) == ERR_OK;
	is_int(good, RECORDS, "with room, all is written");
	fill_disk();
	forget_lines();
	is_int(write_record(s, 1), ERR_STORE, "without, nothing is");
	was_logged("disk is full", "writing");
	is_int(store_take(s, "r:2", &arena, &rec), ERR_STORE, "take takes nothing");
	is_int(store_remove(s, "r:2", STORE_LAZY), ERR_STORE, "remove removes nothing");
	is_int(store_probe(s), ERR_STORE, "the probe says so");
	is_int(count_whole(s, RECORDS), RECORDS, "everything can still be read");
	late = open_store();
	is_int(count_whole(late, RECORDS), RECORDS, "by a newcomer too");
	store_close(late);
	(void)state_dirty(dir);
	is_int(read_record(s, 1), ERR_STORE, "somebody dies meanwhile: no recovery without room");
	(void)remove_file("filler");
	is_int(read_record(s, 1), ERR_OK, "when there is room again, all is well");
	is_int(count_whole(s, RECORDS), RECORDS, "everything is there");
	is_int(write_record(s, 1), ERR_OK, "and can be written");

	pid = restless_filler();
	good = 0;
	/* So long, and where the machine is slow until there was some of both. */
	until = now_ms() + 2500;
	while (now_ms() < until || ((good == 0 || failed == 0) && now_ms() < until + 60000)) {
		snprintf(text, sizeof(text), "%d", good + 1);
		i = (int)store_put(s, "n:1", text, strlen(text), STORE_NO_EXPIRY, STORE_UPSERT, STORE_DURABLE, NULL);
		if (i == ERR_OK && write_record(s, 200 + good % 50) != ERR_OK)
			failed++;
		good += i == ERR_OK;
		failed += i != ERR_OK;
	}
	end_process(pid);
	(void)remove_file("filler");
	clock_sleep_ms(&clock_system, 1100);
	printf("# %d writes passed, %d found no room, %lld recoveries\n", good, failed,
	    (long long)state_read(dir).recoveries);
	ok(good > 0 && failed > 0, "a disk that is full now and then: some writes pass, some fail");
	arena_reset(&arena);
	is_int(store_get(s, "n:1", &arena, &rec), ERR_OK, "afterwards the store is well");
	ok(strtol((const char *)rec.data, NULL, 10) >= good, "and has the last of what was acknowledged: %s of %d",
	    (const char *)rec.data, good);
	is_int(count_whole(s, RECORDS), RECORDS, "and everything else");
	store_close(s);
	(void)umount(dir);
	(void)rmdir(dir);
}

int
main(int argc, char **argv)
{
	bool full = argc > 1 && strcmp(argv[1], "--full") == 0;

	srand(full ? (unsigned)time(NULL) : 1);
	log_set_sink(keep_line);
	arena_init(&arena, 1 << 20);
	stopped_holder();
	lease_of_the_dead();
	reboots();
	survivors();
	silent_ends();
	emptied();
	not_ours();
	foreign();
	damaged("records.db", full ? 100 : 10);
	damaged("log.", full ? 100 : 10);
	full_disk();
	arena_free(&arena);
	return done_testing();
}
