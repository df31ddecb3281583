#include "convert/certificate_body.h"

#include "conversion_sql.h"
#include "convert/decision.h"
#include "convert/finding.h"
#include "convert/json_say.h"
#include "convert/loss.h"
#include "convert/plan_view.h"
#include "convert/user_move.h"
#include "convert/verify.h"
#include "people/account.h"
#include "vendor_call_sql.h"

fault *certificate_story_load(struct tx *tx, const struct conversion *c,
			      struct certificate_story *s)
{
	bool before, between, after;

	TRY(snapshot_load(tx, c->id, SNAPSHOT_BEFORE, &s->before, &before));
	TRY(snapshot_load(tx, c->id, SNAPSHOT_BETWEEN, &s->between, &between));
	TRY(snapshot_load(tx, c->id, SNAPSHOT_AFTER, &s->after, &after));
	if (!before || !between || !after)
		return fault_new(FAULT_BUG, "A certificate needs all three records of the tenant.");
	TRY(loss_load(tx, c->id, &s->accepted));
	return plan_load(tx, c->id, &s->plan);
}

/* The administrator's own columns: Valid, Expired, Assigned (vendor facts §2.2). */
static json_t *skus_json(const struct snapshot *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->skus.len; i++) {
		const struct license_sku *sku = &s->skus.at[i];

		json_array_append_new(list, json_pack("{s:o, s:o, s:I, s:I, s:I}", "sku",
						      json_say_text(sku->sku), "part_number",
						      json_say_text(sku->part_number), "valid",
						      (json_int_t)license_valid(sku), "expired",
						      (json_int_t)license_expired(sku), "assigned",
						      (json_int_t)sku->consumed));
	}
	return list;
}

/* Who sold what, before. */
static json_t *subscriptions_json(struct arena *scratch, const struct snapshot *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->subscriptions.len; i++) {
		const struct snapshot_subscription *sub = &s->subscriptions.at[i];

		json_array_append_new(
			list, json_pack("{s:o, s:o, s:o, s:I, s:b, s:o, s:o, s:o}", "id",
					json_say_text(sub->id), "part_number",
					json_say_text(sub->part_number), "status",
					json_say_text(sub->status), "units", (json_int_t)sub->units,
					"trial", sub->trial, "sold_by",
					json_say_text(snapshot_owner_word(sub->owner)), "reason",
					json_say_text(sub->reason), "renews_at",
					json_say_when(scratch, sub->renews_at)));
	}
	return list;
}

static json_t *line_json(struct arena *scratch, const struct plan_line *l)
{
	json_t *price = l->buys && l->price.minor ? json_say_text(money_text(scratch, l->price))
						  : json_null();
	json_t *line = json_pack(
		"{s:o, s:o, s:o, s:s, s:o, s:I, s:I, s:o, s:o, s:o}", "sku", json_say_text(l->sku),
		"part_number", json_say_text(l->part_number), "title", json_say_text(l->title),
		"action", l->buys ? "buy" : "leave", "reason", json_say_text(l->reason), "quantity",
		(json_int_t)l->quantity, "direct", (json_int_t)l->direct, "seat_month", price,
		"term", json_say_text(plan_view_term(scratch, l->term, l->billing)), "subscription",
		json_say_text(l->subscription));

	if (plan_moves(l)) {
		json_object_set_new(line, "becomes", json_say_text(l->target_part));
		json_object_set_new(line, "becomes_sku", json_say_text(l->target));
		json_object_set_new(line, "gained", json_say_text(l->gained));
		json_object_set_new(line, "lost", json_say_text(l->lost));
	}
	return line;
}

static json_t *plan_json(struct arena *scratch, const struct plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->len; i++)
		json_array_append_new(list, line_json(scratch, &plan->at[i]));
	return list;
}

/* The part numbers that the holds from `from` on give to one user; *next is the next user's first.
 */
static json_t *held(const struct snapshot *s, size_t from, size_t *next)
{
	json_t *list = json_array();
	size_t i = from;

	for (; i < s->holds.len && str_eq(s->holds.at[i].user, s->holds.at[from].user); i++) {
		if (i > from && str_eq(s->holds.at[i].sku, s->holds.at[i - 1].sku))
			continue; /* directly and through a group: one license */
		json_array_append_new(
			list, json_say_text(snapshot_sku(s, s->holds.at[i].sku).part_number));
	}
	*next = i;
	return list;
}

