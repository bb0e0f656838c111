/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BASE_LIBRARY_H
#define OSCGI_BASE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A function of a library that is loaded when it is first needed (dlopen).
 *
 * function  a pointer to a function, of `size` bytes: written when there is one of that name
 *
 * False: there is none; logged as `event`.
 */
bool library_find(void *library, const char *name, void *function, size_t size, const char *event);

#endif
