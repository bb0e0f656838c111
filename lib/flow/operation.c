/* SPDX-License-Identifier: MIT */
#include "flow/operation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "crypto/keyring.h"
#include "flow/tenant.h"

#define LIST_MAX      4096	/* of one look through the store */
#define SCRATCH_MAX   (4u * 1024 * 1024)
#define GATE_TRIES    100
#define GATE_STEP_MS  20

static const char *const status_names[] = {
	[OPERATION_PENDING] = "pending", [OPERATION_RUNNING] = "running", [OPERATION_SUCCEEDED] = "succeeded",
	[OPERATION_FAILED] = "failed", [OPERATION_CANCELLED] = "cancelled",
};
_Static_assert(sizeof(status_names) / sizeof(status_names[0]) == OPERATION_STATUS__MAX, "every status has its name");

const char *
operation_status_name(enum operation_status s)
{
	return status_names[s];
}

bool
operation_has_ended(const struct operation *op)
{
	return op->status != OPERATION_PENDING && op->status != OPERATION_RUNNING;
}

static enum operation_status
status_of(const struct json *j)
{
	const char *name = json_string(j, "status");

	for (int i = 0; name != NULL && i < OPERATION_STATUS__MAX; i++)
		if (strcmp(name, status_names[i]) == 0)
			return (enum operation_status)i;
	return OPERATION_FAILED;
}

/*
 * The record: JSON, what browsers see and a little more
 */

static void
set_text(struct json *j, const char *name, const char *value)
{
	if (value != NULL)
		json_set_string(j, name, value);
}

/* A copy: moved into the record it would be lost to the operation. */
static void
set_document(struct arena *a, struct json *j, const char *name, const struct json *document)
{
	if (document != NULL)
		json_set(j, name, json_copy(a, document));
	else
		json_set_null(j, name);
}

static struct json *
steps_document(struct arena *a, const struct operation *op)
{
	struct json *list = json_array(a);

	for (size_t i = 0; i < op->steps_n; i++) {
		const struct operation_step *s = &op->steps[i];
		struct json *j = json_object(a);

		json_set_string(j, "name", s->name);
		set_text(j, "serviceId", s->service_id);
		set_text(j, "instance", s->instance);
		json_set_string(j, "status", status_names[s->status]);
		set_text(j, "detail", s->detail);
		if (s->started_at_s != 0)
			json_set_int(j, "startedAt", s->started_at_s);
		if (s->ended_at_s != 0)
			json_set_int(j, "endedAt", s->ended_at_s);
		json_append(list, j);
	}
	return list;
}

static double
progress(const struct operation *op)
{
	size_t done = 0;

	if (op->status == OPERATION_SUCCEEDED)
		return 1;
	for (size_t i = 0; i < op->steps_n; i++)
		done += op->steps[i].status == OPERATION_SUCCEEDED;
	return op->steps_n == 0 ? 0 : (double)done / (double)op->steps_n;
}

struct json *
operation_document(struct arena *a, const struct operation *op)
{
	struct json *j = json_object(a);

	json_set_string(j, "id", op->id);
	json_set_string(j, "kind", op->kind);
	json_set_string(j, "system", op->system);
	json_set_string(j, "status", status_names[op->status]);
	json_set_number(j, "progress", progress(op));
	json_set(j, "steps", steps_document(a, op));
	set_document(a, j, "result", op->result);
	set_document(a, j, "error", op->error);
	json_set_int(j, "createdAt", op->created_at_s);
	json_set_int(j, "updatedAt", op->updated_at_s);
	return j;
}

static struct json *
record_document(struct arena *a, const struct operation *op)
{
	struct json *j = operation_document(a, op);

	json_set_string(j, "tenant", op->tenant);
	set_text(j, "session", op->session_id);
	json_set_bool(j, "cancel", op->cancel);
	json_set_int(j, "polls", op->polls);
	json_set_int(j, "failures", op->failures);
	json_set_int(j, "missing", op->missing);
	json_set_int(j, "waitUntil", op->wait_until_s);
	set_document(a, j, "input", op->input);
	return j;
}

static int64_t
number(const struct json *j, const char *name)
{
	int64_t v;

	return json_int(j, name, 0, INT64_MAX, &v) ? v : 0;
}

