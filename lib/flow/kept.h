/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_KEPT_H
#define OSCGI_FLOW_KEPT_H

#include <stdint.h>

#include "app.h"
#include "base/call.h"
#include "json/json.h"

/* Documents that the suite keeps in the store for itself, sealed under the key file: nobody's session. */

struct kept {
	struct json *doc;	/* NULL: nothing usable */
	int64_t      until_s;	/* "until" of the document */
};

/* "KIND:" and a hash of the two.  NULL: out of memory. */
const char *kept_name(struct arena *a, const char *kind, const char *one, const char *other);

/* Absent, or sealed by a key that is not known: ERR_OK with no document. */
WARN_UNUSED enum err kept_load(struct app *app, struct call *c, const char *name, struct kept *out);

/* Writes "until" into the document. */
WARN_UNUSED enum err kept_save(struct app *app, struct call *c, const char *name, struct json *doc, int64_t until_s,
    int64_t expires_at_s);

/* doc: in the call's arena; NULL: KEY_FILE does not open it. */
typedef void kept_visit(void *ctx, const char *name, const struct json *doc);

/* Every document of a kind. */
WARN_UNUSED enum err kept_each(struct app *app, struct call *c, const char *kind, kept_visit *visit, void *ctx);

#endif
