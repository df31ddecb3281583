/* Your products, its actions for both kinds of account, and the account itself. */
#include "sandbox/admin_products.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/admin_testing.h"
#include "sandbox/billing_setting.h"
#include "sandbox/delegation.h"
#include "sandbox/relationship.h"
#include "sandbox/tenant_testing.h"

/* The clock stands at 3 February 2026; the older account's term ends on 4 March. */
#define OLD   ADMIN_PRODUCTS_PATH "/71fd6f14-e86b-439f-aa59-133a5547dc7a"
#define BOUND ADMIN_PRODUCTS_PATH "/df6c0d8e-51b7-4a39-9e04-c7d1b85a6f23"
#define FRESH ADMIN_PRODUCTS_PATH "/da83f1d5-0c2e-47b9-8d46-e91f5b7c3a08"
#define SOLD  ADMIN_PRODUCTS_PATH "/d4d92e67-7a15-4c80-93fe-2065c8e1d7fb"
#define BOSS  TENANT_TESTING_BOSS
#define WHY   "reason=moving-offering&confirm=yes"

static fault *studio_load(struct tx *tx, void *with)
{
	struct tenant_testing studio = tenant_testing_studio;

	(void)with;
	studio.subscriptions[0].created = "2025-06-01";
	studio.subscriptions[0].next = "2026-06-01";
	studio.subscriptions[1].created = "2026-02-01";
	studio.subscriptions[1].next = "2027-02-01";
	TRY(tenant_testing_load(tx, &studio));
	return relationship_accept(tx, S(TESTING_PARTNER), S(TENANT_TESTING_STUDIO), STR_NONE);
}

static int open(void **state)
{
	int wrong = identity_testing_open(state);
	const struct identity_testing *t = *state;

	if (!wrong)
		assert_null(
			store_run(t->store, STORE_WRITE, t->arena, "studio", studio_load, NULL));
	return wrong;
}

static void each_account_offers_what_it_allows(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		const char *who, *page;
		int status;
		const char *says[4], *never[3];
	} rows[] = {
		{ TESTING_ADMIN,
		  ADMIN_PRODUCTS_PATH,
		  200,
		  { "More actions", "href=\"" OLD "/cancel\"", "Turn recurring billing off",
		    OLD "/quantity" },
		  { "seven days", "Reactivate" } },
		{ BOSS,
		  ADMIN_PRODUCTS_PATH,
		  200,
		  { "href=\"" FRESH "/cancel\"", "disabled>Cancel subscription",
		    "until 8 June 2025. Turn recurring billing off", "Pinefell Cloud" },
		  { "href=\"" BOUND "/cancel\"", SOLD } },
		{ TESTING_ADMIN,
		  OLD "/cancel",
		  200,
		  { "Before the next renewal: it runs until", "4 March 2026</time>, and",
		    "2 June 2026", "credited to the next invoice" },
		  { "paid back" } },
		{ BOSS,
		  FRESH "/cancel",
		  200,
		  { "3 February 2026", "4 May 2026",
		    "What was paid for the days left is paid back" },
		  { "Before the next renewal" } },
		{ BOSS, BOUND "/cancel", 409, { "until 8 June 2025" }, { "Early termination" } },
		{ BOSS, SOLD "/cancel", 409, { "Only the partner can change it" }, { NULL } },
		{ BOSS, SOLD "/quantity", 409, { "Only the partner can change it" }, { NULL } },
		{ BOSS,
		  BOUND "/quantity",
		  200,
		  { "Fewer are possible within seven days" },
		  { NULL } },
		{ TESTING_ADMIN, OLD "/quantity", 200, { "Total licenses" }, { "seven days" } },
		{ TESTING_ADMIN,
		  "/admin/billing/accounts",
		  200,
		  { "Microsoft Online Subscription Agreement", "cancelled at any time",
		    "Sign the agreement" },
		  { "_2019-05-31" } },
		{ BOSS,
		  "/admin/billing/accounts",
		  200,
		  { "Microsoft Customer Agreement", "_2019-05-31", "seven days" },
		  { "at any time" } },
		{ TESTING_BILLING,
		  "/admin/billing/accounts",
		  200,
		  { "A Global Administrator can sign it" },
		  { "Sign the agreement" } },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		identity_testing_sign_in(t, rows[i].who);
		struct web_exchange got = identity_testing_get(t, str_of(rows[i].page));
		print_message("# %s of %s\n", rows[i].page, rows[i].who);
		assert_int_equal(got.status, rows[i].status);
		for (size_t s = 0; s < COUNT(rows[i].says) && rows[i].says[s]; s++)
			assert_true(identity_testing_says(&got, rows[i].says[s]));
		for (size_t s = 0; s < COUNT(rows[i].never) && rows[i].never[s]; s++)
			assert_false(identity_testing_says(&got, rows[i].never[s]));
	}
}

