/* Conversions that end otherwise, or go on although somebody did the unexpected. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "convert/plan_choice.h"
#include "journey.h"
#include "snapshot_sql.h"
#include "vendor_call_sql.h"

static void an_unknown_domain(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, S("nobody-knows.example"), NULL);
	journey_play(&j);
	assert_int_equal(j.c.state, CONVERSION_REFUSED);
	assert_true(str_find(j.c.why, S("nobody-knows.example")) >= 0);
	journey_close(&j);
}

static void a_tenant_converted_before(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	journey_play(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_play(&j);
	assert_int_equal(j.c.state, CONVERSION_REFUSED);
	assert_true(str_find(j.c.why, S("through us")) >= 0);
	assert_int_equal(vendor_stage_orders(j.vendor, BAKERY), 1);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static fault *by_its_other_name(struct tx *tx, void *with)
{
	struct journey *j = with;

	return conversion_start(tx, &j->ada, S("ryeandember.example"), STR_NONE, &j->c);
}

/* Two domains, one tenant: the second is told, and the first goes on. */
static void a_tenant_under_another_name(struct store_testing *with)
{
	struct journey j;
	id first;

	journey_open(&j, with, BAKERY, NULL);
	journey_to_the_door(&j);
	first = j.c.id;
	journey_let(&j, by_its_other_name);
	journey_go_on_for(&j, 20);
	assert_int_equal(j.c.state, CONVERSION_REFUSED);
	assert_true(str_find(j.c.why, S("under another of its domains")) >= 0);
	j.c.id = first;
	j.idle = false;
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j.vendor, BAKERY), 1);
	journey_close(&j);
}

static void one_stopped_before_anybody_looked(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	journey_play_for(&j, 0);
	journey_stop(&j);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_true(str_is_none(j.c.tenant));
	journey_close(&j);
}

static fault *nobody_heard(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct conversion_history history;

	TRY(conversion_history(tx, j->c.id, &history));
	assert_true(history.len > 10);
	for (size_t i = 0; i < history.len; i++)
		assert_true(str_find(history.at[i].said, S("as fast as it allows")) < 0);
	return NULL;
}

/* A step wants more calls than a minute allows: it takes its time and no page speaks of it. */
static void a_narrow_pace(struct store_testing *with)
{
	struct journey j;

	journey_pace = (struct pace_limits){ .partner_center = 30, .graph = 30 };
	journey_open(&j, with, BAKERY, NULL);
	journey_pace = (struct pace_limits){ 0 };
	journey_play(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_let(&j, nobody_heard);
	journey_close(&j);
}

static void cancel_now(struct journey *j)
{
	vendor_stage_act(j->vendor, "cancel", j->domain);
}

/* What has lapsed is bought again only because the partner says so, for whoever still holds it. */
static fault *buy_it_again(struct tx *tx, void *with)
{
	struct journey *j = with;
	str standard = S("f245ecc8-75af-4f8e-b61f-27d8114de5f3");

	return plan_choice_take(tx, &j->ada, j->c.id, standard, standard, S("P1Y monthly"));
}

/* Before anything was bought there is nothing left to match: no order, and nobody is sent away. */
static void a_tenant_that_cancels_before_the_order(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_CONSENT;
	j.surprise = cancel_now;
	journey_play_for(&j, 60);
	assert_true(j.surprised);
	assert_int_equal(j.c.state, CONVERSION_WAITING);
	assert_int_equal(j.c.waits_for, WAITS_PARTNER);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 0);
	journey_let(&j, buy_it_again);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 1);
	journey_close(&j);
}

/* After the order the new licenses carry everybody as soon as they run. */
static void a_tenant_that_cancels_too_early(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PROVISION;
	j.surprise = cancel_now;
	journey_play(&j);
	assert_true(j.surprised);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 1);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS);
	journey_close(&j);
}

static void cancel_and_stop(struct journey *j)
{
	cancel_now(j);
	journey_stop(j);
}

