/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/host.h"
#include "base/text.h"
#include "json/json.h"
#include "oauth/oauth.h"

#define METADATA_MAX_BYTES  (256 * 1024)
#define METADATA_TIMEOUT_MS 5000	/* a visitor waits for it, and there is a fallback */
#define URL_MAX             2048

/* Plain http to a name of the loopback, which alone is nobody else's to read. */
static bool
is_near_by(const char *url)
{
	const char *host;
	size_t n;

	if (!text_starts_with(url, "http://"))
		return false;
	host = url + strlen("http://");
	n = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?");
	if (n > strlen(host) || strchr(":/?", host[n]) == NULL)	/* the NUL at its end is fine */
		return false;
	return memchr(host, '@', strcspn(host, "/?")) == NULL && host_is_loopback(host, n);
}

static bool
is_endpoint(const char *url, bool loopback)
{
	if (url == NULL || strlen(url) > URL_MAX || text_has_control(url) || strpbrk(url, " #\\") != NULL)
		return false;
	return text_starts_with(url, "https://") || (loopback && is_near_by(url));
}

enum err
oauth_metadata_take(const char *issuer, bool loopback, const struct json *doc, struct oauth_server *out)
{
	out->issuer = json_string(doc, "issuer");
	out->authorization_endpoint = json_string(doc, "authorization_endpoint");
	out->token_endpoint = json_string(doc, "token_endpoint");
	out->registration_endpoint = json_string(doc, "registration_endpoint");
	out->revocation_endpoint = json_string(doc, "revocation_endpoint");
	out->iss_announced = json_bool(doc, "authorization_response_iss_parameter_supported", false);
	if (out->issuer == NULL || strcmp(out->issuer, issuer) != 0)
		return ERR_PROTOCOL;
	if (!is_endpoint(out->authorization_endpoint, loopback) || !is_endpoint(out->token_endpoint, loopback))
		return ERR_PROTOCOL;
	if (out->registration_endpoint != NULL && !is_endpoint(out->registration_endpoint, loopback))
		return ERR_PROTOCOL;
	if (out->revocation_endpoint != NULL && !is_endpoint(out->revocation_endpoint, loopback))
		return ERR_PROTOCOL;
	return ERR_OK;
}

enum err
oauth_metadata_read(struct call *c, const char *issuer, bool loopback, const char *text, size_t len,
    struct oauth_server *out)
{
	struct json *doc;
	enum err e;

	e = json_parse(c->arena, text, len, &doc);
	return e != ERR_OK ? e : oauth_metadata_take(issuer, loopback, doc, out);
}

enum err
oauth_metadata_fetch(struct http *http, struct call *c, const char *issuer, bool loopback, struct oauth_server *out)
{
	struct http_request rq = {
		.method = "GET",
		.url = arena_concat(c->arena, issuer, "/.well-known/oauth-authorization-server"),
		.reach = HTTP_REACH_PLATFORM,
		.answer_max_bytes = METADATA_MAX_BYTES,
		.timeout_ms = METADATA_TIMEOUT_MS,
		.replayable = true,
	};
	enum err e;

	if (rq.url == NULL)
		return ERR_NOMEM;
	e = http_send(http, c, &rq);
	if (e != ERR_OK)
		return e;
	if (rq.status != 200)
		return rq.status >= 500 ? ERR_UPSTREAM : ERR_PROTOCOL;
	return oauth_metadata_read(c, issuer, loopback, rq.answer, rq.answer_len, out);
}

enum err
oauth_metadata_documented(struct call *c, const char *issuer, struct oauth_server *out)
{
	*out = (struct oauth_server){
		.issuer = issuer,
		.authorization_endpoint = arena_concat(c->arena, issuer, "/api/connect/authorize"),
		.token_endpoint = arena_concat(c->arena, issuer, "/api/connect/token"),
		.registration_endpoint = arena_concat(c->arena, issuer, "/api/connect/register"),
	};
	return out->authorization_endpoint && out->token_endpoint && out->registration_endpoint ? ERR_OK : ERR_NOMEM;
}
