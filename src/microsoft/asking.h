/* One call to Graph or Partner Center: token, ids, the note for the certificate, and a refusal
 * turned into a fault. */
#pragma once

#include "microsoft/connection.h"
#include "microsoft/reading.h"

struct asking {
	const char *name;   /* "graph.subscribedSkus" */
	const char *method; /* NULL: "GET" */
	enum token_kind as;
	str tenant;  /* whose Graph; also in notes */
	str path;    /* "/v1.0/organization", or an address on the same host */
	str body;    /* JSON, or none */
	str request; /* MS-RequestId that the caller keeps, or none: a new one */
	str if_match;
	str continuation;
	int64_t timeout;
};

/* A 401 drops the token and is tried once more.  The answer may be a refusal; it lives in
 * `scratch`, because the pages of a large tenant would fill the work's arena. */
MUST_USE fault *asking_answer(struct microsoft_work *w, struct arena *scratch,
			      const struct asking *asking, struct remote_answer *answer);
/* The JSON of a 2xx answer; anything else is a fault with the vendor's code. */
MUST_USE fault *asking_json(struct microsoft_work *w, const struct asking *asking, json_t **json);

/* Every item of a paged collection, page after page: Graph's `@odata.nextLink`, Partner Center's
 * `links.next`.  An empty page with a next one is no end; a link to another host is refused. */
typedef fault *asking_item(struct microsoft_work *w, const json_t *item, void *with);
MUST_USE fault *asking_pages(struct microsoft_work *w, const struct asking *first,
			     asking_item *each, void *with);

/* Sends, and leaves the note; the answer lives in `keep`.  `sent_id` is ours; the vendor's own is
 * in `header`, if it came. */
MUST_USE fault *asking_send(struct microsoft_work *w, struct arena *keep,
			    const struct remote_call *call, str sent_id, const char *header,
			    struct remote_answer *answer);
