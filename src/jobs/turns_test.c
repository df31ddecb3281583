/* Who is served when more is due than can be done. */
#include "jobs/stage.h"

#include "base/world.h"

enum { BATCH = 1000, STEP_TAKES_MS = 700 };

static const id BATCH_LANE = { .n = 1 }, OTHER_LANE = { .n = 2 }, THIRD_LANE = { .n = 3 };

/* What one thread did, step after step. */
struct served {
	struct world_seeded *world;
	int of_batch, of_other, of_third, of_nobody;
	instant first_other;
};

/* A look that takes its time, finds nothing yet and comes back two seconds later. */
static fault *looks_again(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct served *s = run->context;
	unsigned char dice;

	world_random(run->world, &dice, 1);
	s->world->at = instant_after(s->world->at, STEP_TAKES_MS * 1000 + dice * 1000);
	if (run->about.n <= BATCH)
		s->of_batch++;
	else if (run->about.n < 10 * BATCH)
		s->of_other++;
	else if (run->about.n < 20 * BATCH)
		s->of_third++;
	else
		s->of_nobody++;
	if (run->about.n == BATCH + 1 && instant_is_none(s->first_other))
		s->first_other = s->world->at;
	TRY(job_begin(run, &tx));
	return job_finish(run, tx, (struct job_after){ .next = AFTER_AGAIN, .wait = SECONDS(2) });
}

struct load {
	int64_t from, count;
	id lane;
};

static fault *leave_load(struct tx *tx, void *with)
{
	const struct load *l = with;

	for (int64_t i = 0; i < l->count; i++)
		TRY(job_later(tx, &(struct job_new){ .kind = "test.step",
						     .about = { .n = l->from + i },
						     .single = true,
						     .lane = l->lane }));
	return NULL;
}

static void load(struct store_testing *with, int64_t from, int64_t count, id lane)
{
	struct load l = { from, count, lane };

	assert_null(store_run(with->store, STORE_WRITE, with->arena, "load", leave_load, &l));
}

static void steps(struct store_testing *with, struct served *s, int count)
{
	const struct job_kind kind = { .kind = "test.step", .run = looks_again, .context = s };
	struct jobs *jobs;
	bool ran;

	assert_null(jobs_open(&(struct jobs_settings){ .store = with->store,
						       .world = &with->world.world,
						       .kinds = &kind,
						       .kind_count = 1 },
			      &jobs));
	for (int i = 0; i < count; i++) {
		assert_null(jobs_run_one(jobs, &ran));
		if (!ran)
			with->world.at = instant_after(with->world.at, SECONDS(1));
	}
	assert_true(jobs_close(jobs, 1));
}

static void later_body(struct store_testing *with)
{
	struct served s = { .world = &with->world, .first_other = INSTANT_NONE };

	load(with, 1, BATCH, BATCH_LANE);
	steps(with, &s, 40);

	instant left = with->world.at;

	load(with, BATCH + 1, 1, OTHER_LANE);
	steps(with, &s, 200);
	assert_false(instant_is_none(s.first_other));
	assert_true(instant_since(s.first_other, left) < SECONDS(5));
	/* the batch has gone on as well, and the one conversion is not asked more than it wants */
	assert_in_range(s.of_other, 30, 110);
	assert_int_equal(s.of_batch, 240 - s.of_other);
}

static void a_thousand_due_do_not_keep_one_that_came_later(void **state)
{
	(void)state;
	store_testing_each(later_body);
}

static void shares_body(struct store_testing *with)
{
	struct served s = { .world = &with->world, .first_other = INSTANT_NONE };

	load(with, 1, BATCH, BATCH_LANE);
	load(with, BATCH + 1, 100, OTHER_LANE);
	load(with, 10 * BATCH, 100, THIRD_LANE);
	steps(with, &s, 300);
	assert_in_range(s.of_batch, 95, 105);
	assert_in_range(s.of_other, 95, 105);
	assert_in_range(s.of_third, 95, 105);
}

static void lanes_share_alike_however_long_they_are(void **state)
{
	(void)state;
	store_testing_each(shares_body);
}

static void laneless_body(struct store_testing *with)
{
	struct served s = { .world = &with->world, .first_other = INSTANT_NONE };

	load(with, 1, BATCH, BATCH_LANE);
	steps(with, &s, 40);
	load(with, 20 * BATCH, 3, ID_NONE);
	steps(with, &s, 10);
	assert_in_range(s.of_nobody, 3, 6);
}

static void work_of_no_lane_is_not_kept_waiting_either(void **state)
{
	(void)state;
	store_testing_each(laneless_body);
}

/* Every job of a lane is served before one of them is served often. */
static void within_body(struct store_testing *with)
{
	struct served s = { .world = &with->world, .first_other = INSTANT_NONE };

	load(with, 1, 100, BATCH_LANE);
	load(with, BATCH + 1, 1, BATCH_LANE);
	steps(with, &s, 101);
	assert_false(instant_is_none(s.first_other));
	assert_int_equal(s.of_batch, 100);
}

static void within_a_lane_the_longest_due_is_first(void **state)
{
	(void)state;
	store_testing_each(within_body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thousand_due_do_not_keep_one_that_came_later),
		cmocka_unit_test(lanes_share_alike_however_long_they_are),
		cmocka_unit_test(work_of_no_lane_is_not_kept_waiting_either),
		cmocka_unit_test(within_a_lane_the_longest_due_is_first),
	};
	return cmocka_run_group_tests_name("turns", tests, NULL, NULL);
}
