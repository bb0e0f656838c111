/* SPDX-License-Identifier: MIT */
#include "session/claims.h"

#include <string.h>

#include "base/text.h"
#include "crypto/crypto.h"
#include "json/json.h"

#define CLAIM_MAX 128

static const char *
claim(const struct json *doc, const char *name)
{
	const char *s = json_string(doc, name);

	return s != NULL && *s != '\0' && strlen(s) <= CLAIM_MAX && !text_has_control(s) ? s : NULL;
}

void
claims_read(struct arena *a, struct session *s)
{
	const char *payload = strchr(s->access_token.reveal, '.');
	unsigned char *text;
	struct json *doc;
	size_t len;

	if (payload == NULL)
		return;
	payload++;
	text = crypto_b64url_decode(a, payload, strcspn(payload, "."), &len);
	if (text == NULL || json_parse(a, (char *)text, len, &doc) != ERR_OK)
		return;
	s->tenant = claim(doc, "tenantId");
	s->subject = claim(doc, "userId");
}