static json_t *held_by(const struct snapshot *s, str user, size_t *at)
{
	while (*at < s->holds.len && str_compare(s->holds.at[*at].user, user) < 0)
		(*at)++;
	if (*at == s->holds.len || !str_eq(s->holds.at[*at].user, user))
		return json_array();
	return held(s, *at, at);
}

/* Every user of the first snapshot, and what it holds now. */
static json_t *users_json(const struct snapshot *before, const struct snapshot *after)
{
	json_t *list = json_array();
	size_t i = 0, n = 0;

	while (i < before->holds.len) {
		const struct license_hold *hold = &before->holds.at[i];
		json_t *was = held(before, i, &i);

		json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "user",
						      json_say_text(hold->user_name), "before", was,
						      "after", held_by(after, hold->user, &n)));
	}
	return list;
}

static fault *history_json(struct tx *tx, id conversion, json_t **list)
{
	struct conversion_history history;

	TRY(conversion_history(tx, conversion, &history));
	*list = json_array();
	for (size_t i = 0; i < history.len; i++)
		json_array_append_new(*list,
				      json_pack("{s:o, s:o, s:o, s:o}", "at",
						json_say_when(tx_arena(tx), history.at[i].at),
						"step", json_say_text(history.at[i].step), "who",
						json_say_text(history.at[i].who), "said",
						json_say_text(history.at[i].said)));
	return NULL;
}

static fault *calls_json(struct tx *tx, id conversion, json_t **list)
{
	struct vendor_call_of_list rows;

	TRY(vendor_call_of(tx, conversion, &rows));
	*list = json_array();
	for (size_t i = 0; i < rows.len; i++)
		json_array_append_new(*list,
				      json_pack("{s:o, s:o, s:I, s:o}", "at",
						json_say_when(tx_arena(tx), rows.at[i].at), "call",
						json_say_text(rows.at[i].name), "status",
						(json_int_t)rows.at[i].status, "request_id",
						json_say_text(rows.at[i].request)));
	return NULL;
}

static fault *findings_json(struct tx *tx, id conversion, json_t **list)
{
	struct findings found;

	TRY(finding_load(tx, conversion, &found));
	*list = json_array();
	for (size_t i = 0; i < found.len; i++)
		json_array_append_new(
			*list,
			json_pack("{s:o, s:o, s:o, s:o}", "kind", json_say_text(found.at[i].kind),
				  "weight", json_say_text(finding_weight_word(found.at[i].weight)),
				  "said", json_say_text(found.at[i].said), "mend",
				  json_say_text(found.at[i].mend)));
	return NULL;
}

static fault *email_of(struct tx *tx, id account, str *email)
{
	struct account found;
	bool known = false;

	if (!id_is_none(account))
		TRY(account_by_id_find(tx, account, &found, &known));
	*email = known ? found.email : STR_NONE;
	return NULL;
}

/* Questions that nobody had to answer in the end are left out. */
static fault *decisions_json(struct tx *tx, id conversion, json_t **list)
{
	struct decisions all;
	str by;

	TRY(decision_all(tx, conversion, &all));
	*list = json_array();
	for (size_t i = 0; i < all.len; i++) {
		const struct decision *d = &all.at[i];

		if (str_is_none(d->answer))
			continue;
		TRY(email_of(tx, d->answered_by, &by));
		json_array_append_new(*list,
				      json_pack("{s:o, s:o, s:o, s:o, s:o}", "kind",
						json_say_text(decision_kind_word(d->kind)),
						"question", json_say_text(d->question), "answer",
						json_say_text(d->answer), "by", json_say_text(by),
						"at", json_say_when(tx_arena(tx), d->answered_at)));
	}
	return NULL;
}

static json_t *losses_json(const struct certificate_story *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->accepted.len; i++) {
		const struct license_hold *hold = &s->accepted.at[i];

		json_array_append_new(
			list,
			json_pack("{s:o, s:o}", "user", json_say_text(hold->user_name),
				  "part_number",
				  json_say_text(snapshot_sku(&s->before, hold->sku).part_number)));
	}
	return list;
}

