/* SPDX-License-Identifier: MIT */
/*
 * Power failures, simulated: everything that the store writes, cuts, syncs, makes,
 * renames and removes is recorded; then disks are built as a failure at a random moment could
 * have left them, and the store must recover from each with everything that was
 * acknowledged as durable before that moment.
 *
 * What the disk may do is the worst that POSIX allows but for one thing: of the
 * blocks of 4096 bytes written since a file's last sync, each is there or not, in
 * no order, and so is a cut of its end; a file made, renamed or removed since the directory's last sync is
 * there or not, or has its old name.  The one thing: a block is written whole, which is why the database's
 * pages are no larger.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE	/* RTLD_NOLOAD */
#endif

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "campaign/state.h"
#include "store/bdb_env.h"
#include "store/store.h"
#include "store/store_bdb.h"
#include "tap.h"

#define BLOCK     4096
#define FILES_MAX 64
#define KEYS      40

/* ---- the record of what happened ---- */

enum event_kind { EV_MADE, EV_WRITE, EV_TRUNCATE, EV_SYNC, EV_RENAME, EV_REMOVE, EV_DIR_SYNC, EV_BEGUN, EV_ACKED };

struct event {
	enum event_kind kind;
	int             file;	/* index in files; of EV_BEGUN and EV_ACKED: the key */
	int64_t         at;	/* offset or size; of EV_BEGUN and EV_ACKED: the number written */
	size_t          len;
	unsigned char  *data;	/* written; of EV_RENAME: the new name */
};

static struct event *events;
static size_t event_count, event_room;
static bool recording;

static struct file {
	char  name[64];	/* the first one */
	ino_t inode;
} files[FILES_MAX];
static int file_count;

static char dir[256];

static void
record(enum event_kind kind, int file, int64_t at, const void *data, size_t len)
{
	struct event *e;

	if (!recording)
		return;
	if (event_count == event_room) {
		event_room = event_room == 0 ? 4096 : event_room * 2;
		events = realloc(events, event_room * sizeof(*events));
		if (events == NULL)
			abort();
	}
	e = &events[event_count++];
	*e = (struct event){ .kind = kind, .file = file, .at = at, .len = len };
	if (len > 0) {
		e->data = malloc(len);
		if (e->data == NULL)
			abort();
		memcpy(e->data, data, len);
	}
}

/* Among those seen, by inode: log files come and go.  -1: not among them. */
static int
known(ino_t inode)
{
	int i;

	for (i = file_count - 1; i >= 0; i--)
		if (files[i].inode == inode)
			return i;
	return -1;
}

static int
remember(ino_t inode, const char *name)
{
	if (file_count == FILES_MAX)
		abort();
	files[file_count].inode = inode;
	snprintf(files[file_count].name, sizeof(files[file_count].name), "%.63s", name);
	return file_count++;
}

