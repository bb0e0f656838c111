/* SPDX-License-Identifier: MIT */
#include "flow/tenant.h"

#include <stdio.h>

#include "osc/plan.h"

#define KEEP_TRIES 3

/* Another request of the visitor's may write the session at the same time: the answer is then noted in what it wrote. */
static enum err
keep(struct app *app, struct call *c, struct session *s, const char *tenant)
{
	enum err e = ERR_CONFLICT;

	for (int i = 0; i < KEEP_TRIES && e == ERR_CONFLICT; i++) {
		s->owner = tenant;
		e = session_replace(app, c->arena, s, STORE_LAZY);
		if (e != ERR_CONFLICT)
			break;
		e = session_load(app, s->id, c->arena, s);
		if (e == ERR_OK)
			e = ERR_CONFLICT;
	}
	s->owner = tenant;
	/* It can be asked again. */
	return e == ERR_CONFLICT ? ERR_OK : e;
}

enum err
tenant_of(struct app *app, struct osc_client *o, struct session *s, const char **tenant)
{
	enum err e;

	if (s->owner == NULL) {
		e = osc_plan_tenant(o, tenant);
		if (e == ERR_OK)
			e = keep(app, o->call, s, *tenant);
		if (e == ERR_NO_SESSION)
			return call_fail(o->call, e, "The sign-in has ended; sign in again.");
		if (e != ERR_OK)
			return e;
	}
	*tenant = s->owner;
	return ERR_OK;
}

void
tenant_hash(const char *tenant, char out[TENANT_HASH_LEN + 1])
{
	char text[sizeof("oscgi tenant ") + TENANT_NAME_MAX];

	snprintf(text, sizeof(text), "oscgi tenant %s", tenant);
	crypto_sha256_text(text, out);
}
