/* The old subscription ends: by hand or through Azure Billing, in time or with its term, with
 * everybody reminded. */
#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "convert/cancel_line.h"
#include "giving.h"
#include "vendor_person.h"

static void in_store(struct giving *g, store_body *body)
{
	journey_must(
		store_run(g->j->with->store, STORE_WRITE, g->j->with->arena, "giving", body, g));
}

static fault *refused_body(struct tx *tx, void *with)
{
	struct giving *g = with;
	str address;

	assert_int_equal(billing_grant_go(tx, g->j->c.door, false, &address)->kind, FAULT_CONFLICT);
	return NULL;
}

static void a_permission_is_given_at_the_door_and_forgotten_at_the_end(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	journey_to_the_door(&j);

	struct giving g = { .j = &j, .domain = BAKERY };

	giving_whole(&g);
	assert_true(g.grant.given);
	assert_false(g.grant.may_cancel);
	assert_true(str_is_empty(g.grant.said));
	g.cancels = true;
	giving_go(&g); /* asked for more, and turned back half way */
	giving_look(&g);
	assert_false(g.grant.may_cancel);
	giving_whole(&g);
	assert_true(g.grant.may_cancel);
	journey_stop(&j);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	giving_look(&g);
	assert_false(g.grant.offered);
	in_store(&g, refused_body);
	journey_close(&j);
}

static void what_is_not_a_permission_is_said_in_words(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	journey_to_the_door(&j);

	const struct {
		struct giving g;
		int64_t late;
		const char *said;
	} rows[] = {
		{ { .j = &j, .domain = WORKSHOP }, 0, "from another organization" },
		{ { .j = &j, .error = "access_denied" }, 0, "not allowed" },
		{ { .j = &j, .error = "temporarily_unavailable" }, 0, "did not work just now" },
		{ { .j = &j, .error = "invalid_scope" }, 0, "did not let you allow it" },
		{ { .j = &j, .domain = BAKERY }, MINUTES(20), "came too late" },
		{ { .j = &j, .domain = BAKERY }, HOURS(2), "took too long" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct giving g = rows[i].g;

		giving_go(&g);
		if (rows[i].late < HOURS(1)) {
			giving_come_back(&g);
			with->world.at = instant_after(with->world.at, rows[i].late);
		} else {
			with->world.at = instant_after(with->world.at, rows[i].late);
			giving_come_back(&g);
		}
		journey_knock(&j);
		journey_go_on_for(&j, 2);
		giving_look(&g);
		assert_false(g.grant.given);
		if (str_find(g.grant.said, str_of(rows[i].said)) < 0)
			fail_msg("row %zu: %.*s", i, STR(g.grant.said));
	}
	journey_close(&j);
}

/* A sign-in of somebody else whom Microsoft lets in all the same, as it does guests. */
static void a_permission_of_another_organization_is_thrown_away(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	journey_to_the_door(&j);

	struct giving g = { .j = &j, .domain = BAKERY };

	/* {"tid":"11111111-5a3e-…"} */
	vendor_stage_answer(j.vendor, "signin.billing", 200,
			    "{\"access_token\":\"a\",\"expires_in\":3599,\"refresh_token\":\"r\","
			    "\"id_token\":\"e30.eyJ0aWQiOiIxMTExMTExMS01YTNlLTRiMWYtOWM4Ni0y"
			    "ZjBiNmE1MWQzZTcifQ.c2lnbmVk\"}",
			    false);
	giving_whole(&g);
	assert_false(g.grant.given);
	assert_true(str_find(g.grant.said, S("another organization")) > 0);
	vendor_stage_answer(j.vendor, "signin.billing", 503, "", false);
	giving_whole(&g);
	assert_true(g.grant.redeeming); /* a busy sign-in: tried again by itself */
	vendor_stage_answer(j.vendor, "signin.billing", 0, NULL, false);
	journey_go_on_for(&j, 30);
	giving_look(&g);
	assert_true(g.grant.given);
	journey_close(&j);
}

static fault *twice_body(struct tx *tx, void *with)
{
	struct giving *g = with;
	struct conversion c;
	fault *f = billing_grant_come_back(tx, giving_value(g, "state"), S("code"), STR_NONE, &c);

	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_MISSING);
	return NULL;
}

