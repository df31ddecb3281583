#include "convert/batch.h"

#include "batch_sql.h"
#include "convert/conversion_list.h"
#include "convert/conversion_row.h"
#include "convert/digest.h"
#include "market/csv.h"
#include "people/audit.h"

str batch_outcome_word(enum batch_outcome outcome)
{
	static const char *const words[] = {
#define X(name, word) [name] = word,
		BATCH_OUTCOMES(X)
#undef X
	};
	return str_of(words[outcome]);
}

/* ---- reading the file ---- */

struct columns {
	int domain, administrator; /* -1: there is none */
};

/* Whether the first row is a heading, and where it says that things are. */
static bool is_heading(const struct csv_row *row, struct columns *columns)
{
	int domain = csv_column(row, "domain");

	if (domain < 0)
		return false;
	*columns = (struct columns){ domain, csv_column(row, "administrator") };
	return true;
}

static str field(const struct csv_row *row, int column)
{
	return column < 0 || (size_t)column >= row->count ? S("") : str_trim(row->field[column]);
}

/* A row of separators only, as spreadsheets leave at the end. */
static bool is_blank(const struct csv_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (str_trim(row->field[i]).len)
			return false;
	return true;
}

static fault *too_many(void)
{
	return fault_new(FAULT_INPUT,
			 "There are more than %d tenants. Hand them in as several lists.",
			 BATCH_LINES_MOST);
}

static fault *lines_read(struct arena *keep, str text, struct batch_lines *lines)
{
	struct csv_row *row = NEW(keep, struct csv_row);
	struct columns columns = { 0, 1 };
	struct csv csv;
	bool more, first = true;

	*lines = (struct batch_lines){ .len = 0 };
	TRY(csv_open(keep, text, &csv));
	csv_guess_separator(&csv);
	for (;; first = false) {
		TRY(csv_next(&csv, row, &more));
		if (!more)
			return NULL;
		if (is_blank(row) || (first && is_heading(row, &columns)))
			continue;
		if (lines->len == BATCH_LINES_MOST)
			return too_many();
		lines->at = arena_grown(keep, lines->at, lines->len, sizeof *lines->at);
		lines->at[lines->len++] = (struct batch_line){
			.line = csv.line,
			.domain = field(row, columns.domain),
			.administrator = field(row, columns.administrator),
		};
	}
}

static str lines_hash(struct arena *keep, const struct batch_lines *lines)
{
	struct text text = text_open(keep);

	for (size_t i = 0; i < lines->len; i++)
		text_format(&text, "%.*s\t%.*s\n", STR(str_lower(keep, lines->at[i].domain)),
			    STR(lines->at[i].administrator));
	return digest_sha256(keep, text_str(&text));
}

/* ---- keeping it ---- */

static str name_of(struct tx *tx, str typed, const struct batch_lines *lines)
{
	str name = str_cut(str_trim(typed), BATCH_NAME_MOST);

	if (name.len)
		return name;
	return str_format(tx_arena(tx), "%zu tenants of %.*s", lines->len,
			  STR(day_for_people(tx_arena(tx), instant_day(tx_now(tx)))));
}

static fault *keep_lines(struct tx *tx, const struct asker *by, id batch,
			 const struct batch_lines *lines)
{
	for (size_t i = 0; i < lines->len; i++) {
		const struct batch_line *l = &lines->at[i];

		TRY(batch_line_insert(tx, batch, l->line, str_cut(l->domain, 300),
				      str_cut(l->administrator, 300)));
	}
	return audit_keep(tx, &(struct audit_entry){ .who = by->account,
						     .did = "batch.hand-in",
						     .about = id_text(tx_arena(tx), "bat", batch),
						     .from = by->from });
}

fault *batch_keep(struct tx *tx, const struct asker *by, str name, str csv, struct batch *kept)
{
	struct arena *a = tx_arena(tx);
	struct batch_by_lines row = { .id = tx_new_id(tx) };
	struct batch_lines lines;
	int64_t inserted;
	bool found;
	str hash;

	TRY(lines_read(a, csv, &lines));
	if (lines.len == 0)
		return fault_new(FAULT_INPUT,
				 "There is no tenant in this list. Write one a line: the domain, "
				 "a comma, the administrator's e-mail address.");
	hash = lines_hash(a, &lines);
	TRY(batch_insert(tx,
			 &(struct batch_insert_in){ row.id, by->account, name_of(tx, name, &lines),
						    tx_now(tx), hash },
			 &inserted));
	if (inserted)
		TRY(keep_lines(tx, by, row.id, &lines));
	else
		TRY(batch_by_lines(tx, by->account, hash, &row, &found));
	return batch_get(tx, by, row.id, kept);
}

/* ---- beginning its lines ---- */

static fault *set(struct tx *tx, id batch, int64_t line, id conversion, enum batch_outcome outcome,
		  str said)
{
	return batch_line_set(tx, &(struct batch_line_set_in){ batch, line, conversion,
							       batch_outcome_word(outcome), said });
}

/* What stands in the way of a line is a sentence in the report, unless it is ours to mend. */
static bool is_about_the_line(const fault *f)
{
	return f->kind == FAULT_INPUT || f->kind == FAULT_CONFLICT;
}

