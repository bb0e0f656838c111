/* SPDX-License-Identifier: MIT */
#include "config/rules.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "config/check.h"
#include "config/url.h"

#define LETTERS_AND_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

#define CLIENT_NAME_MAX 100
#define COOKIE_NAME_MAX 40
#define TIMEOUT_MAX_S   300

struct ruling {
	struct config *cf;
	struct arena  *a;
	rules_fault   *fault;
	void          *ctx;
};

static void
fault(struct ruling *r, enum config_id id, const char *wrong)
{
	r->fault(r->ctx, id, wrong != NULL ? wrong : check_no_memory);
}

/* A fault of one entry of a list. */
static void
fault_entry(struct ruling *r, enum config_id id, const char *entry, const char *wrong)
{
	fault(r, id, arena_concat(r->a, "has ", entry, ", which ", wrong));
}

static bool
is_block(const char *text)
{
	size_t n = strcspn(text, "/");
	unsigned char bytes[16];
	char base[INET6_ADDRSTRLEN + 1];
	int64_t bits;
	bool v6;

	if (n >= sizeof(base))
		return false;
	memcpy(base, text, n);
	base[n] = '\0';
	v6 = inet_pton(AF_INET6, base, bytes) == 1;
	if (!v6 && inet_pton(AF_INET, base, bytes) != 1)
		return false;
	return text[n] == '\0' || text_to_int(text + n + 1, v6 ? 128 : 32, &bits);
}

static void
check_blocks(struct ruling *r, enum config_id id, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, "unix:") != 0 && !is_block(*list))
			fault_entry(r, id, *list, "is neither an address, nor a block like 10.0.0.0/8, nor unix:");
}

/* Entries are copies of ours. */
static void
lower(const char *entry)
{
	char *p;

	for (p = (char *)entry; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
}

static void
check_allowed_hosts(struct ruling *r)
{
	const char *const *p;

	for (p = r->cf->allowed_hosts; *p != NULL; p++) {
		lower(*p);
		if (!url_host_is_wellformed(*p, strlen(*p)))
			fault_entry(r, CONFIG_ALLOWED_HOSTS, *p, "is not a host name (without scheme, port or path)");
	}
}

/* host, host:port, or a .suffix of two labels at least: `.com` would send tokens to anyone. */
static const char *
token_host_fault(const char *entry)
{
	bool suffix = *entry == '.';
	const char *host = entry + suffix, *end = strchr(host, ']'), *colon;
	size_t len;
	int64_t port = 1;

	colon = strchr(end != NULL ? end : host, ':');
	len = colon != NULL ? (size_t)(colon - host) : strlen(host);
	if (!url_host_is_wellformed(host, len) ||
	    (colon != NULL && (!text_to_int(colon + 1, 65535, &port) || port == 0)))
		return "is neither a host name nor a .suffix of host names";
	if (suffix && memchr(host, '.', len) == NULL)
		return "is too wide: a suffix has two names at least, like .example.org";
	return NULL;
}

static void
check_token_hosts(struct ruling *r)
{
	const char *const *p;
	const char *wrong;

	for (p = r->cf->osc_token_hosts; *p != NULL; p++) {
		lower(*p);
		wrong = token_host_fault(*p);
		if (wrong != NULL)
			fault_entry(r, CONFIG_OSC_TOKEN_HOSTS, *p, wrong);
	}
}

/* Tokens go there: where requests may go at all is decided by the same rule, when they are sent. */
static void
check_platform(struct ruling *r)
{
	struct config *cf = r->cf;
	const struct { const char *url; enum config_id id; } all[] = {
		{ cf->osc_app_url, CONFIG_OSC_APP_URL }, { cf->osc_catalog_url, CONFIG_OSC_CATALOG_URL },
		{ cf->osc_token_url, CONFIG_OSC_TOKEN_URL }, { cf->osc_deploy_url, CONFIG_OSC_DEPLOY_URL },
		{ cf->osc_money_url, CONFIG_OSC_MONEY_URL },
	};
	struct url_parts u;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (url_split(all[i].url, &u) != NULL)
			continue;	/* told already */
		if (i == 0)
			cf->platform_on_loopback = url_is_loopback(&u);
		if (!u.https && !url_is_loopback(&u))
			fault(r, all[i].id, "must be https: tokens are sent there (only loopback addresses may be http)");
		else if (url_is_loopback(&u) && !cf->platform_on_loopback)
			fault(r, all[i].id, "must not be on the loopback while OSC_APP_URL is not");
	}
}