/* Stopping would leave users with less, so it goes on to its end. */
static void a_stop_that_comes_too_late(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_CANCEL_OLD;
	j.surprise = cancel_and_stop;
	journey_play(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void keep_microsoft_busy(struct journey *j)
{
	/* Every question is lost from here on. */
	vendor_stage_trouble(j->vendor, TROUBLE_LOST_ALL, 1, NULL);
}

static void microsoft_that_is_gone(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PROVISION;
	j.surprise = keep_microsoft_busy;
	journey_play_for(&j, 200);
	assert_int_equal(j.c.state, CONVERSION_WAITING);
	assert_int_equal(j.c.waits_for, WAITS_MICROSOFT);
	assert_false(str_is_empty(j.c.why));
	assert_false(str_is_empty(j.c.next_thing));
	assert_false(instant_is_none(j.c.waits_since));
	vendor_stage_trouble(j.vendor, TROUBLE_NONE, 0, NULL);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 1);
	journey_close(&j);
}

struct rows {
	struct journey *j;
	size_t calls, events, letters;
	int64_t version;
};

static fault *rows_body(struct tx *tx, void *with)
{
	struct vendor_call_of_list calls;
	struct conversion_history events;
	struct rows *rows = with;
	struct job_list letters;

	TRY(vendor_call_of(tx, rows->j->c.id, &calls));
	TRY(conversion_history(tx, rows->j->c.id, &events));
	TRY(job_list(tx, JOB_WAITING, ID_NONE, 100, &letters));
	rows->calls = calls.len;
	rows->events = events.len;
	rows->version = rows->j->c.version;
	for (size_t i = 0; i < letters.len; i++)
		rows->letters += str_eq(letters.at[i].kind, S("mail.send"));
	return NULL;
}

static struct rows rows_of(struct journey *j)
{
	struct rows rows = { .j = j };

	journey_must(
		store_run(j->with->store, STORE_READ, j->with->arena, "rows", rows_body, &rows));
	return rows;
}

/* No hand of ours does this: it stands for whatever a programmer got wrong. */
static fault *lose_the_record(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct snapshot_by_moment record;
	bool found;

	TRY(snapshot_by_moment(tx, j->c.id, S("before"), &record, &found));
	assert_true(found);
	TRY(snapshot_forget_skus(tx, record.id));
	TRY(snapshot_forget_subscriptions(tx, record.id));
	TRY(snapshot_forget_holds(tx, record.id));
	return snapshot_forget(tx, record.id);
}

static void the_record_is_lost(struct journey *j)
{
	journey_let(j, lose_the_record);
}

static fault *job_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct job_shown job;
	bool found;

	TRY(job_about(tx, "convert.step", j->c.id, &job, &found));
	assert_true(found);
	assert_int_equal(job.state, JOB_DEAD);
	assert_true(str_eq(job.why, j->c.why));
	return NULL;
}

/* It is not tried over and over: an operator reads why, and whoever presses is heard. */
static void a_bug_of_ours(struct store_testing *with)
{
	struct journey j;
	int64_t calls;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_CONSENT;
	j.surprise = the_record_is_lost;
	journey_play_for(&j, 200);
	assert_int_equal(j.c.step, STEP_CONSENT);
	assert_int_equal(j.c.waits_for, WAITS_OPERATOR);
	assert_true(str_find(j.c.why, S("no record of the tenant")) > 0);
	assert_true(str_find(j.c.next_thing, S("press Resume")) > 0);
	journey_let(&j, job_body);
	calls = vendor_stage_calls(j.vendor);
	journey_later(&j, HOURS(5));
	assert_int_equal(vendor_stage_calls(j.vendor), calls);
	journey_resume(&j);
	journey_later(&j, HOURS(1));
	assert_true(vendor_stage_calls(j.vendor) > calls);
	journey_let(&j, job_body);
	journey_stop(&j);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 0);
	journey_close(&j);
}

static void fall_asleep(struct journey *j)
{
	j->idle = true;
}

static void an_administrator_who_takes_a_day(struct store_testing *with)
{
	struct rows early, late;
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_CANCEL_OLD;
	j.surprise = fall_asleep;
	journey_play_for(&j, 400);
	assert_true(j.surprised);
	early = rows_of(&j);
	journey_go_on_for(&j, (int)(HOURS(24) / SECONDS(20)));
	late = rows_of(&j);
	assert_int_equal(late.calls, early.calls);
	assert_int_equal(late.events, early.events);
	assert_int_equal(late.version, early.version);
	assert_int_equal(late.letters, early.letters + 1); /* the reminder of the first day */
	journey_close(&j);
}

/* The administrator: reading, the invitation, the cancellation, the end.  The partner: the plan,
 * the end. */
#define LETTERS 6

static void lose_a_few_answers(struct journey *j)
{
	vendor_stage_answer(j->vendor, "graph.users", VENDOR_SILENT, NULL, false);
	j->idle = true;
}

static void a_wait_with_lost_answers_in_between(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_CANCEL_OLD;
	j.surprise = lose_a_few_answers;
	journey_play_for(&j, 400);
	assert_int_equal(j.c.waits_for, WAITS_MICROSOFT);
	vendor_stage_answer(j.vendor, "graph.users", 0, NULL, false);
	journey_go_on_for(&j, 400);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	j.idle = false;
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(rows_of(&j).letters, LETTERS);
	journey_close(&j);
}

static void buy_seats(struct journey *j)
{
	vendor_stage_resize(j->vendor, j->domain, 2);
}

/* Whoever is asked again reads why, and the difference. */
static bool says_what_changed(const struct journey *j)
{
	return j->c.step == STEP_PLAN && j->c.waits_for == WAITS_PARTNER &&
	       str_find(j->c.why, S("has changed since the approval: ")) >= 0;
}

