/* Pages of Graph's collections (vendor facts §2.1, §2.5). */
#pragma once

#include "store/store.h"

struct graph_call;

struct graph_page {
	int64_t after; /* the position of the last thing shown */
	int64_t most;
	bool eventual; /* ConsistencyLevel: eventual */
	bool count;    /* @odata.count is to be given: asked for, and this is the first page */
};

/* $top (1 to 999, else 100), $skiptoken, $count.  NULL, or why the query is not supported. */
const char *graph_page_read(const struct graph_call *call, struct graph_page *page);

/* The same call with another token: absolute, on the host that was called. */
str graph_page_link(const struct graph_call *call, int64_t after);
