/* SPDX-License-Identifier: MIT */
#include "base/host.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define LOCALHOST "localhost"
#define BELOW_IT  ".localhost"

static bool
is_name(const char *host, size_t len, const char *name)
{
	return len == strlen(name) && strncasecmp(host, name, len) == 0;
}

bool
host_is_loopback(const char *host, size_t len)
{
	const size_t below = strlen(BELOW_IT);
	char text[INET_ADDRSTRLEN];
	struct in_addr v4;

	if (is_name(host, len, LOCALHOST) || is_name(host, len, "[::1]"))
		return true;
	if (len > below && is_name(host + len - below, below, BELOW_IT))
		return true;
	if (len >= sizeof(text))
		return false;
	memcpy(text, host, len);
	text[len] = '\0';
	return inet_pton(AF_INET, text, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127;
}
