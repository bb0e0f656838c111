/* SPDX-License-Identifier: MIT */
#include "store/bdb_gate.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#define GATE_FILE   "store.gate"
#define GATE_MAGIC  "oscgate"
#define GATE_LAYOUT 1
#define PAGE_BYTES  4096

/* A holder that dies rings no bell: how long a sleeper may take to find the lock free. */
#define DEATH_POLL_MS 10
/* How long one who left while others waited lets them go first. */
#define GIVE_WAY_MS 1

_Static_assert(sizeof(struct gate_page) <= PAGE_BYTES, "the gate's page is one page");

/* Waiting is for other processes: a test's clock would not move them. */
static int64_t
now_ms(void)
{
	return clock_mono_ms(&clock_system);
}

static void
bell_wait(struct gate_page *p, uint32_t seen, int ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

	/* Woken, changed meanwhile, timed out or interrupted: the caller looks at the lock again anyway. */
	(void)syscall(SYS_futex, &p->bell, FUTEX_WAIT, seen, &ts, NULL, 0);
}

static void
bell_ring(struct gate_page *p)
{
	atomic_fetch_add(&p->bell, 1);
	(void)syscall(SYS_futex, &p->bell, FUTEX_WAKE, 1, NULL, NULL, 0);
}

void
gate_init(struct gate *g)
{
	memset(g, 0, sizeof(*g));
	g->dir_fd = -1;
	g->fd = -1;
}

bool
gate_is_open(const struct gate *g)
{
	return g->page != NULL;
}

void
gate_close(struct gate *g)
{
	if (g->page != NULL)
		(void)munmap(g->page, PAGE_BYTES);
	if (g->fd >= 0)
		(void)close(g->fd);
	if (g->dir_fd >= 0)
		(void)close(g->dir_fd);
	gate_init(g);
}

/* The page's room on the disk is reserved, or a write through the map could find the disk full: SIGBUS. */
static enum err
make_page(struct gate *g, const char *dir, int wait_ms)
{
	int64_t deadline;
	int rc;

	deadline = now_ms() + wait_ms;
	while (flock(g->fd, LOCK_EX | LOCK_NB) != 0) {
		if ((errno != EWOULDBLOCK && errno != EINTR) || now_ms() >= deadline) {
			log_event(LOG_LEVEL_ERROR, "store_gate", "cannot lock %s/" GATE_FILE ": %s", dir,
			    strerror(errno));
			return ERR_STORE;
		}
		clock_sleep_ms(&clock_system, 1);
	}
	rc = posix_fallocate(g->fd, 0, PAGE_BYTES);
	(void)flock(g->fd, LOCK_UN);
	if (rc != 0) {
		log_event(LOG_LEVEL_ERROR, "store_full", "cannot make %s/" GATE_FILE ": %s", dir, strerror(rc));
		return ERR_STORE;
	}
	return ERR_OK;
}

static void
read_boot_id(char *out, size_t size)
{
	ssize_t n;
	int fd;

	/* Where there is no /proc the id is empty, and a reboot is seen only by a page that was left dirty. */
	memset(out, 0, size);
	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, out, size - 1);
	(void)close(fd);
	if (n < 0)
		memset(out, 0, size);
}

static enum err
open_files(struct gate *g, const char *dir, int wait_ms)
{
	struct stat st;

	g->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (g->dir_fd < 0) {
		log_event(LOG_LEVEL_ERROR, "store_gate", "cannot open %s: %s", dir, strerror(errno));
		return ERR_STORE;
	}
	g->fd = openat(g->dir_fd, GATE_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (g->fd < 0 || fstat(g->fd, &st) != 0) {
		log_event(LOG_LEVEL_ERROR, "store_gate", "cannot open %s/" GATE_FILE ": %s", dir, strerror(errno));
		return ERR_STORE;
	}
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
		log_event(LOG_LEVEL_ERROR, "store_gate", "%s/" GATE_FILE " belongs to user %ld, mode %03o: refused; "
		    "run as the user who owns it, and chmod 600", dir, (long)st.st_uid,
		    (unsigned)st.st_mode & 07777);
		return ERR_STORE;
	}
	if (st.st_size < PAGE_BYTES)
		return make_page(g, dir, wait_ms);
	return ERR_OK;
}

enum err
gate_open(struct gate *g, const char *dir, int wait_ms)
{
	enum err e;
	void *p;

	gate_init(g);
	e = open_files(g, dir, wait_ms);
	if (e != ERR_OK) {
		gate_close(g);
		return e;
	}
	p = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, g->fd, 0);
	if (p == MAP_FAILED) {
		log_event(LOG_LEVEL_ERROR, "store_gate", "cannot map %s/" GATE_FILE ": %s", dir, strerror(errno));
		gate_close(g);
		return ERR_STORE;
	}
	g->page = p;
	g->pid = (uint32_t)getpid();
	read_boot_id(g->boot_id, sizeof(g->boot_id));
	return ERR_OK;
}