/* Which of our files it is.  -1: none that matters after a failure. */
static int
file_of(int fd)
{
	char link[64], path[512];
	struct stat st;
	ssize_t n;
	int i;

	/* Files of other times are none of ours, and their inodes are used again. */
	if (!recording || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return -1;
	i = known(st.st_ino);
	if (i >= 0)
		return i;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		abort();
	path[n] = '\0';
	return remember(st.st_ino, strrchr(path, '/') + 1);
}

static ssize_t
watch_write(int fd, const void *data, size_t len)
{
	off_t at = lseek(fd, 0, SEEK_CUR);
	ssize_t n = write(fd, data, len);

	if (n > 0)
		record(EV_WRITE, file_of(fd), at, data, (size_t)n);
	return n;
}

static ssize_t
watch_pwrite(int fd, const void *data, size_t len, off_t at)
{
	ssize_t n = pwrite(fd, data, len, at);

	if (n > 0)
		record(EV_WRITE, file_of(fd), at, data, (size_t)n);
	return n;
}

/* The library gives pages at the end of a database back to the disk. */
static int
watch_ftruncate(int fd, off_t size)
{
	int rc = ftruncate(fd, size);

	if (rc == 0)
		record(EV_TRUNCATE, file_of(fd), size, NULL, 0);
	return rc;
}

static int
watch_fsync(int fd)
{
	int rc = (int)syscall(SYS_fdatasync, fd);

	if (rc == 0)
		record(EV_SYNC, file_of(fd), 0, NULL, 0);
	return rc;
}

static int
watch_unlink(const char *path)
{
	struct stat st;
	int i = -1, rc;

	if (stat(path, &st) == 0)
		i = known(st.st_ino);
	rc = unlink(path);
	if (rc == 0 && i >= 0) {
		record(EV_REMOVE, i, 0, NULL, 0);
		files[i].inode = 0;	/* another file may get it */
	}
	return rc;
}

/* The library makes a database under another name first. */
static int
watch_rename(const char *from, const char *to)
{
	const char *name = strrchr(to, '/') + 1;
	struct stat st;
	int i = -1, rc;

	if (stat(from, &st) == 0)
		i = known(st.st_ino);
	rc = rename(from, to);
	if (rc == 0 && i >= 0)
		record(EV_RENAME, i, 0, name, strlen(name) + 1);
	return rc;
}

/* Files may be named on the disk before anything is written to them.  The store's own are made anew after a failure. */
static void
record_made(void)
{
	struct dirent *entry;
	struct stat st;
	DIR *d;

	d = opendir(dir);
	while (recording && d != NULL && (entry = readdir(d)) != NULL)
		if (strncmp(entry->d_name, "store.", 6) != 0 && fstatat(dirfd(d), entry->d_name, &st, 0) == 0 &&
		    S_ISREG(st.st_mode) && known(st.st_ino) < 0)
			record(EV_MADE, remember(st.st_ino, entry->d_name), 0, NULL, 0);
	if (d != NULL)
		(void)closedir(d);
}

/* In place of libc's, for the store's own syncs of its directory. */
int
fsync(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		record_made();
		record(EV_DIR_SYNC, -1, 0, NULL, 0);
	}
	return (int)syscall(SYS_fsync, fd);
}

/* The library's hooks that the store does not use itself. */
static bool
watch(void)
{
	int (*set_write)(ssize_t (*)(int, const void *, size_t));
	int (*set_pwrite)(ssize_t (*)(int, const void *, size_t, off_t));
	int (*set_ftruncate)(int (*)(int, off_t));
	int (*set_fsync)(int (*)(int));
	int (*set_unlink)(int (*)(const char *));
	int (*set_rename)(int (*)(const char *, const char *));
	void *lib;

	if (bdb_lib_load() == NULL)
		return false;
	lib = dlopen("libdb-5.3.so", RTLD_LAZY | RTLD_NOLOAD);
	if (lib == NULL)
		return false;
	*(void **)&set_write = dlsym(lib, "db_env_set_func_write");
	*(void **)&set_pwrite = dlsym(lib, "db_env_set_func_pwrite");
	*(void **)&set_ftruncate = dlsym(lib, "db_env_set_func_ftruncate");
	*(void **)&set_fsync = dlsym(lib, "db_env_set_func_fsync");
	*(void **)&set_unlink = dlsym(lib, "db_env_set_func_unlink");
	*(void **)&set_rename = dlsym(lib, "db_env_set_func_rename");
	return set_write(watch_write) == 0 && set_pwrite(watch_pwrite) == 0 &&
	    set_ftruncate(watch_ftruncate) == 0 && set_fsync(watch_fsync) == 0 &&
	    set_unlink(watch_unlink) == 0 && set_rename(watch_rename) == 0;
}

/* ---- what is done meanwhile ---- */

static void
make_value(unsigned char *out, size_t len, int key, int64_t n)
{
	uint32_t x = (uint32_t)n * 2654435761u ^ (uint32_t)key;
	size_t i;

	memcpy(out, &n, sizeof(n));
	for (i = sizeof(n); i < len; i++) {
		x = x * 1664525 + 1013904223;
		out[i] = (unsigned char)(x >> 24);
	}
}

static size_t
value_len(int64_t n)
{
	return n % 50 == 49 ? 20000 : 1500 + (size_t)(n % 7) * 200;
}

