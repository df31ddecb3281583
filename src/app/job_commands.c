/* `novate job …`: what is stuck and why, and doing it again. */
#include <stdio.h>

#include "admin/job_desk_json.h"
#include "app/acting.h"
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

static fault *job_read(const char *word, id *job)
{
	if (id_from_text("job", str_of(word), job))
		return NULL;
	return fault_new(FAULT_INPUT,
			 "“%s” is not the id of a job. `novate job dead` lists them, `novate job "
			 "list` the others.",
			 word);
}

static fault *resubmit(struct setup *setup, const struct command_line *line, int *status)
{
	id job;

	(void)status;
	TRY(job_read(line->words[0], &job));
	TRY(store_run(setup->store, STORE_WRITE, setup->arena, "job_resubmit", resubmit_body,
		      &job));
	(void)printf("%s is tried again from its beginning.\n", line->words[0]);
	return NULL;
}

struct giving_up {
	id job;
	str why;
};

static fault *give_up_body(struct tx *tx, void *with)
{
	const struct giving_up *g = with;
	struct asker by;

	TRY(acting_as(tx, NULL, &by));
	return job_desk_give_up(tx, &by, g->job, g->why);
}

static fault *give_up(struct setup *setup, const struct command_line *line, int *status)
{
	struct giving_up g = { .why = str_of(line->words[1]) };

	(void)status;
	TRY(job_read(line->words[0], &g.job));
	TRY(store_run(setup->store, STORE_WRITE, setup->arena, "job_give_up", give_up_body, &g));
	(void)printf("%s is given up.\n", line->words[0]);
	return NULL;
}

struct listing {
	const struct command_line *line;
	enum job_desk_view view;
};

static void print(struct arena *scratch, const struct job_shown *j)
{
	str about = job_desk_about(scratch, j);

	(void)printf("%.*s  %.*s  %.*s  %s%.*s\n", STR(id_text(scratch, "job", j->job)),
		     STR(j->kind), STR(about), job_state_word(j->state),
		     STR(instant_is_none(j->due)
				 ? S("")
				 : str_format(scratch, ", %s %.*s",
					      j->state == JOB_LEASED ? "leased until" : "due",
					      STR(instant_rfc3339(scratch, j->due)))));
	if (j->state == JOB_LEASED)
		(void)printf("    taken %.*s by %.*s\n", STR(instant_rfc3339(scratch, j->taken_at)),
			     STR(str_is_none(j->worker) ? S("a worker that is gone") : j->worker));
	if (!str_is_empty(j->why))
		(void)printf("    %.*s\n", STR(j->why));
}

static fault *list_body(struct tx *tx, void *with)
{
	struct listing *l = with;
	const char *kind = command_given(l->line, "kind");
	struct job_desk_page page;
	struct asker by;
	str json;

	TRY(acting_as(tx, NULL, &by));
	TRY(job_desk_page(tx, &by, l->view, kind ? str_of(kind) : STR_NONE, ID_NONE, &page));
	if (command_given(l->line, "json")) {
		TRY(job_desk_json_list(tx_arena(tx), &page.jobs, &json));
		(void)printf("%.*s\n", STR(json));
		return NULL;
	}
	for (enum job_desk_view v = 0; v < JOB_DESK_DONE; v++)
		(void)printf("%s%.*s: %lld", v ? ", " : "", STR(job_desk_word(v)),
			     (long long)page.counts[v]);
	(void)puts("");
	for (size_t i = 0; i < page.jobs.len; i++)
		print(tx_arena(tx), &page.jobs.at[i]);
	return NULL;
}

static fault *list(struct setup *setup, const struct command_line *line, int *status)
{
	const char *view = command_given(line, "view");
	struct listing l = { .line = line };
	fault *wrong = job_desk_view_read(view ? str_of(view) : S("stuck"), &l.view);

	if (!wrong)
		return store_run(setup->store, STORE_READ, setup->arena, "job_list", list_body, &l);
	(void)fprintf(stderr, "novate: %s\n", wrong->said);
	*status = COMMAND_USAGE;
	return NULL;
}

static const struct command_option list_options[] = {
	{ "view", "WHICH", "dead, stuck (the default), running, waiting, done" },
	{ "kind", "KIND", "Only this kind of job, for example convert.step" },
	{ "json", NULL, "Print one JSON array" },
	{ NULL },
};

static const struct command commands[] = {
	{ .name = "job list",
	  .options = list_options,
	  .about = "Count jobs, and show those that are stuck, running, waiting, dead or done",
	  .needs = NEEDS_STORE,
	  .run = list },
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
	{ .name = "job give-up",
	  .words = "JOB WHY",
	  .least = 2,
	  .most = 2,
	  .about = "Give a job up: a waiting one becomes a dead letter, a dead one is put away",
	  .needs = NEEDS_STORE,
	  .run = give_up },
};

const struct command_table job_commands = { commands, COUNT(commands) };
