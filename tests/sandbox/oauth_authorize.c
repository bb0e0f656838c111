/* SPDX-License-Identifier: MIT */
/*
 * The authorization endpoint: who is it, may the app act for them, and
 * back to the app with a code or a refusal.
 */
#include <string.h>

#include "client.h"
#include "oauth.h"
#include "page.h"
#include "token.h"
#include "world.h"

#define TENANT_PATTERN "[a-z0-9]{1,20}"

/* The parameters of a request, which the consent page hands back in hidden fields. */
enum { RESPONSE_TYPE, CLIENT_ID, REDIRECT_URI, CODE_CHALLENGE, CODE_CHALLENGE_METHOD, STATE, SCOPE, PARAM__MAX };

static const char *const names[PARAM__MAX] = {
	"response_type", "client_id", "redirect_uri", "code_challenge", "code_challenge_method", "state", "scope",
};

struct request {
	const char *value[PARAM__MAX];	/* NULL: absent */
	const char *repeated;		/* a name that came twice; NULL: none did */
	const struct client *client;
};

static void
request_read(struct call *call, struct request *request)
{
	const struct form *form = form_get(&call->form, "client_id") != NULL ? &call->form : &call->query;
	int i;

	memset(request, 0, sizeof(*request));
	for (i = 0; i < PARAM__MAX; i++) {
		request->value[i] = form_get(form, names[i]);
		if (form_repeated(form, names[i]))
			request->repeated = names[i];
	}
}

static void
refuse_with_page(struct call *call, const char *why)
{
	struct page *page = page_begin(call, "This sign-in cannot go on");

	page_text(page, "p", why);
	page_reply(page, 400, NULL);
}

/* Back to the app with a result.					RFC 6749 4.1.2, RFC 9207 2 */
static void
send_back(struct call *call, const struct request *request, const char *name, const char *value,
    const char *description)
{
	const char *iss = call->world->settings.iss, *url = request->value[REDIRECT_URI];
	struct pool *pool = &call->pool;

	url = url_with(pool, url, name, value);
	url = url_with(pool, url, "error_description", description);
	url = url_with(pool, url, "state", request->value[STATE]);
	if (strcmp(iss, "absent") != 0)
		url = url_with(pool, url, "iss", strcmp(iss, "wrong") == 0 ? "https://issuer.invalid" :
		    oauth_issuer(call));
	call_add_header(call, "Cache-Control", "no-store");
	call_add_header(call, "Referrer-Policy", "no-referrer");
	reply_redirect(call, 302, url);
}

/* False: the request is no good and has been answered. */
static bool
request_check(struct call *call, struct request *request)
{
	const char *method = request->value[CODE_CHALLENGE_METHOD];

	request->client = map_get(&call->world->clients, request->value[CLIENT_ID]);
	if (request->client == NULL)
		refuse_with_page(call, "The app that sent you here is not known (client_id).");
	else if (request->value[REDIRECT_URI] == NULL ||
	    !client_may_redirect(request->client, request->value[REDIRECT_URI]))
		refuse_with_page(call, "The app asks to send you to an address that is not registered (redirect_uri).");
	else if (request->repeated != NULL)
		send_back(call, request, "error", "invalid_request",
		    pool_printf(&call->pool, "%s is given twice", request->repeated));
	else if (request->value[RESPONSE_TYPE] == NULL)
		send_back(call, request, "error", "invalid_request", "response_type is missing");
	else if (strcmp(request->value[RESPONSE_TYPE], "code") != 0)
		send_back(call, request, "error", "unsupported_response_type", NULL);
	else if (request->value[CODE_CHALLENGE] == NULL || strlen(request->value[CODE_CHALLENGE]) != 43)
		send_back(call, request, "error", "invalid_request", "code_challenge is missing or malformed");
	else if (method == NULL || strcmp(method, "S256") != 0)
		send_back(call, request, "error", "invalid_request", "code_challenge_method must be S256");
	else
		return true;
	return false;
}

static void
login_page(struct call *call, const struct request *request, const char *notice, int status)
{
	struct page *page = page_begin(call, "Sign in to Open Source Cloud");

	page_text(page, "p", pool_printf(&call->pool, "to continue to %s", request->client->name));
	if (notice != NULL)
		page_text(page, "p", notice);
	page_form(page, call->target);
	page_field(page, "username", "Workspace", TENANT_PATTERN);
	page_button(page, "login", "1", "Sign in", "main");
	page_form_end(page);
	page_reply(page, status, NULL);
}

/* "https://app.example.com:8443", where the form's answer will redirect to. */
static const char *
origin_of(struct pool *pool, const char *url)
{
	const char *host = strstr(url, "://") + 3;

	return pool_strndup(pool, url, (size_t)(host - url) + strcspn(host, "/?"));
}

static void
consent_page(struct call *call, const struct request *request)
{
	static const char *const permissions[] = {
		"create service instances in your workspace",
		"change and restart service instances",
		"remove service instances",
		"see your subscriptions, your plan and your balance",
		NULL
	};
	struct page *page = page_begin(call, pool_printf(&call->pool, "Allow %s?", request->client->name));
	int i;

	page_text(page, "p", pool_printf(&call->pool, "%s wants to act for the workspace %s. It will be able to:",
	    request->client->name, call->tenant));
	page_list(page, permissions);
	page_form(page, AUTHORIZE_PATH);
	for (i = 0; i < PARAM__MAX; i++)
		if (request->value[i] != NULL)
			page_hidden(page, names[i], request->value[i]);
	page_button(page, "decision", "allow", "Allow", "main");
	page_button(page, "decision", "deny", "Deny", "quiet");
	page_form_end(page);
	page_reply(page, 200, origin_of(&call->pool, request->value[REDIRECT_URI]));
}

static void
decide(struct call *call, const struct request *request, const char *decision)
{
	if (strcmp(decision, "allow") != 0) {
		send_back(call, request, "error", "access_denied", "the visitor did not allow it");
		return;
	}
	send_back(call, request, "code", code_issue(call, request->client->id, request->value[REDIRECT_URI],
	    request->value[CODE_CHALLENGE], call->tenant), NULL);
}

/* The login page has been filled in: on with the same request, as someone. */
static void
login(struct call *call, const struct request *request, const char *username)
{
	if (!plain_name(username)) {
		login_page(call, request, "A workspace has 1 to 20 letters a-z and digits.", 400);
		return;
	}
	console_sign_in(call, username);
	reply_redirect(call, 303, call->target);
}

void
oauth_authorize(struct call *call)
{
	const struct settings *settings = &call->world->settings;
	const char *username = form_get(&call->form, "username"), *decision = form_get(&call->form, "decision");
	struct request request;

	request_read(call, &request);
	if (!request_check(call, &request))
		return;
	call->tenant = console_tenant(call);
	if (username != NULL)
		login(call, &request, username);
	else if (call->tenant == NULL)
		login_page(call, &request, NULL, 200);
	else if (decision != NULL)
		decide(call, &request, decision);
	else if (strcmp(settings->consent, "ask") != 0)
		decide(call, &request, settings->consent);
	else
		consent_page(call, &request);
}
