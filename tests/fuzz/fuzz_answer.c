/* SPDX-License-Identifier: MIT */
/* An answer of the platform or of a service: what it means, what is shown of it, and where it leads. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/call.h"
#include "base/text.h"
#include "fuzz.h"
#include "http/http.h"
#include "json/json.h"
#include "osc/answer.h"
#include "osc/client.h"
#include "osc/link.h"
#include "osc/mask.h"
#include "osc/option.h"

const char *const fuzz_seeds[] = {
	"{\"reason\":\"no redis://default:p/w@h:6379 with eyJhbGciOiJIUzI1NiJ9.e30.c2ln\",\"code\":\"x\"}",
	"{\"name\":\"a\",\"url\":\"https://u:p@h/x\",\"RootPassword\":\"{{secrets.x}}\",\"_links\":{\"health\":"
	"{\"href\":\"/h/a\"},\"logs\":{\"href\":\"//evil.example/a\"},\"scale\":{\"href\":\"/\\\\evil/a\"}}}",
	"{\"serviceInstanceOptions\":[{\"name\":\"a\",\"type\":\"enum\",\"enums\":[\"x\",1],\"mandatory\":true},"
	"{\"name\":\"b\",\"type\":\"boolean\",\"sensitive\":true}],\"a\":\"x\",\"b\":\"true\"}",
	"<html>://a@b://c:d@e://[::1]:x@y</html>",
	NULL
};

/* What was covered stays so, and nothing more is found in it. */
static void
look_at_text(struct arena *a, const char *text)
{
	const char *once = osc_mask_text(a, text), *twice = once == NULL ? NULL : osc_mask_text(a, once);
	struct buf uri;
	const char *p;

	if (once != NULL && twice != NULL && strcmp(once, twice) != 0)
		__builtin_trap();
	buf_init(&uri, strlen(text) * 3 + 1);
	text_uri_escape(&uri, text);
	for (p = buf_cstr(&uri); *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f || strchr("\"<>\\^`{|}", *p) != NULL)
			__builtin_trap();
	buf_free(&uri);
}

/* A link leads to the host that we are speaking to, whatever it says. */
static void
look_at_links(struct arena *a, const struct json *document)
{
	static const char site[] = "https://api.example/";
	const struct osc_service s = { .service_id = "s", .api_url = "https://api.example/s" };
	int link;

	for (link = 0; link < OSC_LINK__MAX; link++) {
		const char *url = osc_link_in(a, &s, document, (enum osc_link)link, "a");

		if (url != NULL && (!text_starts_with(url, site) || url[sizeof(site) - 1] == '/' || text_has_control(url)))
			__builtin_trap();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct call c = { .arena = &a };
	struct osc_service s = { .service_id = "s" };
	struct http_request rq = { .status = 400, .answer_type = "application/json" };
	struct json *doc = NULL;
	const char *text;

	arena_init(&a, 16 * 1024 * 1024);
	rq.answer = arena_strndup(&a, (const char *)data, size);
	rq.answer_len = size;
	(void)!json_parse(&a, rq.answer, size, &doc);
	(void)osc_answer_of(&a, &rq, doc, size % 2 == 0);
	text = osc_answer_text(&a, &rq, doc);
	if (text_has_control(text))
		__builtin_trap();
	look_at_text(&a, rq.answer);
	if (doc != NULL) {
		look_at_links(&a, doc);
		s.options = osc_options_of(&a, doc);
		(void)!osc_options_check(&c, &s, doc, OSC_TO_CREATE);
		osc_mask_document(&a, doc, NULL);
		if (json_print(&a, doc, NULL) == NULL)
			__builtin_trap();
	}
	arena_free(&a);
	return 0;
}