/*
 * Take the lock within wait_ms.  Asking without blocking and sleeping on the
 * bell in between bounds the wait without signals or timers, which belong to
 * the whole process.
 */
static bool
lock_take(struct gate *g, int wait_ms)
{
	struct gate_page *p = g->page;
	bool slept = false;
	int64_t deadline, left;
	uint32_t seen;

	if (g->gave_way_at != 0 && g->gave_way_at == atomic_load(&p->visits)) {
		/* Nobody has been inside since we left, though somebody was waiting: do not snatch it again. */
		seen = atomic_load(&p->bell);
		bell_wait(p, seen, GIVE_WAY_MS);
	}
	g->gave_way_at = 0;
	if (flock(g->fd, LOCK_EX | LOCK_NB) == 0)
		return true;

	deadline = now_ms() + wait_ms;
	for (;;) {
		seen = atomic_load(&p->bell);
		atomic_store(&p->waiting, 1);
		/* Once more: who left between the first try and the raised flag did not see it. */
		if (flock(g->fd, LOCK_EX | LOCK_NB) == 0)
			break;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return false;
		left = deadline - now_ms();
		if (left <= 0)
			return false;
		bell_wait(p, seen, left < DEATH_POLL_MS ? (int)left : DEATH_POLL_MS);
		slept = true;
	}
	if (slept)	/* one ring wakes one sleeper: there may be more, so ring again on leaving */
		atomic_store(&p->waiting, 1);
	return true;
}

static void
lock_drop(struct gate *g)
{
	struct gate_page *p = g->page;
	uint64_t visit;

	visit = atomic_load(&p->visits);
	(void)flock(g->fd, LOCK_UN);
	if (atomic_exchange(&p->waiting, 0) != 0) {
		bell_ring(p);
		g->gave_way_at = visit;
	}
}

/* Make a page of unknown content ours; the caller holds the lock. */
static void
page_reset(struct gate *g, const struct stat *st)
{
	struct gate_page *p = g->page;
	uint64_t generation;

	/* At random, so that no handle on regions of before can take the new ones for its own. */
	if (getrandom(&generation, sizeof(generation), 0) != (ssize_t)sizeof(generation))
		generation = (uint64_t)now_ms();
	memset(p, 0, sizeof(*p));
	memcpy(p->boot_id, g->boot_id, sizeof(p->boot_id));
	p->device = st->st_dev;
	p->inode = st->st_ino;
	p->layout = GATE_LAYOUT;
	atomic_store(&p->generation, generation | 1);
	/* The page is good from the moment its magic stands; whoever dies before the first recovery leaves it dirty. */
	atomic_store(&p->dirty, 1);
	atomic_thread_fence(memory_order_seq_cst);
	memcpy(p->magic, GATE_MAGIC, sizeof(p->magic));
}

bool
gate_stands(const struct gate *g)
{
	struct stat st;

	return g->page != NULL && fstat(g->fd, &st) == 0 && st.st_nlink > 0 && st.st_size >= PAGE_BYTES;
}

enum err
gate_enter(struct gate *g, int wait_ms, struct gate_view *view)
{
	struct gate_page *p = g->page;
	struct stat st;

	if (!lock_take(g, wait_ms)) {
		log_event(LOG_LEVEL_ERROR, "store_busy", "waited %d ms for process %u, which is at the database: "
		    "stopped, or its disk does not answer", wait_ms, (unsigned)atomic_load(&p->holder_pid));
		return ERR_STORE;
	}
	if (fstat(g->fd, &st) != 0 || st.st_nlink == 0 || st.st_size < PAGE_BYTES) {
		g->replaced = true;
		(void)flock(g->fd, LOCK_UN);
		return ERR_STORE;
	}
	view->torn = atomic_load(&p->dirty) != 0;
	if (memcmp(p->magic, GATE_MAGIC, sizeof(p->magic)) != 0) {
		page_reset(g, &st);
		view->torn = true;
	} else if (p->layout != GATE_LAYOUT) {
		log_event(LOG_LEVEL_ERROR, "store_newer", "the store was made by another version of this program "
		    "(gate layout %u, known is %d)", (unsigned)p->layout, GATE_LAYOUT);
		(void)flock(g->fd, LOCK_UN);
		return ERR_STORE;
	} else if (memcmp(p->boot_id, g->boot_id, sizeof(p->boot_id)) != 0 || p->device != st.st_dev ||
	    p->inode != st.st_ino) {
		/* After a power failure mapped files may hold anything, and a copy was made of a moving thing. */
		page_reset(g, &st);
		view->torn = true;
	}
	view->generation = atomic_load(&p->generation);
	atomic_store(&p->dirty, 1);
	atomic_store(&p->holder_pid, g->pid);
	atomic_fetch_add(&p->visits, 1);
	return ERR_OK;
}

void
gate_leave(struct gate *g, bool clean)
{
	if (clean)
		atomic_store(&g->page->dirty, 0);
	lock_drop(g);
}
