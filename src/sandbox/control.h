/* The sandbox's own page at its root: what it holds, its clock, its faults, what it was asked.
 *
 * It changes things, so it wants the key that `novate-sandbox info` prints
 * (which only the owner of the data directory can read); a cookie remembers it. */
#pragma once

#include "sandbox/control_pages.h"
#include "web/web.h"

/* The key; made at the first start. */
MUST_USE fault *control_key(struct tx *tx, str *key);
MUST_USE fault *control_key_make(struct tx *tx);

/* Each handler asks this first: *open is false when the answer is the way in. */
MUST_USE fault *control_door(struct request *rq, struct reply *to, bool *open);
MUST_USE fault *control_frame_of(struct request *rq, const char *title, enum control_place place,
				 struct control_frame_view *frame);
/* Back to a page of these after a change, with what was done; a FAULT_INPUT is said there, too. */
MUST_USE fault *control_done(struct reply *to, const char *where, str said, fault *f);

/* Pages of a list newest first: "?before=ID" of the last row shown. */
enum { CONTROL_PAGE = 50 };
str control_older(struct arena *keep, const char *where, id last, str filter);
str control_word(const struct request *rq, const char *name); /* of the query; empty, not none */
str control_escaped(struct arena *keep, str value);	      /* for a query */
int64_t control_before(const struct request *rq);	      /* INT64_MAX: from the newest */

extern const struct route_table control_door_routes, control_home_routes, control_tenant_routes,
	control_trade_routes, control_fault_routes, control_request_routes, control_journal_routes;
