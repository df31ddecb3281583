/* Orders and relationships. */
#include "control_sql.h"
#include "control_trade_html.h"
#include "partner_subscription_sql.h"
#include "sandbox/control.h"

enum { MOST_RELATIONSHIPS = 200 };

static fault *lines_of(struct tx *tx, str order, str *lines)
{
	struct partner_subscription_by_customer_list rows;
	struct text out = text_open(tx_arena(tx));

	TRY(partner_subscription_by_order(tx, order, &rows));
	for (size_t i = 0; i < rows.len; i++)
		text_format(&out, "%s%lld %.*s (%.*s)", i ? ", " : "",
			    (long long)rows.at[i].quantity, STR(rows.at[i].title),
			    STR(rows.at[i].status));
	*lines = text_str(&out);
	return NULL;
}

static fault *orders_fill(struct tx *tx, int64_t skip, struct control_trade_view *view)
{
	struct control_orders_list rows;

	TRY(control_orders(tx, skip, CONTROL_PAGE + 1, &rows));
	size_t shown = rows.len > CONTROL_PAGE ? CONTROL_PAGE : rows.len;
	view->orders.at = NEW_ARRAY(tx_arena(tx), struct control_order, shown + 1);
	view->orders.len = shown;
	for (size_t i = 0; i < shown; i++) {
		struct control_order *one = &view->orders.at[i];
		*one = (struct control_order){ .id = rows.at[i].id,
					       .customer = rows.at[i].customer,
					       .status = rows.at[i].status,
					       .at = rows.at[i].at };
		TRY(lines_of(tx, one->id, &one->lines));
	}
	if (skip > 0)
		view->newer = S("/control/orders");
	if (rows.len > CONTROL_PAGE)
		view->older = str_format(tx_arena(tx), "/control/orders?skip=%lld",
					 (long long)skip + CONTROL_PAGE);
	return NULL;
}

static fault *relationships_fill(struct tx *tx, struct control_trade_view *view)
{
	struct control_relationships_list rows;

	TRY(control_relationships(tx, MOST_RELATIONSHIPS, &rows));
	view->relationships.at = NEW_ARRAY(tx_arena(tx), struct control_relationship, rows.len + 1);
	view->relationships.len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		view->relationships.at[i] = (struct control_relationship){ rows.at[i].partner,
									   rows.at[i].customer,
									   rows.at[i].since };
	return NULL;
}

static fault *trade(struct request *rq, struct reply *to)
{
	struct control_trade_view view = { 0 };
	int64_t skip;
	bool open;

	TRY(control_door(rq, to, &open));
	if (!open)
		return NULL;
	if (!str_to_int64(request_query(rq, "skip"), &skip) || skip < 0)
		skip = 0;
	TRY(control_frame_of(rq, "Orders", CONTROL_TRADE, &view.frame));
	TRY(orders_fill(request_tx(rq), skip, &view));
	TRY(relationships_fill(request_tx(rq), &view));
	struct html *out = html_open(request_arena(rq), rq);
	control_trade_page(out, &view);
	return reply_page(to, 200, out);
}

static const struct route routes[] = {
	{ GET, "/control/orders", trade, .who = ANYONE, .about = "Orders and relationships" },
};
const struct route_table control_trade_routes = { routes, COUNT(routes) };
