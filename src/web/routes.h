/* The route tables as one sorted table that a path is looked up in.  Inside this room only. */
#pragma once

#include "web/pairs.h"
#include "web/route.h"

struct routes;

/* FAULT_BUG names the row when two rows claim one method and path, or a row is not whole. */
MUST_USE fault *routes_compile(struct arena *keep, const struct route_table *tables, size_t count,
			       struct routes **made);

struct routes_found {
	const struct route *route; /* NULL: no row has this method */
	bool path_known;	   /* some row has this path */
	str allow;		   /* "GET, HEAD, POST" when the path is known */
	struct pairs parts;	   /* decoded, without the colon */
};
/* `path` as it was sent, still percent-encoded. */
void routes_find(const struct routes *routes, struct arena *keep, enum method method, str path,
		 struct routes_found *found);
