/* SPDX-License-Identifier: MIT */
#include "config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (64 * 1024)

struct reading {
	const struct file_sink *sink;
	struct arena           *a;
	const char             *path;
	const char             *rest;	/* of the text */
	int                     line;
	bool                    continued;	/* the line in hand is indented */
};

static void
fault(struct reading *r, const char *wrong)
{
	const char *text = arena_concat(r->a, r->path, " ", wrong);

	r->sink->fault(r->sink->ctx, "OSCGI_CONFIG", text != NULL ? text : wrong);
}

static void
fault_at(struct reading *r, int line, const char *wrong)
{
	const char *text = arena_printf(r->a, "line %d %s", line, wrong);

	fault(r, text != NULL ? text : wrong);
}

/*
 * The next line, for the parser.  It would take the rest of a line that does not
 * fit its buffer for a line of its own, so such a line is left out here.
 */
static char *
next_line(char *out, int room, void *stream)
{
	struct reading *r = stream;
	size_t len = strcspn(r->rest, "\n");

	if (*r->rest == '\0')
		return NULL;
	r->line++;
	r->continued = *r->rest == ' ' || *r->rest == '\t';
	if (len + 2 > (size_t)room) {
		fault_at(r, r->line, "is too long: a list may go on in an indented line, anything else fits the environment");
		memcpy(out, "\n", 2);
	} else {
		memcpy(out, r->rest, len);
		memcpy(out + len, "\n", 2);
	}
	r->rest += len;
	r->rest += *r->rest == '\n';
	return out;
}

static int
take(void *ctx, const char *section, const char *name, const char *value)
{
	struct reading *r = ctx;

	(void)section;
	r->sink->setting(r->sink->ctx, name, value, r->continued);
	return 1;
}

/* The whole file as text; NULL: none, or the fault has been told. */
static char *
slurp(struct reading *r, bool must_exist)
{
	char *text = NULL;
	struct stat st;
	ssize_t n = 0;
	int fd;

	fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		if (must_exist || (errno != ENOENT && errno != ENOTDIR))
			fault(r, arena_concat(r->a, "cannot be read: ", strerror(errno)));
		return NULL;
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		fault(r, "is not a file");
	else if ((st.st_mode & 002) != 0)
		fault(r, "can be changed by everybody: chmod o-w");
	else if (st.st_size > FILE_MAX)
		fault(r, "is longer than 64 KB");
	else {
		text = arena_alloc(r->a, (size_t)st.st_size + 1);
		n = text != NULL ? read(fd, text, (size_t)st.st_size) : 0;
		if (text == NULL || n < 0)
			fault(r, text == NULL ? "cannot be read: out of memory" : "cannot be read");
		else if (strlen(text) != (size_t)n)
			fault(r, "is not text");
	}
	close(fd);
	return n >= 0 && text != NULL && strlen(text) == (size_t)n ? text : NULL;
}

void
file_read(const char *path, bool must_exist, struct arena *a, const struct file_sink *sink)
{
	struct reading r = { .sink = sink, .a = a, .path = path };
	int line;

	r.rest = slurp(&r, must_exist);
	if (r.rest == NULL)
		return;
	line = ini_parse_stream(next_line, &r, take, &r);
	if (line > 0)
		fault_at(&r, line, "is malformed: settings are written NAME = value");
	else if (line < 0)
		fault(&r, "cannot be read: out of memory");
}
