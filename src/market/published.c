#include <stddef.h>
#include <string.h>

#include "market/csv.h"
#include "market/published.h"

enum column { NAME, PART_NUMBER, GUID, PLAN_NAME, PLAN_GUID, PLAN_FRIENDLY, COLUMNS };

static const char *const headings[COLUMNS] = {
	[NAME] = "Product_Display_Name",
	[PART_NUMBER] = "String_Id",
	[GUID] = "GUID",
	[PLAN_NAME] = "Service_Plan_Name",
	[PLAN_GUID] = "Service_Plan_Id",
	[PLAN_FRIENDLY] = "Service_Plans_Included_Friendly_Names",
};

/* Doubles an array that is full. */
static void *grown(struct arena *arena, void *at, size_t len, size_t *room, size_t size)
{
	if (len < *room)
		return at;

	size_t more = *room ? *room * 2 : 64;
	char *made = arena_take(arena, more, size, _Alignof(max_align_t));

	if (len)
		memcpy(made, at, len * size);
	*room = more;
	return made;
}

void published_odd(struct published *list, int64_t line, const char *said, ...)
{
	va_list args;

	list->odd = grown(list->arena, list->odd, list->odd_len, &list->odd_room,
			  sizeof *list->odd);
	va_start(args, said);
	list->odd[list->odd_len++] = (struct sku_import_odd){
		.line = line, .said = str_vformat(list->arena, said, args)
	};
	va_end(args);
}

static fault *read_heading(struct csv *csv, int column[COLUMNS], size_t *width)
{
	struct csv_row row;
	bool more;

	TRY(csv_next(csv, &row, &more));
	if (!more)
		return fault_new(FAULT_INPUT,
				 "The file is empty. Download Microsoft's list \"Product "
				 "names and service plan identifiers\" again.");
	for (int i = 0; i < COLUMNS; i++) {
		column[i] = csv_column(&row, headings[i]);
		if (column[i] < 0)
			return fault_new(FAULT_INPUT,
					 "Line %lld: the heading has no column %s. This must be "
					 "Microsoft's list \"Product names and service plan "
					 "identifiers\" with its first line; nothing was imported.",
					 (long long)csv->line, headings[i]);
	}
	*width = row.count;
	return NULL;
}

/* A value without what stands around it; says so when something did. */
static str clean(struct published *list, int64_t line, const char *heading, str raw)
{
	str trimmed = str_trim(raw);

	if (trimmed.len != raw.len)
		published_odd(list, line, "%s has blanks around it", heading);
	return trimmed;
}

static fault *read_guid(struct published *list, int64_t line, const char *heading, str raw,
			str *guid)
{
	str trimmed = clean(list, line, heading, raw);

	if (!str_is_guid(trimmed))
		return fault_new(FAULT_INPUT,
				 "Line %lld: %s is \"%.*s\", which is not a GUID. Correct the line "
				 "or leave it out; nothing was imported.",
				 (long long)line, heading, STR(str_cut(raw, 60)));
	*guid = str_lower(list->arena, trimmed);
	return NULL;
}

static fault *read_name(struct published *list, int64_t line, const char *heading, str raw,
			str *name)
{
	*name = clean(list, line, heading, raw);
	if (str_is_empty(*name))
		return fault_new(
			FAULT_INPUT,
			"Line %lld: %s is empty. Correct the line or leave it out; nothing "
			"was imported.",
			(long long)line, heading);
	return NULL;
}

static fault *read_entry(struct published *list, int64_t line, const struct csv_row *row,
			 const int column[COLUMNS])
{
	struct published_row e = { .line = line };
	str value[COLUMNS];

	for (int i = 0; i < COLUMNS; i++)
		value[i] = row->field[column[i]];
	TRY(read_name(list, line, headings[NAME], value[NAME], &e.name));
	TRY(read_name(list, line, headings[PART_NUMBER], value[PART_NUMBER], &e.part_number));
	TRY(read_guid(list, line, headings[GUID], value[GUID], &e.guid));
	TRY(read_name(list, line, headings[PLAN_NAME], value[PLAN_NAME], &e.plan_name));
	TRY(read_guid(list, line, headings[PLAN_GUID], value[PLAN_GUID], &e.plan_guid));
	e.plan_friendly = str_trim(value[PLAN_FRIENDLY]);
	if (str_find(e.part_number, S(" ")) >= 0)
		published_odd(list, line, "%s \"%.*s\" has a blank inside", headings[PART_NUMBER],
			      STR(e.part_number));

	list->at = grown(list->arena, list->at, list->len, &list->room, sizeof *list->at);
	list->at[list->len++] = e;
	return NULL;
}

fault *published_read(struct arena *arena, str text, struct published *made)
{
	struct published list = { .arena = arena };
	struct csv csv;
	struct csv_row row;
	int column[COLUMNS];
	size_t width = 0;
	bool more;

	TRY(csv_open(list.arena, text, &csv));
	TRY(read_heading(&csv, column, &width));
	for (;;) {
		TRY(csv_next(&csv, &row, &more));
		if (!more)
			break;
		if (row.count != width)
			return fault_new(
				FAULT_INPUT,
				"Line %lld has %zu fields where the heading has %zu. Look for "
				"a missing quote or comma; nothing was imported.",
				(long long)csv.line, row.count, width);
		TRY(read_entry(&list, csv.line, &row, column));
	}
	if (list.len == 0)
		return fault_new(FAULT_INPUT, "The file has a heading and no rows. Download "
					      "Microsoft's list again; nothing was imported.");
	*made = list;
	return NULL;
}
