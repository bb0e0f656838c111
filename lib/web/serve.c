/* SPDX-License-Identifier: MIT */
#include "web/serve.h"

#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "flow/acting.h"
#include "metrics/metrics.h"
#include "session/session.h"
#include "web/cookie.h"
#include "web/exposure.h"
#include "web/origin.h"
#include "web/problem.h"
#include "web/request.h"
#include "web/response.h"

#define REQUEST_MEMORY_MAX (128u * 1024 * 1024)
#define UNAVAILABLE_MEMORY_MAX (256 * 1024)
#define HEADERS_MAX        (32 * 1024)
#define REQUEST_ID_BYTES   12
#define REQUEST_DEADLINE_MS 60000

void
serve_init(struct server *sv, struct app *app, const struct program *program)
{
	sv->app = app;
	sv->program = program;
	sv->exposure = (struct exposure){ .roots = "" };
	arena_init(&sv->memory, REQUEST_MEMORY_MAX);
}

void
serve_close(struct server *sv)
{
	arena_free(&sv->memory);
}

static const char *
new_request_id(struct arena *a)
{
	unsigned char raw[REQUEST_ID_BYTES];
	const char *id;

	crypto_random(raw, sizeof(raw));
	id = crypto_b64url(a, raw, sizeof(raw));
	return id != NULL ? id : "-";
}

/*
 * An encoded slash reads like a separator once the web server has decoded it, so
 * it is looked for where the browser wrote it; only where that is our own address.
 */
static bool
has_encoded_slash(const struct request *rq)
{
	const char *uri = request_variable(rq, "REQUEST_URI");
	size_t n, i;

	if (uri == NULL)
		return false;
	n = strcspn(uri, "?");
	for (i = 0; i + 2 < n; i++)
		if (strncasecmp(uri + i, "%2f", 3) == 0 || strncasecmp(uri + i, "%5c", 3) == 0)
			return true;
	return false;
}

/* For whom the route does not exist, or not as the browser wrote its path. */
static bool
is_hidden(const struct server *sv, const struct request *rq, const struct route *route, enum err found)
{
	if ((route->flags & ROUTE_METRICS) &&
	    !origin_address_in(request_variable(rq, "REMOTE_ADDR"), sv->app->config.metrics_allow))
		return true;
	return found == ERR_OK && !(route->flags & ROUTE_GUARD) && has_encoded_slash(rq);
}

/* 400, 404, 405, 403: what can be said without looking at anything of the visitor's. */
static enum err
admit(struct server *sv, struct request *rq, struct response *rs, const struct route **route)
{
	const char *allow;
	enum err e, found;

	found = route_find(sv->program, rq, route, &allow);
	if (found == ERR_OK && ((*route)->flags & ROUTE_ANY_HOST)) {
		origin_assume(rq);
		return ERR_OK;
	}
	if (found == ERR_NOMEM)
		return found;
	/* The host is judged first: under a foreign name nothing of ours exists. */
	e = origin_find(rq, &sv->app->config);
	if (e != ERR_OK)
		return e;
	if (found == ERR_NOT_FOUND || is_hidden(sv, rq, *route, found))
		return call_fail(&rq->call, ERR_NOT_FOUND, "Nothing is at this address.");
	if (found == ERR_METHOD) {
		e = response_header(rs, "Allow", allow);
		return e != ERR_OK ? e : call_fail(&rq->call, found, "This address takes %s.", allow);
	}
	return (*route)->proof == PROOF_SAME_SITE ? origin_check_same_site(rq) : ERR_OK;
}

static enum err
find_session(struct server *sv, struct request *rq, const struct route *route)
{
	struct session *s;
	enum err e;

	if (rq->cookie == NULL)
		e = ERR_NO_SESSION;
	else {
		s = arena_alloc(rq->call.arena, sizeof(*s));
		if (s == NULL)
			return ERR_NOMEM;
		e = session_load(sv->app, rq->cookie, rq->call.arena, s);
		if (e == ERR_OK)
			rq->session = s;
	}
	if (e == ERR_NO_SESSION && route->session == VISITOR)
		return ERR_OK;
	if (e == ERR_NO_SESSION)
		return call_fail(&rq->call, e, "Nobody is signed in here, or the session has ended; sign in first.");
	return e;
}

/* The state: there, ours alone, and out of the web server's reach. */
static enum err
find_state(struct server *sv, struct request *rq)
{
	enum err e;

	e = exposure_check(rq, &sv->app->config, &sv->exposure);
	if (e != ERR_OK)
		return e;
	e = app_state(sv->app);
	if (e != ERR_OK)
		return call_fail(&rq->call, e, "This site cannot be used as it is set up. %s Its owner finds out more with the "
		    "command: oscgi doctor", sv->app->state_fault != NULL ? sv->app->state_fault : "");
	return ERR_OK;
}

static enum err
run(struct server *sv, struct request *rq, struct response *rs, const struct route **route)
{
	struct acting act;
	enum err e;

	e = admit(sv, rq, rs, route);
	if (e != ERR_OK)
		return e;
	cookie_read(rq, &sv->app->config);
	/* Who brings no cookie is answered without a look at the disk. */
	if (rq->cookie != NULL || (*route)->session == ANYONE) {
		e = find_state(sv, rq);
		if (e != ERR_OK)
			return e;
	}
	if ((*route)->session != ANYONE) {
		e = find_session(sv, rq, *route);
		if (e != ERR_OK)
			return e;
	}
	if ((*route)->body == JSON_BODY) {
		e = request_read_json(rq);
		if (e != ERR_OK)
			return e;
	}
	if ((*route)->session != ACTING)
		return (*route)->run(sv->app, rq, rs);
	e = acting_open(&act, sv->app, &rq->call, rq->session);
	if (e != ERR_OK)
		return e;
	rq->osc = &act.osc;
	e = (*route)->run(sv->app, rq, rs);
	acting_close(&act);
	return e;
}

