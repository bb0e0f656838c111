/* SPDX-License-Identifier: MIT */
#include "map.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

#define FIRST_BUCKETS 64

/* FNV-1a. */
static size_t
bucket_of(const struct map *map, const char *key)
{
	uint64_t hash = 1469598103934665603u;

	for (; *key != '\0'; key++)
		hash = (hash ^ (unsigned char)*key) * 1099511628211u;
	return (size_t)(hash % map->bucket_count);
}

void
map_init(struct map *map, void (*free_value)(void *))
{
	map->bucket_count = FIRST_BUCKETS;
	map->buckets = mem_new(FIRST_BUCKETS * sizeof(*map->buckets));
	map->count = 0;
	map->free_value = free_value;
}

static void
node_free(struct map *map, struct map_node *node)
{
	map->free_value(node->value);
	free(node->key);
	free(node);
}

void
map_clear(struct map *map)
{
	struct map_node *node, *next;
	size_t i;

	for (i = 0; i < map->bucket_count; i++)
		for (node = map->buckets[i]; node != NULL; node = next) {
			next = node->next;
			node_free(map, node);
		}
	free(map->buckets);
	map->buckets = NULL;
	map->bucket_count = 0;
	map->count = 0;
}

static struct map_node **
find(const struct map *map, const char *key)
{
	struct map_node **at = &map->buckets[bucket_of(map, key)];

	while (*at != NULL && strcmp((*at)->key, key) != 0)
		at = &(*at)->next;
	return at;
}

void *
map_get(const struct map *map, const char *key)
{
	struct map_node *node;

	if (key == NULL)
		return NULL;
	node = *find(map, key);
	return node == NULL ? NULL : node->value;
}

static void
grow(struct map *map)
{
	struct map_node **old = map->buckets, *node, *next, **head;
	size_t old_count = map->bucket_count, i;

	map->bucket_count *= 4;
	map->buckets = mem_new(map->bucket_count * sizeof(*map->buckets));
	for (i = 0; i < old_count; i++)
		for (node = old[i]; node != NULL; node = next) {
			next = node->next;
			head = &map->buckets[bucket_of(map, node->key)];
			node->next = *head;
			*head = node;
		}
	free(old);
}

void
map_put(struct map *map, const char *key, void *value)
{
	struct map_node **at, *node;

	at = find(map, key);
	if (*at != NULL) {
		map->free_value((*at)->value);
		(*at)->value = value;
		return;
	}
	node = mem_new(sizeof(*node));
	node->key = mem_strdup(key);
	node->value = value;
	*at = node;
	if (++map->count > map->bucket_count)
		grow(map);
}

bool
map_remove(struct map *map, const char *key)
{
	struct map_node **at = find(map, key), *node = *at;

	if (node == NULL)
		return false;
	*at = node->next;
	node_free(map, node);
	map->count--;
	return true;
}

struct map_node *
map_next(const struct map *map, const struct map_node *node)
{
	size_t i = 0;

	if (node != NULL) {
		if (node->next != NULL)
			return node->next;
		i = bucket_of(map, node->key) + 1;
	}
	for (; i < map->bucket_count; i++)
		if (map->buckets[i] != NULL)
			return map->buckets[i];
	return NULL;
}