static void a_page_that_is_off_cannot_be_posted_to_either(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		const char *target, *form;
	} rows[] = {
		{ BOUND "/cancel", WHY },
		{ BOUND "/reactivate", "" },
		{ SOLD "/cancel", WHY },
		{ SOLD "/renewal", "recurring=off" },
		{ FRESH "/cancel", WHY "&when=renewal" },
	};

	identity_testing_sign_in(t, BOSS);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
			admin_testing_post(t, str_of(rows[i].target), str_of(rows[i].form)).status,
			409);
	/* Nobody posts into another tenant. */
	assert_int_equal(admin_testing_post(t, S(OLD "/renewal"), S("recurring=off")).status, 404);
}

static void recurring_billing_turns_off_and_on(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got;

	identity_testing_sign_in(t, BOSS);
	got = admin_testing_follow(t,
				   admin_testing_post(t, S(BOUND "/renewal"), S("recurring=off")));
	assert_true(identity_testing_says(&got, "Recurring billing is off."));
	assert_true(
		identity_testing_says(&got, "<dt>Expires</dt><dd><time datetime=\"2026-06-01\">"));
	assert_true(identity_testing_says(&got, "Turn recurring billing on"));
	got = admin_testing_follow(t,
				   admin_testing_post(t, S(BOUND "/renewal"), S("recurring=on")));
	assert_true(
		identity_testing_says(&got, "<dt>Renews</dt><dd><time datetime=\"2026-06-01\">"));
}

static void a_cancellation_can_wait_for_the_renewal_and_be_taken_back(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got;

	identity_testing_sign_in(t, TESTING_ADMIN);
	got = admin_testing_follow(t,
				   admin_testing_post(t, S(OLD "/cancel"), S(WHY "&when=renewal")));
	assert_true(identity_testing_says(&got, "before its next renewal."));
	assert_true(identity_testing_says(&got, "Active until it is cancelled"));
	assert_true(identity_testing_says(
		&got, "<dt>Cancellation</dt><dd><time datetime=\"2026-03-04\">"));
	got = admin_testing_follow(t, admin_testing_post(t, S(OLD "/renewal"), S("recurring=on")));
	assert_true(identity_testing_says(&got, "<dd>Active</dd>"));
}

static void what_is_cancelled_can_be_reactivated(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got;

	identity_testing_sign_in(t, BOSS);
	got = admin_testing_follow(t, admin_testing_post(t, S(FRESH "/cancel"), S(WHY)));
	assert_true(identity_testing_says(&got, "Disabled: it is cancelled"));
	assert_true(identity_testing_says(&got, "action=\"" FRESH "/reactivate\""));
	got = admin_testing_follow(t, admin_testing_post(t, S(FRESH "/reactivate"), S("")));
	assert_true(identity_testing_says(&got, "The subscription is active again."));
	assert_true(
		identity_testing_says(&got, "<dt>Renews</dt><dd><time datetime=\"2027-02-01\">"));
}