static void a_plan_made_anew(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_CONSENT;
	j.surprise = buy_seats;
	journey_play_for(&j, 0);
	for (int i = 0; i < 400 && !says_what_changed(&j); i++)
		journey_go_on_for(&j, 1);
	assert_true(says_what_changed(&j));
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS + 2);
	assert_int_equal(rows_of(&j).letters, LETTERS + 1);
	journey_close(&j);
}

#define TWICE "{\"value\":[" USER "," USER "]}"
#define USER                                                                                    \
	"{\"id\":\"66080f17-4c96-48e2-9cbd-0ba3a1a6bcde\",\"userPrincipalName\":\"t@cedarbend." \
	"example\","                                                                            \
	"\"assignedLicenses\":[{\"skuId\":\"f245ecc8-75af-4f8e-b61f-27d8114de5f3\"}]}"

static void a_user_on_two_pages(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	vendor_stage_answer(j.vendor, "graph.users", 200, TWICE, false);
	journey_play(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_close(&j);
}

#define FORBIDDEN "{\"error\":{\"code\":\"Authorization_RequestDenied\",\"message\":\"No.\"}}"

static void withdraw_consent(struct journey *j)
{
	vendor_stage_answer(j->vendor, "graph.users", 403, FORBIDDEN, false);
}

static void a_consent_that_is_withdrawn(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PROVISION;
	j.surprise = withdraw_consent;
	journey_play_for(&j, 400);
	assert_int_equal(j.c.step, STEP_SEE_BOTH);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	assert_true(str_find(j.c.next_thing, S("Allow reading")) >= 0);
	assert_false(str_is_none(j.c.consent_url));
	vendor_stage_answer(j.vendor, "graph.users", 0, NULL, false);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_close(&j);
}

#define TOLD(body, story)                 \
	static void story(void **state)   \
	{                                 \
		(void)state;              \
		store_testing_each(body); \
	}
TOLD(an_unknown_domain, an_unknown_domain_is_refused_by_name)
TOLD(a_tenant_under_another_name, a_tenant_is_converted_once_whatever_it_is_called)
TOLD(one_stopped_before_anybody_looked, what_was_never_looked_at_is_undone_at_once)
TOLD(a_tenant_converted_before, what_is_ours_already_is_not_bought_again)
TOLD(a_tenant_that_cancels_before_the_order,
     a_tenant_that_changed_since_the_approval_is_not_bought_for)
TOLD(a_tenant_that_cancels_too_early, an_early_cancellation_is_carried_by_the_new_licenses)
TOLD(a_stop_that_comes_too_late, a_stop_that_would_take_licenses_away_goes_on_instead)
TOLD(microsoft_that_is_gone, a_vendor_that_is_gone_is_waited_for_in_words)
TOLD(a_bug_of_ours, a_bug_of_ours_stops_and_is_told_and_can_be_undone)
TOLD(an_administrator_who_takes_a_day, waiting_leaves_no_rows)
TOLD(a_wait_with_lost_answers_in_between, each_thing_asked_is_one_letter)
TOLD(a_plan_made_anew, a_new_plan_is_a_new_letter)
TOLD(a_user_on_two_pages, a_user_read_twice_is_recorded_once)
TOLD(a_consent_that_is_withdrawn, a_withdrawn_consent_is_asked_of_the_administrator)
TOLD(a_narrow_pace, our_own_pace_is_no_wait_that_a_person_sees)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_domain_is_refused_by_name),
		cmocka_unit_test(a_tenant_is_converted_once_whatever_it_is_called),
		cmocka_unit_test(what_was_never_looked_at_is_undone_at_once),
		cmocka_unit_test(what_is_ours_already_is_not_bought_again),
		cmocka_unit_test(a_tenant_that_changed_since_the_approval_is_not_bought_for),
		cmocka_unit_test(our_own_pace_is_no_wait_that_a_person_sees),
		cmocka_unit_test(an_early_cancellation_is_carried_by_the_new_licenses),
		cmocka_unit_test(a_stop_that_would_take_licenses_away_goes_on_instead),
		cmocka_unit_test(a_vendor_that_is_gone_is_waited_for_in_words),
		cmocka_unit_test(a_bug_of_ours_stops_and_is_told_and_can_be_undone),
		cmocka_unit_test(waiting_leaves_no_rows),
		cmocka_unit_test(each_thing_asked_is_one_letter),
		cmocka_unit_test(a_new_plan_is_a_new_letter),
		cmocka_unit_test(a_user_read_twice_is_recorded_once),
		cmocka_unit_test(a_withdrawn_consent_is_asked_of_the_administrator),
	};

	return cmocka_run_group_tests_name("journey_otherwise", tests, NULL, NULL);
}
