/* SPDX-License-Identifier: MIT */
#include "fault.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "encode.h"

static const struct {
	const char *name;
	int types;
} members[] = {
	{ "role", cJSON_String }, { "method", cJSON_String }, { "path", cJSON_String },
	{ "times", cJSON_Number }, { "skip", cJSON_Number },
	{ "status", cJSON_Number }, { "contentType", cJSON_String }, { "body", cJSON_String },
	{ "bodyBase64", cJSON_String }, { "bodyHuge", cJSON_Number }, { "bodyDeep", cJSON_Number },
	{ "headers", cJSON_Object }, { "delayMs", cJSON_Number },
	{ "remove", cJSON_Array }, { "set", cJSON_Object }, { "numbers", cJSON_String },
	{ "cutAfter", cJSON_Number }, { "dripMs", cJSON_Number },
	{ "drop", cJSON_True | cJSON_False }, { "after", cJSON_True | cJSON_False },
	{ "kill", cJSON_String }, { "fresh", cJSON_True | cJSON_False },
	/* What the list itself remembers, so that a list read can be written back. */
	{ "seen", cJSON_Number }, { "met", cJSON_Object },
};

static const char *
member_check(const cJSON *member, struct pool *pool)
{
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (strcmp(members[i].name, member->string) == 0)
			return (member->type & members[i].types) != 0 ? NULL :
			    pool_printf(pool, "faults: %s has the wrong type", member->string);
	return pool_printf(pool, "faults: unknown member: %s", member->string);
}

const char *
faults_check(const cJSON *rules, struct pool *pool)
{
	const cJSON *rule, *member;
	const char *wrong;
	double status;

	if (!cJSON_IsArray(rules))
		return "faults must be an array";
	cJSON_ArrayForEach(rule, rules) {
		if (!cJSON_IsObject(rule))
			return "each of faults must be an object";
		cJSON_ArrayForEach(member, rule) {
			wrong = member_check(member, pool);
			if (wrong != NULL)
				return wrong;
		}
		member = cJSON_GetObjectItemCaseSensitive(rule, "numbers");
		if (member != NULL && strcmp(member->valuestring, "strings") != 0 &&
		    strcmp(member->valuestring, "huge") != 0)
			return "faults: numbers must be strings or huge";
		member = cJSON_GetObjectItemCaseSensitive(rule, "status");
		status = member == NULL ? 200 : member->valuedouble;
		if (status < 200 || status > 599)
			return "faults: status must be within 200 and 599";
	}
	return NULL;
}

static const char *
text(const cJSON *rule, const char *name, const char *fallback)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(rule, name);

	return item == NULL ? fallback : item->valuestring;
}

static double
number(const cJSON *rule, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(rule, name);

	return item == NULL ? 0 : item->valuedouble;
}

static bool
prefixes(const char *prefix, const char *s)
{
	return strncmp(prefix, s, strlen(prefix)) == 0;
}

static bool
is_true(const cJSON *rule, const char *name)
{
	return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(rule, name));
}

/* After a change the same look is another one. */
static void
forget_looks(cJSON *met)
{
	cJSON *entry, *next;

	for (entry = met->child; entry != NULL; entry = next) {
		next = entry->next;
		if (prefixes("GET ", entry->string))
			cJSON_Delete(cJSON_DetachItemViaPointer(met, entry));
	}
}

/* Whether the rule meets this request for the first time: a look, for the first time since something was changed. */
static bool
is_fresh(cJSON *rule, const char *role, const char *method, const char *path, struct pool *pool)
{
	cJSON *met = cJSON_GetObjectItemCaseSensitive(rule, "met"), *times;
	const char *name = pool_printf(pool, "%s %s%s", method, role, path);

	if (met == NULL)
		met = cJSON_AddObjectToObject(rule, "met");
	times = cJSON_GetObjectItemCaseSensitive(met, name);
	if (times == NULL) {
		cJSON_AddNumberToObject(met, name, 1);
		return true;
	}
	/* It was let pass the second time, so that is when it changes something. */
	if (times->valuedouble == 1 && strcmp(method, "GET") != 0)
		forget_looks(met);
	cJSON_SetNumberValue(times, times->valuedouble + 1);
	return false;
}

