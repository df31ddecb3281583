/* The desk is the operators' alone, and what they do there leaves a line. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "admin/audit_desk.h"
#include "admin/conversion_desk.h"
#include "admin/job_desk.h"
#include "store/store_testing.h"

struct cast {
	struct asker partner, operator_;
	struct conversion bakery;
	struct job_shown job; /* of the bakery */
};

static fault *cast_open(struct tx *tx, void *with)
{
	struct cast *cast = with;
	struct account ada, olga;
	bool found;

	TRY(account_open(tx, S("ada@example.test"), S("Ada"), ROLE_PARTNER, STR_NONE, &ada));
	TRY(account_open(tx, S("olga@example.test"), S("Olga"), ROLE_OPERATOR, STR_NONE, &olga));
	cast->partner = (struct asker){ ada.id, ROLE_PARTNER, S("192.0.2.1") };
	cast->operator_ = (struct asker){ olga.id, ROLE_OPERATOR, S("192.0.2.2") };
	TRY(conversion_start(tx, &cast->partner, S("bakery.example"), STR_NONE, &cast->bakery));
	return job_about(tx, "convert.step", cast->bakery.id, &cast->job, &found);
}

static void play(struct store_testing *with, store_body *body)
{
	struct cast cast;

	assert_null(store_run(with->store, STORE_WRITE, with->arena, "cast", cast_open, &cast));
	assert_null(store_run(with->store, STORE_WRITE, with->arena, "test", body, &cast));
}

static fault *as_partner(struct tx *tx, void *with)
{
	struct cast *cast = with;
	struct job_desk_page jobs;
	struct job_desk_one job;
	struct conversion_stuck_list stuck;
	struct conversion_desk_one one;
	struct audit_page trail;
	const struct audit_question all = { .most = 0 };
	const fault *const answers[] = {
		job_desk_page(tx, &cast->partner, JOB_DESK_DEAD, STR_NONE, ID_NONE, &jobs),
		job_desk_get(tx, &cast->partner, cast->job.job, &job),
		job_desk_resubmit(tx, &cast->partner, cast->job.job),
		job_desk_give_up(tx, &cast->partner, cast->job.job, S("I want to")),
		conversion_desk_stuck(tx, &cast->partner, &stuck),
		conversion_desk_get(tx, &cast->partner, cast->bakery.id, &one),
		audit_desk_page(tx, &cast->partner, &all, &trail),
	};

	for (size_t i = 0; i < COUNT(answers); i++) {
		assert_non_null(answers[i]);
		assert_int_equal(answers[i]->kind, FAULT_DENIED);
	}
	return NULL;
}

static void as_partner_body(struct store_testing *with)
{
	play(with, as_partner);
}

static void a_partner_does_nothing_at_the_desk(void **state)
{
	(void)state;
	store_testing_each(as_partner_body);
}

static fault *gives_up(struct tx *tx, void *with)
{
	struct cast *cast = with;
	struct conversion_stuck_list stuck;
	struct job_desk_page page;
	struct job_desk_one one;
	const id job = cast->job.job;

	TRY(conversion_desk_stuck(tx, &cast->operator_, &stuck));
	assert_int_equal(stuck.len, 0);
	assert_int_equal(job_desk_give_up(tx, &cast->operator_, job, S("  x "))->kind, FAULT_INPUT);
	TRY(job_desk_give_up(tx, &cast->operator_, job, S("The firm has closed.")));
	TRY(conversion_desk_stuck(tx, &cast->operator_, &stuck));
	assert_int_equal(stuck.len, 1);
	assert_true(id_eq(stuck.at[0].job, job));
	assert_true(str_eq(stuck.at[0].partner.name, S("Ada")));
	TRY(job_desk_page(tx, &cast->operator_, JOB_DESK_DEAD, S("convert.step"), ID_NONE, &page));
	assert_int_equal(page.jobs.len, 1);
	assert_int_equal(page.counts[JOB_DESK_DEAD], 1);
	assert_int_equal(page.counts[JOB_DESK_WAITING], 0);
	TRY(job_desk_resubmit(tx, &cast->operator_, job));
	assert_int_equal(job_desk_resubmit(tx, &cast->operator_, job)->kind, FAULT_CONFLICT);
	TRY(job_desk_get(tx, &cast->operator_, job, &one));
	assert_int_equal(one.job.state, JOB_WAITING);
	assert_int_equal(one.trail.len, 2);
	assert_true(str_eq(one.trail.at[0].did, S("job.resubmit")));
	assert_true(str_eq(one.trail.at[1].did, S("job.give-up")));
	assert_true(str_eq(one.trail.at[1].why, S("The firm has closed.")));
	assert_true(str_eq(one.trail.at[1].email, S("olga@example.test")));
	TRY(conversion_desk_stuck(tx, &cast->operator_, &stuck));
	assert_int_equal(stuck.len, 0);
	return NULL;
}

