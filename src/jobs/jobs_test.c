#include "jobs/jobs.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/world.h"
#include "jobs/worker.h"
#include "store/statement.h"
#include "store/store_testing.h"

enum { MANY = 500, WAITING = 10000 };

static void rest(int ms)
{
	(void)poll(NULL, 0, ms);
}

/* Threads run on the real clock: a second way into the same data. */
static struct store *open_again(struct store_testing *with)
{
	struct store *store;

	assert_null(store_open(with->address, 8, world_of_system(), &store));
	return store;
}

static struct jobs *runner_in(struct store *store, const struct world *world,
			      const struct job_kind *kind, int threads)
{
	struct jobs *jobs;

	assert_null(jobs_open(&(struct jobs_settings){ .store = store,
						       .world = world,
						       .kinds = kind,
						       .kind_count = 1,
						       .threads = threads,
						       .version = "0.1.0" },
			      &jobs));
	return jobs;
}

static struct jobs *runner(struct store *store, const struct job_kind *kind, int threads)
{
	return runner_in(store, world_of_system(), kind, threads);
}

struct leaving {
	int from, to;
	instant at;
	const char *kind;
};

static fault *leave(struct tx *tx, void *with)
{
	const struct leaving *l = with;

	for (int i = l->from; i < l->to; i++)
		TRY(job_later(tx, &(struct job_new){
					  .kind = l->kind, .about = { .n = i + 1 }, .at = l->at }));
	return NULL;
}

/* As a page would: while workers run, the database may ask more than once for another try. */
static void leave_while_they_run(struct store *store, struct arena *arena, struct leaving *l)
{
	fault *f = store_run(store, STORE_WRITE, arena, "leave", leave, l);

	for (int i = 0; f && f->kind == FAULT_BUSY && i < 50; i++) {
		rest(50);
		f = store_run(store, STORE_WRITE, arena, "leave", leave, l);
	}
	assert_null(f);
}

static struct job_counts counts(struct store *store)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	DEFER(tx_end) struct tx *tx = NULL;
	struct job_counts made;

	assert_null(tx_begin(store, STORE_READ, arena, &tx));
	assert_null(job_count(tx, &made));
	return made;
}

static void wait_until_done(struct store *store, int64_t wanted)
{
	for (int i = 0; i < 3000 && counts(store).of[JOB_DONE] < wanted; i++)
		rest(20);
	assert_int_equal(counts(store).of[JOB_DONE], wanted);
}

/* Leaves a mark that stays for ever, in the transaction that ends the job. */
static fault *mark(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(job_begin(run, &tx));
	TRY(job_later(tx, &(struct job_new){ .kind = "test.mark", .about = run->about }));
	return job_finish(run, tx, (struct job_after){ .next = AFTER_DONE });
}

static void each_marked_once(struct store_testing *with, struct store *store)
{
	DEFER(tx_end) struct tx *tx = NULL;
	bool seen[MANY + 1] = { false };
	id before = ID_NONE;
	int marks = 0;

	assert_null(tx_begin(store, STORE_READ, with->arena, &tx));
	for (;;) {
		struct job_list list;
		assert_null(job_list(tx, JOB_WAITING, before, 100, &list));
		for (size_t i = 0; i < list.len; i++) {
			before = list.at[i].job;
			if (!str_eq(list.at[i].kind, S("test.mark")))
				continue; /* the runners' own sweep */
			assert_in_range(list.at[i].about.n, 1, MANY);
			assert_false(seen[list.at[i].about.n]);
			seen[list.at[i].about.n] = true;
			marks++;
		}
		if (list.len < 100)
			break;
	}
	assert_int_equal(marks, MANY);
}