/* Whether this rule's turn is now; counts the request. */
static bool
due(cJSON *rule)
{
	cJSON *seen = cJSON_GetObjectItemCaseSensitive(rule, "seen");
	double skip = number(rule, "skip"), times = number(rule, "times");

	if (seen == NULL)
		seen = cJSON_AddNumberToObject(rule, "seen", 0);
	if (times > 0 && seen->valuedouble >= skip + times)
		return false;
	cJSON_SetNumberValue(seen, seen->valuedouble + 1);
	return seen->valuedouble > skip;
}

/* The body that a rule orders, if it does. */
static void
body_read(const cJSON *rule, struct pool *pool, struct fault *fault)
{
	const char *encoded = text(rule, "bodyBase64", NULL);

	fault->body = encoded == NULL ? pool_strdup(pool, text(rule, "body", "")) :
	    base64_decode(pool, encoded, &fault->body_len);
	if (encoded == NULL || fault->body == NULL)
		fault->body_len = strlen(fault->body == NULL ? "" : fault->body);
	if (number(rule, "bodyHuge") > 0) {
		fault->stream.kind = STREAM_HUGE;
		fault->stream.size = (uint64_t)number(rule, "bodyHuge");
	} else if (number(rule, "bodyDeep") > 0) {
		fault->stream.kind = STREAM_DEEP;
		fault->stream.size = 2 * (uint64_t)number(rule, "bodyDeep");
	}
}

/* How it spoils an answer, be it real or ordered. */
static void
spoils_read(const cJSON *rule, struct fault *fault)
{
	const char *numbers = text(rule, "numbers", "");
	const cJSON *cut = cJSON_GetObjectItemCaseSensitive(rule, "cutAfter");

	fault->headers = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(rule, "headers"), 1);
	fault->mangle.remove = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(rule, "remove"), 1);
	fault->mangle.set = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(rule, "set"), 1);
	fault->mangle.numbers = strcmp(numbers, "strings") == 0 ? NUMBERS_STRINGS :
	    strcmp(numbers, "huge") == 0 ? NUMBERS_HUGE : NUMBERS_KEPT;
	fault->stream.cut_after = cut == NULL ? -1 : (int64_t)cut->valuedouble;
	fault->stream.drip_ms = (int64_t)number(rule, "dripMs");
}

void
fault_kill(const struct fault *fault)
{
	FILE *file = fault->kill_file == NULL || *fault->kill_file == '\0' ? NULL : fopen(fault->kill_file, "re");
	int pid = 0;

	if (file == NULL)
		return;
	if (fscanf(file, "%d", &pid) == 1 && pid > 1)
		kill(pid, SIGKILL);
	fclose(file);
}

void
fault_free(struct fault *fault)
{
	cJSON_Delete(fault->headers);
	cJSON_Delete(fault->mangle.remove);
	cJSON_Delete(fault->mangle.set);
}

bool
fault_find(cJSON *rules, const char *role, const char *method, const char *path, struct pool *pool,
    struct fault *fault)
{
	const char *want_method;
	cJSON *rule;

	memset(fault, 0, sizeof(*fault));
	fault->stream.cut_after = -1;
	cJSON_ArrayForEach(rule, rules) {
		want_method = text(rule, "method", method);
		if (!prefixes(text(rule, "role", ""), role) || strcmp(want_method, method) != 0 ||
		    !prefixes(text(rule, "path", ""), path) ||
		    (is_true(rule, "fresh") && !is_fresh(rule, role, method, path, pool)) || !due(rule))
			continue;
		fault->after = is_true(rule, "after");
		fault->kill_file = pool_strdup(pool, text(rule, "kill", ""));
		fault->drop = is_true(rule, "drop") || *fault->kill_file != '\0';
		fault->delay_ms = (int64_t)number(rule, "delayMs");
		fault->status = (int)number(rule, "status");
		fault->content_type = pool_strdup(pool, text(rule, "contentType", "text/plain"));
		body_read(rule, pool, fault);
		spoils_read(rule, fault);
		fault->answers = fault->drop || fault->status != 0 || fault->stream.kind != STREAM_TEXT;
		return true;
	}
	return false;
}
