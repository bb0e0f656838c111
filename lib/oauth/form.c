/* SPDX-License-Identifier: MIT */
#include "oauth/form.h"

#include "base/text.h"

void
form_add(struct buf *b, const char *name, const char *value)
{
	if (value == NULL)
		return;
	if (b->len > 0)
		buf_char(b, '&');
	buf_str(b, name);
	buf_char(b, '=');
	text_percent_encode(b, value);
}