/* Write numbers over a few records, most of them durably; take some away, which is durable too. */
static bool
work(struct store *s, int writes)
{
	static unsigned char value[20000];
	struct store_record rec;
	struct arena a;
	char name[32];
	bool durable;
	int64_t n;
	enum err e;
	int key;

	arena_init(&a, 1 << 20);
	for (n = 1; n <= writes; n++) {
		key = rand() % KEYS;
		durable = rand() % 4 != 0;
		snprintf(name, sizeof(name), "k:%d", key);
		/* A removal is a number too, a negative one. */
		if (rand() % 10 == 0) {
			record(EV_BEGUN, key, -n, NULL, 0);
			e = store_take(s, name, &a, &rec);
			if (e == ERR_OK)
				record(EV_ACKED, key, -n, NULL, 0);
			else if (e != ERR_NOT_FOUND)
				return false;
			arena_reset(&a);
			continue;
		}
		make_value(value, value_len(n), key, n);
		record(EV_BEGUN, key, n, NULL, 0);
		if (store_put(s, name, value, value_len(n), 2000000000 + n, STORE_UPSERT,
		    durable ? STORE_DURABLE : STORE_LAZY, NULL) != ERR_OK)
			return false;
		if (durable)
			record(EV_ACKED, key, n, NULL, 0);
	}
	arena_free(&a);
	return true;
}

/* ---- disks after a failure ---- */

/* Has anything of that kind happened to the file in [from, to)? */
static bool
happened(enum event_kind kind, int file, size_t from, size_t to)
{
	size_t i;

	for (i = from; i < to; i++)
		if (events[i].kind == kind && (file < 0 || events[i].file == file))
			return true;
	return false;
}

/* The last sync of the file before `to`, as an index; 0 when there was none. */
static size_t
last_sync(enum event_kind kind, int file, size_t to)
{
	while (to > 0 && !(events[to - 1].kind == kind && (file < 0 || events[to - 1].file == file)))
		to--;
	return to;
}

static void
put_blocks(int fd, const struct event *e, bool certain)
{
	size_t done, part;

	for (done = 0; done < e->len; done += part) {
		part = BLOCK - (size_t)(e->at + (int64_t)done) % BLOCK;
		if (part > e->len - done)
			part = e->len - done;
		if ((certain || rand() % 2) && pwrite(fd, e->data + done, part, e->at + (off_t)done) != (ssize_t)part)
			abort();
	}
}

/* What the file is called on the disk: a renaming that was not synced may have happened or not. */
static const char *
name_on_disk(int file, size_t moment, size_t dir_synced)
{
	const char *name = files[file].name;
	size_t i;

	for (i = 0; i < moment; i++)
		if (events[i].kind == EV_RENAME && events[i].file == file && (i < dir_synced || rand() % 2))
			name = (const char *)events[i].data;
	return name;
}

/* When the file was first seen; event_count: never. */
static size_t
appears(int file)
{
	size_t at;

	for (at = 0; at < event_count; at++)
		if ((events[at].kind == EV_MADE || events[at].kind == EV_WRITE) && events[at].file == file)
			break;
	return at;
}

static void
build_file(const char *disk, int file, size_t moment)
{
	size_t first = appears(file), synced, dir_synced, i;
	char path[512];
	int fd;

	if (first >= moment)
		return;
	dir_synced = last_sync(EV_DIR_SYNC, -1, moment);
	if (dir_synced <= first && rand() % 2)
		return;		/* its name did not reach the disk */
	if (happened(EV_REMOVE, file, 0, dir_synced) || (happened(EV_REMOVE, file, 0, moment) && rand() % 2))
		return;
	synced = last_sync(EV_SYNC, file, moment);
	snprintf(path, sizeof(path), "%s/%.63s", disk, name_on_disk(file, moment, dir_synced));
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		abort();
	for (i = first; i < moment; i++) {
		if (events[i].file != file)
			continue;
		if (events[i].kind == EV_WRITE)
			put_blocks(fd, &events[i], i < synced);
		else if (events[i].kind == EV_TRUNCATE && (i < synced || rand() % 2) &&
		    ftruncate(fd, events[i].at) != 0)
			abort();
	}
	(void)close(fd);
}