static void an_answer_comes_back_once(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	journey_to_the_door(&j);

	struct giving g = { .j = &j, .domain = BAKERY }, older = g;

	giving_go(&older);
	giving_whole(&g);
	in_store(&g, twice_body);
	in_store(&older, twice_body);
	journey_close(&j);
}

/* An older account, by hand: one after the other, with mistakes. */
static void each_one_is_ticked_off_and_mistakes_are_said(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	journey_to_the_cancelling(&j);
	assert_true(str_find(j.c.why, S("10 seats")) > 0);
	assert_true(str_find(j.c.why, S("3 seats")) > 0);
	vendor_person_cancel_first(j.vendor, WORKSHOP);
	journey_later(&j, MINUTES(30));
	assert_true(journey_has_said(&j, "is cancelled."));
	assert_int_equal(j.c.step, STEP_CANCEL_OLD);
	assert_true((str_find(j.c.why, S("10 seats")) > 0) !=
		    (str_find(j.c.why, S("3 seats")) > 0));
	vendor_stage_reactivate(j.vendor, WORKSHOP);
	journey_later(&j, MINUTES(30));
	assert_true(journey_has_said(&j, "runs again"));
	assert_true(str_find(j.c.why, S("10 seats")) > 0);
	vendor_person_turn_ours(j.vendor, WORKSHOP, "Suspended");
	journey_later(&j, MINUTES(30));
	assert_int_equal(j.c.waits_for, WAITS_PARTNER);
	assert_true(str_find(j.c.why, S("not the old one")) > 0);
	vendor_person_turn_ours(j.vendor, WORKSHOP, "Enabled");
	journey_later(&j, MINUTES(30));
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	j.idle = false;
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS);
	journey_close(&j);
}

#define MILLRACE   S("millrace.onmicrosoft.com")
#define SORRELHILL S("sorrelhill.onmicrosoft.com")
#define TENANTS	   NOVATE_SOURCE "/tests/tenants/"

/* What the billing account says of a subscription is the better reason to call it direct. */
static fault *reason_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct snapshot before;
	bool found;

	TRY(snapshot_load(tx, j->c.id, SNAPSHOT_BEFORE, &before, &found));
	for (size_t i = 0; i < before.subscriptions.len; i++)
		assert_true(str_find(before.subscriptions.at[i].reason, S("billing account")) >= 0);
	return NULL;
}

/* A modern account inside its seven days: nobody presses anything. */
static void novate_cancels_where_that_was_chosen(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, MILLRACE, TENANTS "millrace.json");
	journey_to_the_door(&j);
	giving_allow(&j, true);
	journey_to_the_cancelling(&j);
	journey_go_on_for(&j, 400); /* idle: nobody acts */
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_true(j.c.account == ACCOUNT_MCA && !j.c.account_by_partner);
	journey_let(&j, reason_body);
	assert_true(journey_has_said(&j, "through Azure Billing"));
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* An older account lists nothing and cancels nothing there: it is known, and ended by hand. */
static void an_older_account_is_ended_by_hand_all_the_same(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	journey_to_the_door(&j);
	giving_allow(&j, true);
	journey_to_the_cancelling(&j);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	assert_int_equal(j.c.account, ACCOUNT_MOSA);
	j.idle = false;
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* With the permission to cancel, up to where nothing but Azure Billing is left to ask. */
static void to_the_provisioning(struct journey *j)
{
	journey_to_the_door(j);
	giving_allow(j, true);
	j->idle = false;
	for (int i = 0; i < 400 && j->c.step != STEP_PROVISION; i++)
		journey_go_on_for(j, 1);
	assert_int_equal(j->c.step, STEP_PROVISION);
	j->idle = true;
}

/* It goes on by itself, or a person does by hand what is left. */
static void the_end_is_the_same(struct journey *j)
{
	journey_go_on_for(j, 900);
	j->idle = false;
	journey_go_on(j);
	assert_int_equal(j->c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j->vendor, j->domain), 1);
	journey_nobody_lost_anything(j);
}

