/* Partner Center's limit: 500 calls a minute to customers, orders and subscriptions (vendor facts
 * §3.1).  Off unless `serve --throttle` asks. */
#pragma once

#include "sandbox/partner_answer.h"

/* Takes one, or answers 429 in the gateway's shape.  *answered is false when it may go on. */
MUST_USE fault *partner_throttle(const struct partner_call *call, bool *answered);
