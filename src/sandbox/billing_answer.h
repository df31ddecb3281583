/* How Azure Billing lets callers in and answers them (vendor facts §4, api-version 2024-04-01). */
#pragma once

#include <jansson.h>

#include "sandbox/identity_bearer.h"
#include "sandbox/sandbox_setting.h"
#include "sandbox/tenant_state.h"
#include "web/web.h"

#define BILLING_VERSION	 "2024-04-01"
#define BILLING_ACCOUNTS "/providers/Microsoft.Billing/billingAccounts"

struct billing_call {
	struct request *rq;
	struct reply *to;
	struct tx *tx;
	struct arena *arena;
	struct bearer caller;
	struct tenant_state tenant; /* whose token it is */
	struct sandbox_setting setting;
	bool bills;  /* the person is Global or Billing Administrator there */
	str account; /* the name of the tenant's billing account */
	instant now; /* the sandbox's clock */
};

/* Faults that were switched on, the api-version, the token of a person, and what is due.  *go_on is
 * false when an answer has been given. */
MUST_USE fault *billing_enter(struct request *rq, struct reply *to, struct billing_call *call,
			      bool *go_on);
/* As billing_enter, and the path's ":account" is the tenant's own, with a right to it. */
MUST_USE fault *billing_enter_account(struct request *rq, struct reply *to,
				      struct billing_call *call, bool *go_on);

/* True under the Microsoft Customer Agreement; the older program offers no change. */
bool billing_answer_is_modern(const struct billing_call *call);
/* Whether its subscriptions are listed: of the older program only when the sandbox is told so. */
MUST_USE fault *billing_answer_shows_seats(const struct billing_call *call, bool *shows);

/* {"error":{"code","message","target","details","additionalInfo"}} */
MUST_USE fault *billing_refuse(const struct billing_call *call, int status, const char *code,
			       const char *message, ...) PRINTF(4, 5);

/* Answers with `json`, which is consumed. */
MUST_USE fault *billing_reply(const struct billing_call *call, int status, json_t *json);
