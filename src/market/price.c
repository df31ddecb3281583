#include "market/price.h"

#include "market/sku.h"
#include "price_sql.h"

fault *price_find(struct tx *tx, str sku, currency in, str term, str billing, struct price *price,
		  bool *found)
{
	struct price_in_force row;
	const struct price_in_force_in asked = {
		.sku = str_lower(tx_arena(tx), str_trim(sku)),
		.currency = str_of(in.code),
		.term = term,
		.billing = billing,
		.at = tx_now(tx),
	};

	TRY(price_in_force(tx, &asked, &row, found));
	if (*found)
		*price = (struct price){
			.seat_month = { .minor = row.minor, .in = in },
			.term = term,
			.billing = billing,
			.valid_from = row.valid_from,
		};
	return NULL;
}

fault *price_set(struct tx *tx, str sku, money seat_month, str term, str billing)
{
	struct sku known;
	bool found;

	if (seat_month.minor <= 0)
		return fault_new(FAULT_INPUT, "A price is above zero. Write an amount like 8.00.");
	TRY(sku_find(tx, sku, &known, &found));
	if (!found)
		return fault_new(FAULT_MISSING,
				 "The catalog has no SKU %.*s. Import Microsoft's list with "
				 "`novate catalog import-skus FILE`.",
				 STR(sku));
	return price_keep(tx,
			  &(struct price_keep_in){
				  .sku = known.guid,
				  .currency = str_copy(tx_arena(tx), str_of(seat_month.in.code)),
				  .term = term,
				  .billing = billing,
				  .valid_from = tx_now(tx),
				  .minor = seat_month.minor,
			  });
}
