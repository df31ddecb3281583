#include "convert/move_view.h"

#include "market/sku.h"

#define ON_A_PAGE 100

static const struct {
	const char *look, *foreseen, *state;
} states[] = {
	[USER_MOVE_PLANNED] = { "waits", "Will change", "To be changed" },
	[USER_MOVE_MOVED] = { "done", "Changed", "Changed" },
	[USER_MOVE_REFUSED] = { "wrong", "Refused", "Refused" },
	[USER_MOVE_PUT_BACK] = { "", "Put back", "Put back" },
	[USER_MOVE_GONE] = { "", "Gone", "Had it no longer" },
};

static str title_of(const struct plan *plan, str sku)
{
	for (size_t i = 0; i < plan->len; i++) {
		if (str_eq(plan->at[i].sku, sku))
			return plan->at[i].title;
		if (str_eq(plan->at[i].target, sku))
			return plan->at[i].target_title;
	}
	return sku;
}

static void fill_lines(struct arena *keep, const struct user_move_list *list,
		       struct moves_shown *shown)
{
	shown->lines.at = NEW_ARRAY(keep, struct move_line_shown, list->plan.len + 1);
	for (size_t i = 0; i < list->plan.len; i++) {
		const struct plan_line *l = &list->plan.at[i];
		struct move_line_shown *made = &shown->lines.at[shown->lines.len];

		if (!plan_moves(l))
			continue;
		*made = (struct move_line_shown){ .from = l->title,
						  .to = l->target_title,
						  .gained = l->gained,
						  .lost = l->lost };
		shown->lines.len++;
		for (size_t m = 0; m < list->moves.len; m++)
			if (str_eq(list->moves.at[m].sku, l->sku)) {
				made->users++;
				made->groups += !str_is_empty(list->moves.at[m].through);
			}
	}
}

/* Names of service plans; one that the published list does not have keeps its id. */
static fault *names_of(struct tx *tx, str sku, str plans, str *names)
{
	struct text text = text_open(tx_arena(tx));
	struct sku_plans known;
	str one;

	TRY(sku_plans(tx, sku, &known));
	while (str_next(&plans, ' ', &one)) {
		str name = one;

		for (size_t i = 0; i < known.len; i++)
			if (str_eq(known.at[i].guid, one))
				name = known.at[i].friendly_name;
		if (one.len)
			text_format(&text, "%s%.*s", text_str(&text).len ? ", " : "", STR(name));
	}
	*names = text_str(&text);
	return NULL;
}

static str why_of(struct arena *keep, const struct user_move *m)
{
	const struct user_move_mend *mend = user_move_mend(m->cause);

	if (m->state != USER_MOVE_REFUSED)
		return S("");
	return str_format(keep, "It was refused: %s. %s Microsoft says: “%.*s”", mend->said,
			  mend->mend, STR(m->said));
}

static fault *fill_move(struct tx *tx, const struct user_move_list *list, const struct user_move *m,
			struct move_shown *made)
{
	bool group = !str_is_empty(m->through);

	*made = (struct move_shown){
		.user = m->person_name,
		.from = title_of(&list->plan, m->sku),
		.to = title_of(&list->plan, m->target),
		.group = str_is_empty(m->through_name) ? m->through : m->through_name,
		.stays_off = S(""),
		.look = list->foreseen ? "" : states[m->state].look,
		.state = list->foreseen ? states[m->state].foreseen : states[m->state].state,
		.why = why_of(tx_arena(tx), m),
	};
	return group || str_is_empty(m->disabled_after)
		       ? NULL
		       : names_of(tx, m->target, m->disabled_after, &made->stays_off);
}

static size_t count_of(const struct user_moves *moves, enum user_move_state state)
{
	return user_move_count(moves, state, false) + user_move_count(moves, state, true);
}

static void fill_paging(struct arena *keep, size_t page, size_t first, struct moves_shown *shown)
{
	shown->earlier = page > 1 ? str_format(keep, "%.*s/moves?page=%zu", STR(shown->address),
					       page - 1)
				  : S("");
	shown->later = first + ON_A_PAGE < shown->count ? str_format(keep, "%.*s/moves?page=%zu",
								     STR(shown->address), page + 1)
							: S("");
	shown->page_said = shown->count > ON_A_PAGE
				   ? str_format(keep, "%zu to %zu of %zu", first + 1,
						first + shown->moves.len, shown->count)
				   : S("");
}

fault *move_view_fill(struct tx *tx, const struct conversion *c, int64_t page,
		      struct moves_shown *shown)
{
	struct arena *a = tx_arena(tx);
	struct user_move_list list;
	size_t pages, first;

	TRY(user_move_list_load(tx, c, &list));
	*shown = (struct moves_shown){
		.title = str_is_empty(c->tenant_name) ? c->domain : c->tenant_name,
		.address = str_format(a, "/partner/conversions/%.*s",
				      STR(id_text(a, "cnv", c->id))),
		.foreseen = list.foreseen,
		.count = list.moves.len,
		.done = count_of(&list.moves, USER_MOVE_MOVED),
		.refused = count_of(&list.moves, USER_MOVE_REFUSED),
	};
	fill_lines(a, &list, shown);
	pages = shown->count ? (shown->count - 1) / ON_A_PAGE + 1 : 1;
	page = page < 1 ? 1 : page > (int64_t)pages ? (int64_t)pages : page;
	first = (size_t)(page - 1) * ON_A_PAGE;
	shown->moves.at = NEW_ARRAY(a, struct move_shown, ON_A_PAGE);
	for (size_t i = first; i < list.moves.len && i < first + ON_A_PAGE; i++)
		TRY(fill_move(tx, &list, &list.moves.at[i], &shown->moves.at[shown->moves.len++]));
	fill_paging(a, (size_t)page, first, shown);
	return NULL;
}
