/* Comma-separated values as RFC 4180 has them, read from memory row by row.
 *
 * Lines end with CRLF or LF, a byte order mark at the start is passed over, a quoted field may
 * hold commas, quotes ("" is one) and line breaks.  Everything is bounded: what is larger, a
 * quote that never ends and bytes that are not UTF-8 are faults that name the line. */
#pragma once

#include "base/base.h"

enum {
	CSV_MOST_BYTES = 16 << 20,
	CSV_MOST_FIELD = 4096,
	CSV_MOST_COLUMNS = 64,
};

struct csv {
	str rest;
	int64_t line; /* of the row that csv_next gave last, counted from 1 */
	int64_t next_line;
	char separator; /* a comma, unless csv_guess_separator found another */
	struct arena *arena;
};

struct csv_row {
	str field[CSV_MOST_COLUMNS];
	size_t count;
};

/* FAULT_INPUT when the text is too large or not UTF-8.  Fields may point into `text`. */
MUST_USE fault *csv_open(struct arena *arena, str text, struct csv *csv);

/* For files that people made: spreadsheets write semicolons where a comma is the decimal sign, and
 * what is copied out of one has tabs.  What comes first on the first line, outside quotes, it is.
 */
void csv_guess_separator(struct csv *csv);

/* Empty lines are passed over; *more is false after the last row. */
MUST_USE fault *csv_next(struct csv *csv, struct csv_row *row, bool *more);

/* The position of the column with this heading (any case, trimmed), or -1. */
int csv_column(const struct csv_row *heading, const char *name);
