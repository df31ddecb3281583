/* How a program's pages look, handed to the server by app/ and read by the layout alone. */
#pragma once

#include "base/base.h"
#include "web/request.h"

struct look_item {
	enum who who; /* ANYONE shows it to all, SIGNED_IN to all but strangers */
	const char *href, *label;
};
struct look {
	const char *name;		/* "Novate" */
	const char *home;		/* where the name leads */
	const char *stylesheet;		/* an asset: "novate.css" */
	const char *sign_in, *sign_out; /* paths, or NULL; sign_out is posted to */
	const struct look_item *items;
	size_t item_count;
};