static void gives_up_body(struct store_testing *with)
{
	play(with, gives_up);
}

static void what_is_given_up_is_stuck_until_it_is_sent_again_and_leaves_lines(void **state)
{
	(void)state;
	store_testing_each(gives_up_body);
}

static fault *resumed(struct tx *tx, void *with)
{
	struct cast *cast = with;
	struct conversion_stuck_list stuck;

	TRY(job_desk_give_up(tx, &cast->operator_, cast->job.job, S("By mistake.")));
	TRY(conversion_resume(tx, &cast->operator_, cast->bakery.id));
	TRY(conversion_desk_stuck(tx, &cast->operator_, &stuck));
	assert_int_equal(stuck.len, 0);
	return NULL;
}

static void resumed_body(struct store_testing *with)
{
	play(with, resumed);
}

static void a_dead_letter_with_a_successor_holds_nothing_up(void **state)
{
	(void)state;
	store_testing_each(resumed_body);
}

static fault *asks_the_trail(struct tx *tx, void *with)
{
	static const struct {
		struct audit_question asked;
		int found; /* -1: refused */
	} rows[] = {
		{ { .did = { "conversion.start", 16 } }, 1 },
		{ { .did = { "  ", 2 } }, 1 },
		{ { .who = { "ADA@example.test", 16 } }, 1 },
		{ { .who = { "nobody@example.test", 19 } }, 0 },
		{ { .from = { "terminal", 8 } }, 0 },
		{ { .since = { "2026-02-03", 10 }, .until = { "2026-02-03", 10 } }, 1 },
		{ { .until = { "2026-02-02", 10 } }, 0 },
		{ { .since = { "2026-02-04", 10 } }, 0 },
		{ { .since = { "yesterday", 9 } }, -1 },
		{ { .since = { "2026-13-45", 10 } }, -1 },
		{ { .before = { "job_0000000000001", 17 } }, -1 },
	};
	struct cast *cast = with;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct audit_page page;
		fault *f = audit_desk_page(tx, &cast->operator_, &rows[i].asked, &page);

		assert_int_equal(f ? -1 : (int)page.lines.len, rows[i].found);
		assert_true(!f || f->kind == FAULT_INPUT);
	}
	return NULL;
}

static void asks_the_trail_body(struct store_testing *with)
{
	play(with, asks_the_trail);
}

static void the_trail_answers_what_people_type(void **state)
{
	(void)state;
	store_testing_each(asks_the_trail_body);
}

static void every_list_of_jobs_has_a_word(void **state)
{
	enum job_desk_view read;
	(void)state;

	for (enum job_desk_view v = 0; v < JOB_DESK_VIEW_COUNT; v++) {
		assert_null(job_desk_view_read(job_desk_word(v), &read));
		assert_int_equal(read, v);
	}
	assert_null(job_desk_view_read(STR_NONE, &read));
	assert_int_equal(read, JOB_DESK_DEAD);
	assert_int_equal(job_desk_view_read(S("lost"), &read)->kind, FAULT_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_partner_does_nothing_at_the_desk),
		cmocka_unit_test(what_is_given_up_is_stuck_until_it_is_sent_again_and_leaves_lines),
		cmocka_unit_test(a_dead_letter_with_a_successor_holds_nothing_up),
		cmocka_unit_test(the_trail_answers_what_people_type),
		cmocka_unit_test(every_list_of_jobs_has_a_word),
	};

	return cmocka_run_group_tests_name("desk", tests, NULL, NULL);
}
