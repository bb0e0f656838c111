/* SPDX-License-Identifier: MIT */
/* Bytes from the disk and from the platform: session records, JSON, metadata, what is known of services, states. */
#include <string.h>

#include "base/arena.h"
#include "base/call.h"
#include "flow/signin.h"
#include "fuzz.h"
#include "json/json.h"
#include "oauth/oauth.h"
#include "osc/client.h"
#include "session/claims.h"
#include "session/record.h"

const char *const fuzz_seeds[] = {
	"{\"issuer\":\"https://a\",\"authorization_endpoint\":\"https://a/x\",\"token_endpoint\":\"https://a/t\"}",
	"[{\"serviceId\":\"a\",\"apiUrl\":\"https://x\",\"isJob\":false,\"secretOptions\":[\"p\"],\"sat\":\"t\",\"satExpiresAt\":1}]",
	"{\"a\":[1,2.5e3,true,null,\"\\u00e5\\ud83d\\ude00\",{\"b\":{}}],\"c\":\"x\"}",
	"\001\003\001\001\001a\002\001\001\001\001b\003\010\001\001\001",
	"a.eyJ0ZW5hbnRJZCI6ImFjbWUifQ.c",
	"/a/b?c=//d",
	NULL
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct call c = { .arena = &a };
	struct oauth_server server;
	struct osc_known known = { 0 };
	struct session s = { .id = "" };
	struct json *doc;
	char *text;

	arena_init(&a, 16 * 1024 * 1024);
	text = arena_strndup(&a, (const char *)data, size);
	if (json_parse(&a, text, size, &doc) == ERR_OK && json_print(&a, doc, NULL) == NULL)
		__builtin_trap();	/* what can be read can be written */
	if (oauth_metadata_read(&c, "https://a", false, text, size, &server) == ERR_OK &&
	    strncmp(server.token_endpoint, "https://", 8) != 0)
		__builtin_trap();
	osc_known_read(&known, &a, text, size);
	(void)!record_read(&s, &a, data, size);
	s.access_token.reveal = text;
	claims_read(&a, &s);
	if (signin_is_local_path(text) && (text[0] != '/' || text[1] == '/' || text[1] == '\\'))
		__builtin_trap();
	arena_free(&a);
	return 0;
}
