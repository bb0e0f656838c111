/* SPDX-License-Identifier: MIT */
#include "config/config.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "config/check.h"
#include "config/file.h"
#include "config/rules.h"
#include "config/url.h"

#define VALUE_MAX 8192

static const struct config_setting settings[CONFIG__MAX] = {
#define SETTING(member, name, type, preset, meaning) \
	[CONFIG_##name] = { #name, CONFIG_TYPE_##type, preset, meaning },
#include "config/config.def"
#undef SETTING
};

static const size_t offsets[CONFIG__MAX] = {
#define SETTING(member, name, type, preset, meaning) [CONFIG_##name] = offsetof(struct config, member),
#include "config/config.def"
#undef SETTING
};

const struct config_setting *
config_setting(enum config_id id)
{
	return &settings[id];
}

static void *
member(const struct config *cf, enum config_id id)
{
	return (char *)cf + offsets[id];
}

/* While settings are gathered: each one's text where it was given. */
struct gathering {
	struct arena  *a;
	struct buf    *faults;
	struct config *cf;
	const char    *text[CONFIG__MAX];
	bool           failed, no_memory;
};

static int
find(const char *name, size_t len)
{
	int i;

	for (i = 0; i < CONFIG__MAX; i++)
		if (strlen(settings[i].name) == len && memcmp(settings[i].name, name, len) == 0)
			return i;
	return -1;
}

/* One line each, whatever was written into the file. */
static void
fault_named(void *ctx, const char *name, const char *wrong)
{
	struct gathering *g = ctx;
	const char *parts[] = { name, ": ", wrong }, *p;
	size_t i;

	if (wrong == NULL || wrong == check_no_memory) {
		g->no_memory = true;
		return;
	}
	g->failed = true;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		for (p = parts[i]; *p != '\0'; p++)
			buf_char(g->faults, (unsigned char)*p < 0x20 || *p == 0x7f ? '?' : *p);
	buf_char(g->faults, '\n');
}

static void
fault(void *ctx, enum config_id id, const char *wrong)
{
	fault_named(ctx, settings[id].name, wrong);
}

static void
take(struct gathering *g, enum config_id id, const char *value, enum config_source source)
{
	g->cf->source[id] = source;
	g->text[id] = NULL;
	if (strlen(value) > VALUE_MAX)
		fault(g, id, "must not be longer than 8192 bytes");
	else if (text_has_control(value))
		fault(g, id, "must not hold control characters");
	else if ((g->text[id] = arena_strdup(g->a, value)) == NULL)
		g->no_memory = true;
}

static void
take_from_file(void *ctx, const char *name, const char *value, bool continued)
{
	struct gathering *g = ctx;
	int id = find(name, strlen(name));
	const char *all = value;

	if (id < 0) {
		fault_named(g, name, config_nearest(name) == NULL ? "is no setting; `man oscgi.conf` lists them" :
		    arena_concat(g->a, "is no setting; is ", config_nearest(name), " meant?"));
		return;
	}
	if (g->cf->source[id] == CONFIG_FROM_FILE) {
		if (!continued || settings[id].type != CONFIG_TYPE_LIST) {
			fault(g, (enum config_id)id, continued ? "must be in one line (the next one is indented)" :
			    "must be given once");
			return;
		}
		all = arena_concat(g->a, g->text[id] != NULL ? g->text[id] : "", ",", value);
	}
	if (all == NULL)
		g->no_memory = true;
	else
		take(g, (enum config_id)id, all, CONFIG_FROM_FILE);
}

static void
read_file(struct gathering *g, char *const *env)
{
	static const char mark[] = "OSCGI_CONFIG=";
	const struct file_sink sink = { g, take_from_file, fault_named };
	const char *path = "", *wrong;

	for (; *env != NULL && *path == '\0'; env++)
		if (text_starts_with(*env, mark))
			path = *env + sizeof(mark) - 1;
	g->cf->file = "";
	wrong = check_path(g->a, *path != '\0' ? path : OSCGI_CONF_FILE, &g->cf->file);
	if (wrong != NULL && *path != '\0') {
		fault_named(g, "OSCGI_CONFIG", wrong);
	} else if (wrong == NULL) {	/* a user without a home has no settings there either */
		file_read(g->cf->file, *path != '\0', g->a, &sink);
	}
}

static void
read_environment(struct gathering *g, char *const *env)
{
	const char *eq;
	int id;

	for (; *env != NULL; env++) {
		eq = strchr(*env, '=');
		/* An empty variable is one that a web server's configuration left unset. */
		if (eq == NULL || eq[1] == '\0')
			continue;
		id = find(*env, (size_t)(eq - *env));
		if (id >= 0 && g->cf->source[id] != CONFIG_FROM_ENVIRONMENT)
			take(g, (enum config_id)id, eq + 1, CONFIG_FROM_ENVIRONMENT);
	}
}

/* Text to member, by type. */
static const char *
convert(struct gathering *g, enum config_id id, const char *text)
{
	void *to = member(g->cf, id);

	switch (settings[id].type) {
	case CONFIG_TYPE_INT:
		return check_int(text, to);
	case CONFIG_TYPE_FLAG:
		return check_flag(text, to);
	case CONFIG_TYPE_LIST:
		return check_list(g->a, text, to);
	case CONFIG_TYPE_URL:
		return check_url(g->a, text, to);
	case CONFIG_TYPE_PATH:
		return check_path(g->a, text, to);
	case CONFIG_TYPE_CHOICE:
		return check_choice(g->a, text, settings[id].preset, to);
	case CONFIG_TYPE_SECRET:
		((struct secret *)to)->reveal = text;
		return NULL;
	case CONFIG_TYPE_TEXT:
		*(const char **)to = text;
		return NULL;
	}
	return NULL;
}

/* The default stands in for what is not given, and for what is wrong: a doctor goes on from there. */
static void
convert_all(struct gathering *g)
{
	const char *preset, *wrong;
	enum config_id id;
	int i;

	for (i = 0; i < CONFIG__MAX; i++) {
		id = (enum config_id)i;
		wrong = g->text[i] != NULL ? convert(g, id, g->text[i]) : NULL;
		if (wrong != NULL) {
			fault(g, id, wrong);
			g->cf->refused[id] = g->text[i];
		}
		if (g->text[i] != NULL && wrong == NULL)
			continue;
		preset = settings[i].type != CONFIG_TYPE_CHOICE ? settings[i].preset :
		    arena_strndup(g->a, settings[i].preset, strcspn(settings[i].preset, "|"));
		if (preset == NULL || convert(g, id, preset) != NULL)
			g->no_memory = true;
	}
}

/* What is not set and follows from others. */
static void
fill(struct gathering *g)
{
	struct config *cf = g->cf;
	const struct { const char **url, *service; } all[] = {
		{ &cf->osc_catalog_url, "catalog" }, { &cf->osc_token_url, "token" }, { &cf->osc_deploy_url, "deploy" },
		{ &cf->osc_money_url, "money" },
	};
	const char *env = cf->osc_environment;
	size_t i;

	if (*cf->osc_app_url == '\0')
		cf->osc_app_url = strcmp(env, "prod") == 0 ? "https://app.osaas.io" :
		    arena_concat(g->a, "https://app.", env, ".osaas.io");
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (**all[i].url == '\0')
			*all[i].url = arena_concat(g->a, "https://", all[i].service, ".svc.", env, ".osaas.io");
		if (*all[i].url == NULL)
			g->no_memory = true;
	}
	if (*cf->key_file == '\0')
		cf->key_file = arena_concat(g->a, cf->state_dir, "/key");
	if (cf->osc_app_url == NULL || cf->key_file == NULL)
		g->no_memory = true;
}

