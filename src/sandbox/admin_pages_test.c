/* The administrator's pages: what they show, what they change, and who is kept out. */
#include "sandbox/admin_door.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "delegation_sql.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/identity_testing.h"
#include "sandbox/relationship.h"

#define PRODUCT	     "/admin/billing/subscriptions/71fd6f14-e86b-439f-aa59-133a5547dc7a"
#define SUBSCRIPTION PRODUCT "/cancel"
#define INVITATION                                                                  \
	"/Adminportal/Home?invType=ResellerRelationship&partnerId=" TESTING_PARTNER \
	"&msppId=0&DAP=false"

static const str pages[] = {
	S("/apps"),
	S("/admin"),
	S("/admin/billing/licenses"),
	S("/admin/billing/subscriptions"),
	S(SUBSCRIPTION),
	S(INVITATION),
	S("/admin/billing/accounts"),
	S("/admin/users"),
	S("/admin/users/e5c0a1d2-94b7-4f36-8a70-1d3b5e7f9c26"),
	S("/admin/groups"),
	S("/admin/settings/delegations"),
	S(PRODUCT "/quantity"),
	S("/admin/settings/partners"),
	S("/admin/settings/applications"),
};

static str location(struct web_exchange got)
{
	return identity_testing_header(&got, "Location");
}

static void a_stranger_is_led_to_the_sign_in_and_back(void **state)
{
	struct identity_testing *t = *state;
	str password;
	identity_testing_password(t, S(TESTING_ADMIN), &password);
	for (size_t i = 0; i < COUNT(pages); i++) {
		identity_testing_forget(t);
		struct web_exchange got = identity_testing_get(t, pages[i]);
		assert_true(str_starts(location(got), S("/signin?go=")));
		got = identity_testing_get(t, location(got));
		got = identity_testing_submit(t, &got,
					      str_format(t->arena,
							 "username=" TESTING_ADMIN "&password=%.*s",
							 STR(password)));
		assert_true(str_eq(location(got), pages[i]));
		got = identity_testing_get(t, pages[i]);
		assert_int_equal(got.status, 200);
		assert_true(identity_testing_says(&got, "SANDBOX"));
		assert_true(identity_testing_says(&got, "Larkspur Joinery"));
	}
}

static void who_is_no_administrator_sees_no_page_of_the_tenant(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	for (size_t i = 1; i < COUNT(pages); i++) {
		struct web_exchange got = identity_testing_get(t, pages[i]);
		assert_int_equal(got.status, 403);
		assert_true(identity_testing_says(&got, "Use another account"));
	}
	struct web_exchange got = identity_testing_get(t, pages[0]);
	assert_int_equal(got.status, 200);
	assert_false(identity_testing_says(&got, "Billing and settings"));
}

static void licenses_show_the_four_columns(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_ADMIN);
	struct web_exchange got = identity_testing_get(t, S("/admin/billing/licenses"));
	static const char *const said[] = { "Name", "Valid", "Expired", "Assigned",
					    "<td class=\"number\">12</td>" };
	for (size_t i = 0; i < COUNT(said); i++)
		assert_true(identity_testing_says(&got, said[i]));
}

static void a_cancellation_shows_its_dates_and_all_reasons(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_BILLING);
	struct web_exchange got = identity_testing_get(t, S(SUBSCRIPTION));
	assert_int_equal(got.status, 200);
	static const char *const said[] = { "3 February 2026", "4 May 2026",
					    "Early termination fee",
					    "Moving to different Office 365 offering",
					    "Dissatisfied with price" };
	for (size_t i = 0; i < COUNT(said); i++)
		assert_true(identity_testing_says(&got, said[i]));
}

static void a_cancellation_needs_reason_and_confirmation(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		str form;
		const char *said;
	} rows[] = {
		{ S(""), "Choose the reason" },
		{ S("confirm=yes"), "Choose the reason" },
		{ S("reason=nonsense&confirm=yes"), "Choose the reason" },
		{ S("reason=moving-offering"), "Tick the box" },
	};
	identity_testing_sign_in(t, TESTING_ADMIN);
	struct web_exchange page = identity_testing_get(t, S(SUBSCRIPTION));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct web_exchange got = identity_testing_submit(t, &page, rows[i].form);
		assert_int_equal(got.status, 400);
		assert_true(identity_testing_says(&got, rows[i].said));
	}
	struct web_exchange got = identity_testing_get(t, S("/admin/billing/subscriptions"));
	assert_true(identity_testing_says(&got, "<dd>Active</dd>"));
}

static fault *look(struct tx *tx, void *with)
{
	struct directory_subscription *found_one = with;
	bool found;
	TRY(directory_subscription_find(tx, S(TESTING_CUSTOMER),
					S("71fd6f14-e86b-439f-aa59-133a5547dc7a"), found_one,
					&found));
	return found ? NULL : fault_new(FAULT_BUG, "The subscription is gone.");
}

