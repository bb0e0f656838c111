/* SPDX-License-Identifier: MIT */
#include "web/response.h"

#include <string.h>

#include "base/text.h"
#include "json/json.h"

#define LOCATION_MAX (24 * 1024)

enum err
response_header(struct response *rs, const char *name, const char *value)
{
	if (text_has_control(name) || text_has_control(value))
		return ERR_PROTOCOL;
	buf_str(&rs->headers, name);
	buf_str(&rs->headers, ": ");
	buf_str(&rs->headers, value);
	buf_str(&rs->headers, "\r\n");
	return buf_ok(&rs->headers) ? ERR_OK : ERR_NOMEM;
}

static enum err
set_body(struct response *rs, int status, const char *type, const void *data, size_t len)
{
	rs->status = status;
	rs->content_type = type;
	buf_clear(&rs->body);
	buf_add(&rs->body, data, len);
	return buf_ok(&rs->body) ? ERR_OK : ERR_NOMEM;
}

enum err
response_json(struct response *rs, int status, const struct json *body)
{
	size_t len;
	const char *text = json_print(rs->arena, body, &len);

	if (text == NULL)
		return ERR_NOMEM;
	return set_body(rs, status, "application/json", text, len);
}

enum err
response_text(struct response *rs, int status, const char *text, size_t len)
{
	return set_body(rs, status, "text/plain; charset=utf-8", text, len);
}

enum err
response_empty(struct response *rs, int status)
{
	rs->status = status;
	rs->content_type = NULL;
	buf_clear(&rs->body);
	return ERR_OK;
}

enum err
response_redirect(struct response *rs, int status, const char *location)
{
	enum err e = response_empty(rs, status);
	struct buf uri;

	buf_init(&uri, LOCATION_MAX);
	text_uri_escape(&uri, location);
	if (e == ERR_OK)
		e = buf_ok(&uri) ? response_header(rs, "Location", buf_cstr(&uri)) : ERR_NOMEM;
	buf_free(&uri);
	return e;
}
