/* SPDX-License-Identifier: MIT */
#include "osc/client.h"

#include "json/json.h"

/* How links are called in what is kept. */
static const char *const link_names[OSC_LINK__MAX] = {
	[OSC_LINK_HEALTH] = "health", [OSC_LINK_LOGS] = "logs", [OSC_LINK_PORTS] = "ports",
	[OSC_LINK_RESTART] = "restart", [OSC_LINK_SCALE] = "scale", [OSC_LINK_ENDPOINT] = "endpoint",
};

static void
write_links(struct arena *a, struct json *entry, const struct osc_service *s)
{
	struct json *links = json_object(a);

	for (int i = 0; i < OSC_LINK__MAX; i++)
		if (s->links[i] != NULL)
			json_set_string(links, link_names[i], s->links[i]);
	if (json_count(links) > 0)
		json_set(entry, "links", links);
}

enum err
osc_known_write(const struct osc_known *known, struct arena *a, const char **text, size_t *len)
{
	struct json *list = json_array(a);

	for (size_t i = 0; i < known->n; i++) {
		const struct osc_service *s = &known->services[i];
		struct json *entry = json_object(a), *secrets = json_array(a);

		json_set_string(entry, "serviceId", s->service_id);
		json_set_string(entry, "apiUrl", s->api_url);
		json_set_bool(entry, "isJob", s->is_job);
		for (const char *const *name = s->secret_options; name != NULL && *name != NULL; name++)
			json_append_string(secrets, *name);
		json_set(entry, "secretOptions", secrets);
		if (s->options != NULL)
			json_set(entry, "options", json_copy(a, s->options));
		write_links(a, entry, s);
		if (secret_present(s->sat)) {
			json_set_string(entry, "sat", s->sat.reveal);
			json_set_int(entry, "satExpiresAt", s->sat_expires_at_s);
		}
		json_append(list, entry);
	}
	*text = json_print(a, list, len);
	return *text != NULL ? ERR_OK : ERR_NOMEM;
}

static const char *const *
read_names(struct arena *a, const struct json *list)
{
	const char **names = arena_alloc(a, (json_count(list) + 1) * sizeof(*names));
	size_t n = 0;

	if (names == NULL)
		return NULL;
	for (const struct json *j = json_first(list); j != NULL; j = json_next(j))
		if (json_text(j) != NULL)
			names[n++] = json_text(j);
	return names;
}

void
osc_known_read(struct osc_known *known, struct arena *a, const char *text, size_t len)
{
	struct json *list;
	size_t n;

	*known = (struct osc_known){ 0 };
	if (text == NULL || json_parse(a, text, len, &list) != ERR_OK || json_kind(list) != JSON_ARRAY)
		return;
	n = json_count(list);
	known->services = arena_alloc(a, (n + 1) * sizeof(*known->services));
	if (known->services == NULL)
		return;
	for (const struct json *j = json_first(list); j != NULL; j = json_next(j)) {
		struct osc_service *s = &known->services[known->n];

		s->service_id = json_string(j, "serviceId");
		s->api_url = json_string(j, "apiUrl");
		s->is_job = json_bool(j, "isJob", false);
		s->secret_options = read_names(a, json_get(j, "secretOptions"));
		s->options = json_get(j, "options");
		for (int i = 0; i < OSC_LINK__MAX; i++)
			s->links[i] = json_string(json_get(j, "links"), link_names[i]);
		s->sat.reveal = json_string(j, "sat");
		if (!json_int(j, "satExpiresAt", 0, INT64_MAX, &s->sat_expires_at_s))
			s->sat_expires_at_s = 0;
		if (s->service_id != NULL && s->api_url != NULL && s->secret_options != NULL)
			known->n++;
	}
}
