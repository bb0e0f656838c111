/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/text.h"
#include "command.h"
#include "config/url.h"
#include "doctor/doctor.h"

/* The faults that begin with this setting's name, indented below it. */
static void
show_faults_of(const struct buf *faults, const char *name)
{
	const char *p = buf_cstr(faults);
	size_t n, len = strlen(name);

	for (; *p != '\0'; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		if (strncmp(p, name, len) == 0 && p[len] == ':')
			printf("        ^ %.*s\n", (int)(n - len - 2), p + len + 2);
	}
}

void
settings_show(const struct config *cf, const struct buf *faults, struct arena *a)
{
	static const char *const sources[] = {
		[CONFIG_FROM_DEFAULT] = "default", [CONFIG_FROM_FILE] = "file", [CONFIG_FROM_ENVIRONMENT] = "environment"
	};
	const struct config_setting *s;
	const char *value;
	int i;

	printf("Settings (file: %s%s)\n", cf->file, command_exists(cf->file) ? "" : ", not there");
	for (i = 0; i < CONFIG__MAX; i++) {
		s = config_setting((enum config_id)i);
		value = config_show(cf, (enum config_id)i, a);
		printf("  %-19s %-11s %s\n", s->name, sources[cf->source[i]],
		    value == NULL || *value == '\0' ? "-" : value);
		show_faults_of(faults, s->name);
	}
}

static const char *
name_of_source(const struct config *cf, enum config_id id)
{
	return cf->source[id] == CONFIG_FROM_ENVIRONMENT ? "the environment of the programs" : cf->file;
}

static void
judge_file(struct visit *v, const struct config *cf, const char *wrong)
{
	if (strstr(wrong, "cannot be read") == NULL) {
		visit_found(v, SETTINGS_FILE, "%s", wrong);
		visit_do("put it right in %s", cf->file);
		return;
	}
	visit_found(v, SETTINGS_UNREADABLE, "%s, by user %s", wrong, v->user);
	visit_do("chgrp %s %s && chmod 640 %s", v->group, cf->file, cf->file);
}

/* One fault: "NAME: what is wrong". */
static void
judge_fault(struct visit *v, const struct config *cf, const char *line)
{
	size_t n = strcspn(line, ":");
	const char *name = arena_strndup(&v->memory, line, n), *wrong = line + n + (line[n] == ':' ? 2 : 0), *meant;
	int i;

	if (name == NULL)
		return;
	if (strcmp(name, "OSCGI_CONFIG") == 0) {
		judge_file(v, cf, wrong);
		return;
	}
	for (i = 0; i < CONFIG__MAX; i++)
		if (strcmp(config_setting((enum config_id)i)->name, name) == 0) {
			visit_found(v, SETTING_WRONG, "%s %s", name, wrong);
			visit_do("set %s (%s) in %s", name, config_setting((enum config_id)i)->meaning,
			    name_of_source(cf, (enum config_id)i));
			return;
		}
	meant = config_nearest(name);
	visit_found(v, SETTING_UNKNOWN, "%s", name);
	if (meant != NULL)
		visit_do("write %s instead of %s in %s", meant, name, cf->file);
	else
		visit_do("remove %s from %s; man oscgi.conf lists the settings", name, cf->file);
}

void
settings_judge(struct visit *v, const struct config *cf, const struct buf *faults)
{
	const char *p = buf_cstr(faults), *line;
	size_t n;

	for (; *p != '\0'; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		line = arena_strndup(&v->memory, p, n);
		if (line != NULL)
			judge_fault(v, cf, line);
	}
}

static bool
from_file(const struct config *cf, enum config_id id, bool secret)
{
	return cf->source[id] == CONFIG_FROM_FILE && secret;
}

/* An empty path is that of no file. */
static void
judge_secrecy(struct visit *v, const char *path)
{
	struct stat st;

	if (*path == '\0' || stat(path, &st) != 0 || (st.st_mode & 007) == 0)
		return;
	visit_found(v, SECRET_EXPOSED, "%s has mode %03o", path, (unsigned)st.st_mode & 0777);
	visit_do("chmod o= %s", path);
}

void
check_settings(struct visit *v)
{
	const struct config *cf = &v->app->config;
	const char *const *p;
	bool secret;

	secret = from_file(cf, CONFIG_CLIENT_SECRET, true) ||
	    from_file(cf, CONFIG_SESSION_STORE, strchr(cf->session_store, '@') != NULL) ||
	    from_file(cf, CONFIG_UPSTREAM_PROXY, strchr(cf->upstream_proxy, '@') != NULL);
	judge_secrecy(v, secret ? cf->file : "");
	judge_secrecy(v, cf->client_secret_file);
	judge_secrecy(v, cf->store_password_file);
	for (p = cf->trusted_proxies; *p != NULL; p++)
		if (text_ends_with(*p, "/0")) {
			visit_found(v, PROXIES_ALL, "visitors can forge X-Forwarded-Host and -Proto");
			visit_do("set TRUSTED_PROXIES to the addresses of your own proxies in %s",
			    name_of_source(cf, CONFIG_TRUSTED_PROXIES));
		}
}

static bool
is_allowed(const struct config *cf, const struct url_parts *u)
{
	const char *const *p;

	for (p = cf->allowed_hosts; *p != NULL; p++)
		if (strlen(*p) == u->host_len && strncasecmp(*p, u->host, u->host_len) == 0)
			return true;
	return *cf->allowed_hosts == NULL;
}

void
check_address(struct visit *v)
{
	const struct config *cf = &v->app->config;
	struct url_parts u;

	if (cf->allow_http) {
		visit_found(v, HTTP_ALLOWED, "whoever listens on the way can take over a session");
		visit_do("serve the site by https, and set ALLOW_HTTP = 0 in %s", name_of_source(cf, CONFIG_ALLOW_HTTP));
	}
	if (*cf->public_url == '\0') {
		visit_note("PUBLIC_URL is not set: %s, and the site itself is not asked",
		    *cf->allowed_hosts == NULL ? "only names of the loopback are answered" :
		    "the address is taken from each request");
		return;
	}
	if (url_split(cf->public_url, &u) != NULL)
		return;
	if (!is_allowed(cf, &u)) {
		visit_found(v, HOST_NOT_ALLOWED, "every visitor of %s gets 400", cf->public_url);
		visit_do("add %.*s to ALLOWED_HOSTS in %s, or remove that setting", (int)u.host_len, u.host,
		    name_of_source(cf, CONFIG_ALLOWED_HOSTS));
	}
	if (!u.https && !url_is_loopback(&u) && !cf->allow_http) {
		visit_found(v, PUBLIC_HTTP, "%s", cf->public_url);
		visit_do("serve the site by https and set PUBLIC_URL = https://%.*s%s in %s", (int)u.host_len, u.host,
		    u.path, name_of_source(cf, CONFIG_PUBLIC_URL));
	}
}