static void race(struct store_testing *with)
{
	const struct job_kind kind = { .kind = "test.race", .run = mark };
	struct store *stores[2] = { open_again(with), open_again(with) };
	struct jobs *runners[2];
	struct leaving l = { .to = MANY / 2, .kind = "test.race", .at = INSTANT_NONE };

	assert_null(store_run(stores[0], STORE_WRITE, with->arena, "leave", leave, &l));
	for (int i = 0; i < 2; i++) {
		runners[i] = runner(stores[i], &kind, 3);
		assert_null(jobs_start(runners[i]));
	}
	l.from = MANY / 2, l.to = MANY;
	leave_while_they_run(stores[1], with->arena, &l);
	jobs_poke(runners[0]);
	wait_until_done(stores[0], MANY);
	for (int i = 0; i < 2; i++)
		assert_true(jobs_close(runners[i], 10));
	assert_int_equal(counts(stores[0]).of[JOB_LEASED], 0);
	assert_int_equal(counts(stores[0]).of[JOB_DEAD], 0);
	each_marked_once(with, stores[0]);
	for (int i = 0; i < 2; i++)
		store_close(stores[i]);
}

static size_t alive(struct store *store)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	DEFER(tx_end) struct tx *tx = NULL;
	struct worker_list list;

	assert_null(tx_begin(store, STORE_READ, arena, &tx));
	assert_null(worker_alive(tx, &list));
	for (size_t i = 0; i < list.len; i++) {
		assert_true(str_eq(list.at[i].version, S("0.1.0")));
		assert_true(str_find(list.at[i].name, S("/")) > 0);
	}
	return list.len;
}

static void come_and_go(struct store_testing *with)
{
	const struct job_kind kind = { .kind = "test.never", .run = mark };
	struct store *store = open_again(with);
	struct jobs *jobs = runner(store, &kind, 2);

	assert_int_equal(alive(store), 0);
	assert_null(jobs_start(jobs));
	assert_int_equal(alive(store), 1);
	assert_true(jobs_close(jobs, 10));
	assert_int_equal(alive(store), 0);
	store_close(store);
}

/* A handler that will not end until the test says so. */
static _Atomic bool may_end, has_begun, has_ended;

static fault *hang(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;

	has_begun = true;
	while (!may_end)
		rest(5);
	fault *f = job_begin(run, &tx);
	has_ended = f && f->kind == FAULT_FENCED;
	return f;
}

static void give_back(struct store_testing *with)
{
	const struct job_kind kind = { .kind = "test.hang", .run = hang };
	struct store *store = open_again(with);
	struct jobs *jobs = runner(store, &kind, 1);
	struct leaving l = { .to = 1, .kind = "test.hang", .at = INSTANT_NONE };

	may_end = has_begun = has_ended = false;
	assert_null(store_run(store, STORE_WRITE, with->arena, "leave", leave, &l));
	assert_null(jobs_start(jobs));
	for (int i = 0; i < 1000 && !has_begun; i++)
		rest(10);
	assert_int_equal(counts(store).of[JOB_LEASED], 1);
	assert_false(jobs_close(jobs, 0));
	assert_int_equal(counts(store).of[JOB_LEASED], 0); /* another may have it at once */
	may_end = true;
	for (int i = 0; i < 1000 && !has_ended; i++)
		rest(10);
	assert_true(has_ended);
	assert_true(jobs_close(jobs, 10)); /* a second call ends what was left */
	store_close(store);
}

/* Work that goes on for ever, a piece at a time. */
static fault *endless(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;

	has_begun = true;
	TRY(job_begin(run, &tx));
	return job_finish(run, tx, (struct job_after){ .next = AFTER_AT_ONCE });
}

static void stop_between(struct store_testing *with)
{
	const struct job_kind kind = { .kind = "test.endless", .run = endless };
	struct store *store = open_again(with);
	struct jobs *jobs = runner(store, &kind, 1);
	struct leaving l = { .to = 1, .kind = "test.endless", .at = INSTANT_NONE };

	has_begun = false;
	assert_null(store_run(store, STORE_WRITE, with->arena, "leave", leave, &l));
	assert_null(jobs_start(jobs));
	for (int i = 0; i < 1000 && !has_begun; i++)
		rest(10);
	assert_true(jobs_close(jobs, 10));
	assert_int_equal(counts(store).of[JOB_LEASED], 0);
	store_close(store);
}

