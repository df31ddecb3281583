/* What keeps things moving while somebody is waited for: reminders, the one warning before an order
 * cannot be undone any more, and an operator who hears of a silent Microsoft. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "journey.h"
#include "letter_sql.h"

/* The letters that were left so far with these words in the subject, by address. */
struct letters {
	struct journey *j;
	const char *subject;
	str to; /* or none: to anybody */
	size_t count;
	str text; /* of the newest */
};

static fault *letters_body(struct tx *tx, void *with)
{
	struct letters *l = with;
	struct job_list jobs;

	TRY(job_list(tx, JOB_WAITING, ID_NONE, 500, &jobs));
	for (size_t i = 0; i < jobs.len; i++) {
		struct letter_by_id row;
		bool found;

		if (!str_eq(jobs.at[i].kind, S("mail.send")))
			continue;
		TRY(letter_by_id(tx, jobs.at[i].about, &row, &found));
		if (str_find(row.subject, str_of(l->subject)) < 0 ||
		    (!str_is_none(l->to) && !str_eq(row.recipient, l->to)))
			continue;
		if (l->count++ == 0)
			l->text = str_copy(l->j->with->arena, row.body);
	}
	return NULL;
}

static struct letters letters_of(struct journey *j, const char *subject, str to)
{
	struct letters l = { .j = j, .subject = subject, .to = to };

	journey_must(
		store_run(j->with->store, STORE_READ, j->with->arena, "letters", letters_body, &l));
	return l;
}

#define ADMINISTRATOR S("admin@example.test")
#define PARTNER	      S("ada@example.test")

static void an_administrator_is_reminded_less_and_less_often(struct store_testing *with)
{
	static const struct {
		int64_t days;
		size_t administrator, partner;
	} rows[] = {
		{ 0, 0, 0 }, { 1, 1, 0 }, { 2, 1, 0 },	{ 3, 2, 0 },  { 6, 2, 0 },
		{ 7, 3, 1 }, { 8, 3, 1 }, { 14, 4, 2 }, { 21, 5, 3 }, { 22, 5, 3 },
	};
	struct journey j;
	instant begin;

	journey_open(&j, with, BAKERY, NULL);
	journey_to_the_door(&j);
	begin = with->world.at;
	for (size_t i = 0; i < COUNT(rows); i++) {
		with->world.at = instant_after(begin, DAYS(rows[i].days) + MINUTES(5));
		if (rows[i].days == 2) { /* an hour of silence is no new question */
			vendor_stage_trouble(j.vendor, TROUBLE_LOST_ALL, 1, NULL);
			journey_go_on_for(&j, 2);
			assert_int_equal(j.c.waits_for, WAITS_MICROSOFT);
			vendor_stage_trouble(j.vendor, TROUBLE_NONE, 0, NULL);
			journey_later(&j, MINUTES(30));
		}
		journey_go_on_for(&j, 2);
		assert_int_equal(letters_of(&j, "Reminder", ADMINISTRATOR).count,
				 rows[i].administrator);
		assert_int_equal(letters_of(&j, "Reminder", PARTNER).count, rows[i].partner);
	}
	assert_true(str_find(letters_of(&j, "Reminder", ADMINISTRATOR).text, j.c.door) > 0);
	assert_true(str_find(letters_of(&j, "Reminder", PARTNER).text, j.c.door) > 0);
	j.idle = false;
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(letters_of(&j, "Reminder", ADMINISTRATOR).count, 5);
	assert_int_equal(letters_of(&j, "here is the certificate", ADMINISTRATOR).count, 1);
	assert_int_equal(letters_of(&j, "here is the certificate", PARTNER).count, 1);
	journey_close(&j);
}

/* A second conversion waits for the same person. */
static void one_address_gets_one_reminder_a_day(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	journey_to_the_door(&j);
	j.domain = WORKSHOP;
	journey_to_the_door(&j);
	for (int hour = 0; hour < 24 * 4; hour++)
		journey_later(&j, HOURS(1));
	/* due on the first and the third day, for both: a letter a day, each naming both */
	assert_int_equal(letters_of(&j, "Reminder", ADMINISTRATOR).count, 4);
	assert_true(str_find(letters_of(&j, "Reminder", ADMINISTRATOR).text,
			     S("Also waiting for you")) > 0);
	journey_close(&j);
}

static void wait_at_the_plan(struct journey *j)
{
	j->idle = j->surprised = j->c.state == CONVERSION_WAITING;
}

/* Two plans of one partner wait for its approval: a letter a day, each naming the other. */
static void a_partner_reads_what_else_waits(struct store_testing *with)
{
	struct letters l;
	struct journey j;
	str other;

	journey_open(&j, with, BAKERY, NULL);
	for (int i = 0; i < 2; i++) {
		other = i ? id_text(with->arena, "cnv", j.c.id) : STR_NONE;
		j.domain = i ? WORKSHOP : BAKERY;
		j.idle = j.surprised = false;
		j.surprise_at = STEP_PLAN;
		j.surprise = wait_at_the_plan;
		journey_play_for(&j, 60);
		assert_int_equal(j.c.waits_for, WAITS_PARTNER);
	}
	for (int hour = 0; hour < 24 * 2; hour++)
		journey_later(&j, HOURS(1));
	l = letters_of(&j, "Reminder", PARTNER);
	assert_int_equal(l.count, 2);
	assert_true(str_find(l.text, S("Also waiting for you")) > 0);
	for (int i = 0; i < 2; i++) {
		str one = i ? other : id_text(with->arena, "cnv", j.c.id);

		assert_true(str_find(l.text, str_format(with->arena,
							"http://localhost/partner/conversions/%.*s",
							STR(one))) > 0);
	}
	assert_int_equal(letters_of(&j, "Reminder", ADMINISTRATOR).count, 0);
	journey_close(&j);
}

