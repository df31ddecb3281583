/* Files that an operator imports: rows come out within their bounds, or a sentence does, and the
 * published list is read or refused as a whole. */
#include "fuzz.h"
#include "market/csv.h"
#include "market/published.h"

static void check_rows(struct arena *a, str text)
{
	struct csv csv;
	struct csv_row row;
	bool more = true;
	int64_t line = 0;

	if (csv_open(a, text, &csv))
		return;
	while (!csv_next(&csv, &row, &more) && more) {
		HOLDS(csv.line > line && row.count >= 1 && row.count <= CSV_MOST_COLUMNS);
		line = csv.line;
		for (size_t i = 0; i < row.count; i++)
			HOLDS(row.field[i].len <= CSV_MOST_FIELD && str_is_utf8(row.field[i]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	struct published list;

	check_rows(a, fuzz_input(at, len));
	if (published_read(a, fuzz_input(at, len), &list))
		return 0;
	HOLDS(list.len > 0);
	for (size_t i = 0; i < list.len; i++)
		HOLDS(str_is_guid(list.at[i].guid) && !str_is_empty(list.at[i].part_number));
	return 0;
}