/* A process of its own takes the job and is killed in the middle of it. */
static void crash(const struct store_testing *with, const struct job_kind *kind)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct store *store;
		struct jobs *jobs;
		struct jobs_settings settings = {
			.world = world_of_system(), .kinds = kind, .kind_count = 1, .threads = 1
		};
		if (store_open(with->address, 4, settings.world, &store))
			_exit(1);
		settings.store = store;
		if (jobs_open(&settings, &jobs) || jobs_start(jobs))
			_exit(1);
		for (int i = 0; i < 1000 && !has_begun; i++)
			rest(10);
		(void)raise(SIGKILL);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void come_back(struct store_testing *with)
{
	const struct job_kind hangs = { .kind = "test.crash", .run = hang, .lease = HOURS(1) };
	const struct job_kind ends = { .kind = "test.crash", .run = mark };
	struct leaving l = { .to = 1, .kind = "test.crash", .at = INSTANT_NONE };
	struct store *store = open_again(with);

	may_end = has_begun = has_ended = false;
	assert_null(store_run(store, STORE_WRITE, with->arena, "leave", leave, &l));
	store_close(store); /* a connection must not be shared with the child */
	crash(with, &hangs);
	store = open_again(with);
	assert_int_equal(counts(store).of[JOB_LEASED], 1);
	struct jobs *jobs = runner(store, &ends, 1);
	assert_null(jobs_start(jobs));
	wait_until_done(store, 1); /* long before the hour is over */
	assert_true(jobs_close(jobs, 10));
	assert_int_equal(alive(store), 0);
	store_close(store);
}

static int64_t cpu_micros(void)
{
	struct rusage used;

	assert_int_equal(getrusage(RUSAGE_SELF, &used), 0);
	return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 + used.ru_utime.tv_usec +
	       used.ru_stime.tv_usec;
}

static void idle(struct store_testing *with)
{
	const struct job_kind kind = { .kind = "test.later", .run = mark };
	struct store *store = open_again(with);
	struct jobs *jobs = runner(store, &kind, 4);
	struct leaving l = { .to = WAITING, .kind = "test.later" };

	l.at = instant_after(world_now(world_of_system()), HOURS(1));
	assert_null(store_run(store, STORE_WRITE, with->arena, "leave", leave, &l));
	assert_null(jobs_start(jobs));
	rest(500); /* its own sweep is through */
	int64_t before = cpu_micros();
	rest(2000);
	assert_in_range(cpu_micros() - before, 0, 20000); /* one per cent */
	assert_true(jobs_close(jobs, 10));
	store_close(store);
}

/* A clock that a test may set forward while threads read it. */
static _Atomic int64_t ahead;

static instant now_ahead(void *of)
{
	(void)of;
	return instant_after(world_now(world_of_system()), ahead);
}

static void random_of_system(void *of, void *bytes, size_t count)
{
	(void)of;
	world_random(world_of_system(), bytes, count);
}

static const struct world hurried = { .now = now_ahead, .random = random_of_system };

#define RENAME(from, to)                                                          \
	{                                                                         \
		.name = "rename", .sqlite = "ALTER TABLE " from " RENAME TO " to, \
		.postgres = "ALTER TABLE " from " RENAME TO " to, .writes = true  \
	}
/* The tables that a runner asks. */
static const struct statement away[] = { RENAME("job", "job_away"),
					 RENAME("worker", "worker_away") };
static const struct statement back[] = { RENAME("job_away", "job"),
					 RENAME("worker_away", "worker") };

static fault *rename_both(struct tx *tx, void *with)
{
	const struct statement *both = with;

	TRY(statement_run(tx, &both[0], NULL, NULL));
	return statement_run(tx, &both[1], NULL, NULL);
}

