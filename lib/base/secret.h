/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BASE_SECRET_H
#define OSCGI_BASE_SECRET_H

#include <stddef.h>

/*
 * A string that must never be printed: token, verifier, client secret.  It is a
 * struct so that neither log_str nor a printf format takes it; who needs the
 * bytes to send or seal them says so by naming the member.
 */
struct secret {
	const char *reveal;	/* NUL-terminated, in an arena; NULL = absent */
};

static inline int secret_present(struct secret s) { return s.reveal != NULL && *s.reveal != '\0'; }

#endif
