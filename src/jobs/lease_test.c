#include "jobs/stage.h"

#include "jobs/lease.h"
#include "jobs/worker.h"
#include "worker_sql.h"

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

static fault *goes_on(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(job_begin(run, &tx));
	return job_finish(run, tx, (struct job_after){ .next = AFTER_AT_ONCE });
}

/* Nobody else gets it in between, and the lease lasts from there. */
static fault *goes_on_after_most_of_a_lease(const struct job_run *run)
{
	struct stage *s = on_stage;

	pass(s, SECONDS(50)); /* of a minute */
	TRY(goes_on(run));
	pass(s, SECONDS(50));
	return NULL;
}

static fault *is_alone(const struct job_run *run)
{
	struct stage *s = on_stage;
	struct jobs *other = other_runner(s);
	bool ran;

	assert_null(jobs_run_one(other, &ran));
	assert_false(ran);
	assert_true(jobs_close(other, 1));
	assert_true(str_eq(run->note, S("as it was left")));
	return again_in_an_hour(run);
}

static void go_on(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	on_stage = &s;
	s.script.does[0] = goes_on_after_most_of_a_lease;
	s.script.does[1] = is_alone;
	leave(&s, (struct job_new){ .note = S("as it was left") });
	assert_true(run(&s));
	assert_int_equal(s.script.calls, 2);
	assert_int_equal(s.script.seen.attempt, 1);
	assert_int_equal(until_due(&s), HOURS(1));
	stage_close(&s);
}

static fault *remote_fails(const struct job_run *run)
{
	(void)run;
	return fault_new(FAULT_REMOTE, "The line broke.");
}

static void go_on_then_fail(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	s.script.does[0] = remote_fails;
	s.script.does[1] = goes_on;
	s.script.does[2] = remote_fails;
	leave(&s, (struct job_new){ 0 });
	assert_true(run(&s));
	pass(&s, MINUTES(10));
	instant now = s.world->at;
	assert_true(run(&s));
	assert_int_equal(s.script.calls, 3);
	assert_int_equal(only(&s, JOB_WAITING).tries, 1);
	assert_int_equal(only(&s, JOB_WAITING).failing_since.micros, now.micros);
	stage_close(&s);
}

static fault *is_overtaken_before_it_goes_on(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;

	(void)is_overtaken(run);
	assert_null(tx_begin(run->store, STORE_WRITE, run->arena, &tx));
	fault *f = job_finish(run, tx, (struct job_after){ .next = AFTER_AT_ONCE });
	assert_int_equal(f->kind, FAULT_FENCED);
	return f;
}

static void go_on_too_late(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with);
	on_stage = &s;
	s.script.does[0] = is_overtaken_before_it_goes_on;
	s.script.does[1] = again_in_an_hour;
	leave(&s, (struct job_new){ 0 });
	assert_true(run(&s));
	assert_int_equal(s.script.calls, 2);
	assert_int_equal(until_due(&s), HOURS(1));
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

/* A worker that holds a job under a lease of ten minutes. */
struct holder {
	struct lease_taker taker;
	struct job_kind kind;
	struct lease lease;
};

static fault *holder_enter(struct tx *tx, void *with)
{
	return worker_open(tx, "", &((struct holder *)with)->taker.worker);
}

static fault *holder_beat(struct tx *tx, void *with)
{
	return worker_beat(tx, ((struct holder *)with)->taker.worker, "");
}

static fault *free_silent(struct tx *tx, void *with)
{
	(void)with;
	return lease_free(tx);
}

static void in_tx(struct stage *s, store_body *body, void *with)
{
	assert_null(store_run(s->store, STORE_WRITE, s->arena, "test", body, with));
}

static void holder_open(struct holder *h, struct stage *s)
{
	bool found;

	*h = (struct holder){ .kind = s->kinds[0] };
	h->kind.lease = MINUTES(10);
	h->taker = (struct lease_taker){ .store = s->store,
					 .world = &s->world->world,
					 .kinds = &h->kind,
					 .kind_count = 1,
					 .words = S(" test.play ") };
	in_tx(s, holder_enter, h);
	leave(s, (struct job_new){ .about = SUBJECT });
	assert_null(lease_open(&h->taker, s->arena, &h->lease, &found));
	assert_true(found);
}

static bool somebody_takes_it(struct stage *s)
{
	in_tx(s, free_silent, NULL);
	return run(s);
}

static void fall_silent(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct holder dead;
	struct stage s;

	stage_open(&s, with);
	s.script.does[0] = goes_well;
	holder_open(&dead, &s);
	pass(&s, WORKER_SILENT);
	assert_false(somebody_takes_it(&s));
	pass(&s, 1);
	assert_true(somebody_takes_it(&s));
	assert_int_equal(s.script.seen.lease, dead.lease.run.lease + 1);
	assert_int_equal(counts(&s).of[JOB_DONE], 1);
	assert_int_equal(job_begin(&dead.lease.run, &tx)->kind, FAULT_FENCED);
	stage_close(&s);
}

