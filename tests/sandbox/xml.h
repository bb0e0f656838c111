/* SPDX-License-Identifier: MIT */
/* XML as S3 has it: written element by element, read by the names of elements. */
#ifndef SANDBOX_XML_H
#define SANDBOX_XML_H

#include "mem.h"

struct xml;

/* With its declaration. */
struct xml *xml_begin(void);

/* namespace: NULL, or that of the root. */
void xml_open(struct xml *xml, const char *name, const char *namespace);
void xml_close(struct xml *xml, const char *name);

/* An element that holds text, which is escaped. */
void xml_text(struct xml *xml, const char *name, const char *text);

/* The document, in the pool; frees the rest. */
const char *xml_end(struct xml *xml, struct pool *pool);

/*
 * What the next element of this name holds, unescaped, in the pool; *at moves
 * behind it.  NULL: there is no more.
 */
const char *xml_next(const char **at, const char *name, struct pool *pool);

#endif
