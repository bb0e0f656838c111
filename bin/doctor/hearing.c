/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/log.h"
#include "doctor/doctor.h"

/* The log's sink carries no context: this is it. */
static struct hearing heard;
static bool heard_error;

/* A line that is too long was cut, perhaps within what stands for one byte: "\\x" and two digits, or a backslash and itself. */
static bool
is_cut(const char *escape)
{
	return strcspn(escape, "\n") < (escape[1] == 'x' ? 4 : 2);
}

/* A value as log_str writes it, back to what it was. */
static void
read_value(const char *text, char *out, size_t size)
{
	bool quoted = *text == '"';
	size_t n = 0;

	text += quoted;
	while (*text != '\0' && *text != '\n' && *text != (quoted ? '"' : ' ') && n + 1 < size) {
		if (*text == '\\' && is_cut(text))
			break;
		if (*text == '\\' && text[1] == 'x')
			text += 3, out[n++] = '?';
		else
			out[n++] = *text == '\\' ? *++text : *text;
		text++;
	}
	out[n] = '\0';
}

static void
read_field(const char *line, const char *mark, char *out, size_t size)
{
	const char *p = strstr(line, mark);

	*out = '\0';
	if (p != NULL)
		read_value(p + strlen(mark), out, size);
}

static void
listen_to(const char *line, size_t len)
{
	char text[LOG_LINE_MAX + 1];
	bool error = strncmp(line, "level=error", 11) == 0;

	if (heard_error || (!error && (strncmp(line, "level=warn", 10) != 0 || *heard.event != '\0')))
		return;
	if (len > LOG_LINE_MAX)
		len = LOG_LINE_MAX;
	memcpy(text, line, len);
	text[len] = '\0';
	heard_error = error;
	read_field(text, " event=", heard.event, sizeof(heard.event));
	read_field(text, " detail=", heard.detail, sizeof(heard.detail));
}

void
hearing_begin(void)
{
	memset(&heard, 0, sizeof(heard));
	heard_error = false;
	log_set_sink(listen_to);
}

const struct hearing *
hearing_end(void)
{
	log_set_sink(NULL);
	return &heard;
}