static void
read_store_password(struct gathering *g)
{
	struct config *cf = g->cf;
	const char *wrong;

	if (*cf->store_password_file == '\0')
		return;
	wrong = check_secret_file(g->a, cf->store_password_file, &cf->store_password);
	if (wrong != NULL)
		fault(g, CONFIG_STORE_PASSWORD_FILE, wrong);
}

static void
read_secret_file(struct gathering *g)
{
	struct config *cf = g->cf;
	const char *wrong;

	if (*cf->client_secret_file == '\0')
		return;
	wrong = secret_present(cf->client_secret) ? "must not be set together with CLIENT_SECRET: keep one of them" :
	    check_secret_file(g->a, cf->client_secret_file, &cf->client_secret);
	if (wrong != NULL)
		fault(g, CONFIG_CLIENT_SECRET_FILE, wrong);
}

enum err
config_read(char *const *env, struct arena *a, struct config *out, struct buf *faults)
{
	struct gathering g = { .a = a, .faults = faults, .cf = out };

	memset(out, 0, sizeof(*out));
	read_file(&g, env);
	read_environment(&g, env);
	convert_all(&g);
	if (g.no_memory)
		return ERR_NOMEM;
	fill(&g);
	read_secret_file(&g);
	read_store_password(&g);
	if (!g.no_memory)
		rules_check(out, a, fault, &g);
	if (g.no_memory)
		return ERR_NOMEM;
	return g.failed ? ERR_CONFIG : ERR_OK;
}

