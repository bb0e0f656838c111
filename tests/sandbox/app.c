/* SPDX-License-Identifier: MIT */
/* The app origin: the console, and the authorization server in it. */
#include <stdlib.h>

#include "encode.h"
#include "oauth.h"
#include "page.h"
#include "route.h"
#include "world.h"

#define COOKIE "sandbox_session"

const char *
console_tenant(struct call *call)
{
	const char *tenant = map_get(&call->world->logins, call_cookie(call, COOKIE));

	if (tenant == NULL && *call->world->settings.auto_login != '\0')
		tenant = call->world->settings.auto_login;
	return pool_strdup(&call->pool, tenant);
}

void
console_sign_in(struct call *call, const char *tenant)
{
	const char *id = random_hex(&call->pool, 16);

	map_put(&call->world->logins, id, mem_strdup(tenant));
	call_add_header(call, "Set-Cookie",
	    pool_printf(&call->pool, COOKIE "=%s; Path=/; HttpOnly; SameSite=Lax", id));
}

static void
home(struct call *call)
{
	const char *tenant = console_tenant(call);
	struct page *page = page_begin(call, "Open Source Cloud");

	call->tenant = tenant;
	if (tenant == NULL)
		page_text(page, "p", "Nobody is signed in. Apps send their visitors here to sign in.");
	else {
		page_text(page, "p", pool_printf(&call->pool, "Signed in to the workspace %s.", tenant));
		page_form(page, "/signout");
		page_button(page, "signout", "1", "Sign out", "quiet");
		page_form_end(page);
	}
	page_reply(page, 200, NULL);
}

static void
signout(struct call *call)
{
	const char *id = call_cookie(call, COOKIE);

	if (id != NULL)
		map_remove(&call->world->logins, id);
	call_add_header(call, "Set-Cookie", COOKIE "=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
	reply_redirect(call, 303, "/");
}

const struct route app_routes[] = {
	{ "GET", "/.well-known/oauth-authorization-server", oauth_metadata },
	{ "POST", REGISTER_PATH, oauth_register },
	{ "GET", AUTHORIZE_PATH, oauth_authorize },
	{ "POST", AUTHORIZE_PATH, oauth_authorize },
	{ "POST", TOKEN_PATH, oauth_token },
	{ "POST", REVOKE_PATH, oauth_revoke },
	{ "GET", "/", home },
	{ "POST", "/signout", signout },
	{ "GET", STYLE_PATH, page_style },
	{ 0 }
};
