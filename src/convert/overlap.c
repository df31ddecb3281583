#include "convert/overlap.h"

#include "overlap_sql.h"

#define WINDOW	 DAYS(7)   /* vendor facts §5.3 */
#define ONE_TERM DAYS(365) /* what follows when a term renews */

static const char *const end_words[] = {
	[ENDS_CREDITED] = "credited",
	[ENDS_REFUNDED] = "refunded",
	[ENDS_AT_TERM] = "at-term",
	[ENDS_UNKNOWN] = "unknown",
};

str overlap_end_word(enum overlap_end end)
{
	return str_of(end_words[end]);
}

static enum overlap_end end_from(str word)
{
	for (size_t i = 0; i < COUNT(end_words); i++)
		if (str_eq(word, str_of(end_words[i])))
			return (enum overlap_end)i;
	return ENDS_UNKNOWN;
}

/* Until when an MCA account may cancel: what the billing account says, else seven days from the
 * start; a renewal of before is not known to Graph. */
static instant window_of(const struct snapshot_subscription *s, const struct billing_fact *fact)
{
	if (fact && fact->cancellable == BILLING_NO)
		return INSTANT_NONE;
	if (fact && !instant_is_none(fact->cancel_until))
		return fact->cancel_until;
	if (fact && !instant_is_none(fact->term_started))
		return instant_after(fact->term_started, WINDOW);
	return instant_is_none(s->created_at) ? INSTANT_NONE : instant_after(s->created_at, WINDOW);
}

static void end_find(struct overlap_term *term, const struct snapshot_subscription *s,
		     const struct billing_fact *fact, enum conversion_account account, instant now)
{
	instant window = window_of(s, fact);

	switch (account) {
	case ACCOUNT_UNKNOWN: term->end = ENDS_UNKNOWN; return;
	case ACCOUNT_MOSA: term->end = ENDS_CREDITED; return;
	case ACCOUNT_MCA: break;
	}
	term->end = ENDS_AT_TERM;
	if (!instant_is_none(window) && instant_before(now, window)) {
		term->end = ENDS_REFUNDED;
		term->until = window;
	}
}

static const struct plan_line *line_of(const struct plan *plan, str sku)
{
	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys && str_eq(plan->at[i].sku, sku))
			return &plan->at[i];
	return NULL;
}

struct overlap_terms overlap_terms(struct arena *keep, const struct plan *plan,
				   const struct snapshot *before, enum conversion_account account,
				   const struct billing_facts *billing, instant now)
{
	struct overlap_terms terms = { 0 };

	for (size_t i = 0; i < before->subscriptions.len; i++) {
		const struct snapshot_subscription *s = &before->subscriptions.at[i];
		const struct billing_fact *fact = billing_facts_of(billing, s->id);
		const struct plan_line *line = line_of(plan, s->sku);
		struct overlap_term *term;

		if (!line || !plan_ends(s))
			continue;
		terms.at = arena_grown(keep, terms.at, terms.len, sizeof *terms.at);
		term = &terms.at[terms.len++];
		*term = (struct overlap_term){
			.subscription = s->id,
			.title = line->title,
			.units = s->units,
			.ends = fact && !instant_is_none(fact->term_ends) ? fact->term_ends
									  : s->renews_at,
			.until = INSTANT_NONE,
			.seat_month = line->price,
		};
		end_find(term, s, fact, account, now);
	}
	return terms;
}

/* Twelve months' price over the days of a year; half a unit goes to the even one. */
static int64_t price_of_days(int64_t seat_month, int64_t units, int64_t days)
{
	__int128 above = (__int128)seat_month * units * 12 * days;
	int64_t whole = (int64_t)(above / 365), rest = (int64_t)(above % 365);

	return whole + (2 * rest > 365 || (2 * rest == 365 && whole % 2));
}

enum overlap_end overlap_end_at(const struct overlap_term *term, instant at)
{
	bool closed = term->end == ENDS_REFUNDED && instant_before(term->until, at);

	return closed ? ENDS_AT_TERM : term->end;
}

