#include "convert/order_note.h"

#include "convert/digest.h"

static str note_of_plan(struct arena *keep, const struct conversion *c)
{
	return str_format(keep, "Novate %.*s/%.8s/", STR(id_text(keep, "cnv", c->id)),
			  c->approved_hash.at);
}

str order_note(struct arena *keep, const struct conversion *c, int64_t line)
{
	return str_format(keep, "%.*s%lld", STR(note_of_plan(keep, c)), (long long)line);
}

const struct reseller_order_line *order_line_of(const struct order_lines *lines, str note)
{
	for (size_t i = 0; i < lines->len; i++)
		if (str_eq(lines->at[i].note, note))
			return &lines->at[i];
	return NULL;
}

bool order_is_cancelled(const struct order_lines *lines, const struct reseller_subscriptions *all,
			str note)
{
	const struct reseller_order_line *line = order_line_of(lines, note);
	const struct reseller_subscription *brought = line ? reseller_subscription_of(
								     all, line->subscription)
							   : NULL;

	return brought && reseller_is_cancelled(brought);
}

static void add_ours(struct run *run, struct order_lines *lines,
		     const struct reseller_order_seen *o)
{
	str note = note_of_plan(run->arena, &run->c);

	if (str_eq(o->status, S("cancelled")))
		return;
	for (size_t i = 0; i < o->line_count; i++) {
		if (!str_starts(o->lines[i].note, note) || order_line_of(lines, o->lines[i].note))
			continue;
		lines->at = arena_grown(run->arena, lines->at, lines->len, sizeof *lines->at);
		lines->at[lines->len++] = o->lines[i];
	}
}

/* Takes the last of the words between blanks off `words`; empty when there is none left. */
static str take_last(str *words)
{
	size_t at = words->len;

	while (at > 0 && words->at[at - 1] != ' ')
		at--;
	str last = str_part(*words, at, words->len);
	*words = str_trim(str_part(*words, 0, at));
	return last;
}

str order_last_part(const struct conversion *c)
{
	str parts = c->part_orders;

	return str_is_empty(parts) ? STR_NONE : take_last(&parts);
}

static fault *add_known(struct run *run, str order, struct order_lines *lines)
{
	struct reseller_order_seen known;

	TRY(reseller_order_read(&run->ms, run->c.tenant, order, &known));
	add_ours(run, lines, &known);
	return NULL;
}

/* The newest first: where a line was ordered again, that is the one that counts. */
fault *order_lines(struct run *run, str order, struct order_lines *lines)
{
	str parts = str_is_none(run->c.part_orders) ? S("") : run->c.part_orders;
	struct reseller_orders all;
	struct order_lines found = { 0 };

	TRY(add_known(run, order, &found));
	while (!str_is_empty(parts)) {
		str part = take_last(&parts);

		if (!str_eq(part, order))
			TRY(add_known(run, part, &found));
	}
	TRY(reseller_orders_read(&run->ms, run->c.tenant, &all));
	for (size_t i = 0; i < all.len; i++)
		add_ours(run, &found, &all.at[i]);
	*lines = found;
	return NULL;
}

str order_request_of(struct arena *keep, str last, str order)
{
	str from = str_format(keep, "%.*s %.*s", STR(last), STR(order));

	return digest_guid(keep, digest_key(keep, from));
}

static bool is_part(const struct conversion *c, str order)
{
	return !str_is_none(c->part_orders) && str_find(c->part_orders, order) >= 0;
}

fault *order_find(struct run *run, str *order, bool *found)
{
	struct reseller_orders orders;
	str note = note_of_plan(run->arena, &run->c);

	*found = false;
	TRY(reseller_orders_read(&run->ms, run->c.tenant, &orders));
	for (size_t i = 0; i < orders.len && !*found; i++) {
		const struct reseller_order_seen *o = &orders.at[i];

		for (size_t l = 0; l < o->line_count && !*found; l++)
			*found = str_starts(o->lines[l].note, note) && !is_part(&run->c, o->id) &&
				 !str_eq(o->status, S("cancelled"));
		if (*found)
			*order = o->id;
	}
	return NULL;
}
