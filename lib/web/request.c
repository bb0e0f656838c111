/* SPDX-License-Identifier: MIT */
#include "web/request.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "gateway/gateway.h"
#include "json/json.h"
#include "osc/mask.h"
#include "web/route.h"

#define FIELD_SHOWN_MAX 64

const char *
request_variable(const struct request *rq, const char *name)
{
	return gateway_param(rq->exchange, name);
}

static int
method_of(const char *name)
{
	static const struct { const char *name; int bit; } all[] = {
		{ "GET", M_GET }, { "POST", M_POST }, { "PUT", M_PUT }, { "PATCH", M_PATCH }, { "DELETE", M_DELETE },
		{ "HEAD", M_HEAD },
	};
	size_t i;

	for (i = 0; name != NULL && i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(name, all[i].name) == 0)
			return all[i].bit;
	return M_OTHER;
}

/* The last part of the script's name says what was asked for, where a program has several addresses. */
static const char *
alias_path(const struct request *rq, const struct program *program)
{
	const char *last = strrchr(rq->script_name, '/');
	const struct route_alias *al;

	last = last != NULL ? last + 1 : rq->script_name;
	for (al = program->aliases; al != NULL && al->script != NULL; al++)
		if (strcmp(al->script, last) == 0)
			return al->path;
	return "";
}

static void
add_param(struct request *rq, const char *text, size_t len)
{
	const char *eq = memchr(text, '=', len);
	size_t name_len = eq != NULL ? (size_t)(eq - text) : len, i;
	char *name = text_percent_decode(rq->call.arena, text, name_len, true), *value;

	if (name == NULL || *name == '\0')
		return;
	for (i = 0; i < rq->params_n; i++) {
		if (strcmp(rq->params[i].name, name) == 0) {
			rq->params[i].repeated = true;
			return;
		}
	}
	if (rq->params_n == REQUEST_PARAMS_MAX)
		return;
	value = eq == NULL ? arena_strdup(rq->call.arena, "") :
	    text_percent_decode(rq->call.arena, eq + 1, len - name_len - 1, true);
	if (value != NULL && !text_is_utf8(value, strlen(value)))
		value = NULL;
	rq->params[rq->params_n++] = (struct request_field){ .name = name, .value = value };
}

static void
read_query(struct request *rq)
{
	const char *q = request_variable(rq, "QUERY_STRING");
	size_t n;

	if (q == NULL || strlen(q) > REQUEST_QUERY_MAX)
		return;
	while (*q != '\0') {
		n = strcspn(q, "&");
		if (n > 0)
			add_param(rq, q, n);
		q += n;
		if (*q == '&')
			q++;
	}
}

static bool
ends_in_short_address(const char *address)
{
	static const char *const rooms[] = { "/auth", "/api" };
	const char *last = strrchr(address, '/');
	size_t n = (size_t)(last - address), i, m;

	for (i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		m = strlen(rooms[i]);
		if (n >= m && memcmp(last - m, rooms[i], m) == 0)
			return true;
	}
	return strcmp(last, "/healthz") == 0 || strcmp(last, "/metrics") == 0;
}

/*
 * Where Apache's .htaccess leads a short address to a program, SCRIPT_NAME is the
 * program's own; REDIRECT_URL is what the browser used, with the rest of the path.
 * (A variable of our own would not get through suexec.)  A page that is shown in
 * place of a refused one has it too, with another status, and so has rewriting that
 * is not ours.  NULL: none of that.
 */
static const char *
short_address(const struct request *rq)
{
	const char *url = request_variable(rq, "REDIRECT_URL"), *status = request_variable(rq, "REDIRECT_STATUS");
	const char *info = request_variable(rq, "PATH_INFO"), *address;
	size_t n, m = info != NULL ? strlen(info) : 0;

	if (url == NULL || *url != '/' || status == NULL || strcmp(status, "200") != 0)
		return NULL;
	n = strlen(url);
	if (n <= m || (m > 0 && memcmp(url + n - m, info, m) != 0))
		return NULL;
	address = arena_strndup(rq->call.arena, url, n - m);
	return address != NULL && ends_in_short_address(address) ? address : NULL;
}

static const char *
script_name(const struct request *rq)
{
	const char *value = short_address(rq);

	if (value == NULL)
		value = request_variable(rq, "SCRIPT_NAME");
	return value != NULL && *value == '/' ? value : "";
}

void
request_read(struct request *rq, const struct program *program)
{
	const char *info = request_variable(rq, "PATH_INFO"), *path;

	rq->method = method_of(request_variable(rq, "REQUEST_METHOD"));
	rq->script_name = script_name(rq);
	/* An authorizer is asked about another address: the path is that of the guarded program. */
	path = rq->exchange->authorizer ? "" :
	    arena_concat(rq->call.arena, alias_path(rq, program), info != NULL ? info : "");
	rq->path = path != NULL ? path : "";
	read_query(rq);
}

enum err
request_param(struct request *rq, const char *name, size_t max_len, const char **out)
{
	size_t i;

	*out = NULL;
	for (i = 0; i < rq->params_n; i++) {
		const struct request_field *f = &rq->params[i];

		if (strcmp(f->name, name) != 0)
			continue;
		if (f->repeated)
			return call_fail(&rq->call, ERR_BAD_REQUEST, "The parameter %s is given twice.", name);
		if (f->value == NULL)
			return call_fail(&rq->call, ERR_BAD_REQUEST, "The parameter %s is not percent-encoded UTF-8.",
			    name);
		if (strlen(f->value) > max_len)
			return call_fail(&rq->call, ERR_BAD_REQUEST, "The parameter %s is longer than %zu bytes.", name,
			    max_len);
		*out = f->value;
		return ERR_OK;
	}
	return ERR_OK;
}

