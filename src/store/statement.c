#include "store/statement.h"

#include <string.h>

#include "store/tx.h"

struct rows {
	struct tx *tx;
	const struct statement *s;
	struct cursor *cursor;
};

static fault *tx_check(const struct tx *tx, const struct statement *s)
{
	const char *why = !tx->on			       ? "its transaction is over"
			  : tx->failed			       ? "an earlier one failed"
			  : s->writes && tx->how == BEGIN_READ ? "its transaction only reads"
							       : NULL;

	if (!why)
		return NULL;
	return fault_note(fault_new(FAULT_BUG, "The database was asked for what it cannot do."),
			  "%s: %s", s->name, why);
}

/* Both databases refuse the same text, whatever one of them would take. */
static fault *input_check(const struct statement *s, const struct value *in, int i)
{
	if (in->kind != s->ins[i])
		return fault_note(fault_new(FAULT_BUG, "A value has the wrong type."),
				  "%s: input %d", s->name, i + 1);
	if (value_is_none(in))
		return s->nulls_in >> i & 1
			       ? NULL
			       : fault_note(
					 fault_new(FAULT_BUG, "A value that must be there is not."),
					 "%s: input %d is none", s->name, i + 1);
	if (in->kind == VALUE_STR &&
	    (!str_is_utf8(in->text) || memchr(in->text.at, '\0', in->text.len)))
		return fault_note(fault_new(FAULT_INPUT, "A text has characters that cannot be "
							 "kept. Please type it again."),
				  "%s: input %d is not UTF-8 or holds a NUL", s->name, i + 1);
	return NULL;
}

static fault *failed(struct tx *tx, fault *f)
{
	tx->failed |= f != NULL;
	return f;
}

fault *statement_open(struct tx *tx, const struct statement *s, const struct value *ins,
		      struct rows **rows)
{
	struct cursor *cursor = NULL;

	TRY(tx_check(tx, s));
	for (int i = 0; i < s->in_count; i++)
		TRY(input_check(s, &ins[i], i));
	TRY(failed(tx, tx->on->driver->query(tx->on, s, ins, &cursor)));
	*rows = NEW(tx->keep, struct rows);
	**rows = (struct rows){ .tx = tx, .s = s, .cursor = cursor };
	tx->rows_open++;
	return NULL;
}

static fault *column_fault(const struct rows *rows, int i, const char *why)
{
	return fault_note(fault_new(FAULT_BUG, "The database gave an answer nobody expected."),
			  "%s: output %d %s", rows->s->name, i + 1, why);
}

fault *statement_next(struct rows *rows, struct value *outs, bool *more)
{
	const struct driver *driver = rows->tx->on->driver;

	TRY(failed(rows->tx, driver->next(rows->cursor, more)));
	for (int i = 0; *more && i < rows->s->out_count; i++) {
		bool fits = true;

		outs[i].kind = rows->s->outs[i];
		value_set_none(&outs[i]);
		driver->column(rows->cursor, i, rows->tx->keep, &outs[i], &fits);
		if (!fits)
			return column_fault(rows, i, "is NULL or of another type");
		if (value_is_none(&outs[i]) && !(rows->s->nulls_out >> i & 1))
			return column_fault(rows, i, "is NULL");
	}
	return NULL;
}

void statement_end(struct rows **rows)
{
	if (!*rows)
		return;
	(*rows)->tx->on->driver->done((*rows)->cursor);
	(*rows)->tx->rows_open--;
	*rows = NULL;
}

fault *statement_run(struct tx *tx, const struct statement *s, const struct value *ins,
		     int64_t *changed)
{
	DEFER(statement_end) struct rows *rows = NULL;
	bool more = true;

	TRY(statement_open(tx, s, ins, &rows));
	while (more)
		TRY(failed(tx, tx->on->driver->next(rows->cursor, &more)));
	if (changed)
		*changed = tx->on->driver->changed(rows->cursor);
	return NULL;
}

fault *statement_one(struct tx *tx, const struct statement *s, const struct value *ins,
		     struct value *outs, bool *found)
{
	DEFER(statement_end) struct rows *rows = NULL;
	bool first, second = false;

	TRY(statement_open(tx, s, ins, &rows));
	TRY(statement_next(rows, outs, &first));
	if (first) /* also finishes a statement that changes and returns */
		TRY(failed(tx, tx->on->driver->next(rows->cursor, &second)));
	if (second)
		return fault_note(fault_new(FAULT_BUG, "The database gave two answers where one "
						       "was expected."),
				  "%s", s->name);
	*found = first;
	return NULL;
}

void *statement_room(struct tx *tx, void *at, size_t len, size_t size)
{
	/* Doubles at 8, 16, 32…: those are the lengths that are powers of two. */
	if (len && (len < 8 || (len & (len - 1))))
		return at;
	void *larger = arena_take(tx->keep, len ? len * 2 : 8, size, _Alignof(max_align_t));
	if (len)
		memcpy(larger, at, len * size);
	return larger;
}
