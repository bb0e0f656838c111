/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/text.h"
#include "tap.h"

static char last_line[LOG_LINE_MAX + 1];
static size_t last_len;

static void
keep_line(const char *line, size_t len)
{
	memcpy(last_line, line, len);
	last_line[len] = '\0';
	last_len = len;
}

static void
test_utf8(void)
{
	static const struct { const char *name, *text; size_t len; int want; } cases[] = {
		{ "ASCII is UTF-8", "abc", 3, 1 },
		{ "two, three and four bytes are", "\xc3\xa5\xe2\x82\xac\xf0\x9f\x98\x80", 9, 1 },
		{ "an overlong slash is not", "\xc0\xaf", 2, 0 },
		{ "an overlong three-byte form is not", "\xe0\x80\xaf", 3, 0 },
		{ "a surrogate is not", "\xed\xa0\x80", 3, 0 },
		{ "beyond U+10FFFF is not", "\xf4\x90\x80\x80", 4, 0 },
		{ "a truncated sequence is not", "\xe2\x82", 2, 0 },
		{ "a NUL is not", "a\0b", 3, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_int(text_is_utf8(cases[i].text, cases[i].len), cases[i].want, "%s", cases[i].name);
}

static void
test_percent(struct arena *a)
{
	struct buf b;

	buf_init(&b, 200);
	text_percent_encode(&b, "a b/\xc3\xa5~");
	is_str(buf_cstr(&b), "a%20b%2F%C3%A5~", "everything but unreserved characters is encoded");
	buf_clear(&b);
	text_uri_escape(&b, "/a b/\xc3\xa5?x=\"<>\\^`{|}\x7f&y=%41%4%zz%#[f]~");
	is_str(buf_cstr(&b), "/a%20b/%C3%A5?x=%22%3C%3E%5C%5E%60%7B%7C%7D%7F&y=%41%254%25zz%25#[f]~",
	    "what no URI may hold is encoded, and nothing else");
	buf_free(&b);
	is_str(text_percent_decode(a, "a%20b+c", 7, true), "a b c", "forms decode + as a space");
	is_str(text_percent_decode(a, "a+b", 3, false), "a+b", "paths do not");
	is_str(text_percent_decode(a, "%2", 2, true), NULL, "a broken escape is refused");
	is_str(text_percent_decode(a, "%zz", 3, true), NULL, "an escape that is not hexadecimal is refused");
	is_str(text_percent_decode(a, "a%00b", 5, true), NULL, "an encoded NUL is refused");
	is_str(text_percent_decode(a, "%252e", 5, true), "%2e", "decoding happens once");
}

static void
test_numbers(void)
{
	char digits[TEXT_INT_MAX];
	int64_t v = -1;

	is_str(text_of_int(0, digits), "0", "a number is written in digits");
	is_str(text_of_int(1048577, digits), "1048577", "all of them");
	is_str(text_of_int(INT64_MIN, digits), "-9223372036854775808", "however long");
	ok(text_to_int("1048577", 2000000, &v) && v == 1048577, "digits are a number");
	ok(!text_to_int("", 10, &v), "nothing is none");
	ok(!text_to_int("-1", 10, &v), "a sign is none");
	ok(!text_to_int("11", 10, &v), "too large is none");
	ok(!text_to_int("99999999999999999999", INT64_MAX, &v), "an overflow is none");
}

static void
test_buf(void)
{
	struct buf b;

	buf_init(&b, 4);
	buf_str(&b, "abcd");
	ok(buf_ok(&b), "a buffer takes what its ceiling allows");
	buf_char(&b, 'e');
	ok(!buf_ok(&b), "and remembers that more was asked");
	is_str(buf_cstr(&b), "abcd", "what it held stays whole");
	buf_clear(&b);
	ok(buf_ok(&b) && b.len == 0, "cleared, it begins anew");
	buf_free(&b);
}

static void
test_arena(void)
{
	struct arena a;
	int i, distinct = 1;

	arena_init(&a, 100000);
	is_str(arena_alloc(&a, 100001), NULL, "an arena refuses more than its ceiling");
	for (i = 0; i < 200; i++)
		distinct &= arena_alloc(&a, 100) != NULL;
	ok(distinct, "and hands out less in pieces");
	is_str(arena_concat(&a, "a", "", "bc"), "abc", "texts are joined");
	is_str(arena_concat(&a, "a", arena_strdup(&a, NULL), "bc"), NULL, "not without one that could not be made");
	is_str(arena_strdup(&a, NULL), NULL, "a copy of nothing is nothing");
	arena_reset(&a);
	is_int((int64_t)a.used, 0, "after a reset it is empty");
	arena_free(&a);
}

static void
test_log(void)
{
	struct log_line l;
	char *long_text = malloc(5000);

	log_set_sink(keep_line);
	log_begin(&l, LOG_LEVEL_INFO, "request");
	log_str(&l, "path", "/a b\n\"\x1b[31mlevel=error");
	log_str(&l, "plain", "x/y");
	log_str(&l, "absent", NULL);
	log_int(&l, "status", 404);
	log_end(&l);
	is_str(last_line, "level=info event=request path=\"/a b\\x0a\\\"\\x1b[31mlevel=error\" plain=x/y status=404\n",
	    "no value can forge a line, a field or a colour");
	memset(long_text, 'x', 4999);
	long_text[4999] = '\0';
	log_begin(&l, LOG_LEVEL_ERROR, "long");
	log_str(&l, "path", long_text);
	log_end(&l);
	ok(last_len <= LOG_LINE_MAX && last_line[last_len - 1] == '\n', "a line is a kilobyte at most, and ends");
	last_len = 0;
	log_event(LOG_LEVEL_DEBUG, "quiet", "nothing");
	is_int((int64_t)last_len, 0, "what is below the level is not written");
	log_set_sink(NULL);
	free(long_text);
}

int
main(void)
{
	struct arena a;

	arena_init(&a, 1024 * 1024);
	test_utf8();
	test_percent(&a);
	test_numbers();
	test_buf();
	test_arena();
	test_log();
	arena_free(&a);
	return done_testing();
}