static fault *begin_line(struct tx *tx, const struct asker *by, id batch,
			 const struct batch_line_open *l)
{
	struct conversion c;
	bool found = false;
	fault *refused = conversion_start(tx, by, l->domain, l->administrator, &c);

	if (!refused) {
		TRY(set(tx, batch, l->line, c.id, BATCH_STARTED, S("Started.")));
		return conversion_look_now(tx, c.id); /* its turn is the batch's from now on */
	}
	if (!is_about_the_line(refused))
		return refused;

	str said = str_copy(tx_arena(tx), str_of(refused->said));

	if (refused->kind == FAULT_CONFLICT)
		TRY(conversion_of_domain(tx, by, l->domain, &c, &found));
	if (found && !conversion_ended(c.state))
		return set(tx, batch, l->line, c.id, BATCH_ALREADY,
			   S("It is being converted already; nothing more was started."));
	return set(tx, batch, l->line, ID_NONE, BATCH_REFUSED, said);
}

fault *batch_go_on(struct tx *tx, const struct asker *by, id batch, bool *left)
{
	struct batch_line_open_list open;
	struct batch got;

	TRY(batch_get(tx, by, batch, &got));
	if (!id_eq(got.partner, by->account))
		return fault_new(FAULT_CONFLICT, "Only the partner who handed this list in can go "
						 "on with it: its conversions are theirs.");
	TRY(batch_line_open(tx, batch, BATCH_AT_ONCE + 1, &open));
	*left = open.len > BATCH_AT_ONCE;
	for (size_t i = 0; i < open.len && i < BATCH_AT_ONCE; i++)
		TRY(begin_line(tx, by, batch, &open.at[i]));
	return NULL;
}

struct taking {
	const struct asker *by;
	str name, csv;
	struct batch *batch;
	bool left;
};

static fault *keep_body(struct tx *tx, void *with)
{
	struct taking *t = with;

	return batch_keep(tx, t->by, t->name, t->csv, t->batch);
}

static fault *go_on_body(struct tx *tx, void *with)
{
	struct taking *t = with;

	TRY(batch_go_on(tx, t->by, t->batch->id, &t->left));
	return batch_get(tx, t->by, t->batch->id, t->batch);
}

fault *batch_take(struct store *store, struct arena *keep, const struct asker *by, str name,
		  str csv, struct batch *taken)
{
	struct taking t = { by, name, csv, taken, true };

	TRY(store_run(store, STORE_WRITE, keep, "keep a batch", keep_body, &t));
	while (t.left)
		TRY(store_run(store, STORE_WRITE, keep, "begin a batch", go_on_body, &t));
	return NULL;
}

/* ---- looking at it ---- */

static struct batch batch_read(const struct batch_by_id *row)
{
	return (struct batch){
		.id = row->id,
		.partner = row->partner,
		.name = row->name,
		.made_at = row->made_at,
		.lines = row->lines,
		.of = { [BATCH_OPEN] = row->lines - row->started - row->already - row->refused,
			[BATCH_STARTED] = row->started,
			[BATCH_ALREADY] = row->already,
			[BATCH_REFUSED] = row->refused },
	};
}

fault *batch_get(struct tx *tx, const struct asker *by, id batch, struct batch *got)
{
	id own = conversion_list_whose(by);
	struct batch_by_id row;
	bool found;

	TRY(batch_by_id(tx, batch, &row, &found));
	if (!found || (!id_is_none(own) && !id_eq(own, row.partner)))
		return fault_new(FAULT_MISSING, "There is no such list of tenants.");
	*got = batch_read(&row);
	return NULL;
}

fault *batch_may_see(struct tx *tx, const struct asker *by, id batch)
{
	struct batch got;

	return batch_get(tx, by, batch, &got);
}

static fault *outcome_read(str word, enum batch_outcome *outcome)
{
	for (enum batch_outcome o = 0; o < BATCH_OUTCOME_COUNT; o++)
		if (str_eq(word, batch_outcome_word(o))) {
			*outcome = o;
			return NULL;
		}
	return fault_new(FAULT_BUG, "The database holds an unknown outcome “%.*s”.", STR(word));
}

fault *batch_lines_of(struct tx *tx, const struct asker *by, id batch, enum batch_outcome outcome,
		      int64_t most, struct batch_lines *lines)
{
	str word = outcome == BATCH_OUTCOME_COUNT ? STR_NONE : batch_outcome_word(outcome);
	struct batch_report_list rows;

	TRY(batch_may_see(tx, by, batch));
	TRY(batch_report(tx, batch, word, most, &rows));
	lines->len = rows.len;
	lines->at = NEW_ARRAY(tx_arena(tx), struct batch_line, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++) {
		const struct batch_report *row = &rows.at[i];

		lines->at[i] = (struct batch_line){ .line = row->line,
						    .domain = row->domain,
						    .administrator = row->administrator,
						    .conversion = row->conversion,
						    .said = row->said,
						    .state = row->state,
						    .step = row->step };
		TRY(outcome_read(row->outcome, &lines->at[i].outcome));
	}
	return NULL;
}

fault *batch_newest(struct tx *tx, const struct asker *by, struct batch_list *list)
{
	id own = conversion_list_whose(by);
	struct batch_by_id_list rows;

	if (id_is_none(own))
		TRY(batch_newest_of_all(tx, &rows));
	else
		TRY(batch_newest_of(tx, own, &rows));
	list->len = rows.len;
	list->at = NEW_ARRAY(tx_arena(tx), struct batch, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++)
		list->at[i] = batch_read(&rows.at[i]);
	return NULL;
}