static int
small_number(const struct json *j, const char *name)
{
	int64_t v;

	return json_int(j, name, 0, 1000000, &v) ? (int)v : 0;
}

static bool
read_steps(struct operation *op, struct arena *a, const struct json *list)
{
	op->steps = arena_alloc(a, (json_count(list) + 1) * sizeof(*op->steps));
	if (op->steps == NULL)
		return false;
	for (const struct json *j = json_first(list); j != NULL; j = json_next(j)) {
		struct operation_step *s = &op->steps[op->steps_n++];

		s->name = json_string(j, "name");
		s->service_id = json_string(j, "serviceId");
		s->instance = json_string(j, "instance");
		s->detail = json_string(j, "detail");
		s->status = status_of(j);
		s->started_at_s = number(j, "startedAt");
		s->ended_at_s = number(j, "endedAt");
		if (s->name == NULL)
			return false;
	}
	return true;
}

static struct json *
member(const struct json *j, const char *name)
{
	struct json *m = json_get(j, name);

	return m == NULL || json_kind(m) == JSON_NULL ? NULL : m;
}

static bool
read_document(struct operation *op, struct arena *a, const struct json *j)
{
	op->id = json_string(j, "id");
	op->tenant = json_string(j, "tenant");
	op->kind = json_string(j, "kind");
	op->system = json_string(j, "system");
	op->session_id = json_string(j, "session");
	op->status = status_of(j);
	op->cancel = json_bool(j, "cancel", false);
	op->polls = small_number(j, "polls");
	op->failures = small_number(j, "failures");
	op->missing = small_number(j, "missing");
	op->wait_until_s = number(j, "waitUntil");
	op->created_at_s = number(j, "createdAt");
	op->updated_at_s = number(j, "updatedAt");
	op->input = member(j, "input");
	op->result = member(j, "result");
	op->error = member(j, "error");
	return op->id != NULL && op->tenant != NULL && op->kind != NULL && op->system != NULL
	    && read_steps(op, a, json_get(j, "steps"));
}

/*
 * The store
 */

static void
name_of(const char *tenant, const char *id, char out[STORE_NAME_MAX + 1])
{
	char hash[TENANT_HASH_LEN + 1];

	tenant_hash(tenant, hash);
	snprintf(out, STORE_NAME_MAX + 1, "o:%s:%s", hash, id);
}

static struct seal
seal_of(const char *name)
{
	return (struct seal){ .kind = "operation", .name = name, .salt = "" };
}

static enum err
seal(struct app *app, struct arena *a, const struct operation *op, unsigned char **sealed, size_t *len)
{
	const struct seal seal = seal_of(op->name);
	size_t plain_len;
	const char *plain = json_print(a, record_document(a, op), &plain_len);

	if (plain == NULL)
		return ERR_NOMEM;
	return keyring_seal(app->keys, &seal, plain, plain_len, a, sealed, len);
}

/* ERR_NOT_FOUND: it cannot be opened; logged. */
static enum err
unseal(struct app *app, struct arena *a, const char *name, const struct store_record *rec, struct operation *out)
{
	const struct seal seal = seal_of(name);
	const char *why = "its bytes are no record";
	unsigned char *plain;
	struct json *j;
	size_t len;
	enum err e;

	memset(out, 0, sizeof(*out));
	snprintf(out->name, sizeof(out->name), "%s", name);
	out->version = rec->version;
	e = keyring_unseal(app->keys, &seal, rec->data, rec->len, a, &plain, &len, &why);
	if (e == ERR_OK) {
		e = json_parse(a, (const char *)plain, len, &j);
		if (e == ERR_NOMEM)
			return e;
		if (e == ERR_OK && read_document(out, a, j))
			return ERR_OK;
		e = ERR_NOT_FOUND;
	}
	if (e == ERR_NOT_FOUND)
		log_event(LOG_LEVEL_WARN, "operation_unreadable", "an operation cannot be opened (%s)", why);
	return e;
}

