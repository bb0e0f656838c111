/* SPDX-License-Identifier: MIT */
#include "page.h"

#include <stdio.h>
#include <stdlib.h>

struct page {
	struct call *call;
	FILE *out;
	char *html;
	size_t len;
};

static const char style[] =
    ":root{color-scheme:light dark;--back:#eef1f6;--card:#fff;--text:#1c2430;--soft:#5b6675;--line:#d5dbe5;"
    "--accent:#1f5fd0;--on-accent:#fff}\n"
    "@media (prefers-color-scheme:dark){:root{--back:#12161d;--card:#1b212b;--text:#e8edf5;--soft:#a3afc0;"
    "--line:#343d4c;--accent:#7fb0ff;--on-accent:#0b1220}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--back);"
    "color:var(--text);font:1rem/1.5 system-ui,sans-serif}\n"
    "main{width:100%;max-width:27rem;background:var(--card);border:1px solid var(--line);border-radius:.9rem;"
    "padding:2rem;box-shadow:0 .5rem 2rem #0001}\n"
    "h1{margin:0 0 .75rem;font-size:1.35rem;line-height:1.25;overflow-wrap:anywhere}\n"
    "p{margin:0 0 1rem;color:var(--soft);overflow-wrap:anywhere}\n"
    "ul{margin:0 0 1.25rem;padding-left:1.2rem}\n"
    "li{margin:.3rem 0}\n"
    "label{display:block;margin-bottom:.3rem;font-weight:600}\n"
    "input{width:100%;padding:.65rem .8rem;border:1px solid var(--line);border-radius:.5rem;"
    "background:var(--back);color:inherit;font:inherit;margin-bottom:1rem}\n"
    "button{padding:.65rem 1.4rem;border:1px solid var(--accent);border-radius:.5rem;font:inherit;"
    "font-weight:600;cursor:pointer;background:var(--accent);color:var(--on-accent);margin-right:.5rem}\n"
    "button.quiet{background:none;color:var(--accent)}\n"
    ":focus-visible{outline:3px solid var(--accent);outline-offset:2px}\n"
    "footer{margin-top:1.5rem;font-size:.85rem;color:var(--soft)}\n";

void
page_style(struct call *call)
{
	reply_text(call, 200, "text/css; charset=utf-8", style);
}

static void
escaped(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
}

struct page *
page_begin(struct call *call, const char *title)
{
	struct page *page = pool_new(&call->pool, sizeof(*page));

	page->call = call;
	page->out = open_memstream(&page->html, &page->len);
	if (page->out == NULL)
		abort();
	fputs("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>", page->out);
	escaped(page->out, title);
	fputs("</title>\n<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"" STYLE_PATH "\">\n"
	    "<main>\n", page->out);
	page_text(page, "h1", title);
	return page;
}

void
page_text(struct page *page, const char *tag, const char *text)
{
	fprintf(page->out, "<%s>", tag);
	escaped(page->out, text);
	fprintf(page->out, "</%s>\n", tag);
}

void
page_form(struct page *page, const char *action)
{
	fputs("<form method=\"post\" action=\"", page->out);
	escaped(page->out, action);
	fputs("\">\n", page->out);
}

void
page_hidden(struct page *page, const char *name, const char *value)
{
	fputs("<input type=\"hidden\" name=\"", page->out);
	escaped(page->out, name);
	fputs("\" value=\"", page->out);
	escaped(page->out, value);
	fputs("\">\n", page->out);
}

void
page_field(struct page *page, const char *name, const char *label, const char *pattern)
{
	fprintf(page->out, "<label for=\"%s\">%s</label>\n<input type=\"text\" id=\"%s\" name=\"%s\" pattern=\"%s\" "
	    "autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" required autofocus>\n",
	    name, label, name, name, pattern);
}

void
page_button(struct page *page, const char *name, const char *value, const char *label, const char *class)
{
	fprintf(page->out, "<button type=\"submit\" name=\"%s\" value=\"%s\" class=\"%s\">%s</button>\n", name, value,
	    class, label);
}

void
page_form_end(struct page *page)
{
	fputs("</form>\n", page->out);
}

void
page_list(struct page *page, const char *const *items)
{
	fputs("<ul>\n", page->out);
	for (; *items != NULL; items++)
		page_text(page, "li", *items);
	fputs("</ul>\n", page->out);
}

void
page_reply(struct page *page, int status, const char *form_target)
{
	struct call *call = page->call;

	fputs("<footer>A sandbox in place of Open Source Cloud: nothing here is real.</footer>\n</main>\n</html>\n",
	    page->out);
	fclose(page->out);
	call_add_header(call, "Content-Security-Policy", pool_printf(&call->pool,
	    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' %s; frame-ancestors 'none'; "
	    "base-uri 'none'", form_target == NULL ? "" : form_target));
	call_add_header(call, "Cache-Control", "no-store");
	call_add_header(call, "X-Content-Type-Options", "nosniff");
	call_add_header(call, "Referrer-Policy", "no-referrer");
	reply_text(call, status, "text/html; charset=utf-8", page->html);
	free(page->html);
}
