#include "sandbox/relationship.h"

#include "relationship_sql.h"
#include "sandbox/partner_webhook.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/tenant_state.h"

fault *relationship_accept(struct tx *tx, str partner, str customer, str by_user)
{
	struct tenant_state tenant;
	instant now;
	int64_t added;
	bool found;

	TRY(tenant_state_find(tx, customer, &tenant, &found));
	if (!found)
		return fault_new(FAULT_MISSING, "There is no such tenant.");
	if (tenant.partner)
		return fault_new(FAULT_CONFLICT, "A partner cannot be its own customer.");
	if (!str_eq(tenant.type, S("AAD")))
		return fault_new(FAULT_CONFLICT,
				 "This kind of directory cannot have a reseller: it is \"%.*s\".",
				 STR(tenant.type));
	TRY(tenant_state_find(tx, partner, &tenant, &found));
	if (!found || !tenant.partner)
		return fault_new(FAULT_MISSING, "The invitation names no partner.");
	TRY(sandbox_clock_now(tx, &now));
	TRY(relationship_add(tx, partner, customer, by_user, now, &added));
	return added == 0 ? NULL
			  : partner_webhook_note(
				    tx, partner, PARTNER_WEBHOOK_ACCEPTED, "customer",
				    str_format(tx_arena(tx), "/customers/%.*s", STR(customer)));
}

fault *relationship_exists(struct tx *tx, str partner, str customer, bool *exists)
{
	struct relationship_one row;

	return relationship_one(tx, partner, customer, &row, exists);
}

fault *relationship_remove(struct tx *tx, str partner, str customer, bool *was)
{
	int64_t changed;

	TRY(relationship_end(tx, partner, customer, &changed));
	*was = changed > 0;
	return NULL;
}

fault *relationship_sign_agreement(struct tx *tx, str customer)
{
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	return relationship_mark_agreement(tx, customer, now);
}

fault *relationship_of_customer(struct tx *tx, str customer, struct relationships *all)
{
	struct relationship_by_customer_list rows;

	TRY(relationship_by_customer(tx, customer, &rows));
	all->at = NEW_ARRAY(tx_arena(tx), struct relationship, rows.len);
	all->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		all->at[i] = (struct relationship){
			.partner = rows.at[i].partner,
			.partner_name = rows.at[i].partner_name,
			.customer = rows.at[i].customer,
			.since = rows.at[i].since,
		};
	return NULL;
}
