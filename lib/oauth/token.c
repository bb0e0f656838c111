/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "json/json.h"
#include "oauth/form.h"
#include "oauth/oauth.h"
#include "oauth/refusal.h"

#define FORM_MAX_BYTES      (64 * 1024)
#define ANSWER_MAX_BYTES    (128 * 1024)
#define TOKEN_MAX_BYTES     (16 * 1024)
#define DEFAULT_EXPIRES_IN_S 3600
#define EXPIRES_IN_MAX_S    (366 * 86400)

static bool
is_token(const char *t)
{
	return t != NULL && *t != '\0' && strlen(t) <= TOKEN_MAX_BYTES && !text_has_control(t) &&
	    strchr(t, ' ') == NULL;
}

/* RFC 6749 5.1 */
static enum err
read_tokens(struct call *c, const struct http_request *rq, struct oauth_token *out)
{
	int64_t expires_in = DEFAULT_EXPIRES_IN_S;
	const char *type, *refresh;
	struct json *doc;

	if (json_parse(c->arena, rq->answer, rq->answer_len, &doc) != ERR_OK)
		return call_fail(c, ERR_PROTOCOL, "The token endpoint's answer is not JSON.");
	out->access_token.reveal = json_string(doc, "access_token");
	type = json_string(doc, "token_type");
	refresh = json_string(doc, "refresh_token");
	if (!is_token(out->access_token.reveal) || (type != NULL && strcasecmp(type, "bearer") != 0))
		return call_fail(c, ERR_PROTOCOL, "The token endpoint's answer holds no bearer token.");
	if (refresh != NULL && *refresh != '\0' && !is_token(refresh))
		return call_fail(c, ERR_PROTOCOL, "The token endpoint's refresh token is malformed.");
	out->refresh_token.reveal = refresh != NULL && *refresh != '\0' ? refresh : NULL;
	if (!json_int(doc, "expires_in", 1, EXPIRES_IN_MAX_S, &expires_in))
		expires_in = DEFAULT_EXPIRES_IN_S;
	out->expires_in_s = (int)expires_in;
	return ERR_OK;
}

/* Sent once, whatever happens to the connection: the code or refresh token may be spent already. */
static enum err
post_form(struct http *http, struct call *c, const char *url, struct buf *form, void (*tick)(void *), void *tick_ctx,
    struct http_request *rq)
{
	enum err e;

	*rq = (struct http_request){
		.method = "POST",
		.url = url,
		.reach = HTTP_REACH_PLATFORM,
		.content_type = "application/x-www-form-urlencoded",
		.body = buf_cstr(form),
		.body_len = form->len,
		.answer_max_bytes = ANSWER_MAX_BYTES,
	};
	if (!buf_ok(form))
		return ERR_NOMEM;
	e = http_perform(http, c, rq, 1, tick, tick_ctx);
	return e != ERR_OK ? e : rq->result;
}

static enum err
ask_for_tokens(struct http *http, struct call *c, const struct oauth_server *server,
    const struct oauth_client *client, struct buf *form, void (*tick)(void *), void *tick_ctx, const char *what,
    struct oauth_token *out)
{
	struct http_request rq;
	enum err e;

	form_add(form, "client_id", client->client_id);
	form_add(form, "client_secret", client->client_secret.reveal);
	e = post_form(http, c, server->token_endpoint, form, tick, tick_ctx, &rq);
	buf_free(form);
	if (e == ERR_UPSTREAM_TIMEOUT)
		return call_fail(c, e, "%s: the authorization server takes too long; try again later.", what);
	if (e != ERR_OK)
		return call_fail(c, e, "%s: the authorization server does not answer; try again later.", what);
	if (rq.status != 200 && rq.status != 201)
		return oauth_refusal(c, &rq, what);
	return read_tokens(c, &rq, out);
}

enum err
oauth_token_exchange(struct http *http, struct call *c, const struct oauth_server *server,
    const struct oauth_client *client, const char *code, const char *redirect_uri, const char *verifier,
    struct oauth_token *out)
{
	struct buf form;

	buf_init(&form, FORM_MAX_BYTES);
	form_add(&form, "grant_type", "authorization_code");
	form_add(&form, "code", code);
	form_add(&form, "redirect_uri", redirect_uri);
	form_add(&form, "code_verifier", verifier);
	return ask_for_tokens(http, c, server, client, &form, NULL, NULL, "The sign-in could not be completed", out);
}

enum err
oauth_token_refresh(struct http *http, struct call *c, const struct oauth_server *server,
    const struct oauth_client *client, struct secret refresh_token, void (*tick)(void *), void *tick_ctx,
    struct oauth_token *out)
{
	struct buf form;

	buf_init(&form, FORM_MAX_BYTES);
	form_add(&form, "grant_type", "refresh_token");
	form_add(&form, "refresh_token", refresh_token.reveal);
	return ask_for_tokens(http, c, server, client, &form, tick, tick_ctx, "The sign-in could not be renewed", out);
}

enum err
oauth_revoke(struct http *http, struct call *c, const struct oauth_server *server, const struct oauth_client *client,
    struct secret token, const char *token_type_hint)
{
	struct http_request rq;
	struct buf form;
	enum err e;

	buf_init(&form, FORM_MAX_BYTES);
	form_add(&form, "token", token.reveal);
	form_add(&form, "token_type_hint", token_type_hint);
	form_add(&form, "client_id", client->client_id);
	form_add(&form, "client_secret", client->client_secret.reveal);
	e = post_form(http, c, server->revocation_endpoint, &form, NULL, NULL, &rq);
	buf_free(&form);
	if (e != ERR_OK)
		return e;
	return rq.status == 200 ? ERR_OK : oauth_refusal(c, &rq, "The token could not be revoked");
}
