/* SPDX-License-Identifier: MIT */
#include "flow/work.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "flow/acting.h"
#include "flow/tenant.h"
#include "session/session.h"

#define POLLS_MAX       60	/* of one step: with the pauses below, about nine minutes of looking */
#define FAILURES_MAX    5	/* in a row */
#define CONFIG_PAUSE_S  60
#define SAVE_TRIES      5
#define WORKER_MEMORY_MAX (64u * 1024 * 1024)
#define WORKER_CALL_MS  60000
#define STRANGE_LEFT_S  3600	/* since somebody who knows it wrote last: so long may an upgrade, or the way back, take */

static const char signin_words[] = "The sign-in that this work was done with has ended: sign in and retry.";

void
work_wait(struct work *w, int seconds, const char *detail)
{
	static const int pauses[] = { 1, 1, 1, 2, 3, 4, 6, 9, 10 };
	const int last = (int)(sizeof(pauses) / sizeof(pauses[0])) - 1;

	w->wait_s = seconds > 0 ? seconds : pauses[w->op->polls < last ? w->op->polls : last];
	w->step->detail = detail;
}

/*
 * How an operation ends
 */

static struct json *
problem(struct call *c, enum err e)
{
	struct json *j = json_object(c->arena), *upstream;
	int status = err_info(e)->status;

	if (e == ERR_REFUSED && c->upstream_status >= 400 && c->upstream_status < 500)
		status = c->upstream_status;
	json_set_string(j, "title", err_info(e)->title);
	json_set_int(j, "status", status);
	json_set_string(j, "detail", c->failed == e && c->detail != NULL ? c->detail : err_info(e)->title);
	if (c->upstream_service != NULL) {
		upstream = json_object(c->arena);
		json_set_string(upstream, "service", c->upstream_service);
		json_set_int(upstream, "status", c->upstream_status);
		json_set(j, "upstream", upstream);
	}
	return j;
}

static struct operation_step *
step_in_hand(const struct operation *op)
{
	for (size_t i = 0; i < op->steps_n; i++)
		if (op->steps[i].status != OPERATION_SUCCEEDED)
			return &op->steps[i];
	return NULL;
}

static void
end_step(struct app *app, struct operation_step *s, enum operation_status status)
{
	s->status = status;
	s->ended_at_s = clock_now_s(app->clock);
}

static void
reset_counts(struct operation *op)
{
	op->polls = op->failures = op->missing = 0;
	op->wait_until_s = 0;
}

static void
fail(struct app *app, struct call *c, struct operation *op, enum err e)
{
	struct operation_step *s = step_in_hand(op);

	op->status = OPERATION_FAILED;
	op->error = problem(c, e);
	if (s != NULL) {
		end_step(app, s, OPERATION_FAILED);
		s->detail = json_string(op->error, "detail");
	}
	call_recover(c);
}

static void
stop(struct app *app, struct operation *op)
{
	for (size_t i = 0; i < op->steps_n; i++)
		if (op->steps[i].status != OPERATION_SUCCEEDED) {
			op->steps[i].status = OPERATION_CANCELLED;
			op->steps[i].detail = NULL;
			if (op->steps[i].started_at_s != 0)
				op->steps[i].ended_at_s = clock_now_s(app->clock);
		}
	op->status = OPERATION_CANCELLED;
}

/*
 * One step
 */

static const struct recipe_step *
find_step(const struct recipe *recipe, const char *name)
{
	for (size_t i = 0; recipe != NULL && i < recipe->steps_n; i++)
		if (strcmp(recipe->steps[i].name, name) == 0)
			return &recipe->steps[i];
	return NULL;
}

static bool
may_pass(enum err e)
{
	return e == ERR_UPSTREAM || e == ERR_UPSTREAM_TIMEOUT || e == ERR_PROTOCOL || e == ERR_BUSY;
}

/* Not the operation's fault, and nothing is lost: whoever looks next tries again. */
static bool
is_ours(enum err e)
{
	return e == ERR_STORE || e == ERR_NOMEM;
}

/* Not yet: why stands in the step. */
static enum err
put_off(struct work *w, int seconds)
{
	w->step->detail = w->call->detail;
	w->op->wait_until_s = clock_now_s(w->app->clock) + seconds;
	call_recover(w->call);
	return ERR_OK;
}

