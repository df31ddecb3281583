/* assignLicense: every rule with its sentence, all of a call or nothing of it. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "directory_subscription_sql.h"
#include "license_pool_sql.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/license_hold.h"
#include "sandbox/license_plan.h"
#include "sandbox/sandbox_testing.h"
#include "sandbox/tenant_state.h"

#define BASIC	 "3b555118-da6a-4418-894f-7df1e2096870" /* O365_BUSINESS_ESSENTIALS */
#define E1	 "18181a46-0d4e-45cd-891e-60aabd171b4e"
#define E3	 "6fd2c87f-b296-42f0-b197-1e91e994b900"
#define MAILBOX	 "4b9405b0-7788-4568-add1-99614e613b69" /* EXCHANGESTANDARD */
#define MAILBOX2 "19ec0d23-8335-4cbd-94ac-6050e30712fa" /* EXCHANGEENTERPRISE */
#define AUDIO	 "0c266dff-15dd-4b49-8397-2bb16070ed52" /* MCOMEETADV */
#define STORAGE	 "99049c9c-6011-4908-bf17-15f496e6519d" /* applies to the company */
#define OWN_PLAN "57ff2da0-773e-42df-b2af-ffb7a2317929" /* TEAMS1, in STANDARD and E1 */
#define FOREIGN	 "43de0ff5-c92c-492b-9116-175376d08c38" /* OFFICESUBSCRIPTION, in E3 only */

#define ADD(sku)	      "{\"skuId\":\"" sku "\",\"disabledPlans\":[]}"
#define LESS(sku, plan)	      "{\"skuId\":\"" sku "\",\"disabledPlans\":[\"" plan "\"]}"
#define CHANGE(adds, removes) "{\"addLicenses\":[" adds "],\"removeLicenses\":[" removes "]}"

static const char *const bought[] = { BASIC, E1, E3, MAILBOX2, AUDIO, STORAGE };

static fault *buy(struct tx *tx, void *with)
{
	struct sandbox_testing *t = with;

	TRY(directory_subscription_sku_add(tx, &(struct directory_subscription_sku_add_in){
						       .tenant = t->workshop,
						       .sku = S(STORAGE),
						       .part_number = S("STORAGE"),
						       .applies_to = S("Company"),
						       .service_plans = S("[]"),
					       }));
	for (size_t i = 0; i < COUNT(bought); i++)
		TRY(directory_subscription_open(
			tx, &(struct directory_subscription){
				    .id = str_format(t->arena,
						     "aaaaaaaa-0000-4000-8000-00000000000%zu", i),
				    .tenant = t->workshop,
				    .sku = str_of(bought[i]),
				    .part_number = str_of(bought[i]),
				    .units = 3,
				    .created = tx_now(tx),
				    .next_lifecycle = instant_after(tx_now(tx), DAYS(365)),
			    }));
	return NULL;
}

static struct sandbox_testing_answer assign(struct sandbox_testing *t, const char *user,
					    const char *body)
{
	return sandbox_testing_ask(
		t, POST, sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
		str_format(t->arena, "/v1.0/users/%s@%s/assignLicense", user, TESTING_WORKSHOP),
		str_of(body));
}

static struct sandbox_testing_answer user_of(struct sandbox_testing *t, const char *user)
{
	return sandbox_testing_ask(
		t, GET, sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
		str_format(t->arena,
			   "/v1.0/users/%s@%s?$select=assignedLicenses,licenseAssignmentStates",
			   user, TESTING_WORKSHOP),
		STR_NONE);
}

static size_t licenses_of(struct sandbox_testing *t, const char *user)
{
	struct sandbox_testing_answer got = user_of(t, user);

	return json_array_size(json_object_get(got.json, "assignedLicenses"));
}