enum err
request_param_int(struct request *rq, const char *name, int min, int max, int otherwise, int *out)
{
	const char *text;
	int64_t v;
	enum err e;

	e = request_param(rq, name, 12, &text);
	if (e != ERR_OK)
		return e;
	*out = otherwise;
	if (text == NULL)
		return ERR_OK;
	if (!text_to_int(text, max, &v) || v < min)
		return call_fail(&rq->call, ERR_BAD_REQUEST, "The parameter %s must be a whole number from %d to %d.",
		    name, min, max);
	*out = (int)v;
	return ERR_OK;
}

const char *
request_segment(const struct request *rq, const char *name)
{
	size_t i;

	for (i = 0; i < rq->segments_n; i++)
		if (strcmp(rq->segment_names[i], name) == 0)
			return rq->segments[i];
	assert(!"a handler asks for a path parameter that its pattern has");
	return "";
}

const char *
request_path_reached(const struct request *rq)
{
	/* The address begins with the origin wherever one was found. */
	return rq->address != NULL && rq->origin != NULL ? rq->address + strlen(rq->origin) : rq->script_name;
}

const char *
request_sibling(const struct request *rq, const char *address, const char *program)
{
	const char *last = strrchr(address, '/'), *ending, *dir;

	if (last == NULL)
		return NULL;
	ending = strchr(last, '.');
	dir = arena_strndup(rq->call.arena, address, (size_t)(last - address));
	return arena_concat(rq->call.arena, dir, "/", program, ending != NULL ? ending : "");
}

/* "application/json", whatever parameters follow. */
static bool
is_json(const char *type)
{
	static const char json[] = "application/json";
	size_t n = sizeof(json) - 1;

	return type != NULL && strncasecmp(type, json, n) == 0 && strchr(" \t;", type[n]) != NULL;
}

/* The whole body, or ERR_TOO_LARGE as soon as that is known. */
static enum err
read_body(struct request *rq, struct buf *body)
{
	const char *declared = request_variable(rq, "CONTENT_LENGTH");
	int64_t length = INT64_MAX;
	char chunk[16384];
	ssize_t n;

	if (declared != NULL && *declared != '\0' && !text_to_int(declared, INT64_MAX - 10, &length))
		return call_fail(&rq->call, ERR_BAD_REQUEST, "Content-Length is not a number.");
	if (declared != NULL && *declared != '\0' && length > REQUEST_BODY_MAX)
		return call_fail(&rq->call, ERR_TOO_LARGE, "The body may have at most %d bytes.", REQUEST_BODY_MAX);
	while ((int64_t)body->len < length) {
		size_t want = sizeof(chunk);

		if ((int64_t)want > length - (int64_t)body->len)
			want = (size_t)(length - (int64_t)body->len);
		n = rq->exchange->read(rq->exchange, chunk, want);
		if (n < 0)
			return call_fail(&rq->call, ERR_BAD_REQUEST, "The body did not arrive.");
		if (n == 0)
			break;
		buf_add(body, chunk, (size_t)n);
		if (!buf_ok(body))
			return call_fail(&rq->call, ERR_TOO_LARGE, "The body may have at most %d bytes.",
			    REQUEST_BODY_MAX);
	}
	if (length != INT64_MAX && (int64_t)body->len < length)
		return call_fail(&rq->call, ERR_BAD_REQUEST, "The body is shorter than its Content-Length.");
	return ERR_OK;
}

static enum err
parse_body(struct request *rq, const struct buf *body)
{
	const char *twin;
	enum err e;

	if (!text_is_utf8(buf_cstr(body), body->len))
		return call_fail(&rq->call, ERR_BAD_REQUEST, "The body is not UTF-8 text.");
	e = json_parse(rq->call.arena, buf_cstr(body), body->len, &rq->body);
	if (e == ERR_NOMEM)
		return e;
	if (e != ERR_OK || json_kind(rq->body) != JSON_OBJECT)
		return call_fail(&rq->call, ERR_BAD_REQUEST, "The body must be one JSON object.");
	e = json_find_twin(rq->call.arena, rq->body, &twin);
	if (e == ERR_OK && twin != NULL)
		return call_fail(&rq->call, ERR_BAD_REQUEST, "The body gives the field %s twice.",
		    strlen(twin) <= FIELD_SHOWN_MAX ? twin : "of a very long name");
	/* A page that writes back what it has read would make the mask the secret. */
	return e == ERR_OK ? osc_check_unmasked(&rq->call, rq->body) : e;
}

enum err
request_read_json(struct request *rq)
{
	const char *type = request_variable(rq, "CONTENT_TYPE");
	const char *length = request_variable(rq, "CONTENT_LENGTH");
	struct buf body;
	enum err e;

	if (type != NULL && *type == '\0')
		type = NULL;
	if (!is_json(type) && (type != NULL || (length != NULL && *length != '\0' && strcmp(length, "0") != 0)))
		return call_fail(&rq->call, ERR_MEDIA_TYPE, "The body must be sent as application/json.");
	buf_init(&body, REQUEST_BODY_MAX);
	e = read_body(rq, &body);
	if (e == ERR_OK)
		e = parse_body(rq, &body);
	buf_free(&body);
	return e;
}
