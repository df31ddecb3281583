/* What the pages of a list and of the board show, with nothing left to decide. */
#pragma once

#include "convert/conversion_list.h"
#include "convert/conversion_view.h"
#include "convert/standing.h"

/* A list narrowed one way, and how many are in it. */
struct list_tab {
	str label, href;
	int64_t count;
	bool here;
};
struct list_tabs {
	struct list_tab *at;
	size_t len;
};

struct list_step {
	str word, label;
	bool chosen;
};
struct list_line {
	struct conversion_shown shown;
	str partner;
	instant since;
};
struct conversion_list_view {
	struct form form; /* that starts one */
	str base;	  /* "/partner/conversions" */
	bool with_partner, any, narrowed;
	struct list_tabs tabs;
	struct {
		struct list_step *at;
		size_t len;
	} steps;
	str waits, state, text, batch; /* what a search keeps; empty: not narrowed by it */
	str next, first;	       /* addresses of other pages, or none */
	struct {
		struct list_line *at;
		size_t len;
	} lines;
};

/* Reads a page of the list at `base`, with the counts of all its tabs. */
MUST_USE fault *conversion_list_view_fill(struct tx *tx, const struct asker *by,
					  const struct conversion_filter *filter, str base,
					  str public_url, struct conversion_list_view *view);

/* The address of a list so narrowed. */
str conversion_list_view_href(struct arena *keep, str base, const struct conversion_filter *filter);

/* Tabs, search, table and links to other pages, for this room's list and the operators'. */
void conversion_list_view_show(struct html *out, const struct conversion_list_view *view);

/* A step on the board. */
struct board_badge {
	const char *look; /* a class of the style sheet */
	str label, href;
	int64_t count;
};
struct board_step {
	str label, does, href;
	int64_t count;
	bool waits;
	str oldest; /* "3 days 2 hours", when `waits` */
	struct {
		struct board_badge *at;
		size_t len;
	} badges;
};
struct board_view {
	str title;
	int64_t living;
	struct {
		struct board_step *at;
		size_t len;
	} steps;
	struct list_tabs ended;
};
/* `base`: the list that its numbers lead to. */
void conversion_list_view_board(const struct tx *tx, const struct asker *by,
				const struct standing *standing, str base, struct board_view *view);