static void cancelling_disables_the_subscription_at_once(void **state)
{
	struct identity_testing *t = *state;
	struct directory_subscription now;
	identity_testing_sign_in(t, TESTING_ADMIN);
	struct web_exchange page = identity_testing_get(t, S(SUBSCRIPTION));
	struct web_exchange got = identity_testing_submit(
		t, &page, S("reason=moving-offering&feedback=to+a+partner&confirm=yes"));
	assert_int_equal(got.status, 303);
	got = identity_testing_get(t, location(got));
	assert_true(identity_testing_says(&got, "The subscription is cancelled."));
	assert_true(identity_testing_says(&got, "Disabled"));
	assert_true(identity_testing_says(&got, "<dt>Data deletion</dt>"));
	assert_true(identity_testing_says(&got, "4 May 2026"));
	assert_false(identity_testing_says(&got, "Cancel subscription"));
	assert_null(store_run(t->store, STORE_READ, t->arena, "look", look, &now));
	assert_true(str_eq(now.status, S("Suspended")));
	assert_true(str_eq(now.cancel_reason, S("Moving to different Office 365 offering")));
	assert_true(str_eq(now.cancel_note, S("to a partner")));
	got = identity_testing_get(t, S("/admin/billing/licenses"));
	assert_true(identity_testing_says(
		&got, "<td class=\"number\">0</td><td class=\"number\">12</td>"));
	/* A second press, from a page that was still open. */
	got = identity_testing_submit(t, &page, S("reason=moving-offering&confirm=yes"));
	assert_int_equal(got.status, 409);
}

static fault *related(struct tx *tx, void *with)
{
	return relationship_exists(tx, S(TESTING_PARTNER), S(TESTING_CUSTOMER), with);
}

static bool is_related(struct identity_testing *t)
{
	bool exists = false;
	assert_null(store_run(t->store, STORE_READ, t->arena, "related", related, &exists));
	return exists;
}

static void an_invitation_is_accepted_by_a_global_administrator_alone(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_BILLING);
	struct web_exchange got = identity_testing_get(t, S(INVITATION));
	assert_int_equal(got.status, 403);
	assert_true(identity_testing_says(&got, "Global Administrator"));

	identity_testing_sign_in(t, TESTING_ADMIN);
	struct web_exchange page = identity_testing_get(t, S(INVITATION));
	assert_true(identity_testing_says(&page, "Pinefell Cloud"));
	assert_true(identity_testing_says(&page, "Authorize CSP"));
	got = identity_testing_submit(t, &page, S(""));
	assert_int_equal(got.status, 400);
	assert_false(is_related(t));
	got = identity_testing_submit(t, &page, S("terms=yes"));
	assert_int_equal(got.status, 303);
	assert_true(is_related(t));
	got = identity_testing_get(t, location(got));
	assert_true(identity_testing_says(&got, "Pinefell Cloud"));
	assert_true(identity_testing_says(&got, "Reseller"));
	got = identity_testing_get(t, S(INVITATION));
	assert_true(identity_testing_says(&got, "already a reseller"));
	assert_false(identity_testing_says(&got, "Authorize CSP"));
}

static fault *advise(struct tx *tx, void *with)
{
	(void)with;
	TRY(delegation_advise(tx, S("aaaaaaaa-0000-4000-8000-000000000009"), S(TESTING_CUSTOMER)));
	return delegation_advise(tx, S(TESTING_PARTNER), S(TESTING_CUSTOMER));
}

static void who_only_advises_is_shown_beside_who_sells(void **state)
{
	struct identity_testing *t = *state;

	assert_null(store_run(t->store, STORE_WRITE, t->arena, "advise", advise, NULL));
	identity_testing_sign_in(t, TESTING_ADMIN);
	struct web_exchange got = identity_testing_get(t, S("/admin/settings/partners"));
	assert_true(identity_testing_says(&got, "<dd>Adviser</dd>"));
	assert_true(identity_testing_says(&got, "<h2>Pinefell Cloud</h2>"));
	assert_true(identity_testing_says(&got, "<h2>Another partner</h2>"));
}

static void an_invitation_names_a_partner_or_is_refused(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		str target;
		int status;
	} rows[] = {
		{ S("/Adminportal/Home"), 303 },
		{ S("/Adminportal/Home?invType=ResellerRelationship"), 400 },
		{ S("/Adminportal/Home?invType=Other&partnerId=" TESTING_PARTNER), 400 },
		{ S("/Adminportal/Home?invType=ResellerRelationship&partnerId=" TESTING_CUSTOMER),
		  400 },
	};
	identity_testing_sign_in(t, TESTING_ADMIN);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(identity_testing_get(t, rows[i].target).status, rows[i].status);
	identity_testing_sign_in(t, TESTING_SELLER);
	assert_int_equal(identity_testing_get(t, S(INVITATION)).status, 400);
}

static void one_tenant_cannot_touch_anothers_subscription(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_SELLER);
	assert_int_equal(identity_testing_get(t, S(SUBSCRIPTION)).status, 404);
}

static void signing_out_ends_it(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_ADMIN);
	struct web_exchange page = identity_testing_get(t, S("/signin"));
	ptrdiff_t at = str_find(page.answer, S("name=\"form_token\" value=\""));
	str rest = str_part(page.answer, (size_t)at + 25, 200), token;
	assert_true(str_next(&rest, '"', &token));
	struct web_exchange got = identity_testing_post(
		t, S("/signout"), str_format(t->arena, "form_token=%.*s", STR(token)));
	assert_int_equal(got.status, 303);
	assert_true(str_starts(location(identity_testing_get(t, S("/admin"))), S("/signin")));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, identity_testing_open, identity_testing_close)
	const struct CMUnitTest tests[] = {
		T(a_stranger_is_led_to_the_sign_in_and_back),
		T(who_is_no_administrator_sees_no_page_of_the_tenant),
		T(licenses_show_the_four_columns),
		T(a_cancellation_shows_its_dates_and_all_reasons),
		T(a_cancellation_needs_reason_and_confirmation),
		T(cancelling_disables_the_subscription_at_once),
		T(an_invitation_is_accepted_by_a_global_administrator_alone),
		T(an_invitation_names_a_partner_or_is_refused),
		T(who_only_advises_is_shown_beside_who_sells),
		T(one_tenant_cannot_touch_anothers_subscription),
		T(signing_out_ends_it),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
