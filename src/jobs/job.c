#include "jobs/job.h"

#include "base/log.h"
#include "base/world.h"
#include "job_sql.h"

#define NO_SUCH_JOB "There is no such job."

static const char *const words[JOB_STATE_COUNT] = {
#define X(name, word) [name] = word,
	JOB_STATES(X)
#undef X
};

const char *job_state_word(enum job_state state)
{
	return words[state];
}

bool job_state_from(str word, enum job_state *state)
{
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_eq(word, str_of(words[i]))) {
			*state = (enum job_state)i;
			return true;
		}
	return false;
}

static str correlation_of(struct tx *tx)
{
	str now = log_correlation();

	return str_is_empty(now) ? world_token(tx_world(tx), tx_arena(tx), 9) : now;
}

fault *job_later(struct tx *tx, const struct job_new *job)
{
	struct job_add_in row = {
		.job = tx_new_id(tx),
		.kind = str_of(job->kind),
		.about = job->about,
		.note = job->note,
		/* a job left without a time means now, also where the struct was zeroed */
		.due = instant_is_none(job->at) || job->at.micros == 0 ? tx_now(tx) : job->at,
		.now = tx_now(tx),
		.correlation = correlation_of(tx),
		.lane = job->lane,
	};

	if (!job->single)
		return job_add(tx, &row);
	return job_add_single(tx, &(struct job_add_single_in){ .job = row.job,
							       .kind = row.kind,
							       .about = row.about,
							       .note = row.note,
							       .due = row.due,
							       .now = row.now,
							       .correlation = row.correlation,
							       .lane = row.lane });
}

fault *job_wake_after(struct tx *tx, const char *kind, id about, int64_t wait)
{
	return job_wake_about(tx, str_of(kind), about, instant_after(tx_now(tx), wait));
}

static fault *fenced(const struct job_run *run)
{
	return fault_new(FAULT_FENCED,
			 "This attempt at %s took longer than its lease and another has it now.",
			 run->kind);
}

fault *job_begin(const struct job_run *run, struct tx **tx)
{
	DEFER(tx_end) struct tx *made = NULL;
	struct job_hold row;
	bool found;

	/* Whoever changes what this job is about wakes it, so holding its row keeps them out. */
	TRY(tx_begin(run->store, STORE_QUEUE, run->arena, &made));
	TRY(job_hold(made, run->job, run->lease, &row, &found));
	if (!found)
		return fenced(run);
	*tx = made;
	made = NULL;
	return NULL;
}

static fault *write_end(const struct job_run *run, struct tx *tx, struct job_after after,
			int64_t *changed)
{
	struct job_end_in row = { .job = run->job, .fence = run->lease, .now = tx_now(tx) };

	switch (after.next) {
	case AFTER_AGAIN:
		return job_again(tx, run->job, run->lease, instant_after(row.now, after.wait),
				 changed);
	case AFTER_AT_ONCE:
		return job_go_on(tx, run->job, run->lease, instant_after(row.now, run->lasts),
				 changed);
	case AFTER_DEAD:
		row.state = S("dead");
		row.why = after.why;
		return job_end(tx, &row, changed);
	case AFTER_DONE:
		row.state = S("done");
		row.why = STR_NONE;
		return job_end(tx, &row, changed);
	}
	return fault_new(FAULT_BUG, "A job ended in a way that does not exist (%d).", after.next);
}

fault *job_finish(const struct job_run *run, struct tx *tx, struct job_after after)
{
	int64_t changed;

	TRY(write_end(run, tx, after, &changed));
	if (!changed)
		return fenced(run);
	TRY(tx_commit(tx));
	*run->ended = true;
	*run->goes_on = after.next == AFTER_AT_ONCE;
	return NULL;
}

struct renewal {
	const struct job_run *run;
	int64_t micros;
};

static fault *renew(struct tx *tx, void *with)
{
	const struct renewal *r = with;
	int64_t changed;

	TRY(job_extend(tx, r->run->job, r->run->lease, instant_after(tx_now(tx), r->micros),
		       &changed));
	return changed ? NULL : fenced(r->run);
}

fault *job_renew(const struct job_run *run, int64_t micros)
{
	struct renewal with = { .run = run, .micros = micros };

	return store_run(run->store, STORE_WRITE, run->arena, "renew a lease", renew, &with);
}

fault *job_resubmit(struct tx *tx, id job)
{
	struct job_state_of row;
	bool found;
	int64_t changed;

	TRY(job_state_of(tx, job, &row, &found));
	if (!found)
		return fault_new(FAULT_MISSING, NO_SUCH_JOB);
	if (!str_eq(row.state, S("dead")))
		return fault_new(FAULT_CONFLICT,
				 "This job is %.*s; only a dead letter can be "
				 "done again.",
				 STR(row.state));
	TRY(job_revive(tx, job, tx_now(tx), &changed));
	if (!changed)
		return fault_new(FAULT_CONFLICT, "The same work is already on its way as another "
						 "job; look at that one.");
	return NULL;
}

fault *job_give_up(struct tx *tx, id job, str why)
{
	struct job_state_of row;
	int64_t changed;
	bool found;

	TRY(job_state_of(tx, job, &row, &found));
	if (!found)
		return fault_new(FAULT_MISSING, NO_SUCH_JOB);
	if (str_eq(row.state, S("dead")))
		TRY(job_put_away(tx, job, why, tx_now(tx), &changed));
	else
		TRY(job_mark_dead(tx, job, why, tx_now(tx), &changed));
	if (!changed)
		return fault_new(FAULT_CONFLICT, "This job is done; there is nothing to give up.");
	return NULL;
}