static void
log_request(const struct server *sv, const struct request *rq, const struct response *rs, enum err e, int64_t began_ms)
{
	const struct err_info *info = err_info(e);
	struct log_line l;

	if (info->log_level > (int)log_get_level())
		return;
	log_begin(&l, (enum log_level)info->log_level, "request");
	log_str(&l, "id", rq->call.request_id);
	log_str(&l, "program", sv->program->name);
	log_str(&l, "method", request_variable(rq, "REQUEST_METHOD"));
	log_str(&l, "script", rq->script_name);
	log_str(&l, "path", *rq->path != '\0' ? rq->path : NULL);
	log_int(&l, "status", rs->status);
	log_int(&l, "ms", clock_mono_ms(sv->app->clock) - began_ms);
	if (e != ERR_OK) {
		log_str(&l, "error", info->name);
		log_str(&l, "upstream", rq->call.upstream_service);
		log_str(&l, "detail", rq->call.detail);
	}
	log_end(&l);
}

static void
count_request(const struct server *sv, const struct response *rs, int64_t began_ms)
{
	if (sv->app->metrics != NULL && app_state_dir(sv->app) == ERR_OK)
		metrics_count(sv->app->metrics, sv->program->name, rs->status, clock_mono_ms(sv->app->clock) - began_ms);
}

/* An address that holds a code is told to nobody; that of another page of ours, to ourselves. */
static const char *
referrer_policy(const struct route *route)
{
	if (route->proof == PROOF_STATE)
		return "Referrer-Policy: no-referrer\r\n";
	return route->errors == AS_PAGE ? "Referrer-Policy: same-origin\r\n" : "";
}

static void
send(struct gateway_exchange *x, const struct route *route, const struct request *rq, const struct response *rs)
{
	struct buf head;
	char digits[TEXT_INT_MAX];

	buf_init(&head, HEADERS_MAX + 1024);
	buf_str(&head, "Status: ");
	buf_str(&head, text_of_int(rs->status, digits));
	buf_str(&head, "\r\n");
	if (rs->content_type != NULL) {
		buf_str(&head, "Content-Type: ");
		buf_str(&head, rs->content_type);
		buf_str(&head, "\r\nContent-Length: ");
		buf_str(&head, text_of_int((int64_t)rs->body.len, digits));
		buf_str(&head, "\r\n");
	}
	buf_add(&head, buf_cstr(&rs->headers), rs->headers.len);
	buf_str(&head, referrer_policy(route));
	buf_str(&head, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n");
	if (buf_ok(&head) && x->write(x, buf_cstr(&head), head.len) && rs->content_type != NULL && rq->method != M_HEAD)
		(void)x->write(x, buf_cstr(&rs->body), rs->body.len);
	buf_free(&head);
}

/* Where a sign-in begins, as browsers reach it; under a name that is not ours, as it was reached. */
static const char *
retry_address(const struct request *rq)
{
	return request_sibling(rq, rq->address != NULL ? rq->address : rq->script_name, "signin");
}

void
serve_unavailable(void *program, struct gateway_exchange *x)
{
	const struct program *p = program;
	struct arena memory;
	struct request rq = { .exchange = x, .call = { .arena = &memory } };
	struct response rs = { .arena = &memory, .status = 200 };
	enum err e;

	arena_init(&memory, UNAVAILABLE_MEMORY_MAX);
	buf_init(&rs.headers, HEADERS_MAX);
	buf_init(&rs.body, RESPONSE_BODY_MAX);
	rq.call.request_id = new_request_id(&memory);
	request_read(&rq, p);
	e = call_fail(&rq.call, ERR_CONFIG, "Its owner finds out what is wrong with the command: oscgi doctor");
	problem_answer(&rs, &rq, e, p->routes[0].errors, NULL);
	send(x, &p->routes[0], &rq, &rs);
	buf_free(&rs.headers);
	buf_free(&rs.body);
	arena_free(&memory);
}

void
serve_exchange(void *server, struct gateway_exchange *x)
{
	struct server *sv = server;
	struct request rq = { .exchange = x, .call = { .arena = &sv->memory } };
	struct response rs = { .arena = &sv->memory, .status = 200 };
	const struct route *route = &sv->program->routes[0];
	int64_t began_ms = clock_mono_ms(sv->app->clock);
	enum err e;

	buf_init(&rs.headers, HEADERS_MAX);
	buf_init(&rs.body, RESPONSE_BODY_MAX);
	rq.call.request_id = new_request_id(&sv->memory);
	rq.call.deadline_ms = began_ms + REQUEST_DEADLINE_MS;
	request_read(&rq, sv->program);
	e = run(sv, &rq, &rs, &route);
	if (e != ERR_OK && !rs.streamed)
		problem_answer(&rs, &rq, e, route->errors, route->errors == AS_PAGE ? retry_address(&rq) : NULL);
	if (!rs.streamed)
		send(x, route, &rq, &rs);
	log_request(sv, &rq, &rs, e, began_ms);
	count_request(sv, &rs, began_ms);
	buf_free(&rs.headers);
	buf_free(&rs.body);
	arena_reset(&sv->memory);
}
