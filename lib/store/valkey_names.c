/* SPDX-License-Identifier: MIT */
#include "store/valkey_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/store.h"

/* How many the server looks at for one answer: others wait meanwhile. */
#define SCAN_COUNT "500"

/* In a pattern each of * ? [ ] \ and ^ may mean more than itself. */
static void
pattern_for(const char *begin, char *out)
{
	for (; *begin != '\0'; begin++) {
		if (strchr("*?[]\\^", *begin) != NULL)
			*out++ = '\\';
		*out++ = *begin;
	}
	*out++ = '*';
	*out = '\0';
}

static enum err
add(struct valkey_names *n, const redisReply *key)
{
	size_t room = n->room == 0 ? 256 : n->room * 2;
	char **p;

	if (n->count == n->room) {
		p = reallocarray(n->name, room, sizeof(*n->name));
		if (p == NULL)
			return ERR_NOMEM;
		n->name = p;
		n->room = room;
	}
	n->name[n->count] = strndup(key->str, key->len);
	if (n->name[n->count] == NULL)
		return ERR_NOMEM;
	n->count++;
	return ERR_OK;
}

/* Whatever a server says: what reads them counts on their beginning. */
static bool
is_asked_for(const redisReply *key, const char *begin)
{
	return key->type == REDIS_REPLY_STRING && strncmp(key->str, begin, strlen(begin)) == 0 &&
	    strlen(key->str) == key->len;
}

/* [next cursor, [key ...]] */
static enum err
add_all(struct valkey_names *n, const char *begin, const redisReply *r, char *cursor, size_t size)
{
	enum err e = ERR_OK;
	size_t i;

	if (r->type != REDIS_REPLY_ARRAY || r->elements != 2 || r->element[0]->type != REDIS_REPLY_STRING ||
	    r->element[0]->len >= size || r->element[1]->type != REDIS_REPLY_ARRAY) {
		log_event(LOG_LEVEL_ERROR, "store_failed", "the answer to SCAN makes no sense");
		return ERR_STORE;
	}
	memcpy(cursor, r->element[0]->str, r->element[0]->len + 1);
	for (i = 0; i < r->element[1]->elements && e == ERR_OK; i++)
		if (is_asked_for(r->element[1]->element[i], begin))
			e = add(n, r->element[1]->element[i]);
	return e;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
keep_each_once(struct valkey_names *n)
{
	size_t i, kept = 0;

	if (n->count == 0)
		return;
	qsort(n->name, n->count, sizeof(*n->name), compare);
	for (i = 1; i < n->count; i++)
		if (strcmp(n->name[i], n->name[kept]) == 0)
			free(n->name[i]);
		else
			n->name[++kept] = n->name[i];
	n->count = kept + 1;
}

enum err
valkey_names_gather(struct redis_link *l, const char *begin, struct valkey_names *out)
{
	char cursor[32] = "0", *pattern;
	struct redis_arg argv[] = {
		{ "SCAN", 4 }, { cursor, 1 }, { "MATCH", 5 }, { NULL, 0 }, { "COUNT", 5 }, { SCAN_COUNT, strlen(SCAN_COUNT) }
	};
	redisReply *r;
	enum err e;

	*out = (struct valkey_names){ NULL, 0, 0 };
	pattern = malloc(2 * strlen(begin) + 2);
	if (pattern == NULL)
		return ERR_NOMEM;
	pattern_for(begin, pattern);
	argv[3] = (struct redis_arg){ pattern, strlen(pattern) };
	do {
		argv[1].len = strlen(cursor);
		r = redis_call(l, REDIS_AGAIN, (int)(sizeof(argv) / sizeof(*argv)), argv);
		e = r == NULL ? ERR_STORE : add_all(out, begin, r, cursor, sizeof(cursor));
		if (r != NULL)
			l->lib->free_reply(r);
	} while (e == ERR_OK && strcmp(cursor, "0") != 0);
	free(pattern);
	keep_each_once(out);
	return e;
}

void
valkey_names_free(struct valkey_names *n)
{
	while (n->count > 0)
		free(n->name[--n->count]);
	free(n->name);
	*n = (struct valkey_names){ NULL, 0, 0 };
}
