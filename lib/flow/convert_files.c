/* SPDX-License-Identifier: MIT */
#include "flow/convert_files.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "crypto/crypto.h"
#include "osc/encore.h"

#define LETTERS         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define UPLOAD_LIFE_S   3600

const char *
convert_safe_name(struct arena *a, const char *name)
{
	char *out = arena_strndup(a, name, OSC_ENCORE_WORD_MAX);

	for (char *p = out; p != NULL && *p != '\0'; p++)
		if (strchr(LETTERS "._-", *p) == NULL || (p == out && (*p == '.' || *p == '-')))
			*p = p == out ? 'x' : '-';
	return out;
}

const char *
convert_random_id(struct arena *a)
{
	unsigned char raw[6];
	char *id = arena_alloc(a, 2 * sizeof(raw) + 1);

	crypto_random(raw, sizeof(raw));
	for (size_t i = 0; id != NULL && i < sizeof(raw); i++)
		snprintf(id + 2 * i, 3, "%02x", raw[i]);
	return id;
}

static bool
is_media_type(const char *s)
{
	const char *slash = strchr(s, '/');

	return slash != NULL && slash != s && slash[1] != '\0' && strlen(s) <= 128
	    && strspn(s, LETTERS "/.+-;= _\"") == strlen(s);
}

enum err
convert_upload(const struct convert *cv, const struct json *body, struct json **out)
{
	const char *name = json_string(body, "name"), *type = json_string(body, "type"), *id, *key, *url, *source;
	struct arena *a = cv->call->arena;
	struct system sys;
	struct osc_s3 s3;
	enum err e;

	if (name == NULL || *name == '\0' || strlen(name) > 255 || text_has_control(name))
		return call_fail(cv->call, ERR_BAD_REQUEST, "name must be the file's name, 1 to 255 bytes");
	if (type == NULL || !is_media_type(type))
		return call_fail(cv->call, ERR_BAD_REQUEST, "type must be the file's media type, such as video/mp4");
	e = convert_load_ready(cv, &sys, &s3);
	if (e != ERR_OK)
		return e;
	name = convert_safe_name(a, name);
	id = convert_random_id(a);
	key = arena_concat(a, id, "/", name);
	if (key == NULL)
		return ERR_NOMEM;
	url = osc_s3_presign(a, &s3, "PUT", CONVERT_INPUT, key, NULL, clock_now_s(cv->app->clock), UPLOAD_LIFE_S);
	source = arena_concat(a, "s3://" CONVERT_INPUT "/", key);
	if (url == NULL || source == NULL)
		return ERR_NOMEM;
	*out = json_object(a);
	json_set_string(*out, "uploadUrl", url);
	json_set_string(*out, "source", source);
	return ERR_OK;
}

const char *
convert_key_in(const char *address, const char *bucket)
{
	size_t len = strlen(bucket);

	if (address == NULL || !text_starts_with(address, "s3://"))
		return NULL;
	address += strlen("s3://");
	return strncmp(address, bucket, len) == 0 && address[len] == '/' && address[len + 1] != '\0' ? address + len + 1
	    : NULL;
}
