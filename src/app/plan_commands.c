/* `novate convert choose | account | when | answer`: what a person decides about a conversion. */
#include <stdio.h>

#include "app/acting.h"
#include "app/command.h"
#include "app/setup.h"
#include "convert/decision.h"
#include "convert/plan.h"
#include "convert/plan_choice.h"
#include "market/sku.h"

struct deciding {
	struct setup *setup;
	const struct command_line *line;
	struct asker by;
	struct conversion c;
};

static str word(const struct deciding *d, size_t at)
{
	return str_of(d->line->words[at]);
}

static fault *find(struct tx *tx, struct deciding *d)
{
	bool found;

	TRY(acting_as(tx, command_given(d->line, "as"), &d->by));
	TRY(conversion_of_domain(tx, &d->by, word(d, 0), &d->c, &found));
	if (!found)
		return fault_new(FAULT_MISSING,
				 "%.*s is not being converted. `novate convert start %.*s` begins.",
				 STR(word(d, 0)), STR(word(d, 0)));
	return NULL;
}

/* A SKU as people write it: its id or its part number. */
static fault *sku_named(struct tx *tx, str name, str *guid)
{
	struct skus skus;

	*guid = str_lower(tx_arena(tx), name);
	if (str_is_guid(name))
		return NULL;
	TRY(sku_by_part_number(tx, name, &skus));
	if (skus.len != 1)
		return fault_new(FAULT_INPUT,
				 skus.len ? "More than one SKU is called %.*s; give its id."
					  : "The catalog has no SKU called %.*s.",
				 STR(name));
	*guid = skus.at[0].guid;
	return NULL;
}

static fault *choose_body(struct tx *tx, void *with)
{
	struct deciding *d = with;
	const char *term = command_given(d->line, "term");
	str sku, target = S("");

	TRY(find(tx, d));
	TRY(sku_named(tx, word(d, 1), &sku));
	if (str_eq(word(d, 2), S("same")))
		target = sku;
	else if (!str_eq(word(d, 2), S("nothing")))
		TRY(sku_named(tx, word(d, 2), &target));
	return plan_choice_take(tx, &d->by, d->c.id, sku, target,
				str_of(term ? term : plan_choice_terms[0]));
}

static fault *account_body(struct tx *tx, void *with)
{
	struct deciding *d = with;
	str kind = word(d, 1);

	TRY(find(tx, d));
	if (str_eq(kind, S("mosa")))
		return plan_choice_account(tx, &d->by, d->c.id, ACCOUNT_MOSA);
	if (str_eq(kind, S("mca")))
		return plan_choice_account(tx, &d->by, d->c.id, ACCOUNT_MCA);
	if (str_eq(kind, S("unknown")))
		return plan_choice_account(tx, &d->by, d->c.id, ACCOUNT_UNKNOWN);
	return fault_new(FAULT_INPUT,
			 "“%.*s” is no kind of billing account; it is mosa, mca or unknown.",
			 STR(kind));
}

static fault *when_body(struct tx *tx, void *with)
{
	struct deciding *d = with;
	instant at = INSTANT_NONE;

	TRY(find(tx, d));
	if (!str_eq(word(d, 1), S("now")) && !instant_from_rfc3339(word(d, 1), &at))
		return fault_new(FAULT_INPUT,
				 "“%.*s” is no date. Write it as 2027-03-01, or “now”.",
				 STR(word(d, 1)));
	return conversion_schedule(tx, &d->by, d->c.id, at);
}

static fault *open_question(struct tx *tx, id conversion, struct decision *open)
{
	struct decisions all;

	TRY(decision_all(tx, conversion, &all));
	for (size_t i = all.len; i-- > 0;) {
		if (!str_is_none(all.at[i].answer))
			continue;
		*open = all.at[i];
		return NULL;
	}
	return fault_new(FAULT_CONFLICT, "This conversion asks nothing just now.");
}

/* Without an answer the question is shown. */
static fault *answer_body(struct tx *tx, void *with)
{
	struct deciding *d = with;
	struct decision open;

	TRY(find(tx, d));
	TRY(open_question(tx, d->c.id, &open));
	if (d->line->count > 1)
		return decision_take(tx, &d->by, d->c.id, open.key, word(d, 1));
	(void)printf("%.*s\n", STR(open.question));
	for (size_t i = 0; i < open.options.len; i++)
		(void)printf("  %-12s %s. %s\n", open.options.at[i]->word,
			     open.options.at[i]->label, open.options.at[i]->means);
	return NULL;
}

static fault *decide(struct setup *setup, const struct command_line *line, int *status,
		     const char *name, store_body *body)
{
	struct deciding d = { .setup = setup, .line = line };

	*status = COMMAND_DONE;
	return store_run(setup->store, STORE_WRITE, setup->arena, name, body, &d);
}

static fault *choose(struct setup *setup, const struct command_line *line, int *status)
{
	return decide(setup, line, status, "convert.choose", choose_body);
}

static fault *account(struct setup *setup, const struct command_line *line, int *status)
{
	return decide(setup, line, status, "convert.account", account_body);
}

static fault *when(struct setup *setup, const struct command_line *line, int *status)
{
	return decide(setup, line, status, "convert.when", when_body);
}

static fault *answer(struct setup *setup, const struct command_line *line, int *status)
{
	return decide(setup, line, status, "convert.answer", answer_body);
}

#define AS                                                                         \
	{                                                                          \
		"as", "EMAIL", "Act as this account (default: the first operator)" \
	}

static const struct command_option options[] = { AS, { NULL } };
static const struct command_option choose_options[] = {
	AS,
	{ "term", "TERM", "“P1Y monthly” (default), “P1Y annual”, “P1M monthly”, “P3Y annual”" },
	{ NULL }
};

static const struct command commands[] = {
	{ .name = "convert choose",
	  .words = "TENANT SKU INSTEAD",
	  .least = 3,
	  .most = 3,
	  .options = choose_options,
	  .about = "Choose what is bought for a SKU of the plan",
	  .more = "SKU and INSTEAD are part numbers or ids; INSTEAD may be “same” or “nothing”. "
		  "The plan is made anew and needs a new approval.",
	  .needs = NEEDS_STORE,
	  .run = choose },
	{ .name = "convert account",
	  .words = "TENANT mosa|mca|unknown",
	  .least = 2,
	  .most = 2,
	  .options = options,
	  .about = "Say how the tenant pays Microsoft",
	  .needs = NEEDS_STORE,
	  .run = account },
	{ .name = "convert when",
	  .words = "TENANT now|DATE",
	  .least = 2,
	  .most = 2,
	  .options = options,
	  .about = "Say when to buy",
	  .needs = NEEDS_STORE,
	  .run = when },
	{ .name = "convert answer",
	  .words = "TENANT [ANSWER]",
	  .least = 1,
	  .most = 2,
	  .options = options,
	  .about = "Show the question that a conversion asks, or answer it",
	  .needs = NEEDS_STORE,
	  .run = answer },
};

const struct command_table plan_commands = { commands, COUNT(commands) };
