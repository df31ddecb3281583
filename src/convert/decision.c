#include "convert/decision.h"

#include "convert/conversion_row.h"
#include "convert/digest.h"
#include "decision_sql.h"

#define NEXT_THING "Answer the question on the conversion's page, or stop."

static const struct {
	enum decision_kind kind;
	const char *kind_word;
	struct decision_option option;
} answers[] = {
#define X(kind, kind_word, word, label, means) { kind, kind_word, { word, label, means } },
	DECISION_ANSWERS(X)
#undef X
};

str decision_kind_word(enum decision_kind kind)
{
	for (size_t i = 0; i < COUNT(answers); i++)
		if (answers[i].kind == kind)
			return str_of(answers[i].kind_word);
	return S("");
}

static fault *kind_read(str word, enum decision_kind *kind)
{
	for (size_t i = 0; i < COUNT(answers); i++) {
		if (str_eq(word, str_of(answers[i].kind_word))) {
			*kind = answers[i].kind;
			return NULL;
		}
	}
	return fault_new(FAULT_BUG, "The database holds an unknown kind of question “%.*s”.",
			 STR(word));
}

/* Whether `word` is one of those between blanks. */
static bool has_word(str words, str word)
{
	while (!str_is_empty(words)) {
		ptrdiff_t end = str_find(words, S(" "));
		str one = end < 0 ? words : str_part(words, 0, (size_t)end);

		if (str_eq(one, word))
			return true;
		words = end < 0 ? S("") : str_part(words, (size_t)end + 1, words.len);
	}
	return false;
}

static str all_words(struct arena *keep, enum decision_kind kind)
{
	struct text words = text_open(keep);
	size_t count = 0;

	for (size_t i = 0; i < COUNT(answers); i++)
		if (answers[i].kind == kind)
			text_format(&words, "%s%s", count++ ? " " : "", answers[i].option.word);
	return text_str(&words);
}

static void options_read(struct decision *d, str words)
{
	for (size_t i = 0; i < COUNT(answers); i++)
		if (answers[i].kind == d->kind && has_word(words, str_of(answers[i].option.word)) &&
		    d->options.len < COUNT(d->options.at))
			d->options.at[d->options.len++] = &answers[i].option;
}

static str key_of(struct arena *keep, enum decision_kind kind, str about)
{
	return digest_key(
		keep, str_format(keep, "%.*s\n%.*s", STR(decision_kind_word(kind)), STR(about)));
}

fault *decision_answer(struct run *run, enum decision_kind kind, str about, str *answer)
{
	DEFER(tx_end) struct tx *own = NULL;
	struct decision_by_key row;
	bool found;

	if (!run->tx)
		TRY(tx_begin(run->job->store, STORE_READ, run->arena, &own));
	TRY(decision_by_key(own ? own : run->tx, run->c.id, key_of(run->arena, kind, about), &row,
			    &found));
	*answer = found ? row.answer : STR_NONE;
	return NULL;
}

fault *decision_ask(struct run *run, enum decision_kind kind, str about, str question,
		    const char *options, struct outcome *out)
{
	str key = key_of(run->arena, kind, about);

	TRY(run_begin(run));
	TRY(decision_forget_others(run->tx, run->c.id, key));
	TRY(decision_put(run->tx,
			 &(struct decision_put_in){
				 .conversion = run->c.id,
				 .key = key,
				 .kind = decision_kind_word(kind),
				 .about = about,
				 .question = question,
				 .options = options ? str_of(options) : all_words(run->arena, kind),
				 .at = tx_now(run->tx) }));
	return step_wait(out, WAITS_PARTNER, question, S(NEXT_THING));
}

static fault *not_taken(const struct decision_by_key *row, str answer)
{
	if (str_eq(row->answer, answer))
		return NULL;
	return fault_new(FAULT_CONFLICT, "This question was answered already, with “%.*s”.",
			 STR(row->answer));
}

static fault *label_of(enum decision_kind kind, str options, str answer, str *label)
{
	struct decision d = { .kind = kind };

	options_read(&d, options);
	for (size_t i = 0; i < d.options.len; i++) {
		if (str_eq(str_of(d.options.at[i]->word), answer)) {
			*label = str_of(d.options.at[i]->label);
			return NULL;
		}
	}
	return fault_new(FAULT_INPUT, "“%.*s” is no answer to this question; it takes: %.*s.",
			 STR(str_cut(answer, 40)), STR(options));
}

fault *decision_take(struct tx *tx, const struct asker *by, id conversion, str key, str answer)
{
	struct decision_by_key row;
	enum decision_kind kind;
	struct conversion c;
	int64_t changed;
	bool found = false;
	str label, name;

	TRY(conversion_get(tx, by, conversion, &c));
	if (!str_is_none(key))
		TRY(decision_by_key(tx, conversion, key, &row, &found));
	if (!found)
		return fault_new(FAULT_MISSING,
				 "This question is not asked any more: the facts have changed. "
				 "Look at the page as it is now.");
	TRY(kind_read(row.kind, &kind));
	TRY(label_of(kind, row.options, answer, &label));
	TRY(decision_set_answer(tx,
				&(struct decision_set_answer_in){ .conversion = conversion,
								  .key = key,
								  .answer = answer,
								  .by = by->account,
								  .at = tx_now(tx) },
				&changed));
	if (changed == 0)
		return not_taken(&row, answer);
	TRY(conversion_asker_name(tx, by, &name));
	TRY(conversion_say(tx, &c, name,
			   str_format(tx_arena(tx), "Answered “%.*s” to: %.*s", STR(label),
				      STR(row.question))));
	TRY(conversion_audit(tx, by, "conversion.decide", conversion));
	return conversion_look_now(tx, conversion);
}

bool decision_is_asked(const struct conversion *c)
{
	return c->waits_for == WAITS_PARTNER && str_eq(c->next_thing, S(NEXT_THING));
}

fault *decision_all(struct tx *tx, id conversion, struct decisions *list)
{
	struct decision_of_list rows;
	struct decisions all;

	TRY(decision_of(tx, conversion, &rows));
	all.len = rows.len;
	all.at = NEW_ARRAY(tx_arena(tx), struct decision, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++) {
		struct decision *d = &all.at[i];

		*d = (struct decision){ .key = rows.at[i].key,
					.question = rows.at[i].question,
					.asked_at = rows.at[i].asked_at,
					.answer = rows.at[i].answer,
					.answered_by = rows.at[i].answered_by,
					.answered_at = rows.at[i].answered_at };
		TRY(kind_read(rows.at[i].kind, &d->kind));
		options_read(d, rows.at[i].options);
	}
	*list = all;
	return NULL;
}
