#include "convert/plan_choice.h"

#include "conversion_sql.h"
#include "convert/conversion_row.h"
#include "convert/plan.h"
#include "market/sku.h"
#include "plan_choice_sql.h"

const char *const plan_choice_terms[] = { "P1Y monthly", "P1Y annual", "P1M monthly", "P3Y annual",
					  NULL };

bool plan_choice_term(str chosen, str *term, str *billing)
{
	for (size_t i = 0; plan_choice_terms[i]; i++) {
		str one = str_of(plan_choice_terms[i]);

		if (!str_eq(one, chosen))
			continue;
		*term = str_part(one, 0, 3);
		*billing = str_part(one, 4, one.len);
		return true;
	}
	return false;
}

static fault *must_be_choosing(const struct conversion *c)
{
	bool choosing = c->state == CONVERSION_WAITING && c->step == STEP_PLAN &&
			str_is_none(c->approved_hash);

	if (choosing)
		return NULL;
	return fault_new(FAULT_CONFLICT,
			 str_is_none(c->approved_hash)
				 ? "There is no plan to change just now. Wait for it, then choose."
				 : "The plan was approved already. Stop the conversion to make "
				   "another.");
}

/* The plan is made anew, with what was chosen. */
static fault *make_anew(struct tx *tx, const struct asker *by, const struct conversion *c, str said)
{
	str name;

	TRY(conversion_clear_plan(tx, c->id));
	TRY(conversion_set_step(tx, c->id, conversion_step_word(c->step))); /* waits for nobody */
	TRY(conversion_asker_name(tx, by, &name));
	TRY(conversion_say(tx, c, name, said));
	TRY(conversion_audit(tx, by, "conversion.choose", c->id));
	return conversion_look_now(tx, c->id);
}

static fault *line_find(struct tx *tx, id conversion, str sku, struct plan_line *line)
{
	struct plan plan;

	TRY(plan_load(tx, conversion, &plan));
	for (size_t i = 0; i < plan.len; i++) {
		if (str_eq_nocase(plan.at[i].sku, sku)) {
			*line = plan.at[i];
			return NULL;
		}
	}
	return fault_new(FAULT_INPUT, "“%.*s” is no SKU of this plan.", STR(str_cut(sku, 40)));
}

/* The title of what was chosen; none for leaving it. */
static fault *target_check(struct tx *tx, const struct plan_line *line, str target, str *title)
{
	struct sku sku;
	bool known;

	*title = line->title;
	if (str_is_none(target))
		return fault_new(FAULT_INPUT, "Say what to buy for %.*s: a SKU, or nothing at all.",
				 STR(line->title));
	if (str_is_empty(target)) {
		*title = STR_NONE;
		return NULL;
	}
	if (str_eq_nocase(target, line->sku))
		return NULL;
	TRY(sku_find(tx, target, &sku, &known));
	if (!known || sku.free)
		return fault_new(FAULT_INPUT,
				 "“%.*s” is no SKU that our catalog sells. Choose another.",
				 STR(str_cut(target, 40)));
	*title = sku.name;
	return NULL;
}

static str chosen_words(struct arena *keep, const struct plan_line *line,
			const struct plan_choice *choice, str title)
{
	if (str_is_none(title))
		return str_format(keep, "Chose to leave %.*s as it is.", STR(line->title));
	return str_format(keep, "Chose %.*s (%.*s, billed %.*s) for %.*s.", STR(title),
			  STR(choice->term), STR(choice->billing), STR(line->title));
}

fault *plan_choice_take(struct tx *tx, const struct asker *by, id conversion, str sku, str target,
			str term)
{
	struct plan_choice choice = { .target = str_lower(tx_arena(tx), target) };
	struct plan_line line;
	struct conversion c;
	str title;

	TRY(conversion_get(tx, by, conversion, &c));
	TRY(must_be_choosing(&c));
	TRY(line_find(tx, conversion, sku, &line));
	TRY(target_check(tx, &line, choice.target, &title));
	if (!plan_choice_term(term, &choice.term, &choice.billing))
		return fault_new(FAULT_INPUT,
				 "“%.*s” is no term that is sold; it is P1Y monthly, P1Y annual, "
				 "P1M monthly or P3Y annual.",
				 STR(str_cut(term, 40)));
	TRY(plan_choice_put(tx, &(struct plan_choice_put_in){ .conversion = conversion,
							      .sku = line.sku,
							      .target = choice.target,
							      .term = choice.term,
							      .billing = choice.billing }));
	return make_anew(tx, by, &c, chosen_words(tx_arena(tx), &line, &choice, title));
}

fault *plan_choice_account(struct tx *tx, const struct asker *by, id conversion,
			   enum conversion_account account)
{
	static const struct {
		const char *word, *said;
	} kinds[] = {
		[ACCOUNT_UNKNOWN] = { NULL, "Said that the kind of billing account is not known." },
		[ACCOUNT_MOSA] = { "mosa", "Said that the tenant pays by an Online Subscription "
					   "Agreement (MOSA)." },
		[ACCOUNT_MCA] = { "mca", "Said that the tenant pays by a Microsoft Customer "
					 "Agreement (MCA)." },
	};
	struct conversion c;

	TRY(conversion_get(tx, by, conversion, &c));
	TRY(must_be_choosing(&c));
	if (c.account != ACCOUNT_UNKNOWN && !c.account_by_partner)
		return fault_new(FAULT_CONFLICT,
				 "Microsoft itself has told how this tenant pays; that stands.");
	TRY(plan_choice_set_account(tx, c.id,
				    kinds[account].word ? str_of(kinds[account].word) : STR_NONE,
				    kinds[account].word ? S("partner") : STR_NONE));
	return make_anew(tx, by, &c, str_of(kinds[account].said));
}

fault *plan_choice_load(struct tx *tx, id conversion, struct plan_choices *choices)
{
	struct plan_choice_rows_list rows;

	TRY(plan_choice_rows(tx, conversion, &rows));
	choices->len = rows.len;
	choices->at = NEW_ARRAY(tx_arena(tx), struct plan_choice, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++)
		choices->at[i] = (struct plan_choice){ rows.at[i].sku, rows.at[i].target,
						       rows.at[i].term, rows.at[i].billing };
	return NULL;
}

const struct plan_choice *plan_choice_of(const struct plan_choices *choices, str sku)
{
	for (size_t i = 0; i < choices->len; i++)
		if (str_eq(choices->at[i].sku, sku))
			return &choices->at[i];
	return NULL;
}
