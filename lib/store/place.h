/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_STORE_PLACE_H
#define OSCGI_STORE_PLACE_H

#include <stdbool.h>

/* Is the directory on a network file system?  Shared maps and locks do not hold across machines. */
bool place_is_network(int dir_fd);

#endif
