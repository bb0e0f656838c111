/* SPDX-License-Identifier: MIT */
#include "flow/plan_check.h"

#include <string.h>

#include "osc/plan.h"

#define OVERSPENT -200	/* below it the platform suspends what runs on the free plan */

enum err
plan_check(struct work *w)
{
	const struct json *left;
	const char *plan;
	struct json *told;
	enum err e;

	e = osc_plan_read(w->osc, &told);
	if (e != ERR_OK)
		return e;
	plan = json_string(told, "plan");
	left = json_get(json_get(told, "tokens"), "remainingTokens");
	if (plan != NULL && strcmp(plan, "FREE") == 0 && left != NULL && json_number(left) < OVERSPENT)
		return call_fail(w->call, ERR_REFUSED,
		    "The plan's tokens are used up: everything that is made now would be suspended at once.");
	return ERR_OK;
}