static void a_quantity_is_checked_before_it_changes(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		const char *who, *target, *form;
		int status;
		const char *said;
	} rows[] = {
		{ TESTING_ADMIN, OLD, "quantity=many", 400, "whole number" },
		{ TESTING_ADMIN, OLD, "quantity=0", 400, "1 to 10000" },
		{ TESTING_ADMIN, OLD, "quantity=15", 303, "<dd>15</dd>" },
		{ TESTING_ADMIN, OLD, "quantity=3", 303, "<dd>3</dd>" },
		{ BOSS, BOUND, "quantity=11", 400, "within seven days" },
		{ BOSS, BOUND, "quantity=14", 303, "<dd>14</dd>" },
		{ BOSS, FRESH, "quantity=2", 303, "<dd>2</dd>" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		identity_testing_sign_in(t, rows[i].who);
		struct web_exchange got = admin_testing_post(
			t, str_format(t->arena, "%s/quantity", rows[i].target),
			str_of(rows[i].form));
		assert_int_equal(got.status, rows[i].status);
		if (got.status == 303)
			got = admin_testing_follow(t, got);
		assert_true(identity_testing_says(&got, rows[i].said));
	}
}

static void seats_that_users_hold_cannot_be_given_back(void **state)
{
	struct identity_testing *t = *state;
	const str user = S("/admin/users/1b7e15c2-4d1f-4e83-a6c0-7f25d8b3e914");

	/* One of 20 is held: the pool of the SKU counts, not the one subscription. */
	identity_testing_sign_in(t, BOSS);
	assert_int_equal(
		admin_testing_post(
			t, str_format(t->arena, "%.*s/licenses/" TENANT_TESTING_SKU, STR(user)),
			S("deed=assign"))
			.status,
		303);
	assert_int_equal(admin_testing_post(t, S(FRESH "/quantity"), S("quantity=1")).status, 303);
	identity_testing_sign_in(t, TESTING_ADMIN);
	assert_int_equal(admin_testing_post(t,
					    S("/admin/users/e5c0a1d2-94b7-4f36-8a70-1d3b5e7f9c26/"
					      "licenses/" TESTING_SKU),
					    S("deed=assign"))
				 .status,
			 303);
	assert_int_equal(admin_testing_post(t,
					    S("/admin/users/e5c0a1d2-94b7-4f36-8a70-1d3b5e7f9c25/"
					      "licenses/" TESTING_SKU),
					    S("deed=assign"))
				 .status,
			 303);
	struct web_exchange got = admin_testing_post(t, S(OLD "/quantity"), S("quantity=1"));
	assert_int_equal(got.status, 400);
	assert_true(identity_testing_says(&got, "That is 1 fewer than are assigned."));
}

static void the_agreement_is_signed_once_with_a_tick(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got;

	identity_testing_sign_in(t, TESTING_BILLING);
	assert_int_equal(
		admin_testing_post(t, S("/admin/billing/accounts/agreement"), S("terms=yes"))
			.status,
		403);
	identity_testing_sign_in(t, TESTING_ADMIN);
	got = admin_testing_post(t, S("/admin/billing/accounts/agreement"), S(""));
	assert_int_equal(got.status, 400);
	assert_true(identity_testing_says(&got, "nothing is signed yet"));
	got = admin_testing_follow(
		t, admin_testing_post(t, S("/admin/billing/accounts/agreement"), S("terms=yes")));
	assert_true(identity_testing_says(&got, "Signed on <time datetime=\"2026-02-03\">"));
	assert_false(identity_testing_says(&got, "Sign the agreement"));
}

static void a_partner_is_removed_by_a_global_administrator(void **state)
{
	struct identity_testing *t = *state;
	const str path = S("/admin/settings/partners/" TESTING_PARTNER "/remove");
	struct web_exchange got;

	identity_testing_sign_in(t, TENANT_TESTING_CLERK);
	assert_int_equal(admin_testing_post(t, path, S("")).status, 403);
	identity_testing_sign_in(t, BOSS);
	got = identity_testing_get(t, S("/admin/settings/partners"));
	assert_true(identity_testing_says(&got, "Remove Pinefell Cloud"));
	got = admin_testing_follow(t, admin_testing_post(t, path, S("")));
	assert_true(identity_testing_says(&got, "The partner is no longer your reseller."));
	assert_true(identity_testing_says(&got, "works with no partner"));
	assert_int_equal(admin_testing_post(t, path, S("")).status, 404);
}

static fault *most_put(struct tx *tx, void *with)
{
	(void)with;
	return billing_setting_put(tx, S("cancel-most"), S("1"));
}

