/* `novate job …`: what is stuck and why, and doing it again. */
#include <stdio.h>

#include "app/command.h"
#include "app/setup.h"
#include "jobs/job.h"
#include "people/audit.h"

enum { MOST_SHOWN = 50 };

static fault *dead_body(struct tx *tx, void *with)
{
	return job_list(tx, JOB_DEAD, ID_NONE, MOST_SHOWN, with);
}

static fault *dead(struct setup *setup, const struct command_line *line, int *status)
{
	struct job_list jobs;

	(void)line;
	(void)status;
	TRY(store_run(setup->store, STORE_READ, setup->arena, "job_list", dead_body, &jobs));
	if (jobs.len == 0)
		(void)puts("Nothing is stuck.");
	for (size_t i = 0; i < jobs.len; i++) {
		const struct job_shown *j = &jobs.at[i];

		(void)printf("%.*s  %.*s  made %.*s, tried %lld times\n    %.*s\n",
			     STR(id_text(setup->arena, "job", j->job)), STR(j->kind),
			     STR(instant_for_people(setup->arena, j->made)), (long long)j->attempts,
			     STR(j->why));
	}
	return NULL;
}

static fault *resubmit_body(struct tx *tx, void *with)
{
	const id *job = with;

	TRY(job_resubmit(tx, *job));
	return audit_keep(tx, &(struct audit_entry){
				      .did = "job.resubmit",
				      .about = id_text(tx_arena(tx), "job", *job),
				      .from = S("terminal"),
			      });
}

static fault *resubmit(struct setup *setup, const struct command_line *line, int *status)
{
	id job;

	(void)status;
	if (!id_from_text("job", str_of(line->words[0]), &job))
		return fault_new(FAULT_INPUT,
				 "“%s” is not the id of a job. `novate job dead` lists them.",
				 line->words[0]);
	TRY(store_run(setup->store, STORE_WRITE, setup->arena, "job_resubmit", resubmit_body,
		      &job));
	(void)printf("%s is tried again from its beginning.\n", line->words[0]);
	return NULL;
}

static const struct command commands[] = {
	{ .name = "job dead",
	  .about = "Show the jobs that were given up, and why",
	  .needs = NEEDS_STORE,
	  .run = dead },
	{ .name = "job resubmit",
	  .words = "JOB",
	  .least = 1,
	  .most = 1,
	  .about = "Do a job again that was given up, after its cause was mended",
	  .needs = NEEDS_STORE,
	  .run = resubmit },
};

const struct command_table job_commands = { commands, COUNT(commands) };
