/* The HTML twin of a plain text: paragraphs, and a line that is an address becomes a link. */
#pragma once

#include "base/base.h"

struct html;

struct frame_line {
	str text;
	bool link, last;
};
struct frame_paragraph {
	struct {
		struct frame_line *at;
		size_t len;
	} lines;
};
struct frame_view {
	str subject;
	struct {
		struct frame_paragraph *at;
		size_t len;
	} paragraphs;
};

str frame_html(struct arena *keep, str subject, str text);
