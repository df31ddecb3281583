#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "market/sku_import.h"

#include "market/published.h"
#include "market/sku.h"
#include "sku_sql.h"

static int by_line(const struct published_row *a, const struct published_row *b)
{
	return a->line < b->line ? -1 : a->line > b->line;
}

static int by_guid(const void *left, const void *right)
{
	const struct published_row *a = *(struct published_row *const *)left,
				   *b = *(struct published_row *const *)right;
	int order = str_compare(a->guid, b->guid);

	return order ? order : by_line(a, b);
}

static int by_plan(const void *left, const void *right)
{
	const struct published_row *a = *(struct published_row *const *)left,
				   *b = *(struct published_row *const *)right;
	int order = str_compare(a->plan_guid, b->plan_guid);

	return order ? order : by_line(a, b);
}

static int by_part_number(const void *left, const void *right)
{
	const struct published_row *a = *(struct published_row *const *)left,
				   *b = *(struct published_row *const *)right;
	int order = str_compare(a->part_number, b->part_number);

	return order ? order : by_line(a, b);
}

static int by_name(const void *left, const void *right)
{
	const struct published_row *a = *(struct published_row *const *)left,
				   *b = *(struct published_row *const *)right;
	int order = str_compare(a->name, b->name);

	return order ? order : by_line(a, b);
}

static struct published_row **sorted(struct arena *arena, struct published_row **from, size_t count,
				     int (*order)(const void *, const void *))
{
	struct published_row **made = NEW_ARRAY(arena, struct published_row *, count);

	memcpy(made, from, count * sizeof(struct published_row *));
	qsort(made, count, sizeof(struct published_row *), order);
	return made;
}

/* Two SKUs that share what only one should have. */
static void note_shared(struct published *list, struct published_row **skus, size_t count,
			bool names)
{
	struct published_row **at = sorted(list->arena, skus, count,
					   names ? by_name : by_part_number);

	for (size_t i = 1; i < count; i++) {
		str a = names ? at[i - 1]->name : at[i - 1]->part_number;
		str b = names ? at[i]->name : at[i]->part_number;

		if (str_eq(a, b))
			published_odd(list, at[i]->line, "the %s \"%.*s\" also belongs to %.*s",
				      names ? "name" : "part number", STR(b), STR(at[i - 1]->guid));
	}
}

static bool names_has(str names, str name)
{
	str line;

	while (str_next(&names, '\n', &line))
		if (str_eq(line, name))
			return true;
	return false;
}

static str names_with(struct arena *keep, str names, str name)
{
	if (str_is_empty(name) || names_has(names, name))
		return names;
	return str_is_empty(names) ? name : str_format(keep, "%.*s\n%.*s", STR(names), STR(name));
}

/* How many of the rows, from the first on, are of the same SKU. */
static size_t group(struct published_row **rows, size_t left)
{
	size_t many = 1;

	while (many < left && str_eq(rows[many]->guid, rows[0]->guid))
		many++;
	return many;
}

/* The other names a group of rows gives its SKU. */
static str other_names(struct published *list, struct published_row **rows, size_t count)
{
	str names = S("");

	for (size_t i = 1; i < count; i++) {
		if (!str_eq(rows[i]->part_number, rows[0]->part_number))
			published_odd(list, rows[i]->line,
				      "%.*s had the part number \"%.*s\" before",
				      STR(rows[i]->guid), STR(rows[0]->part_number));
		if (str_eq(rows[i]->name, rows[0]->name) || names_has(names, rows[i]->name))
			continue;
		published_odd(list, rows[i]->line, "%.*s had the name \"%.*s\" before",
			      STR(rows[i]->guid), STR(rows[0]->name));
		names = names_with(list->arena, names, rows[i]->name);
	}
	return names;
}

