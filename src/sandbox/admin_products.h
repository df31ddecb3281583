/* The subscription that a page of the administrator is about. */
#pragma once

#include "sandbox/admin_door.h"
#include "sandbox/directory_subscription.h"

#define ADMIN_PRODUCTS_PATH "/admin/billing/subscriptions"

/* The one in the address (":id"), for who may pay its bills; *ready is false when something else
 * was answered, as for a partner's: that one is not the customer's to change. */
MUST_USE fault *admin_products_find(struct request *rq, struct reply *to, struct admin *admin,
				    struct directory_subscription *which, bool *ready);
/* A page that says why the deed cannot be done. */
MUST_USE fault *admin_products_refuse(struct request *rq, struct reply *to, str said);
