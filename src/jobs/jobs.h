/* The runner: takes due jobs from the store and runs them, in threads of its own.
 *
 * It takes only kinds it knows, so an older `work` leaves a newer one's jobs alone.  Idle, it
 * looks at the store about twice a second. */
#pragma once

#include "jobs/job.h"

struct jobs;
struct jobs_settings {
	struct store *store;
	const struct world *world;
	const struct job_kind *kinds; /* kept by the caller */
	size_t kind_count;
	int threads;
	const char *version; /* for the list of workers; NULL: "" */
};
MUST_USE fault *jobs_open(const struct jobs_settings *settings, struct jobs **made);

/* Runs one due job in this thread; *ran is false when nothing is due.  Tests and simulators. */
MUST_USE fault *jobs_run_one(struct jobs *jobs, bool *ran);

/* Starts the threads, and the hourly sweep that forgets jobs done a week ago. */
MUST_USE fault *jobs_start(struct jobs *jobs);

/* Something was left for this runner a moment ago: look now.  From any thread. */
void jobs_poke(struct jobs *jobs);

/* Stops leasing and waits at most `seconds` for what is in hand; what is not finished by then
 * is given back to others and its attempt fenced.  False when a handler would not end: the
 * runner then stays in memory, and the caller must not close the store but leave the process. */
bool jobs_close(struct jobs *jobs, int seconds);