/* One telling in a process of its own, so that setting up is paid once. */
static void in_a_child(struct journey *j, void (*tell)(struct journey *j, const void *with),
		       const void *with, const char *what, int64_t which)
{
	pid_t pid = fork();
	int how;

	if (pid == 0) {
		tell(j, with);
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &how, 0), pid);
	if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
		fail_msg("%s, %lld", what, (long long)which);
}

struct answer {
	const char *name;
	int status;
	const char *body;
	bool reaches;
};

static void with_other_answers(struct journey *j, const void *with)
{
	const struct answer *a = with;

	vendor_stage_answer(j->vendor, a->name, a->status, a->body, a->reaches);
	journey_go_on_for(j, 200);
	assert_false(conversion_ended(j->c.state) && j->c.state != CONVERSION_DONE);
	vendor_stage_answer(j->vendor, a->name, 0, NULL, false);
	the_end_is_the_same(j);
}

/* For an hour every call of one kind is answered with one kind of trouble. */
static void billing_in_trouble(struct store_testing *with)
{
	static const char *const names[] = { "billing.accounts", "billing.subscriptions",
					     "billing.cancel", "billing.operation",
					     "signin.billing" };
	static const struct answer troubles[] = {
		{ NULL, VENDOR_SILENT, NULL, false },
		{ NULL, VENDOR_SILENT, NULL, true },
		{ NULL, 401, "{\"error\":{\"code\":\"ExpiredAuthenticationToken\"}}", false },
		{ NULL, 403, "{\"error\":{\"code\":\"AuthorizationFailed\"}}", false },
		{ NULL, 404, "{\"error\":{\"code\":\"ResourceNotFound\"}}", false },
		{ NULL, 409, "{\"error\":{\"code\":\"SubscriptionLockedForUpdate\"}}", false },
		{ NULL, 429, "{\"error\":{\"code\":\"TooManyRequests\"}}", false },
		{ NULL, 500, "<html>", false },
		{ NULL, 503, "", true },
	};
	struct journey j;

	journey_open(&j, with, MILLRACE, TENANTS "millrace.json");
	to_the_provisioning(&j);
	for (size_t n = 0; n < COUNT(names); n++)
		for (size_t t = 0; t < COUNT(troubles); t++) {
			struct answer a = troubles[t];

			a.name = names[n];
			in_a_child(&j, with_other_answers, &a, names[n], (int64_t)t);
		}
	journey_close(&j);
}

struct trouble {
	enum vendor_trouble what;
	int64_t at;
};

static void with_trouble(struct journey *j, const void *with)
{
	const struct trouble *t = with;

	vendor_stage_trouble(j->vendor, t->what, t->at, journey_die);
	the_end_is_the_same(j);
}

/* How many calls it takes without any trouble; as a child's last word, so below 256. */
static int64_t calls_to_the_end(struct journey *j)
{
	pid_t pid = fork();
	int how;

	if (pid == 0) {
		int64_t before = vendor_stage_calls(j->vendor);

		the_end_is_the_same(j);
		_exit((int)(vendor_stage_calls(j->vendor) - before));
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &how, 0), pid);
	assert_true(WIFEXITED(how));
	return WEXITSTATUS(how);
}

/* What Azure Billing is asked comes last, and takes fewer calls than this. */
#define LAST_CALLS 60

/* `work` dies, or an answer is lost, at each single call of the cancelling. */
static void a_worker_that_dies_at_any_call(struct store_testing *with)
{
	struct journey j;
	int64_t calls;

	journey_open(&j, with, MILLRACE, TENANTS "millrace.json");
	to_the_provisioning(&j);
	calls = calls_to_the_end(&j);
	assert_true(calls > LAST_CALLS);
	for (enum vendor_trouble what = TROUBLE_LOST_BEFORE; what <= TROUBLE_STOP_AFTER; what++)
		for (int64_t at = calls - LAST_CALLS; at <= calls + 4; at++)
			in_a_child(&j, with_trouble, &(struct trouble){ what, at }, "trouble", at);
	journey_close(&j);
}

