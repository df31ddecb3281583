/* How Partner Center v1 lets callers in and answers them (vendor facts §3.1, §3.2, §3.15). */
#pragma once

#include <jansson.h>

#include "sandbox/identity_bearer.h"
#include "sandbox/partner_setting.h"
#include "sandbox/sandbox_setting.h"
#include "sandbox/tenant_state.h"
#include "web/web.h"

/* Which tokens an operation takes. */
enum partner_token {
	PARTNER_ANY,
	PARTNER_USER_ONLY,
	PARTNER_USER_WITH_RIGHTS, /* in AdminAgents, with a GDAP role at the customer (§3.2) */
	PARTNER_APPLICATION_ONLY,
};

struct partner_call {
	struct request *rq;
	struct reply *to;
	struct tx *tx;
	struct arena *arena;
	struct bearer caller;
	struct tenant_state partner; /* whose token it is */
	str customer;		     /* of the path, once it is known; or none */
	struct sandbox_setting setting;
	struct partner_setting behaviour;
	instant now; /* the sandbox's clock */
};

/* Faults that were switched on, the token, and on writing calls the answer kept for a repeated
 * MS-RequestId.  *go_on is false when an answer has been given. */
MUST_USE fault *partner_enter(struct request *rq, struct reply *to, enum partner_token token,
			      struct partner_call *call, bool *go_on);

/* As partner_enter, and the customer of the path's ":customer" whose reseller the caller is. */
MUST_USE fault *partner_enter_customer(struct request *rq, struct reply *to,
				       enum partner_token token, struct partner_call *call,
				       struct tenant_state *customer, bool *go_on);

/* Whether the caller is a user who may see and change licenses of a customer. */
MUST_USE fault *partner_user_has_rights(const struct partner_call *call, bool *has);

/* {"code","description","data","source"} */
MUST_USE fault *partner_refuse(const struct partner_call *call, int status, int code,
			       const char *description, ...) PRINTF(4, 5);

/* With the status and the words of the code (partner_code.h). */
MUST_USE fault *partner_refuse_code(const struct partner_call *call, int64_t code);

/* If-Match names another state of the thing than `etag`; without it nothing is stale. */
bool partner_is_stale(const struct partner_call *call, str etag);
MUST_USE fault *partner_refuse_stale(const struct partner_call *call);

/* `json` is consumed.  Answers to GET begin with a byte order mark, as some of the real ones. */
MUST_USE fault *partner_reply(const struct partner_call *call, int status, json_t *json);
/* {"totalCount","items","links","attributes"}; `items` is consumed. */
MUST_USE fault *partner_reply_items(const struct partner_call *call, json_t *items);

/* "attributes": {"objectType", "etag"?} */
json_t *partner_attributes(const char *object_type, str etag);
/* {"uri","method","headers"}; the address is relative and without /v1. */
json_t *partner_link(struct arena *arena, const char *uri, ...) PRINTF(2, 3);

/* The body as JSON, or NULL when it is not an object; to be ended by the caller. */
json_t *partner_body(const struct partner_call *call);