static void many_assigned_licenses_send_an_older_account_to_support(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got;

	assert_null(store_run(t->store, STORE_WRITE, t->arena, "most", most_put, NULL));
	identity_testing_sign_in(t, TESTING_ADMIN);
	for (int user = 5; user <= 6; user++) {
		got = identity_testing_get(t, S(OLD "/cancel"));
		assert_int_equal(got.status, 200);
		got = admin_testing_post(
			t,
			str_format(t->arena,
				   "/admin/users/e5c0a1d2-94b7-4f36-8a70-1d3b5e7f9c2%d/"
				   "licenses/" TESTING_SKU,
				   user),
			S("deed=assign"));
		assert_int_equal(got.status, 303);
	}
	got = identity_testing_get(t, S(ADMIN_PRODUCTS_PATH));
	assert_true(
		identity_testing_says(&got, "2 licenses of it are assigned. With more than 1,"));
	assert_false(identity_testing_says(&got, "href=\"" OLD "/cancel\""));
	assert_int_equal(admin_testing_post(t, S(OLD "/cancel"), S(WHY)).status, 409);
}

/* The partner has asked; *id is its name in addresses. */
static fault *ask_roles(struct tx *tx, void *with)
{
	str *which = with, refused, request;
	struct delegation one = {
		.partner = S(TESTING_PARTNER),
		.customer = S(TESTING_CUSTOMER),
		.name = S("Reading for the move"),
		.duration = S("P730D"),
		.auto_extend = S("PT0S"),
		.roles = S("[{\"roleDefinitionId\":\"4d6ac14f-3453-41d0-bef9-a3e0c569773a\"}]"),
	};

	TRY(delegation_write(tx, &one, &refused));
	assert_true(str_is_none(refused));
	one.status = S("created");
	*which = one.id;
	TRY(delegation_act(tx, &one, S("lockForApproval"), &request, &refused));
	assert_true(str_is_none(refused));
	return NULL;
}

static void a_partners_admin_roles_are_approved_by_a_global_administrator(void **state)
{
	struct identity_testing *t = *state;
	const str page = S("/admin/settings/delegations");
	struct web_exchange got;
	str which;

	assert_null(store_run(t->store, STORE_WRITE, t->arena, "ask", ask_roles, &which));
	str approve = str_format(t->arena, "%.*s/%.*s/approve", STR(page), STR(which));
	identity_testing_sign_in(t, BOSS);
	got = identity_testing_get(t, page);
	assert_false(identity_testing_says(&got, "Reading for the move"));
	assert_int_equal(admin_testing_post(t, approve, S("")).status, 404);
	identity_testing_sign_in(t, TESTING_BILLING);
	got = identity_testing_get(t, page);
	assert_true(identity_testing_says(&got, "Waits for your approval"));
	assert_false(identity_testing_says(&got, "/approve"));
	assert_int_equal(admin_testing_post(t, approve, S("")).status, 403);
	identity_testing_sign_in(t, TESTING_ADMIN);
	got = admin_testing_follow(t, identity_testing_get(t, S("/AdminPortal/Home")));
	assert_true(identity_testing_says(&got, "License Administrator"));
	assert_true(identity_testing_says(&got, "730 days"));
	assert_true(identity_testing_says(&got, "Pinefell Cloud"));
	got = admin_testing_follow(t, admin_testing_post(t, approve, S("")));
	assert_true(identity_testing_says(&got, "admin roles are approved."));
	assert_true(identity_testing_says(&got, "Approved, becoming active"));
	assert_int_equal(admin_testing_post(t, approve, S("")).status, 404);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, open, identity_testing_close)
	const struct CMUnitTest tests[] = {
		T(each_account_offers_what_it_allows),
		T(a_page_that_is_off_cannot_be_posted_to_either),
		T(recurring_billing_turns_off_and_on),
		T(a_cancellation_can_wait_for_the_renewal_and_be_taken_back),
		T(what_is_cancelled_can_be_reactivated),
		T(a_quantity_is_checked_before_it_changes),
		T(seats_that_users_hold_cannot_be_given_back),
		T(the_agreement_is_signed_once_with_a_tick),
		T(a_partner_is_removed_by_a_global_administrator),
		T(a_partners_admin_roles_are_approved_by_a_global_administrator),
		T(many_assigned_licenses_send_an_older_account_to_support),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
