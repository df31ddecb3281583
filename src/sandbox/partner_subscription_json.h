/* A subscription as Partner Center shows it (vendor facts §3.9). */
#pragma once

#include "sandbox/partner_answer.h"
#include "sandbox/partner_subscription.h"

MUST_USE fault *partner_subscription_json(const struct partner_call *call,
					  const struct partner_subscription *one, json_t **made);
/* Another one after every change. */
str partner_subscription_json_etag(struct arena *arena, const struct partner_subscription *one);
