/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "json/json.h"
#include "tap.h"

static struct arena arena;

static enum err
parse(const char *text, struct json **out)
{
	return json_parse(&arena, text, strlen(text), out);
}

static void
test_refusals(void)
{
	static const struct { const char *text, *what; } bad[] = {
		{ "", "nothing" }, { " ", "only space" }, { "{", "an open object" }, { "[1", "an open array" },
		{ "{} x", "bytes after the value" }, { "{}{}", "two values" }, { "[1,]", "a comma too many" },
		{ "{\"a\":1,}", "a comma too many in an object" }, { "{a:1}", "a bare name" },
		{ "{\"a\" 1}", "no colon" }, { "'a'", "single quotes" }, { "01", "a leading zero" },
		{ "1.", "no digit after the point" }, { ".5", "no digit before the point" }, { "+1", "a plus sign" },
		{ "1e", "an empty exponent" }, { "-", "a sign alone" }, { "NaN", "NaN" }, { "nul", "half a word" },
		{ "truex", "a word and more" }, { "\"a", "an open string" }, { "\"\t\"", "a raw control byte" },
		{ "\"\\x\"", "an unknown escape" }, { "\"\\u12\"", "half an escape" },
		{ "\"\\u0000\"", "an escaped NUL" }, { "{\"\\u0000\":1}", "an escaped NUL in a name" },
		{ "\"\\ud800\"", "half a surrogate pair" }, { "\"\\udc00\"", "the other half" },
		{ "\"\\ud800\\u0041\"", "a pair of which one is none" }, { "\xef\xbb\xbf{}", "a byte order mark" },
		{ "\"\xff\"", "bytes that are no UTF-8" }, { "\"\xed\xa0\x80\"", "a surrogate in UTF-8" },
		{ "\v1", "space that is none" },
		{ "1111111111222222222233333333334444444444555555555566666666667777", "a number of 64 digits" },
	};
	struct json *j;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		is_int(parse(bad[i].text, &j), ERR_PROTOCOL, "refused: %s", bad[i].what);
	is_int(json_parse(&arena, "1\0", 2, &j), ERR_PROTOCOL, "refused: a NUL after the value");
	is_int(json_parse(&arena, "{}x", 2, &j), ERR_OK, "the length ends the text, not a NUL");
}

static void
test_depth(void)
{
	char text[2 * (JSON_DEPTH_MAX + 1) + 1];
	struct json *j;

	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	is_int(json_parse(&arena, text, 2 * JSON_DEPTH_MAX, &j), ERR_OK, "%d levels are taken", JSON_DEPTH_MAX);
	memset(text, '[', JSON_DEPTH_MAX + 1);
	memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
	is_int(json_parse(&arena, text, 2 * (JSON_DEPTH_MAX + 1), &j), ERR_PROTOCOL, "one more is refused");
}

static void
test_reading(void)
{
	struct json *j;
	int64_t n = -1;
	const char *text = "{\"s\":\"a\\u00e5\\n\",\"n\":42,\"t\":\"17\",\"b\":true,\"f\":\"false\",\"big\":9007199254740993000,"
	    "\"frac\":1.5,\"neg\":-3,\"tneg\":\"-4\",\"o\":{\"x\":[1,2,3]},\"s\":\"second\",\"nul\":null}";

	is_int(parse(text, &j), ERR_OK, "a document is read");
	is_str(json_string(j, "s"), "a\xc3\xa5\n", "of members of the same name the first is found");
	ok(json_string(j, "S") == NULL, "names are compared exactly");
	ok(json_string(j, "n") == NULL, "a number is no string");
	ok(json_int(j, "n", 0, 100, &n) && n == 42, "an integer");
	ok(!json_int(j, "n", 0, 41, &n), "an integer out of its range is refused");
	ok(json_int(j, "t", 0, 100, &n) && n == 17, "a decimal string is an integer too");
	ok(json_int(j, "neg", -5, 5, &n) && n == -3, "a negative integer");
	ok(json_int(j, "tneg", -5, 5, &n) && n == -4, "a negative decimal string");
	ok(!json_int(j, "big", 0, INT64_MAX, &n), "an integer that a double cannot hold exactly is refused");
	ok(!json_int(j, "frac", 0, 10, &n), "a fraction is no integer");
	ok(!json_int(j, "s", 0, 10, &n) && !json_int(j, "none", 0, 10, &n), "text and nothing are no integers");
	ok(json_bool(j, "b", false) && !json_bool(j, "f", true) && json_bool(j, "none", true), "booleans");
	is_int((int64_t)json_count(json_get(json_get(j, "o"), "x")), 3, "nested members");
	is_str(json_name(json_first(j)), "s", "children come in order");
	is_int(json_kind(json_get(j, "nul")), JSON_NULL, "null is there and null");
	ok(json_get(NULL, "x") == NULL && json_first(NULL) == NULL && json_count(NULL) == 0, "nothing is handled as empty");
}

static void
test_long_numbers(void)
{
	static const char text[] = "{\"id\":9007199254740993,\"12345678901234567890\":\"1e5 98765432109876543210\",\"far\":-1e999,"
	    "\"pi\":3.14159265358979323846,\"few\":7,\"list\":[18446744073709551616,1,1.50E+2]}";
	struct json *j, *copy = json_object(&arena);
	int64_t n;

	is_int(parse(text, &j), ERR_OK, "numbers that no double holds are read");
	is_str(json_print(&arena, j, NULL), text, "and printed as they came");
	is_int(json_kind(json_get(j, "id")), JSON_NUMBER, "they are numbers");
	ok(json_number(json_get(j, "id")) > 9e15, "of about that value");
	ok(!json_int(j, "id", 0, INT64_MAX, &n) && !json_int(j, "far", INT64_MIN, INT64_MAX, &n), "and no integers of ours");
	ok(json_int(j, "few", 0, 9, &n) && n == 7, "beside others that are");
	json_set(copy, "l", json_get(j, "list"));
	is_str(json_print(&arena, copy, NULL), "{\"l\":[18446744073709551616,1,1.50E+2]}", "a copy keeps them");
	json_replace_text(json_get(j, "id"), "***");
	is_str(json_string(j, "id"), "***", "one can be covered");
}

