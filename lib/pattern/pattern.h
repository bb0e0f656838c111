/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_PATTERN_PATTERN_H
#define OSCGI_PATTERN_PATTERN_H

/*
 * Regular expressions that come from outside, written for JavaScript: those of the
 * catalog.  PCRE2 tries them, within bounds, and only where both languages read
 * expression and text alike; it is loaded at first use.
 */
enum pattern_verdict {
	PATTERN_FITS, PATTERN_DIFFERS,
	PATTERN_UNKNOWN	/* broken, read otherwise by JavaScript, too long or too slow, or no library: others decide */
};

#define PATTERN_MAX      1024	/* bytes of an expression */
#define PATTERN_TEXT_MAX 8192	/* of what it is tried on */

/* Is it anywhere in the text?  Both are UTF-8, borrowed.  Takes milliseconds and a megabyte at most, whatever they say. */
enum pattern_verdict pattern_try(const char *pattern, const char *text);

#endif
