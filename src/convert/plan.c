#include "convert/plan.h"

#include "convert/digest.h"
#include "plan_sql.h"

/* What a SKU's subscriptions add up to, by who sold them. */
struct holding {
	int64_t direct; /* units of direct, enabled, paid subscriptions */
	bool lapsed, trial, ours, other;
};

static struct holding holding_of(const struct snapshot *in, str sku)
{
	struct holding h = { 0 };

	for (size_t i = 0; i < in->subscriptions.len; i++) {
		const struct snapshot_subscription *s = &in->subscriptions.at[i];

		if (!str_eq(s->sku, sku))
			continue;
		if (s->owner == OWNER_OURS)
			h.ours = true;
		else if (s->owner == OWNER_OTHER_PARTNER)
			h.other = true;
		else if (s->trial)
			h.trial = true;
		else if (plan_ends(s))
			h.direct += s->units;
		else
			h.lapsed = true;
	}
	return h;
}

int64_t plan_direct_units(const struct snapshot *before, str sku)
{
	return holding_of(before, sku).direct;
}

/* Why nothing of this SKU is bought, when its direct units do not decide it. */
static str why_left(struct holding h, bool is_free)
{
	if (is_free)
		return S("Free of charge: it stays as it is.");
	if (h.lapsed)
		return S("Expired or already cancelled: it stays as it is.");
	if (h.trial)
		return S("A trial: it stays as it is and ends by itself.");
	if (h.other)
		return S("Bought through another partner: only that partner can move it.");
	if (h.ours)
		return S("Already bought through us: nothing to do.");
	return S("No subscription of its own: it stays as it is.");
}

static str why_not_offered(struct arena *keep, const struct plan_offer *offer, int64_t units)
{
	if (!offer->found && offer->chosen)
		return S("What was chosen is not on sale in that term; another term or product is "
			 "to be chosen.");
	if (!offer->found)
		return S("No exact match is on sale: it stays as it is, nobody loses it.");
	return str_format(
		keep,
		"The match is sold from %lld to %lld seats and the tenant has %lld: it stays "
		"as it is.",
		(long long)offer->least, (long long)offer->most, (long long)units);
}

/* How many are bought: what ends, or for what has lapsed, what is still in use. */
static int64_t wanted(const struct holding *h, const struct license_sku *sku,
		      const struct plan_offer *offer)
{
	if (h->direct || !h->lapsed || !offer->chosen)
		return h->direct;
	return sku->consumed > offer->least ? sku->consumed : offer->least;
}

static bool is_same(const struct license_sku *sku, const struct plan_offer *offer)
{
	return str_is_empty(offer->target) || str_eq(offer->target, sku->sku);
}

static void line_buy(struct arena *keep, struct plan_line *line, const struct license_sku *sku,
		     const struct plan_offer *offer)
{
	line->buys = true;
	line->term = offer->term;
	line->billing = offer->billing;
	line->price = offer->price;
	line->reason = S("Exact match: the same product, so nobody has to be reassigned.");
	if (is_same(sku, offer))
		return;
	line->target = offer->target;
	line->target_part = offer->target_part;
	line->target_title = offer->target_title;
	line->gained = offer->gained;
	line->lost = offer->lost;
	line->reason = str_format(
		keep,
		"Not sold any more as it is. %.*s takes its place, and each user is "
		"moved to it without a moment in between.",
		STR(offer->target_title));
}

static struct plan_line line_make(struct arena *keep, const struct snapshot *before,
				  const struct license_sku *sku, const struct plan_offer *offer)
{
	struct holding h = holding_of(before, sku->sku);
	int64_t units = wanted(&h, sku, offer);
	struct plan_line line = {
		.sku = sku->sku,
		.part_number = sku->part_number,
		.title = str_is_empty(offer->title) ? sku->part_number : offer->title,
		.quantity = units,
		.direct = h.direct,
		.assigned = sku->consumed,
		.free = offer->free,
		.target = sku->sku,
		.target_part = sku->part_number,
		.gained = S(""),
		.lost = S(""),
		.term = S(""),
		.billing = S(""),
		.cancel_until = INSTANT_NONE,
	};

	line.target_title = line.title;
	if (units == 0 || offer->free)
		line.reason = why_left(h, offer->free);
	else if (offer->leave)
		line.reason = S("Left as it is by choice: nothing is bought, nothing ends.");
	else if (!offer->found || units < offer->least || units > offer->most)
		line.reason = why_not_offered(keep, offer, units);
	else
		line_buy(keep, &line, sku, offer);
	return line;
}

bool plan_ends(const struct snapshot_subscription *s)
{
	return s->owner == OWNER_DIRECT && !s->trial && str_eq(s->status, S("Enabled"));
}

struct plan plan_make(struct arena *keep, const struct snapshot *before,
		      const struct plan_offer *offers)
{
	struct plan plan = { .at = NEW_ARRAY(keep, struct plan_line, before->skus.len + 1) };

	for (size_t i = 0; i < before->skus.len; i++) {
		plan.at[i] = line_make(keep, before, &before->skus.at[i], &offers[i]);
		plan.at[i].line = (int64_t)i;
	}
	plan.len = before->skus.len;
	return plan;
}

