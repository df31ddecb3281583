/* A subscription as Azure Billing shows it (vendor facts §4). */
#pragma once

#include "sandbox/billing_answer.h"
#include "sandbox/directory_subscription.h"

/* "be0d8a54-…": the commerce id, else the directory id. */
str billing_subscription_name(const struct directory_subscription *which);

/* "Active", "Expiring", "Expired", "Disabled", "Cancelled", "Suspended" or "Deleted". */
const char *billing_subscription_status(const struct directory_subscription *which);

/* The resource; `reseller` fills what ?expand=Reseller asks for. */
MUST_USE fault *billing_subscription_json(const struct billing_call *call,
					  const struct directory_subscription *which, bool reseller,
					  json_t **made);

extern const struct route_table billing_list_routes;
extern const struct route_table billing_change_routes;
