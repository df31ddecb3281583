/* What the pages of a conversion say at its plan, and what they no longer say when it is over. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "convert/conversion_json.h"
#include "convert/plan_view.h"
#include "journey.h"

#define TENANTS	     NOVATE_SOURCE "/tests/tenants/"
#define TWO_CHANNELS S("two-channels.onmicrosoft.com")
#define FAR_AWAY     S("far-away.onmicrosoft.com")

static const struct sold_shown *sold_by(const struct conversion_shown *shown, const char *by)
{
	for (size_t i = 0; i < shown->sold.len; i++)
		if (str_eq(str_of(shown->sold.at[i].by), str_of(by)))
			return &shown->sold.at[i];
	fail_msg("nothing is sold by “%s”", by);
	return NULL;
}

static fault *fill(struct tx *tx, struct journey *j, struct conversion_shown *shown)
{
	return conversion_view_fill(tx, &j->c, S("http://localhost"), shown);
}

/* Every line that is bought may become something else, or nothing. */
static fault *choices_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct conversion_shown shown;

	TRY(fill(tx, j, &shown));
	TRY(plan_view_choices(tx, &j->c, &shown));
	assert_true(shown.may_choose && shown.lines.len > 0);
	for (size_t i = 0; i < shown.lines.len; i++) {
		const struct line_shown *l = &shown.lines.at[i];

		assert_int_equal(l->targets.len > 2 && l->terms.len > 1, l->direct > 0);
	}
	return NULL;
}

static fault *plan_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct conversion_shown shown;
	const struct sold_shown *theirs;
	str json;

	TRY(fill(tx, j, &shown));
	for (size_t i = 0; i < shown.sold.len; i++)
		assert_false(str_is_empty(shown.sold.at[i].reason));
	assert_true(str_eq(sold_by(&shown, "Microsoft itself")->owner, S("direct")));
	theirs = sold_by(&shown, "Another partner");
	assert_true(str_starts(theirs->reason, S("Microsoft names the partner ")));
	assert_true(shown.overlap.len > 0);
	TRY(conversion_json_one(tx_arena(tx), &j->c, &shown, &json));
	assert_true(str_find(json, S("\"owner\":\"other-partner\"")) >= 0);
	assert_true(str_find(json, theirs->reason) >= 0);
	return NULL;
}

static fault *done_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct conversion_shown shown;

	TRY(fill(tx, j, &shown));
	assert_true(shown.done && shown.has_plan && shown.sold.len > 0);
	assert_int_equal(shown.overlap.len, 0);
	assert_true(str_is_empty(shown.cost_now) && instant_is_none(shown.best_at));
	assert_true(instant_is_none(shown.undo_until));
	return NULL;
}

static fault *bought_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct conversion_shown shown;

	TRY(fill(tx, j, &shown));
	assert_false(instant_is_none(shown.undo_until));
	assert_int_equal(shown.overlap.len, 0);
	return NULL;
}

static void two_sellers(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, TWO_CHANNELS, TENANTS "two-channels.json");
	journey_to_the_door(&j);
	vendor_stage_act(j.vendor, "consent", TWO_CHANNELS);
	journey_knock(&j);
	journey_go_on_for(&j, 10);
	assert_int_equal(j.c.step, STEP_PLAN);
	journey_let(&j, plan_body);
	journey_let(&j, choices_body);
	journey_to_the_cancelling(&j);
	journey_let(&j, bought_body);
	j.idle = false;
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_let(&j, done_body);
	journey_close(&j);
}

/* The administrator is told what they can mend, and not what is our own affair. */
static fault *findings_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct conversion_shown shown;
	size_t ours = 0;

	TRY(fill(tx, j, &shown));
	for (size_t i = 0; i < shown.findings.len; i++) {
		const struct finding_shown *f = &shown.findings.at[i];

		ours += f->ours;
		assert_int_equal(f->ours, str_find(f->said, S("we sell in")) >= 0);
	}
	assert_int_equal(ours, 1);
	assert_true(shown.findings.len > 1);
	return NULL;
}

static void another_market(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, FAR_AWAY, TENANTS "far-away.json");
	journey_to_the_door(&j);
	vendor_stage_act(j.vendor, "consent", FAR_AWAY);
	journey_knock(&j);
	journey_go_on_for(&j, 10);
	journey_let(&j, findings_body);
	journey_close(&j);
}

#define TOLD(body, story)                 \
	static void story(void **state)   \
	{                                 \
		(void)state;              \
		store_testing_each(body); \
	}
TOLD(two_sellers, who_sold_what_is_told_and_what_is_over_is_not)
TOLD(another_market, an_operators_finding_is_not_for_the_door)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_sold_what_is_told_and_what_is_over_is_not),
		cmocka_unit_test(an_operators_finding_is_not_for_the_door),
	};

	return cmocka_run_group_tests_name("journey_page", tests, NULL, NULL);
}
