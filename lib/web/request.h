/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_WEB_REQUEST_H
#define OSCGI_WEB_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/call.h"
#include "base/err.h"

struct config;
struct gateway_exchange;
struct json;
struct osc_client;
struct program;
struct session;

/* One bit each, so that a route names several. */
enum {
	M_GET = 1, M_POST = 2, M_PUT = 4, M_PATCH = 8, M_DELETE = 16, M_HEAD = 32,
	M_OTHER = 64,	/* any that is not ours, such as OPTIONS */
	M_ANY = 127
};

#define REQUEST_BODY_MAX   (1024 * 1024)
#define REQUEST_QUERY_MAX  (16 * 1024)
#define REQUEST_PARAMS_MAX 32
#define REQUEST_SEGMENTS_MAX 6

struct request_field {
	const char *name, *value;	/* decoded; value NULL: it was malformed */
	bool        repeated;
};

/*
 * A request, validated at the edge: what is reached from here may be relied on.
 * All strings are in call.arena.
 */
struct request {
	struct call              call;
	struct gateway_exchange *exchange;

	int         method;	/* M_... */
	const char *script_name;	/* "/api/instances" */
	const char *path;	/* within the program: "", "/minio-minio/x", "/-/suspended" */

	/* where the browser thinks it is; see web/origin.h */
	bool        https;
	const char *host;	/* lower case, with :port unless the scheme's own */
	const char *origin;	/* scheme://host[:port], as browsers name it */
	const char *address;	/* of the program: origin and the path by which browsers reach it */

	struct request_field params[REQUEST_PARAMS_MAX];
	size_t               params_n;

	/* path parameters, by the names in the route's pattern */
	const char *segment_names[REQUEST_SEGMENTS_MAX], *segments[REQUEST_SEGMENTS_MAX];
	size_t      segments_n;

	const char  *cookie;	/* the value of our cookie when well-formed and given once; else NULL */
	struct json *body;	/* the JSON object of the body where the route takes one */

	struct session    *session;	/* where the route asks for one; NULL = nobody signed in */
	struct osc_client *osc;	/* where the route acts as the visitor: never NULL there */
};

/* A header by its CGI variable's name ("HTTP_ACCEPT"), or any other variable; NULL when absent. */
const char *request_variable(const struct request *rq, const char *name);

/*
 * A query parameter, decoded.  *out NULL when absent.  ERR_BAD_REQUEST (with
 * words) when it is given twice, malformed, not UTF-8, or longer than max_len bytes.
 */
WARN_UNUSED enum err request_param(struct request *rq, const char *name, size_t max_len, const char **out);
/* The same for a whole number in min..max; `otherwise` when absent. */
WARN_UNUSED enum err request_param_int(struct request *rq, const char *name, int min, int max, int otherwise, int *out);

/* A path parameter that the route's pattern names; never NULL, checked against its pattern. */
const char *request_segment(const struct request *rq, const char *name);

/* The path by which browsers reach this program, without its PATH_INFO: for a Location.  Borrowed. */
const char *request_path_reached(const struct request *rq);

/*
 * The address of another program beside the one at `address` (a URL or a path), with the same
 * ending (.cgi, .fcgi); NULL when out of memory, or `address` has no slash.
 */
const char *request_sibling(const struct request *rq, const char *address, const char *program);

/*
 * Fill in what the web server's variables say: method, path, query.  Never fails:
 * what is malformed is found when it is asked for.
 */
void request_read(struct request *rq, const struct program *program);

/*
 * Read and parse the JSON object that a route takes.
 *
 * ERR_MEDIA_TYPE, ERR_TOO_LARGE, ERR_BAD_REQUEST, each with words
 */
WARN_UNUSED enum err request_read_json(struct request *rq);

#endif
