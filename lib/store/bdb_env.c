/* SPDX-License-Identifier: MIT */
#include "store/bdb_env.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/bdb_format.h"
#include "store/place.h"

#define RECORDS_FILE "records.db"

/*
 * A page is a block of the usual file systems: a power failure in the middle of
 * writing a larger one would leave half of each, which the log cannot mend.
 */
#define PAGE_BYTES 4096
/* Small: it counts as memory of every process, and the kernel caches the file anyway. */
#define CACHE_BYTES (2u << 20)
#define LOG_FILE_BYTES (4u << 20)
/* Recovery takes about 5 ms for each MB of log written since the last checkpoint. */
#define CHECKPOINT_MB 8
/* Asking for the log's size costs as much as a get: not after every commit. */
#define LOOK_EVERY 16

/*
 * Left free on the disk, or nothing is written: a new log file, the cache's
 * dirty pages and new regions beside old ones that are still mapped.  A write
 * that meets a full disk panics the environment.
 */
#define RESERVE_BYTES (12u << 20)
#define RESERVE_FILES 16

/* What recovery opens at once. */
#define RECOVERY_FILES 4

/* After a recovery that failed, how long others answer at once instead of trying too. */
#define BROKEN_MS 1000

/* Of the library's words, in one visit. */
#define MESSAGES_MAX 3

/* The library has a word for each record of a damaged log: the first few tell enough. */
static void
on_message(const DB_ENV *env, const char *prefix, const char *message)
{
	struct bdb_env *b = env->app_private;

	(void)prefix;
	if (b->messages++ < MESSAGES_MAX)
		log_event(LOG_LEVEL_WARN, "store_library", "%s", message);
}

enum err
bdb_env_init(struct bdb_env *b, const char *dir, int wait_ms)
{
	b->dir = strdup(dir);
	if (b->dir == NULL)
		return ERR_NOMEM;
	b->wait_ms = wait_ms;
	gate_init(&b->gate);
	return ERR_OK;
}

/* Forget the environment without a word to it. */
static void
abandon(struct bdb_env *b)
{
	bdb_holdings_drop(&b->held);
	b->env = NULL;
	b->db = NULL;
}

static enum err
look_for_room(struct bdb_env *b)
{
	struct statvfs v;

	if (fstatvfs(b->gate.dir_fd, &v) != 0) {
		log_event(LOG_LEVEL_ERROR, "store_full", "%s: %s", b->dir, strerror(errno));
		return ERR_STORE;
	}
	if ((uint64_t)v.f_bavail * v.f_frsize < RESERVE_BYTES || (v.f_files != 0 && v.f_favail < RESERVE_FILES)) {
		log_event(LOG_LEVEL_ERROR, "store_full", "%s: the disk is full: %llu KB and %llu files are left, "
		    "%u KB and %d are kept free; nothing is written until there is room", b->dir,
		    (unsigned long long)v.f_bavail * v.f_frsize / 1024, (unsigned long long)v.f_favail,
		    RESERVE_BYTES / 1024, RESERVE_FILES);
		return ERR_STORE;
	}
	return ERR_OK;
}

static int
configure(struct bdb_env *b)
{
	DB_ENV *env = b->env;
	int rc;

	env->app_private = b;
	env->set_errcall(env, on_message);
	/* Nobody contends for the library's own locks, and the default asks how many processors there are. */
	if ((rc = env->mutex_set_tas_spins(env, 1)) != 0 ||
	    (rc = env->set_tmp_dir(env, ".")) != 0 ||
	    (rc = env->set_cachesize(env, 0, CACHE_BYTES, 1)) != 0 ||
	    (rc = env->set_lg_max(env, LOG_FILE_BYTES)) != 0)
		return rc;
	/* A log file written full of zeros first: a sync of it need not write its size as well. */
	return env->log_set_config(env, DB_LOG_AUTO_REMOVE | DB_LOG_ZERO, 1);
}

/* Open environment and database.  On failure nothing is held. */
static int
open_all(struct bdb_env *b, bool recover)
{
	int rc;

	b->held.creating = b->held.refuse_next = recover;
	b->held.dir_fd = b->gate.dir_fd;
	rc = b->lib->env_create(&b->env, 0);
	if (rc == 0)
		rc = configure(b);
	if (rc == 0)
		rc = b->env->open(b->env, b->dir, DB_INIT_MPOOL | DB_INIT_LOG | DB_INIT_TXN |
		    (recover ? DB_CREATE | DB_RECOVER : 0), 0600);
	b->held.creating = b->held.refuse_next = false;
	if (rc == 0)
		rc = b->lib->create(&b->db, b->env, 0);
	if (rc == 0 && recover) {
		rc = b->db->set_pagesize(b->db, PAGE_BYTES);
		if (rc == 0)
			rc = b->db->set_flags(b->db, DB_CHKSUM);
	}
	if (rc == 0)
		rc = b->db->open(b->db, NULL, RECORDS_FILE, NULL, DB_BTREE,
		    DB_AUTO_COMMIT | (recover ? DB_CREATE : 0), 0600);
	if (rc != 0)
		abandon(b);
	return rc;
}

