/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE	/* strcasestr */
#include "osc/answer.h"

#include <string.h>

#include "base/text.h"
#include "osc/mask.h"

#define TEXT_MAX 300

static bool
is_html(const struct http_request *rq)
{
	const char *p = rq->answer;

	if (strstr(rq->answer_type, "html") != NULL)
		return true;
	/* A log may begin with anything. */
	return strcmp(rq->answer_type, "text/plain") != 0 && p[strspn(p, " \t\r\n")] == '<';
}

static const char *
status_phrase(int status)
{
	switch (status) {
	case 400: return "Bad Request";
	case 401: return "Unauthorized";
	case 403: return "Forbidden";
	case 404: return "Not Found";
	case 409: return "Conflict";
	case 422: return "Unprocessable Content";
	case 429: return "Too Many Requests";
	case 500: return "Internal Server Error";
	case 502: return "Bad Gateway";
	case 503: return "Service Unavailable";
	case 504: return "Gateway Timeout";
	default:  return "no reason given";
	}
}

/* One line, cut at a character's end. */
static const char *
tidy(struct arena *a, const char *text)
{
	/* Cover the whole before cutting: half a token is still half a token. */
	const char *covered = osc_mask_text(a, text);
	size_t len;
	char *out;

	if (covered == NULL)
		return "no reason given";
	len = strnlen(covered, TEXT_MAX);
	while (len > 0 && covered[len] != '\0' && ((unsigned char)covered[len] & 0xc0) == 0x80)
		len--;
	out = arena_strndup(a, covered, len);
	if (out == NULL)
		return "no reason given";
	for (char *p = out; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
	return out;
}

const char *
osc_answer_text(struct arena *a, const struct http_request *rq, const struct json *json)
{
	static const char *const members[] = { "reason", "message", "error_description", "error" };

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const char *text = json_string(json, members[i]);

		if (text != NULL && *text != '\0')
			return tidy(a, text);
	}
	if (json == NULL && rq->answer_len > 0 && !is_html(rq) && text_is_utf8(rq->answer, strlen(rq->answer)))
		return tidy(a, rq->answer);
	if (json != NULL && json_kind(json) == JSON_STRING && *json_text(json) != '\0')
		return tidy(a, json_text(json));
	return status_phrase(rq->status);
}

static bool
holds(const char *text, const char *const *phrases)
{
	for (; *phrases != NULL; phrases++)
		if (strcasestr(text, *phrases) != NULL)
			return true;
	return false;
}

static enum osc_answer
of_failure(enum err result)
{
	switch (result) {
	case ERR_UPSTREAM_TIMEOUT:
		return OSC_TIMEOUT;
	case ERR_PROTOCOL:
		return OSC_NONSENSE;
	case ERR_REFUSED:
		return OSC_NOT_SENT;
	case ERR_NOMEM:
		return OSC_NO_MEMORY;
	default:
		return OSC_TRANSIENT;
	}
}

/* 4xx and 5xx by their status alone. */
static enum osc_answer
of_status(const struct http_request *rq, const char *text, bool platform)
{
	bool html = is_html(rq);

	switch (rq->status) {
	case 401:
		return html && !platform ? OSC_NOT_READY : OSC_UNAUTHORIZED;
	case 404:
		if (html || (text_starts_with(text, "Route ") && strstr(text, "not found") != NULL))
			return OSC_NOT_READY;
		return OSC_NOT_THERE;
	case 409:
		return OSC_TAKEN;
	case 408:
		return OSC_TRANSIENT;
	case 502:
	case 503:
	case 504:
		return html ? OSC_NOT_READY : OSC_TRANSIENT;
	default:
		return rq->status >= 500 ? OSC_TRANSIENT : OSC_REFUSED;
	}
}