static fault *operator_body(struct tx *tx, void *with)
{
	struct account op;

	(void)with;
	return account_open(tx, S("op@example.test"), S("Olga"), ROLE_OPERATOR, STR_NONE, &op);
}

static void the_end_of_the_seven_days_is_announced_once(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	journey_let(&j, operator_body);
	journey_to_the_cancelling(&j);
	journey_later(&j, DAYS(5));
	assert_int_equal(letters_of(&j, "can be undone", STR_NONE).count, 0);
	journey_later(&j, DAYS(1));
	for (int hour = 0; hour < 30; hour++)
		journey_later(&j, HOURS(1));
	assert_int_equal(letters_of(&j, "can be undone", PARTNER).count, 1);
	assert_int_equal(letters_of(&j, "can be undone", S("op@example.test")).count, 1);
	assert_int_equal(letters_of(&j, "can be undone", STR_NONE).count, 2);
	assert_true(str_find(letters_of(&j, "can be undone", PARTNER).text, S("February 2026")) >
		    0);
	assert_false(instant_is_none(j.c.window_warned_at));
	j.idle = false;
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_close(&j);
}

static void a_silent_microsoft_is_told_to_an_operator_and_goes_on_by_itself(
	struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	journey_let(&j, operator_body);
	journey_to_the_cancelling(&j);
	vendor_stage_trouble(j.vendor, TROUBLE_LOST_ALL, 1, NULL);
	for (int hour = 0; hour < 24; hour++)
		journey_later(&j, HOURS(1));
	assert_int_equal(j.c.waits_for, WAITS_MICROSOFT);
	for (int hour = 0; hour < 30; hour++)
		journey_later(&j, HOURS(1));
	assert_int_equal(j.c.waits_for, WAITS_OPERATOR);
	assert_true(str_find(j.c.why, S("more than a day")) > 0);
	assert_int_equal(letters_of(&j, "silent for a day", STR_NONE).count, 1);
	vendor_stage_trouble(j.vendor, TROUBLE_NONE, 0, NULL);
	journey_later(&j, HOURS(1));
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	j.idle = false;
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_close(&j);
}

/* The letter that asked for it may still lie on somebody's desk. */
static void who_was_asked_to_cancel_hears_that_it_is_off_before_our_licenses_go(
	struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	journey_to_the_cancelling(&j);
	assert_int_equal(letters_of(&j, "do not end", STR_NONE).count, 0);
	vendor_stage_answer(j.vendor, "partnercenter.cancel", 503, "", false);
	journey_stop(&j);
	journey_go_on_for(&j, 3);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS);
	assert_int_equal(letters_of(&j, "do not end", ADMINISTRATOR).count, 1);
	assert_int_equal(letters_of(&j, "do not end", PARTNER).count, 1);
	vendor_stage_answer(j.vendor, "partnercenter.cancel", 0, NULL, false);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(letters_of(&j, "do not end", STR_NONE).count, 2);
	journey_close(&j);
}

static fault *next_look_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct job_shown job;
	bool found;

	TRY(job_about(tx, "convert.step", j->c.id, &job, &found));
	assert_true(found);
	j->version = instant_since(job.due, tx_now(tx));
	return NULL;
}

/* How long from now; the turn that looked was twenty seconds ago. */
static int64_t next_look(struct journey *j)
{
	journey_let(j, next_look_body);
	return j->version;
}

/* Ten thousand may wait for weeks: nearly all looks find nothing. */
static void who_takes_long_is_asked_after_rarely_and_heard_at_once(struct store_testing *with)
{
	static const struct {
		int64_t waited, rests;
	} rows[] = {
		{ MINUTES(10), SECONDS(60) },
		{ HOURS(1), MINUTES(6) },
		{ HOURS(10), HOURS(1) },
		{ DAYS(20), HOURS(1) },
	};
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	journey_to_the_door(&j);
	for (size_t i = 0; i < COUNT(rows); i++) {
		with->world.at = instant_after(j.c.waits_since, rows[i].waited);
		journey_go_on_for(&j, 1);
		assert_int_equal(next_look(&j) + SECONDS(20), rows[i].rests);
	}
	journey_knock(&j);
	assert_in_range(next_look(&j), 0, SECONDS(2));
	journey_close(&j);
}

#define STORY(body)                          \
	static void run_##body(void **state) \
	{                                    \
		(void)state;                 \
		store_testing_each(body);    \
	}
STORY(an_administrator_is_reminded_less_and_less_often)
STORY(who_takes_long_is_asked_after_rarely_and_heard_at_once)
STORY(one_address_gets_one_reminder_a_day)
STORY(a_partner_reads_what_else_waits)
STORY(the_end_of_the_seven_days_is_announced_once)
STORY(a_silent_microsoft_is_told_to_an_operator_and_goes_on_by_itself)
STORY(who_was_asked_to_cancel_hears_that_it_is_off_before_our_licenses_go)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_an_administrator_is_reminded_less_and_less_often),
		cmocka_unit_test(run_who_takes_long_is_asked_after_rarely_and_heard_at_once),
		cmocka_unit_test(run_one_address_gets_one_reminder_a_day),
		cmocka_unit_test(run_a_partner_reads_what_else_waits),
		cmocka_unit_test(run_the_end_of_the_seven_days_is_announced_once),
		cmocka_unit_test(
			run_a_silent_microsoft_is_told_to_an_operator_and_goes_on_by_itself),
		cmocka_unit_test(
			run_who_was_asked_to_cancel_hears_that_it_is_off_before_our_licenses_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
