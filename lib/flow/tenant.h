/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_TENANT_H
#define OSCGI_FLOW_TENANT_H

#include "app.h"
#include "base/call.h"
#include "crypto/crypto.h"
#include "osc/client.h"
#include "session/session.h"

#define TENANT_HASH_LEN CRYPTO_TEXT_LEN
#define TENANT_NAME_MAX 256

/*
 * Whose session this is, as the platform names it for the token: asked once, then kept in the session.
 * *tenant: in the call's arena or the session's.  Fails as the platform does; ERR_STORE.
 */
WARN_UNUSED enum err tenant_of(struct app *app, struct osc_client *o, struct session *s, const char **tenant);

/* How the store names what belongs to a tenant, without saying who that is. */
void tenant_hash(const char *tenant, char out[TENANT_HASH_LEN + 1]);

#endif
