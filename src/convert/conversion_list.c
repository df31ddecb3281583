#include "convert/conversion_list.h"

#include "conversion_list_sql.h"
#include "convert/conversion_row.h"

id conversion_list_whose(const struct asker *by)
{
	return by->role == ROLE_OPERATOR ? ID_NONE : by->account;
}

str conversion_list_like(struct arena *keep, str text)
{
	str words = str_lower(keep, str_trim(text));
	struct text pattern = text_open(keep);

	text_add_char(&pattern, '%');
	for (size_t i = 0; i < words.len; i++) {
		if (words.at[i] == '%' || words.at[i] == '_' || words.at[i] == '\\')
			text_add_char(&pattern, '\\');
		text_add_char(&pattern, words.at[i]);
	}
	text_add_char(&pattern, '%');
	return text_str(&pattern);
}

/* ---- the filter ---- */

static bool is_waits(str word)
{
	enum conversion_waits waits;

	return str_eq(word, S("date")) ||
	       (!str_is_empty(word) && !conversion_row_waits_read(word, &waits));
}

static bool is_state(str word)
{
	enum conversion_state state;

	return !conversion_row_state_read(word, &state);
}

static bool is_step(str word)
{
	enum conversion_step step;

	return !conversion_row_step_read(word, &step);
}

static fault *no_filter(const char *what, str word)
{
	return fault_new(FAULT_INPUT,
			 "Conversions cannot be narrowed by “%.*s”: it is no word for %s.",
			 STR(str_cut(word, 60)), what);
}

/* "1769412345000000-cnv_01h2…" */
static bool mark_read(str mark, instant *since, id *after)
{
	str rest = mark, micros;

	return str_next(&rest, '-', &micros) && str_to_int64(micros, &since->micros) &&
	       id_from_text("cnv", rest, after);
}

fault *conversion_filter_check(const struct conversion_filter *f)
{
	instant since;
	id after;

	if (!str_is_none(f->waits) && !is_waits(f->waits))
		return no_filter("who is waited for", f->waits);
	if (!str_is_none(f->state) && !is_state(f->state))
		return no_filter("a state", f->state);
	if (!str_is_none(f->step) && !is_step(f->step))
		return no_filter("a step", f->step);
	if (!str_is_none(f->batch) && !id_from_text("bat", f->batch, &after))
		return no_filter("a list of tenants", f->batch);
	if (f->text.len > CONVERSION_LIST_TEXT_MOST)
		return fault_new(FAULT_INPUT, "Search for at most %d characters.",
				 CONVERSION_LIST_TEXT_MOST);
	if (!str_is_none(f->after) && !mark_read(f->after, &since, &after))
		return fault_new(FAULT_INPUT,
				 "This page of the list cannot be found. Begin at its first page.");
	return NULL;
}

/* ---- the lines ---- */

static fault *line_read(const struct conversion_list_latest *row, struct conversion_line *line)
{
	*line = (struct conversion_line){
		.c = { .id = row->id,
		       .partner = row->partner,
		       .domain = row->domain,
		       .tenant = row->tenant,
		       .tenant_name = row->tenant_name,
		       .waits_since = row->waits_since,
		       .why = row->why,
		       .next_thing = row->next_thing,
		       .plan_hash = row->plan_hash,
		       .approved_hash = row->approved_hash,
		       .order_id = row->order_id,
		       .door = row->door,
		       .started_at = row->started_at,
		       .ended_at = row->ended_at },
		.partner_name = row->partner_name,
		.since = row->since,
	};
	TRY(conversion_row_state_read(row->state, &line->c.state));
	TRY(conversion_row_step_read(row->step, &line->c.step));
	return conversion_row_waits_read(row->waits_for, &line->c.waits_for);
}

struct question {
	id own;
	bool longest;
	str state, step, waits, text;
	id batch;
	instant since;
	id after;
};

static fault *ask_all(struct tx *tx, const struct question *q,
		      struct conversion_list_latest_list *rows)
{
	if (q->longest)
		return conversion_list_longest(
			tx,
			&(struct conversion_list_longest_in){ q->state, q->step, q->waits, q->text,
							      q->batch, q->since, q->after,
							      CONVERSION_LIST_PAGE + 1 },
			rows);
	return conversion_list_latest(
		tx,
		&(struct conversion_list_latest_in){ q->state, q->step, q->waits, q->text, q->batch,
						     q->since, q->after, CONVERSION_LIST_PAGE + 1 },
		rows);
}

static fault *ask_own(struct tx *tx, const struct question *q,
		      struct conversion_list_latest_list *rows)
{
	if (q->longest)
		return conversion_list_longest_of(tx,
						  &(struct conversion_list_longest_of_in){
							  q->own, q->state, q->step, q->waits,
							  q->text, q->batch, q->since, q->after,
							  CONVERSION_LIST_PAGE + 1 },
						  rows);
	return conversion_list_latest_of(
		tx,
		&(struct conversion_list_latest_of_in){ q->own, q->state, q->step, q->waits,
							q->text, q->batch, q->since, q->after,
							CONVERSION_LIST_PAGE + 1 },
		rows);
}

static struct question question_of(struct arena *keep, const struct asker *by,
				   const struct conversion_filter *f)
{
	struct question q = { .own = conversion_list_whose(by),
			      .longest = !str_is_none(f->waits),
			      .state = f->state,
			      .step = f->step,
			      .waits = f->waits,
			      .text = STR_NONE,
			      .batch = ID_NONE };

	if (!str_is_none(f->batch))
		(void)id_from_text("bat", f->batch, &q.batch); /* was checked */

	if (!str_is_empty(str_trim(f->text)))
		q.text = conversion_list_like(keep, f->text);
	if (!str_is_none(f->after) && mark_read(f->after, &q.since, &q.after))
		return q;
	/* before the first row: no real instant and no real id is there */
	q.since.micros = q.longest ? INT64_MIN + 1 : INT64_MAX;
	q.after.n = q.longest ? 1 : INT64_MAX;
	return q;
}

fault *conversion_list_page(struct tx *tx, const struct asker *by,
			    const struct conversion_filter *filter, struct conversion_lines *lines)
{
	struct arena *a = tx_arena(tx);
	struct conversion_list_latest_list rows;
	struct conversion_lines made = { .next = STR_NONE };

	TRY(conversion_filter_check(filter));

	struct question q = question_of(a, by, filter);

	TRY(id_is_none(q.own) ? ask_all(tx, &q, &rows) : ask_own(tx, &q, &rows));
	made.len = rows.len > CONVERSION_LIST_PAGE ? CONVERSION_LIST_PAGE : rows.len;
	made.at = NEW_ARRAY(a, struct conversion_line, made.len + 1);
	for (size_t i = 0; i < made.len; i++)
		TRY(line_read(&rows.at[i], &made.at[i]));
	if (rows.len > made.len)
		made.next = str_format(a, "%lld-%.*s",
				       (long long)rows.at[made.len - 1].since.micros,
				       STR(id_text(a, "cnv", rows.at[made.len - 1].id)));
	*lines = made;
	return NULL;
}