static fault *moves_json(struct tx *tx, const struct conversion *c,
			 const struct certificate_story *s, json_t **list)
{
	struct user_moves moves;

	TRY(user_move_load(tx, c->id, &moves));
	*list = json_array();
	for (size_t i = 0; i < moves.len; i++) {
		const struct user_move *m = &moves.at[i];

		json_array_append_new(
			*list,
			json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "user",
				  json_say_text(m->person_name), "from",
				  json_say_text(snapshot_sku(&s->before, m->sku).part_number), "to",
				  json_say_text(snapshot_sku(&s->after, m->target).part_number),
				  "group", json_say_text(m->through), "state",
				  json_say_text(user_move_state_word(m->state)), "at",
				  json_say_when(tx_arena(tx), m->at)));
	}
	return NULL;
}

/* With the very text that the hash is of, so that anybody can count it again. */
static fault *approval_json(struct tx *tx, const struct conversion *c, json_t **made)
{
	struct conversion_plan_text text;
	bool found;
	str by;

	TRY(email_of(tx, c->approved_by, &by));
	TRY(conversion_plan_text(tx, c->id, &text, &found));
	*made = json_pack("{s:o, s:o, s:o, s:o, s:o}", "plan_hash", json_say_text(c->approved_hash),
			  "plan_text", json_say_text(found ? text.plan_text : STR_NONE), "by",
			  json_say_text(by), "at", json_say_when(tx_arena(tx), c->approved_at),
			  "buy_at", json_say_when(tx_arena(tx), c->buy_at));
	return NULL;
}

static bool is_accepted(const struct certificate_story *s, const struct license_hold *hold)
{
	for (size_t i = 0; i < s->accepted.len; i++)
		if (str_eq(s->accepted.at[i].user, hold->user) &&
		    str_eq(s->accepted.at[i].sku, hold->sku))
			return true;
	return false;
}

/* By our doing: what a person accepted is told beside it. */
static json_int_t below_snapshot(struct arena *scratch, const struct certificate_story *s)
{
	struct license_holds missing = verify_missing(scratch, &s->plan, &s->before, &s->after);
	json_int_t below = 0;

	for (size_t i = 0; i < missing.len; i++)
		below += !is_accepted(s, &missing.at[i]);
	return below;
}

static void facts_fill(struct tx *tx, const struct conversion *c, const struct certificate_story *s,
		       json_t *body)
{
	struct arena *a = tx_arena(tx);

	json_object_set_new(body, "certificate", json_say_text(id_text(a, "cnv", c->id)));
	json_object_set_new(body, "version", json_integer(2));
	json_object_set_new(body, "issued_at", json_say_when(a, tx_now(tx)));
	json_object_set_new(body, "tenant", json_say_text(c->tenant));
	json_object_set_new(body, "tenant_name", json_say_text(c->tenant_name));
	json_object_set_new(body, "domain", json_say_text(c->domain));
	json_object_set_new(body, "started_at", json_say_when(a, c->started_at));
	json_object_set_new(body, "order", json_say_text(c->order_id));
	json_object_set_new(body, "part_orders", json_say_text(c->part_orders));
	json_object_set_new(body, "plan", plan_json(a, &s->plan));
	json_object_set_new(body, "subscriptions", subscriptions_json(a, &s->before));
	json_object_set_new(body, "before", skus_json(&s->before));
	json_object_set_new(body, "between", skus_json(&s->between));
	json_object_set_new(body, "after", skus_json(&s->after));
	json_object_set_new(body, "users", users_json(&s->before, &s->after));
	json_object_set_new(body, "users_below_snapshot", json_integer(below_snapshot(a, s)));
	json_object_set_new(body, "accepted_losses", losses_json(s));
}

fault *certificate_body_fill(struct tx *tx, const struct conversion *c,
			     const struct certificate_story *s, json_t *body)
{
	json_t *part;

	facts_fill(tx, c, s, body);
	TRY(moves_json(tx, c, s, &part));
	json_object_set_new(body, "moves", part);
	TRY(approval_json(tx, c, &part));
	json_object_set_new(body, "approved", part);
	TRY(findings_json(tx, c->id, &part));
	json_object_set_new(body, "findings", part);
	TRY(decisions_json(tx, c->id, &part));
	json_object_set_new(body, "decisions", part);
	TRY(history_json(tx, c->id, &part));
	json_object_set_new(body, "history", part);
	TRY(calls_json(tx, c->id, &part));
	json_object_set_new(body, "calls", part);
	return NULL;
}
