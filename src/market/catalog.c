#include "market/catalog.h"

#include "base/money.h"
#include "catalog_embedded.h"
#include "market/csv.h"
#include "market/price.h"
#include "market/sku.h"
#include "service_plans_embedded.h"
#include "sku_sql.h"

#define CURRENCY ((currency){ .code = "USD" })

enum column {
	GUID,
	PART_NUMBER,
	NAME,
	OTHER_NAMES,
	PRICE,
	FREE,
	RETIRED,
	SUCCESSOR,
	NOTE,
	COLUMNS
};

static const char *const headings[COLUMNS] = {
	[GUID] = "guid",       [PART_NUMBER] = "part_number",
	[NAME] = "name",       [OTHER_NAMES] = "other_names",
	[PRICE] = "price",     [FREE] = "free",
	[RETIRED] = "retired", [SUCCESSOR] = "successor",
	[NOTE] = "note",
};

static fault *wrong(const struct csv *csv, enum column column, const char *what)
{
	return fault_new(FAULT_INPUT, "Line %lld: %s %s. Correct it; nothing was loaded.",
			 (long long)csv->line, headings[column], what);
}

static fault *read_heading(struct csv *csv, int column[COLUMNS], size_t *width)
{
	struct csv_row row;
	bool more;

	TRY(csv_next(csv, &row, &more));
	if (!more)
		return fault_new(FAULT_INPUT, "The catalog file is empty. Its first line names the "
					      "columns, see assets/catalog.csv.");
	for (int i = 0; i < COLUMNS; i++) {
		column[i] = csv_column(&row, headings[i]);
		if (column[i] < 0 && i != SUCCESSOR) /* files of before had none */
			return wrong(csv, (enum column)i, "is missing among the columns");
	}
	*width = row.count;
	return NULL;
}

static fault *read_mark(const struct csv *csv, enum column column, str value, bool *mark)
{
	*mark = str_eq_nocase(value, S("yes"));
	if (*mark || str_is_empty(value) || str_eq_nocase(value, S("no")))
		return NULL;
	return wrong(csv, column, "is neither empty nor \"yes\" nor \"no\"");
}

/* "a|b" in the file, one a line in the catalog. */
static str read_names(struct arena *keep, str value)
{
	struct text names = text_open(keep);
	str name;

	while (str_next(&value, '|', &name)) {
		name = str_trim(name);
		if (str_is_empty(name))
			continue;
		if (names.len > 0)
			text_add_char(&names, '\n');
		text_add(&names, name);
	}
	return text_str(&names);
}

static fault *read_sku(struct tx *tx, const struct csv *csv, const str value[COLUMNS],
		       struct sku_row_keep_in *sku)
{
	if (!str_is_guid(value[GUID]))
		return wrong(csv, GUID, "is not a GUID");
	if (str_is_empty(value[PART_NUMBER]))
		return wrong(csv, PART_NUMBER, "is empty");
	if (str_is_empty(value[NAME]))
		return wrong(csv, NAME, "is empty");
	*sku = (struct sku_row_keep_in){
		.guid = str_lower(tx_arena(tx), value[GUID]),
		.part_number = value[PART_NUMBER],
		.name = value[NAME],
		.other_names = read_names(tx_arena(tx), value[OTHER_NAMES]),
		.note = str_is_empty(value[NOTE]) ? STR_NONE : value[NOTE],
	};
	TRY(read_mark(csv, FREE, value[FREE], &sku->free));
	return read_mark(csv, RETIRED, value[RETIRED], &sku->retired);
}

static fault *keep_price(struct tx *tx, const struct csv *csv, str sku, str value)
{
	money amount;

	if (str_is_empty(value))
		return NULL;
	if (money_from_text(value, CURRENCY, &amount) || amount.minor <= 0)
		return wrong(csv, PRICE, "is not an amount above zero like USD 8.00");
	return price_set(tx, sku, amount, PRICE_TERM, PRICE_BILLING);
}

static fault *keep_successor(struct tx *tx, const struct csv *csv, str sku, str value)
{
	if (!str_is_empty(value) && !str_is_guid(value))
		return wrong(csv, SUCCESSOR, "is not a GUID");
	return sku_successor_set(tx, sku,
				 str_is_empty(value) ? STR_NONE : str_lower(tx_arena(tx), value));
}

static fault *load_row(struct tx *tx, const struct csv *csv, const struct csv_row *row,
		       const int column[COLUMNS])
{
	struct sku_row_keep_in sku;
	str value[COLUMNS];

	for (int i = 0; i < COLUMNS; i++)
		value[i] = column[i] < 0 ? S("") : str_trim(row->field[column[i]]);
	TRY(read_sku(tx, csv, value, &sku));
	TRY(sku_row_keep(tx, &sku));
	TRY(keep_successor(tx, csv, sku.guid, value[SUCCESSOR]));
	return keep_price(tx, csv, sku.guid, value[PRICE]);
}

fault *catalog_load(struct tx *tx, str text, int64_t *loaded)
{
	struct csv csv;
	struct csv_row row;
	int column[COLUMNS];
	size_t width = 0;
	int64_t count = 0;
	bool more;

	TRY(csv_open(tx_arena(tx), text, &csv));
	TRY(read_heading(&csv, column, &width));
	for (;;) {
		TRY(csv_next(&csv, &row, &more));
		if (!more)
			break;
		if (row.count != width)
			return fault_new(
				FAULT_INPUT,
				"Line %lld has %zu fields where the heading has %zu. Look for "
				"a missing quote or comma; nothing was loaded.",
				(long long)csv.line, row.count, width);
		TRY(load_row(tx, &csv, &row, column));
		count++;
	}
	*loaded = count;
	return NULL;
}

/* A service plan and the part numbers of the SKUs it is in. */
static fault *load_plan(struct tx *tx, const struct csv_row *row)
{
	str guid = row->field[0], among = row->field[3], part;

	TRY(sku_plan_keep(tx, guid, row->field[1], row->field[2]));
	while (str_next(&among, '|', &part)) {
		struct skus skus;

		TRY(sku_by_part_number(tx, part, &skus));
		for (size_t i = 0; i < skus.len; i++)
			TRY(sku_plan_put(tx, skus.at[i].guid, guid));
	}
	return NULL;
}

/* The shipped list of what is inside each SKU, unless a list is there. */
static fault *plans_first_load(struct tx *tx)
{
	struct sku_plan_any any;
	struct csv_row row;
	struct csv csv;
	bool found, more;

	TRY(sku_plan_any(tx, &any, &found));
	if (found)
		return NULL;
	TRY(csv_open(tx_arena(tx), service_plans_embedded, &csv));
	TRY(csv_next(&csv, &row, &more)); /* the heading */
	for (;;) {
		TRY(csv_next(&csv, &row, &more));
		if (!more)
			return NULL;
		TRY(load_plan(tx, &row));
	}
}

fault *catalog_first_load(struct tx *tx, int64_t *loaded)
{
	struct sku_row_any any;
	bool found;

	*loaded = 0;
	TRY(sku_row_any(tx, &any, &found));
	if (!found)
		TRY(catalog_load(tx, catalog_embedded, loaded));
	return plans_first_load(tx);
}
