#include "convert/certificate.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>

#include "certificate_sql.h"
#include "convert/verify.h"
#include "people/account.h"
#include "vendor_call_sql.h"

static void json_end(json_t **json)
{
	json_decref(*json);
}

static json_t *text(str s)
{
	return str_is_none(s) ? json_null() : json_stringn(s.at, s.len);
}

static json_t *when(struct arena *scratch, instant at)
{
	return instant_is_none(at) ? json_null() : text(instant_rfc3339(scratch, at));
}

/* The administrator's own columns: Valid, Expired, Assigned (vendor facts §2.2). */
static json_t *skus_json(const struct snapshot *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->skus.len; i++) {
		const struct license_sku *sku = &s->skus.at[i];

		json_array_append_new(list,
				      json_pack("{s:o, s:o, s:I, s:I, s:I}", "sku", text(sku->sku),
						"part_number", text(sku->part_number), "valid",
						(json_int_t)license_valid(sku), "expired",
						(json_int_t)license_expired(sku), "assigned",
						(json_int_t)sku->consumed));
	}
	return list;
}

static json_t *plan_json(struct arena *scratch, const struct plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->len; i++) {
		const struct plan_line *l = &plan->at[i];
		json_t *price = l->buys && l->price.minor ? text(money_text(scratch, l->price))
							  : json_null();

		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:s, s:o, s:I, s:o, s:o}",
						      "sku", text(l->sku), "part_number",
						      text(l->part_number), "title", text(l->title),
						      "action", l->buys ? "buy" : "leave", "reason",
						      text(l->reason), "quantity",
						      (json_int_t)l->quantity, "seat_month", price,
						      "subscription", text(l->subscription)));
		if (plan_moves(l))
			json_object_set_new(json_array_get(list, i), "becomes",
					    text(l->target_part));
	}
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
		json_array_append_new(list, text(snapshot_sku(s, s->holds.at[i].sku).part_number));
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
						      text(hold->user_name), "before", was, "after",
						      held_by(after, hold->user, &n)));
	}
	return list;
}

static fault *calls_json(struct tx *tx, id conversion, json_t **list)
{
	struct vendor_call_of_list rows;

	TRY(vendor_call_of(tx, conversion, &rows));
	*list = json_array();
	for (size_t i = 0; i < rows.len; i++)
		json_array_append_new(*list, json_pack("{s:o, s:o, s:I, s:o}", "at",
						       when(tx_arena(tx), rows.at[i].at), "call",
						       text(rows.at[i].name), "status",
						       (json_int_t)rows.at[i].status, "request_id",
						       text(rows.at[i].request)));
	return NULL;
}

static fault *history_json(struct tx *tx, id conversion, json_t **list)
{
	struct conversion_history history;

	TRY(conversion_history(tx, conversion, &history));
	*list = json_array();
	for (size_t i = 0; i < history.len; i++)
		json_array_append_new(*list, json_pack("{s:o, s:o, s:o, s:o}", "at",
						       when(tx_arena(tx), history.at[i].at), "step",
						       text(history.at[i].step), "who",
						       text(history.at[i].who), "said",
						       text(history.at[i].said)));
	return NULL;
}

static fault *approval_json(struct tx *tx, const struct conversion *c, json_t **made)
{
	struct account account;
	bool found;

	TRY(account_by_id_find(tx, c->approved_by, &account, &found));
	*made = json_pack("{s:o, s:o, s:o}", "plan_hash", text(c->approved_hash), "by",
			  found ? text(account.email) : json_null(), "at",
			  when(tx_arena(tx), c->approved_at));
	return NULL;
}

struct story {
	struct snapshot before, between, after;
	struct plan plan;
};

static fault *story_load(struct tx *tx, const struct conversion *c, struct story *s)
{
	bool before, between, after;

	TRY(snapshot_load(tx, c->id, SNAPSHOT_BEFORE, &s->before, &before));
	TRY(snapshot_load(tx, c->id, SNAPSHOT_BETWEEN, &s->between, &between));
	TRY(snapshot_load(tx, c->id, SNAPSHOT_AFTER, &s->after, &after));
	if (!before || !between || !after)
		return fault_new(FAULT_BUG, "A certificate needs all three records of the tenant.");
	return plan_load(tx, c->id, &s->plan);
}

static fault *body_make(struct tx *tx, const struct conversion *c, json_t *body)
{
	struct arena *a = tx_arena(tx);
	struct story s;
	json_t *part;

	TRY(story_load(tx, c, &s));
	json_object_set_new(body, "certificate", text(id_text(a, "cnv", c->id)));
	json_object_set_new(body, "issued_at", when(a, tx_now(tx)));
	json_object_set_new(body, "tenant", text(c->tenant));
	json_object_set_new(body, "tenant_name", text(c->tenant_name));
	json_object_set_new(body, "domain", text(c->domain));
	json_object_set_new(body, "started_at", when(a, c->started_at));
	json_object_set_new(body, "order", text(c->order_id));
	json_object_set_new(body, "plan", plan_json(a, &s.plan));
	json_object_set_new(body, "before", skus_json(&s.before));
	json_object_set_new(body, "between", skus_json(&s.between));
	json_object_set_new(body, "after", skus_json(&s.after));
	json_object_set_new(body, "users", users_json(&s.before, &s.after));
	json_object_set_new(
		body, "users_below_snapshot",
		json_integer((json_int_t)verify_missing(a, &s.plan, &s.before, &s.after).len));
	TRY(approval_json(tx, c, &part));
	json_object_set_new(body, "approved", part);
	TRY(history_json(tx, c->id, &part));
	json_object_set_new(body, "history", part);
	TRY(calls_json(tx, c->id, &part));
	json_object_set_new(body, "calls", part);
	return NULL;
}

static str sha256(struct arena *keep, str of)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)of.at, of.len);
	return str_hex(keep, (str){ .at = (const char *)hash, .len = sizeof hash });
}

fault *certificate_issue(struct tx *tx, const struct conversion *c, struct certificate *made)
{
	DEFER(json_end) json_t *body = json_object();
	bool found;

	TRY(certificate_get(tx, c->id, made, &found));
	if (found)
		return NULL;
	TRY(body_make(tx, c, body));
	char *dumped = json_dumps(body, JSON_INDENT(1) | JSON_PRESERVE_ORDER);

	if (!dumped)
		return fault_new(FAULT_BUG, "The certificate could not be written as JSON.");
	*made = (struct certificate){ .issued_at = tx_now(tx) };
	made->body = str_copy(tx_arena(tx), str_of(dumped));
	free(dumped);
	made->sha256 = sha256(tx_arena(tx), made->body);
	return certificate_insert(tx, c->id, made->issued_at, made->body, made->sha256);
}

fault *certificate_get(struct tx *tx, id conversion, struct certificate *got, bool *found)
{
	struct certificate_by_conversion row;

	TRY(certificate_by_conversion(tx, conversion, &row, found));
	if (*found)
		*got = (struct certificate){ row.issued_at, row.body, row.sha256 };
	return NULL;
}
