#include <string.h>

#include "market/csv.h"

fault *csv_open(struct arena *arena, str text, struct csv *csv)
{
	if (text.len > CSV_MOST_BYTES)
		return fault_new(FAULT_INPUT,
				 "The file is larger than %d MiB. Split it and bring the parts one "
				 "after the other.",
				 CSV_MOST_BYTES >> 20);
	if (str_starts(text, S("\xef\xbb\xbf")))
		text = str_part(text, 3, text.len);

	*csv = (struct csv){ .rest = text, .next_line = 1, .separator = ',', .arena = arena };
	return NULL;
}

void csv_guess_separator(struct csv *csv)
{
	bool quoted = false;

	for (size_t i = 0; i < csv->rest.len; i++) {
		char c = csv->rest.at[i];

		if (c == '"')
			quoted = !quoted;
		else if (c == '\n' && !quoted)
			return;
		else if (!quoted && (c == ',' || c == ';' || c == '\t')) {
			csv->separator = c;
			return;
		}
	}
}

static bool take(struct csv *csv, char wanted)
{
	if (csv->rest.len == 0 || csv->rest.at[0] != wanted)
		return false;
	csv->rest = str_part(csv->rest, 1, csv->rest.len);
	return true;
}

/* A line ends with LF, CRLF, or the end of the text. */
static bool take_line_end(struct csv *csv)
{
	if (csv->rest.len == 0)
		return true;
	if (str_starts(csv->rest, S("\r\n")))
		(void)take(csv, '\r');
	if (!take(csv, '\n'))
		return false;
	csv->next_line++;
	return true;
}

static fault *wrong(int64_t line, const char *what)
{
	return fault_new(FAULT_INPUT, "Line %lld: %s", (long long)line, what);
}

/* After the opening quote; "" stands for one. */
static fault *read_quoted(struct csv *csv, str *field)
{
	struct text text = text_open(csv->arena);

	for (;;) {
		const char *quote = memchr(csv->rest.at, '"', csv->rest.len);
		if (!quote)
			return wrong(csv->line, "a quote is opened and never closed. Close it.");

		str piece = str_part(csv->rest, 0, (size_t)(quote - csv->rest.at));
		for (size_t i = 0; i < piece.len; i++)
			csv->next_line += piece.at[i] == '\n';
		if (text.len + piece.len > CSV_MOST_FIELD)
			return wrong(csv->line, "a field is longer than 4096 bytes. Shorten it, or "
						"look for a missing quote.");
		text_add(&text, piece);
		csv->rest = str_part(csv->rest, piece.len + 1, csv->rest.len);
		if (!take(csv, '"'))
			break;
		text_add_char(&text, '"');
	}
	*field = text_str(&text);
	return NULL;
}

static fault *read_plain(struct csv *csv, str *field)
{
	size_t len = 0;

	while (len < csv->rest.len && csv->rest.at[len] != csv->separator &&
	       csv->rest.at[len] != '\n' && csv->rest.at[len] != '"' &&
	       !str_starts(str_part(csv->rest, len, 2), S("\r\n")))
		len++;
	if (len < csv->rest.len && csv->rest.at[len] == '"')
		return wrong(csv->line,
			     "a quote stands inside a field that does not begin with one. "
			     "Put the whole field in quotes and double the one inside.");
	if (len > CSV_MOST_FIELD)
		return wrong(csv->line, "a field is longer than 4096 bytes. Shorten it.");
	*field = str_part(csv->rest, 0, len);
	csv->rest = str_part(csv->rest, len, csv->rest.len);
	return NULL;
}

static fault *read_field(struct csv *csv, str *field)
{
	if (take(csv, '"'))
		TRY(read_quoted(csv, field));
	else
		TRY(read_plain(csv, field));
	if (!str_is_utf8(*field) || (field->len && memchr(field->at, '\0', field->len)))
		return wrong(csv->line,
			     "a field is not UTF-8 text. Save the file as CSV in UTF-8.");
	return NULL;
}

fault *csv_next(struct csv *csv, struct csv_row *row, bool *more)
{
	*more = false;
	while (csv->rest.len > 0 && memchr("\r\n", csv->rest.at[0], 2) && take_line_end(csv))
		continue;
	if (csv->rest.len == 0)
		return NULL;

	csv->line = csv->next_line;
	row->count = 0;
	do {
		if (row->count == CSV_MOST_COLUMNS)
			return wrong(csv->line,
				     "there are more than 64 columns. Is this the right file?");
		TRY(read_field(csv, &row->field[row->count++]));
	} while (take(csv, csv->separator));

	if (!take_line_end(csv))
		return wrong(csv->line,
			     "something follows a closing quote. A separator or the end of "
			     "the line must stand there.");
	*more = true;
	return NULL;
}

int csv_column(const struct csv_row *heading, const char *name)
{
	for (size_t i = 0; i < heading->count; i++)
		if (str_eq_nocase(str_trim(heading->field[i]), str_of(name)))
			return (int)i;
	return -1;
}
