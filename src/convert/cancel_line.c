#include "convert/cancel_line.h"

#include "cancel_line_sql.h"
#include "convert/conversion_row.h"

/* A modern account's subscription can be cancelled this long after its start or renewal. */
#define WINDOW DAYS(7)

static const char *const answer_words[] = {
	[BILLING_UNKNOWN] = "", [BILLING_NO] = "no", [BILLING_YES] = "yes"
};
static const char *const deed_words[] = { [CANCEL_NO_DEED] = "",
					  [CANCEL_DEED_CANCEL] = "cancel",
					  [CANCEL_DEED_RENEWAL_OFF] = "renewal-off" };

static size_t index_of(const char *const *words, size_t count, str word)
{
	for (size_t i = 1; i < count; i++)
		if (str_eq(word, str_of(words[i])))
			return i;
	return 0;
}

static bool within(instant from, instant now)
{
	int64_t since = instant_is_none(from) ? -1 : instant_since(now, from);

	return since >= 0 && since < WINDOW;
}

/* Graph does not tell how long a term is, only when it ends: a month or a year before that, the
 * seven days may have begun anew. */
static enum cancel_way way_by_dates(const struct cancel_line *line, instant now)
{
	static const int terms[] = { 28, 29, 30, 31, 365, 366, 3 * 365 + 1 };

	if (within(line->created_at, now))
		return CANCEL_NOW;
	if (instant_is_none(line->renews_at))
		return CANCEL_LOOK;
	for (size_t i = 0; i < COUNT(terms); i++)
		if (within(instant_after(line->renews_at, -DAYS(terms[i])), now))
			return CANCEL_LOOK;
	return CANCEL_RENEWAL_OFF;
}

static enum cancel_way way_of_modern(const struct cancel_line *line, instant now)
{
	bool over = !instant_is_none(line->cancel_until) &&
		    !instant_before(now, line->cancel_until);

	if (line->cancellable == BILLING_YES && !over)
		return CANCEL_NOW;
	if (line->renews == BILLING_NO)
		return CANCEL_ENDS;
	if (line->cancellable == BILLING_NO || over)
		return CANCEL_RENEWAL_OFF;
	return way_by_dates(line, now);
}

enum cancel_way cancel_line_way(const struct cancel_line *line, enum conversion_account account,
				instant now)
{
	if (!instant_is_none(line->gone_at))
		return CANCEL_DONE;
	/* Past its term nothing can be pressed any more; what renewed again has a later date. */
	if (str_eq(line->status, S("Warning")) || !instant_is_none(line->ends_said_at))
		return CANCEL_ENDS;
	switch (account) {
	case ACCOUNT_MOSA: return CANCEL_NOW;
	case ACCOUNT_MCA: return way_of_modern(line, now);
	case ACCOUNT_UNKNOWN: break;
	}
	return within(line->created_at, now) ? CANCEL_NOW : CANCEL_LOOK;
}

static bool is_usable(str status)
{
	return str_eq(status, S("Enabled")) || str_eq(status, S("Warning"));
}

static const struct plan_line *replaced_by(const struct plan *plan,
					   const struct snapshot_subscription *s)
{
	if (s->owner != OWNER_DIRECT || s->trial || !str_eq(s->status, S("Enabled")))
		return NULL;
	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys && str_eq(plan->at[i].sku, s->sku))
			return &plan->at[i];
	return NULL;
}

static const struct cancel_line *known_of(const struct cancel_lines *known, str subscription)
{
	for (size_t i = 0; i < known->len; i++)
		if (str_eq(known->at[i].subscription, subscription))
			return &known->at[i];
	return NULL;
}

static struct cancel_line first_seen(const struct snapshot_subscription *s, str title)
{
	return (struct cancel_line){
		.subscription = s->id,
		.commerce = str_is_none(s->commerce) ? S("") : s->commerce,
		.sku = s->sku,
		.title = title,
		.created_at = s->created_at,
		.gone_at = INSTANT_NONE,
		.cancel_until = INSTANT_NONE,
		.ends_said_at = INSTANT_NONE,
		.deed_at = INSTANT_NONE,
		.follow = S(""),
		.refused = S(""),
	};
}

