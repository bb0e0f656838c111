/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_WEB_PAGE_H
#define OSCGI_WEB_PAGE_H

#include "base/err.h"
#include "web/response.h"

/* A page of ours, complete with its style: nothing else need be reachable for it to be readable. */
struct page {
	const char *title;
	const char *text;		/* a sentence or two */
	const char *action_href;	/* a link that helps; NULL = none */
	const char *action_text;
	const char *reference;		/* request id, for whoever is asked for help; NULL = none */
};

/* All members are escaped here.  Sets the page's Content-Security-Policy as well. */
WARN_UNUSED enum err page_answer(struct response *rs, int status, const struct page *page);

/* The style element's content, and the hash of it that the policy names: a test holds them together. */
extern const char page_style[];
extern const char page_style_hash[];

#endif