static void
broken(struct bdb_env *b, const char *why)
{
	log_event(LOG_LEVEL_ERROR, "store_broken", "the database in %s cannot be opened: %s; restore " RECORDS_FILE
	    " and log.* from a backup, or move them away and let visitors sign in again", b->dir, why);
	atomic_store(&b->gate.page->broken_until_ms, clock_mono_ms(&clock_system) + BROKEN_MS);
}

static void
cannot_join(struct bdb_env *b, int rc)
{
	log_event(LOG_LEVEL_ERROR, "store_join", "cannot join the database in %s: %s", b->dir, b->lib->strerror(rc));
}

/* Where recovery can open no more files it panics: that would be told of the database, and everybody. */
static bool
may_open_files(struct bdb_env *b)
{
	int fds[RECOVERY_FILES], n, i, why;

	for (n = 0; n < RECOVERY_FILES; n++) {
		fds[n] = fcntl(b->gate.dir_fd, F_DUPFD_CLOEXEC, 0);
		if (fds[n] < 0)
			break;
	}
	why = errno;
	for (i = 0; i < n; i++)
		(void)close(fds[i]);
	if (n < RECOVERY_FILES)
		cannot_join(b, why);
	return n == RECOVERY_FILES;
}

/* Everything from the files alone: new regions, the log applied, the database's format checked. */
static enum err
recover(struct bdb_env *b, const char *reason)
{
	struct gate_page *page = b->gate.page;
	int64_t began;
	enum err e;
	int rc;

	began = clock_mono_ms(&clock_system);
	if (began < atomic_load(&page->broken_until_ms)) {
		log_event(LOG_LEVEL_ERROR, "store_broken", "the database in %s could not be opened a moment ago",
		    b->dir);
		return ERR_STORE;
	}
	e = look_for_room(b);
	if (e != ERR_OK)
		return e;
	if (place_is_network(b->gate.dir_fd)) {
		log_event(LOG_LEVEL_ERROR, "store_broken", "%s is on a network file system: it must be on a disk of "
		    "this machine", b->dir);
		return ERR_STORE;
	}
	if (!may_open_files(b))
		return ERR_STORE;
	/* Before anything else: whoever has the old regions must not use them again, however this ends. */
	b->generation = atomic_fetch_add(&page->generation, 1) + 1;
	atomic_fetch_add(&page->recoveries, 1);
	rc = open_all(b, true);
	if (rc != 0) {
		broken(b, b->lib->strerror(rc));
		return ERR_STORE;
	}
	rc = bdb_format_check(b->env, b->db);
	if (rc != 0) {
		broken(b, rc == BDB_FORMAT_FOREIGN ? "it was not made by this program" :
		    rc == BDB_FORMAT_NEWER ? "it was made by a newer version of this program" :
		    b->lib->strerror(rc));
		abandon(b);
		return ERR_STORE;
	}
	atomic_store(&page->format, BDB_FORMAT);
	atomic_store(&page->dir_changed, 1);
	log_event(LOG_LEVEL_INFO, "store_recovered", "%s: %s; took %lld ms", b->dir, reason,
	    (long long)(clock_mono_ms(&clock_system) - began));
	return ERR_OK;
}

/* A shortage of this process's own: the environment is fine, and recovery would not help. */
static bool
own_shortage(int rc)
{
	return rc == EMFILE || rc == ENFILE || rc == EACCES || rc == EPERM;
}

/*
 * Make b->env one of this generation.  *spoilt: the environment is not fit for
 * use, so the dirty mark must stay.
 */
static enum err
attach(struct bdb_env *b, const struct gate_view *view, bool *spoilt)
{
	enum err e;
	int rc;

	abandon(b);
	*spoilt = true;
	if (view->torn) {
		return recover(b, atomic_load(&b->gate.page->recoveries) == 0 ?
		    "opened for the first time since the machine started" : "a process died at the database");
	}
	rc = open_all(b, false);
	if (rc == 0 && atomic_load(&b->gate.page->format) == BDB_FORMAT) {
		b->generation = view->generation;
		return ERR_OK;
	}
	if (rc == 0) {
		abandon(b);
		log_event(LOG_LEVEL_ERROR, "store_newer", "the database in %s was made by another version of this "
		    "program (format %u, known is %d)", b->dir, (unsigned)atomic_load(&b->gate.page->format),
		    BDB_FORMAT);
		*spoilt = false;
		return ERR_STORE;
	}
	if (own_shortage(rc)) {
		cannot_join(b, rc);
		*spoilt = false;
		return ERR_STORE;
	}
	e = recover(b, "its shared memory could not be joined");
	return e;
}

