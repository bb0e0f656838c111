/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_TESTS_FORMATS_READS_H
#define OSCGI_TESTS_FORMATS_READS_H

#include "formats/sample.h"

/* Checks that all of the sample works in the fixture's store, a minute after it was written; uses it up. */
void check_reads(struct fixture *fx, const struct sample *s, const char *where);

#endif
