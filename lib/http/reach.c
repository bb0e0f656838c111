/* SPDX-License-Identifier: MIT */
#include "http/reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "base/host.h"
#include "base/text.h"

/* Does "host" or "host:port" name this one?  Without a port it means the scheme's own. */
static bool
entry_fits(const char *entry, bool suffix, const char *host, int port, int default_port)
{
	const char *bracket = strchr(entry, ']');
	const char *colon = strrchr(bracket != NULL ? bracket : entry, ':');
	size_t len = colon != NULL ? (size_t)(colon - entry) : strlen(entry);
	size_t host_len = strlen(host);
	int64_t wanted = default_port;

	if (colon != NULL && !text_to_int(colon + 1, 65535, &wanted))
		return false;
	if (wanted != port)
		return false;
	if (suffix && *entry == '.')
		return host_len > len && memcmp(host + host_len - len, entry, len) == 0;
	return host_len == len && memcmp(host, entry, len) == 0;
}

static bool
listed(const char *const *list, bool suffix, const char *host, int port, int default_port)
{
	for (; list != NULL && *list != NULL; list++)
		if (**list != '\0' && entry_fits(*list, suffix, host, port, default_port))
			return true;
	return false;
}

bool
reach_allows(const struct http_curl_options *o, enum http_reach reach, const char *scheme, const char *host, int port)
{
	bool https = strcmp(scheme, "https") == 0;
	bool near_by = o->loopback_allowed && host_is_loopback(host, strlen(host));
	int default_port = https ? 443 : 80;

	if (reach == HTTP_REACH_SITE)
		return (https || strcmp(scheme, "http") == 0) && listed(o->site_hosts, false, host, port, default_port);
	if (!https && (strcmp(scheme, "http") != 0 || !near_by))
		return false;
	if (listed(o->platform_hosts, false, host, port, default_port))
		return true;
	if (reach != HTTP_REACH_SERVICE)
		return false;
	/* A platform on the loopback has its services there as well, each at a port of its own. */
	return near_by || listed(o->token_hosts, true, host, port, default_port);
}

struct block4 {
	uint32_t net;
	int      bits;
};

/* What is no public address.	RFC 6890, RFC 6598 */
static const struct block4 not_public4[] = {
	{ 0x00000000, 8 }, { 0x0a000000, 8 }, { 0x64400000, 10 }, { 0xa9fe0000, 16 }, { 0xac100000, 12 },
	{ 0xc0000000, 24 }, { 0xc0000200, 24 }, { 0xc0586300, 24 }, { 0xc0a80000, 16 }, { 0xc6120000, 15 },
	{ 0xc6336400, 24 }, { 0xcb007100, 24 }, { 0xe0000000, 4 }, { 0xf0000000, 4 },
};

static bool
allows4(const struct http_curl_options *o, uint32_t address)
{
	if (address >> 24 == 127)
		return o->loopback_allowed;
	for (size_t i = 0; i < sizeof(not_public4) / sizeof(not_public4[0]); i++)
		if ((address ^ not_public4[i].net) >> (32 - not_public4[i].bits) == 0)
			return false;
	return true;
}

static uint32_t
word(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool
allows6(const struct http_curl_options *o, const uint8_t *a)
{
	static const uint8_t loopback[16] = { [15] = 1 };
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };

	if (memcmp(a, loopback, 16) == 0)
		return o->loopback_allowed;
	if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0)
		return allows4(o, word(a + 12));
	if (a[0] == 0x20 && a[1] == 0x02)	/* 6to4 */
		return allows4(o, word(a + 2));
	if (word(a) == 0x20010000 || word(a) == 0x20010db8)	/* Teredo, documentation */
		return false;
	return (a[0] & 0xe0) == 0x20;	/* 2000::/3, what is assigned as global unicast */
}

bool
reach_allows_address(const struct http_curl_options *o, enum http_reach reach, const struct sockaddr *address)
{
	if (reach == HTTP_REACH_SITE)
		return true;
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		return allows4(o, ntohl(in.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, address, sizeof(in6));
		return allows6(o, in6.sin6_addr.s6_addr);
	}
	return false;
}
