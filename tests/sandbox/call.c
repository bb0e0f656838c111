/* SPDX-License-Identifier: MIT */
#include "call.h"

#include <ctype.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *
call_header(const struct call *call, const char *name)
{
	return MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, name);
}

struct headers_with {
	const char *prefix;
	cJSON *object;
};

static enum MHD_Result
on_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	const struct headers_with *with = cls;
	char lower[128];
	size_t i;

	(void)kind;
	if (strncasecmp(name, with->prefix, strlen(with->prefix)) != 0 || strlen(name) >= sizeof(lower))
		return MHD_YES;
	for (i = 0; name[i] != '\0'; i++)
		lower[i] = (char)tolower((unsigned char)name[i]);
	lower[i] = '\0';
	cJSON_AddStringToObject(with->object, lower, value == NULL ? "" : value);
	return MHD_YES;
}

void
call_headers_with(const struct call *call, const char *prefix, cJSON *object)
{
	struct headers_with with = { prefix, object };

	MHD_get_connection_values(call->connection, MHD_HEADER_KIND, on_header, &with);
}

const char *
call_cookie(struct call *call, const char *name)
{
	const char *at = call_header(call, "Cookie");
	size_t len = strlen(name), end;

	for (; at != NULL && *at != '\0'; at += end + (at[end] == ';')) {
		at += strspn(at, " ");
		end = strcspn(at, ";");
		if (end > len && strncmp(at, name, len) == 0 && at[len] == '=')
			return pool_strndup(&call->pool, at + len + 1, end - len - 1);
	}
	return NULL;
}

const char *
call_bearer(struct call *call, const char *header)
{
	const char *value = call_header(call, header);

	if (value == NULL || strncasecmp(value, "Bearer ", 7) != 0)
		return NULL;
	value += 7;
	value += strspn(value, " ");
	return *value == '\0' ? NULL : value;
}

const char *
call_json_string(const struct call *call, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(call->json, name));
}

void
call_add_header(struct call *call, const char *name, const char *value)
{
	struct call_header *header = pool_new(&call->pool, sizeof(*header));

	header->name = pool_strdup(&call->pool, name);
	header->value = pool_strdup(&call->pool, value);
	header->next = call->headers;
	call->headers = header;
}

void
reply_json(struct call *call, int status, cJSON *object)
{
	call->status = status;
	call->reply = pool_adopt(&call->pool, cJSON_PrintUnformatted(object));
	call->reply_len = strlen(call->reply);
	call->reply_type = "application/json; charset=utf-8";
	cJSON_Delete(object);
}

void
reply_text(struct call *call, int status, const char *type, const char *text)
{
	call->status = status;
	call->reply = pool_strdup(&call->pool, text);
	call->reply_len = strlen(text);
	call->reply_type = type;
}

void
reply_file(struct call *call, int status, const char *type, int fd, uint64_t offset, size_t len)
{
	call->status = status;
	call->reply_is_file = true;
	call->reply_fd = fd;
	call->reply_offset = offset;
	call->reply_len = len;
	call->reply_type = type;
}

void
reply_empty(struct call *call, int status)
{
	call->status = status;
	call->reply = "";
	call->reply_len = 0;
	call->reply_type = NULL;
}

void
reply_redirect(struct call *call, int status, const char *url)
{
	reply_empty(call, status);
	call_add_header(call, "Location", url);
}

void
reply_reason(struct call *call, int status, const char *fmt, ...)
{
	cJSON *object = cJSON_CreateObject();
	char *reason;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&reason, fmt, ap) < 0)
		abort();
	va_end(ap);
	cJSON_AddStringToObject(object, "reason", reason);
	free(reason);
	reply_json(call, status, object);
}

static const char *
phrase(int status)
{
	switch (status) {
	case 400:
		return "Bad Request";
	case 404:
		return "Not Found";
	case 413:
		return "Payload Too Large";
	case 415:
		return "Unsupported Media Type";
	default:
		return "Internal Server Error";
	}
}

void
reply_fastify(struct call *call, int status, const char *code, const char *message)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddNumberToObject(object, "statusCode", status);
	if (code != NULL)
		cJSON_AddStringToObject(object, "code", code);
	cJSON_AddStringToObject(object, "error", phrase(status));
	cJSON_AddStringToObject(object, "message", message);
	reply_json(call, status, object);
}

void
reply_oauth(struct call *call, int status, const char *error, const char *description)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "error", error);
	if (description != NULL)
		cJSON_AddStringToObject(object, "error_description", description);
	call_add_header(call, "Cache-Control", "no-store");
	reply_json(call, status, object);
}
