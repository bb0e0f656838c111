/* SPDX-License-Identifier: MIT */
#include "pattern/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <ctype.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "base/library.h"
#include "base/log.h"

#define LIBRARY     "libpcre2-8.so.0"
#define STEPS_MAX   100000	/* of one try: some milliseconds */
#define HEAP_MAX_KB 1024

/* Where JavaScript reads an expression otherwise than Perl.  ECMA-262 22.2 */
#define AS_JAVASCRIPT (PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF | PCRE2_ALT_BSUX)

/* Its name in the library ends in the width of a character. */
#define FUNCTIONS(F) \
	F(compile) F(code_free) F(match) F(match_data_create_from_pattern) F(match_data_free) \
	F(match_context_create) F(match_context_free) F(set_match_limit) F(set_depth_limit) F(set_heap_limit)

struct library {
#define MEMBER(name) __typeof__(pcre2_##name##_8) *name;
	FUNCTIONS(MEMBER)
#undef MEMBER
};

/* NULL: not there, which is said once. */
static const struct library *
load(void)
{
	static struct library lib;
	static bool tried, loaded;
	void *from;

	if (tried)
		return loaded ? &lib : NULL;
	tried = true;
	from = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
#define FIND(name) && library_find(from, "pcre2_" #name "_8", &lib.name, sizeof(lib.name), "library")
	loaded = from != NULL FUNCTIONS(FIND);
#undef FIND
	if (!loaded)
		log_event(LOG_LEVEL_WARN, "library", "%s cannot be loaded: the catalog's patterns are not looked at", LIBRARY);
	return loaded ? &lib : NULL;
}

static enum pattern_verdict
match(const struct library *lib, const pcre2_code *code, const char *text)
{
	enum pattern_verdict verdict = PATTERN_UNKNOWN;
	pcre2_match_context *bounds = lib->match_context_create(NULL);
	pcre2_match_data *found = lib->match_data_create_from_pattern(code, NULL);
	int n;

	if (bounds != NULL && found != NULL) {
		lib->set_match_limit(bounds, STEPS_MAX);
		lib->set_depth_limit(bounds, STEPS_MAX);
		lib->set_heap_limit(bounds, HEAP_MAX_KB);
		n = lib->match(code, (PCRE2_SPTR)text, strlen(text), 0, 0, found, bounds);
		if (n >= 0)
			verdict = PATTERN_FITS;
		else if (n == PCRE2_ERROR_NOMATCH)
			verdict = PATTERN_DIFFERS;
	}
	lib->match_data_free(found);
	lib->match_context_free(bounds);
	return verdict;
}

/* What follows a bracket's question mark in both languages. */
static bool
is_group_of_both(const char *p)
{
	static const char *const kinds[] = { "?:", "?=", "?!", "?<=", "?<!" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncmp(p, kinds[i], strlen(kinds[i])) == 0)
			return true;
	return false;
}

/* Does it mean the same in both languages?  Where one has words of its own it does not, or it is none in the other. */
static bool
reads_alike(const char *pattern)
{
	for (const char *p = pattern; *p != '\0'; p++) {
		if (*p == '\\') {
			p++;
			if (*p == '\0' || (unsigned char)*p >= 0x80)
				return false;
			if (isalnum((unsigned char)*p) && strchr("bBdDwWsSfnrtxu", *p) == NULL)
				return false;
		} else if (*p == '(' && (p[1] == '*' || (p[1] == '?' && !is_group_of_both(p + 1)))) {
			return false;
		} else if ((*p == '[' && strchr(":.=", p[1]) != NULL && p[1] != '\0') || strncmp(p, "{,", 2) == 0) {
			return false;
		} else if (strchr("*+?}", *p) != NULL && p[1] == '+') {
			return false;
		}
	}
	return true;
}

/* Beyond ASCII the two differ in what a space, a line's end and one character is. */
static bool
is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80 || *text == '\r')
			return false;
	return true;
}

enum pattern_verdict
pattern_try(const char *pattern, const char *text)
{
	const struct library *lib;
	enum pattern_verdict verdict;
	PCRE2_SIZE where;
	pcre2_code *code;
	int error;

	if (strlen(pattern) > PATTERN_MAX || strlen(text) > PATTERN_TEXT_MAX || !reads_alike(pattern) || !is_plain(text))
		return PATTERN_UNKNOWN;
	lib = load();
	if (lib == NULL)
		return PATTERN_UNKNOWN;
	code = lib->compile((PCRE2_SPTR)pattern, strlen(pattern), AS_JAVASCRIPT, &error, &where, NULL);
	if (code == NULL)
		return PATTERN_UNKNOWN;
	verdict = match(lib, code, text);
	lib->code_free(code);
	return verdict;
}
