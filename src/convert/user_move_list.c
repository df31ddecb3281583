#include "convert/user_move_list.h"

#include "convert/json_say.h"

/* What would be asked for, were the tenant still as it was recorded; no plan is without a record.
 */
static fault *foresee(struct tx *tx, const struct conversion *c, struct user_move_list *list)
{
	struct snapshot before = { .id = ID_NONE };
	struct user_move_look look = { .plan = &list->plan, .before = &before, .now = &before };
	bool found;

	TRY(snapshot_load(tx, c->id, SNAPSHOT_BEFORE, &before, &found));
	TRY(user_move_services(tx, &list->plan, NULL, &look.services));
	list->moves = user_move_forward(tx_arena(tx), &look);
	return NULL;
}

static int name_order(const void *left, const void *right)
{
	const struct user_move *a = left, *b = right;
	int order = str_compare(a->person_name, b->person_name);

	if (order == 0)
		order = str_compare(a->person, b->person);
	if (order == 0)
		order = str_compare(a->sku, b->sku);
	return order ? order : str_compare(a->through, b->through);
}

fault *user_move_list_load(struct tx *tx, const struct conversion *c, struct user_move_list *list)
{
	bool moves = false;

	*list = (struct user_move_list){ .foreseen = false };
	TRY(user_move_load(tx, c->id, &list->moves));
	TRY(plan_load(tx, c->id, &list->plan));
	for (size_t i = 0; i < list->plan.len; i++)
		moves |= plan_moves(&list->plan.at[i]);
	list->foreseen = moves && list->moves.len == 0;
	if (list->foreseen)
		TRY(foresee(tx, c, list));
	if (list->moves.len > 1)
		qsort(list->moves.at, list->moves.len, sizeof *list->moves.at, name_order);
	return NULL;
}

str user_move_list_part(const struct user_move_list *list, str sku)
{
	const struct plan *plan = &list->plan;

	for (size_t i = 0; i < plan->len; i++) {
		if (str_eq(plan->at[i].sku, sku))
			return plan->at[i].part_number;
		if (str_eq(plan->at[i].target, sku))
			return plan->at[i].target_part;
	}
	return sku;
}

static json_t *guids(str list)
{
	json_t *array = json_array();
	str one;

	while (str_next(&list, ' ', &one))
		if (one.len)
			json_array_append_new(array, json_say_text(one));
	return array;
}

/* What is switched off of the SKU: before, and after where that is ours to ask for. */
static json_t *sku_json(const struct user_move_list *list, str sku, str before)
{
	return json_pack("{s:o, s:o, s:o}", "sku", json_say_text(sku), "part_number",
			 json_say_text(user_move_list_part(list, sku)), "disabled_before",
			 guids(before));
}

static json_t *move_json(struct arena *scratch, const struct user_move_list *list,
			 const struct user_move *m)
{
	bool group = !str_is_empty(m->through);
	json_t *made = json_object();
	json_t *target = sku_json(list, m->target, m->target_before);

	if (!group)
		json_object_set_new(target, "disabled_after", guids(m->disabled_after));
	json_object_set_new(made, "user", json_say_text(m->person_name));
	json_object_set_new(made, "user_id", json_say_text(m->person));
	json_object_set_new(made, "group", group ? json_say_text(m->through) : json_null());
	json_object_set_new(made, "group_name",
			    group ? json_say_text(m->through_name) : json_null());
	json_object_set_new(made, "from", sku_json(list, m->sku, m->disabled_before));
	json_object_set_new(made, "to", target);
	json_object_set_new(made, "had_target", json_boolean(m->had_target));
	json_object_set_new(made, "state", json_say_text(user_move_state_word(m->state)));
	json_object_set_new(made, "cause", json_say_text(str_of(user_move_mend(m->cause)->word)));
	json_object_set_new(made, "said", json_say_text(m->said));
	json_object_set_new(made, "at",
			    list->foreseen ? json_null()
					   : json_say_text(instant_rfc3339(scratch, m->at)));
	return made;
}

fault *user_move_list_json(struct arena *keep, const struct conversion *c,
			   const struct user_move_list *list, str *json)
{
	DEFER(json_say_end) json_t *all = NULL;
	json_t *moves = json_array();

	for (size_t i = 0; i < list->moves.len; i++)
		json_array_append_new(moves, move_json(keep, list, &list->moves.at[i]));
	all = json_pack("{s:o, s:o, s:b, s:o}", "conversion",
			json_say_text(id_text(keep, "cnv", c->id)), "domain",
			json_say_text(c->domain), "foreseen", list->foreseen, "moves", moves);
	return json_say_dump(keep, all, JSON_INDENT(1) | JSON_PRESERVE_ORDER, json);
}

/* A cell that a spreadsheet would take for a formula is marked as text. */
static void cell(struct text *out, str value, bool last)
{
	text_add_char(out, '"');
	if (value.len && str_find(S("=+-@\t"), str_part(value, 0, 1)) >= 0)
		text_add_char(out, '\'');
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] == '"')
			text_add_char(out, '"');
		text_add_char(out, value.at[i]);
	}
	text_add(out, last ? S("\"\r\n") : S("\","));
}

str user_move_list_csv(struct arena *keep, const struct user_move_list *list)
{
	struct text out = text_open(keep);

	text_add(&out,
		 S("user,user_id,group,group_name,from_sku,from,to_sku,to,from_disabled_before,"
		   "to_disabled_before,to_disabled_after,had_target,state,cause,said,at\r\n"));
	for (size_t i = 0; i < list->moves.len; i++) {
		const struct user_move *m = &list->moves.at[i];

		cell(&out, m->person_name, false);
		cell(&out, m->person, false);
		cell(&out, m->through, false);
		cell(&out, m->through_name, false);
		cell(&out, m->sku, false);
		cell(&out, user_move_list_part(list, m->sku), false);
		cell(&out, m->target, false);
		cell(&out, user_move_list_part(list, m->target), false);
		cell(&out, m->disabled_before, false);
		cell(&out, m->target_before, false);
		cell(&out, m->disabled_after, false);
		cell(&out, m->had_target ? S("yes") : S("no"), false);
		cell(&out, user_move_state_word(m->state), false);
		cell(&out, str_of(user_move_mend(m->cause)->word), false);
		cell(&out, m->said, false);
		cell(&out, list->foreseen ? S("") : instant_rfc3339(keep, m->at), true);
	}
	return text_str(&out);
}