static void a_rule_that_is_broken_is_named_and_nothing_of_the_call_happens(void **state)
{
	static const struct {
		const char *body, *says;
	} rows[] = {
		{ CHANGE(LESS(E1, FOREIGN), "\"" TESTING_STANDARD "\""), "does not belong" },
		{ CHANGE(ADD("c7df2760-2c81-4ef7-b578-5b5392b571df"), ""), "is not valid" },
		{ CHANGE(ADD(STORAGE), ""), "cannot be assigned" },
		{ CHANGE(ADD(TESTING_STANDARD), "\"" TESTING_STANDARD "\""), "both added" },
		{ CHANGE(ADD(AUDIO), "\"" E1 "\""), "does not have a corresponding license" },
		/* SharePoint of the E plans and of the business plans */
		{ CHANGE(ADD(E3), ""), "mutually exclusive" },
		/* without Teams and Skype nobody has audio conferencing */
		{ CHANGE(ADD(AUDIO), "\"" TESTING_STANDARD "\""),
		  "depends on the service plan(s)" },
	};
	struct sandbox_testing *t = *state;

	sandbox_testing_do(t, buy, t);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = assign(t, "tobias.wren", rows[i].body);
		assert_int_equal(got.status, 400);
		assert_true(
			str_eq(sandbox_testing_text(&got, "error/code"), S("Request_BadRequest")));
		if (str_find(sandbox_testing_text(&got, "error/message"), str_of(rows[i].says)) < 0)
			fail_msg("%s: %.*s", rows[i].says,
				 STR(sandbox_testing_text(&got, "error/message")));
		assert_int_equal(licenses_of(t, "tobias.wren"), 2);
	}
}

static void what_may_stand_together_is_assigned(void **state)
{
	static const struct {
		const char *body;
		size_t licenses;
	} rows[] = {
		{ CHANGE(ADD(MAILBOX2), ""), 3 }, /* Exchange Plan 2 with Plan 1 */
		{ CHANGE(ADD(AUDIO), ""), 4 },
		{ CHANGE(ADD(E1), "\"" TESTING_STANDARD "\""), 4 }, /* never without Teams */
		{ CHANGE(ADD(E3), "\"" E1 "\""), 4 },
		{ CHANGE("", "\"" AUDIO "\",\"" MAILBOX2 "\""), 2 },
		{ CHANGE("", ""), 2 },
	};
	struct sandbox_testing *t = *state;

	sandbox_testing_do(t, buy, t);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = assign(t, "tobias.wren", rows[i].body);
		if (got.status != 200)
			fail_msg("%s: %.*s", rows[i].body,
				 STR(sandbox_testing_text(&got, "error/message")));
		assert_int_equal(licenses_of(t, "tobias.wren"), rows[i].licenses);
	}
}

/* By licenseDetails, of all that the user holds. */
static size_t plans_off(struct sandbox_testing *t, const char *user)
{
	struct sandbox_testing_answer got = sandbox_testing_ask(
		t, GET, sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
		str_format(t->arena, "/v1.0/users/%s@%s/licenseDetails?$select=servicePlans", user,
			   TESTING_WORKSHOP),
		STR_NONE);
	const json_t *detail, *plan;
	size_t i, p, off = 0;

	json_array_foreach(json_object_get(got.json, "value"), i, detail)
	{
		assert_null(json_object_get(detail, "skuId"));
		json_array_foreach(json_object_get(detail, "servicePlans"), p, plan)
		{
			const json_t *status = json_object_get(plan, "provisioningStatus");
			off += str_eq(str_of(json_string_value(status)), S("Disabled"));
		}
	}
	return off;
}

static void adding_what_is_held_replaces_the_plans_that_are_off(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got;

	assert_int_equal(
		assign(t, "tobias.wren", CHANGE(LESS(TESTING_STANDARD, OWN_PLAN), "")).status, 200);
	got = user_of(t, "tobias.wren");
	assert_true(str_eq(sandbox_testing_text(&got, "assignedLicenses/0/disabledPlans/0"),
			   S(OWN_PLAN)));
	assert_int_equal(plans_off(t, "tobias.wren"), 1);
	assert_int_equal(assign(t, "tobias.wren", CHANGE(ADD(TESTING_STANDARD), "")).status, 200);
	assert_int_equal(plans_off(t, "tobias.wren"), 0);
	got = user_of(t, "tobias.wren");
	assert_int_equal(json_array_size(json_object_get(
				 json_array_get(json_object_get(got.json, "assignedLicenses"), 0),
				 "disabledPlans")),
			 0);
}

struct loss {
	struct sandbox_testing *t;
	int64_t rows, lost;
};

static fault *count_lost(struct tx *tx, void *with)
{
	struct loss *loss = with;
	struct license_pool_history_list rows;

	TRY(license_pool_history(tx, loss->t->workshop, &rows));
	loss->rows = (int64_t)rows.len;
	loss->lost = 0;
	for (size_t i = 0; i < rows.len; i++)
		loss->lost += !str_is_none(rows.at[i].lost_user);
	return NULL;
}

