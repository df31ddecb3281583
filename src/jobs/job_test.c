#include "base/log.h"
#include "jobs/backoff.h"
#include "jobs/stage.h"

static struct stage *on_stage; /* for handlers that act on their own job from outside */

/* ---- what handlers do ---- */

static fault *says_dead(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(job_begin(run, &tx));
	return job_finish(
		run, tx, (struct job_after){ .next = AFTER_DEAD, .why = S("The tenant is gone.") });
}

static fault *leaves_a_child(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(job_begin(run, &tx));
	TRY(job_later(tx, &(struct job_new){ .kind = "test.child", .about = SUBJECT }));
	return job_finish(run, tx, (struct job_after){ .next = AFTER_DONE });
}

static fault *leaves_a_child_but_fails(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(job_begin(run, &tx));
	TRY(job_later(tx, &(struct job_new){ .kind = "test.child", .about = SUBJECT }));
	return fault_new(FAULT_REMOTE, "The line broke.");
}

static fault *remote_fails(const struct job_run *run)
{
	(void)run;
	return fault_new(FAULT_REMOTE, "The line broke.");
}

static fault *asked_to_wait(const struct job_run *run)
{
	fault *f = fault_new(FAULT_BUSY, "Too many requests.");

	(void)run;
	f->retry_after = 600;
	return f;
}

static fault *is_wrong(const struct job_run *run)
{
	(void)run;
	return fault_because(fault_new(FAULT_INPUT, "The domain has no name."),
			     "The tenant cannot be read.");
}

static fault *quotes_bytes(const struct job_run *run)
{
	(void)run;
	return fault_new(FAULT_REMOTE, "The mail server says \"no\xff\".");
}

/* With all its causes far more than is kept. */
static fault *says_much(const struct job_run *run)
{
	fault *f = fault_new(FAULT_INPUT, "x");

	for (int i = 0; i < 20; i++)
		f = fault_because(f, "%0*d\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", 200 + i, 0);
	(void)run;
	return f;
}

static fault *is_a_bug(const struct job_run *run)
{
	(void)run;
	return fault_new(FAULT_BUG, "Two halves do not fit.");
}

/* ---- leaving, running, ending ---- */

static void run_to_the_end(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	log_correlate(S("cid-of-the-request"));
	leave(&s, (struct job_new){ .about = SUBJECT, .note = S("{\"n\":1}") });
	log_correlate(S(""));
	assert_true(run(&s));
	assert_int_equal(s.script.calls, 1);
	assert_int_equal(s.script.seen.about.n, SUBJECT.n);
	assert_int_equal(s.script.seen.attempt, 1);
	assert_int_equal(s.script.seen.first.micros, s.world->at.micros);
	assert_int_equal(counts(&s).of[JOB_DONE], 1);
	struct job_shown done = only(&s, JOB_DONE);
	assert_true(str_eq(done.correlation, S("cid-of-the-request")));
	assert_true(str_is_none(done.why));
	assert_false(run(&s));
	stage_close(&s);
}

static void wait_for_its_time(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	leave(&s, (struct job_new){ .about = SUBJECT, .at = instant_after(s.world->at, HOURS(1)) });
	assert_false(run(&s));
	assert_true(instant_is_none(counts(&s).oldest_due));
	pass(&s, HOURS(1));
	assert_int_equal(counts(&s).oldest_due.micros, s.world->at.micros);
	assert_true(run(&s));
	stage_close(&s);
}

static void leave_unknown_kinds(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	leave(&s, (struct job_new){ .kind = "test.playback" });
	leave(&s, (struct job_new){ .kind = "test" });
	assert_false(run(&s));
	assert_int_equal(counts(&s).of[JOB_WAITING], 2);
	stage_close(&s);
}

static void record_with_a_child(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	s.script.does[0] = leaves_a_child_but_fails;
	s.script.does[1] = leaves_a_child;
	leave(&s, (struct job_new){ 0 });
	assert_true(run(&s));
	assert_int_equal(counts(&s).of[JOB_WAITING], 1); /* the failed try left no child */
	pass(&s, MINUTES(15));
	assert_true(run(&s));
	assert_int_equal(counts(&s).of[JOB_WAITING], 1);
	assert_true(str_eq(only(&s, JOB_WAITING).kind, S("test.child")));
	assert_int_equal(counts(&s).of[JOB_DONE], 1);
	stage_close(&s);
}

