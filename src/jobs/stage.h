/* For this room's tests: a runner on a store and a clock of its own, and a handler that plays
 * what the test wrote down for it. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "jobs/jobs.h"
#include "store/store_testing.h"

/* What a handler of these tests does on each attempt, in order; the last one repeats. */
struct script {
	fault *(*does[4])(const struct job_run *run);
	int calls;
	struct job_run seen; /* of the last attempt */
};

static inline fault *play(const struct job_run *run)
{
	struct script *s = run->context;
	int at = s->calls++;

	s->seen = *run;
	while (at > 0 && (at >= (int)COUNT(s->does) || !s->does[at]))
		at--;
	return s->does[at] ? s->does[at](run) : NULL;
}

struct stage {
	struct world_seeded *world;
	struct store *store;
	struct arena *arena;
	struct script script;
	struct job_kind kinds[1];
	struct jobs *jobs;
};

static inline void stage_open(struct stage *s, struct store_testing *with)
{
	*s = (struct stage){ .world = &with->world, .store = with->store, .arena = with->arena };
	s->kinds[0] = (struct job_kind){ .kind = "test.play",
					 .run = play,
					 .context = &s->script,
					 .lease = MINUTES(1),
					 .most_tries = 5 };
	assert_null(jobs_open(&(struct jobs_settings){ .store = s->store,
						       .world = &s->world->world,
						       .kinds = s->kinds,
						       .kind_count = 1 },
			      &s->jobs));
}

static inline void stage_close(struct stage *s)
{
	assert_true(jobs_close(s->jobs, 5));
}

static inline void pass(struct stage *s, int64_t micros)
{
	s->world->at = instant_after(s->world->at, micros);
}

static inline bool run(struct stage *s)
{
	bool ran;

	assert_null(jobs_run_one(s->jobs, &ran));
	return ran;
}

static inline fault *later(struct tx *tx, void *with)
{
	return job_later(tx, with);
}

static inline void leave(struct stage *s, struct job_new job)
{
	if (!job.kind)
		job.kind = "test.play";
	assert_null(store_run(s->store, STORE_WRITE, s->arena, "leave", later, &job));
}

static const id SUBJECT = { .n = 77 };

static inline fault *wake_subject(struct tx *tx, void *with)
{
	(void)with;
	return job_wake_after(tx, "test.play", SUBJECT, 0);
}

static inline void wake(struct stage *s)
{
	assert_null(store_run(s->store, STORE_WRITE, s->arena, "wake", wake_subject, NULL));
}

static inline struct job_counts counts(struct stage *s)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct job_counts made;

	assert_null(tx_begin(s->store, STORE_READ, s->arena, &tx));
	assert_null(job_count(tx, &made));
	return made;
}

static inline struct job_shown only(struct stage *s, enum job_state state)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct job_list list;

	assert_null(tx_begin(s->store, STORE_READ, s->arena, &tx));
	assert_null(job_list(tx, state, ID_NONE, 10, &list));
	assert_int_equal(list.len, 1);
	return list.at[0];
}

static inline int64_t until_due(struct stage *s)
{
	return instant_since(only(s, JOB_WAITING).due, s->world->at);
}

/* Each of these bodies on each database. */
static inline void stage_each(void **body)
{
	store_testing_each((store_testing_body *)*body);
}

static inline fault *again_in_an_hour(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(job_begin(run, &tx));
	return job_finish(run, tx, (struct job_after){ .next = AFTER_AGAIN, .wait = HOURS(1) });
}

static inline fault *goes_well(const struct job_run *run)
{
	(void)run;
	return NULL;
}
