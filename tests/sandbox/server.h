/* SPDX-License-Identifier: MIT */
/*
 * HTTP for all origins: one thread accepts on every port and hands the
 * connections to libmicrohttpd, which gives each a thread of its own.  So a
 * request that is made to wait keeps no other waiting.
 */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include <stdbool.h>

#include "world.h"

struct server;

/* NULL: libmicrohttpd or a thread cannot be started. */
struct server *server_start(struct world *world);

/* Ends requests that were made to wait, closes all connections, frees. */
void server_stop(struct server *server);

#endif
