/* SPDX-License-Identifier: MIT */
/*
 * operations - long work.  It advances whenever it is looked at.
 *
 *   GET               200 {"operations":[...]}: the visitor's, newest first
 *   GET {id}          200 the operation
 *     Accept: text/event-stream   "event: operation" with the same, whenever it changed, until it ends or for
 *                     30 s; two at a time for a session, else 429
 *   POST {id}/retry   202 goes on from the failed step    409 it has not failed
 *   DELETE {id}       202 it is asked to stop; what it made stays    204 it had ended, and is forgotten
 *
 *   404 there is no such operation of this visitor's
 */
#include <stdio.h>
#include <string.h>

#include "answering.h"
#include "base/clock.h"
#include "flow/operation.h"
#include "flow/tenant.h"
#include "flow/work.h"
#include "json/json.h"
#include "routes.h"
#include "session/session.h"
#include "store/store.h"
#include "web/request.h"
#include "web/response.h"
#include "web/stream.h"

#define LOOK_BUDGET_MS   2000	/* of an answer that somebody waits for */
#define LIST_BUDGET_MS   4000
#define STREAM_MS        28000
#define STREAM_PAUSE_MS  1000
#define STREAM_QUIET     10	/* pauses without an event until one asks whether anybody is there */
#define STREAM_RETRY_MS  1000
#define STREAMS_MAX      2

static enum err
find(struct app *app, struct request *rq, struct operation *op)
{
	const char *tenant;
	enum err e = tenant_of(app, rq->osc, rq->session, &tenant);

	return e == ERR_OK ? operation_load(app, &rq->call, tenant, request_segment(rq, "id"), op) : e;
}

static enum err
advance(struct app *app, struct request *rq, struct operation *op, int budget_ms)
{
	const struct work_hands hands = { rq->session, rq->osc };

	return work_advance(app, &rq->call, op, &hands, budget_ms);
}

static enum err
answer(struct request *rq, struct response *rs, int status, const struct operation *op)
{
	return response_json(rs, status, operation_document(rq->call.arena, op));
}

/* It goes on: 202, and where to look. */
static enum err
answer_accepted(struct request *rq, struct response *rs, const struct operation *op)
{
	enum err e = answer_location(rq, rs, op->id, NULL);

	return e == ERR_OK ? answer(rq, rs, 202, op) : e;
}

enum err
operations_list(struct app *app, struct request *rq, struct response *rs)
{
	struct json *out = json_object(rq->call.arena), *array = json_array(rq->call.arena);
	int64_t until_ms = clock_mono_ms(app->clock) + LIST_BUDGET_MS;
	struct operation *list;
	const char *tenant;
	size_t n;
	enum err e;

	e = tenant_of(app, rq->osc, rq->session, &tenant);
	if (e == ERR_OK)
		e = operation_list(app, &rq->call, tenant, &list, &n);
	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		if (clock_mono_ms(app->clock) < until_ms)
			e = advance(app, rq, &list[i], 0);
		if (e == ERR_NOT_FOUND) {	/* forgotten just now */
			call_recover(&rq->call);
			e = ERR_OK;
			continue;
		}
		json_append(array, operation_document(rq->call.arena, &list[i]));
	}
	if (e != ERR_OK)
		return e;
	json_set(out, "operations", array);
	return response_json(rs, 200, out);
}

/* The places of a session's streams are leases: they are free again when their process dies. */
static enum err
take_place(struct app *app, const struct request *rq, struct store_lease *lease)
{
	char name[STORE_NAME_MAX + 1];
	enum err e = ERR_BUSY;

	for (int i = 0; e == ERR_BUSY && i < STREAMS_MAX; i++) {
		snprintf(name, sizeof(name), "stream:%s:%d", rq->session->name, i);
		e = store_lease_take(app->store, name, lease);
	}
	return e;
}

static void
follow(struct app *app, struct request *rq, struct operation *op, struct store_lease *place)
{
	int64_t until_ms = clock_mono_ms(app->clock) + STREAM_MS;
	const char *sent = "", *text;
	int quiet = 0;

	rq->call.deadline_ms = until_ms + STREAM_PAUSE_MS;
	for (;;) {
		text = json_print(rq->call.arena, operation_document(rq->call.arena, op), NULL);
		if (text == NULL)
			return;
		if (strcmp(text, sent) != 0) {
			if (!stream_event(rq, "operation", text))
				return;
			sent = text;
			quiet = 0;
		} else if (++quiet % STREAM_QUIET == 0 && !stream_comment(rq)) {
			return;
		}
		if (operation_has_ended(op) || clock_mono_ms(app->clock) >= until_ms)
			return;
		clock_sleep_ms(app->clock, STREAM_PAUSE_MS);
		if (store_lease_keep(app->store, place) != ERR_OK)
			return;
		if (advance(app, rq, op, 0) != ERR_OK)
			return;
	}
}

static enum err
stream(struct app *app, struct request *rq, struct response *rs, struct operation *op)
{
	struct store_lease place;
	enum err e = take_place(app, rq, &place);

	if (e == ERR_BUSY)
		return call_fail(&rq->call, ERR_TOO_MANY, "This session follows %d operations already.", STREAMS_MAX);
	if (e != ERR_OK)
		return e;
	if (stream_begin(rq, rs, STREAM_RETRY_MS) == ERR_OK)
		follow(app, rq, op, &place);
	store_lease_release(app->store, &place);
	return ERR_OK;
}

enum err
operations_read(struct app *app, struct request *rq, struct response *rs)
{
	struct operation op;
	enum err e;

	e = find(app, rq, &op);
	if (e == ERR_OK && stream_is_wanted(rq))
		return stream(app, rq, rs, &op);
	if (e == ERR_OK)
		e = advance(app, rq, &op, LOOK_BUDGET_MS);
	return e == ERR_OK ? answer(rq, rs, 200, &op) : e;
}

enum err
operations_remove(struct app *app, struct request *rq, struct response *rs)
{
	const struct work_hands hands = { rq->session, rq->osc };
	struct operation op;
	enum err e;

	e = find(app, rq, &op);
	if (e != ERR_OK)
		return e;
	if (operation_has_ended(&op)) {
		e = operation_forget(app, &rq->call, &op);
		return e == ERR_OK ? response_empty(rs, 204) : e;
	}
	e = work_cancel(app, &rq->call, &op, &hands);
	return e == ERR_OK ? answer_accepted(rq, rs, &op) : e;
}

enum err
operations_retry(struct app *app, struct request *rq, struct response *rs)
{
	struct operation op;
	enum err e;

	e = find(app, rq, &op);
	if (e == ERR_OK)
		e = work_retry(app, &rq->call, &op, rq->session->id);
	return e == ERR_OK ? answer_accepted(rq, rs, &op) : e;
}
