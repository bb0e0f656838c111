/* SPDX-License-Identifier: MIT */
/* The catalog's patterns: decided where JavaScript would decide the same, and within bounds whatever they are. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pattern/pattern.h"
#include "tap.h"

static const struct {
	const char          *pattern, *text;
	enum pattern_verdict want;
} cases[] = {
	{ "^\\w+$", "abc_1", PATTERN_FITS },
	{ "^\\w+$", "a b", PATTERN_DIFFERS },
	{ "^\\w+$", "abc\n", PATTERN_DIFFERS },
	{ "^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d).{10,}$", "Secret12345", PATTERN_FITS },
	{ "^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d).{10,}$", "secret12345", PATTERN_DIFFERS },
	{ "^https?:\\/\\/", "https://x", PATTERN_FITS },
	{ "^https?:\\/\\/", "ftp://x", PATTERN_DIFFERS },
	{ "b", "abc", PATTERN_FITS },
	{ "^[]$", "", PATTERN_DIFFERS },
	{ "^\\x41\\u0042$", "AB", PATTERN_FITS },
	{ "^[\\w-]+\\.[a-z]{2,3}$", "a-b.com", PATTERN_FITS },
	/* broken */
	{ "(", "a", PATTERN_UNKNOWN },
	{ "[z-a]", "a", PATTERN_UNKNOWN },
	/* one language's own */
	{ "a++b", "a", PATTERN_UNKNOWN },
	{ "(?i)a", "A", PATTERN_UNKNOWN },
	{ "(?R)?a", "a", PATTERN_UNKNOWN },
	{ "(*ACCEPT)a", "b", PATTERN_UNKNOWN },
	{ "\\Aa", "a", PATTERN_UNKNOWN },
	{ "\\p{L}", "a", PATTERN_UNKNOWN },
	{ "[[:alpha:]]", "a", PATTERN_UNKNOWN },
	{ "^a{,3}$", "aa", PATTERN_UNKNOWN },
	{ "a\\", "a", PATTERN_UNKNOWN },
	/* texts that the two measure differently */
	{ "^.$", "\xc3\xa5", PATTERN_UNKNOWN },
	{ "^.$", "\r", PATTERN_UNKNOWN },
};

static void
test_bounds(void)
{
	char text[64], *pattern = calloc(1, PATTERN_MAX + 2), *longer = calloc(1, PATTERN_TEXT_MAX + 2);
	clock_t began = clock();

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 2] = '!';
	text[sizeof(text) - 1] = '\0';
	is_int(pattern_try("^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"), PATTERN_UNKNOWN,
	    "one that takes for ever is given up");
	is_int(pattern_try("^(a|aa)+$", text), PATTERN_UNKNOWN, "so is another");
	is_int(pattern_try("((a{1,9999}){1,9999}){1,9999}", text), PATTERN_UNKNOWN, "and one that takes all memory");
	memset(pattern, '(', PATTERN_MAX);
	is_int(pattern_try(pattern, "a"), PATTERN_UNKNOWN, "and one that goes deep");
	ok((clock() - began) / CLOCKS_PER_SEC < 1, "all at once");
	memset(pattern, 'a', PATTERN_MAX + 1);
	is_int(pattern_try(pattern, "a"), PATTERN_UNKNOWN, "one that is too long is not tried");
	memset(longer, 'a', PATTERN_TEXT_MAX + 1);
	is_int(pattern_try("^b", longer), PATTERN_UNKNOWN, "nor is a text that is");
	free(pattern);
	free(longer);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_int(pattern_try(cases[i].pattern, cases[i].text), cases[i].want, "%s", cases[i].pattern);
	test_bounds();
	return done_testing();
}
