/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_TESTS_FUZZ_FUZZ_H
#define OSCGI_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* What a coverage-guided fuzzer calls; driver.c calls it with seeds and mutations of them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Seeds of the target, ended by NULL. */
extern const char *const fuzz_seeds[];

#endif
