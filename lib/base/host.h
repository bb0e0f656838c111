/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BASE_HOST_H
#define OSCGI_BASE_HOST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * localhost and names below it, 127.0.0.0/8, [::1]: this machine, whatever a resolver says.
 * `len` bytes, without a port, an IPv6 address in its brackets; in any case of letters.
 */
bool host_is_loopback(const char *host, size_t len);

#endif
