/* What the layout's pages show.  Inside this room only. */
#pragma once

#include "web/form.h"
#include "web/html.h"

struct layout_item {
	str href, label;
	bool here;
};
struct layout_view {
	str title, name, home, stylesheet, icon;
	str script; /* of live pages, or none */
	int64_t version;
	struct {
		struct layout_item *at;
		size_t len;
	} items;
	str visitor; /* the name of who is signed in, or none */
	str sign_in, sign_out;
	str flash;
};

struct field_choice {
	str word;
	bool chosen;
};
struct field_view {
	const struct field *field;
	str id, value, said, type, described;
	bool ticked;
	struct {
		struct field_choice *at;
		size_t len;
	} choices;
};

struct field_fault {
	str id, said;
};
struct field_faults {
	struct field_fault *at;
	size_t len;
};

struct fault_view {
	str title, said, number;
};