bool plan_moves(const struct plan_line *line)
{
	return line->buys && !str_eq(line->target, line->sku);
}

str plan_target(const struct plan *plan, str sku)
{
	for (size_t i = 0; i < plan->len; i++)
		if (str_eq(plan->at[i].sku, sku) && plan->at[i].buys)
			return plan->at[i].target;
	return sku;
}

bool plan_buys_anything(const struct plan *plan)
{
	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys)
			return true;
	return false;
}

str plan_text(struct arena *keep, str tenant, const struct plan *plan)
{
	struct text text = text_open(keep);

	text_format(&text, "novate plan 2\n%.*s\n", STR(tenant));
	for (size_t i = 0; i < plan->len; i++) {
		const struct plan_line *l = &plan->at[i];

		text_format(&text, "%s|%.*s|%.*s|%lld|%lld|%.*s|%.*s|%lld|%s\n",
			    l->buys ? "buy" : "leave", STR(l->sku), STR(l->target),
			    (long long)l->quantity, (long long)l->assigned, STR(l->term),
			    STR(l->billing), (long long)l->price.minor, l->price.in.code);
	}
	return text_str(&text);
}

str plan_hash(struct arena *keep, str tenant, const struct plan *plan)
{
	return digest_sha256(keep, plan_text(keep, tenant, plan));
}

fault *plan_month(const struct plan *plan, money *sum, bool *complete)
{
	bool all = true, any = false;
	money total = { 0 };

	for (size_t i = 0; i < plan->len; i++) {
		const struct plan_line *l = &plan->at[i];
		money line;

		if (!l->buys)
			continue;
		if (l->price.minor == 0) {
			all = false;
			continue;
		}
		TRY(money_times(l->price, l->quantity, &line));
		if (any)
			TRY(money_add(total, line, &total));
		else
			total = line;
		any = true;
	}
	*sum = total;
	*complete = all && any;
	return NULL;
}

fault *plan_keep(struct tx *tx, id conversion, const struct plan *plan)
{
	TRY(plan_line_forget(tx, conversion));
	for (size_t i = 0; i < plan->len; i++) {
		const struct plan_line *l = &plan->at[i];

		TRY(plan_line_insert(tx, &(struct plan_line_insert_in){
						 .conversion = conversion,
						 .line = l->line,
						 .sku = l->sku,
						 .part_number = l->part_number,
						 .title = l->title,
						 .action = l->buys ? S("buy") : S("leave"),
						 .reason = l->reason,
						 .quantity = l->quantity,
						 .assigned = l->assigned,
						 .term = l->term,
						 .billing = l->billing,
						 .price = l->price.minor,
						 .currency = str_of(l->price.in.code),
						 .target = plan_moves(l) ? l->target : S(""),
						 .target_part = l->target_part,
						 .target_title = l->target_title,
						 .gained = l->gained,
						 .lost = l->lost,
						 .direct = l->direct }));
	}
	return NULL;
}

/* No target is written for an exact match. */
static void target_read(const struct plan_lines *row, struct plan_line *line)
{
	bool same = str_is_empty(row->target);

	line->target = same ? row->sku : row->target;
	line->target_part = same ? row->part_number : row->target_part;
	line->target_title = same ? row->title : row->target_title;
}

fault *plan_load(struct tx *tx, id conversion, struct plan *plan)
{
	struct plan_lines_list rows;
	struct plan loaded;

	TRY(plan_lines(tx, conversion, &rows));
	loaded.len = rows.len;
	loaded.at = NEW_ARRAY(tx_arena(tx), struct plan_line, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++) {
		struct plan_line *l = &loaded.at[i];

		*l = (struct plan_line){
			.line = rows.at[i].line,
			.sku = rows.at[i].sku,
			.part_number = rows.at[i].part_number,
			.title = rows.at[i].title,
			.buys = str_eq(rows.at[i].action, S("buy")),
			.reason = rows.at[i].reason,
			.quantity = rows.at[i].quantity,
			.assigned = rows.at[i].assigned,
			.term = rows.at[i].term,
			.billing = rows.at[i].billing,
			.subscription = rows.at[i].subscription,
			.cancel_until = rows.at[i].cancel_until,
			.gained = rows.at[i].gained,
			.lost = rows.at[i].lost,
			.direct = rows.at[i].direct,
		};
		target_read(&rows.at[i], l);
		if (!str_is_empty(rows.at[i].currency))
			TRY(currency_from(rows.at[i].currency, &l->price.in));
		l->price.minor = rows.at[i].price;
	}
	*plan = loaded;
	return NULL;
}

fault *plan_line_fulfil(struct tx *tx, id conversion, int64_t line, str subscription,
			instant cancel_until)
{
	return plan_line_set_fulfilled(tx, conversion, line, subscription, cancel_until);
}