/* scheme://[user:password@]host[:port] */
static void
check_proxy(struct ruling *r)
{
	static const char *const schemes[] = { "http://", "https://", "socks5://", "socks5h://" };
	const char *text = r->cf->upstream_proxy, *host = NULL, *at;
	size_t i, len;

	if (*text == '\0')
		return;
	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (text_starts_with(text, schemes[i]))
			host = text + strlen(schemes[i]);
	if (host != NULL) {
		at = strrchr(host, '@');
		host = at != NULL ? at + 1 : host;
		len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
		if (len <= strlen(host) && url_host_is_wellformed(host, len))
			return;
	}
	fault(r, CONFIG_UPSTREAM_PROXY, "must be like http://proxy.example.org:3128 (http, https, socks5 or socks5h)");
}

static bool
is_printable(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s < ' ' || *s > '~')
			return false;
	return true;
}

static void
check_client(struct ruling *r)
{
	const struct config *cf = r->cf;

	/* RFC 6749 A.1, A.2 */
	if (!is_printable(cf->client_id))
		fault(r, CONFIG_CLIENT_ID, "must be printable ASCII");
	if (secret_present(cf->client_secret) && !is_printable(cf->client_secret.reveal))
		fault(r, CONFIG_CLIENT_SECRET, "must be printable ASCII");
	if (secret_present(cf->client_secret) && *cf->client_id == '\0')
		fault(r, *cf->client_secret_file != '\0' ? CONFIG_CLIENT_SECRET_FILE : CONFIG_CLIENT_SECRET,
		    "is of no use without CLIENT_ID: set both, or none");
	if (*cf->client_name == '\0' || strlen(cf->client_name) > CLIENT_NAME_MAX ||
	    !text_is_utf8(cf->client_name, strlen(cf->client_name)))
		fault(r, CONFIG_CLIENT_NAME, "must be 1 to 100 bytes of UTF-8");
}

static void
check_times(struct ruling *r)
{
	const struct config *cf = r->cf;

	if (cf->upstream_timeout_s < 1 || cf->upstream_timeout_s > TIMEOUT_MAX_S)
		fault(r, CONFIG_UPSTREAM_TIMEOUT, "must be 1 to 300 seconds");
	if (cf->session_max_s < 1)
		fault(r, CONFIG_SESSION_MAX, "must be 1 second at least");
	if (cf->session_idle_s < 1)
		fault(r, CONFIG_SESSION_IDLE, "must be 1 second at least");
}

void
rules_check(struct config *cf, struct arena *a, rules_fault *tell, void *ctx)
{
	struct ruling r = { cf, a, tell, ctx };

	check_client(&r);
	check_platform(&r);
	check_blocks(&r, CONFIG_TRUSTED_PROXIES, cf->trusted_proxies);
	check_blocks(&r, CONFIG_METRICS_ALLOW, cf->metrics_allow);
	check_allowed_hosts(&r);
	check_token_hosts(&r);
	check_times(&r);
	check_proxy(&r);
	if (!text_is_made_of(cf->cookie_name, LETTERS_AND_DIGITS "_-.", COOKIE_NAME_MAX))
		fault(&r, CONFIG_COOKIE_NAME, "must be 1 to 40 letters, digits, dots, _ or -");
	if (text_starts_with(cf->cookie_name, "__"))
		fault(&r, CONFIG_COOKIE_NAME, "must not begin with __: over https, __Host- is put before it anyway");
	if (*cf->state_dir == '\0')
		fault(&r, CONFIG_STATE_DIR, "must be an absolute path");
	if (*cf->ssl_cert_file != '\0' && access(cf->ssl_cert_file, R_OK) != 0)
		fault(&r, CONFIG_SSL_CERT_FILE, "must be a file that can be read");
}
