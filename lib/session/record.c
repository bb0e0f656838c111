/* SPDX-License-Identifier: MIT */
#include "session/record.h"

#include <string.h>

enum tag {
	TAG_ACCESS_TOKEN = 1, TAG_REFRESH_TOKEN, TAG_ISSUED_AT, TAG_EXPIRES_AT, TAG_SIGNED_IN_AT, TAG_USED_AT,
	TAG_REFRESH_TRIED_AT, TAG_TENANT, TAG_SUBJECT, TAG_REDIRECT_URI, TAG_PRIOR,
	TAG_OWNER = 20
};

#define FIELD_HEAD 5
#define NUMBER_LEN 8
#define RECORD_MAX (96 * 1024)

/* All but the prior cookies, in the order in which they are written. */
static const struct field {
	enum tag              tag;
	enum { TEXT, NUMBER } kind;
	size_t                offset;	/* of the member: const char *, or int64_t */
} fields[] = {
	{ TAG_ACCESS_TOKEN, TEXT, offsetof(struct session, access_token.reveal) },
	{ TAG_REFRESH_TOKEN, TEXT, offsetof(struct session, refresh_token.reveal) },
	{ TAG_ISSUED_AT, NUMBER, offsetof(struct session, issued_at_s) },
	{ TAG_EXPIRES_AT, NUMBER, offsetof(struct session, expires_at_s) },
	{ TAG_SIGNED_IN_AT, NUMBER, offsetof(struct session, signed_in_at_s) },
	{ TAG_USED_AT, NUMBER, offsetof(struct session, used_at_s) },
	{ TAG_REFRESH_TRIED_AT, NUMBER, offsetof(struct session, refresh_tried_at_s) },
	{ TAG_TENANT, TEXT, offsetof(struct session, tenant) },
	{ TAG_SUBJECT, TEXT, offsetof(struct session, subject) },
	{ TAG_REDIRECT_URI, TEXT, offsetof(struct session, redirect_uri) },
	{ TAG_OWNER, TEXT, offsetof(struct session, owner) },
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

struct writer {
	unsigned char *p, *end;	/* p NULL: only counting */
	size_t         len;
};

static void
put_field(struct writer *w, enum tag tag, const void *data, size_t len)
{
	unsigned char *p = w->p != NULL ? w->p + w->len : NULL;
	int i;

	w->len += FIELD_HEAD + len;
	if (p == NULL)
		return;
	*p++ = (unsigned char)tag;
	for (i = 0; i < 4; i++)
		*p++ = (unsigned char)(len >> (8 * i));
	memcpy(p, data, len);
}

static void
put_text(struct writer *w, enum tag tag, const char *s)
{
	if (s != NULL)
		put_field(w, tag, s, strlen(s));
}

static void
to_bytes(int64_t v, unsigned char out[NUMBER_LEN])
{
	int i;

	for (i = 0; i < NUMBER_LEN; i++)
		out[i] = (unsigned char)((uint64_t)v >> (8 * i));
}

static int64_t
from_bytes(const unsigned char *p)
{
	uint64_t v = 0;
	int i;

	for (i = 0; i < NUMBER_LEN; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return (int64_t)v;
}

static void
put_number(struct writer *w, enum tag tag, int64_t v)
{
	unsigned char bytes[NUMBER_LEN];

	to_bytes(v, bytes);
	put_field(w, tag, bytes, sizeof(bytes));
}

static void
put_all(struct writer *w, const struct session *s)
{
	unsigned char prior[SESSION_NAME_LEN + NUMBER_LEN];
	size_t i;

	for (i = 0; i < FIELDS; i++) {
		const char *member = (const char *)s + fields[i].offset;

		if (fields[i].kind == TEXT)
			put_text(w, fields[i].tag, *(const char *const *)member);
		else
			put_number(w, fields[i].tag, *(const int64_t *)member);
	}
	for (i = 0; i < s->prior_n; i++) {
		memcpy(prior, s->prior[i].name, SESSION_NAME_LEN);
		to_bytes(s->prior[i].until_s, prior + SESSION_NAME_LEN);
		put_field(w, TAG_PRIOR, prior, sizeof(prior));
	}
}

enum err
record_write(const struct session *s, struct arena *a, unsigned char **out, size_t *len)
{
	struct writer w = { .p = NULL };

	put_all(&w, s);
	w.p = arena_alloc(a, w.len);
	if (w.p == NULL)
		return ERR_NOMEM;
	*out = w.p;
	*len = w.len;
	w.len = 0;
	put_all(&w, s);
	return ERR_OK;
}

static enum err
take_into(struct session *s, const struct field *f, struct arena *a, const unsigned char *p, size_t len)
{
	char *member = (char *)s + f->offset, *copy;

	if (f->kind == NUMBER) {
		if (len != NUMBER_LEN)
			return ERR_PROTOCOL;
		*(int64_t *)member = from_bytes(p);
		return ERR_OK;
	}
	copy = arena_strndup(a, (const char *)p, len);
	if (copy == NULL)
		return ERR_NOMEM;
	*(const char **)member = copy;
	return ERR_OK;
}

static enum err
take_field(struct session *s, struct arena *a, unsigned tag, const unsigned char *p, size_t len)
{
	struct session_prior *prior;
	size_t i;

	for (i = 0; i < FIELDS; i++)
		if (fields[i].tag == tag)
			return take_into(s, &fields[i], a, p, len);
	if (tag == TAG_PRIOR && len == SESSION_NAME_LEN + NUMBER_LEN && s->prior_n < SESSION_PRIOR_MAX) {
		prior = &s->prior[s->prior_n++];
		memcpy(prior->name, p, SESSION_NAME_LEN);
		prior->name[SESSION_NAME_LEN] = '\0';
		prior->until_s = from_bytes(p + SESSION_NAME_LEN);
	}
	return ERR_OK;
}

enum err
record_read(struct session *s, struct arena *a, const unsigned char *data, size_t len)
{
	const unsigned char *p = data, *end = data + len;
	unsigned tag;
	size_t n;
	enum err e;

	if (len > RECORD_MAX)
		return ERR_PROTOCOL;
	while (p < end) {
		if ((size_t)(end - p) < FIELD_HEAD)
			return ERR_PROTOCOL;
		tag = p[0];
		n = (size_t)p[1] | (size_t)p[2] << 8 | (size_t)p[3] << 16 | (size_t)p[4] << 24;
		p += FIELD_HEAD;
		if (n > (size_t)(end - p))
			return ERR_PROTOCOL;
		e = take_field(s, a, tag, p, n);
		if (e != ERR_OK)
			return e;
		p += n;
	}
	return secret_present(s->access_token) ? ERR_OK : ERR_PROTOCOL;
}
