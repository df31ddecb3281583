/* The envelope of `$batch`, read and checked before any of its calls is made. */
#pragma once

#include <jansson.h>

#include "web/web.h"

enum { GRAPH_BATCH_MOST = 20 };

struct graph_batch_member {
	str id; /* as it was sent */
	struct web_exchange call;
	size_t after[GRAPH_BATCH_MOST]; /* those it depends on, by their place */
	size_t after_count;
};
struct graph_batch {
	struct graph_batch_member at[GRAPH_BATCH_MOST];
	size_t len;
};

/* NULL, or the sentence why none of it is done.  Each call has the headers of its own and, before
 * them, `inherited`; nobody waits in a circle. */
struct graph_batch_headers {
	const struct log_pair *at;
	size_t len;
};
const char *graph_batch_read(struct arena *keep, const json_t *body,
			     const struct graph_batch_headers *inherited, struct graph_batch *made);
