#include "jobs/stage.h"

static struct stage *on_stage; /* for handlers that act on their own job from outside */

/* The lease is a minute; meanwhile nobody else came. */
static fault *overruns_alone(const struct job_run *run)
{
	struct world_seeded *world = run->world->of;

	world->at = instant_after(world->at, MINUTES(2));
	return again_in_an_hour(run);
}

static struct jobs *other_runner(struct stage *s)
{
	struct jobs *other;

	assert_null(jobs_open(&(struct jobs_settings){ .store = s->store,
						       .world = &s->world->world,
						       .kinds = s->kinds,
						       .kind_count = 1 },
			      &other));
	return other;
}

/* A worker hangs for two minutes of a one-minute lease; another takes the job and ends it. */
static fault *is_overtaken(const struct job_run *run)
{
	struct stage *s = on_stage;
	DEFER(tx_end) struct tx *tx = NULL;
	struct jobs *other = other_runner(s);
	bool ran;

	pass(s, MINUTES(2));
	assert_null(jobs_run_one(other, &ran));
	assert_true(ran);
	assert_true(jobs_close(other, 1));
	assert_int_equal(s->script.seen.lease, run->lease + 1);
	assert_int_equal(job_renew(run, MINUTES(1))->kind, FAULT_FENCED);
	fault *f = job_begin(run, &tx);
	assert_int_equal(f->kind, FAULT_FENCED);
	return f;
}

static fault *is_overtaken_and_silent(const struct job_run *run)
{
	(void)is_overtaken(run);
	return NULL;
}

static fault *is_overtaken_and_fails(const struct job_run *run)
{
	return is_overtaken(run) ? fault_new(FAULT_BUG, "Late and wrong.") : NULL;
}

static void overtake(struct store_testing *with)
{
	static fault *(*const late[])(const struct job_run *) = {
		is_overtaken,
		is_overtaken_and_silent,
		is_overtaken_and_fails,
	};

	for (size_t i = 0; i < COUNT(late); i++) {
		struct stage s;
		stage_open(&s, with);
		on_stage = &s;
		s.script.does[0] = late[i];
		s.script.does[1] = again_in_an_hour;
		leave(&s, (struct job_new){ .about = SUBJECT });
		assert_true(run(&s));
		assert_int_equal(s.script.calls, 2);
		assert_int_equal(until_due(&s), HOURS(1)); /* as the second attempt said */
		pass(&s, HOURS(1));
		s.script.does[2] = goes_well;
		assert_true(run(&s));
		stage_close(&s);
	}
}

static void overrun(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	s.script.does[0] = overruns_alone;
	leave(&s, (struct job_new){ 0 });
	assert_true(run(&s));
	assert_int_equal(until_due(&s), HOURS(1));
	stage_close(&s);
}

static fault *renews_twice(const struct job_run *run)
{
	struct stage *s = on_stage;
	struct jobs *other = other_runner(s);
	bool ran;

	for (int i = 0; i < 2; i++) {
		TRY(job_renew(run, MINUTES(10)));
		pass(s, MINUTES(9));
		assert_null(jobs_run_one(other, &ran));
		assert_false(ran);
	}
	assert_true(jobs_close(other, 1));
	return NULL;
}

static void renew(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	on_stage = &s;
	s.script.does[0] = renews_twice;
	leave(&s, (struct job_new){ 0 });
	assert_true(run(&s));
	assert_int_equal(counts(&s).of[JOB_DONE], 1);
	stage_close(&s);
}

/* The attempt that crashed is one that never comes back: its thread is left inside. */
static fault *crashes(const struct job_run *run)
{
	struct stage *s = on_stage;
	bool ran;

	pass(s, MINUTES(1));
	if (run->attempt < 9) {
		struct jobs *other = other_runner(s);
		assert_null(jobs_run_one(other, &ran));
		assert_true(ran);
		assert_true(jobs_close(other, 1));
	}
	return fault_new(FAULT_FENCED, "Gone.");
}

static void crash_for_ever(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with); /* at most five tries */
	on_stage = &s;
	s.script.does[0] = crashes;
	leave(&s, (struct job_new){ 0 });
	assert_true(run(&s));
	assert_int_equal(s.script.calls, 5);
	assert_true(str_eq(only(&s, JOB_DEAD).why,
			   S("The worker stopped 5 times while it was at this.")));
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "an attempt that lost its lease changes nothing", stage_each, NULL, NULL,
		  overtake },
		{ "an attempt that overran alone still counts", stage_each, NULL, NULL, overrun },
		{ "a renewed lease is not taken", stage_each, NULL, NULL, renew },
		{ "work that kills its worker becomes a dead letter", stage_each, NULL, NULL,
		  crash_for_ever },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
