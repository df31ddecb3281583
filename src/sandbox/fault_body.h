/* How each service says that something went wrong (vendor facts §1.2, §2.1, §3.1, §3.15, §4). */
#pragma once

#include "sandbox/fault_rule.h"

/* Partner Center has several: a gateway's 429, its own with a number or a text as code, and that
 * of newer services (vendor facts §3.1).  Without a choice 429 is the gateway's, the rest its own.
 */
#define FAULT_BODY_SHAPES "gateway service text newer"

MUST_USE fault *fault_body_reply(struct request *rq, struct reply *to, const char *service,
				 const struct fault_rule *rule);
