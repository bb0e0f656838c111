/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_CGI_BIN_ROUTES_H
#define OSCGI_CGI_BIN_ROUTES_H

#include "app.h"
#include "base/err.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"

/* Every handler of this program: what came in, the one story, what goes out. */
#define ALIAS(script, path)
#define ROUTE(methods, pattern, session, proof, body, errors, flags, handler) \
	enum err handler(struct app *app, struct request *rq, struct response *rs);
#include "routes.def"
#undef ROUTE
#undef ALIAS

#endif
