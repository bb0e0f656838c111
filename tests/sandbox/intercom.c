/* SPDX-License-Identifier: MIT */
#include "intercom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch.h"

#define RETRY_MS 300

struct intercom *
intercom_new(struct world *world)
{
	struct intercom *intercom = mem_new(sizeof(*intercom));

	intercom->world = world;
	intercom->users = 1;
	intercom->productions = cJSON_CreateArray();
	return intercom;
}

void
intercom_release(struct intercom *intercom)
{
	if (--intercom->users > 0)
		return;
	cJSON_Delete(intercom->productions);
	free(intercom->smb_url);
	free(intercom->smb_key);
	free(intercom->db_url);
	free(intercom);
}

/* Whether both answer as they should, to the credentials that it has.  Without the mutex. */
static bool
reached(const char *smb_url, const char *smb_key, const char *db_url, struct pool *pool)
{
	size_t len = strlen(smb_url);
	struct fetch smb = { .url = pool_printf(pool, "%s%sconferences/", smb_url,
	    len > 0 && smb_url[len - 1] == '/' ? "" : "/") };
	struct fetch db = { .url = db_url };

	smb.header = pool_printf(pool, "Authorization: Bearer %s", smb_key);
	return fetch(&smb, pool, NULL) == 200 && fetch(&db, pool, NULL) == 200;
}

static void *
connect_run(void *arg)
{
	struct intercom *intercom = arg;
	struct world *world = intercom->world;
	const char *smb_url, *smb_key, *db_url;
	struct pool pool = { NULL };
	unsigned generation;
	bool ready;

	pthread_mutex_lock(&world->mutex);
	generation = intercom->generation;
	while (!intercom->ready && intercom->generation == generation) {
		smb_url = pool_strdup(&pool, intercom->smb_url);
		smb_key = pool_strdup(&pool, intercom->smb_key);
		db_url = pool_strdup(&pool, intercom->db_url);
		pthread_mutex_unlock(&world->mutex);
		ready = reached(smb_url, smb_key, db_url, &pool);
		pthread_mutex_lock(&world->mutex);
		if (intercom->generation == generation)
			intercom->ready = ready;
		if (!ready)
			world_wait(world, RETRY_MS);
		pool_free(&pool);
	}
	intercom_release(intercom);
	pthread_mutex_unlock(&world->mutex);
	return NULL;
}

void
intercom_connect(struct intercom *intercom)
{
	intercom->users++;
	if (!world_thread(intercom->world, connect_run, intercom))
		abort();
}

static cJSON *
find_by(cJSON *list, const char *member, const char *value)
{
	cJSON *item;

	cJSON_ArrayForEach(item, list)
		if (strcmp(cJSON_GetObjectItemCaseSensitive(item, member)->valuestring, value) == 0)
			return item;
	return NULL;
}

cJSON *
production_find(const struct intercom *intercom, const char *id)
{
	return find_by(intercom->productions, "productionId", id);
}

cJSON *
line_find(const cJSON *production, const char *id)
{
	return find_by(cJSON_GetObjectItemCaseSensitive(production, "lines"), "id", id);
}

bool
line_name_taken(const cJSON *production, const char *name, const cJSON *except)
{
	const cJSON *line = find_by(cJSON_GetObjectItemCaseSensitive(production, "lines"), "name", name);

	return line != NULL && line != except;
}

cJSON *
line_add(struct intercom *intercom, cJSON *production, const char *name, bool program_output)
{
	cJSON *line = cJSON_CreateObject(), *lines = cJSON_GetObjectItemCaseSensitive(production, "lines");
	char id[16];

	snprintf(id, sizeof(id), "%d", cJSON_GetArraySize(lines) == 0 ? 1 :
	    atoi(cJSON_GetObjectItemCaseSensitive(lines->child->prev, "id")->valuestring) + 1);
	cJSON_AddStringToObject(line, "name", name);
	cJSON_AddStringToObject(line, "id", id);
	snprintf(id, sizeof(id), "c%d", ++intercom->last_line);
	cJSON_AddStringToObject(line, "smbConferenceId", id);
	cJSON_AddBoolToObject(line, "programOutputLine", program_output);
	cJSON_AddArrayToObject(line, "participants");
	cJSON_AddItemToArray(lines, line);
	return line;
}

cJSON *
participant_find(const struct intercom *intercom, const char *session_id, cJSON **line)
{
	cJSON *production, *at, *participant;

	cJSON_ArrayForEach(production, intercom->productions)
		cJSON_ArrayForEach(at, cJSON_GetObjectItemCaseSensitive(production, "lines")) {
			participant = find_by(cJSON_GetObjectItemCaseSensitive(at, "participants"), "sessionId",
			    session_id);
			*line = at;
			if (participant != NULL)
				return participant;
		}
	return NULL;
}
