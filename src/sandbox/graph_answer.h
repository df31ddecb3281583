/* How Graph v1.0 lets callers in and answers them (vendor facts §2.1, client facts §3). */
#pragma once

#include <jansson.h>

#include "sandbox/identity_bearer.h"
#include "sandbox/tenant_state.h"
#include "web/web.h"

struct graph_call {
	struct request *rq;
	struct reply *to;
	struct tx *tx;
	struct arena *arena;
	struct bearer caller;
	struct tenant_state tenant; /* the one the token is for */
	str request_id;		    /* a GUID: what support would ask for */
	str base;		    /* "https://localhost:8443/v1.0": the host that was called */
};

/* Faults that were switched on, the token, its tenant, one of the permissions (separated by
 * spaces; empty: none needed).  *go_on is false when an answer has been given. */
MUST_USE fault *graph_enter(struct request *rq, struct reply *to, const char *permissions,
			    struct graph_call *call, bool *go_on);

/* The headers that name a call and its answer; the name given last counts. */
void graph_stamp(const struct request *rq, struct reply *to, str call_id);
/* {"error":{…}} of a call with this id, answered at this moment. */
json_t *graph_error(const struct request *rq, str call_id, instant at, const char *code,
		    str message);
/* Answers a fault that no handler has turned into an answer. */
MUST_USE fault *graph_fault(struct request *rq, struct reply *to, int status, const fault *f);

/* The same in answer to a call; `code` is the stable part. */
MUST_USE fault *graph_refuse(const struct graph_call *call, int status, const char *code,
			     const char *message, ...) PRINTF(4, 5);
/* "Resource '…' does not exist …" */
MUST_USE fault *graph_missing(const struct graph_call *call, str name);

/* Answers with `json`, which is consumed. */
MUST_USE fault *graph_reply(const struct graph_call *call, int status, json_t *json);
/* A collection's answer around `value`, which is consumed; `of` is the context ("users"). */
json_t *graph_collection(const struct graph_call *call, const char *of, json_t *value);
void graph_context(const struct graph_call *call, const char *of, json_t *object);

/* Keeps only what $select names; everything when it is absent. */
void graph_select(const struct graph_call *call, json_t *object);

json_t *graph_text(str s); /* none is null */
json_t *graph_instant(struct arena *arena, instant at);
/* Text that is JSON already, as it was stored. */
json_t *graph_stored(str source);
