/* The HTML twin of a plain text: paragraphs, lists whose items begin with "- " or "1. ", and a line
 * that is an address becomes a link. */
#pragma once

#include "base/base.h"

struct html;

struct frame_line {
	str text;
	bool link, last;
};
/* The lines of one item, or of a paragraph. */
struct frame_item {
	struct {
		struct frame_line *at;
		size_t len;
	} lines;
};
enum frame_kind { FRAME_TEXT, FRAME_POINTS, FRAME_STEPS };
struct frame_paragraph {
	enum frame_kind kind;
	struct {
		struct frame_item *at;
		size_t len;
	} items;
};
struct frame_view {
	str subject;
	struct {
		struct frame_paragraph *at;
		size_t len;
	} paragraphs;
};

str frame_html(struct arena *keep, str subject, str text);
/* What stands in it, for a page that shows a letter. */
void frame_show(struct html *out, str text);
