/* SPDX-License-Identifier: MIT */
#include "metrics/metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define CLASSES   6	/* by the first digit of the status; 0: none of ours */
#define FILE_SIZE 4096
#define LINE_MAX  256

/* Where each program counts: the order is the file's, so a new one goes to the end. */
static const char *const programs[] = {
	"signin", "callback", "refresh", "signout", "status", "authorize", "services", "instances", "plan", "jobs",
	"apps", "secrets", "solutions", "intercom", "convert", "operations",
};

#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))

struct slot {
	uint64_t answers[CLASSES];
	uint64_t ms;
};

_Static_assert(PROGRAMS * sizeof(struct slot) <= FILE_SIZE, "every program has its place in the file");

struct metrics {
	const char  *path;
	struct slot *slots;	/* the mapped file; NULL: not open */
	bool         tried;
};

enum err
metrics_open(const char *path, struct metrics **out)
{
	struct metrics *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return ERR_NOMEM;
	m->path = path;
	*out = m;
	return ERR_OK;
}

void
metrics_close(struct metrics *m)
{
	if (m == NULL)
		return;
	if (m->slots != NULL)
		munmap(m->slots, FILE_SIZE);
	free(m);
}

/* NULL, or why not. */
static const char *
map_file(struct metrics *m, int fd)
{
	struct stat st;
	void *p;
	int failed;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return "is not a file";
	if (st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return "must belong to the user that the programs run as, and to nobody else: chmod 0600";
	/* Its room is taken now: a page without any, on a full disk, would end the process that writes to it. */
	failed = posix_fallocate(fd, 0, FILE_SIZE);
	if (failed != 0)
		return strerror(failed);
	p = mmap(NULL, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return strerror(errno);
	m->slots = p;
	return NULL;
}

static bool
is_open(struct metrics *m)
{
	const char *wrong;
	int fd;

	if (m->tried)
		return m->slots != NULL;
	m->tried = true;
	fd = open(m->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	wrong = fd < 0 ? strerror(errno) : map_file(m, fd);
	if (fd >= 0)
		close(fd);
	if (wrong != NULL)
		log_event(LOG_LEVEL_WARN, "metrics", "nothing is counted: %s %s", m->path, wrong);
	return wrong == NULL;
}

void
metrics_count(struct metrics *m, const char *program, int status, int64_t ms)
{
	size_t i, class = status >= 100 && status < 600 ? (size_t)status / 100 : 0;

	if (!is_open(m))
		return;
	for (i = 0; i < PROGRAMS; i++) {
		if (strcmp(programs[i], program) != 0)
			continue;
		__atomic_fetch_add(&m->slots[i].answers[class], 1, __ATOMIC_RELAXED);
		__atomic_fetch_add(&m->slots[i].ms, ms > 0 ? (uint64_t)ms : 0, __ATOMIC_RELAXED);
	}
}

static void
print_answers(const struct slot *slot, const char *program, struct buf *out)
{
	char line[LINE_MAX];
	uint64_t n;
	size_t i;

	for (i = 0; i < CLASSES; i++) {
		n = __atomic_load_n(&slot->answers[i], __ATOMIC_RELAXED);
		if (n == 0)
			continue;
		snprintf(line, sizeof(line), "oscgi_requests_total{program=\"%s\",status=\"%zuxx\"} %" PRIu64 "\n", program, i, n);
		buf_str(out, line);
	}
}

static void
print_time(const struct slot *slot, const char *program, struct buf *out)
{
	uint64_t ms = __atomic_load_n(&slot->ms, __ATOMIC_RELAXED), n = 0;
	char line[LINE_MAX];
	size_t i;

	for (i = 0; i < CLASSES; i++)
		n += __atomic_load_n(&slot->answers[i], __ATOMIC_RELAXED);
	if (n == 0)
		return;
	snprintf(line, sizeof(line), "oscgi_request_seconds_sum{program=\"%s\"} %" PRIu64 ".%03" PRIu64 "\n"
	    "oscgi_request_seconds_count{program=\"%s\"} %" PRIu64 "\n", program, ms / 1000, ms % 1000, program, n);
	buf_str(out, line);
}

void
metrics_print(struct metrics *m, struct buf *out)
{
	size_t i;

	if (!is_open(m))
		return;
	buf_str(out, "# HELP oscgi_requests_total Requests answered, by program and class of status.\n"
	    "# TYPE oscgi_requests_total counter\n");
	for (i = 0; i < PROGRAMS; i++)
		print_answers(&m->slots[i], programs[i], out);
	buf_str(out, "# HELP oscgi_request_seconds How long requests took.\n# TYPE oscgi_request_seconds summary\n");
	for (i = 0; i < PROGRAMS; i++)
		print_time(&m->slots[i], programs[i], out);
}
