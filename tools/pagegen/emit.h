/* The C that a page becomes: a header with one prototype a page, and a source. */
#pragma once

#include <stdio.h>

#include "place.h"

struct piece { /* part of the page's file */
	const char *at;
	size_t len;
	int line;
};

struct emit {
	const char *path; /* of the page, for #line */
	FILE *header, *source;
	bool in_literal; /* an html_raw call is open */
	size_t literal;	 /* its bytes so far */
};

void emit_open(struct emit *to, const char *path, const char *header_name);
void emit_use(struct emit *to, struct piece header);
void emit_page(struct emit *to, struct piece signature);
void emit_page_end(struct emit *to);

/* One byte of the page's own text. */
void emit_byte(struct emit *to, char c);
void emit_value(struct emit *to, struct piece expression, enum place_escape how);
void emit_call(struct emit *to, struct piece call);
void emit_if(struct emit *to, const char *before, struct piece expression);
void emit_else(struct emit *to);
void emit_each(struct emit *to, struct piece name, struct piece list);
void emit_wrap(struct emit *to, struct piece name, struct piece arguments);
void emit_wrap_end(struct emit *to, struct piece name);
void emit_block_end(struct emit *to);
