/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE	/* memrchr */
#include "osc/mask.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "osc/secret.h"

#define USERINFO_MASK OSC_MASK ":" OSC_MASK "@"

/*
 * Options that hold a secret in some service, whether its record says so or not.
 * Masking goes by the name alone: the same names mean the same in all of them.
 */
static const char *const known_secrets[] = {
	"AdminPassword", "ApiKey", "AwsAccessKeyId", "AwsSecretAccessKey", "AwsSessionToken", "Password",
	"PersonalAccessToken", "PostgresPassword", "RedisUrl", "RootPassword", "anthropicApiKey", "dbUrl",
	"gitHubToken", "OscAccessToken", "s3AccessKey", "s3AccessKeyId", "s3SecretAccessKey", "s3SecretKey",
	"s3SessionToken", "smbApiKey", "whipAuthKey",
};

/* By its name, or one of `more` (NULL-terminated; may be NULL). */
static bool
is_secret_option(const char *name, const char *const *more)
{
	if (name == NULL)
		return false;
	for (size_t i = 0; i < sizeof(known_secrets) / sizeof(known_secrets[0]); i++)
		if (strcasecmp(name, known_secrets[i]) == 0)
			return true;
	for (; more != NULL && *more != NULL; more++)
		if (strcmp(name, *more) == 0)
			return true;
	return false;
}

/* The last '@' of a stretch without white space or quotes: looked for once, whoever asks. */
struct stretch {
	const char *end;	/* NULL: none was looked at yet */
	const char *at;		/* NULL: there is none */
};

static const char *
last_at(struct stretch *known, const char *s)
{
	size_t len;

	if (known->end == NULL || s > known->end) {
		len = strcspn(s, " \t\r\n\"'<>");
		known->end = s + len;
		known->at = memrchr(s, '@', len);
	}
	return known->at != NULL && known->at >= s ? known->at : NULL;
}

/*
 * Where the user information of the URL whose authority begins at s ends: at its
 * '@', or NULL when it has none.  A password with a bare '/' in it makes a URL that
 * others read differently: what stands where a port should, and is none, is covered too.
 */
static const char *
userinfo_end(const char *s, struct stretch *known)
{
	size_t len = strcspn(s, "/?# \t\r\n\"'<>,");
	const char *at = memrchr(s, '@', len);
	const char *colon;

	if (at != NULL)
		return at;
	if (*s == '[')
		return NULL;
	colon = memchr(s, ':', len);
	if (colon == NULL || strspn(colon + 1, "0123456789") == (size_t)(s + len - colon - 1))
		return NULL;
	return last_at(known, s);
}

static const char *
cover_userinfo(struct arena *a, const char *text)
{
	const char *from = text, *mark, *at;
	struct stretch known = { NULL, NULL };
	struct buf out;
	const char *covered;

	if (strstr(text, "://") == NULL || strchr(text, '@') == NULL)
		return text;
	buf_init(&out, strlen(text) * 3 + 16);
	while ((mark = strstr(from, "://")) != NULL) {
		mark += strlen("://");
		at = userinfo_end(mark, &known);
		buf_add(&out, from, (size_t)(mark - from));
		if (at != NULL)
			buf_str(&out, USERINFO_MASK);
		from = at != NULL ? at + 1 : mark;
	}
	buf_str(&out, from);
	covered = buf_ok(&out) ? arena_strdup(a, buf_cstr(&out)) : NULL;
	buf_free(&out);
	return covered;
}

/* The value as it may be shown; the same pointer when there is nothing to cover. */
static const char *
cover(struct arena *a, const char *value)
{
	const char *covered;

	if (strstr(value, OSC_SECRET_REFERENCE) != NULL)
		return OSC_MASK;
	covered = cover_userinfo(a, value);
	return covered != NULL ? covered : OSC_MASK;
}

/* Recursion is bounded: a document has at most JSON_DEPTH_MAX levels. */
static void
mask_below(struct arena *a, struct json *root, const char *const *secret_options)
{
	for (struct json *child = json_first(root); child != NULL; child = json_next(child)) {
		enum json_kind kind = json_kind(child);
		const char *text = json_text(child), *shown;

		if (kind == JSON_OBJECT || kind == JSON_ARRAY) {
			mask_below(a, child, secret_options);
		} else if (json_kind(root) == JSON_OBJECT && is_secret_option(json_name(child), secret_options)) {
			if (kind == JSON_NUMBER || (text != NULL && *text != '\0'))
				json_replace_text(child, OSC_MASK);
		} else if (text != NULL) {
			shown = cover(a, text);
			if (shown != text)
				json_replace_text(child, shown);
		}
	}
}

void
osc_mask_document(struct arena *a, struct json *document, const char *const *secret_options)
{
	const char *text;

	if (document == NULL)
		return;
	text = json_text(document);
	if (text != NULL)
		json_replace_text(document, cover(a, text));
	mask_below(a, document, secret_options);
}

static void
mask_defaults(struct json *service)
{
	struct json *option = json_first(json_get(service, "serviceInstanceOptions"));

	for (; option != NULL; option = json_next(option)) {
		const char *preset = json_string(option, "default");
		bool secret = json_bool(option, "sensitive", false)
		    || is_secret_option(json_string(option, "name"), NULL);

		if (secret && preset != NULL && *preset != '\0')
			json_set_string(option, "default", OSC_MASK);
	}
}

void
osc_mask_services(struct arena *a, struct json *services)
{
	if (services == NULL)
		return;
	osc_mask_document(a, services, NULL);
	if (json_kind(services) == JSON_ARRAY)
		for (struct json *s = json_first(services); s != NULL; s = json_next(s))
			mask_defaults(s);
	else
		mask_defaults(services);
}

static bool
is_token_char(char ch)
{
	return isalnum((unsigned char)ch) || ch == '-' || ch == '_' || ch == '.';
}

const char *
osc_mask_text(struct arena *a, const char *text)
{
	const char *covered = cover_userinfo(a, text);
	char *out, *to;

	if (covered == NULL)
		return NULL;
	out = to = arena_strdup(a, covered);
	if (out == NULL)
		return NULL;
	/* A JWT begins with {" in base64url. */
	for (const char *p = out; *p != '\0';) {
		size_t len = 0;

		if (strncmp(p, "eyJ", 3) == 0)
			while (is_token_char(p[len]))
				len++;
		if (len < 16) {
			*to++ = *p++;
			continue;
		}
		memcpy(to, OSC_MASK, strlen(OSC_MASK));
		to += strlen(OSC_MASK);
		p += len;
	}
	*to = '\0';
	return out;
}

bool
osc_holds_mask(const struct json *document)
{
	const char *text = document == NULL ? NULL : json_text(document);

	if (text != NULL)
		return strcmp(text, OSC_MASK) == 0 || strstr(text, "://" USERINFO_MASK) != NULL;
	for (const struct json *child = json_first(document); child != NULL; child = json_next(child))
		if (osc_holds_mask(child))
			return true;
	return false;
}

enum err
osc_check_unmasked(struct call *c, const struct json *body)
{
	if (osc_holds_mask(body))
		return call_fail(c, ERR_BAD_REQUEST, "a value is \"" OSC_MASK "\", which stands for a secret that is not "
		    "shown: leave the option out, or give a new value");
	return ERR_OK;
}
