#include "sandbox/partner_trouble.h"

#include "partner_trouble_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/sandbox_setting.h"

#define MOST_TIMES 1000000
#define MOST_LATE  DAYS(7)

static const char *const words[] = {
	[PARTNER_TROUBLE_REFUSED] = "refused",
	[PARTNER_TROUBLE_REFUSED_IN_CART] = "refused-in-cart",
	[PARTNER_TROUBLE_QUANTITY] = "quantity",
	[PARTNER_TROUBLE_FAILED] = "failed",
	[PARTNER_TROUBLE_OTHER_SKU] = "other-sku",
	[PARTNER_TROUBLE_LATE] = "late",
	[PARTNER_TROUBLE_WITHDRAWN] = "withdrawn",
	[PARTNER_TROUBLE_BLOCKED] = "blocked",
};

str partner_trouble_word(enum partner_trouble_kind kind)
{
	return str_of(words[kind]);
}

static str item_name(struct arena *keep, str product, str sku)
{
	return str_lower(keep, str_format(keep, "%.*s:%.*s", STR(product), STR(sku)));
}

fault *partner_trouble_target(struct tx *tx, str name, str *target)
{
	struct arena *keep = tx_arena(tx);
	struct catalogue all = catalogue_read(keep);

	for (size_t i = 0; i < all.len; i++) {
		const struct catalogue_item *item = &all.at[i];
		*target = item_name(keep, item->product, item->sku);
		if (str_eq_nocase(name, *target))
			return NULL;
		*target = item->provisioning;
		if (str_eq_nocase(name, item->provisioning) ||
		    str_eq_nocase(name, item->part_number))
			return NULL;
	}
	return fault_new(FAULT_INPUT,
			 "The catalogue has no \"%.*s\": say a SKU's id, its part number (SPB) or "
			 "product:sku (CFQ7TTC0LDPB:0001).",
			 STR(name));
}

static bool number_is_good(const struct partner_trouble *trouble)
{
	switch (trouble->kind) {
	case PARTNER_TROUBLE_REFUSED:
	case PARTNER_TROUBLE_REFUSED_IN_CART:
	case PARTNER_TROUBLE_BLOCKED: return trouble->number >= 1 && trouble->number <= 999999;
	case PARTNER_TROUBLE_QUANTITY: return trouble->number >= 0 && trouble->number <= 1000000;
	case PARTNER_TROUBLE_LATE:
		return trouble->number >= SECONDS(1) && trouble->number <= MOST_LATE;
	case PARTNER_TROUBLE_FAILED:
	case PARTNER_TROUBLE_OTHER_SKU:
	case PARTNER_TROUBLE_WITHDRAWN: return true;
	}
	return false;
}

fault *partner_trouble_make(struct tx *tx, const struct partner_trouble *trouble)
{
	if (trouble->times != PARTNER_TROUBLE_ALWAYS &&
	    (trouble->times < 1 || trouble->times > MOST_TIMES))
		return fault_new(FAULT_INPUT, "How often is a count from 1 to 1000000.");
	if (!number_is_good(trouble))
		return fault_new(FAULT_INPUT,
				 "A code is a number from 1 to 999999, a quantity one from 0 to "
				 "1000000, a delay 1s to 7d.");
	return partner_trouble_add(tx, &(struct partner_trouble_add_in){
					       .id = tx_new_id(tx),
					       .kind = partner_trouble_word(trouble->kind),
					       .target = trouble->target,
					       .number = trouble->number,
					       .other = trouble->other,
					       .times = trouble->times,
				       });
}

fault *partner_trouble_end(struct tx *tx, enum partner_trouble_kind kind, str target)
{
	return partner_trouble_drop(tx, partner_trouble_word(kind), target);
}

/* "product:sku" of "product:sku:availability", and the SKU that it gives. */
static str item_of(struct arena *keep, str catalog_item, str *gives)
{
	struct catalogue all = catalogue_read(keep);
	const struct catalogue_item *item = catalogue_of(&all, catalog_item);

	*gives = item ? item->provisioning : S("");
	return item ? item_name(keep, item->product, item->sku) : S("");
}

fault *partner_trouble_meet(struct tx *tx, enum partner_trouble_kind kind, str catalog_item,
			    struct partner_trouble *met, bool *found)
{
	struct partner_trouble_first row;
	str sku, item = item_of(tx_arena(tx), catalog_item, &sku);

	TRY(partner_trouble_first(tx, partner_trouble_word(kind), sku, item, &row, found));
	if (!*found)
		return NULL;
	*met = (struct partner_trouble){ kind, row.target, row.number, row.other, row.times };
	return partner_trouble_use(tx, row.id);
}

fault *partner_trouble_withdrawn(struct tx *tx, struct catalogue *catalogue)
{
	struct partner_trouble_of_kind_list rows;

	TRY(partner_trouble_of_kind(tx, partner_trouble_word(PARTNER_TROUBLE_WITHDRAWN), &rows));
	for (size_t i = 0; i < catalogue->len; i++) {
		struct catalogue_item *item = &catalogue->at[i];
		for (size_t k = 0; k < rows.len; k++)
			if (str_eq(rows.at[k].target, item->provisioning) ||
			    str_eq(rows.at[k].target,
				   item_name(tx_arena(tx), item->product, item->sku)))
				item->withdrawn = true;
	}
	return NULL;
}

fault *partner_trouble_blocked(struct tx *tx, str tenant, struct partner_trouble *block,
			       bool *blocked)
{
	struct partner_trouble_first row;
	enum partner_trouble_kind kind = PARTNER_TROUBLE_BLOCKED;

	TRY(partner_trouble_first(tx, partner_trouble_word(kind), tenant, tenant, &row, blocked));
	if (*blocked)
		*block = (struct partner_trouble){ kind, tenant, row.number, row.other, row.times };
	return NULL;
}

fault *partner_trouble_all(struct tx *tx, struct partner_troubles *all)
{
	struct partner_trouble_rows_list rows;

	TRY(partner_trouble_rows(tx, &rows));
	*all = (struct partner_troubles){ .at = NEW_ARRAY(tx_arena(tx), struct partner_trouble,
							  rows.len) };
	for (size_t i = 0; i < rows.len; i++)
		for (size_t kind = 0; kind < COUNT(words); kind++)
			if (str_eq(rows.at[i].kind, str_of(words[kind])))
				all->at[all->len++] = (struct partner_trouble){
					(enum partner_trouble_kind)kind, rows.at[i].target,
					rows.at[i].number, rows.at[i].other, rows.at[i].times
				};
	return NULL;
}

fault *partner_trouble_end_all(struct tx *tx)
{
	TRY(partner_trouble_drop_all(tx));
	return partner_trouble_split_orders(tx, false);
}

fault *partner_trouble_split_orders(struct tx *tx, bool on)
{
	return sandbox_setting_put(tx, S("split_orders"), on ? S("1") : S("0"));
}

fault *partner_trouble_splits_orders(struct tx *tx, bool *on)
{
	str value;

	TRY(sandbox_setting_get(tx, S("split_orders"), &value));
	*on = str_eq(value, S("1"));
	return NULL;
}
