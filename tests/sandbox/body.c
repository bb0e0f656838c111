/* SPDX-License-Identifier: MIT */
#include "body.h"

#include <string.h>
#include <strings.h>

static bool
is_type(const char *header, const char *type)
{
	size_t len = strlen(type);

	return strncasecmp(header, type, len) == 0 && strchr(" ;", header[len]) != NULL;
}

static bool
has_none(const struct call *call, const char *type)
{
	if (strcmp(call->method, "GET") == 0)
		return true;
	if (type == NULL)
		return call->body_len == 0;
	/* A DELETE that says nothing of a body has none, whatever type it declares. */
	return strcmp(call->method, "DELETE") == 0 && call_header(call, "Content-Length") == NULL &&
	    call_header(call, "Transfer-Encoding") == NULL;
}

void
body_parse(struct call *call, bool form_allowed)
{
	const char *type = call_header(call, "Content-Type");

	if (call->body_fault != BODY_OK || has_none(call, type))
		return;
	if (type != NULL && form_allowed && is_type(type, "application/x-www-form-urlencoded")) {
		form_parse(&call->pool, call->body, &call->form);
		if (strlen(call->body) != call->body_len)
			call->form.malformed = true;
	} else if (type == NULL || !is_type(type, "application/json"))
		call->body_fault = BODY_WRONG_TYPE;
	else if (call->body_len == 0)
		call->body_fault = BODY_EMPTY;
	else {
		call->json = cJSON_ParseWithLengthOpts(call->body, call->body_len + 1, NULL, 1);
		if (call->json == NULL)
			call->body_fault = BODY_NOT_JSON;
	}
}

bool
body_refused(struct call *call)
{
	const char *type = call_header(call, "Content-Type");

	switch (call->body_fault) {
	case BODY_OK:
		return false;
	case BODY_TOO_LARGE:
		reply_fastify(call, 413, "FST_ERR_CTP_BODY_TOO_LARGE", "Request body is too large");
		break;
	case BODY_WRONG_TYPE:
		reply_fastify(call, 415, "FST_ERR_CTP_INVALID_MEDIA_TYPE",
		    pool_printf(&call->pool, "Unsupported Media Type: %s", type == NULL ? "undefined" : type));
		break;
	case BODY_EMPTY:
		reply_fastify(call, 400, "FST_ERR_CTP_EMPTY_JSON_BODY",
		    "Body cannot be empty when content-type is set to 'application/json'");
		break;
	case BODY_NOT_JSON:
		reply_fastify(call, 400, "FST_ERR_CTP_INVALID_JSON_BODY",
		    "Body is not valid JSON but content-type is set to 'application/json'");
		break;
	}
	return true;
}
