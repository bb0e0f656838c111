/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE	/* memmem */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crypto/keyring.h"
#include "fixture.h"
#include "session/record.h"
#include "session/session.h"
#include "store/store.h"
#include "store/store_mem.h"
#include "tap.h"

static void
open_session(struct fixture *fx, struct session *s)
{
	fixture_open(fx);
	memset(s, 0, sizeof(*s));
	s->access_token.reveal = "access-token-value";
	s->refresh_token.reveal = "refresh-token-value";
	s->issued_at_s = s->signed_in_at_s = s->used_at_s = fx->now_ms / 1000;
	s->expires_at_s = s->issued_at_s + 3600;
	s->tenant = "acme";
	s->prior_n = 1;
	strcpy(s->prior[0].name, "0123456789012345678901234567890123456789012");
	s->prior[0].until_s = 42;
	is_int(session_insert(&fx->app, &fx->arena, s), ERR_OK, "a session is kept");
}

static bool
holds_token(void *ctx, const char *name, const struct store_record *rec)
{
	(void)name;
	if (memmem(rec->data, rec->len, "token-value", 11) != NULL)
		*(int *)ctx += 1;
	return true;
}

static void
test_round_trip(void)
{
	struct session s, back;
	struct fixture fx;
	int leaks = 0;

	open_session(&fx, &s);
	is_int(session_load(&fx.app, s.id, &fx.arena, &back), ERR_OK, "and found by its cookie");
	is_str(back.access_token.reveal, "access-token-value", "with its access token");
	is_str(back.refresh_token.reveal, "refresh-token-value", "its refresh token");
	is_str(back.tenant, "acme", "its tenant");
	is_str(back.subject, NULL, "nothing where nothing was");
	is_int(back.prior[0].until_s, 42, "and whom it took over from");
	is_int(store_each(fx.app.store, "", holds_token, &leaks), ERR_OK, "the store is looked through");
	is_int(leaks, 0, "no token stands in it in the clear");
	fixture_close(&fx);
}

static void
test_binding(void)
{
	char name[64] = "s:", other_name[64] = "s:";
	struct store_record rec;
	struct session s, t, back;
	struct fixture fx;
	unsigned char *bytes;

	open_session(&fx, &s);
	t = s;
	is_int(session_insert(&fx.app, &fx.arena, &t), ERR_OK, "a second one is kept");
	strcat(name, s.name);
	strcat(other_name, t.name);
	is_int(store_get(fx.app.store, name, &fx.arena, &rec), ERR_OK, "the first one's bytes");
	is_int(store_put(fx.app.store, other_name, rec.data, rec.len, STORE_NO_EXPIRY, STORE_UPSERT, STORE_LAZY, NULL),
	    ERR_OK, "put under the second one's name");
	is_int(session_load(&fx.app, t.id, &fx.arena, &back), ERR_NO_SESSION, "open nothing there");
	bytes = arena_alloc(&fx.arena, rec.len);
	memcpy(bytes, rec.data, rec.len);
	bytes[rec.len - 1] ^= 1;
	is_int(store_put(fx.app.store, name, bytes, rec.len, STORE_NO_EXPIRY, STORE_UPSERT, STORE_LAZY, NULL), ERR_OK,
	    "one bit of a record changed");
	is_int(session_load(&fx.app, s.id, &fx.arena, &back), ERR_NO_SESSION, "is a signed-out visitor");
	memcpy(bytes, rec.data, rec.len);
	bytes[0]++;
	is_int(store_put(fx.app.store, name, bytes, rec.len, STORE_NO_EXPIRY, STORE_UPSERT, STORE_LAZY, NULL), ERR_OK,
	    "a newer format");
	is_int(session_load(&fx.app, s.id, &fx.arena, &back), ERR_NO_SESSION, "is one too");
	is_int(store_put(fx.app.store, name, "", 0, STORE_NO_EXPIRY, STORE_UPSERT, STORE_LAZY, NULL), ERR_OK, "nothing");
	is_int(session_load(&fx.app, s.id, &fx.arena, &back), ERR_NO_SESSION, "is one as well");
	fixture_close(&fx);
}

