#include "convert/preflight.h"

#include "convert/overlap.h"
#include "convert/tenant_testing.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A healthy tenant of twelve seats, twelve users; each test spoils one thing. */
struct stage {
	struct arena *arena;
	struct snapshot before;
	struct plan plan;
	struct billing_facts billing;
	struct overlap_terms overlap;
	struct preflight_sku skus[2];
	struct preflight_facts facts;
};

static const struct plan_offer on_sale = {
	.found = true,
	.title = { "Microsoft 365 Business Standard", 31 },
	.term = { "P1Y", 3 },
	.billing = { "monthly", 7 },
	.least = 1,
	.most = 300,
	.price = { .minor = 800, .in = { "USD" } },
};

static void stage_open(struct stage *s, struct arena *arena, const char *status, int64_t units,
		       int64_t users)
{
	const struct tenant_testing_subscription sub = { "s1",	TESTING_SKU,  status,
							 units, OWNER_DIRECT, false };
	struct plan_offer offers[2] = { { .title = S("") }, on_sale };

	*s = (struct stage){ .arena = arena };
	s->before = tenant_testing(arena, &sub, 1, users, 0);
	s->plan = plan_make(arena, &s->before, offers);
	s->facts = (struct preflight_facts){ .before = &s->before,
					     .plan = &s->plan,
					     .billing = &s->billing,
					     .overlap = &s->overlap,
					     .account = ACCOUNT_MOSA,
					     .tenant_country = S("US"),
					     .our_country = S("US"),
					     .is_ours = true,
					     .agreement = AGREEMENT_SIGNED,
					     .skus = s->skus };
}

static const struct finding *find(struct findings *list, const char *kind)
{
	for (size_t i = 0; i < list->len; i++)
		if (str_eq(list->at[i].kind, str_of(kind)))
			return &list->at[i];
	return NULL;
}

static void must_find(struct stage *s, const char *kind, enum finding_weight weight,
		      enum conversion_waits whose)
{
	struct findings found = preflight(s->arena, &s->facts);
	const struct finding *f = find(&found, kind);

	if (!f)
		fail_msg("no finding “%s”", kind);
	if (!f) /* for who reads the code without cmocka */
		return;
	assert_int_equal(f->weight, weight);
	assert_int_equal(f->whose, whose);
	assert_false(str_is_empty(f->said));
	assert_false(str_is_empty(f->mend));
}

static void says(struct stage *s, const char *kind, const char *words)
{
	struct findings found = preflight(s->arena, &s->facts);
	const struct finding *f = find(&found, kind);

	assert_true(f && str_find(f->said, str_of(words)) > 0);
}

static void a_healthy_tenant_has_no_finding(void **state)
{
	struct stage s;
	struct findings found;

	stage_open(&s, *state, "Enabled", 12, 12);
	found = preflight(s.arena, &s.facts);
	for (size_t i = 0; i < found.len; i++)
		fail_msg("%s: %s", str_cstr(*state, found.at[i].kind),
			 str_cstr(*state, found.at[i].said));
}

static void what_lapsed_and_is_in_use_is_a_warning(void **state)
{
	struct stage s;

	stage_open(&s, *state, "Warning", 12, 12);
	must_find(&s, "lapsed-in-use", FINDING_WARNING, WAITS_PARTNER);
	stage_open(&s, *state, "Suspended", 12, 0);
	must_find(&s, "lapsed", FINDING_NOTE, WAITS_PARTNER);
}

static void what_lapsed_beside_enough_that_is_paid_is_said(void **state)
{
	struct stage s;

	stage_open(&s, *state, "Enabled", 12, 12);
	s.before.skus.at[1].suspended = 5;
	must_find(&s, "lapsed", FINDING_NOTE, WAITS_PARTNER);
}

static void more_users_than_seats_is_a_warning(void **state)
{
	struct stage s;

	stage_open(&s, *state, "Enabled", 11, 12);
	must_find(&s, "over-assigned", FINDING_WARNING, WAITS_ADMINISTRATOR);
	says(&s, "over-assigned", "It stays that way");
	s.plan.at[1].target = TESTING_OTHER;
	s.plan.at[1].target_title = S("Successor");
	says(&s, "over-assigned", "seats of Successor are bought: no more users");
}

static void users_of_a_group_matter_most_when_they_move(void **state)
{
	struct stage s;

	stage_open(&s, *state, "Enabled", 12, 12);
	s.before.holds.at[0].group = S("g1");
	must_find(&s, "group-inherited", FINDING_NOTE, WAITS_ADMINISTRATOR);
	s.plan.at[1].target = TESTING_OTHER;
	must_find(&s, "group-inherited", FINDING_WARNING, WAITS_ADMINISTRATOR);
}

static void switched_off_services_are_told(void **state)
{
	struct stage s;

	stage_open(&s, *state, "Enabled", 12, 12);
	s.before.holds.at[3].disabled = S("57ff2da0-773e-42df-b2af-ffb7a2317929");
	must_find(&s, "disabled-plans", FINDING_NOTE, WAITS_PARTNER);
}

static void a_user_without_a_location_cannot_be_moved(void **state)
{
	struct stage s;

	stage_open(&s, *state, "Enabled", 12, 12);
	s.before.holds.at[3].unlocated = true;
	must_find(&s, "usage-location", FINDING_NOTE, WAITS_ADMINISTRATOR);
	s.plan.at[1].target = TESTING_OTHER;
	must_find(&s, "usage-location", FINDING_WARNING, WAITS_ADMINISTRATOR);
}

