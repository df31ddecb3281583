#include "microsoft/asking.h"
#include "microsoft/reseller.h"

static fault *order_read(struct microsoft_work *w, const json_t *item, void *with)
{
	struct reseller_order_seen *seen = with;
	const json_t *list = reading_list(item, "lineItems");
	size_t i;
	json_t *line;

	*seen = (struct reseller_order_seen){
		.id = reading_text(w->arena, item, "id"),
		.status = str_lower(w->arena, reading_text(w->arena, item, "status")),
		.created = reading_instant(item, "creationDate"),
		.lines = NEW_ARRAY(w->arena, struct reseller_order_line, json_array_size(list)),
		.line_count = json_array_size(list),
	};
	json_array_foreach(list, i, line) seen->lines[i] = (struct reseller_order_line){
		.catalog_item = reading_text(w->arena, line, "offerId"),
		.subscription = reading_guid(w->arena, line, "subscriptionId"),
		.note = reading_text(w->arena, line, "friendlyName"),
		.quantity = reading_number(line, "quantity", 0),
	};
	return NULL;
}

static fault *order_add(struct microsoft_work *w, const json_t *item, void *with)
{
	struct reseller_orders *orders = with;

	orders->at = arena_grown(w->arena, orders->at, orders->len, sizeof(*orders->at));
	return order_read(w, item, &orders->at[orders->len++]);
}

fault *reseller_orders_read(struct microsoft_work *w, str tenant, struct reseller_orders *orders)
{
	struct reseller_orders read = { 0 };
	struct asking asking = {
		.name = "partnercenter.orders",
		.as = TOKEN_PARTNER_APP,
		.path = str_format(w->arena, "/v1/customers/%.*s/orders",
				   STR(remote_escape(w->arena, tenant))),
	};

	TRY(asking_pages(w, &asking, order_add, &read));
	*orders = read;
	return NULL;
}

fault *reseller_order_read(struct microsoft_work *w, str tenant, str order,
			   struct reseller_order_seen *seen)
{
	DEFER(reading_end) json_t *json = NULL;
	struct asking asking = {
		.name = "partnercenter.order",
		.as = TOKEN_PARTNER_APP,
		.path = str_format(w->arena, "/v1/customers/%.*s/orders/%.*s",
				   STR(remote_escape(w->arena, tenant)),
				   STR(remote_escape(w->arena, order))),
	};

	TRY(asking_json(w, &asking, &json));
	return order_read(w, json, seen);
}