/* ---- single jobs and wake-ups ---- */

static void leave_single_twice(struct store_testing *with)
{
	struct stage s;
	struct job_new job = { .about = SUBJECT, .single = true };

	stage_open(&s, with);
	job.at = instant_after(s.world->at, HOURS(2));
	leave(&s, job);
	job.at = instant_after(s.world->at, HOURS(3));
	leave(&s, job); /* later than the one that waits: changes nothing */
	assert_int_equal(until_due(&s), HOURS(2));
	job.at = instant_after(s.world->at, HOURS(1));
	leave(&s, job);
	assert_int_equal(until_due(&s), HOURS(1));
	job.about = (id){ .n = 78 };
	leave(&s, job);
	job.about = ID_NONE;
	leave(&s, job);
	leave(&s, job);
	assert_int_equal(counts(&s).of[JOB_WAITING], 3);
	stage_close(&s);
}

static fault *is_woken_meanwhile(const struct job_run *run)
{
	wake(on_stage);
	return again_in_an_hour(run);
}

static fault *is_left_again_meanwhile(const struct job_run *run)
{
	leave(on_stage, (struct job_new){ .about = SUBJECT, .single = true });
	(void)run;
	return NULL;
}

static fault *is_woken_and_fails(const struct job_run *run)
{
	wake(on_stage);
	return remote_fails(run);
}

static fault *is_woken_and_dies(const struct job_run *run)
{
	wake(on_stage);
	return says_dead(run);
}

static void wake_a_waiting_one(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	wake(&s); /* there is none: nothing happens */
	leave(&s, (struct job_new){ .about = SUBJECT, .at = instant_after(s.world->at, HOURS(9)) });
	assert_false(run(&s));
	wake(&s);
	assert_true(run(&s));
	wake(&s); /* done already */
	assert_false(run(&s));
	stage_close(&s);
}

static fault *wake_after(struct tx *tx, void *with)
{
	(void)with;
	return job_wake_after(tx, "test.play", SUBJECT, SECONDS(2));
}

static void wake_as_often_as_strangers_like(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	leave(&s, (struct job_new){ .about = SUBJECT, .at = instant_after(s.world->at, HOURS(9)) });
	for (int i = 0; i < 3; i++)
		assert_null(
			store_run(with->store, STORE_WRITE, with->arena, "wake", wake_after, NULL));
	assert_int_equal(until_due(&s), SECONDS(2));
	assert_false(run(&s));
	pass(&s, SECONDS(1));
	assert_null(store_run(with->store, STORE_WRITE, with->arena, "wake", wake_after, NULL));
	assert_int_equal(until_due(&s), SECONDS(1));
	stage_close(&s);
}

static void wake_a_leased_one(struct store_testing *with)
{
	static fault *(*const meanwhile[])(const struct job_run *) = {
		is_woken_meanwhile,
		is_left_again_meanwhile,
		is_woken_and_fails,
		is_woken_and_dies,
	};

	for (size_t i = 0; i < COUNT(meanwhile); i++) {
		struct stage s;
		stage_open(&s, with);
		on_stage = &s;
		s.script.does[0] = meanwhile[i];
		s.script.does[1] = goes_well;
		leave(&s, (struct job_new){ .about = SUBJECT, .single = true });
		assert_true(run(&s));
		assert_true(run(&s)); /* at once, without the clock moving */
		assert_int_equal(s.script.calls, 2);
		assert_false(run(&s));
		assert_int_equal(counts(&s).of[JOB_DONE], (int64_t)i + 1);
		assert_int_equal(counts(&s).of[JOB_DEAD], 0);
		stage_close(&s);
	}
}

/* ---- faults ---- */

