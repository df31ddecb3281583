/* Files that pages are made of: embedded in the program and compressed when it was built
 * (tools/embed). */
#pragma once

#include "base/base.h"

struct html;

struct asset {
	const char *name; /* "novate.css" */
	const char *type; /* for Content-Type */
	const char *hash; /* 16 hexadecimal digits of its content, for its address */
	str bytes;
	str gzip, brotli; /* or none where they would not be smaller */
};
struct assets {
	const struct asset *at;
	size_t count;
};

/* "/assets/novate.css?3f2a…", good for a year. */
str asset_url(const struct html *out, const char *name);
