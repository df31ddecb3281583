/* A document on A4 pages: headings, paragraphs and tables that flow from page to page, as PDF.
 *
 * Text is laid out by pango, so any script is shaped as it should be.  The only place besides
 * mail/ that sees GLib. */
#pragma once

#include "base/base.h"
#include "base/instant.h"

struct paper;

/* `footer` stands at the foot of every page beside its number; `made` goes into the file's
 * properties, so the same document is the same bytes. */
MUST_USE fault *paper_open(struct arena *keep, str title, str footer, instant made,
			   struct paper **opened);
void paper_end(struct paper **paper);

void paper_title(struct paper *paper, str text);
void paper_heading(struct paper *paper, str text);
/* A line of a list of facts: what it is, and what is known. */
void paper_fact(struct paper *paper, str label, str value);

/* A table: widths are shares of the line; a column with `right` holds numbers.  The head is
 * repeated on each new page. */
struct paper_column {
	const char *head;
	double share;
	bool right;
};
void paper_table(struct paper *paper, const struct paper_column *columns, size_t count);
void paper_row(struct paper *paper, const str *cells);

/* The bytes of the PDF, in the arena; the paper is finished. */
MUST_USE fault *paper_close(struct paper *paper, str *pdf);