static fault *ends_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct cancel_lines lines;

	TRY(cancel_line_load(tx, j->c.id, &lines));
	assert_int_equal(lines.len, 1);
	return cancel_line_say_ends(tx, j->c.door, lines.at[0].subscription, true);
}

/* A modern account past its seven days: it ends with its term, and nobody is waited for. */
static void what_cannot_be_cancelled_ends_with_its_term(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, SORRELHILL, TENANTS "sorrelhill.json");
	journey_to_the_door(&j);
	giving_allow(&j, false);
	journey_to_the_cancelling(&j);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	assert_int_equal(j.c.account, ACCOUNT_MCA);
	vendor_stage_act(j.vendor, "renewal", S("sorrelhill.onmicrosoft.com off"));
	journey_knock(&j);
	journey_later(&j, MINUTES(5)); /* the account shows it: nobody has to say so */
	assert_int_equal(j.c.state, CONVERSION_WAITING);
	assert_int_equal(j.c.waits_for, WAITS_NOBODY);
	assert_true(str_find(j.c.why, S("3 March 2026")) > 0);
	for (int days = 0; days < 20; days++)
		journey_later(&j, DAYS(1));
	assert_int_equal(j.c.reminders, 0);
	for (int days = 0; days < 50 && !conversion_ended(j.c.state); days++)
		journey_later(&j, DAYS(1));
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* Said to be off, and renewed all the same: it is asked for again. */
static void what_was_said_and_is_not_so_is_asked_again(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, SORRELHILL, TENANTS "sorrelhill.json");
	journey_to_the_cancelling(&j);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	journey_let(&j, ends_body);
	journey_later(&j, MINUTES(30));
	assert_int_equal(j.c.waits_for, WAITS_NOBODY);
	for (int days = 0; days < 35; days++)
		journey_later(&j, DAYS(1));
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	journey_close(&j);
}

#define STORY(body)                          \
	static void run_##body(void **state) \
	{                                    \
		(void)state;                 \
		store_testing_each(body);    \
	}
/* Told hundreds of times. */
#define STORY_OFTEN(body)                      \
	static void run_##body(void **state)   \
	{                                      \
		(void)state;                   \
		store_testing_on_sqlite(body); \
	}
STORY(a_permission_is_given_at_the_door_and_forgotten_at_the_end)
STORY(what_is_not_a_permission_is_said_in_words)
STORY(a_permission_of_another_organization_is_thrown_away)
STORY(an_answer_comes_back_once)
STORY(each_one_is_ticked_off_and_mistakes_are_said)
STORY(novate_cancels_where_that_was_chosen)
STORY(an_older_account_is_ended_by_hand_all_the_same)
STORY_OFTEN(billing_in_trouble)
STORY_OFTEN(a_worker_that_dies_at_any_call)
STORY(what_cannot_be_cancelled_ends_with_its_term)
STORY(what_was_said_and_is_not_so_is_asked_again)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_a_permission_is_given_at_the_door_and_forgotten_at_the_end),
		cmocka_unit_test(run_what_is_not_a_permission_is_said_in_words),
		cmocka_unit_test(run_a_permission_of_another_organization_is_thrown_away),
		cmocka_unit_test(run_an_answer_comes_back_once),
		cmocka_unit_test(run_each_one_is_ticked_off_and_mistakes_are_said),
		cmocka_unit_test(run_novate_cancels_where_that_was_chosen),
		cmocka_unit_test(run_an_older_account_is_ended_by_hand_all_the_same),
		cmocka_unit_test(run_billing_in_trouble),
		cmocka_unit_test(run_a_worker_that_dies_at_any_call),
		cmocka_unit_test(run_what_cannot_be_cancelled_ends_with_its_term),
		cmocka_unit_test(run_what_was_said_and_is_not_so_is_asked_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
