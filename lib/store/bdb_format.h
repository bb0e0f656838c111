/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_BDB_FORMAT_H
#define OSCGI_STORE_BDB_FORMAT_H

#include <db.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/*
 * What the bytes in the database mean.  One B-tree; keys by their first bytes:
 *
 *   the name         a record: header.h
 *   00 'e' time name the expiry index: time is expires_at_s in 8 bytes; no value;
 *                    records that never expire are not in it
 *   00 'f'           the database's format, 4 bytes
 *   00 'p'           what store_probe writes
 *
 * Numbers are big-endian, so the index begins with what expires first.
 */
#define BDB_FORMAT 1

#define BDB_EXPIRY_KEY_MAX (2 + 8 + STORE_NAME_MAX)

/* The length of the key. */
size_t bdb_expiry_key(unsigned char out[BDB_EXPIRY_KEY_MAX], int64_t expires_at_s, const char *name);
/* The name in an expiry key (not terminated; *len bytes), or NULL when it is none. */
const char *bdb_expiry_name(const unsigned char *key, size_t key_len, int64_t *expires_at_s, size_t *len);

/* Codes of bdb_format_check beside the library's, of which none is in this range. */
#define BDB_FORMAT_FOREIGN 90001
#define BDB_FORMAT_NEWER   90002

/* Is the database ours?  An empty one is made so. */
int bdb_format_check(DB_ENV *env, DB *db);

#endif