static void the_journal_tells_an_exchange_from_a_loss(void **state)
{
	static const struct {
		const char *body;
		int64_t rows, lost; /* that it adds to the journal */
	} steps[] = {
		{ CHANGE(LESS(TESTING_STANDARD, OWN_PLAN), ""), 0, 0 }, /* the pool is as it was */
		{ CHANGE(ADD(E1), "\"" TESTING_STANDARD "\""), 2, 0 },
		{ CHANGE(ADD(E3), "\"" E1 "\""), 2, 0 },
		{ CHANGE(ADD(MAILBOX), "\"" E3 "\""), 2, 1 }, /* files and calls are gone */
		{ CHANGE("", "\"" MAILBOX "\""), 1, 1 },
	};
	struct sandbox_testing *t = *state;
	struct loss before = { .t = t }, after = { .t = t };

	sandbox_testing_do(t, buy, t);
	sandbox_testing_do(t, count_lost, &before);
	for (size_t i = 0; i < COUNT(steps); i++, before = after) {
		assert_int_equal(assign(t, "tobias.wren", steps[i].body).status, 200);
		sandbox_testing_do(t, count_lost, &after);
		assert_int_equal(after.rows - before.rows, steps[i].rows);
		assert_int_equal(after.lost - before.lost, steps[i].lost);
	}
}

static fault *give_by_group(struct tx *tx, void *with)
{
	struct sandbox_testing *t = with;
	struct tenant_state_user user;
	bool found;

	TRY(tenant_state_user(tx, S("front.desk@" TESTING_WORKSHOP), &user, &found));
	return license_hold_put(tx, t->workshop,
				&(struct license_hold){
					.user = user.id,
					.sku = S(MAILBOX),
					.group = S("bbbbbbbb-0000-4000-8000-000000000001"),
					.disabled_plans = S("[]"),
					.state = S("Active"),
					.updated = tx_now(tx),
				});
}

static void what_a_group_gives_cannot_be_taken_from_the_user(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got;

	assert_int_equal(assign(t, "front.desk", CHANGE("", "\"" MAILBOX "\"")).status, 200);
	sandbox_testing_do(t, give_by_group, t);
	got = assign(t, "front.desk", CHANGE("", "\"" MAILBOX "\""));
	assert_int_equal(got.status, 400);
	assert_true(str_find(sandbox_testing_text(&got, "error/message"),
			     S("inherited from a group membership")) >= 0);
	/* Held both ways it is one unit, and the direct one can go again. */
	assert_int_equal(assign(t, "front.desk", CHANGE(ADD(MAILBOX), "")).status, 200);
	assert_int_equal(licenses_of(t, "front.desk"), 1);
	assert_int_equal(assign(t, "front.desk", CHANGE("", "\"" MAILBOX "\"")).status, 200);
	assert_int_equal(licenses_of(t, "front.desk"), 1);
}

static void a_usage_location_is_a_country_and_not_one_that_is_closed(void **state)
{
	static const struct {
		const char *location;
		int patched, assigned;
	} rows[] = {
		{ "\"DE\"", 204, 200 }, { "\"KP\"", 204, 400 },	 { "\"XX\"", 400, 400 },
		{ "\"de\"", 400, 400 }, { "\"DEU\"", 400, 400 }, { "7", 400, 400 },
		{ "\"FR\"", 204, 200 },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = sandbox_testing_ask(
			t, PATCH, sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
			S("/v1.0/users/front.desk@" TESTING_WORKSHOP),
			str_format(t->arena, "{\"usageLocation\":%s}", rows[i].location));
		assert_int_equal(got.status, rows[i].patched);
		got = assign(t, "front.desk", CHANGE(ADD(MAILBOX), ""));
		assert_int_equal(got.status, rows[i].assigned);
	}
}

static void a_sku_that_was_just_bought_has_the_plans_of_the_public_list(void **state)
{
	struct sandbox_testing *t = *state;
	str plans = license_plan_list(t->arena, S(TESTING_STANDARD));

	assert_true(str_find(plans, S("9aaf7827-d63c-4b61-89c3-182f06f82e5c")) > 0);
	assert_true(str_find(plans, S("\"EXCHANGE_S_STANDARD\"")) > 0);
	assert_true(str_eq(license_plan_list(t->arena, S("nothing")), S("[]")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(a_rule_that_is_broken_is_named_and_nothing_of_the_call_happens),
		WITH(what_may_stand_together_is_assigned),
		WITH(adding_what_is_held_replaces_the_plans_that_are_off),
		WITH(the_journal_tells_an_exchange_from_a_loss),
		WITH(what_a_group_gives_cannot_be_taken_from_the_user),
		WITH(a_usage_location_is_a_country_and_not_one_that_is_closed),
		WITH(a_sku_that_was_just_bought_has_the_plans_of_the_public_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
