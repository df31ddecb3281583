#include "convert/conversion_list_view.h"

#include "conversion_list_html.h"
#include "convert/batch.h"
#include "convert/conversion_row.h"
#include "remote/remote.h"

/* ---- addresses ---- */

static void add_word(struct text *href, struct arena *keep, const char *name, str value)
{
	if (str_is_empty(value))
		return;
	text_format(href, "%s%s=%.*s", str_find(text_str(href), S("?")) < 0 ? "?" : "&", name,
		    STR(remote_escape(keep, value)));
}

str conversion_list_view_href(struct arena *keep, str base, const struct conversion_filter *f)
{
	struct text href = text_open(keep);

	text_add(&href, base);
	add_word(&href, keep, "waits", f->waits);
	add_word(&href, keep, "state", f->state);
	add_word(&href, keep, "step", f->step);
	add_word(&href, keep, "text", f->text);
	add_word(&href, keep, "batch", f->batch);
	add_word(&href, keep, "after", f->after);
	return text_str(&href);
}

/* ---- tabs ---- */

/* "you" where the reader is the one who is waited for. */
static str waits_label(const struct asker *by, enum conversion_waits waits)
{
	bool you = (waits == WAITS_PARTNER && by->role == ROLE_PARTNER) ||
		   (waits == WAITS_OPERATOR && by->role == ROLE_OPERATOR);

	if (you)
		return S("you");
	return waits == WAITS_ADMINISTRATOR ? S("the administrator") : conversion_waits_word(waits);
}

static str state_label(enum conversion_state state)
{
	switch (state) {
	case CONVERSION_RUNNING: return S("Under way");
	case CONVERSION_STOPPING: return S("Being undone");
	case CONVERSION_DONE: return S("Done");
	case CONVERSION_UNDONE: return S("Undone");
	case CONVERSION_REFUSED: return S("Not converted");
	case CONVERSION_WAITING:
	case CONVERSION_STATE_COUNT: break;
	}
	return S("Waiting");
}

struct tabbing {
	struct arena *keep;
	const struct conversion_filter *now;
	str base;
	struct list_tabs *tabs;
};

/* A tab keeps what else narrows the list, and begins at its first page. */
static void add_tab(struct tabbing *t, str label, str waits, str state, int64_t count, bool always)
{
	struct conversion_filter f = *t->now;
	bool here = str_eq(f.waits, waits) && str_eq(f.state, state);

	if (!count && !here && !always)
		return;
	f.waits = waits;
	f.state = state;
	f.after = STR_NONE;
	t->tabs->at[t->tabs->len++] = (struct list_tab){
		.label = label,
		.href = conversion_list_view_href(t->keep, t->base, &f),
		.count = count,
		.here = here,
	};
}

static void fill_tabs(struct arena *keep, const struct asker *by, const struct conversion_filter *f,
		      const struct standing *s, struct conversion_list_view *view)
{
	struct tabbing t = { keep, f, view->base, &view->tabs };
	static const enum conversion_state states[] = { CONVERSION_RUNNING, CONVERSION_STOPPING,
							CONVERSION_DONE, CONVERSION_UNDONE,
							CONVERSION_REFUSED };
	static const enum conversion_waits whom[] = { WAITS_PARTNER, WAITS_OPERATOR,
						      WAITS_ADMINISTRATOR, WAITS_MICROSOFT };

	view->tabs.at = NEW_ARRAY(keep, struct list_tab, COUNT(states) + COUNT(whom) + 2);
	add_tab(&t, S("All"), STR_NONE, STR_NONE, standing_all(s), true);
	for (size_t i = 0; i < COUNT(whom); i++) {
		str who = waits_label(by, whom[i]);

		add_tab(&t, str_format(keep, "Waits for %.*s", STR(who)),
			conversion_row_waits(whom[i]), STR_NONE, standing_waiting_for(s, whom[i]),
			str_eq(who, S("you")));
	}
	add_tab(&t, S("Waits for its date"), S("date"), STR_NONE, s->dated, false);
	for (size_t i = 0; i < COUNT(states); i++)
		add_tab(&t, state_label(states[i]), STR_NONE, conversion_state_word(states[i]),
			s->of_state[states[i]], false);
}

static void fill_steps(struct arena *keep, str chosen, struct conversion_list_view *view)
{
	view->steps.at = NEW_ARRAY(keep, struct list_step, CONVERSION_STEP_COUNT);
	view->steps.len = CONVERSION_STEP_COUNT;
	for (enum conversion_step s = 0; s < CONVERSION_STEP_COUNT; s++)
		view->steps.at[s] = (struct list_step){
			.word = conversion_step_word(s),
			.label = conversion_step_does(s),
			.chosen = str_eq(conversion_step_word(s), chosen),
		};
}

/* ---- the list ---- */

static str or_empty(str s)
{
	return str_is_none(s) ? S("") : s;
}

static void fill_lines(struct arena *keep, const struct conversion_lines *lines, str public_url,
		       struct conversion_list_view *view)
{
	view->lines.at = NEW_ARRAY(keep, struct list_line, lines->len + 1);
	view->lines.len = lines->len;
	for (size_t i = 0; i < lines->len; i++) {
		struct list_line *l = &view->lines.at[i];

		conversion_view_line(keep, &lines->at[i].c, public_url, &l->shown);
		l->partner = or_empty(lines->at[i].partner_name);
		l->since = lines->at[i].since;
	}
}

/* Whoever asks for a batch sees the counts of what is its own in it: the rule of a batch. */
static fault *list_standing(struct tx *tx, const struct asker *by,
			    const struct conversion_filter *f, struct standing *standing)
{
	id batch;

	if (str_is_none(f->batch) || !id_from_text("bat", f->batch, &batch))
		return standing_of(tx, by, f->text, standing);
	TRY(batch_may_see(tx, by, batch));
	return standing_of_a_batch(tx, batch, standing);
}

