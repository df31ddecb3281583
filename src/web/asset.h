/* Files that pages are made of: embedded in the program, compressed when it was built. */
#pragma once

#include "base/base.h"

struct html;

struct asset {
	str name;		 /* "novate.css" */
	str type;		 /* "text/css; charset=utf-8" */
	str hash;		 /* changes with the content: part of the address */
	str plain, gzip, brotli; /* gzip and brotli may be STR_NONE */
};
struct asset_table {
	const struct asset *at;
	size_t count;
};

/* "/assets/novate.css?3f2a…", good for a year. */
str asset_url(const struct html *out, const char *name);