/* What must be there: the last number acknowledged before the moment, or one begun after that. */
static bool
key_is_right(struct store *s, int key, size_t moment)
{
	static unsigned char want[20000];
	int64_t acked = 0, got = 0;
	struct store_record rec;
	size_t i, from = 0;
	bool right = false;
	struct arena a;
	char name[32];
	enum err e;

	for (i = 0; i < moment; i++)
		if (events[i].kind == EV_ACKED && events[i].file == key) {
			acked = events[i].at;
			from = i;
		}
	arena_init(&a, 1 << 20);
	snprintf(name, sizeof(name), "k:%d", key);
	e = store_get(s, name, &a, &rec);
	if (e == ERR_OK) {
		memcpy(&got, rec.data, sizeof(got));
		make_value(want, value_len(got), key, got);
		right = rec.len == value_len(got) && memcmp(rec.data, want, rec.len) == 0 &&
		    rec.expires_at_s == 2000000000 + got;
		if (right && got != acked)
			for (i = from, right = false; i < moment && !right; i++)
				right = events[i].kind == EV_BEGUN && events[i].file == key && events[i].at == got;
	} else if (e == ERR_NOT_FOUND) {
		right = acked <= 0;
		for (i = from; i < moment && !right; i++)
			right = events[i].kind == EV_BEGUN && events[i].file == key && events[i].at < 0;
	}
	if (!right)
		printf("# key %d: %s %lld, acknowledged %lld\n", key, err_info(e)->name, (long long)got,
		    (long long)acked);
	arena_free(&a);
	return right;
}

/* The failure at one moment: how many records are not right afterwards. */
static int
fail_at(size_t moment)
{
	char disk[256];
	struct store *s;
	int key, i, wrong = 0;

	if (!state_make(disk, sizeof(disk)))
		abort();
	for (i = 0; i < file_count; i++)
		build_file(disk, i, moment);
	if (store_bdb_open(disk, &clock_system, 1000, &s) != ERR_OK)
		abort();
	for (key = 0; key < KEYS; key++)
		wrong += !key_is_right(s, key, moment);
	wrong += store_probe(s) != ERR_OK;
	store_close(s);
	if (wrong > 0)
		printf("# a failure after %zu of %zu events: %d wrong\n", moment, event_count, wrong);
	state_remove(disk);
	return wrong;
}

/* While the directory does not have the name of a new file yet, as far as anybody knows; how many failures did harm. */
static int
fail_before_named(int file)
{
	size_t at = appears(file);
	int i, bad = 0;

	while (at < event_count && events[at].kind != EV_DIR_SYNC)
		at++;
	for (i = 0; i < 4; i++)
		bad += fail_at(at) != 0;
	return bad;
}

static void
forget_all(void)
{
	while (event_count > 0)
		free(events[--event_count].data);
	free(events);
	events = NULL;
	event_room = 0;
}

int
main(int argc, char **argv)
{
	bool full = argc > 1 && strcmp(argv[1], "--full") == 0;
	int i, bad = 0, failures = full ? 200 : 25, removed = 0;
	unsigned seed = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : (unsigned)time(NULL);
	struct store *s;
	size_t k;

	srand(seed);
	log_set_level(LOG_LEVEL_WARN);
	if (!state_make(dir, sizeof(dir)) || !watch() ||
	    store_bdb_open(dir, &clock_system, 1000, &s) != ERR_OK)
		return 2;
	/* The first visit makes the database; a failure in the middle of that is no loss to anyone. */
	ok(store_probe(s) == ERR_OK, "a store");
	store_close(s);
	state_remove(dir);
	if (mkdir(dir, 0700) != 0 || store_bdb_open(dir, &clock_system, 1000, &s) != ERR_OK)
		return 2;
	recording = true;
	ok(work(s, full ? 6000 : 3000), "writes, durable and not");
	recording = false;
	store_close(s);
	state_remove(dir);
	for (k = 0; k < event_count; k++)
		removed += events[k].kind == EV_REMOVE;
	ok(removed > 0, "which went through checkpoints: %d log files were removed", removed);
	for (i = 0; i < failures; i++)
		bad += fail_at(1 + (size_t)rand() % event_count) != 0;
	is_int(bad, 0, "after each of %d power failures, all that was acknowledged is there", failures);
	for (i = 0, bad = 0; i < file_count; i++)
		bad += events[appears(i)].kind != EV_MADE;
	is_int(bad, 0, "each of %d files had its name on the disk before anything was in it", file_count);
	for (i = 0, bad = 0; i < file_count; i++)
		bad += fail_before_named(i);
	is_int(bad, 0, "and when each of %d files had just been made", file_count);
	printf("# %d failures, %zu events, seed %u\n", failures, event_count, seed);
	forget_all();
	return done_testing();
}