static void fill_today(struct cancel_line *line, const struct snapshot_subscription *before,
		       const struct snapshot_subscription *today, instant at)
{
	bool gone = !today || !is_usable(today->status);
	bool later = today && !instant_is_none(line->renews_at) &&
		     !instant_is_none(today->renews_at) && str_eq(today->status, S("Enabled")) &&
		     instant_before(line->renews_at, today->renews_at);

	line->units = today ? today->units : before->units;
	line->status = today ? today->status : S("Deleted");
	line->renews_at = today ? today->renews_at : line->renews_at;
	if (!gone)
		line->gone_at = INSTANT_NONE;
	else if (instant_is_none(line->gone_at))
		line->gone_at = at;
	if (later) { /* it renewed after all: what was said of its last term does not hold */
		line->ends_said_at = INSTANT_NONE;
		line->deed = CANCEL_NO_DEED;
		line->refused = S("");
	}
}

/* Where the account could not be read this time, what it said before stands. */
static void fill_billing(struct cancel_line *line, const struct billing_facts *facts)
{
	const struct billing_fact *fact = billing_facts_of(facts, line->subscription);

	if (facts->read != BILLING_READ || !fact)
		return;
	line->cancellable = fact->cancellable;
	line->cancel_until = fact->cancel_until;
	line->renews = fact->renews;
}

struct cancel_lines cancel_line_look(struct arena *keep, const struct plan *plan,
				     const struct snapshot *before, const struct snapshot *now,
				     const struct billing_facts *facts,
				     const struct cancel_lines *known, instant at)
{
	struct cancel_lines lines = { .at = NEW_ARRAY(keep, struct cancel_line,
						      before->subscriptions.len + 1) };

	for (size_t i = 0; i < before->subscriptions.len; i++) {
		const struct snapshot_subscription *s = &before->subscriptions.at[i];
		const struct plan_line *by = replaced_by(plan, s);
		const struct cancel_line *was = known_of(known, s->id);
		struct cancel_line *line = &lines.at[lines.len];

		if (!by)
			continue;
		lines.len++;
		*line = was ? *was : first_seen(s, by->title);
		if (!was)
			line->renews_at = s->renews_at;
		line->assigned = snapshot_sku(now, s->sku).consumed;
		fill_today(line, s, snapshot_find(now, s->id), at);
		fill_billing(line, facts);
	}
	return lines;
}

fault *cancel_line_load(struct tx *tx, id conversion, struct cancel_lines *lines)
{
	struct cancel_line_of_list rows;

	TRY(cancel_line_of(tx, conversion, &rows));
	lines->len = rows.len;
	lines->at = NEW_ARRAY(tx_arena(tx), struct cancel_line, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++) {
		const struct cancel_line_of *r = &rows.at[i];

		lines->at[i] = (struct cancel_line){
			.subscription = r->subscription,
			.commerce = r->commerce,
			.sku = r->sku,
			.title = r->title,
			.units = r->units,
			.assigned = r->assigned,
			.created_at = r->created_at,
			.renews_at = r->renews_at,
			.status = r->status,
			.gone_at = r->gone_at,
			.cancellable = (enum billing_answer)index_of(
				answer_words, COUNT(answer_words), r->cancellable),
			.cancel_until = r->cancel_until,
			.renews = (enum billing_answer)index_of(answer_words, COUNT(answer_words),
								r->renews),
			.ends_said_at = r->ends_said_at,
			.deed = (enum cancel_deed)index_of(deed_words, COUNT(deed_words), r->deed),
			.deed_at = r->deed_at,
			.follow = r->follow,
			.refused = r->refused,
		};
	}
	return NULL;
}

