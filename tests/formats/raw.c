/* SPDX-License-Identifier: MIT */
#include "formats/raw.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/bdb_env.h"
#include "store/redis_link.h"

#define WAIT_MS 3000

static int
digit(char c)
{
	const char *digits = "0123456789abcdef", *p = c != '\0' ? strchr(digits, c) : NULL;

	return p != NULL ? (int)(p - digits) : -1;
}

/* " 3a42..." */
static const unsigned char *
bytes_of(const char *line, struct arena *a, size_t *len)
{
	size_t n = (strcspn(line, "\n") - 1) / 2;
	unsigned char *out = arena_alloc(a, n + 1);
	int high, low;

	for (size_t i = 0; out != NULL && i < n; i++) {
		high = digit(line[1 + 2 * i]);
		low = digit(line[2 + 2 * i]);
		if (high < 0 || low < 0)
			return NULL;
		out[i] = (unsigned char)(high << 4 | low);
	}
	*len = n;
	return out;
}

bool
raw_load(const char *path, struct arena *a, struct raw *out)
{
	FILE *f = fopen(path, "r");
	bool data = false, whole = false, good = f != NULL;
	struct raw_record *r;
	char line[8192];

	out->n = 0;
	for (size_t i = 0; good && !whole && fgets(line, sizeof(line), f) != NULL;) {
		whole = strcmp(line, "DATA=END\n") == 0;
		if (data && !whole) {
			r = &out->record[i / 2];
			good = i / 2 < RAW_MAX && line[0] == ' ';
			if (good && i % 2 == 0)
				good = (r->key = bytes_of(line, a, &r->key_len)) != NULL;
			else if (good)
				good = (r->value = bytes_of(line, a, &r->value_len)) != NULL;
			out->n = ++i / 2;
		}
		data = data || strcmp(line, "HEADER=END\n") == 0;
	}
	if (f != NULL)
		(void)fclose(f);
	return good && whole && out->n > 0;
}

/* The mark of a format, which a new database has already, is one of the bytes. */
static int
put_all(struct bdb_env *env, const struct raw *raw)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < raw->n; i++) {
		const struct raw_record *r = &raw->record[i];
		DBT key = { .data = (void *)r->key, .size = (u_int32_t)r->key_len };
		DBT value = { .data = (void *)r->value, .size = (u_int32_t)r->value_len };

		rc = env->db->put(env->db, NULL, &key, &value, 0);
	}
	return rc;
}

static int
get_all(struct bdb_env *env, struct arena *a, struct raw *raw)
{
	DBT key = { 0 }, value = { 0 };
	DBC *cursor;
	int rc;

	raw->n = 0;
	rc = env->db->cursor(env->db, NULL, &cursor, 0);
	if (rc != 0)
		return rc;
	while (raw->n < RAW_MAX && (rc = cursor->get(cursor, &key, &value, DB_NEXT)) == 0)
		raw->record[raw->n++] = (struct raw_record){ (unsigned char *)arena_strndup(a, key.data, key.size),
			(unsigned char *)arena_strndup(a, value.data, value.size), key.size, value.size };
	(void)cursor->close(cursor);
	return rc == DB_NOTFOUND ? 0 : rc;
}

static bool
visit(const char *dir, const struct raw *put, struct arena *a, struct raw *get)
{
	struct bdb_env env = { 0 };
	bool good = false;

	if (bdb_env_init(&env, dir, WAIT_MS) != ERR_OK)
		return false;
	if (bdb_enter(&env, BDB_WRITE) == ERR_OK)
		good = bdb_leave(&env, put != NULL ? put_all(&env, put) : get_all(&env, a, get), "raw") == ERR_OK;
	bdb_env_close(&env);
	return good;
}

bool
raw_into_bdb(const struct raw *raw, const char *dir)
{
	static const char *const shared[] = { "store.gate", "store.regions" };
	char path[256];

	if (!visit(dir, raw, NULL, NULL))
		return false;
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, shared[i]);
		if (unlink(path) != 0)
			return false;
	}
	return true;
}

bool
raw_from_bdb(const char *dir, struct arena *a, struct raw *out)
{
	return visit(dir, NULL, a, out);
}

static bool
set(struct redis_link *link, const char *key, const void *value, size_t len)
{
	struct redis_arg argv[] = { { "SET", 3 }, { key, strlen(key) }, { value, len } };
	redisReply *r = redis_call(link, REDIS_AGAIN, 3, argv);

	if (r != NULL)
		link->lib->free_reply(r);
	return r != NULL;
}

static struct redis_link
link_to(int port)
{
	return (struct redis_link){ .lib = redis_lib_load(), .to = { .host = "127.0.0.1", .port = port, .user = "" },
		.wait_ms = WAIT_MS };
}

bool
raw_into_server(const struct raw *raw, int port, const char *prefix)
{
	struct redis_link link = link_to(port);
	bool good = true;
	char key[256];

	for (size_t i = 0; good && i < raw->n; i++) {
		const struct raw_record *r = &raw->record[i];

		if (r->key[0] == '\0')	/* the expiry index and the like are Berkeley DB's alone */
			continue;
		snprintf(key, sizeof(key), "%sr:%.*s", prefix, (int)r->key_len, (const char *)r->key);
		good = set(&link, key, r->value, r->value_len);
	}
	redis_link_close(&link);
	return good;
}

bool
raw_set_on_server(int port, const char *key, const void *value, size_t len)
{
	struct redis_link link = link_to(port);
	bool good = set(&link, key, value, len);

	redis_link_close(&link);
	return good;
}
