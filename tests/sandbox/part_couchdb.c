/* SPDX-License-Identifier: MIT */
/* CouchDB: databases and documents, for its administrator. */
#include <stdlib.h>
#include <string.h>

#include "body.h"
#include "couchdb.h"
#include "encode.h"
#include "part.h"

static void
reply_error(struct call *call, int status, const char *error, const char *reason)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "error", error);
	cJSON_AddStringToObject(object, "reason", reason);
	reply_json(call, status, object);
}

static void
reply_ok(struct call *call, int status, const char *id, const char *rev)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddBoolToObject(object, "ok", 1);
	if (id != NULL)
		cJSON_AddStringToObject(object, "id", id);
	if (rev != NULL)
		cJSON_AddStringToObject(object, "rev", rev);
	reply_json(call, status, object);
}

static bool
may(struct call *call, const struct instance *instance)
{
	const char *sent = call_header(call, "Authorization"), *password = instance_value(instance, "AdminPassword");
	const char *wanted = pool_printf(&call->pool, "admin:%s", password == NULL ? "" : password);

	if (sent != NULL && strcmp(sent, pool_printf(&call->pool, "Basic %s",
	    base64_encode(&call->pool, wanted, strlen(wanted)))) == 0)
		return true;
	reply_error(call, 401, "unauthorized",
	    sent == NULL ? "You are not authorized to access this db." : "Name or password is incorrect.");
	return false;
}

static bool
name_ok(const char *name)
{
	return *name >= 'a' && *name <= 'z' && name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_$()+-/")] == '\0';
}

void
couchdb_create(struct instance *instance, const char *database)
{
	cJSON *databases = instance->state;

	if (cJSON_GetObjectItemCaseSensitive(databases, database) == NULL)
		cJSON_AddObjectToObject(databases, database);
}

static void
database_answer(struct call *call, struct instance *instance, const char *name)
{
	cJSON *databases = instance->state, *database = cJSON_GetObjectItemCaseSensitive(databases, name), *reply;

	if (strcmp(call->method, "PUT") == 0) {
		if (!name_ok(name))
			reply_error(call, 400, "illegal_database_name", pool_printf(&call->pool,
			    "Name: '%s'. Only lowercase characters (a-z), digits (0-9), and any of the characters "
			    "_, $, (, ), +, -, and / are allowed. Must begin with a letter.", name));
		else if (database != NULL)
			reply_error(call, 412, "file_exists", "The database could not be created, the file already exists.");
		else {
			couchdb_create(instance, name);
			reply_ok(call, 201, NULL, NULL);
		}
	} else if (database == NULL)
		reply_error(call, 404, "not_found", "Database does not exist.");
	else if (strcmp(call->method, "DELETE") == 0) {
		cJSON_DeleteItemFromObjectCaseSensitive(databases, name);
		reply_ok(call, 200, NULL, NULL);
	} else {
		reply = cJSON_CreateObject();
		cJSON_AddStringToObject(reply, "db_name", name);
		cJSON_AddNumberToObject(reply, "doc_count", cJSON_GetArraySize(database));
		reply_json(call, 200, reply);
	}
}

static const char *
rev_of(const cJSON *document)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(document, "_rev"));
}

/* Whoever changes a document must know its last revision. */
static bool
rev_fits(const struct call *call, const cJSON *document)
{
	const char *sent = rev_of(call->json);

	if (sent == NULL)
		sent = form_get(&call->query, "rev");
	return document == NULL || (sent != NULL && strcmp(sent, rev_of(document)) == 0);
}

static void
document_put(struct call *call, cJSON *database, const char *id)
{
	cJSON *old = cJSON_GetObjectItemCaseSensitive(database, id), *document;
	const char *rev;

	if (!cJSON_IsObject(call->json)) {
		reply_error(call, 400, "bad_request", "Document must be a JSON object");
		return;
	}
	if (!rev_fits(call, old)) {
		reply_error(call, 409, "conflict", "Document update conflict.");
		return;
	}
	rev = pool_printf(&call->pool, "%d-%s", old == NULL ? 1 : atoi(rev_of(old)) + 1, random_hex(&call->pool, 16));
	document = cJSON_Duplicate(call->json, 1);
	cJSON_DeleteItemFromObjectCaseSensitive(document, "_id");
	cJSON_DeleteItemFromObjectCaseSensitive(document, "_rev");
	cJSON_AddStringToObject(document, "_id", id);
	cJSON_AddStringToObject(document, "_rev", rev);
	cJSON_DeleteItemFromObjectCaseSensitive(database, id);
	cJSON_AddItemToObject(database, id, document);
	reply_ok(call, 201, id, rev);
}

