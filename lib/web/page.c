/* SPDX-License-Identifier: MIT */
#include "web/page.h"

#include "base/text.h"

const char page_style[] =
    ":root{color-scheme:light dark;font:100%/1.6 system-ui,sans-serif}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:Canvas;color:CanvasText}"
    "main{max-width:34rem;padding:2rem}"
    "h1{font-size:1.6rem;line-height:1.2;margin:0 0 1rem}"
    "a{display:inline-block;margin-top:.5rem;padding:.6rem 1.2rem;border-radius:.5rem;background:#0b57d0;"
    "color:#fff;text-decoration:none}"
    "a:focus-visible{outline:3px solid;outline-offset:3px}"
    "small{display:block;margin-top:2rem;opacity:.75}";
const char page_style_hash[] = "sha256-9ULuwGln3xUmRPzBNIsmO3nJS+EdQmTSSnbop0pdBpI=";

enum err
page_answer(struct response *rs, int status, const struct page *page)
{
	enum err e;

	rs->status = status;
	rs->content_type = "text/html; charset=utf-8";
	buf_clear(&rs->body);
	buf_str(&rs->body, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
	text_html_escape(&rs->body, page->title);
	buf_str(&rs->body, "</title>\n<style>");
	buf_str(&rs->body, page_style);
	buf_str(&rs->body, "</style>\n<main>\n<h1>");
	text_html_escape(&rs->body, page->title);
	buf_str(&rs->body, "</h1>\n<p>");
	text_html_escape(&rs->body, page->text);
	buf_str(&rs->body, "</p>\n");
	if (page->action_href != NULL) {
		buf_str(&rs->body, "<a href=\"");
		text_html_escape(&rs->body, page->action_href);
		buf_str(&rs->body, "\">");
		text_html_escape(&rs->body, page->action_text);
		buf_str(&rs->body, "</a>\n");
	}
	if (page->reference != NULL) {
		buf_str(&rs->body, "<small>Reference: ");
		text_html_escape(&rs->body, page->reference);
		buf_str(&rs->body, "</small>\n");
	}
	buf_str(&rs->body, "</main>\n");
	e = response_header(rs, "Content-Security-Policy", arena_concat(rs->arena,
	    "default-src 'none'; style-src '", page_style_hash,
	    "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"));
	return e == ERR_OK && !buf_ok(&rs->body) ? ERR_NOMEM : e;
}
