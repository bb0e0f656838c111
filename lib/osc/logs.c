/* SPDX-License-Identifier: MIT */
#include "osc/logs.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "osc/mask.h"
#include "osc/operate.h"

#define TEXT_MAX (HTTP_BODY_MAX * 3)	/* each byte that is no UTF-8 becomes three */

static void
add_line(struct buf *out, const struct json *line)
{
	if (json_text(line) == NULL)
		return;
	buf_str(out, json_text(line));
	if (!text_ends_with(json_text(line), "\n"))
		buf_char(out, '\n');
}

/* As text, as a JSON string, or as an array of strings: the platform has all three. */
static void
add_text(struct buf *out, const struct osc_call *call)
{
	if (call->json != NULL && json_kind(call->json) == JSON_STRING)
		buf_str(out, json_text(call->json));
	else if (call->json != NULL && json_kind(call->json) == JSON_ARRAY && json_text(json_first(call->json)) != NULL)
		for (const struct json *line = json_first(call->json); line != NULL; line = json_next(line))
			add_line(out, line);
	else
		buf_str(out, call->body_text);
}

/* Where the last lines begin. */
static const char *
tail_of(const char *text, int lines)
{
	const char *p = text + strlen(text);

	if (lines == 0)
		return text;
	if (p > text && p[-1] == '\n')
		p--;
	while (p > text) {
		if (p[-1] == '\n' && --lines == 0)
			return p;
		p--;
	}
	return text;
}

/* What an application writes need not be text. */
static void
add_readable(struct buf *out, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		if (text_is_utf8(text, len)) {
			buf_add(out, text, len);
		} else {
			for (size_t i = 0; i < len; i++)
				if ((unsigned char)text[i] < 0x80)
					buf_char(out, text[i]);
				else
					buf_str(out, "\xef\xbf\xbd");
		}
		text += len;
		if (*text == '\n') {
			buf_char(out, '\n');
			text++;
		}
	}
}

enum err
osc_logs_read(struct osc_client *o, struct osc_service *s, const char *name, int lines, const char **text)
{
	struct osc_call call = { .service = s, .method = "GET", .accept = "text/plain, application/json" };
	struct buf raw, readable;
	enum err e = osc_operate(o, &call, OSC_LINK_LOGS, name);

	if (e != ERR_OK)
		return e;
	buf_init(&raw, HTTP_BODY_MAX + 1);
	buf_init(&readable, TEXT_MAX);
	add_text(&raw, &call);
	add_readable(&readable, tail_of(buf_cstr(&raw), lines));
	*text = buf_ok(&raw) && buf_ok(&readable) ? osc_mask_text(o->call->arena, buf_cstr(&readable)) : NULL;
	buf_free(&raw);
	buf_free(&readable);
	return *text != NULL ? ERR_OK : ERR_NOMEM;
}
