/* Routes of many tenants at once, as pages and as JSON. */
#pragma once

#include "convert/batch.h"
#include "convert/conversion_list_view.h"
#include "web/form.h"
#include "web/route.h"

extern const struct route_table batch_pages_routes;

struct batch_shown {
	str name, href;
	instant made_at;
	int64_t lines, started, already, refused, open;
};
struct batch_line_shown {
	int64_t line;
	str domain, said, href; /* of its conversion, or empty */
};
struct batch_lines_shown {
	struct batch_line_shown *at;
	size_t len;
};
struct batch_many_view {
	struct form form;
	struct {
		struct batch_shown *at;
		size_t len;
	} batches;
};
struct batch_one_view {
	struct batch_shown batch;
	bool may_go_on, refused_cut, already_cut;
	struct batch_lines_shown refused, already;
	struct board_view board;
	str list; /* address of its conversions */
};
