/* SPDX-License-Identifier: MIT */
#include "store/bdb_recent.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

struct bdb_recent_slot {
	char              name[STORE_NAME_MAX + 1];	/* "" = empty */
	struct bdb_moment moment;
	struct store_header head;
	unsigned char    *data;
	size_t            len, room;
};

/* FNV-1a: names are hashes and random already, so any spread will do. */
static struct bdb_recent_slot *
slot_of(const struct bdb_recent *r, const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return &r->slots[hash % BDB_RECENT_SLOTS];
}

void
bdb_recent_close(struct bdb_recent *r)
{
	for (size_t i = 0; r->slots != NULL && i < BDB_RECENT_SLOTS; i++)
		free(r->slots[i].data);
	free(r->slots);
	r->slots = NULL;
}

bool
bdb_recent_find(const struct bdb_recent *r, const struct bdb_env *env, const char *name,
    struct bdb_recent_record *out)
{
	const struct bdb_recent_slot *slot;

	if (r->slots == NULL)
		return false;
	slot = slot_of(r, name);
	if (strcmp(slot->name, name) != 0 || !bdb_env_unchanged(env, &slot->moment))
		return false;
	*out = (struct bdb_recent_record){ .head = slot->head, .data = slot->data, .len = slot->len };
	return true;
}

void
bdb_recent_keep(struct bdb_recent *r, const struct bdb_moment *moment, const char *name,
    const struct bdb_recent_record *record)
{
	struct bdb_recent_slot *slot;
	unsigned char *room;

	if (record->len > BDB_RECENT_MAX)
		return;
	if (r->slots == NULL)
		r->slots = calloc(BDB_RECENT_SLOTS, sizeof(*r->slots));
	if (r->slots == NULL)
		return;
	slot = slot_of(r, name);
	slot->name[0] = '\0';
	if (record->len > slot->room) {
		room = realloc(slot->data, record->len);
		if (room == NULL)
			return;
		slot->data = room;
		slot->room = record->len;
	}
	if (record->len > 0)
		memcpy(slot->data, record->data, record->len);
	slot->len = record->len;
	slot->head = record->head;
	slot->moment = *moment;
	strcpy(slot->name, name);	/* the store has checked its length */
}
