#include "jobs/lease.h"

#include "base/log.h"
#include "base/world.h"
#include "job_sql.h"
#include "jobs/backoff.h"
#include "jobs/worker.h"
#include "lease_sql.h"
#include "worker_sql.h"

#define LEASE_USUAL MINUTES(2)
#define TRIES_USUAL 20
#define WHY_MOST    2000
#define DONE_KEPT   DAYS(7)
#define SWEEP_MOST  1000

struct taking {
	const struct lease_taker *by;
	struct lease *lease;
	bool found;
};

static const struct job_kind *kind_named(const struct lease_taker *by, str word)
{
	for (size_t i = 0; i < by->kind_count; i++)
		if (str_eq(str_of(by->kinds[i].kind), word))
			return &by->kinds[i];
	return NULL;
}

static void fill(struct lease *lease, const struct lease_taker *by, const struct lease_take *row)
{
	*lease = (struct lease){
		.run = { .job = row->job,
			 .about = row->about,
			 .kind = lease->kind->kind,
			 .note = row->note,
			 .attempt = (int)row->fence,
			 .first = row->made,
			 .correlation = row->correlation,
			 .store = by->store,
			 .world = by->world,
			 .context = lease->kind->context,
			 .lease = row->fence,
			 .lasts = lease->kind->lease ? lease->kind->lease : LEASE_USUAL },
		.kind = lease->kind,
		.tries = row->tries,
		.failing_since = row->failing_since,
	};
}

static fault *take(struct tx *tx, void *with)
{
	struct taking *t = with;
	struct lease_take row;
	instant now = tx_now(tx);
	int64_t changed;

	TRY(lease_take(tx, now, instant_after(now, LEASE_USUAL), t->by->words, t->by->worker, &row,
		       &t->found));
	if (!t->found)
		return NULL;
	t->lease->kind = kind_named(t->by, row.kind);
	if (!t->lease->kind)
		return fault_new(FAULT_BUG, "A job of the unknown kind \"%.*s\" was taken.",
				 STR(row.kind));
	fill(t->lease, t->by, &row);
	if (!id_is_none(row.lane))
		TRY(lease_lane_served(tx, row.lane, now));
	if (t->lease->run.lasts == LEASE_USUAL)
		return NULL;
	return job_extend(tx, row.job, row.fence, instant_after(now, t->lease->run.lasts),
			  &changed);
}

fault *lease_open(const struct lease_taker *by, struct arena *keep, struct lease *lease,
		  bool *found)
{
	struct taking with = { .by = by, .lease = lease };

	TRY(store_run(by->store, STORE_QUEUE, keep, "take a job", take, &with));
	if (with.found) {
		lease->run.arena = keep;
		lease->run.ended = &lease->ended;
		lease->run.goes_on = &lease->goes_on;
	}
	*found = with.found;
	return NULL;
}

static int64_t most_tries(const struct job_kind *kind)
{
	return kind->most_tries ? kind->most_tries : TRIES_USUAL;
}

fault *lease_work(struct lease *lease, struct arena *attempt)
{
	if (lease->goes_on) { /* what went well forgets the failures before it */
		lease->tries = 0;
		lease->failing_since = INSTANT_NONE;
	}
	lease->ended = lease->goes_on = false;
	lease->run.arena = attempt;
	if (lease->tries >= most_tries(lease->kind))
		return fault_new(FAULT_BUG, "The worker stopped %d times while it was at this.",
				 (int)lease->tries);
	return lease->kind->run(&lease->run);
}

/* Others are quoted in it, and need not write UTF-8; what the database refuses is told to nobody.
 */
static str kept_as_text(struct arena *keep, str words)
{
	struct text made = text_open(keep);

	if (str_is_utf8(words))
		return words;
	for (size_t i = 0; i < words.len; i++)
		text_add_char(&made, (unsigned char)words.at[i] < 0x80 ? words.at[i] : '?');
	return text_str(&made);
}

static str in_words(struct arena *keep, const fault *f)
{
	struct text words = text_open(keep);

	for (; f; f = f->cause)
		text_format(&words, "%s%s", words.len ? " " : "", f->said);
	return kept_as_text(keep, str_cut(text_str(&words), WHY_MOST));
}

static bool hopeless(const fault *f)
{
	switch (f->kind) {
	case FAULT_INPUT:
	case FAULT_BUG: return true;
	case FAULT_DENIED:
	case FAULT_MISSING:
	case FAULT_CONFLICT:
	case FAULT_BUSY:
	case FAULT_REMOTE:
	case FAULT_FENCED: return false;
	}
	return true;
}

/* The other side's pace is no failure. */
static bool is_sent_away(const fault *f)
{
	return f->kind == FAULT_BUSY && f->retry_after > 0;
}

struct settling {
	struct lease *lease;
	const fault *outcome;
};

static fault *bury(struct tx *tx, const struct lease *lease, str why)
{
	struct job_end_in row = { .job = lease->run.job,
				  .fence = lease->run.lease,
				  .state = S("dead"),
				  .why = why,
				  .now = tx_now(tx) };
	int64_t changed;

	TRY(job_end(tx, &row, &changed));
	if (!changed)
		return NULL;
	TRY(job_failure_keep(tx, row.job, lease->run.attempt, why));
	LOG(LOG_ERROR, "jobs", "dead letter", { "kind", str_of(lease->run.kind) },
	    { "job", id_text(tx_arena(tx), "job", lease->run.job) }, { "why", why });
	return NULL;
}