static void
document_answer(struct call *call, cJSON *database, const char *id)
{
	cJSON *document = cJSON_GetObjectItemCaseSensitive(database, id);

	if (strcmp(call->method, "PUT") == 0)
		document_put(call, database, id);
	else if (document == NULL)
		reply_error(call, 404, "not_found", "missing");
	else if (strcmp(call->method, "DELETE") == 0) {
		if (!rev_fits(call, document)) {
			reply_error(call, 409, "conflict", "Document update conflict.");
			return;
		}
		reply_ok(call, 200, id, pool_strdup(&call->pool, rev_of(document)));
		cJSON_DeleteItemFromObjectCaseSensitive(database, id);
	} else
		reply_json(call, 200, cJSON_Duplicate(document, 1));
}

static void
documents_list(struct call *call, const cJSON *database)
{
	cJSON *reply = cJSON_CreateObject(), *rows, *row;
	const cJSON *document;

	cJSON_AddNumberToObject(reply, "total_rows", cJSON_GetArraySize(database));
	cJSON_AddNumberToObject(reply, "offset", 0);
	rows = cJSON_AddArrayToObject(reply, "rows");
	cJSON_ArrayForEach(document, database) {
		row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "id", document->string);
		cJSON_AddStringToObject(row, "key", document->string);
		cJSON_AddStringToObject(cJSON_AddObjectToObject(row, "value"), "rev", rev_of(document));
		cJSON_AddItemToArray(rows, row);
	}
	reply_json(call, 200, reply);
}

static void
names_list(struct call *call, const cJSON *databases)
{
	cJSON *list = cJSON_CreateArray();
	const cJSON *database;

	cJSON_ArrayForEach(database, databases)
		cJSON_AddItemToArray(list, cJSON_CreateString(database->string));
	reply_json(call, 200, list);
}

static void
welcome(struct call *call)
{
	cJSON *reply = cJSON_CreateObject();

	cJSON_AddStringToObject(reply, "couchdb", "Welcome");
	cJSON_AddStringToObject(reply, "version", "3.3.3");
	reply_json(call, 200, reply);
}

static void
answer(struct call *call, struct instance *instance)
{
	const char *path = call->path + 1, *slash = strchr(path, '/'), *name, *id;
	cJSON *databases = instance->state, *database, *up;

	if (*path == '\0') {
		welcome(call);
		return;
	}
	if (strcmp(path, "_up") == 0) {
		up = cJSON_CreateObject();
		cJSON_AddStringToObject(up, "status", "ok");
		reply_json(call, 200, up);
		return;
	}
	body_parse(call, false);
	if (!may(call, instance) || body_refused(call))
		return;
	name = percent_decode(&call->pool, path, slash == NULL ? strlen(path) : (size_t)(slash - path), 0);
	id = slash == NULL || slash[1] == '\0' ? NULL : percent_decode(&call->pool, slash + 1, strlen(slash + 1), 0);
	database = name == NULL ? NULL : cJSON_GetObjectItemCaseSensitive(databases, name);
	if (name == NULL)
		reply_error(call, 400, "bad_request", "Malformed path");
	else if (strcmp(name, "_all_dbs") == 0)
		names_list(call, databases);
	else if (id == NULL && strcmp(call->method, "POST") == 0 && database != NULL)
		document_put(call, database, random_hex(&call->pool, 16));
	else if (id == NULL)
		database_answer(call, instance, name);
	else if (database == NULL)
		reply_error(call, 404, "not_found", "Database does not exist.");
	else if (strcmp(id, "_all_docs") == 0)
		documents_list(call, database);
	else
		document_answer(call, database, id);
}

static void
start(struct world *world, struct instance *instance)
{
	(void)world;
	if (instance->state == NULL)
		instance->state = cJSON_CreateObject();
}

static void
forget(struct world *world, struct instance *instance)
{
	(void)world;
	cJSON_Delete(instance->state);
}

const struct part part_couchdb = { .service_id = "apache-couchdb", .start = start, .forget = forget, .answer = answer };