enum err
operation_load(struct app *app, struct call *c, const char *tenant, const char *id, struct operation *out)
{
	char name[STORE_NAME_MAX + 1];
	struct store_record rec;
	enum err e = ERR_NOT_FOUND;

	if (strlen(id) == OPERATION_ID_LEN) {
		name_of(tenant, id, name);
		e = store_get(app->store, name, c->arena, &rec);
		if (e == ERR_OK)
			e = unseal(app, c->arena, name, &rec, out);
	}
	/* The name is a hash: who is meant stands in the record. */
	if (e == ERR_OK && strcmp(out->tenant, tenant) != 0)
		e = ERR_NOT_FOUND;
	return e == ERR_NOT_FOUND ? call_fail(c, e, "There is no such operation.") : e;
}

enum err
operation_save(struct app *app, struct call *c, struct operation *op, enum store_durability d)
{
	unsigned char *sealed;
	size_t len;
	enum err e;

	op->updated_at_s = clock_now_s(app->clock);
	if (operation_has_ended(op))
		op->session_id = NULL;
	e = seal(app, c->arena, op, &sealed, &len);
	if (e != ERR_OK)
		return e;
	return store_replace(app->store, op->name, op->version, sealed, len, op->updated_at_s + OPERATION_LIFE_S, d,
	    &op->version);
}

enum err
operation_forget(struct app *app, struct call *c, const struct operation *op)
{
	enum err e = store_remove(app->store, op->name, STORE_DURABLE);

	return e == ERR_NOT_FOUND ? call_fail(c, e, "There is no such operation.") : e;
}

struct collector {
	struct app       *app;
	struct arena     *arena;
	struct arena     *scratch;	/* NULL: all are wanted; else only unfinished ones, which are told apart there */
	struct operation *list;
	size_t            n, room;
	enum err          failed;
};

static bool
is_wanted(struct collector *k, const char *name, const struct store_record *rec)
{
	struct operation op;
	bool wanted;

	if (k->scratch == NULL)
		return true;
	wanted = unseal(k->app, k->scratch, name, rec, &op) == ERR_OK && !operation_has_ended(&op);
	arena_reset(k->scratch);
	return wanted;
}

static bool
collect(void *ctx, const char *name, const struct store_record *rec)
{
	struct collector *k = ctx;
	struct operation *longer;
	enum err e;

	if (!is_wanted(k, name, rec))
		return true;
	if (k->n == k->room) {
		size_t room = k->room > 0 ? k->room * 2 : 16;

		longer = k->n < LIST_MAX ? arena_alloc(k->arena, room * sizeof(*longer)) : NULL;
		if (longer == NULL) {
			k->failed = ERR_NOMEM;
			return false;
		}
		if (k->n > 0)
			memcpy(longer, k->list, k->n * sizeof(*longer));
		k->list = longer;
		k->room = room;
	}
	e = unseal(k->app, k->arena, name, rec, &k->list[k->n]);
	if (e == ERR_OK)
		k->n++;
	else if (e != ERR_NOT_FOUND)
		k->failed = e;
	return k->failed == ERR_OK;
}

static int
newest_first(const void *a, const void *b)
{
	const struct operation *x = a, *y = b;

	if (x->created_at_s != y->created_at_s)
		return x->created_at_s < y->created_at_s ? 1 : -1;
	return strcmp(x->id, y->id);
}

enum err
operation_list(struct app *app, struct call *c, const char *tenant, struct operation **list, size_t *n)
{
	struct collector k = { .app = app, .arena = c->arena };
	char prefix[STORE_NAME_MAX + 1];
	enum err e;

	name_of(tenant, "", prefix);
	e = store_each(app->store, prefix, collect, &k);
	if (e == ERR_OK)
		e = k.failed;
	if (e != ERR_OK)
		return e;
	if (k.n > 1)
		qsort(k.list, k.n, sizeof(*k.list), newest_first);
	*list = k.list;
	*n = k.n;
	return ERR_OK;
}

enum err
operation_list_unfinished(struct app *app, struct call *c, struct operation **list, size_t *n)
{
	struct arena scratch;
	struct collector k = { .app = app, .arena = c->arena, .scratch = &scratch };
	enum err e;

	arena_init(&scratch, SCRATCH_MAX);
	e = store_each(app->store, "o:", collect, &k);
	arena_free(&scratch);
	*list = k.list;
	*n = k.n;
	/* When there are more than fit, the rest has its turn once these have ended. */
	return e == ERR_OK && k.n == 0 ? k.failed : e;
}