static void try_again_by_rule(struct store_testing *with)
{
	static const struct {
		fault *(*does)(const struct job_run *run);
		enum job_state state;
		int64_t least, most; /* until it is due */
	} rows[] = {
		{ remote_fails, JOB_WAITING, SECONDS(1), SECONDS(3) },
		{ asked_to_wait, JOB_WAITING, MINUTES(10), MINUTES(11) },
		{ again_in_an_hour, JOB_WAITING, HOURS(1), HOURS(1) },
		{ is_wrong, JOB_DEAD, 0, 0 },
		{ is_a_bug, JOB_DEAD, 0, 0 },
		{ says_dead, JOB_DEAD, 0, 0 },
		{ goes_well, JOB_DONE, 0, 0 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct stage s;
		stage_open(&s, with);
		s.script.does[0] = rows[i].does;
		struct job_counts before = counts(&s);
		leave(&s, (struct job_new){ .about = SUBJECT });
		assert_true(run(&s));
		assert_int_equal(counts(&s).of[rows[i].state], before.of[rows[i].state] + 1);
		if (rows[i].state == JOB_WAITING) {
			assert_in_range(until_due(&s), rows[i].least, rows[i].most);
			s.script.does[1] = goes_well;
			pass(&s, HOURS(1));
			assert_true(run(&s));
		}
		stage_close(&s);
	}
}

static void bury_with_reasons(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	s.script.does[0] = is_wrong;
	leave(&s, (struct job_new){ 0 });
	assert_true(run(&s));
	assert_true(str_eq(only(&s, JOB_DEAD).why,
			   S("The tenant cannot be read. The domain has no name.")));
	stage_close(&s);
}

static void give_up_in_time(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with); /* at most five tries */
	s.script.does[0] = remote_fails;
	leave(&s, (struct job_new){ 0 });
	for (int i = 0; i < 5; i++) {
		assert_int_equal(counts(&s).of[JOB_DEAD], 0);
		assert_true(run(&s));
		pass(&s, MINUTES(15));
	}
	assert_false(run(&s));
	assert_true(
		str_starts(only(&s, JOB_DEAD).why, S("Given up after 5 failed tries. The line")));
	stage_close(&s);
}

static void forget_old_failures(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	leave(&s, (struct job_new){ 0 });
	for (int i = 0; i < 12; i++) { /* every third look goes well: never five in a row */
		s.script.calls = 0;
		s.script.does[0] = i % 3 == 2 ? again_in_an_hour : remote_fails;
		assert_true(run(&s));
		pass(&s, HOURS(1));
	}
	assert_int_equal(counts(&s).of[JOB_WAITING], 1);
	s.script.does[0] = remote_fails;
	s.script.calls = 0;
	assert_true(run(&s));
	assert_in_range(until_due(&s), SECONDS(1), SECONDS(3)); /* a new row of failures */
	stage_close(&s);
}

static void throttle_for_long(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	s.script.does[0] = asked_to_wait;
	leave(&s, (struct job_new){ 0 });
	for (int i = 0; i < 12; i++) {
		assert_true(run(&s));
		pass(&s, MINUTES(11));
	}
	assert_int_equal(counts(&s).of[JOB_DEAD], 0);
	stage_close(&s);
}

/* ---- dead letters ---- */

/* Else the attempt would have no end, and be made again whenever its lease ran out. */
static void keep_any_words(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	s.script.does[0] = quotes_bytes;
	s.script.does[1] = says_much;
	leave(&s, (struct job_new){ .about = SUBJECT });
	assert_true(run(&s));
	assert_true(str_eq(only(&s, JOB_WAITING).why, S("The mail server says \"no?\".")));
	pass(&s, HOURS(1));
	assert_true(run(&s));
	assert_in_range(only(&s, JOB_DEAD).why.len, 1990, 2000);
	stage_close(&s);
}

static fault *gives_itself_up(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(job_begin(run, &tx));
	TRY(job_give_up(tx, run->job, S("It cannot be done.")));
	fault *f = job_finish(run, tx, (struct job_after){ .next = AFTER_DONE });
	assert_int_equal(f->kind, FAULT_FENCED);
	return f;
}

/* Nothing of that transaction is kept: the attempt's lease runs out, and another comes. */
static void end_only_once(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	s.script.does[0] = gives_itself_up;
	s.script.does[1] = goes_well;
	leave(&s, (struct job_new){ .about = SUBJECT });
	assert_true(run(&s));
	assert_int_equal(counts(&s).of[JOB_LEASED], 1);
	pass(&s, MINUTES(2));
	assert_true(run(&s));
	assert_int_equal(counts(&s).of[JOB_DONE], 1);
	stage_close(&s);
}