/* The runner may be in the way for a moment. */
static void let_be(struct store_testing *with, const struct statement both[2])
{
	fault *f;
	int tries = 0;

	do {
		rest(20);
		f = store_run(with->store, STORE_WRITE, with->arena, "rename", rename_both,
			      (void *)(uintptr_t)both);
	} while (f && f->kind == FAULT_BUSY && ++tries < 50);
	assert_null(f);
}

static instant seen_at(struct store *store, struct arena *arena)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct worker_list list;

	assert_null(tx_begin(store, STORE_READ, arena, &tx));
	assert_null(worker_alive(tx, &list));
	assert_int_equal(list.len, 1);
	return list.at[0].seen;
}

static void say_that_it_lives(struct store_testing *with)
{
	const struct job_kind kind = { .kind = "test.never", .run = mark };
	struct store *store;
	struct jobs *jobs;

	ahead = 0;
	assert_null(store_open(with->address, 8, &hurried, &store));
	jobs = runner_in(store, &hurried, &kind, 1);
	assert_null(jobs_start(jobs));
	instant began = seen_at(store, with->arena);
	ahead = SECONDS(6);
	jobs_poke(jobs);
	for (int i = 0; i < 500 && !instant_before(began, seen_at(store, with->arena)); i++)
		rest(10);
	assert_true(instant_since(seen_at(store, with->arena), began) >= SECONDS(6));
	assert_true(jobs_close(jobs, 10));
	store_close(store);
}

/* What it cannot do it says and tries again.  At last the tables are away when it takes its leave.
 */
static void outlast_the_database(struct store_testing *with)
{
	const struct job_kind kind = { .kind = "test.race", .run = mark };
	struct leaving l = { .to = 1, .kind = "test.race", .at = INSTANT_NONE };
	struct store *store;
	struct jobs *jobs;

	ahead = 0;
	assert_null(store_open(with->address, 8, &hurried, &store));
	jobs = runner_in(store, &hurried, &kind, 1);
	assert_null(jobs_start(jobs));
	let_be(with, away);
	ahead = SECONDS(6);
	for (int i = 0; i < 5; i++) {
		jobs_poke(jobs);
		rest(20);
	}
	let_be(with, back);
	leave_while_they_run(store, with->arena, &l);
	jobs_poke(jobs);
	for (int i = 0; i < 500 && counts(store).of[JOB_DONE] < 1; i++)
		rest(20);
	let_be(with, away);
	assert_true(jobs_close(jobs, 10));
	let_be(with, back);
	store_close(store);
}

/* Without a descriptor to wake its watcher a runner would sleep on: it is refused. */
static void do_without_descriptors(struct store_testing *with)
{
	const struct job_kind kind = { .kind = "test.never", .run = mark };
	struct rlimit usual, none;
	struct jobs *jobs = NULL;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
	none = (struct rlimit){ .rlim_cur = 0, .rlim_max = usual.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	fault *f = jobs_open(&(struct jobs_settings){ .store = with->store,
						      .world = world_of_system(),
						      .kinds = &kind,
						      .kind_count = 1 },
			     &jobs);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
	assert_int_equal(f->kind, FAULT_BUSY);
	assert_true(jobs_close(jobs, 1)); /* there is none */
}

static void each(void **body)
{
	store_testing_each_shared((store_testing_body *)*body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "two runners race over many jobs and each is done once", each, NULL, NULL, race },
		{ "a worker is listed while it runs", each, NULL, NULL, come_and_go },
		{ "what does not end in time is given back and fenced", each, NULL, NULL,
		  give_back },
		{ "a runner that stops gives back what would go on at once", each, NULL, NULL,
		  stop_between },
		{ "what a killed worker held goes on at once", each, NULL, NULL, come_back },
		{ "a runner says every few seconds that it lives", each, NULL, NULL,
		  say_that_it_lives },
		{ "a runner outlasts a database that fails it for a while", each, NULL, NULL,
		  outlast_the_database },
		{ "without descriptors there is no runner", each, NULL, NULL,
		  do_without_descriptors },
		{ "with ten thousand waiting jobs a runner is idle", each, NULL, NULL, idle },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
