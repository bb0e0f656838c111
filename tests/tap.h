/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_TESTS_TAP_H
#define OSCGI_TESTS_TAP_H

#include <stdint.h>

/* Test Anything Protocol: each check prints the sentence that it proves. */
int ok(int cond, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int is_int(int64_t got, int64_t want, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int is_str(const char *got, const char *want, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void skip_all(const char *reason) __attribute__((noreturn));
/* Prints the plan; the exit status for main. */
int done_testing(void);

#endif
