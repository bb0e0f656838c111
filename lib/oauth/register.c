/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "json/json.h"
#include "oauth/oauth.h"
#include "oauth/refusal.h"

#define ANSWER_MAX_BYTES (64 * 1024)
#define CREDENTIAL_MAX   1024

static const char *
request_body(struct arena *a, const char *client_name, const char *redirect_uri, size_t *len)
{
	struct json *body = json_object(a), *list;

	json_set_string(body, "client_name", client_name);
	list = json_array(a);
	json_append_string(list, redirect_uri);
	json_set(body, "redirect_uris", list);
	/* Both, always: a client registered without refresh_token loses its visitors after an hour. */
	list = json_array(a);
	json_append_string(list, "authorization_code");
	json_append_string(list, "refresh_token");
	json_set(body, "grant_types", list);
	list = json_array(a);
	json_append_string(list, "code");
	json_set(body, "response_types", list);
	json_set_string(body, "token_endpoint_auth_method", "client_secret_post");
	return json_print(a, body, len);
}

static enum err
read_answer(struct call *c, const struct http_request *rq, int64_t now_s, struct oauth_client *out)
{
	struct json *doc;
	int64_t expires = 0;

	if (json_parse(c->arena, rq->answer, rq->answer_len, &doc) != ERR_OK)
		return call_fail(c, ERR_PROTOCOL, "The registration was answered with something that is not JSON.");
	out->client_id = json_string(doc, "client_id");
	out->client_secret.reveal = json_string(doc, "client_secret");
	if (out->client_id == NULL || *out->client_id == '\0' || strlen(out->client_id) > CREDENTIAL_MAX)
		return call_fail(c, ERR_PROTOCOL, "The registration's answer has no client_id.");
	if (out->client_secret.reveal != NULL && strlen(out->client_secret.reveal) > CREDENTIAL_MAX)
		return call_fail(c, ERR_PROTOCOL, "The registration's client_secret is too long.");
	(void)json_int(doc, "client_secret_expires_at", 0, INT64_MAX / 2, &expires);
	out->secret_expires_at_s = expires;
	out->registered_at_s = now_s;
	return ERR_OK;
}

enum err
oauth_register(struct http *http, struct call *c, const struct oauth_server *server, const char *client_name,
    const char *redirect_uri, int64_t now_s, struct oauth_client *out)
{
	struct http_request rq = {
		.method = "POST",
		.url = server->registration_endpoint,
		.reach = HTTP_REACH_PLATFORM,
		.content_type = "application/json",
		.answer_max_bytes = ANSWER_MAX_BYTES,
	};
	struct oauth_server documented;
	enum err e;

	/* Metadata may leave it out (RFC 8414 2), and it is there all the same. */
	if (rq.url == NULL) {
		e = oauth_metadata_documented(c, server->issuer, &documented);
		if (e != ERR_OK)
			return e;
		rq.url = documented.registration_endpoint;
	}
	rq.body = request_body(c->arena, client_name, redirect_uri, &rq.body_len);
	if (rq.body == NULL)
		return ERR_NOMEM;
	e = http_send(http, c, &rq);
	if (e != ERR_OK)
		return call_fail(c, e, "This site could not be registered: the authorization server does not answer.");
	if (rq.status != 200 && rq.status != 201)
		return oauth_refusal(c, &rq, "This site could not be registered");
	return read_answer(c, &rq, now_s, out);
}
