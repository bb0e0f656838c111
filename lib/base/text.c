/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <string.h>

/* Length of the well-formed sequence at s, 0 when there is none.  Unicode table 3-7. */
static size_t
sequence(const unsigned char *s, size_t left)
{
	unsigned char lo = 0x80, hi = 0xbf;
	size_t n, i;

	if (s[0] < 0x80)
		return s[0] != 0;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (left < n)
		return 0;
	if (s[0] == 0xe0)
		lo = 0xa0;
	else if (s[0] == 0xed)
		hi = 0x9f;
	else if (s[0] == 0xf0)
		lo = 0x90;
	else if (s[0] == 0xf4)
		hi = 0x8f;
	if (s[1] < lo || s[1] > hi)
		return 0;
	for (i = 2; i < n; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	return n;
}

bool
text_is_utf8(const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n;

	while (len > 0) {
		n = sequence(p, len);
		if (n == 0)
			return false;
		p += n;
		len -= n;
	}
	return true;
}

bool
text_has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return true;
	return false;
}

bool
text_is_made_of(const char *s, const char *set, size_t max_len)
{
	size_t n = strspn(s, set);

	return n > 0 && n <= max_len && s[n] == '\0';
}

bool
text_starts_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
text_ends_with(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && strcmp(s + n - m, suffix) == 0;
}

bool
text_to_int(const char *s, int64_t max, int64_t *out)
{
	int64_t v = 0;

	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9' || v > (max - (*s - '0')) / 10)
			return false;
		v = v * 10 + (*s - '0');
	}
	*out = v;
	return true;
}

const char *
text_of_int(int64_t v, char out[TEXT_INT_MAX])
{
	uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;
	char *p = out + TEXT_INT_MAX - 1;

	*p = '\0';
	do {
		*--p = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (v < 0)
		*--p = '-';
	return p;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

#define UNRESERVED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

static void
add_escape(struct buf *out, char ch)
{
	static const char hex[] = "0123456789ABCDEF";

	buf_char(out, '%');
	buf_char(out, hex[(unsigned char)ch >> 4]);
	buf_char(out, hex[(unsigned char)ch & 15]);
}

/* Add what s begins with that may stand as it is; what is left. */
static const char *
add_plain(struct buf *out, const char *s, const char *set)
{
	size_t n = strspn(s, set);

	buf_add(out, s, n);
	return s + n;
}

void
text_percent_encode(struct buf *out, const char *s)
{
	while (*(s = add_plain(out, s, UNRESERVED)) != '\0')
		add_escape(out, *s++);
}

char *
text_percent_encoded(struct arena *a, const char *s)
{
	struct buf b;
	char *out = NULL;

	buf_init(&b, 3 * strlen(s) + 1);
	text_percent_encode(&b, s);
	if (buf_ok(&b))
		out = arena_strdup(a, buf_cstr(&b));
	buf_free(&b);
	return out;
}

void
text_uri_escape(struct buf *out, const char *s)
{
	while (*(s = add_plain(out, s, UNRESERVED ":/?#[]@!$&'()*+,;=")) != '\0') {
		if (*s == '%' && hex_value(s[1]) >= 0 && hex_value(s[2]) >= 0)
			buf_char(out, '%');
		else
			add_escape(out, *s);
		s++;
	}
}

char *
text_percent_decode(struct arena *a, const char *s, size_t len, bool plus)
{
	char *out = arena_alloc(a, len + 1), *p = out;
	size_t i;
	int hi, lo;

	if (out == NULL)
		return NULL;
	for (i = 0; i < len; i++) {
		if (s[i] != '%') {
			*p++ = plus && s[i] == '+' ? ' ' : s[i];
			continue;
		}
		if (len - i < 3)
			return NULL;
		hi = hex_value(s[i + 1]);
		lo = hex_value(s[i + 2]);
		if (hi < 0 || lo < 0 || hi + lo == 0)
			return NULL;
		*p++ = (char)(hi * 16 + lo);
		i += 2;
	}
	*p = '\0';
	return out;
}

void
text_html_escape(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		switch (*s) {
		case '&':  buf_str(out, "&amp;"); break;
		case '<':  buf_str(out, "&lt;"); break;
		case '>':  buf_str(out, "&gt;"); break;
		case '"':  buf_str(out, "&quot;"); break;
		case '\'': buf_str(out, "&#39;"); break;
		default:
			if ((unsigned char)*s < 0x20 || *s == 0x7f)
				buf_str(out, "\xef\xbf\xbd");
			else
				buf_char(out, *s);
		}
	}
}
