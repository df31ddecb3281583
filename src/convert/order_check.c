#include "convert/order_check.h"

#include "convert/decision.h"
#include "convert/verify.h"
#include "market/price.h"
#include "plan_sql.h"

fault *order_check_tenant(struct run *run, struct plan *plan, str *changed)
{
	struct snapshot before, now;
	struct verify_differences d;

	TRY(step_load(run, &before, plan));
	TRY(step_look(run, &now));
	d = verify_unchanged(run->arena, plan, &before, &now);
	*changed = d.len ? str_format(run->arena, "The tenant has changed since the approval: %.*s",
				      STR(verify_text(run->arena, &d)))
			 : STR_NONE;
	return NULL;
}

/* A line whose price is another by now. */
struct moved {
	const struct plan_line *line;
	money now;
};
struct moved_list {
	struct moved *at;
	size_t len;
};

static fault *find_moved(struct run *run, const struct plan *plan, struct moved_list *list)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct price price;
	bool found;

	*list = (struct moved_list){ .at = NEW_ARRAY(run->arena, struct moved, plan->len + 1) };
	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	for (size_t i = 0; i < plan->len; i++) {
		const struct plan_line *l = &plan->at[i];
		money now = { .minor = 0, .in = l->price.in };

		if (!l->buys)
			continue;
		TRY(price_find(tx, l->target, l->price.in, l->term, l->billing, &price, &found));
		if (found)
			now = price.seat_month;
		if (now.minor != l->price.minor)
			list->at[list->len++] = (struct moved){ l, now };
	}
	return NULL;
}

static str price_words(struct arena *keep, money price)
{
	return price.minor ? money_text(keep, price) : S("as agreed");
}

static str in_words(struct arena *keep, const struct moved_list *list)
{
	struct text text = text_open(keep);

	for (size_t i = 0; i < list->len; i++)
		text_format(&text, "%s%.*s from %.*s to %.*s", i ? ", " : "",
			    STR(list->at[i].line->target_title),
			    STR(price_words(keep, list->at[i].line->price)),
			    STR(price_words(keep, list->at[i].now)));
	return text_str(&text);
}

static fault *take_prices(struct run *run, const struct moved_list *list, str words,
			  struct outcome *out)
{
	TRY(run_begin(run));
	for (size_t i = 0; i < list->len; i++)
		TRY(plan_line_set_price(run->tx, run->c.id, list->at[i].line->line,
					list->at[i].now.minor, str_of(list->at[i].now.in.code)));
	*out = (struct outcome){ .kind = OUTCOME_SAME,
				 .said = str_format(run->arena, "Orders at the new price: %.*s.",
						    STR(words)) };
	return NULL;
}

fault *order_check_prices(struct run *run, const struct plan *plan, struct outcome *out,
			  bool *asked)
{
	struct moved_list moved;
	str words, answer;

	TRY(find_moved(run, plan, &moved));
	*asked = moved.len > 0;
	if (!*asked)
		return NULL;
	words = in_words(run->arena, &moved);
	TRY(decision_answer(run, DECISION_PRICE, words, &answer));
	if (str_eq(answer, S("accept")))
		return take_prices(run, &moved, words, out);
	return decision_ask(
		run, DECISION_PRICE, words,
		str_format(run->arena,
			   "A seat's price a month has changed since the approval: %.*s. "
			   "Nothing is ordered yet. Order all the same?",
			   STR(words)),
		NULL, out);
}
