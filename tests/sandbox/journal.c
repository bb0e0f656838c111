/* SPDX-License-Identifier: MIT */
#include "journal.h"

#include <string.h>
#include <strings.h>

#include "encode.h"

/* Headers that tests ask about, in lower case. */
static const char *const shown[] = {
	"accept", "authorization", "content-type", "content-length", "cookie", "expect", "host", "origin", "referer",
	"transfer-encoding", "user-agent", "x-jwt", "x-pat-jwt", "x-request-id",
};

/* Names of form fields and JSON members that hold secrets, wherever these words are in them. */
static const char *const secret_words[] = {
	"apikey", "api_key", "accesskey", "dburl", "password", "redisurl", "secret", "token", "verifier",
};

void
journal_init(struct journal *journal)
{
	memset(journal, 0, sizeof(*journal));
	journal->entries = cJSON_CreateArray();
}

void
journal_clear(struct journal *journal)
{
	cJSON_Delete(journal->entries);
	journal->entries = cJSON_CreateArray();
}

void
journal_free(struct journal *journal)
{
	cJSON_Delete(journal->entries);
	journal->entries = NULL;
}

static bool
is_secret(const char *name)
{
	size_t i;

	if (strcmp(name, "code") == 0 || strcasecmp(name, "osc_pat") == 0 ||
	    strcasecmp(name, "X-Amz-Signature") == 0)
		return true;
	/* Names of secrets are none. */
	if (strcasecmp(name, "secretName") == 0)
		return false;
	for (i = 0; i < sizeof(secret_words) / sizeof(secret_words[0]); i++)
		if (strcasestr(name, secret_words[i]) != NULL)
			return true;
	return false;
}

static char *
redacted(struct pool *pool, const char *secret)
{
	return pool_printf(pool, "#%s", fingerprint(pool, secret));
}

static const char *
redact_header(struct pool *pool, const char *name, const char *value)
{
	const char *space;

	if (strcmp(name, "cookie") == 0)
		return redacted(pool, value);
	if (strcmp(name, "authorization") != 0 && strstr(name, "jwt") == NULL)
		return value;
	space = strchr(value, ' ');
	if (space == NULL)
		return redacted(pool, value);
	return pool_printf(pool, "%.*s %s", (int)(space - value), value, redacted(pool, space + 1));
}

static const char *
redact_form(struct pool *pool, const struct form *form)
{
	const struct form_field *field;
	const char *text = "";

	for (field = form->first; field != NULL; field = field->next)
		text = pool_printf(pool, "%s%s%s=%s", text, *text == '\0' ? "" : "&", field->name,
		    is_secret(field->name) ? redacted(pool, field->value) : percent_encode(pool, field->value));
	return text;
}

static void
redact_json(struct pool *pool, cJSON *item)
{
	for (; item != NULL; item = item->next) {
		if (item->child != NULL)
			redact_json(pool, item->child);
		else if (cJSON_IsString(item) && item->string != NULL && is_secret(item->string) &&
		    strncmp(item->valuestring, "{{secrets.", 10) != 0)
			cJSON_SetValuestring(item, redacted(pool, item->valuestring));
	}
}

static void
add_body(struct call *call, cJSON *entry)
{
	cJSON *copy;

	if (call->json != NULL) {
		copy = cJSON_Duplicate(call->json, 1);
		redact_json(&call->pool, copy->child);
		cJSON_AddItemToObject(entry, "body", copy);
	} else if (call->form.first != NULL)
		cJSON_AddStringToObject(entry, "body", redact_form(&call->pool, &call->form));
	else if (call->body_len > 0)
		cJSON_AddNumberToObject(entry, "bodyLength", (double)call->body_len);
}

void
journal_begin(struct journal *journal, struct call *call, const char *origin)
{
	cJSON *entry = cJSON_CreateObject(), *headers;
	const char *value;
	size_t i;

	call->log_id = ++journal->last_id;
	cJSON_AddNumberToObject(entry, "id", (double)call->log_id);
	cJSON_AddNumberToObject(entry, "time_ms", (double)now_ms());
	cJSON_AddStringToObject(entry, "origin", origin);
	cJSON_AddNumberToObject(entry, "connection", (double)call->connection_id);
	cJSON_AddStringToObject(entry, "method", call->method);
	cJSON_AddStringToObject(entry, "path", call->path);
	cJSON_AddStringToObject(entry, "query", redact_form(&call->pool, &call->query));
	headers = cJSON_AddObjectToObject(entry, "headers");
	for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		value = call_header(call, shown[i]);
		if (value != NULL)
			cJSON_AddStringToObject(headers, shown[i], redact_header(&call->pool, shown[i], value));
	}
	add_body(call, entry);
	/* 0 and null until it is answered. */
	cJSON_AddNumberToObject(entry, "status", 0);
	cJSON_AddNullToObject(entry, "tenant");
	cJSON_AddItemToArray(journal->entries, entry);
	if (journal->last_id > JOURNAL_MAX &&
	    cJSON_GetObjectItemCaseSensitive(journal->entries->child, "id")->valuedouble <=
	    (double)(journal->last_id - JOURNAL_MAX))
		cJSON_DeleteItemFromArray(journal->entries, 0);
}

void
journal_end(struct journal *journal, const struct call *call)
{
	cJSON *entry, *last;
	double time_ms;

	if (journal->entries->child == NULL)
		return;
	/* The first one's prev is the last one. */
	last = journal->entries->child->prev;
	for (entry = last;; entry = entry->prev) {
		if (cJSON_GetObjectItemCaseSensitive(entry, "id")->valuedouble == (double)call->log_id)
			break;
		if (entry == journal->entries->child)
			return;
	}
	cJSON_SetNumberValue(cJSON_GetObjectItemCaseSensitive(entry, "status"), call->drop ? -1 : call->status);
	if (call->tenant != NULL)
		cJSON_ReplaceItemInObjectCaseSensitive(entry, "tenant", cJSON_CreateString(call->tenant));
	time_ms = cJSON_GetObjectItemCaseSensitive(entry, "time_ms")->valuedouble;
	cJSON_AddNumberToObject(entry, "duration_ms", (double)now_ms() - time_ms);
}