enum osc_answer
osc_answer_of(struct arena *a, const struct http_request *rq, const struct json *json, bool platform)
{
	static const char *const taken[] = { "already taken", "already exists", NULL };
	static const char *const transient[] = { "ORCHESTRATOR_UNAVAILABLE", "ORCHESTRATOR_AUTH_TRANSIENT",
		"context deadline exceeded", NULL };
	const char *reason = json_string(json, "reason"), *code = json_string(json, "code"), *text;

	if (rq->result != ERR_OK)
		return of_failure(rq->result);
	if (rq->status < 200 || (rq->status >= 300 && rq->status < 400))
		return OSC_NONSENSE;
	if (rq->status < 300 && (reason == NULL || *reason == '\0'))
		return is_html(rq) ? OSC_NOT_READY : OSC_OK;
	text = osc_answer_text(a, rq, json);
	/* The catalog fails to say 401 in these words. */
	if (platform && rq->status == 500 && code != NULL && strcmp(code, "FST_ERR_FAILED_ERROR_SERIALIZATION") == 0)
		return OSC_UNAUTHORIZED;
	if (holds(text, transient))
		return OSC_TRANSIENT;
	if (holds(text, taken))
		return OSC_TAKEN;
	return rq->status < 300 ? OSC_REFUSED : of_status(rq, text, platform);
}

bool
osc_answer_is_uncertain(enum osc_answer answer)
{
	return answer == OSC_TRANSIENT || answer == OSC_TIMEOUT || answer == OSC_NOT_READY || answer == OSC_NONSENSE;
}

const char *
osc_answer_words(struct arena *a, const char *who, enum osc_answer answer, int status, const char *text)
{
	const char *words;

	switch (answer) {
	case OSC_NOT_READY:
		words = arena_printf(a, "%s is not ready yet; try again in a moment", who);
		break;
	case OSC_TRANSIENT:
		words = status == 0 ? arena_printf(a, "%s does not answer; try again in a moment", who)
		    : arena_printf(a, "%s failed (%d): %s", who, status, text);
		break;
	case OSC_TIMEOUT:
		words = arena_printf(a, "%s did not answer in time", who);
		break;
	case OSC_NONSENSE:
		words = arena_printf(a, "%s gave an answer that makes no sense", who);
		break;
	case OSC_NOT_SENT:
		words = arena_printf(a, "the address of %s is not one where a token may go; see OSC_TOKEN_HOSTS", who);
		break;
	case OSC_NO_MEMORY:
		words = "out of memory";
		break;
	default:
		words = arena_printf(a, "%s: %s", who, text);
		break;
	}
	return words != NULL ? words : "out of memory";
}

enum err
osc_answer_fail(struct call *c, const char *who, enum osc_answer answer, int status, const char *text)
{
	static const enum err errors[] = {
		[OSC_OK] = ERR_PROTOCOL,	/* asked about a success: it was none for the caller */
		[OSC_NOT_THERE] = ERR_NOT_FOUND,
		[OSC_NOT_READY] = ERR_UPSTREAM,
		[OSC_UNAUTHORIZED] = ERR_REFUSED,	/* with a token that was renewed just now: the sign-in is good */
		[OSC_REFUSED] = ERR_REFUSED,
		[OSC_TAKEN] = ERR_CONFLICT,
		[OSC_TRANSIENT] = ERR_UPSTREAM,
		[OSC_TIMEOUT] = ERR_UPSTREAM_TIMEOUT,
		[OSC_NONSENSE] = ERR_PROTOCOL,
		[OSC_NOT_SENT] = ERR_PROTOCOL,
		[OSC_NO_MEMORY] = ERR_NOMEM,
	};
	const char *words = osc_answer_words(c->arena, who, answer == OSC_OK ? OSC_NONSENSE : answer, status, text);

	/* A name in use is a conflict, whatever status told so. */
	if (answer == OSC_TAKEN)
		status = 409;
	if (status == 0)
		return call_fail(c, errors[answer], "%s", words);
	return call_fail_upstream(c, errors[answer], who, status, "%s", words);
}
