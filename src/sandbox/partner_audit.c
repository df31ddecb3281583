#include "sandbox/partner_audit.h"

#include "partner_audit_sql.h"
#include "sandbox/sandbox_clock.h"

fault *partner_audit_note(struct tx *tx, str partner, struct partner_audit *audit)
{
	TRY(sandbox_clock_now(tx, &audit->at));
	audit->id = tx_new_id(tx);
	return partner_audit_add(tx, &(struct partner_audit_add_in){
					     .id = audit->id,
					     .partner = partner,
					     .user = audit->user,
					     .application = audit->application,
					     .customer = audit->customer,
					     .method = audit->method,
					     .path = audit->path,
					     .at = audit->at,
				     });
}

fault *partner_audit_all(struct tx *tx, str partner, instant from, instant to, id after,
			 size_t most, struct partner_audits *all)
{
	struct partner_audit_rows_list rows;

	TRY(partner_audit_rows(tx,
			       &(struct partner_audit_rows_in){
				       .partner = partner,
				       .from = from,
				       .to = to,
				       .after = after.n,
				       .most = (int64_t)most,
			       },
			       &rows));
	all->at = NEW_ARRAY(tx_arena(tx), struct partner_audit, rows.len);
	all->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		all->at[i] = (struct partner_audit){
			.id = rows.at[i].id,
			.user = rows.at[i].user,
			.application = rows.at[i].application,
			.customer = rows.at[i].customer,
			.method = rows.at[i].method,
			.path = rows.at[i].path,
			.at = rows.at[i].at,
		};
	return NULL;
}

/* The last one fits everything. */
static const struct {
	const char *method, *part, *resource, *operation;
} kinds[] = {
	{ "POST", "/checkout", "order", "create_order" },
	{ "POST", "/orders", "order", "create_order" },
	{ "PATCH", "/orders/", "order", "update_order" },
	{ "POST", "/transitions", "subscription", "create_transition" },
	{ "PATCH", "/subscriptions/", "subscription", "update_subscription" },
	{ "POST", "/licenseupdates", "license", "update_licenses" },
	{ "POST", "/agreements", "agreement", "create_agreement" },
	{ "POST", "/carts", "cart", "create_cart" },
	{ "PUT", "/carts/", "cart", "update_cart" },
	{ "POST", "/registration", "webhook", "create_registration" },
	{ "PUT", "/registration", "webhook", "update_registration" },
	{ "PATCH", "/customers/", "customer", "update_customer" },
	{ NULL, "", "undefined", "undefined" },
};

void partner_audit_words(const struct partner_audit *audit, const char **resource,
			 const char **operation)
{
	size_t at = 0;

	while (kinds[at].method && (!str_eq(audit->method, str_of(kinds[at].method)) ||
				    str_find(audit->path, str_of(kinds[at].part)) < 0))
		at++;
	*resource = kinds[at].resource;
	*operation = kinds[at].operation;
}