static void a_market_that_is_not_ours_is_told_before_the_order(void **state)
{
	static const struct {
		const char *theirs, *ours;
		bool told;
	} rows[] = { { "US", "US", false }, { "DE", "AT", false }, { "CH", "FR", false },
		     { "DE", "US", true },  { "", "US", false },   { "GB", "DE", true } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct findings found;
		struct stage s;

		stage_open(&s, *state, "Enabled", 12, 12);
		s.facts.tenant_country = str_of(rows[i].theirs);
		s.facts.our_country = str_of(rows[i].ours);
		found = preflight(s.arena, &s.facts);
		if ((find(&found, "market") != NULL) != rows[i].told)
			fail_msg("%s to %s", rows[i].ours, rows[i].theirs);
	}
}

static void more_than_three_hundred_need_another_product(void **state)
{
	struct stage s;

	stage_open(&s, *state, "Enabled", 301, 12);
	must_find(&s, "seat-cap", FINDING_WARNING, WAITS_PARTNER);
}

static void a_missing_agreement_is_the_administrators(void **state)
{
	struct stage s;

	stage_open(&s, *state, "Enabled", 12, 12);
	s.facts.agreement = AGREEMENT_MISSING;
	must_find(&s, "agreement", FINDING_WARNING, WAITS_ADMINISTRATOR);
}

static void our_own_access_stops_the_plan(void **state)
{
	struct findings found;
	struct stage s;

	stage_open(&s, *state, "Enabled", 12, 12);
	s.facts.partner_access = fault_new(FAULT_DENIED, "Sign in again with a second factor.");
	must_find(&s, "partner-access", FINDING_STOP, WAITS_OPERATOR);
	found = preflight(s.arena, &s.facts);
	assert_non_null(finding_stop(&found));
}

static void an_unknown_account_is_asked_about(void **state)
{
	struct stage s;

	stage_open(&s, *state, "Enabled", 12, 12);
	s.facts.account = ACCOUNT_UNKNOWN;
	must_find(&s, "account-kind", FINDING_WARNING, WAITS_PARTNER);
}

static void a_retired_product_and_a_name_trap_are_told(void **state)
{
	struct stage s;

	stage_open(&s, *state, "Enabled", 12, 12);
	s.skus[1] = (struct preflight_sku){ .known = true, .retired = true, .note = S("Trap.") };
	must_find(&s, "retired", FINDING_WARNING, WAITS_PARTNER);
	must_find(&s, "name-trap", FINDING_NOTE, WAITS_PARTNER);
}

static void what_cannot_be_refunded_is_told(void **state)
{
	struct overlap_term term = { .title = S("Business Standard"),
				     .units = 12,
				     .end = ENDS_AT_TERM,
				     .ends = { INT64_C(1790000000000000) } };
	struct stage s;

	stage_open(&s, *state, "Enabled", 12, 12);
	s.overlap = (struct overlap_terms){ &term, 1 };
	must_find(&s, "no-refund", FINDING_WARNING, WAITS_PARTNER);
}

static void what_is_left_out_is_said(void **state)
{
	struct stage s;

	stage_open(&s, *state, "Enabled", 12, 12);
	s.before.subscriptions.at[0].trial = true;
	must_find(&s, "trial", FINDING_NOTE, WAITS_PARTNER);
	s.before.subscriptions.at[0].trial = false;
	s.before.subscriptions.at[0].owner = OWNER_OTHER_PARTNER;
	must_find(&s, "other-partner", FINDING_NOTE, WAITS_PARTNER);
}

/* Given, and of no use: a note, for everything can be done by hand. */
static void a_permission_that_cannot_be_used_is_a_note_in_its_own_words(void **state)
{
	struct stage s;
	struct findings found;

	stage_open(&s, *state, "Enabled", 12, 12);
	s.billing = (struct billing_facts){ .read = BILLING_FAILED,
					    .said = S("No billing account is shown.") };
	must_find(&s, "billing", FINDING_NOTE, WAITS_ADMINISTRATOR);
	found = preflight(s.arena, &s.facts);
	assert_int_equal(found.len, 1);
	assert_true(str_eq(found.at[0].said, S("No billing account is shown.")));
	assert_true(str_find(found.at[0].mend, S("by hand")) > 0);
}

static int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

#define TOLD(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD(a_healthy_tenant_has_no_finding),
		TOLD(what_lapsed_and_is_in_use_is_a_warning),
		TOLD(what_lapsed_beside_enough_that_is_paid_is_said),
		TOLD(more_users_than_seats_is_a_warning),
		TOLD(users_of_a_group_matter_most_when_they_move),
		TOLD(switched_off_services_are_told),
		TOLD(a_user_without_a_location_cannot_be_moved),
		TOLD(a_market_that_is_not_ours_is_told_before_the_order),
		TOLD(more_than_three_hundred_need_another_product),
		TOLD(a_missing_agreement_is_the_administrators),
		TOLD(our_own_access_stops_the_plan),
		TOLD(an_unknown_account_is_asked_about),
		TOLD(a_retired_product_and_a_name_trap_are_told),
		TOLD(what_cannot_be_refunded_is_told),
		TOLD(what_is_left_out_is_said),
		TOLD(a_permission_that_cannot_be_used_is_a_note_in_its_own_words),
	};

	return cmocka_run_group_tests_name("preflight", tests, NULL, NULL);
}