/* Kinds are looked for as words between blanks; this one is between two of them. */
static void take_nobodys_kind(struct store_testing *with)
{
	struct stage s;
	bool ran;

	stage_open(&s, with);
	leave(&s, (struct job_new){ .kind = "test.play jobs.sweep" });
	assert_int_equal(jobs_run_one(s.jobs, &ran)->kind, FAULT_BUG);
	assert_int_equal(counts(&s).of[JOB_WAITING], 1);
	assert_int_equal(s.script.calls, 0);
	stage_close(&s);
}

static void look_for_nothing(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct job_shown shown;

	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	assert_int_equal(job_get(tx, (id){ .n = 1 }, &shown)->kind, FAULT_MISSING);
}

static fault *resubmit(struct tx *tx, void *with)
{
	return job_resubmit(tx, *(id *)with);
}

static fault *do_again(struct stage *s, id job)
{
	return store_run(s->store, STORE_WRITE, s->arena, "resubmit", resubmit, &job);
}

static void revive(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	s.script.does[0] = is_wrong;
	s.script.does[1] = goes_well;
	leave(&s, (struct job_new){ .about = SUBJECT, .single = true });
	assert_true(run(&s));
	id dead = only(&s, JOB_DEAD).job;
	assert_int_equal(do_again(&s, (id){ .n = 1 })->kind, FAULT_MISSING);
	leave(&s, (struct job_new){ .about = SUBJECT, .single = true });
	assert_int_equal(do_again(&s, dead)->kind, FAULT_CONFLICT); /* the same is on its way */
	assert_true(run(&s));
	assert_null(do_again(&s, dead));
	assert_int_equal(do_again(&s, dead)->kind, FAULT_CONFLICT); /* it is waiting now */
	assert_true(run(&s));
	assert_int_equal(counts(&s).of[JOB_DONE], 2);
	stage_close(&s);
}

static void every_state_has_a_word_and_every_word_a_state(void **state)
{
	(void)state;
	for (int i = 0; i < JOB_STATE_COUNT; i++) {
		enum job_state back;
		assert_true(job_state_from(str_of(job_state_word(i)), &back));
		assert_int_equal(back, i);
	}
	assert_false(job_state_from(S("lost"), &(enum job_state){ 0 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_has_a_word_and_every_word_a_state),
		{ "a job runs once and keeps the correlation of who left it", stage_each, NULL,
		  NULL, run_to_the_end },
		{ "a job waits for its time", stage_each, NULL, NULL, wait_for_its_time },
		{ "kinds nobody here knows are left alone", stage_each, NULL, NULL,
		  leave_unknown_kinds },
		{ "what a handler records stands or falls with its end", stage_each, NULL, NULL,
		  record_with_a_child },
		{ "of a single job there is one and it keeps the earlier time", stage_each, NULL,
		  NULL, leave_single_twice },
		{ "waking brings a waiting job forward", stage_each, NULL, NULL,
		  wake_a_waiting_one },
		{ "waking after a while does not hurry what is due sooner", stage_each, NULL, NULL,
		  wake_as_often_as_strangers_like },
		{ "a wake up while it runs is never lost", stage_each, NULL, NULL,
		  wake_a_leased_one },
		{ "each outcome has its consequence", stage_each, NULL, NULL, try_again_by_rule },
		{ "a dead letter says why with all its causes", stage_each, NULL, NULL,
		  bury_with_reasons },
		{ "after too many tries a person must look", stage_each, NULL, NULL,
		  give_up_in_time },
		{ "a look that went well forgets the failures before it", stage_each, NULL, NULL,
		  forget_old_failures },
		{ "being throttled is not failing", stage_each, NULL, NULL, throttle_for_long },
		{ "a dead letter can be done again unless the same is on its way", stage_each, NULL,
		  NULL, revive },
		{ "an attempt whose job was ended cannot end it again", stage_each, NULL, NULL,
		  end_only_once },
		{ "a job of a kind that is none of ours is left as it was", stage_each, NULL, NULL,
		  take_nobodys_kind },
		{ "a failure is kept whatever its words are", stage_each, NULL, NULL,
		  keep_any_words },
		{ "a job that is not there is missing", stage_each, NULL, NULL, look_for_nothing },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
