/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "oauth/form.h"
#include "oauth/oauth.h"

#define AUTHORIZE_URL_MAX (16 * 1024)

const char *
oauth_pkce_challenge(struct arena *a, const char *verifier)
{
	char challenge[CRYPTO_TEXT_LEN + 1];

	crypto_sha256_text(verifier, challenge);
	return arena_strdup(a, challenge);
}

enum err
oauth_authorize_url(struct call *c, const struct oauth_server *server, const struct oauth_client *client,
    const char *redirect_uri, const char *state, const char *challenge, const char **out)
{
	struct buf url;

	buf_init(&url, AUTHORIZE_URL_MAX);
	buf_str(&url, server->authorization_endpoint);
	buf_char(&url, strchr(server->authorization_endpoint, '?') != NULL ? '&' : '?');
	buf_str(&url, "response_type=code");
	form_add(&url, "client_id", client->client_id);
	form_add(&url, "redirect_uri", redirect_uri);
	form_add(&url, "code_challenge", challenge);
	form_add(&url, "code_challenge_method", "S256");
	form_add(&url, "state", state);
	*out = buf_ok(&url) ? arena_strndup(c->arena, buf_cstr(&url), url.len) : NULL;
	buf_free(&url);
	return *out != NULL ? ERR_OK : ERR_NOMEM;
}

enum err
oauth_check_issuer(struct call *c, const struct oauth_server *server, const char *iss)
{
	if (iss == NULL && server->iss_announced)
		return call_fail(c, ERR_BAD_REQUEST, "The answer does not name its issuer; start the sign-in again.");
	if (iss != NULL && strcmp(iss, server->issuer) != 0)
		return call_fail(c, ERR_BAD_REQUEST, "The answer comes from another issuer than the one asked.");
	return ERR_OK;
}
