/* What the page of the users shows: what each will get, or has got. */
#pragma once

#include "convert/user_move_list.h"

/* One product that users change from. */
struct move_line_shown {
	str from, to, gained, lost;
	size_t users, groups; /* of them through a group */
};

struct move_shown {
	str user, from, to, group;
	str stays_off; /* names of service plans, or empty */
	const char *look, *state;
	str why; /* of a refusal: what it means, Microsoft's words, what to press */
};

struct moves_shown {
	str title, address; /* of the conversion's page */
	bool foreseen;
	size_t count, done, refused;
	str page_said;	    /* "1 to 100 of 480" */
	str earlier, later; /* addresses, or empty */
	struct {
		struct move_line_shown *at;
		size_t len;
	} lines;
	struct {
		struct move_shown *at;
		size_t len;
	} moves;
};

/* A page of them, from 1 on. */
MUST_USE fault *move_view_fill(struct tx *tx, const struct conversion *c, int64_t page,
			       struct moves_shown *shown);
