/* SPDX-License-Identifier: MIT */
/* The console's pages.  All text is escaped on its way in. */
#ifndef SANDBOX_PAGE_H
#define SANDBOX_PAGE_H

#include "call.h"

#define STYLE_PATH "/style.css"

/*
 * Begin a page, add to it, and answer with it.  form_target: an origin besides
 * our own that forms may lead to, NULL: none.
 */
struct page;

struct page *page_begin(struct call *call, const char *title);
void page_text(struct page *page, const char *tag, const char *text);	/* <tag>text</tag> */
void page_form(struct page *page, const char *action);
void page_hidden(struct page *page, const char *name, const char *value);
void page_field(struct page *page, const char *name, const char *label, const char *pattern);
void page_button(struct page *page, const char *name, const char *value, const char *label, const char *class);
void page_form_end(struct page *page);
void page_list(struct page *page, const char *const *items);		/* ends with NULL */
void page_reply(struct page *page, int status, const char *form_target);

/* GET STYLE_PATH */
void page_style(struct call *call);

#endif
