/* SPDX-License-Identifier: MIT */
#include "osc/link.h"

#include <string.h>

#include "base/text.h"
#include "osc/ids.h"

static const struct {
	const char *rel;
	bool        has_path;	/* "/rel/name" where a document has no link */
} links[OSC_LINK__MAX] = {
	[OSC_LINK_HEALTH] = { "health", true },
	[OSC_LINK_LOGS] = { "logs", true },
	[OSC_LINK_PORTS] = { "ports", true },
	[OSC_LINK_RESTART] = { "restart", false },
	[OSC_LINK_SCALE] = { "scale", false },
	[OSC_LINK_ENDPOINT] = { "internalEndpoint", false },
};

/* A path on the host that we are speaking to; NULL: none, or one that leads elsewhere. */
static const char *
href_of(const struct json *document, enum osc_link link)
{
	const char *href = json_string(json_get(json_get(document, "_links"), links[link].rel), "href");

	if (href == NULL || href[0] != '/' || href[1] == '/' || strchr(href, '\\') != NULL || text_has_control(href))
		return NULL;
	return href;
}

const char *
osc_link_in(struct arena *a, const struct osc_service *s, const struct json *document, enum osc_link link,
    const char *name)
{
	const char *site = osc_site_of(a, s->api_url), *href = href_of(document, link);

	if (site == NULL)
		return NULL;
	if (href != NULL)
		return arena_concat(a, site, href);
	if (!links[link].has_path)
		return NULL;
	return osc_join(a, arena_concat(a, site, "/", links[link].rel), name);
}

static void
learn_one(struct osc_client *o, struct osc_service *s, const struct json *document)
{
	const char *name = json_string(document, "name"), *ending, *href, *before;

	ending = arena_concat(o->call->arena, "/", name);
	if (ending == NULL)
		return;
	for (int link = 0; link < OSC_LINK__MAX; link++) {
		href = href_of(document, link);
		if (href == NULL || !text_ends_with(href, ending))
			continue;
		href = arena_strndup(o->call->arena, href, strlen(href) - strlen(ending));
		before = s->links[link];
		if (href == NULL || (before != NULL && strcmp(before, href) == 0))
			continue;
		s->links[link] = href;
		o->known.changed = true;
	}
}

void
osc_link_learn(struct osc_client *o, struct osc_service *s, const struct json *documents)
{
	if (json_kind(documents) == JSON_OBJECT)
		learn_one(o, s, documents);
	else
		for (const struct json *j = json_first(documents); j != NULL; j = json_next(j))
			learn_one(o, s, j);
}

const char *
osc_link_rel(enum osc_link link)
{
	return links[link].rel;
}

bool
osc_link_offered(struct osc_client *o, struct osc_service *s, const struct json *document, enum osc_link link)
{
	if (href_of(document, link) != NULL)
		return true;
	if (links[link].has_path && s->links[link] == NULL) {
		s->links[link] = arena_concat(o->call->arena, "/", links[link].rel);
		o->known.changed = true;
	}
	return links[link].has_path;
}

const char *
osc_link_known(struct arena *a, const struct osc_service *s, enum osc_link link, const char *name)
{
	const char *site = osc_site_of(a, s->api_url);

	return osc_join(a, arena_concat(a, site, s->links[link]), name);
}