/* Who has the disk and the key file, and no cookie. */
static void
test_key_alone(void)
{
	char name[STORE_NAME_MAX + 1];
	struct store_record rec = { 0 };
	struct session s;
	struct fixture fx;
	unsigned char *plain;
	size_t len;

	open_session(&fx, &s);
	snprintf(name, sizeof(name), "s:%s", s.name);
	is_int(store_get(fx.app.store, name, &fx.arena, &rec), ERR_OK, "a session's record");
	is_int(keyring_unseal(fx.app.keys, &(struct seal){ "session", s.name, s.id }, rec.data, rec.len, &fx.arena, &plain, &len,
	    NULL), ERR_OK, "opens with the key file and the cookie");
	is_int(keyring_unseal(fx.app.keys, &(struct seal){ "session", s.name, "" }, rec.data, rec.len, &fx.arena, &plain, &len,
	    NULL), ERR_NOT_FOUND, "not with the key file alone");
	is_int(keyring_unseal(fx.app.keys, &(struct seal){ "session", s.name, s.name }, rec.data, rec.len, &fx.arena, &plain, &len,
	    NULL), ERR_NOT_FOUND, "nor with what the store calls it");
	fixture_close(&fx);
}

static void
test_other_key(void)
{
	struct session s, back;
	struct fixture fx;

	open_session(&fx, &s);
	keyring_close(fx.app.keys);
	unlink(fx.key_path);
	is_int(keyring_open(fx.key_path, &fx.app.keys), ERR_OK, "with another key file");
	is_int(session_load(&fx.app, s.id, &fx.arena, &back), ERR_NO_SESSION, "the session does not open");
	fixture_close(&fx);
}

static void
test_expiry(void)
{
	struct session s, back;
	struct fixture fx;
	int i;

	open_session(&fx, &s);
	fixture_pass(&fx, 86399);
	is_int(session_load(&fx.app, s.id, &fx.arena, &back), ERR_OK, "a session outlives a day less a second of idleness");
	fixture_pass(&fx, 1);
	is_int(session_load(&fx.app, s.id, &fx.arena, &back), ERR_NO_SESSION, "not a whole one");
	fixture_close(&fx);

	open_session(&fx, &s);
	for (i = 0; i < 7 * 24; i++) {
		if (session_load(&fx.app, s.id, &fx.arena, &back) != ERR_OK)
			break;
		session_touch(&fx.app, &fx.arena, &back);
		fixture_pass(&fx, 3600);
	}
	is_int(i, 7 * 24, "one that is used lives a week");
	is_int(session_load(&fx.app, s.id, &fx.arena, &back), ERR_NO_SESSION, "and no longer");
	fixture_close(&fx);

	open_session(&fx, &s);
	fixture_pass(&fx, 60);
	is_int(session_load(&fx.app, s.id, &fx.arena, &back), ERR_OK, "soon after its last use");
	session_touch(&fx.app, &fx.arena, &back);
	is_int((int64_t)back.version, (int64_t)s.version, "a use is not written again");
	fixture_close(&fx);
}

static void
test_end(void)
{
	struct session s, back;
	const char *aside;
	struct fixture fx;
	size_t len;

	open_session(&fx, &s);
	is_int(session_aside_save(&fx.app, &s, &fx.arena, "known", 5), ERR_OK, "something is kept beside it");
	is_int(session_aside_load(&fx.app, &s, &fx.arena, &aside, &len), ERR_OK, "and found");
	ok(len == 5 && memcmp(aside, "known", 5) == 0, "unchanged");
	is_int(session_end(&fx.app, s.name), ERR_OK, "the session ends");
	is_int(session_load(&fx.app, s.id, &fx.arena, &back), ERR_NO_SESSION, "it is gone");
	is_int(store_mem_count(fx.app.store, ""), 0, "with all that was beside it");
	is_int(session_end(&fx.app, s.name), ERR_OK, "ending it again is fine");
	fixture_close(&fx);
}

static void
test_record(void)
{
	static const unsigned char unknown[] = { 200, 2, 0, 0, 0, 'x', 'y', 1, 1, 0, 0, 0, 'a' };
	static const unsigned char broken[] = { 1, 200, 0, 0, 0, 'a' };
	static const unsigned char empty[] = { 200, 0, 0, 0, 0 };
	struct session s = { .id = "" };
	struct arena a;

	arena_init(&a, 65536);
	is_int(record_read(&s, &a, unknown, sizeof(unknown)), ERR_OK, "a field of a newer version is passed over");
	is_str(s.access_token.reveal, "a", "what follows is read");
	is_int(record_read(&s, &a, broken, sizeof(broken)), ERR_PROTOCOL, "a field longer than the record is refused");
	is_int(record_read(&s, &a, unknown, 3), ERR_PROTOCOL, "half a field is refused");
	memset(&s, 0, sizeof(s));
	is_int(record_read(&s, &a, empty, sizeof(empty)), ERR_PROTOCOL, "a record without a token is none");
	arena_free(&a);
}

int
main(void)
{
	test_round_trip();
	test_binding();
	test_key_alone();
	test_other_key();
	test_expiry();
	test_end();
	test_record();
	return done_testing();
}
