/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "metrics/metrics.h"
#include "tap.h"

#define PROCESSES 4
#define EACH      10000

static int lines;

static void
count_line(const char *line, size_t len)
{
	(void)line;
	(void)len;
	lines++;
}

static struct metrics *
open_at(const char *path)
{
	struct metrics *m;

	if (metrics_open(path, &m) != ERR_OK)
		abort();
	return m;
}

/* What is printed, as a string of the caller's. */
static char *
print(struct metrics *m)
{
	struct buf b;
	char *text;

	buf_init(&b, 65536);
	metrics_print(m, &b);
	text = strdup(buf_cstr(&b));
	buf_free(&b);
	return text;
}

static void
test_count(const char *path)
{
	static const char want[] =
	    "# HELP oscgi_requests_total Requests answered, by program and class of status.\n"
	    "# TYPE oscgi_requests_total counter\n"
	    "oscgi_requests_total{program=\"signin\",status=\"3xx\"} 1\n"
	    "oscgi_requests_total{program=\"plan\",status=\"2xx\"} 2\n"
	    "oscgi_requests_total{program=\"plan\",status=\"5xx\"} 1\n"
	    "# HELP oscgi_request_seconds How long requests took.\n"
	    "# TYPE oscgi_request_seconds summary\n"
	    "oscgi_request_seconds_sum{program=\"signin\"} 0.007\n"
	    "oscgi_request_seconds_count{program=\"signin\"} 1\n"
	    "oscgi_request_seconds_sum{program=\"plan\"} 1.550\n"
	    "oscgi_request_seconds_count{program=\"plan\"} 3\n";
	struct metrics *m = open_at(path);
	struct stat st;
	char *text;

	ok(stat(path, &st) != 0, "no file is made before something is counted");
	metrics_count(m, "signin", 303, 7);
	metrics_count(m, "plan", 200, 1500);
	metrics_count(m, "plan", 200, 50);
	metrics_count(m, "plan", 502, 0);
	metrics_count(m, "no-such-program", 200, 1);
	ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "then it is, for us alone");
	text = print(m);
	is_str(text, want, "what was counted is told, what never happened is not");
	free(text);
	metrics_close(m);
	m = open_at(path);
	text = print(m);
	is_str(text, want, "it outlives the process");
	free(text);
	metrics_close(m);
	unlink(path);
}

static void
test_side_by_side(const char *path)
{
	char line[128], *text;
	struct metrics *m;
	int i, j;

	for (i = 0; i < PROCESSES; i++) {
		if (fork() != 0)
			continue;
		m = open_at(path);
		for (j = 0; j < EACH; j++)
			metrics_count(m, "status", 200, 1);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	m = open_at(path);
	text = print(m);
	snprintf(line, sizeof(line), "{program=\"status\",status=\"2xx\"} %d\n", PROCESSES * EACH);
	ok(strstr(text, line) != NULL, "of what several processes count at once nothing is lost");
	free(text);
	metrics_close(m);
}

static void
test_refused(const char *path)
{
	struct metrics *m;
	char *text;

	chmod(path, 0644);
	m = open_at(path);
	lines = 0;
	metrics_count(m, "status", 200, 1);
	metrics_count(m, "status", 200, 1);
	is_int(lines, 1, "a file that others can read is refused, which is said once");
	text = print(m);
	is_str(text, "", "and nothing is told of it");
	free(text);
	metrics_close(m);
	unlink(path);
	if (symlink("/etc/passwd", path) != 0)
		abort();
	m = open_at(path);
	metrics_count(m, "status", 200, 1);
	is_int(lines, 2, "nor is a link followed");
	metrics_close(m);
	unlink(path);
}

int
main(void)
{
	char dir[] = "/tmp/oscgi-metrics.XXXXXX", path[64];

	log_set_sink(count_line);
	if (mkdtemp(dir) == NULL)
		abort();
	snprintf(path, sizeof(path), "%s/metrics", dir);
	test_count(path);
	test_side_by_side(path);
	test_refused(path);
	rmdir(dir);
	return done_testing();
}