fault *conversion_list_view_fill(struct tx *tx, const struct asker *by,
				 const struct conversion_filter *filter, str base, str public_url,
				 struct conversion_list_view *view)
{
	struct arena *a = tx_arena(tx);
	struct conversion_filter other = *filter;
	struct conversion_lines lines;
	struct standing standing;

	TRY(conversion_list_page(tx, by, filter, &lines));
	TRY(list_standing(tx, by, filter, &standing));
	view->base = base;
	view->with_partner = by->role == ROLE_OPERATOR;
	view->waits = or_empty(filter->waits);
	view->state = or_empty(filter->state);
	view->text = or_empty(filter->text);
	view->batch = or_empty(filter->batch);
	view->narrowed = view->waits.len + view->state.len + view->text.len + filter->step.len > 0;
	view->any = standing_all(&standing) > 0 || view->narrowed || view->batch.len;
	fill_tabs(a, by, filter, &standing, view);
	fill_steps(a, filter->step, view);
	fill_lines(a, &lines, public_url, view);
	other.after = lines.next;
	view->next = str_is_none(lines.next) ? S("") : conversion_list_view_href(a, base, &other);
	other.after = STR_NONE;
	view->first = str_is_none(filter->after) ? S("")
						 : conversion_list_view_href(a, base, &other);
	return NULL;
}

void conversion_list_view_show(struct html *out, const struct conversion_list_view *view)
{
	conversion_list_found(out, view);
}

/* ---- the board ---- */

/* Short enough for a column of ten. */
static const char *const step_labels[CONVERSION_STEP_COUNT] = {
	[STEP_RECORD] = "Record",	  [STEP_PLAN] = "Plan",
	[STEP_CONSENT] = "Consent",	  [STEP_ORDER] = "Order",
	[STEP_PROVISION] = "Provision",	  [STEP_SEE_BOTH] = "See both",
	[STEP_MOVE_USERS] = "Move users", [STEP_CANCEL_OLD] = "Cancel old",
	[STEP_SEE_NEW] = "See only new",  [STEP_CERTIFICATE] = "Certificate",
};

/* Who has to act stands out; what goes on by itself does not. */
static const char *badge_look(enum conversion_waits waits)
{
	return waits == WAITS_MICROSOFT || waits == WAITS_NOBODY ? "now" : "waits";
}

static str badge_label(const struct asker *by, enum conversion_waits waits)
{
	switch (waits) {
	case WAITS_NOBODY: return S("under way");
	case WAITS_ADMINISTRATOR: return S("administrator");
	case WAITS_OPERATOR: return by->role == ROLE_OPERATOR ? S("you") : S("operator");
	case WAITS_PARTNER: return by->role == ROLE_PARTNER ? S("you") : S("partner");
	case WAITS_MICROSOFT: break;
	}
	return S("Microsoft");
}

static void fill_oldest(const struct tx *tx, instant oldest, struct board_step *shown)
{
	int64_t waited = instant_is_none(oldest) ? 0 : instant_since(tx_now(tx), oldest);

	shown->waits = !instant_is_none(oldest);
	shown->oldest = waited < MINUTES(1) ? S("a moment")
					    : duration_for_people(tx_arena(tx), waited);
}

static void fill_step(const struct tx *tx, const struct asker *by, const struct standing *s,
		      str base, enum conversion_step step, struct board_step *shown)
{
	struct arena *keep = tx_arena(tx);
	struct conversion_filter f = { .step = conversion_step_word(step) };

	shown->label = str_of(step_labels[step]);
	shown->does = conversion_step_does(step);
	shown->href = conversion_list_view_href(keep, base, &f);
	shown->count = standing_at_step(s, step);
	fill_oldest(tx, standing_oldest(s, step), shown);
	shown->badges.at = NEW_ARRAY(keep, struct board_badge, WAITS_OPERATOR + 1);
	for (enum conversion_waits w = WAITS_NOBODY; w <= WAITS_OPERATOR; w++) {
		if (!s->at[step][w].count)
			continue;
		f.waits = conversion_row_waits(w);
		shown->badges.at[shown->badges.len++] = (struct board_badge){
			.look = badge_look(w),
			.label = badge_label(by, w),
			.href = conversion_list_view_href(keep, base, &f),
			.count = s->at[step][w].count,
		};
	}
}

static void fill_ended(struct arena *keep, const struct standing *s, str base,
		       struct list_tabs *ended)
{
	const struct conversion_filter any = { .waits = STR_NONE };
	struct tabbing t = { keep, &any, base, ended };

	ended->at = NEW_ARRAY(keep, struct list_tab, CONVERSION_STATE_COUNT);
	for (enum conversion_state state = 0; state < CONVERSION_STATE_COUNT; state++)
		if (conversion_ended(state))
			add_tab(&t, state_label(state), STR_NONE, conversion_state_word(state),
				s->of_state[state], state == CONVERSION_DONE);
}

void conversion_list_view_board(const struct tx *tx, const struct asker *by,
				const struct standing *standing, str base, struct board_view *view)
{
	struct arena *keep = tx_arena(tx);

	view->steps.at = NEW_ARRAY(keep, struct board_step, CONVERSION_STEP_COUNT);
	view->steps.len = CONVERSION_STEP_COUNT;
	view->living = 0;
	for (enum conversion_step s = 0; s < CONVERSION_STEP_COUNT; s++) {
		fill_step(tx, by, standing, base, s, &view->steps.at[s]);
		view->living += view->steps.at[s].count;
	}
	fill_ended(keep, standing, base, &view->ended);
}
