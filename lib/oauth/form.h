/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OAUTH_FORM_H
#define OSCGI_OAUTH_FORM_H

#include "base/buf.h"

/* Append &name=value, percent-encoded; the & is left out at the very start. NULL: nothing. */
void form_add(struct buf *b, const char *name, const char *value);

#endif
