/* SPDX-License-Identifier: MIT */
#include "xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct xml {
	FILE *out;
	char *text;
	size_t len;
};

struct xml *
xml_begin(void)
{
	struct xml *xml = mem_new(sizeof(*xml));

	xml->out = open_memstream(&xml->text, &xml->len);
	if (xml->out == NULL)
		abort();
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", xml->out);
	return xml;
}

void
xml_open(struct xml *xml, const char *name, const char *namespace)
{
	if (namespace == NULL)
		fprintf(xml->out, "<%s>", name);
	else
		fprintf(xml->out, "<%s xmlns=\"%s\">", name, namespace);
}

void
xml_close(struct xml *xml, const char *name)
{
	fprintf(xml->out, "</%s>", name);
}

static const struct {
	char character;
	const char *entity;
} entities[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&apos;" } };

#define ENTITIES (sizeof(entities) / sizeof(entities[0]))

static void
put(FILE *out, char ch)
{
	size_t i;

	for (i = 0; i < ENTITIES && entities[i].character != ch; i++)
		;
	if (i < ENTITIES)
		fputs(entities[i].entity, out);
	else if ((unsigned char)ch < ' ')
		fprintf(out, "&#x%X;", ch);
	else
		putc(ch, out);
}

void
xml_text(struct xml *xml, const char *name, const char *text)
{
	xml_open(xml, name, NULL);
	for (; *text != '\0'; text++)
		put(xml->out, *text);
	xml_close(xml, name);
}

const char *
xml_end(struct xml *xml, struct pool *pool)
{
	const char *text;

	fclose(xml->out);
	text = pool_adopt(pool, xml->text);
	free(xml);
	return text;
}

/* One character of text: an entity, a reference, or itself.  Returns what follows. */
static const char *
unescape(const char *at, char *out)
{
	size_t i;

	for (i = 0; i < ENTITIES; i++)
		if (strncmp(at, entities[i].entity, strlen(entities[i].entity)) == 0) {
			*out = entities[i].character;
			return at + strlen(entities[i].entity);
		}
	*out = *at;
	if (strncmp(at, "&#", 2) == 0 && strchr(at, ';') != NULL) {
		*out = (char)strtol(at + (at[2] == 'x' ? 3 : 2), NULL, at[2] == 'x' ? 16 : 10);
		return strchr(at, ';') + 1;
	}
	return at + 1;
}

const char *
xml_next(const char **at, const char *name, struct pool *pool)
{
	const char *open = pool_printf(pool, "<%s>", name), *close = pool_printf(pool, "</%s>", name);
	const char *from = strstr(*at, open), *end = from == NULL ? NULL : strstr(from, close);
	char *out, *to;

	if (end == NULL)
		return NULL;
	from += strlen(open);
	*at = end + strlen(close);
	out = to = pool_new(pool, (size_t)(end - from) + 1);
	while (from < end) {
		/* What holds other elements is given as it is, for the next look. */
		if (memchr(from, '<', (size_t)(end - from)) != NULL)
			return pool_strndup(pool, from, (size_t)(end - from));
		from = unescape(from, to++);
	}
	return out;
}
