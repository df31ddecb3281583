#include "sandbox/partner_agreement.h"

#include "partner_agreement_sql.h"
#include "sandbox/tenant_state.h"

#define CUSTOMER_AGREEMENT "MicrosoftCustomerAgreement"

const struct partner_agreement_kind partner_agreement_kinds[] = {
	{ CUSTOMER_AGREEMENT, "117a77b0-9360-443b-8795-c6dedc750cf9",
	  "https://aka.ms/customeragreement", 0 },
	{ "MicrosoftCloudAgreement", "6a1d0c52-3f5e-4b7a-9d21-0c8e5b7f4a10",
	  "https://aka.ms/customeragreement", 0 }, /* its ids are the sandbox's own */
};
const size_t partner_agreement_kind_count = COUNT(partner_agreement_kinds);

const struct partner_agreement_kind *partner_agreement_kind_named(str name)
{
	for (size_t i = 0; i < COUNT(partner_agreement_kinds); i++)
		if (str_eq_nocase(name, str_of(partner_agreement_kinds[i].name)))
			return &partner_agreement_kinds[i];
	return NULL;
}

fault *partner_agreement_attest(struct tx *tx, str partner, str customer,
				const struct partner_agreement *agreement, bool *taken)
{
	int64_t added;

	TRY(partner_agreement_add(tx,
				  &(struct partner_agreement_add_in){
					  .id = tx_new_id(tx),
					  .partner = partner,
					  .customer = customer,
					  .kind = agreement->kind,
					  .template = agreement->template_id,
					  .first_name = agreement->first_name,
					  .last_name = agreement->last_name,
					  .email = str_lower(tx_arena(tx), agreement->email),
					  .phone = agreement->phone,
					  .agreed = agreement->agreed,
					  .user = agreement->user,
				  },
				  &added));
	*taken = added > 0;
	return NULL;
}

fault *partner_agreement_all(struct tx *tx, str customer, str kind, struct partner_agreements *all)
{
	struct partner_agreement_rows_list rows;

	TRY(partner_agreement_rows(tx, customer, kind, &rows));
	all->at = NEW_ARRAY(tx_arena(tx), struct partner_agreement, rows.len);
	all->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		all->at[i] = (struct partner_agreement){
			.kind = kind,
			.template_id = rows.at[i].template,
			.first_name = rows.at[i].first_name,
			.last_name = rows.at[i].last_name,
			.email = rows.at[i].email,
			.phone = rows.at[i].phone,
			.agreed = rows.at[i].agreed,
			.user = rows.at[i].user,
		};
	return NULL;
}

fault *partner_agreement_confirmed(struct tx *tx, const struct tenant_state *customer,
				   bool *confirmed)
{
	struct partner_agreements attested;

	TRY(partner_agreement_all(tx, customer->id, S(CUSTOMER_AGREEMENT), &attested));
	*confirmed = !instant_is_none(customer->agreement_signed) || attested.len > 0;
	return NULL;
}
