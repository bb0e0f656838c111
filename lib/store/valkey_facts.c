/* SPDX-License-Identifier: MIT */
#include "store/valkey_facts.h"

#include <string.h>

#include "base/text.h"
#include "store/redis_link.h"

/* The value of "name:value" in what INFO answers; NULL: it does not say. */
static const char *
info_value(const char *info, const char *name, struct arena *a)
{
	const char *p = info;
	size_t len = strlen(name);

	while (p != NULL && *p != '\0') {
		if (strncmp(p, name, len) == 0 && p[len] == ':')
			return arena_strndup(a, p + len + 1, strcspn(p + len + 1, "\r\n"));
		p = strchr(p, '\n');
		p = p != NULL ? p + 1 : NULL;
	}
	return NULL;
}

/* A command's answer as text: a string, or the second of two; NULL: none, or refused. */
static const char *
ask(struct redis_link *l, struct arena *a, int argc, const char *const *argv)
{
	struct redis_arg args[3];
	const redisReply *said;
	const char *text = NULL;
	redisReply *r;
	int i;

	for (i = 0; i < argc; i++)
		args[i] = (struct redis_arg){ argv[i], strlen(argv[i]) };
	r = redis_call(l, REDIS_AGAIN, argc, args);
	if (r == NULL)
		return NULL;
	said = r->type == REDIS_REPLY_ARRAY && r->elements == 2 ? r->element[1] : r;
	if (said->type == REDIS_REPLY_STRING)
		text = arena_strndup(a, said->str, said->len);
	l->lib->free_reply(r);
	return text;
}

enum err
valkey_facts(const struct store_valkey_options *o, struct arena *a, struct store_facts *out)
{
	static const char *const memory[] = { "INFO", "memory" }, *const persistence[] = { "INFO", "persistence" },
	    *const save[] = { "CONFIG", "GET", "save" };
	struct redis_link link = { .wait_ms = o->wait_ms };
	const char *info, *value, *snapshots;

	memset(out, 0, sizeof(*out));
	if (redis_url_parse(o->url, a, &link.to) != NULL)
		return ERR_STORE;
	if (secret_present(o->password))
		link.to.password = o->password;
	info = ask(&link, a, 2, memory);
	value = info != NULL ? info_value(info, "maxmemory_policy", a) : NULL;
	if (value != NULL && strcmp(value, "noeviction") != 0)
		out->evicts = value;
	if (info != NULL)
		info = ask(&link, a, 2, persistence);
	value = info != NULL ? info_value(info, "aof_enabled", a) : NULL;
	/* Whether it makes snapshots it tells only those who may see its configuration. */
	snapshots = value != NULL && strcmp(value, "0") == 0 ? ask(&link, a, 3, save) : NULL;
	out->forgets = snapshots != NULL && *snapshots == '\0';
	redis_link_close(&link);
	return info != NULL ? ERR_OK : ERR_STORE;
}