static void
test_find(void)
{
	struct json *list;
	int64_t n;

	is_int(parse("[1,{\"id\":2},{\"name\":\"b\"},{\"name\":\"a\",\"n\":1},{\"name\":\"a\",\"n\":2}]", &list), ERR_OK,
	    "a list is read");
	ok(json_int(json_find(list, "name", "a"), "n", 0, 9, &n) && n == 1, "the first of that name is found");
	ok(json_find(list, "name", "c") == NULL && json_find(list, "id", "2") == NULL, "what is not there, or no text, is not");
	ok(json_find(NULL, "name", "a") == NULL, "nor is anything in nothing");
}

static void
test_twins(void)
{
	static const struct { const char *text, *twin; } cases[] = {
		{ "{\"a\":1,\"b\":2}", NULL }, { "{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":2}]}", NULL },
		{ "{\"a\":1,\"A\":2}", NULL }, { "[1,1]", NULL }, { "\"a\"", NULL },
		{ "{\"b\":1,\"a\":1,\"b\":1}", "b" }, { "{\"a\":1,\"\\u0061\":2}", "a" },
		{ "[0,{\"x\":{\"y\":[{\"k\":1,\"k\":1}]}}]", "k" }, { "{\"\":1,\"\":1}", "" },
	};
	const char *twin;
	struct arena small;
	struct json *j;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		is_int(parse(cases[i].text, &j), ERR_OK, "twins: case %zu is read", i);
		is_int(json_find_twin(&arena, j, &twin), ERR_OK, "and searched");
		is_str(twin, cases[i].twin, "%s", cases[i].twin != NULL ? "the name given twice is found" : "nothing is given twice");
	}
	arena_init(&small, 8);
	is_int(parse("{\"a\":1,\"b\":2}", &j), ERR_OK, "two names");
	is_int(json_find_twin(&small, j, &twin), ERR_NOMEM, "are not compared without memory");
	arena_free(&small);
}

static void
test_building(void)
{
	struct arena other;
	struct json *o = json_object(&arena), *a = json_array(&arena), *foreign;
	int64_t n;

	arena_init(&other, 1 << 20);
	foreign = json_object(&other);
	json_set_string(foreign, "k", "v");
	json_set_string(o, "s", "q\"\\\n");
	json_set_int(o, "n", 1764000000);
	json_set_bool(o, "b", true);
	json_set_string(o, "s", "again");
	json_set_null(o, "z");
	json_append_string(a, "x");
	json_set(o, "a", a);
	json_set(o, "f", foreign);
	json_set(o, "copy", json_get(o, "a"));
	foreign = json_copy(&arena, foreign);
	arena_free(&other);	/* what came from there was copied */
	is_str(json_print(&arena, o, NULL),
	    "{\"s\":\"again\",\"n\":1764000000,\"b\":true,\"z\":null,\"a\":[\"x\"],\"f\":{\"k\":\"v\"},\"copy\":[\"x\"]}",
	    "built, replaced in place, copied from another arena, copied when it has a parent");
	json_set_string(foreign, "k", "changed");
	is_str(json_string(json_get(o, "f"), "k"), "v", "what is done to a copy is done to it alone");
	ok(json_int(o, "n", 0, INT64_MAX, &n) && n == 1764000000 && json_number(json_get(o, "n")) == 1764000000,
	    "a number that was set is read back");
	json_remove(o, "z");
	json_remove(o, "none");
	json_replace_text(json_get(o, "n"), "***");
	ok(json_get(o, "z") == NULL, "removed");
	is_str(json_string(o, "n"), "***", "a number can be covered by text");
	json_set_string(o, "s", "bad \xff\xe2\x82 end");
	is_str(json_string(o, "s"), "bad \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd end", "what is no UTF-8 is replaced");
	json_set_string(NULL, "x", "y");
	ok(json_print(&arena, NULL, NULL) == NULL, "building into nothing is harmless");
}

static void
test_no_memory(void)
{
	struct arena small;
	struct json *j;
	char text[3001];
	int n;

	arena_init(&small, 600);
	j = json_object(&small);
	for (n = 0; n < 50; n++)
		json_set_int(j, &"abcdefgh"[n % 8], n);
	for (n = 0; n < 50; n++) {
		char name[16];

		snprintf(name, sizeof(name), "m%d", n);
		json_set_string(j, name, "value");
	}
	ok(json_print(&arena, j, NULL) == NULL, "a document that misses something is not printed");
	arena_free(&small);
	arena_init(&small, 600);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 == 1 ? '1' : ',';
	text[0] = '[';
	text[sizeof(text) - 1] = ']';
	is_int(json_parse(&small, text, sizeof(text), &j), ERR_NOMEM, "good text without memory is told apart from bad");
	arena_free(&small);
}

int
main(void)
{
	arena_init(&arena, 8 * 1024 * 1024);
	test_refusals();
	test_depth();
	test_reading();
	test_long_numbers();
	test_find();
	test_twins();
	test_building();
	test_no_memory();
	arena_free(&arena);
	return done_testing();
}