/* A URL with its user and password covered. */
static const char *
show_covered(const char *url, struct arena *a)
{
	const char *slashes = strstr(url, "//"), *at = strrchr(url, '@');

	if (at == NULL)
		return url;
	return arena_printf(a, "%.*s***%s", slashes != NULL && slashes < at ? (int)(slashes - url) + 2 : 0, url, at);
}

static const char *
show_list(const char *const *list, struct arena *a)
{
	const char *out = "";

	for (; *list != NULL && out != NULL; list++)
		out = arena_concat(a, out, *out != '\0' ? "," : "", *list);
	return out;
}

const char *
config_show(const struct config *cf, enum config_id id, struct arena *a)
{
	enum config_type type = settings[id].type;
	const void *value = member(cf, id);

	if (type == CONFIG_TYPE_SECRET)
		return secret_present(*(const struct secret *)value) ? "***" : "";
	if (cf->refused[id] != NULL)
		return show_covered(cf->refused[id], a);
	if (id == CONFIG_UPSTREAM_PROXY || id == CONFIG_SESSION_STORE)
		return show_covered(*(const char *const *)value, a);
	if (type == CONFIG_TYPE_INT)
		return arena_printf(a, "%d", *(const int *)value);
	if (type == CONFIG_TYPE_FLAG)
		return *(const bool *)value ? "1" : "0";
	if (type == CONFIG_TYPE_LIST)
		return show_list(*(const char *const *const *)value, a);
	return *(const char *const *)value;
}

/* host[:port] of each URL: lower case already, and without the scheme's own port, as url_normal wrote it. */
static const char *const *
hosts_of(const char *const *urls, size_t n, struct arena *a)
{
	const char **hosts = arena_alloc(a, (n + 1) * sizeof(*hosts));
	struct url_parts u;
	size_t i;

	for (i = 0; hosts != NULL && i < n; i++) {
		if (url_split(urls[i], &u) != NULL)
			return NULL;
		hosts[i] = arena_strndup(a, u.host, u.host_len + (u.port != NULL ? 1 + u.port_len : 0));
		if (hosts[i] == NULL)
			return NULL;
	}
	return hosts;
}

const char *const *
config_platform_hosts(const struct config *cf, struct arena *a)
{
	const char *const urls[] = { cf->osc_app_url, cf->osc_catalog_url, cf->osc_token_url, cf->osc_deploy_url,
		cf->osc_money_url };

	return hosts_of(urls, sizeof(urls) / sizeof(urls[0]), a);
}

const char *const *
config_site_hosts(const struct config *cf, struct arena *a)
{
	return hosts_of(&cf->public_url, *cf->public_url != '\0', a);
}