struct operation *
operation_at_work(struct operation *list, size_t n, const char *kinds, const char *system)
{
	for (size_t i = 0; i < n; i++)
		if (!operation_has_ended(&list[i]) && text_starts_with(list[i].kind, kinds)
		    && strcmp(list[i].system, system) == 0)
			return &list[i];
	return NULL;
}

enum err
operation_unfinished(struct app *app, struct call *c, const char *tenant, const char *kinds, const char *system,
    struct operation **out)
{
	struct operation *list;
	size_t n;
	enum err e;

	*out = NULL;
	e = operation_list(app, c, tenant, &list, &n);
	if (e == ERR_OK)
		*out = operation_at_work(list, n, kinds, system);
	return e;
}

static enum err
store_new(struct app *app, struct call *c, struct operation *op)
{
	unsigned char raw[16], *sealed;
	size_t len;
	int removed;
	enum err e;

	do {	/* an address whose part begins with a sign is not served */
		crypto_random(raw, sizeof(raw));
		op->id = crypto_b64url(c->arena, raw, sizeof(raw));
		if (op->id == NULL)
			return ERR_NOMEM;
	} while (*op->id == '-' || *op->id == '_');
	name_of(op->tenant, op->id, op->name);
	op->created_at_s = op->updated_at_s = clock_now_s(app->clock);
	e = seal(app, c->arena, op, &sealed, &len);
	if (e == ERR_OK)
		e = store_sweep(app->store, 16, &removed);
	if (e != ERR_OK && e != ERR_STORE)
		return e;
	return store_put(app->store, op->name, sealed, len, op->updated_at_s + OPERATION_LIFE_S, STORE_INSERT,
	    STORE_DURABLE, &op->version);
}

/* "intercom." of "intercom.create": the operations of one kind of system. */
static const char *
family(struct arena *a, const char *kind)
{
	size_t len = strcspn(kind, ".");

	return arena_strndup(a, kind, len + (kind[len] == '.'));
}

enum err
operation_gate(struct app *app, const char *tenant, struct store_lease *gate)
{
	char name[STORE_NAME_MAX + 1];
	enum err e;

	name_of(tenant, "new", name);
	for (int i = 0; (e = store_lease_take(app->store, name, gate)) == ERR_BUSY && i < GATE_TRIES; i++)
		clock_sleep_ms(app->clock, GATE_STEP_MS);
	return e;
}

/* The list is newest first: what is beyond a limit is the oldest. */
static enum err
make_room(struct app *app, struct call *c, const struct operation *list, size_t n)
{
	size_t ended = 0, at_work_n = 0;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		if (!operation_has_ended(&list[i]))
			at_work_n++;
		else if (++ended >= OPERATION_KEPT_MAX)
			e = store_remove(app->store, list[i].name, STORE_LAZY);
		if (e == ERR_NOT_FOUND)
			e = ERR_OK;
	}
	if (e == ERR_OK && at_work_n >= OPERATION_UNFINISHED_MAX)
		e = call_fail(c, ERR_TOO_MANY, "%zu operations are unfinished already; wait for their end, or cancel some.",
		    at_work_n);
	return e;
}

enum err
operation_insert(struct app *app, struct call *c, struct operation *op)
{
	const char *kinds = family(c->arena, op->kind);
	struct operation *list, *other;
	struct store_lease gate;
	size_t n;
	enum err e;

	if (kinds == NULL)
		return ERR_NOMEM;
	e = operation_gate(app, op->tenant, &gate);
	if (e != ERR_OK)
		return e;
	e = operation_list(app, c, op->tenant, &list, &n);
	other = e == ERR_OK ? operation_at_work(list, n, kinds, op->system) : NULL;
	if (other != NULL)
		e = call_fail(c, ERR_CONFLICT, "Operation %s is still working on %s; wait for its end, or cancel it.",
		    other->id, op->system);
	if (e == ERR_OK)
		e = make_room(app, c, list, n);
	if (e == ERR_OK)
		e = store_new(app, c, op);
	store_lease_release(app->store, &gate);
	return e;
}