static fault *keep_sku(struct tx *tx, const struct published_row *first, str names)
{
	struct arena *arena = tx_arena(tx);
	struct sku known = { .other_names = S(""), .note = STR_NONE };
	bool found;
	str name;

	TRY(sku_find(tx, first->guid, &known, &found));
	str others = known.other_names;
	if (found && !str_eq(known.name, first->name))
		others = names_with(arena, others, known.name);
	while (str_next(&names, '\n', &name))
		others = names_with(arena, others, name);

	if (found && str_eq(known.name, first->name) && str_eq(others, known.other_names) &&
	    str_eq(known.part_number, first->part_number))
		return NULL;
	return sku_row_keep(tx, &(struct sku_row_keep_in){
					.guid = first->guid,
					.part_number = first->part_number,
					.name = first->name,
					.other_names = others,
					.note = known.note,
					.free = known.free,
					.retired = known.retired,
				});
}

static bool plan_among(const struct sku_plans *plans, str guid)
{
	for (size_t i = 0; i < plans->len; i++)
		if (str_eq(plans->at[i].guid, guid))
			return true;
	return false;
}

/* The SKU's service plans become those of the file. */
static fault *keep_plans(struct tx *tx, struct published_row **rows, size_t count)
{
	struct sku_plans known;
	size_t same = 0;

	TRY(sku_plans(tx, rows[0]->guid, &known));
	for (size_t i = 0; i < count; i++)
		same += plan_among(&known, rows[i]->plan_guid);
	if (same == count && known.len == count)
		return NULL;
	if (known.len > 0)
		TRY(sku_plan_drop(tx, rows[0]->guid));
	for (size_t i = 0; i < count; i++)
		TRY(sku_plan_put(tx, rows[0]->guid, rows[i]->plan_guid));
	return NULL;
}

static fault *keep_service_plans(struct tx *tx, struct published_row **rows, size_t count,
				 int64_t *plans)
{
	for (size_t i = 0; i < count; i++) {
		const struct published_row *e = rows[i];

		if (i > 0 && str_eq(e->plan_guid, rows[i - 1]->plan_guid))
			continue;
		TRY(sku_plan_keep(tx, e->plan_guid, e->plan_name, e->plan_friendly));
		++*plans;
	}
	return NULL;
}

static fault *keep_skus(struct tx *tx, struct published *list, struct published_row **by_sku,
			int64_t *skus)
{
	struct published_row **first = NEW_ARRAY(list->arena, struct published_row *, list->len);
	size_t count = 0;

	for (size_t i = 0, many; i < list->len; i += many) {
		struct published_row **rows = by_sku + i;

		many = group(rows, list->len - i);
		first[count++] = rows[0];
		TRY(keep_sku(tx, rows[0], other_names(list, rows, many)));
		TRY(keep_plans(tx, rows, many));
	}
	note_shared(list, first, count, true);
	note_shared(list, first, count, false);
	*skus = (int64_t)count;
	return NULL;
}

static int odd_order(const void *left, const void *right)
{
	const struct sku_import_odd *a = left, *b = right;

	return a->line < b->line ? -1 : a->line > b->line;
}

fault *sku_import(struct tx *tx, str csv, struct sku_import *report)
{
	struct published list;
	struct sku_import made = { 0 };

	TRY(published_read(tx_arena(tx), csv, &list));
	struct published_row **all = NEW_ARRAY(list.arena, struct published_row *, list.len);
	for (size_t i = 0; i < list.len; i++)
		all[i] = &list.at[i];

	TRY(keep_service_plans(tx, sorted(list.arena, all, list.len, by_plan), list.len,
			       &made.plans));
	TRY(keep_skus(tx, &list, sorted(list.arena, all, list.len, by_guid), &made.skus));

	if (list.odd_len)
		qsort(list.odd, list.odd_len, sizeof *list.odd, odd_order);
	made.rows = (int64_t)list.len;
	made.odd = list.odd;
	made.odd_count = list.odd_len;
	*report = made;
	return NULL;
}
