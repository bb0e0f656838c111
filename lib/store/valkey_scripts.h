/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_VALKEY_SCRIPTS_H
#define OSCGI_STORE_VALKEY_SCRIPTS_H

/*
 * What the server does in one act, in its Lua.  KEYS[1] is the record, or the
 * lease.  Each can be done twice without harm: a new record's version and a
 * lease's token are made by who asks, so a second time they are recognized.
 *
 * `living` is the record's version, or nil when there is none or it has expired
 * by the clock of who asks.  Numbers are exact: seconds are far below 2^53.
 */
#define VALKEY_LIVING \
	"local function living(now) " \
	"local h = redis.call('GETRANGE', KEYS[1], 0, 16) " \
	"if #h < 17 or h:byte(1) ~= 1 then return nil end " \
	"local t = 0 " \
	"for i = 10, 17 do t = t * 256 + h:byte(i) end " \
	"if t <= tonumber(now) then return nil end " \
	"return h:sub(2, 9) end "

/* value, milliseconds to live: '' for ever, '0' not at all. */
#define VALKEY_WRITE \
	"local function write(value, ttl) " \
	"if ttl == '' then redis.call('SET', KEYS[1], value) " \
	"elseif ttl == '0' then redis.call('DEL', KEYS[1]) " \
	"else redis.call('SET', KEYS[1], value, 'PX', ttl) end " \
	"return 1 end "

/* ARGV: now, record, ttl.  1 done, 0 there is one. */
static const char valkey_insert[] = VALKEY_LIVING VALKEY_WRITE
	"local v = living(ARGV[1]) "
	"if v and v ~= ARGV[2]:sub(2, 9) then return 0 end "
	"return write(ARGV[2], ARGV[3])";

/* ARGV: now, record, ttl.  1 done. */
static const char valkey_upsert[] = VALKEY_WRITE
	"return write(ARGV[2], ARGV[3])";

/* ARGV: now, record, ttl, the version there must be.  1 done, 0 another version, -1 none. */
static const char valkey_replace[] = VALKEY_LIVING VALKEY_WRITE
	"local v = living(ARGV[1]) "
	"if not v then return -1 end "
	"if v == ARGV[2]:sub(2, 9) then return 1 end "
	"if v ~= ARGV[4] then return 0 end "
	"return write(ARGV[2], ARGV[3])";

/* ARGV: now, the version there must be or ''.  1 removed, 0 another version, -1 none. */
static const char valkey_remove[] = VALKEY_LIVING
	"local v = living(ARGV[1]) "
	"if v and ARGV[2] ~= '' and v ~= ARGV[2] then return 0 end "
	"redis.call('DEL', KEYS[1]) "
	"if v then return 1 end "
	"return -1";

/* ARGV: random bytes.  Hands out what it has just written. */
static const char valkey_probe[] =
	"redis.call('SET', KEYS[1], ARGV[1], 'PX', 60000) "
	"return redis.call('GET', KEYS[1])";

/* ARGV: token, milliseconds.  1 taken, 0 somebody else's. */
static const char valkey_lease_take[] =
	"local v = redis.call('GET', KEYS[1]) "
	"if v and v ~= ARGV[1] then return 0 end "
	"redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) "
	"return 1";

/* ARGV: token, milliseconds.  1 kept, 0 lost. */
static const char valkey_lease_keep[] =
	"if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end "
	"return redis.call('PEXPIRE', KEYS[1], ARGV[2])";

/* ARGV: token. */
static const char valkey_lease_release[] =
	"if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end "
	"return redis.call('DEL', KEYS[1])";

#endif