/* Sent away for a while is not failing: it leaves no failure, and none that was is forgotten. */
static fault *try_later(struct tx *tx, const struct lease *lease, const fault *f, int64_t tries)
{
	const struct world *dice = tx_world(tx);
	bool failed = tries > lease->tries;
	instant now = tx_now(tx);
	instant since = failed && instant_is_none(lease->failing_since) ? now
									: lease->failing_since;
	int64_t failing_for = instant_is_none(since) ? 0 : instant_since(now, since);
	int64_t wait = f->retry_after > 0 ? backoff_asked(f->retry_after, dice)
					  : backoff_wait(failing_for, dice);
	str why = in_words(tx_arena(tx), f);
	int64_t changed;

	TRY(job_retry(tx,
		      &(struct job_retry_in){ .job = lease->run.job,
					      .fence = lease->run.lease,
					      .due = instant_after(now, wait),
					      .tries = tries,
					      .failing_since = since,
					      .why = why },
		      &changed));
	if (!changed || !failed)
		return NULL;
	return job_failure_keep(tx, lease->run.job, lease->run.attempt, why);
}

static fault *settle(struct tx *tx, void *with)
{
	const struct settling *s = with;
	const struct lease *lease = s->lease;
	const fault *f = s->outcome;
	int64_t changed;

	if (!f)
		return job_end(tx,
			       &(struct job_end_in){ .job = lease->run.job,
						     .fence = lease->run.lease,
						     .state = S("done"),
						     .why = STR_NONE,
						     .now = tx_now(tx) },
			       &changed);
	int64_t tries = lease->tries + (is_sent_away(f) ? 0 : 1);
	str why = in_words(tx_arena(tx), f);
	if (hopeless(f))
		return bury(tx, lease, why);
	if (tries >= most_tries(lease->kind))
		return bury(tx, lease,
			    str_format(tx_arena(tx), "Given up after %d failed tries. %.*s",
				       (int)tries, STR(why)));
	return try_later(tx, lease, f, tries);
}

fault *lease_settle(struct lease *lease, const fault *outcome)
{
	struct settling with = { .lease = lease, .outcome = outcome };

	if (outcome && is_sent_away(outcome))
		log_fault(LOG_DEBUG, "jobs", "job comes back later", outcome);
	else if (outcome)
		log_fault(LOG_WARN, "jobs", "job failed", outcome);
	if (lease->ended || (outcome && outcome->kind == FAULT_FENCED))
		return NULL;
	return store_run(lease->run.store, STORE_QUEUE, lease->run.arena, "end a job", settle,
			 &with);
}

fault *lease_when(const struct lease_taker *by, struct arena *scratch, instant *due)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct lease_next_due row;
	bool found;

	TRY(tx_begin(by->store, STORE_READ, scratch, &tx));
	TRY(lease_next_due(tx, by->words, &row, &found));
	*due = found ? row.due : INSTANT_NONE;
	return NULL;
}

static fault *give_back(struct tx *tx, void *with)
{
	const struct lease_taker *by = with;

	return lease_give_back(tx, by->worker, tx_now(tx));
}

fault *lease_return(const struct lease_taker *by, struct arena *scratch)
{
	struct lease_taker with = *by;

	return store_run(by->store, STORE_QUEUE, scratch, "give back leases", give_back, &with);
}

static fault *free_killed(struct tx *tx)
{
	struct worker_list gone;

	TRY(worker_gone(tx, &gone));
	for (size_t i = 0; i < gone.len; i++) {
		TRY(lease_of_gone(tx, gone.at[i].id, tx_now(tx)));
		TRY(worker_close(tx, gone.at[i].id));
		LOG(LOG_WARN, "jobs", "a worker was killed; its jobs are taken over",
		    { "worker", gone.at[i].name });
	}
	return NULL;
}

fault *lease_free(struct tx *tx)
{
	int64_t freed;

	TRY(free_killed(tx));
	TRY(lease_of_silent(tx, instant_after(tx_now(tx), -WORKER_SILENT), tx_now(tx), &freed));
	if (freed)
		LOG(LOG_WARN, "jobs", "a worker fell silent; its jobs are taken over",
		    { "jobs", str_format(tx_arena(tx), "%lld", (long long)freed) });
	return NULL;
}

fault *lease_sweep(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;
	int64_t gone;

	TRY(job_begin(run, &tx));
	TRY(lease_forget_failures(tx, instant_after(tx_now(tx), -DONE_KEPT), SWEEP_MOST));
	TRY(lease_forget(tx, instant_after(tx_now(tx), -DONE_KEPT), SWEEP_MOST, &gone));
	TRY(lease_lane_forget(tx, instant_after(tx_now(tx), -DAYS(1))));
	TRY(worker_remove_silent(tx, instant_after(tx_now(tx), -DAYS(1))));
	return job_finish(run, tx,
			  (struct job_after){ .next = AFTER_AGAIN,
					      .wait = gone == SWEEP_MOST ? SECONDS(1) : HOURS(1) });
}
