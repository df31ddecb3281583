#include "market/sku.h"

#include "sku_sql.h"

static struct sku from_row(const struct sku_row_by_guid *row)
{
	return (struct sku){
		.guid = row->guid,
		.part_number = row->part_number,
		.name = row->name,
		.other_names = row->other_names,
		.note = row->note,
		.free = row->free,
		.retired = row->retired,
		.successor = row->successor,
	};
}

fault *sku_find(struct tx *tx, str guid, struct sku *sku, bool *found)
{
	struct sku_row_by_guid row;

	TRY(sku_row_by_guid(tx, str_lower(tx_arena(tx), str_trim(guid)), &row, found));
	if (*found)
		*sku = from_row(&row);
	return NULL;
}

static struct skus from_rows(struct arena *keep, const struct sku_row_by_guid *rows, size_t count)
{
	struct skus skus = { .at = NEW_ARRAY(keep, struct sku, count), .len = count };

	for (size_t i = 0; i < count; i++)
		skus.at[i] = from_row(&rows[i]);
	return skus;
}

fault *sku_by_part_number(struct tx *tx, str part_number, struct skus *skus)
{
	struct sku_row_by_guid_list rows;

	TRY(sku_row_by_part_number(tx, str_trim(part_number), &rows));
	*skus = from_rows(tx_arena(tx), rows.at, rows.len);
	return NULL;
}

fault *sku_list(struct tx *tx, struct skus *skus)
{
	struct sku_row_by_guid_list rows;

	TRY(sku_row_all(tx, &rows));
	*skus = from_rows(tx_arena(tx), rows.at, rows.len);
	return NULL;
}

fault *sku_plans(struct tx *tx, str guid, struct sku_plans *plans)
{
	struct sku_plan_of_list rows;

	TRY(sku_plan_of(tx, str_lower(tx_arena(tx), str_trim(guid)), &rows));
	*plans = (struct sku_plans){ .at = NEW_ARRAY(tx_arena(tx), struct sku_plan, rows.len),
				     .len = rows.len };
	for (size_t i = 0; i < rows.len; i++)
		plans->at[i] = (struct sku_plan){ .guid = rows.at[i].guid,
						  .name = rows.at[i].name,
						  .friendly_name = rows.at[i].friendly_name };
	return NULL;
}