static bool same_instant(instant a, instant b)
{
	return a.micros == b.micros;
}

static bool same(const struct cancel_line *a, const struct cancel_line *b)
{
	return a->units == b->units && a->assigned == b->assigned &&
	       same_instant(a->renews_at, b->renews_at) && str_eq(a->status, b->status) &&
	       same_instant(a->gone_at, b->gone_at) && a->cancellable == b->cancellable &&
	       same_instant(a->cancel_until, b->cancel_until) && a->renews == b->renews &&
	       same_instant(a->ends_said_at, b->ends_said_at) && a->deed == b->deed &&
	       same_instant(a->deed_at, b->deed_at) && str_eq(a->follow, b->follow) &&
	       str_eq(a->refused, b->refused);
}

static fault *put(struct tx *tx, id conversion, const struct cancel_line *l)
{
	return cancel_line_put(tx, &(struct cancel_line_put_in){
					   .conversion = conversion,
					   .subscription = l->subscription,
					   .commerce = l->commerce,
					   .sku = l->sku,
					   .title = l->title,
					   .units = l->units,
					   .assigned = l->assigned,
					   .created_at = l->created_at,
					   .renews_at = l->renews_at,
					   .status = l->status,
					   .gone_at = l->gone_at,
					   .cancellable = str_of(answer_words[l->cancellable]),
					   .cancel_until = l->cancel_until,
					   .renews = str_of(answer_words[l->renews]),
					   .deed = str_of(deed_words[l->deed]),
					   .deed_at = l->deed_at,
					   .follow = l->follow,
					   .refused = l->refused });
}

static fault *say_change(struct tx *tx, const struct conversion *c, const struct cancel_line *was,
			 const struct cancel_line *line)
{
	bool gone = !instant_is_none(line->gone_at);
	const char *what = gone ? "is cancelled." : "runs again: its cancellation was taken back.";

	if (gone == (was && !instant_is_none(was->gone_at)))
		return NULL;
	return conversion_say(tx, c, S("Novate"),
			      str_format(tx_arena(tx),
					 "The direct subscription of %.*s with %lld seat%s "
					 "(%.*s…) %s",
					 STR(line->title), (long long)line->units,
					 line->units == 1 ? "" : "s",
					 STR(str_cut(line->subscription, 8)), what));
}

fault *cancel_line_keep(struct tx *tx, const struct conversion *c, const struct cancel_lines *known,
			const struct cancel_lines *lines)
{
	bool changed = false;

	for (size_t i = 0; i < lines->len; i++) {
		const struct cancel_line *line = &lines->at[i];
		const struct cancel_line *was = known_of(known, line->subscription);

		if (was && same(was, line))
			continue;
		changed = true;
		TRY(put(tx, c->id, line));
		if (was && instant_is_none(line->ends_said_at) &&
		    !instant_is_none(was->ends_said_at)) {
			int64_t count;

			TRY(cancel_line_set_ends(tx, c->id, line->subscription, INSTANT_NONE,
						 &count));
		}
		TRY(say_change(tx, c, was, line));
	}
	return changed ? cancel_line_show(tx, c->id) : NULL;
}

fault *cancel_line_say_ends(struct tx *tx, str door, str subscription, bool ends)
{
	struct conversion c;
	int64_t changed = 0;

	TRY(conversion_at_door(tx, door, &c));
	if (!str_is_none(subscription))
		TRY(cancel_line_set_ends(tx, c.id, subscription, ends ? tx_now(tx) : INSTANT_NONE,
					 &changed));
	if (changed == 0)
		return fault_new(FAULT_MISSING, "There is no such subscription to be ended.");
	TRY(cancel_line_show(tx, c.id));
	return conversion_say(tx, &c, S("The administrator"),
			      str_format(tx_arena(tx),
					 "Says that recurring billing of %.*s… is %s.",
					 STR(str_cut(subscription, 8)), ends ? "off" : "still on"));
}
