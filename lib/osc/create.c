/* SPDX-License-Identifier: MIT */
#include "osc/create.h"

#include "osc/pause.h"

#define TRIES          3
#define PAUSE_MS       5000	/* the first; the next is twice that */
#define PAUSE_MAX_MS   10000
#define PAUSE_PERCENT  200

static bool
is_document(const struct osc_call *call)
{
	return call->answer == OSC_OK && call->json != NULL && json_kind(call->json) == JSON_OBJECT;
}

/* *there: the thing is; NULL and *certain: it is not. */
static enum err
look(struct osc_client *o, const struct osc_creation *what, struct json **there, bool *certain)
{
	struct osc_call call = { .who = what->who, .service = what->service, .method = "GET", .url = what->look_url };
	const struct json *list;
	enum err e;

	*there = NULL;
	*certain = false;
	e = osc_calls(o, &call, 1);
	if (e != ERR_OK)
		return e;
	if (call.answer == OSC_NOT_THERE)
		*certain = true;
	if (call.answer != OSC_OK || call.json == NULL)
		return ERR_OK;
	list = json_kind(call.json) == JSON_ARRAY ? call.json : json_get(call.json, "deployments");
	if (list != NULL) {
		*there = json_find(list, "name", what->name);
		*certain = *there == NULL;
	} else if (json_kind(call.json) == JSON_OBJECT) {
		*there = call.json;
	}
	return ERR_OK;
}

enum err
osc_create(struct osc_client *o, const struct osc_creation *what, struct json **document)
{
	struct osc_pause pause = { PAUSE_MS, PAUSE_PERCENT, PAUSE_MAX_MS };
	struct osc_call post;
	bool absent = true;
	enum err e;

	if (what->url == NULL || what->look_url == NULL)
		return ERR_NOMEM;
	for (int try = 1;; try++) {
		/* Only what is certainly not there is made again. */
		if (absent) {
			post = (struct osc_call){ .who = what->who, .service = what->service, .method = "POST",
				.url = what->url, .body = what->body };
			e = osc_calls(o, &post, 1);
			if (e != ERR_OK)
				return e;
			*document = post.json;
			if (is_document(&post))
				return ERR_OK;
			/* Taken at a later try: by the one before, which was made after all. */
			if (post.answer != OSC_OK && !osc_answer_is_uncertain(post.answer)
			    && !(try > 1 && post.answer == OSC_TAKEN))
				return osc_call_failed(o, &post);
		}
		/* What answers at once as it should, but without a document, needs no pause. */
		if (post.answer != OSC_OK && post.answer != OSC_TAKEN && !osc_pause(o, &pause, post.retry_after_s))
			return osc_call_failed(o, &post);
		e = look(o, what, document, &absent);
		if (e != ERR_OK)
			return e;
		if (*document != NULL)
			return ERR_OK;
		if (try == TRIES)
			return osc_call_failed(o, &post);
	}
}
