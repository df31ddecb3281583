/* Routes are tables: what may be asked, by whom, and who answers. */
#pragma once

#include "base/base.h"
#include "store/store.h"
#include "web/request.h"

struct field;
struct reply;

/* How a request proves that it was meant.  The zero value asks a form's token of every POST. */
enum proof { BY_FORM_TOKEN, BY_BEARER, BY_NOTHING };

typedef fault *handler(struct request *rq, struct reply *to);

/* The version of what a page shows; when it changes, listening pages hear of it. */
typedef fault *live_version(struct request *rq, int64_t *version);

struct route {
	enum method method;
	const char *path; /* "/partner/conversions/:id"; a part takes one segment */
	handler *run;
	enum who who;
	enum proof proof;
	enum store_mode mode; /* POST, PUT, PATCH and DELETE always write */
	bool own_tx; /* the handler opens its own, through request_store: slow work between them */
	live_version *live;	    /* GET with Accept: text/event-stream is answered with these */
	const struct field *fields; /* the form it reads (a GET: its query), ended by a nameless
				       one; or NULL */
	size_t most_body;  /* bytes of its body where they are more than the server's limit, or 0 */
	const char *about; /* one line for `novate routes` and the OpenAPI document */
};

struct route_table {
	const struct route *at;
	size_t count;
};