static void keep_beating(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct holder busy;
	struct stage s;

	stage_open(&s, with);
	s.script.does[0] = goes_well;
	holder_open(&busy, &s);
	for (int64_t held = 0; held < MINUTES(9); held += WORKER_BEAT) {
		pass(&s, WORKER_BEAT);
		in_tx(&s, holder_beat, &busy);
		assert_false(somebody_takes_it(&s));
	}
	assert_null(job_begin(&busy.lease.run, &tx));
	tx_end(&tx);
	pass(&s, MINUTES(1)); /* it lives and beats, but the work hangs */
	in_tx(&s, holder_beat, &busy);
	assert_true(somebody_takes_it(&s));
	stage_close(&s);
}

static void come_back_late(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct worker_list alive;
	struct holder asleep;
	struct stage s;

	stage_open(&s, with);
	holder_open(&asleep, &s);
	leave(&s, (struct job_new){ .kind = LEASE_SWEEP });
	pass(&s, DAYS(2)); /* a lid was closed; another worker swept */
	assert_true(run(&s));
	assert_true(run(&s));
	for (int beats = 0; beats < 2; beats++) {
		in_tx(&s, holder_beat, &asleep);
		assert_null(tx_begin(s.store, STORE_READ, s.arena, &tx));
		assert_null(worker_alive(tx, &alive));
		tx_end(&tx);
		assert_int_equal(alive.len, 1);
		assert_int_equal(alive.at[0].id.n, asleep.taker.worker.n);
	}
	stage_close(&s);
}

/* Only of its own host can a worker know that a process is gone. */
static void look_for_the_gone(struct store_testing *with)
{
	static const char *const names[] = { "elsewhere/999999999", "no-number", "/1" };
	DEFER(tx_end) struct tx *tx = NULL;
	struct worker_list gone;

	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	for (size_t i = 0; i < COUNT(names); i++)
		assert_null(worker_add(tx, tx_new_id(tx), str_of(names[i]), S("1"), tx_now(tx)));
	assert_null(worker_gone(tx, &gone));
	assert_int_equal(gone.len, 0);
}

static fault *counts_and_leaves(const struct job_run *attempt)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct job_counts seen;

	TRY(job_begin(attempt, &tx));
	TRY(job_count(tx, &seen));
	if (on_stage->script.calls == 1)
		assert_true(run(on_stage)); /* the other one, from begin to end */
	TRY(job_later(tx, &(struct job_new){ .kind = "test.child", .about = attempt->about }));
	return job_finish(attempt, tx, (struct job_after){ .next = AFTER_DONE });
}

/* SQLite has one writer at a time, and they queue. */
static void both_at_once(struct store_testing *with)
{
	struct stage s;

	if (!store_is_postgres(with->store))
		return;
	stage_open(&s, with);
	on_stage = &s;
	s.script.does[0] = counts_and_leaves;
	leave(&s, (struct job_new){ .about = { .n = 1 } });
	leave(&s, (struct job_new){ .about = { .n = 2 } });
	assert_true(run(&s));
	assert_int_equal(s.script.calls, 2);
	assert_int_equal(counts(&s).of[JOB_DONE], 2);
	assert_int_equal(counts(&s).of[JOB_WAITING], 2);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "attempts at different jobs do not refuse each other for what they read",
		  stage_each, NULL, NULL, both_at_once },
		{ "an attempt that lost its lease changes nothing", stage_each, NULL, NULL,
		  overtake },
		{ "an attempt that overran alone still counts", stage_each, NULL, NULL, overrun },
		{ "a renewed lease is not taken", stage_each, NULL, NULL, renew },
		{ "what goes on at once stays in the same hands, and its lease lasts anew",
		  stage_each, NULL, NULL, go_on },
		{ "what goes on at once has forgotten its failures", stage_each, NULL, NULL,
		  go_on_then_fail },
		{ "an attempt that lost its lease does not go on", stage_each, NULL, NULL,
		  go_on_too_late },
		{ "work that kills its worker becomes a dead letter", stage_each, NULL, NULL,
		  crash_for_ever },
		{ "what a silent worker held is taken over and the old attempt fenced", stage_each,
		  NULL, NULL, fall_silent },
		{ "a worker that says it lives keeps its lease, but no longer than it lasts",
		  stage_each, NULL, NULL, keep_beating },
		{ "a worker forgotten while it slept is listed again", stage_each, NULL, NULL,
		  come_back_late },
		{ "a worker elsewhere is never taken for killed", stage_each, NULL, NULL,
		  look_for_the_gone },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
