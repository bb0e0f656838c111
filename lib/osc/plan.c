/* SPDX-License-Identifier: MIT */
#include "osc/plan.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "osc/upstream.h"

#define WHO "money"
#define TENANT_MAX 256

static void
set_plan(struct arena *a, struct json *out, const struct osc_call *call)
{
	const char *name = json_string(call->json, "planType");
	char *plan;

	if (name == NULL)
		name = json_string(call->json, "name");
	plan = call->answer == OSC_OK && name != NULL && *name != '\0' ? arena_strdup(a, name) : NULL;
	for (char *p = plan; p != NULL && *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p -= 'a' - 'A';
	json_set_string(out, "plan", plan);
}

static void
set_tokens(struct arena *a, struct json *out, const struct osc_call *call)
{
	static const char *const members[] = { "tokenCount", "availableTokens", "remainingTokens" };
	struct json *tokens = json_object(a);
	bool any = false;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const struct json *member = json_get(call->json, members[i]);
		const char *text = member == NULL ? NULL : json_text(member);
		bool negative = text != NULL && *text == '-';
		int64_t n;

		if (member != NULL && json_kind(member) == JSON_NUMBER) {
			json_set_number(tokens, members[i], json_number(member));
			any = true;
		} else if (text != NULL && text_to_int(text + negative, INT64_C(1) << 53, &n)) {
			json_set_int(tokens, members[i], negative ? -n : n);
			any = true;
		} else {
			json_set_null(tokens, members[i]);
		}
	}
	if (call->answer == OSC_OK && any)
		json_set(out, "tokens", tokens);
	else
		json_set_null(out, "tokens");
}

enum err
osc_plan_read(struct osc_client *o, struct json **out)
{
	struct arena *a = o->call->arena;
	struct osc_call calls[2] = {
		{ .who = WHO, .method = "GET", .url = arena_concat(a, o->platform->money, "/mytenantplan") },
		{ .who = WHO, .method = "GET", .url = arena_concat(a, o->platform->money, "/mytokencount") },
	};
	enum err e;

	if (calls[0].url == NULL || calls[1].url == NULL)
		return ERR_NOMEM;
	e = osc_calls(o, calls, 2);
	if (e != ERR_OK)
		return e;
	*out = json_object(a);
	set_plan(a, *out, &calls[0]);
	set_tokens(a, *out, &calls[1]);
	return *out != NULL ? ERR_OK : ERR_NOMEM;
}

int
osc_plan_rank(const char *plan)
{
	static const char *const order[] = { "FREE", "PERSONAL", "PROFESSIONAL", "PRO", "BUSINESS", "ENTERPRISE" };

	for (int i = 0; plan != NULL && i < (int)(sizeof(order) / sizeof(order[0])); i++)
		if (strcasecmp(plan, order[i]) == 0)
			return i;
	return 0;
}

enum err
osc_plan_tenant(struct osc_client *o, const char **tenant)
{
	struct osc_call call = { .who = WHO, .method = "GET",
		.url = arena_concat(o->call->arena, o->platform->money, "/mytenantplan") };
	const char *name;
	enum err e;

	if (call.url == NULL)
		return ERR_NOMEM;
	e = osc_call(o, &call);
	if (e != ERR_OK)
		return e;
	name = json_string(call.json, "tenantId");
	if (name == NULL || *name == '\0' || strlen(name) > TENANT_MAX)
		return osc_answer_fail(o->call, WHO, OSC_NONSENSE, call.status, "");
	*tenant = name;
	return ERR_OK;
}
