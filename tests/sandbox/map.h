/* SPDX-License-Identifier: MIT */
/*
 * A map from strings to pointers.  Keys are copied; values belong to the map,
 * which frees them with the function given to map_init.
 */
#ifndef SANDBOX_MAP_H
#define SANDBOX_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct map_node {
	struct map_node *next;
	char *key;
	void *value;
};

struct map {
	struct map_node **buckets;
	size_t bucket_count;
	size_t count;
	void (*free_value)(void *);
};

void map_init(struct map *map, void (*free_value)(void *));
void map_clear(struct map *map);

/* NULL where there is none, and for a NULL key. */
void *map_get(const struct map *map, const char *key);

/* Replaces, and frees what was there. */
void map_put(struct map *map, const char *key, void *value);

/* False: there was none. */
bool map_remove(struct map *map, const char *key);

/* All values in no order: start with NULL, ends with NULL.  The map must not change meanwhile. */
struct map_node *map_next(const struct map *map, const struct map_node *node);

#endif