/* Days that are paid and not needed when the subscription is ended at `at`. */
static int64_t days_lost(const struct overlap_term *term, instant at)
{
	instant ends = term->ends;

	if (overlap_end_at(term, at) != ENDS_AT_TERM || instant_is_none(ends))
		return 0;
	for (; instant_before(ends, at); ends = instant_after(ends, ONE_TERM))
		if (instant_since(at, ends) <= WINDOW)
			return 0; /* just renewed, and given back */
	return instant_since(ends, at) / DAYS(1);
}

/* Where nothing is lost no price is missed; a term without an end costs nobody knows what. */
static bool is_known(const struct overlap_term *term, instant at)
{
	enum overlap_end end = overlap_end_at(term, at);

	if (end != ENDS_AT_TERM)
		return end != ENDS_UNKNOWN;
	return !instant_is_none(term->ends) && (term->seat_month.minor || !days_lost(term, at));
}

fault *overlap_cost(const struct overlap_terms *terms, instant at, money *sum, bool *complete)
{
	money total = { 0 };

	*complete = true;
	for (size_t i = 0; i < terms->len; i++) {
		const struct overlap_term *term = &terms->at[i];
		money lost = { .in = term->seat_month.in,
			       .minor = price_of_days(term->seat_month.minor, term->units,
						      days_lost(term, at)) };

		*complete = *complete && is_known(term, at);
		if (i == 0)
			total = lost;
		else
			TRY(money_add(total, lost, &total));
	}
	*sum = total;
	return NULL;
}

/* By days where no price is known. */
static int64_t seat_days(const struct overlap_terms *terms, instant at)
{
	int64_t days = 0;

	for (size_t i = 0; i < terms->len; i++)
		days += terms->at[i].units * days_lost(&terms->at[i], at);
	return days;
}

static bool is_cheaper(money a, int64_t days_a, money b, int64_t days_b)
{
	return a.minor != b.minor ? a.minor < b.minor : days_a < days_b;
}

fault *overlap_best(const struct overlap_terms *terms, instant now, instant *best)
{
	money least;
	bool complete;
	instant found = now;

	TRY(overlap_cost(terms, now, &least, &complete));
	for (size_t i = 0; i < terms->len; i++) {
		instant at = instant_is_none(terms->at[i].ends)
				     ? now
				     : instant_after(terms->at[i].ends, -OVERLAP_LEAD);
		money cost;

		if (!instant_before(now, at))
			continue;
		TRY(overlap_cost(terms, at, &cost, &complete));
		if (is_cheaper(cost, seat_days(terms, at), least, seat_days(terms, found))) {
			least = cost;
			found = at;
		}
	}
	*best = found;
	return NULL;
}

fault *overlap_keep(struct tx *tx, id conversion, const struct overlap_terms *terms)
{
	TRY(overlap_forget(tx, conversion));
	for (size_t i = 0; i < terms->len; i++) {
		const struct overlap_term *term = &terms->at[i];

		TRY(overlap_insert(tx, &(struct overlap_insert_in){
					       .conversion = conversion,
					       .subscription = term->subscription,
					       .title = term->title,
					       .units = term->units,
					       .ends_at = term->ends,
					       .until_at = term->until,
					       .way = overlap_end_word(term->end),
					       .price = term->seat_month.minor,
					       .currency = str_of(term->seat_month.in.code) }));
	}
	return NULL;
}

fault *overlap_load(struct tx *tx, id conversion, struct overlap_terms *terms)
{
	struct overlap_of_list rows;

	TRY(overlap_of(tx, conversion, &rows));
	terms->len = rows.len;
	terms->at = NEW_ARRAY(tx_arena(tx), struct overlap_term, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++) {
		struct overlap_term *term = &terms->at[i];

		*term = (struct overlap_term){
			.subscription = rows.at[i].subscription,
			.title = rows.at[i].title,
			.units = rows.at[i].units,
			.ends = rows.at[i].ends_at,
			.until = rows.at[i].until_at,
			.end = end_from(rows.at[i].way),
			.seat_month = { .minor = rows.at[i].price },
		};
		if (!str_is_empty(rows.at[i].currency))
			TRY(currency_from(rows.at[i].currency, &term->seat_month.in));
	}
	return NULL;
}
