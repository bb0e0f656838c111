/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_CONFIG_CHECK_H
#define OSCGI_CONFIG_CHECK_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/secret.h"

/*
 * A setting's text as the value of its type.  Each returns NULL, or what is
 * wrong, as a sentence's end that says what would be right; the value is written
 * when it is right.
 */
const char *check_int(const char *text, int *out);
const char *check_flag(const char *text, bool *out);
const char *check_list(struct arena *a, const char *text, const char *const **out);
const char *check_url(struct arena *a, const char *text, const char **out);
const char *check_path(struct arena *a, const char *text, const char **out);
/* `words`: what it may be, separated by |. */
const char *check_choice(struct arena *a, const char *text, const char *words, const char **out);
/* The only line of a file that nobody else can change, and not everybody can read. */
const char *check_secret_file(struct arena *a, const char *path, struct secret *out);

/* What all of them return when memory is exhausted: to be compared by address. */
extern const char check_no_memory[];

#endif