/* Open the gate if it is not, and enter it; once more when its file was replaced. */
static enum err
enter_gate(struct bdb_env *b, enum bdb_purpose purpose, struct gate_view *view)
{
	enum err e;
	int tries;

	for (tries = 0; tries < 3; tries++) {
		if (!gate_is_open(&b->gate)) {
			e = gate_open(&b->gate, b->dir, b->wait_ms);
			if (e != ERR_OK)
				return e;
		}
		if (purpose == BDB_WRITE) {
			e = look_for_room(b);
			if (e != ERR_OK)
				return e;
		}
		e = gate_enter(&b->gate, b->wait_ms, view);
		if (e == ERR_OK || !b->gate.replaced)
			return e;
		/* Somebody emptied the directory: what we had joined is a ghost. */
		abandon(b);
		gate_close(&b->gate);
	}
	log_event(LOG_LEVEL_ERROR, "store_gate", "%s is being emptied by somebody", b->dir);
	return ERR_STORE;
}

enum err
bdb_enter(struct bdb_env *b, enum bdb_purpose purpose)
{
	struct gate_view view;
	bool spoilt;
	enum err e;

	if (b->lib == NULL)
		b->lib = bdb_lib_load();
	if (b->lib == NULL)
		return ERR_STORE;
	e = enter_gate(b, purpose, &view);
	if (e != ERR_OK)
		return e;
	if (purpose == BDB_WRITE)
		atomic_fetch_add(&b->gate.page->writes, 1);
	bdb_lib_hold(&b->held);
	b->messages = 0;
	if (!view.torn && b->env != NULL && b->generation == view.generation)
		return ERR_OK;
	e = attach(b, &view, &spoilt);
	if (e != ERR_OK)
		gate_leave(&b->gate, !spoilt);
	return e;
}

struct bdb_moment
bdb_env_moment(const struct bdb_env *b)
{
	return (struct bdb_moment){ b->generation, atomic_load(&b->gate.page->writes) };
}

/*
 * A writer counts itself before it changes anything, and answers after: who
 * finds the count unmoved has been told of no newer record by anyone.
 */
bool
bdb_env_unchanged(const struct bdb_env *b, const struct bdb_moment *m)
{
	return gate_stands(&b->gate) && atomic_load(&b->gate.page->generation) == m->generation &&
	    atomic_load(&b->gate.page->writes) == m->writes;
}

enum err
bdb_leave(struct bdb_env *b, int rc, const char *what)
{
	bool panicked = rc == DB_RUNRECOVERY;

	if (panicked)
		abandon(b);
	gate_leave(&b->gate, !panicked);
	if (rc == 0)
		return ERR_OK;
	if (rc == DB_NOTFOUND)
		return ERR_NOT_FOUND;
	log_event(LOG_LEVEL_ERROR, "store_failed", "%s: %s", what, b->lib->strerror(rc));
	return ERR_STORE;
}

/*
 * Keep the log short, so that recovery is and the disk does not fill.  A failure
 * other than a panic waits for the next try.
 */
static int
checkpoint_if_due(struct bdb_env *b)
{
	DB_LOG_STAT *st;
	int rc;

	if (++b->wrote % LOOK_EVERY != 1)
		return 0;
	rc = b->env->log_stat(b->env, &st, 0);
	if (rc == 0) {
		if (st->st_wc_mbytes >= CHECKPOINT_MB)
			rc = b->env->txn_checkpoint(b->env, 0, 0, 0);
		bdb_lib_free(st);
	}
	if (rc != 0 && rc != DB_RUNRECOVERY) {
		log_event(LOG_LEVEL_WARN, "store_checkpoint", "%s", b->lib->strerror(rc));
		rc = 0;
	}
	return rc;
}

/* A database is made under another name; what it holds is safe only when the directory has its own. */
static int
sync_directory(struct bdb_env *b, bool durable)
{
	struct gate_page *page = b->gate.page;

	if (!durable || atomic_load(&page->dir_changed) == 0)
		return 0;
	if (fsync(b->gate.dir_fd) != 0)
		return errno;
	atomic_store(&page->dir_changed, 0);
	return 0;
}

int
bdb_commit(struct bdb_env *b, DB_TXN *txn, bool durable)
{
	int rc;

	rc = txn->commit(txn, durable ? DB_TXN_SYNC : DB_TXN_WRITE_NOSYNC);
	if (rc == 0)
		rc = checkpoint_if_due(b);
	if (rc == 0)
		rc = sync_directory(b, durable);
	return rc;
}

void
bdb_env_close(struct bdb_env *b)
{
	struct gate_view view;

	/*
	 * The library counts who has joined, so say goodbye; but only to an environment that is
	 * still ours, and not if that means waiting long.
	 */
	if (b->env != NULL && gate_enter(&b->gate, b->wait_ms, &view) == ERR_OK) {
		bool good = !view.torn;

		bdb_lib_hold(&b->held);
		if (good && b->generation == view.generation) {
			if (b->db->close(b->db, DB_NOSYNC) == DB_RUNRECOVERY)
				good = false;
			if (b->env->close(b->env, 0) == DB_RUNRECOVERY)
				good = false;
		}
		gate_leave(&b->gate, good);
	}
	abandon(b);
	gate_close(&b->gate);
	free(b->dir);
	b->dir = NULL;
}
