/* SPDX-License-Identifier: MIT */
#include "flow/signin.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "crypto/keyring.h"
#include "flow/authority.h"
#include "json/json.h"
#include "oauth/oauth.h"
#include "session/claims.h"
#include "store/store.h"

#define NONCE_BYTES 16

static const struct seal state_seal = { .kind = "state", .name = "", .salt = "" };

/* What a state parameter seals. */
struct pending {
	int64_t     began_at_s;
	const char *nonce;		/* makes it unique; the verifier is derived from it */
	const char *key_id;		/* under which the verifier was derived */
	const char *browser;		/* store name of the cookie that it is bound to */
	const char *return_to, *redirect_uri;
};

bool
signin_is_local_path(const char *path)
{
	size_t n = strcspn(path, "?");
	const char *p;

	if (*path != '/' || strlen(path) > SIGNIN_RETURN_MAX || text_has_control(path))
		return false;
	for (p = path; p < path + n; p++) {
		if (*p == '\\' || (*p == '/' && p[1] == '/'))
			return false;
		if (*p == '/' && p[1] == '.' && strchr("/?", p[2]) != NULL)
			return false;	/* strchr finds the NUL as well: "/." at the end */
		if (*p == '/' && p[1] == '.' && p[2] == '.' && strchr("/?", p[3]) != NULL)
			return false;
	}
	return true;
}

