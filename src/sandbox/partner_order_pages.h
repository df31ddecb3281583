/* Partner Center: orders (vendor facts §3.8). */
#pragma once

#include <jansson.h>

#include "web/route.h"

struct partner_call;
struct partner_order;

extern const struct route_table partner_order_routes;

MUST_USE fault *partner_order_json(const struct partner_call *call,
				   const struct partner_order *order, json_t **made);
/* The customer's order of the path; *go_on is false when an answer has been given. */
MUST_USE fault *partner_order_enter(struct request *rq, struct reply *to, struct partner_call *call,
				    struct partner_order *order, bool *go_on);
/* Another one whenever the order has changed. */
str partner_order_etag(struct arena *arena, const struct partner_order *order);
/* Links to the product, the SKU and the availability of "product:sku:availability". */
json_t *partner_order_item_links(struct arena *arena, str catalog_item);
