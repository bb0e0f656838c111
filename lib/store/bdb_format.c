/* SPDX-License-Identifier: MIT */
#include "store/bdb_format.h"

#include <string.h>

#include "store/header.h"

size_t
bdb_expiry_key(unsigned char out[BDB_EXPIRY_KEY_MAX], int64_t expires_at_s, const char *name)
{
	size_t len = strlen(name);

	out[0] = 0;
	out[1] = 'e';
	store_put64(out + 2, (uint64_t)expires_at_s);
	memcpy(out + 10, name, len);
	return 10 + len;
}

const char *
bdb_expiry_name(const unsigned char *key, size_t key_len, int64_t *expires_at_s, size_t *len)
{
	if (key_len <= 10 || key_len > BDB_EXPIRY_KEY_MAX || key[0] != 0 || key[1] != 'e')
		return NULL;
	*expires_at_s = (int64_t)store_get64(key + 2);
	*len = key_len - 10;
	return (const char *)key + 10;
}

/* Anything in there at all? */
static int
is_empty(DB *db, bool *empty)
{
	DBT key = { 0 }, value = { 0 };
	DBC *cursor;
	int rc, closed;

	rc = db->cursor(db, NULL, &cursor, 0);
	if (rc != 0)
		return rc;
	rc = cursor->get(cursor, &key, &value, DB_FIRST);
	*empty = rc == DB_NOTFOUND;
	if (rc == DB_NOTFOUND)
		rc = 0;
	closed = cursor->close(cursor);
	return rc != 0 ? rc : closed;
}

static int
write_format(DB_ENV *env, DB *db, DBT *key)
{
	unsigned char bytes[4] = { 0, 0, 0, BDB_FORMAT };
	DBT value = { .data = bytes, .size = sizeof(bytes) };
	DB_TXN *txn;
	int rc;

	rc = env->txn_begin(env, NULL, &txn, 0);
	if (rc != 0)
		return rc;
	rc = db->put(db, txn, key, &value, 0);
	if (rc != 0) {
		(void)txn->abort(txn);
		return rc;
	}
	return txn->commit(txn, DB_TXN_SYNC);
}

int
bdb_format_check(DB_ENV *env, DB *db)
{
	unsigned char name[2] = { 0, 'f' }, bytes[4];
	DBT key = { .data = name, .size = sizeof(name) };
	DBT value = { .data = bytes, .ulen = sizeof(bytes), .flags = DB_DBT_USERMEM };
	bool empty;
	int rc;

	rc = db->get(db, NULL, &key, &value, 0);
	if (rc == 0) {
		if (value.size != sizeof(bytes) || (bytes[0] | bytes[1] | bytes[2]) != 0 || bytes[3] == 0)
			return BDB_FORMAT_FOREIGN;
		return bytes[3] == BDB_FORMAT ? 0 : BDB_FORMAT_NEWER;
	}
	if (rc == DB_BUFFER_SMALL)
		return BDB_FORMAT_FOREIGN;
	if (rc != DB_NOTFOUND)
		return rc;
	rc = is_empty(db, &empty);
	if (rc != 0)
		return rc;
	return empty ? write_format(env, db, &key) : BDB_FORMAT_FOREIGN;
}
