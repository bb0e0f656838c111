/* SPDX-License-Identifier: MIT */
/*
 * One request and the answer to it, as the services see them.  Everything in
 * it lives until the answer is sent; nothing needs to be freed.
 */
#ifndef SANDBOX_CALL_H
#define SANDBOX_CALL_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "form.h"
#include "mem.h"
#include "spool.h"
#include "stream.h"

#define CALL_BODY_MAX 1048576
#define CALL_PARAMS 6

struct world;
struct origin;
struct MHD_Connection;

struct call {
	struct world *world;
	const struct origin *origin;
	struct pool pool;
	struct MHD_Connection *connection;
	unsigned long connection_id;
	int port;			/* the origin's */
	const char *role;		/* and its name */
	unsigned long log_id;
	unsigned long changes;		/* of the world's settings, when it came */

	/* Of the request. */
	const char *method;		/* "GET" also for HEAD */
	const char *verb;		/* as sent */
	const char *target;		/* as sent: path and query */
	const char *path;		/* as sent, without the query */
	const char *query_text;		/* NULL: none */
	struct form query;
	const char *param[CALL_PARAMS];	/* what the route's ":" stand for, decoded */
	char *body;			/* never NULL once read; ends in a NUL */
	size_t body_len;
	struct spool *spool;		/* in place of the body, where that may be large; NULL: it is not */
	enum body_fault { BODY_OK, BODY_TOO_LARGE, BODY_WRONG_TYPE, BODY_EMPTY, BODY_NOT_JSON } body_fault;
	cJSON *json;			/* of a JSON body */
	struct form form;		/* of a form's body */

	/* Of the answer. */
	const char *tenant;		/* who asked, for the log; NULL: nobody */
	int status;			/* 0: none given yet */
	const char *reply;
	size_t reply_len;
	const char *reply_type;		/* NULL: no content type */
	bool reply_is_file;		/* reply_len bytes of reply_fd from reply_offset on, in place of reply */
	int reply_fd;
	uint64_t reply_offset;
	struct call_header {
		struct call_header *next;
		const char *name, *value;
	} *headers;
	struct stream stream;		/* unless its kind and size are 0: how it is sent instead */
	struct {
		void (*run)(struct call *call);	/* NULL: nothing */
		const char *url, *key, *text;
	} later;			/* what remains to be done without the world's mutex, before the answer is sent */
	int64_t delay_ms;		/* before the answer is sent */
	bool drop;			/* hang up instead */
};

/* NULL: absent.  Names without case. */
const char *call_header(const struct call *call, const char *name);

/* Add those whose names begin so, in lower case, to an object. */
void call_headers_with(const struct call *call, const char *prefix, cJSON *object);
const char *call_cookie(struct call *call, const char *name);

/* The token of "Bearer x" in a header; NULL: absent or of another kind. */
const char *call_bearer(struct call *call, const char *header);

/* A string member of the JSON body; NULL: absent, another type, or no JSON object at all. */
const char *call_json_string(const struct call *call, const char *name);

void call_add_header(struct call *call, const char *name, const char *value);

/* Answers.  object: consumed.  text: copied. */
void reply_json(struct call *call, int status, cJSON *object);
void reply_text(struct call *call, int status, const char *type, const char *text);
/* A piece of an open file, which is closed in the end. */
void reply_file(struct call *call, int status, const char *type, int fd, uint64_t offset, size_t len);
void reply_empty(struct call *call, int status);
void reply_redirect(struct call *call, int status, const char *url);

/* {"reason":...}, the platform's own way to refuse. */
void reply_reason(struct call *call, int status, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Fastify's way: {"statusCode","code"?,"error","message"}. */
void reply_fastify(struct call *call, int status, const char *code, const char *message);

/* {"error","error_description"}					RFC 6749 5.2, RFC 7591 3.2.2 */
void reply_oauth(struct call *call, int status, const char *error, const char *description);

#endif
