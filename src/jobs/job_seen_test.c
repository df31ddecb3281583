/* What operators see and do: failed tries, lists that are narrowed, giving up. */
#include "jobs/stage.h"

static fault *remote_fails(const struct job_run *run)
{
	return fault_new(FAULT_REMOTE, "The other side did not answer try %d.", run->attempt);
}

static fault *asked_to_wait(const struct job_run *run)
{
	fault *f = fault_new(FAULT_BUSY, "Later, please.");

	(void)run;
	f->retry_after = 3;
	return f;
}

struct asking {
	id job;
	const char *why;
	struct job_failure_list failures;
	struct job_kind_counts kinds;
	struct job_shown shown;
};

static fault *give_up(struct tx *tx, void *with)
{
	struct asking *a = with;

	return job_give_up(tx, a->job, str_of(a->why));
}

static fault *read_failures(struct tx *tx, void *with)
{
	struct asking *a = with;

	TRY(job_get(tx, a->job, &a->shown));
	TRY(job_kinds_count(tx, &a->kinds));
	return job_failure_list(tx, a->job, &a->failures);
}

static void let(struct stage *s, store_body *body, struct asking *a)
{
	assert_null(store_run(s->store, STORE_WRITE, s->arena, "test", body, a));
}

static void fail_often(struct store_testing *with)
{
	struct asking a = { .why = "" };
	struct stage s;

	stage_open(&s, with);
	s.kinds[0].most_tries = 30;
	assert_true(jobs_close(s.jobs, 1));
	assert_null(jobs_open(&(struct jobs_settings){ .store = s.store,
						       .world = &s.world->world,
						       .kinds = s.kinds,
						       .kind_count = 1 },
			      &s.jobs));
	s.script.does[0] = remote_fails;
	leave(&s, (struct job_new){ 0 });
	for (int i = 0; i < 23; i++) {
		assert_true(run(&s));
		pass(&s, MINUTES(20));
	}
	a.job = only(&s, JOB_WAITING).job;
	let(&s, read_failures, &a);
	assert_int_equal(a.failures.len, 20);
	assert_int_equal(a.failures.at[0].attempt, 23);
	assert_string_equal(str_cstr(s.arena, a.failures.at[0].said),
			    "The other side did not answer try 23.");
	assert_int_equal(a.failures.at[19].attempt, 4);
	assert_int_equal(a.shown.tries, 23);
	assert_int_equal(a.kinds.len, 1);
	assert_int_equal(a.kinds.at[0].stuck, 1);
	stage_close(&s);
}

static void be_sent_away(struct store_testing *with)
{
	struct asking a = { .why = "" };
	struct stage s;

	stage_open(&s, with);
	s.script.does[0] = asked_to_wait;
	leave(&s, (struct job_new){ 0 });
	assert_true(run(&s));
	a.job = only(&s, JOB_WAITING).job;
	let(&s, read_failures, &a);
	assert_int_equal(a.failures.len, 0);
	assert_true(instant_is_none(a.shown.failing_since));
	assert_int_equal(a.kinds.at[0].stuck, 0);
	stage_close(&s);
}

static void give_up_twice(struct store_testing *with)
{
	struct asking a = { .why = "The tenant is gone." };
	struct stage s;

	stage_open(&s, with);
	s.script.does[0] = again_in_an_hour;
	leave(&s, (struct job_new){ .about = SUBJECT });
	assert_true(run(&s));
	a.job = only(&s, JOB_WAITING).job;
	let(&s, give_up, &a);
	assert_true(str_eq(only(&s, JOB_DEAD).why, S("The tenant is gone.")));
	pass(&s, HOURS(2));
	assert_false(run(&s));
	a.why = "Really.";
	let(&s, give_up, &a);
	assert_true(str_eq(only(&s, JOB_DONE).why, S("Really.")));
	assert_int_equal(store_run(s.store, STORE_WRITE, s.arena, "test", give_up, &a)->kind,
			 FAULT_CONFLICT);
	a.job = (id){ .n = 3 };
	assert_int_equal(store_run(s.store, STORE_WRITE, s.arena, "test", give_up, &a)->kind,
			 FAULT_MISSING);
	stage_close(&s);
}

static struct stage *on_stage;

/* An operator gives the job up while its handler runs: what the handler found is not kept. */
static fault *is_given_up_meanwhile(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct asking a = { .job = run->job, .why = "Enough." };

	let(on_stage, give_up, &a);
	fault *f = job_begin(run, &tx);
	assert_int_equal(f->kind, FAULT_FENCED);
	return f;
}

static void give_up_a_running_one(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	on_stage = &s;
	s.script.does[0] = is_given_up_meanwhile;
	leave(&s, (struct job_new){ 0 });
	assert_true(run(&s));
	assert_true(str_eq(only(&s, JOB_DEAD).why, S("Enough.")));
	stage_close(&s);
}

static fault *find_each(struct tx *tx, void *with)
{
	static const struct {
		struct job_filter filter;
		size_t found;
	} rows[] = {
		{ { .state = JOB_WAITING }, 2 },
		{ { .state = JOB_WAITING, .kind = { "test.play", 9 } }, 1 },
		{ { .state = JOB_WAITING, .kind = { "test.other", 10 } }, 1 },
		{ { .state = JOB_WAITING, .stuck = true }, 1 },
		{ { .state = JOB_WAITING, .stuck = true, .kind = { "test.play", 9 } }, 0 },
		{ { .state = JOB_DEAD }, 0 },
		{ { .state = JOB_WAITING, .before = { .n = 1 } }, 0 },
	};
	struct job_list list;
	(void)with;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct job_filter filter = rows[i].filter;

		filter.most = 10;
		TRY(job_find(tx, &filter, &list));
		assert_int_equal(list.len, rows[i].found);
	}
	return NULL;
}

static void narrow_lists(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	s.script.does[0] = again_in_an_hour;
	leave(&s, (struct job_new){ 0 });
	leave(&s, (struct job_new){ .kind = "test.other" });
	assert_true(run(&s));
	pass(&s, MINUTES(2)); /* nobody takes the other kind */
	assert_null(store_run(s.store, STORE_READ, s.arena, "find", find_each, NULL));
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "the newest failed tries are kept with their words", stage_each, NULL, NULL,
		  fail_often },
		{ "being sent away leaves no failure", stage_each, NULL, NULL, be_sent_away },
		{ "who is given up becomes a dead letter and then is put away", stage_each, NULL,
		  NULL, give_up_twice },
		{ "giving up fences the attempt that runs", stage_each, NULL, NULL,
		  give_up_a_running_one },
		{ "lists are narrowed by state, kind and what is stuck", stage_each, NULL, NULL,
		  narrow_lists },
	};
	return cmocka_run_group_tests_name("job_seen", tests, NULL, NULL);
}