static enum err
derive_verifier(struct app *app, struct call *c, const struct pending *p, const char **out)
{
	unsigned char mac[CRYPTO_HASH_LEN];
	enum err e;

	e = keyring_derive(app->keys, p->key_id, "pkce verifier", p->nonce, strlen(p->nonce), mac);
	if (e != ERR_OK)
		return e;
	*out = crypto_b64url(c->arena, mac, sizeof(mac));
	crypto_wipe(mac, sizeof(mac));
	return *out != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err
seal_state(struct app *app, struct call *c, const struct pending *p, const char **out)
{
	struct json *doc = json_object(c->arena);
	unsigned char *sealed;
	const char *text;
	size_t len;
	enum err e;

	json_set_int(doc, "t", p->began_at_s);
	json_set_string(doc, "n", p->nonce);
	json_set_string(doc, "k", p->key_id);
	json_set_string(doc, "b", p->browser);
	json_set_string(doc, "r", p->return_to);
	json_set_string(doc, "u", p->redirect_uri);
	text = json_print(c->arena, doc, &len);
	if (text == NULL)
		return ERR_NOMEM;
	e = keyring_seal(app->keys, &state_seal, text, len, c->arena, &sealed, &len);
	if (e != ERR_OK)
		return e;
	*out = crypto_b64url(c->arena, sealed, len);
	return *out != NULL ? ERR_OK : ERR_NOMEM;
}

/* ERR_STATE_MISMATCH for anything that we did not make in the last ten minutes. */
static enum err
open_state(struct app *app, struct call *c, const char *state, struct pending *out)
{
	unsigned char *sealed, *plain;
	struct json *doc;
	int64_t now = clock_now_s(app->clock);
	size_t len;
	enum err e;

	if (state == NULL || strlen(state) > SIGNIN_STATE_MAX)
		return ERR_STATE_MISMATCH;
	sealed = crypto_b64url_decode(c->arena, state, strlen(state), &len);
	if (sealed == NULL)
		return ERR_STATE_MISMATCH;
	e = keyring_unseal(app->keys, &state_seal, sealed, len, c->arena, &plain, &len, NULL);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_STATE_MISMATCH : e;
	if (json_parse(c->arena, (char *)plain, len, &doc) != ERR_OK ||
	    !json_int(doc, "t", 0, INT64_MAX / 2, &out->began_at_s))
		return ERR_STATE_MISMATCH;
	out->nonce = json_string(doc, "n");
	out->key_id = json_string(doc, "k");
	out->browser = json_string(doc, "b");
	out->return_to = json_string(doc, "r");
	out->redirect_uri = json_string(doc, "u");
	if (!out->nonce || !out->key_id || !out->browser || !out->return_to || !out->redirect_uri)
		return ERR_STATE_MISMATCH;
	return now >= out->began_at_s + SIGNIN_LIFETIME_S || now + SIGNIN_LIFETIME_S < out->began_at_s ?
	    ERR_STATE_MISMATCH : ERR_OK;
}

enum err
signin_begin(struct app *app, struct call *c, const struct signin_start *start, struct signin_begun *out)
{
	char browser[SESSION_NAME_LEN + 1];
	unsigned char nonce[NONCE_BYTES];
	struct oauth_server server;
	struct oauth_client client;
	struct pending p = { .return_to = "/", .redirect_uri = start->redirect_uri, .browser = browser };
	const char *verifier, *state, *challenge;
	enum err e;

	e = authority_server(app, c, &server);
	if (e != ERR_OK)
		return e;
	e = authority_client(app, c, &server, start->redirect_uri, &client);
	if (e != ERR_OK)
		return e;
	/* Several tabs share the cookie that the browser holds; a new one is a new session's at the end. */
	if (start->cookie != NULL)
		memcpy(out->cookie, start->cookie, sizeof(out->cookie));
	else
		session_new_id(out->cookie);
	session_name_of(out->cookie, browser);
	if (start->return_to != NULL && signin_is_local_path(start->return_to))
		p.return_to = start->return_to;
	p.began_at_s = clock_now_s(app->clock);
	crypto_random(nonce, sizeof(nonce));
	p.nonce = crypto_b64url(c->arena, nonce, sizeof(nonce));
	if (p.nonce == NULL)
		return ERR_NOMEM;
	e = keyring_current_id(app->keys, &p.key_id);
	if (e == ERR_OK)
		e = derive_verifier(app, c, &p, &verifier);
	if (e == ERR_OK)
		e = seal_state(app, c, &p, &state);
	if (e != ERR_OK)
		return e;
	challenge = oauth_pkce_challenge(c->arena, verifier);
	if (challenge == NULL)
		return ERR_NOMEM;
	return oauth_authorize_url(c, &server, &client, start->redirect_uri, state, challenge, &out->location);
}

/*
 * The sign-in is bound to the cookie that the browser held when it began: the
 * one it holds now, or one that a session since then took over from.
 */
static bool
is_bound_to(const struct pending *p, const char *cookie, const struct session *before, int64_t now_s)
{
	char name[SESSION_NAME_LEN + 1];
	size_t i;

	if (cookie == NULL)
		return false;
	session_name_of(cookie, name);
	if (crypto_equal_text(p->browser, name))
		return true;
	for (i = 0; before != NULL && i < before->prior_n; i++)
		if (now_s < before->prior[i].until_s && crypto_equal_text(p->browser, before->prior[i].name))
			return true;
	return false;
}

/* Of several callbacks with one state, one goes on. */
static enum err
spend(struct app *app, struct call *c, const struct pending *p)
{
	const char *name = arena_concat(c->arena, "x:", p->nonce);
	int removed;
	enum err e;

	if (name == NULL)
		return ERR_NOMEM;
	e = store_sweep(app->store, 16, &removed);
	if (e != ERR_OK)
		return e;
	e = store_put(app->store, name, "", 0, p->began_at_s + SIGNIN_LIFETIME_S, STORE_INSERT, STORE_LAZY, NULL);
	return e == ERR_CONFLICT ? ERR_STATE_MISMATCH : e;
}

static enum err
judge_error(struct call *c, const char *error)
{
	if (strcmp(error, "access_denied") == 0)
		return call_fail(c, ERR_ACCESS_DENIED, "You did not allow this site to act in your workspace, "
		    "so nothing was changed.");
	if (strlen(error) > 60 || !text_is_made_of(error, "abcdefghijklmnopqrstuvwxyz_", 60))
		error = "an unknown error";
	return call_fail(c, ERR_UPSTREAM, "Open Source Cloud could not sign you in: %s.", error);
}

/* Sign-ins begun under the old cookie, and those it had taken over, may still finish under the new session. */
static void
inherit(struct session *s, const char *cookie, const struct session *before, int64_t now_s)
{
	size_t i;

	session_name_of(cookie, s->prior[0].name);
	s->prior[0].until_s = now_s + SIGNIN_LIFETIME_S;
	s->prior_n = 1;
	for (i = 0; before != NULL && i < before->prior_n && s->prior_n < SESSION_PRIOR_MAX; i++)
		if (now_s < before->prior[i].until_s)
			s->prior[s->prior_n++] = before->prior[i];
}

static enum err
exchange(struct app *app, struct call *c, const struct pending *p, const struct oauth_server *server,
    const char *code, struct session *s)
{
	struct oauth_client client;
	struct oauth_token token;
	const char *verifier;
	enum err e;

	e = derive_verifier(app, c, p, &verifier);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_STATE_MISMATCH : e;
	e = authority_client(app, c, server, p->redirect_uri, &client);
	if (e != ERR_OK)
		return e;
	e = oauth_token_exchange(app->http, c, server, &client, code, p->redirect_uri, verifier, &token);
	if (e == ERR_CLIENT_REJECTED)
		authority_client_rejected(app, server, p->redirect_uri, &client);
	if (e != ERR_OK)
		return e;
	s->access_token = token.access_token;
	s->refresh_token = token.refresh_token;
	s->issued_at_s = s->signed_in_at_s = s->used_at_s = clock_now_s(app->clock);
	s->expires_at_s = s->issued_at_s + token.expires_in_s;
	s->redirect_uri = p->redirect_uri;
	claims_read(c->arena, s);
	return ERR_OK;
}

static enum err
replace_session(struct app *app, struct call *c, const struct session *before, struct session *s)
{
	enum err e;

	e = session_insert(app, c->arena, s);
	if (e != ERR_OK)
		return e;
	/* The new one stands already: that the old one lingers until it expires is no reason to fail. */
	if (before != NULL && session_end(app, before->name) != ERR_OK)
		log_event(LOG_LEVEL_WARN, "session_lingers", "the session before this sign-in could not be removed");
	return ERR_OK;
}

enum err
signin_finish(struct app *app, struct call *c, const struct signin_answer *answer, struct signin_done *out)
{
	struct session *s = arena_alloc(c->arena, sizeof(*s)), *before = arena_alloc(c->arena, sizeof(*before));
	int64_t now = clock_now_s(app->clock);
	struct oauth_server server;
	struct pending p;
	enum err e;

	if (s == NULL || before == NULL)
		return ERR_NOMEM;
	e = open_state(app, c, answer->state, &p);
	if (e != ERR_OK)
		return e;
	if (answer->cookie == NULL)
		return ERR_STATE_MISMATCH;
	e = session_load(app, answer->cookie, c->arena, before);
	if (e == ERR_NO_SESSION)
		before = NULL;
	else if (e != ERR_OK)
		return e;
	if (!is_bound_to(&p, answer->cookie, before, now))
		return ERR_STATE_MISMATCH;
	e = spend(app, c, &p);
	if (e != ERR_OK)
		return e;
	e = authority_server(app, c, &server);
	if (e == ERR_OK)
		e = oauth_check_issuer(c, &server, answer->iss);
	if (e != ERR_OK)
		return e;
	if (answer->error != NULL)
		return judge_error(c, answer->error);
	if (answer->code == NULL || *answer->code == '\0')
		return call_fail(c, ERR_BAD_REQUEST, "The answer holds no authorization code; start the sign-in again.");
	e = exchange(app, c, &p, &server, answer->code, s);
	if (e != ERR_OK)
		return e;
	inherit(s, answer->cookie, before, now);
	e = replace_session(app, c, before, s);
	if (e != ERR_OK)
		return e;
	out->cookie = s->id;
	out->return_to = signin_is_local_path(p.return_to) ? p.return_to : "/";
	return ERR_OK;
}