static enum err
load_system(struct work *w, const struct recipe *recipe)
{
	enum err e = system_load(w->app, w->call, w->op->tenant, recipe->family, w->op->system, &w->sys);

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err
run_step(struct work *w, const struct recipe *recipe)
{
	const struct recipe_step *rs = find_step(recipe, w->step->name);
	enum err e;

	if (rs == NULL)
		return call_fail(w->call, ERR_NOT_FOUND, "This step was begun by another version of the suite; begin anew.");
	e = load_system(w, recipe);
	return e == ERR_OK ? rs->run(w) : e;
}

static enum err
finish(struct work *w, const struct recipe *recipe)
{
	enum err e = ERR_OK;

	if (recipe != NULL && recipe->finish != NULL) {
		e = load_system(w, recipe);
		if (e == ERR_OK)
			e = recipe->finish(w, &w->op->result);
	}
	if (e == ERR_OK)
		w->op->status = OPERATION_SUCCEEDED;
	return e;
}

/* What became of a run of the step in hand goes into the operation.  The error that must be passed on, or ERR_OK. */
static enum err
settle(struct work *w, enum err e)
{
	struct operation *op = w->op;
	int64_t now = clock_now_s(w->app->clock);

	if (is_ours(e))
		return e;
	if (e == ERR_CONFIG)	/* mended by who runs this site */
		return put_off(w, CONFIG_PAUSE_S);
	if (e == ERR_NO_SESSION) {
		call_recover(w->call);
		e = call_fail(w->call, e, "%s", signin_words);
	} else if (may_pass(e) && ++op->failures < FAILURES_MAX) {
		return put_off(w, op->failures == 1 ? 5 : 10);
	}
	if (e != ERR_OK) {
		fail(w->app, w->call, op, e);
		return ERR_OK;
	}
	op->failures = 0;
	if (w->wait_s == 0) {
		w->step->detail = NULL;
		end_step(w->app, w->step, OPERATION_SUCCEEDED);
		reset_counts(op);
	} else if (++op->polls < POLLS_MAX) {
		op->wait_until_s = now + w->wait_s;
	} else {
		e = call_fail(w->call, ERR_UPSTREAM_TIMEOUT, "It took too long: %s.",
		    w->step->detail != NULL ? w->step->detail : "it did not become ready");
		fail(w->app, w->call, op, e);
	}
	return ERR_OK;
}

/* One look at one step, and the record of it. */
static enum err
tick(struct work *w, const struct recipe *recipe)
{
	struct operation *op = w->op;
	enum err e;

	w->step = step_in_hand(op);
	w->wait_s = 0;
	op->status = OPERATION_RUNNING;
	if (w->step == NULL) {
		e = finish(w, recipe);
		if (is_ours(e))
			return e;
		if (e != ERR_OK)
			fail(w->app, w->call, op, e);
		return operation_save(w->app, w->call, op, STORE_DURABLE);
	}
	if (w->step->started_at_s == 0)
		w->step->started_at_s = clock_now_s(w->app->clock);
	w->step->status = OPERATION_RUNNING;
	e = settle(w, run_step(w, recipe));
	if (e != ERR_OK)
		return e;
	/* A poll that is lost with the machine's power costs a poll. */
	return operation_save(w->app, w->call, op,
	    w->step->status == OPERATION_RUNNING ? STORE_LAZY : STORE_DURABLE);
}

/*
 * Advancing
 */

struct keeper {
	struct store      *store;
	struct store_lease lease;
	bool               lost;
};

static void
keep(void *ctx)
{
	struct keeper *k = ctx;

	if (!k->lost && store_lease_keep(k->store, &k->lease) != ERR_OK) {
		log_event(LOG_LEVEL_WARN, "operation", "the lease on an operation was lost");
		k->lost = true;
	}
}

static bool
is_waiting(const struct app *app, const struct operation *op)
{
	return clock_now_s(app->clock) < op->wait_until_s;
}

static enum err
advance_with(struct app *app, struct call *c, struct operation *op, const struct work_hands *hands, struct keeper *k,
    int budget_ms)
{
	struct osc_client *osc = hands->osc;
	struct work w = { .app = app, .call = c, .osc = osc, .session = hands->session, .op = op };
	int64_t until_ms = clock_mono_ms(app->clock) + budget_ms;
	enum err e = ERR_OK;

	osc->tick = keep;
	osc->tick_ctx = k;
	while (e == ERR_OK && !operation_has_ended(op) && !k->lost && !is_waiting(app, op)) {
		keep(k);
		e = tick(&w, recipe_find(op->kind));
		if (clock_mono_ms(app->clock) >= until_ms)
			break;
	}
	osc->tick = NULL;
	osc->tick_ctx = NULL;
	return e;
}

/* With a client of the operation's own session: the worker's way, and that of another session of the same visitor. */
static enum err
advance_by_session(struct app *app, struct call *c, struct operation *op, struct keeper *k, int budget_ms)
{
	struct session *s = arena_alloc(c->arena, sizeof(*s));
	struct acting act;
	struct work_hands hands = { s, &act.osc };
	enum err e;

	if (s == NULL)
		return ERR_NOMEM;
	/* That the session has ended is told at once, not after the step's next pause. */
	e = op->session_id != NULL ? session_load(app, op->session_id, c->arena, s) : ERR_NO_SESSION;
	if (e == ERR_OK && is_waiting(app, op))
		return ERR_OK;
	if (e == ERR_OK)
		e = acting_open(&act, app, c, s);
	if (e == ERR_NO_SESSION) {
		call_recover(c);
		fail(app, c, op, call_fail(c, e, "%s", signin_words));
		return operation_save(app, c, op, STORE_DURABLE);
	}
	if (may_pass(e)) {	/* the token cannot be renewed just now */
		call_recover(c);
		return ERR_OK;
	}
	if (e != ERR_OK)
		return e;
	e = advance_with(app, c, op, &hands, k, budget_ms);
	acting_close(&act);
	return e;
}

/*
 * Newer and older programs work over one store while they are replaced: what only the
 * others know how to do is theirs to do, and not ours to end or to write.
 */
static bool
is_left_to_others(const struct app *app, const struct operation *op)
{
	const struct recipe *recipe = recipe_find(op->kind);
	const struct operation_step *s = step_in_hand(op);

	if (recipe != NULL && (s == NULL || find_step(recipe, s->name) != NULL))
		return false;
	return clock_now_s(app->clock) < op->updated_at_s + STRANGE_LEFT_S;
}

static enum err
advance_leased(struct app *app, struct call *c, struct operation *op, const struct work_hands *hands,
    struct keeper *k, int budget_ms)
{
	enum err e;

	/* Somebody else may have advanced it until just now. */
	e = operation_load(app, c, op->tenant, op->id, op);
	if (e != ERR_OK || operation_has_ended(op))
		return e;
	if (op->cancel) {
		stop(app, op);
		return operation_save(app, c, op, STORE_DURABLE);
	}
	if (is_left_to_others(app, op))
		return ERR_OK;
	if (hands == NULL || op->session_id == NULL || strcmp(hands->session->id, op->session_id) != 0)
		return advance_by_session(app, c, op, k, budget_ms);
	return is_waiting(app, op) ? ERR_OK : advance_with(app, c, op, hands, k, budget_ms);
}

static void
lease_name(const struct operation *op, char out[STORE_NAME_MAX + 1])
{
	char hash[TENANT_HASH_LEN + 1];

	tenant_hash(op->tenant, hash);
	snprintf(out, STORE_NAME_MAX + 1, "work:%s", hash);
}

enum err
work_advance(struct app *app, struct call *c, struct operation *op, const struct work_hands *hands, int budget_ms)
{
	struct keeper k = { .store = app->store };
	char name[STORE_NAME_MAX + 1];
	enum err e;

	if (operation_has_ended(op))
		return ERR_OK;
	lease_name(op, name);
	e = store_lease_take(app->store, name, &k.lease);
	if (e == ERR_OK) {
		e = advance_leased(app, c, op, hands, &k, budget_ms);
		store_lease_release(app->store, &k.lease);
	}
	if (e != ERR_BUSY && e != ERR_CONFLICT)
		return e;
	/* Another is at it, or wrote meanwhile (asked it to stop): what stands in the store is how it is. */
	call_recover(c);
	return operation_load(app, c, op->tenant, op->id, op);
}

/*
 * Beginning, stopping, going on
 */

enum err
work_begin(struct app *app, struct call *c, const struct recipe *recipe, const char *tenant, const char *session_id,
    const char *system, struct json *input, struct operation *op)
{
	struct operation_step *steps = arena_alloc(c->arena, (recipe->steps_n + 1) * sizeof(*steps));
	size_t n = 0;

	if (steps == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < recipe->steps_n; i++) {
		const struct recipe_step *rs = &recipe->steps[i];

		if (rs->wanted != NULL && !rs->wanted(input))
			continue;
		steps[n++] = (struct operation_step){ .name = rs->name, .service_id = rs->service_id,
			.instance = rs->service_id != NULL ? system : NULL };
	}
	*op = (struct operation){ .tenant = tenant, .kind = recipe->kind, .system = system, .session_id = session_id,
		.input = input, .steps = steps, .steps_n = n };
	return operation_insert(app, c, op);
}

/* Change a record that another may be writing at the same time. */
static enum err
change(struct app *app, struct call *c, struct operation *op, enum err (*act)(struct call *, struct operation *, void *),
    void *ctx)
{
	enum err e = ERR_CONFLICT;

	for (int i = 0; i < SAVE_TRIES; i++) {
		e = act(c, op, ctx);
		if (e != ERR_OK)
			return e;
		e = operation_save(app, c, op, STORE_DURABLE);
		if (e != ERR_CONFLICT)
			break;
		e = operation_load(app, c, op->tenant, op->id, op);
		if (e != ERR_OK)
			return e;
		e = ERR_BUSY;
	}
	return e;
}

static enum err
go_on(struct call *c, struct operation *op, void *session_id)
{
	if (op->status != OPERATION_FAILED)
		return call_fail(c, ERR_CONFLICT, "Only an operation that has failed can be retried; this one is %s.",
		    operation_status_name(op->status));
	for (size_t i = 0; i < op->steps_n; i++)
		if (op->steps[i].status != OPERATION_SUCCEEDED) {
			op->steps[i].status = OPERATION_PENDING;
			op->steps[i].detail = NULL;
			op->steps[i].started_at_s = op->steps[i].ended_at_s = 0;
		}
	op->status = OPERATION_RUNNING;
	op->error = NULL;
	op->cancel = false;
	op->session_id = session_id;
	reset_counts(op);
	return ERR_OK;
}

enum err
work_retry(struct app *app, struct call *c, struct operation *op, const char *session_id)
{
	const struct recipe *recipe = recipe_find(op->kind);
	struct operation *other = NULL;
	struct store_lease gate;
	enum err e;

	if (recipe == NULL)
		return call_fail(c, ERR_CONFLICT, "This operation was begun by another version of the suite; begin anew.");
	e = operation_gate(app, op->tenant, &gate);
	if (e != ERR_OK)
		return e;
	e = operation_unfinished(app, c, op->tenant, recipe->family, op->system, &other);
	if (e == ERR_OK && other != NULL && strcmp(other->id, op->id) != 0)
		e = call_fail(c, ERR_CONFLICT, "Operation %s is working on %s.", other->id, op->system);
	if (e == ERR_OK)
		e = change(app, c, op, go_on, (void *)session_id);
	store_lease_release(app->store, &gate);
	return e;
}

static enum err
ask_to_stop(struct call *c, struct operation *op, void *ctx)
{
	(void)c;
	(void)ctx;
	if (!operation_has_ended(op))
		op->cancel = true;
	return ERR_OK;
}

enum err
work_cancel(struct app *app, struct call *c, struct operation *op, const struct work_hands *hands)
{
	enum err e = change(app, c, op, ask_to_stop, NULL);

	return e == ERR_OK ? work_advance(app, c, op, hands, 0) : e;
}

enum err
work_all(struct app *app, int budget_ms, bool (*is_enough)(void), int *unfinished)
{
	struct arena list_arena, arena;
	struct call c = { .arena = &list_arena, .request_id = "worker" };
	struct operation *list;
	size_t n;
	enum err e;

	*unfinished = 0;
	arena_init(&list_arena, WORKER_MEMORY_MAX);
	arena_init(&arena, WORKER_MEMORY_MAX);
	e = operation_list_unfinished(app, &c, &list, &n);
	for (size_t i = 0; e == ERR_OK && i < n && !is_enough(); i++) {
		c = (struct call){ .arena = &arena, .request_id = list[i].id,
			.deadline_ms = clock_mono_ms(app->clock) + WORKER_CALL_MS };
		e = work_advance(app, &c, &list[i], NULL, budget_ms);
		*unfinished += e != ERR_NOT_FOUND && (e != ERR_OK || !operation_has_ended(&list[i]));
		if (e != ERR_OK && e != ERR_NOT_FOUND)
			log_event(LOG_LEVEL_WARN, "operation", "%s cannot be advanced: %s", list[i].id, err_info(e)->title);
		/* One operation's trouble is no other's; the store's is everybody's. */
		if (e != ERR_STORE)
			e = ERR_OK;
		arena_reset(&arena);
	}
	arena_free(&arena);
	arena_free(&list_arena);
	return e;
}
