/* SPDX-License-Identifier: MIT */
#include "web/cookie.h"

#include <string.h>

#include "gateway/gateway.h"
#include "session/session.h"

static const char *
name_of(const struct request *rq, const struct config *cf)
{
	return rq->https ? arena_concat(rq->call.arena, "__Host-", cf->cookie_name) : cf->cookie_name;
}

/* Without the space behind it, and without the quotes that it may stand in.  RFC 6265 4.1.1 */
static const char *
value_of(const struct request *rq, const char *text, size_t len)
{
	while (len > 0 && strchr(" \t", text[len - 1]) != NULL)
		len--;
	if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
		text++;
		len -= 2;
	}
	return arena_strndup(rq->call.arena, text, len);
}

void
cookie_read(struct request *rq, const struct config *cf)
{
	const char *p = request_variable(rq, "HTTP_COOKIE"), *name = name_of(rq, cf), *found = NULL;
	size_t n, name_len;

	/* Two headers, where the web server does not join them: one of them may be somebody else's. */
	if (p == NULL || name == NULL || gateway_param_is_repeated(rq->exchange, "HTTP_COOKIE"))
		return;
	name_len = strlen(name);
	while (*p != '\0') {
		p += strspn(p, " \t;");
		n = strcspn(p, ";");
		if (strncmp(p, name, name_len) == 0 && p[name_len] == '=') {
			if (found != NULL)
				return;
			found = value_of(rq, p + name_len + 1, n - name_len - 1);
			if (found == NULL)
				return;
		}
		p += strcspn(p, ";");
	}
	if (found != NULL && session_id_is_wellformed(found))
		rq->cookie = found;
}

static enum err
write_cookie(struct response *rs, const struct request *rq, const struct config *cf, const char *value,
    const char *lifetime)
{
	const char *line = arena_concat(rs->arena, name_of(rq, cf), "=", value, "; Path=/; HttpOnly; SameSite=Lax",
	    rq->https ? "; Secure" : "", lifetime);

	return line == NULL ? ERR_NOMEM : response_header(rs, "Set-Cookie", line);
}

enum err
cookie_set(struct response *rs, const struct request *rq, const struct config *cf, const char *value)
{
	return write_cookie(rs, rq, cf, value, "");
}

enum err
cookie_expire(struct response *rs, const struct request *rq, const struct config *cf)
{
	return write_cookie(rs, rq, cf, "", "; Max-Age=0");
}
