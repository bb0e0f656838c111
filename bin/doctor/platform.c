/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "doctor/doctor.h"
#include "oauth/oauth.h"

#define CLOCK_OFF_S 60

/* Where libcurl of Debian looks, beside SSL_CERT_FILE. */
#define SYSTEM_CA_DIR "/etc/ssl/certs"

#define METADATA_PATH "/.well-known/oauth-authorization-server"

/* Why a platform address does not answer, and what helps. */
static const struct {
	enum http_trouble trouble;
	enum finding      what;
	const char       *remedy;
} troubles[] = {
	{ HTTP_TROUBLE_NAME, PLATFORM_NAME, "look for a typing error in %s; else see that this machine resolves names: "
	    "/etc/resolv.conf" },
	{ HTTP_TROUBLE_CERTIFICATE, PLATFORM_CERTIFICATE, "look for a typing error in %s; where a CA of your own signs, set "
	    "SSL_CERT_FILE to its certificate" },
	{ HTTP_TROUBLE_ADDRESS, PLATFORM_ADDRESS, "set %s to the platform's public name; only where OSC_APP_URL is on the "
	    "loopback may the others be too" },
	{ HTTP_TROUBLE_NONE, PLATFORM_CONNECT, "look for a typing error in %s; else let this machine reach it, or set "
	    "UPSTREAM_PROXY" },
};

static const struct address {
	enum config_id id;
	size_t         url;	/* in struct config */
} addresses[] = {
	{ CONFIG_OSC_APP_URL, offsetof(struct config, osc_app_url) },
	{ CONFIG_OSC_CATALOG_URL, offsetof(struct config, osc_catalog_url) },
	{ CONFIG_OSC_TOKEN_URL, offsetof(struct config, osc_token_url) },
	{ CONFIG_OSC_DEPLOY_URL, offsetof(struct config, osc_deploy_url) },
	{ CONFIG_OSC_MONEY_URL, offsetof(struct config, osc_money_url) },
};

#define ADDRESSES (sizeof(addresses) / sizeof(addresses[0]))

static const char *
url_of(const struct visit *v, size_t i)
{
	return *(const char *const *)(const void *)((const char *)&v->app->config + addresses[i].url);
}

/* By name of the setting, unless that only follows from the environment's name. */
static const char *
setting_of(const struct visit *v, size_t i)
{
	return v->app->config.source[addresses[i].id] == CONFIG_FROM_DEFAULT ? "OSC_ENVIRONMENT" :
	    config_setting(addresses[i].id)->name;
}

/* Without any CA every certificate is one that is not trusted. */
static bool
there_are_cas(const struct visit *v)
{
	const struct dirent *entry;
	bool some = *v->app->config.ssl_cert_file != '\0';
	DIR *d = opendir(SYSTEM_CA_DIR);

	while (d != NULL && !some && (entry = readdir(d)) != NULL)
		some = *entry->d_name != '.';
	if (d != NULL)
		closedir(d);
	return some;
}

static void
tell_trouble(struct visit *v, size_t i, const struct http_request *rq)
{
	const char *why = rq->why != NULL ? rq->why : "no answer";
	size_t k = 0;

	if (rq->result == ERR_CONFIG) {
		visit_found(v, PLATFORM_LIBRARY, "Open Source Cloud cannot be reached without it");
		visit_do("apt-get install libcurl3-gnutls");
		return;
	}
	if (rq->trouble == HTTP_TROUBLE_CERTIFICATE && !there_are_cas(v)) {
		visit_found(v, PLATFORM_CA, "%s %s: %s is empty, and SSL_CERT_FILE is not set", setting_of(v, i), url_of(v, i),
		    SYSTEM_CA_DIR);
		visit_do("apt-get install ca-certificates");
		return;
	}
	while (troubles[k].trouble != HTTP_TROUBLE_NONE && troubles[k].trouble != rq->trouble)
		k++;
	visit_found(v, troubles[k].what, "%s %s: %s", setting_of(v, i), url_of(v, i), why);
	visit_do(troubles[k].remedy, setting_of(v, i));
}

/* The metadata, which the platform may do without: then the documented addresses are used. */
static void
judge_metadata(struct visit *v, const struct http_request *rq)
{
	const char *url = v->app->config.osc_app_url;
	struct oauth_server server;

	if (rq->status == 200 && strcmp(rq->answer_type, "text/html") == 0) {
		visit_found(v, METADATA_PAGE, "%s%s", url, METADATA_PATH);
		visit_do("see that OSC_APP_URL is the platform's; if it is, nothing: the documented addresses are used");
	} else if (rq->status == 200 && oauth_metadata_read(&v->call, url, v->app->config.platform_on_loopback, rq->answer,
	    rq->answer_len, &server) != ERR_OK) {
		visit_found(v, METADATA_WRONG, "%s%s is no JSON, names another issuer, or addresses without https", url, METADATA_PATH);
		visit_do("see that OSC_APP_URL is written as the platform writes its issuer; if it is, nothing: the documented "
		    "addresses are used");
	}
}

void
check_platform(struct visit *v)
{
	struct http_request rq[ADDRESSES];
	size_t i;

	for (i = 0; i < ADDRESSES; i++)
		rq[i] = (struct http_request){ .method = "GET", .reach = HTTP_REACH_PLATFORM,
			.url = arena_concat(&v->memory, url_of(v, i), i == 0 ? METADATA_PATH : "/") };
	v->asked_s = clock_now_s(v->app->clock);
	ask(v, rq, ADDRESSES);
	for (i = 0; i < ADDRESSES; i++) {
		if (rq[i].result != ERR_OK)
			tell_trouble(v, i, &rq[i]);
		else if (i == 0 && rq[i].status >= 500) {
			visit_found(v, PLATFORM_FAILS, "%s %s answers %d", setting_of(v, i), url_of(v, i), rq[i].status);
			visit_do("wait, or see that %s is the platform's", setting_of(v, i));
		}
	}
	if (rq[0].result != ERR_OK || rq[0].status >= 500)
		return;
	v->platform_date_s = rq[0].date_s;
	judge_metadata(v, &rq[0]);
	visit_well(v, WELL_PLATFORM);
}

void
check_clock(struct visit *v)
{
	long long ahead = (long long)(v->asked_s - v->platform_date_s);

	if (v->platform_date_s == 0 || llabs(ahead) <= CLOCK_OFF_S)
		return;
	visit_found(v, CLOCK_OFF, "this machine is %lld seconds %s the platform", llabs(ahead), ahead > 0 ? "ahead of" : "behind");
	visit_do("timedatectl set-ntp true");
}
