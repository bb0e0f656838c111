/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_WEB_SERVE_H
#define OSCGI_WEB_SERVE_H

#include "app.h"
#include "gateway/gateway.h"
#include "web/exposure.h"
#include "web/route.h"

/*
 * The way that every request walks, in the order in which it may be refused:
 * host (400), path (404), method (405), origin (403), session (401), body (415,
 * 413, 400), token (401, 502, 504), handler; then the answer and one log line.
 */
struct server {
	struct app           *app;
	const struct program *program;
	struct arena          memory;	/* of the request in hand */
	struct exposure       exposure;
};

void serve_init(struct server *sv, struct app *app, const struct program *program);
void serve_close(struct server *sv);
/* For gateway_run, where the settings cannot be used: 503, a page or a document as the program's failures are. */
void serve_unavailable(void *program, struct gateway_exchange *x);
/* For gateway_run. */
void serve_exchange(void *server, struct gateway_exchange *x);

#endif
