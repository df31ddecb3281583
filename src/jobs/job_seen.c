/* What operators see of jobs: lists, counts, one job with its failed tries. */
#include "job_sql.h"
#include "jobs/job.h"

enum { FAILURES_KEPT = 20 };

fault *job_count(struct tx *tx, struct job_counts *counts)
{
	struct job_counts made = { .oldest_due = INSTANT_NONE };
	struct job_oldest_due oldest;
	bool found;

	for (enum job_state s = 0; s < JOB_STATE_COUNT; s++) {
		struct job_count_of row;
		TRY(job_count_of(tx, str_of(job_state_word(s)), &row, &found));
		made.of[s] = row.jobs;
	}
	TRY(job_oldest_due(tx, tx_now(tx), &oldest, &found));
	if (found)
		made.oldest_due = oldest.due;
	*counts = made;
	return NULL;
}

static fault *state_read(str word, enum job_state *state)
{
	if (job_state_from(word, state))
		return NULL;
	return fault_new(FAULT_BUG, "The database holds an unknown state of a job “%.*s”.",
			 STR(word));
}

static fault *shown_read(const struct job_rows *row, struct job_shown *shown)
{
	*shown = (struct job_shown){ .job = row->job,
				     .about = row->about,
				     .kind = row->kind,
				     .why = row->why,
				     .correlation = row->correlation,
				     .note = row->note,
				     .attempts = row->attempts,
				     .tries = row->tries,
				     .made = row->made,
				     .due = row->due,
				     .failing_since = row->failing_since,
				     .taken_at = row->taken_at,
				     .ended_at = row->ended_at,
				     .worker = row->worker };
	return state_read(row->state, &shown->state);
}

fault *job_find(struct tx *tx, const struct job_filter *filter, struct job_list *list)
{
	const struct job_rows_in asked = {
		.state = str_of(job_state_word(filter->state)),
		.kind = filter->kind,
		.stuck = filter->stuck,
		.late = instant_after(tx_now(tx), -JOB_LATE),
		.before = filter->before,
		.most = filter->most,
	};
	struct job_rows_list rows;

	TRY(job_rows(tx, &asked, &rows));
	list->len = rows.len;
	list->at = NEW_ARRAY(tx_arena(tx), struct job_shown, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++)
		TRY(shown_read(&rows.at[i], &list->at[i]));
	return NULL;
}

fault *job_list(struct tx *tx, enum job_state state, id before, int64_t most, struct job_list *list)
{
	return job_find(tx, &(struct job_filter){ .state = state, .before = before, .most = most },
			list);
}

fault *job_kinds_count(struct tx *tx, struct job_kind_counts *counts)
{
	struct job_counts_by_kind_list rows;

	TRY(job_counts_by_kind(tx, instant_after(tx_now(tx), -JOB_LATE), &rows));
	counts->len = rows.len;
	counts->at = NEW_ARRAY(tx_arena(tx), struct job_kind_count, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++) {
		struct job_kind_count *made = &counts->at[i];

		*made = (struct job_kind_count){ .kind = rows.at[i].kind,
						 .jobs = rows.at[i].jobs,
						 .stuck = rows.at[i].stuck };
		TRY(state_read(rows.at[i].state, &made->state));
	}
	return NULL;
}

fault *job_get(struct tx *tx, id job, struct job_shown *shown)
{
	struct job_rows row;
	bool found;

	TRY(job_one(tx, job, &row, &found));
	if (!found)
		return fault_new(FAULT_MISSING, "There is no such job.");
	return shown_read(&row, shown);
}

fault *job_about(struct tx *tx, const char *kind, id about, struct job_shown *shown, bool *found)
{
	struct job_rows row;

	TRY(job_of_subject(tx, str_of(kind), about, &row, found));
	return *found ? shown_read(&row, shown) : NULL;
}

fault *job_failure_list(struct tx *tx, id job, struct job_failure_list *list)
{
	struct job_failure_rows_list rows;

	TRY(job_failure_rows(tx, job, &rows));
	list->len = rows.len;
	list->at = NEW_ARRAY(tx_arena(tx), struct job_failure, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++)
		list->at[i] = (struct job_failure){ rows.at[i].try, rows.at[i].at,
						    rows.at[i].said };
	return NULL;
}

fault *job_failure_keep(struct tx *tx, id job, int64_t attempt, str said)
{
	TRY(job_failure_add(tx, job, attempt, tx_now(tx), said));
	return job_failure_trim(tx, job, FAILURES_KEPT);
}
