/* `novate convert …`: the main job at a terminal.  A terminal acts as an operator's account. */
#include <stdio.h>
#include <unistd.h>

#include "app/acting.h"
#include "app/command.h"
#include "app/convert_watch.h"
#include "app/setup.h"
#include "app/signals.h"
#include "convert/cancel_guide.h"
#include "convert/certificate.h"
#include "convert/conversion_json.h"
#include "convert/user_move_list.h"

/* What every command of this file works with. */
struct job {
	struct setup *setup;
	const struct command_line *line;
	struct watch watch;
	str domain;
	struct conversion c;
	bool found;
};

static fault *asker_body(struct tx *tx, void *with)
{
	struct job *job = with;

	TRY(acting_as(tx, command_given(job->line, "as"), &job->watch.by));
	return conversion_of_domain(tx, &job->watch.by, job->domain, &job->c, &job->found);
}

static fault *run(struct job *job, enum store_mode mode, const char *name, store_body *body)
{
	return store_run(job->setup->store, mode, job->setup->arena, name, body, job);
}

static fault *job_open(struct job *job, struct setup *setup, const struct command_line *line)
{
	signals_hold();
	*job = (struct job){ .setup = setup, .line = line, .domain = str_of(line->words[0]) };
	job->watch = (struct watch){ .setup = setup, .quiet = command_given(line, "json") != NULL };
	TRY(run(job, STORE_READ, "convert.find", asker_body));
	job->watch.conversion = job->c.id;
	return NULL;
}

static fault *found_or_missing(const struct job *job)
{
	return job->found ? NULL
			  : fault_new(FAULT_MISSING,
				      "There is no conversion of %.*s. `novate convert start %.*s` "
				      "begins one.",
				      STR(job->domain), STR(job->domain));
}

static fault *start_body(struct tx *tx, void *with)
{
	struct job *job = with;
	const char *administrator = command_given(job->line, "administrator");

	return conversion_start(tx, &job->watch.by, job->domain, str_of(administrator), &job->c);
}

/* Goes on with a conversion under way, else begins one. */
static fault *start_or_join(struct job *job)
{
	if (!job->found || conversion_ended(job->c.state))
		TRY(run(job, STORE_WRITE, "convert.start", start_body));
	job->watch.conversion = job->c.id;
	return NULL;
}

static fault *json_body(struct tx *tx, void *with)
{
	struct job *job = with;
	struct conversion_shown shown;
	str json;

	TRY(conversion_view_fill(tx, &job->c, job->setup->settings.public_url, &shown));
	TRY(conversion_json_one(tx_arena(tx), &job->c, &shown, &json));
	(void)printf("%.*s\n", STR(json));
	return NULL;
}

static int status_of(const struct conversion *c)
{
	switch (c->state) {
	case CONVERSION_DONE:
	case CONVERSION_UNDONE: return COMMAND_DONE;
	case CONVERSION_REFUSED: return COMMAND_FAILED;
	case CONVERSION_RUNNING:
	case CONVERSION_WAITING:
	case CONVERSION_STOPPING:
	case CONVERSION_STATE_COUNT: break;
	}
	return COMMAND_WAITS;
}

static fault *job_end(struct job *job, int *status)
{
	*status = status_of(&job->c);
	if (job->watch.quiet)
		return run(job, STORE_READ, "convert.json", json_body);
	convert_watch_waiting(&job->watch, &job->c);
	return NULL;
}

static fault *plan(struct setup *setup, const struct command_line *line, int *status)
{
	struct job job;
	bool interrupted;

	TRY(job_open(&job, setup, line));
	TRY(start_or_join(&job));
	TRY(convert_watch(&job.watch, UNTIL_PLAN, &job.c, &interrupted));
	if (!job.watch.quiet)
		TRY(convert_watch_tables(&job.watch, &job.c));
	TRY(job_end(&job, status));
	if (!str_is_none(job.c.plan_hash))
		*status = COMMAND_DONE;
	return NULL;
}

static bool is_to_approve(const struct conversion *c)
{
	return c->state == CONVERSION_WAITING && c->step == STEP_PLAN &&
	       c->waits_for == WAITS_PARTNER && !str_is_none(c->plan_hash) &&
	       str_is_none(c->approved_hash);
}

static fault *approve_body(struct tx *tx, void *with)
{
	struct job *job = with;

	return conversion_approve(tx, &job->watch.by, job->c.id, job->c.plan_hash);
}

/* Shows the plan and asks; --yes answers for scripts, no terminal means not to approve. */
static fault *offer_plan(struct job *job, bool *approved)
{
	char answer[8] = "";

	*approved = command_given(job->line, "yes") != NULL;
	if (!job->watch.quiet)
		TRY(convert_watch_tables(&job->watch, &job->c));
	if (!*approved && !job->watch.quiet && isatty(STDIN_FILENO)) {
		(void)printf("Approve the plan %.12s and buy it? [y/N] ", job->c.plan_hash.at);
		(void)fflush(stdout);
		*approved = fgets(answer, sizeof answer, stdin) &&
			    (answer[0] == 'y' || answer[0] == 'Y');
	}
	return *approved ? run(job, STORE_WRITE, "convert.approve", approve_body) : NULL;
}

static fault *go_on(struct job *job, enum watch_until until, int *status)
{
	bool interrupted, approved = true;

	for (;;) {
		TRY(convert_watch(&job->watch, until, &job->c, &interrupted));
		if (interrupted || !is_to_approve(&job->c))
			break;
		TRY(offer_plan(job, &approved));
		if (!approved)
			break;
	}
	if (job->c.state == CONVERSION_DONE && !job->watch.quiet)
		TRY(convert_watch_tables(&job->watch, &job->c));
	return job_end(job, status);
}

static fault *start(struct setup *setup, const struct command_line *line, int *status)
{
	struct job job;

	TRY(job_open(&job, setup, line));
	TRY(start_or_join(&job));
	return go_on(&job, UNTIL_PERSON, status);
}

static fault *watch(struct setup *setup, const struct command_line *line, int *status)
{
	struct job job;
	bool interrupted;

	TRY(job_open(&job, setup, line));
	TRY(found_or_missing(&job));
	TRY(convert_watch(&job.watch, UNTIL_END, &job.c, &interrupted));
	return job_end(&job, status);
}

static fault *resume_body(struct tx *tx, void *with)
{
	struct job *job = with;

	return conversion_resume(tx, &job->watch.by, job->c.id);
}

static fault *resume(struct setup *setup, const struct command_line *line, int *status)
{
	struct job job;

	TRY(job_open(&job, setup, line));
	TRY(found_or_missing(&job));
	TRY(convert_watch_skip(&job.watch));
	TRY(run(&job, STORE_WRITE, "convert.resume", resume_body));
	(void)signals_asked(SECONDS(1), &(const char *){ NULL }); /* let the look happen first */
	return go_on(&job, UNTIL_PERSON, status);
}

static fault *stop_body(struct tx *tx, void *with)
{
	struct job *job = with;

	return conversion_stop(tx, &job->watch.by, job->c.id);
}

static fault *stop(struct setup *setup, const struct command_line *line, int *status)
{
	struct job job;
	bool interrupted;

	TRY(job_open(&job, setup, line));
	TRY(found_or_missing(&job));
	TRY(run(&job, STORE_WRITE, "convert.stop", stop_body));
	TRY(convert_watch(&job.watch, UNTIL_PERSON, &job.c, &interrupted));
	return job_end(&job, status);
}

static fault *certificate_body(struct tx *tx, void *with)
{
	struct certificate *got = ((void **)with)[1];
	struct job *job = ((void **)with)[0];
	bool *found = ((void **)with)[2];

	return certificate_get(tx, job->c.id, got, found);
}

/* Writes certificate-DOMAIN.pdf and .json into the data directory, or where --to says. */
static fault *certificate_write(struct job *job)
{
	struct arena *a = job->setup->arena;
	const char *to = command_given(job->line, "to");
	struct certificate got;
	bool found;
	void *with[] = { job, &got, &found };
	str stem, pdf;

	TRY(store_run(job->setup->store, STORE_READ, a, "convert.certificate", certificate_body,
		      with));
	if (!found)
		return NULL;
	stem = to ? str_of(to)
		  : str_of(setup_path(job->setup,
				      str_format(a, "certificate-%.*s", STR(job->c.domain)).at)
				   .at);
	TRY(certificate_pdf(a, &got, &pdf));
	TRY(setup_file_write(str_format(a, "%.*s.pdf", STR(stem)).at, pdf));
	TRY(setup_file_write(str_format(a, "%.*s.json", STR(stem)).at, got.body));
	if (!job->watch.quiet)
		(void)printf("Certificate: %.*s.pdf and .json, SHA-256 %.*s\n", STR(stem),
			     STR(got.sha256));
	return NULL;
}

static fault *report(struct setup *setup, const struct command_line *line, int *status)
{
	struct job job;
	bool interrupted;

	TRY(job_open(&job, setup, line));
	TRY(found_or_missing(&job));
	TRY(convert_watch(&job.watch, UNTIL_NOW, &job.c, &interrupted));
	if (!job.watch.quiet)
		TRY(convert_watch_tables(&job.watch, &job.c));
	TRY(certificate_write(&job));
	return job_end(&job, status);
}

/* As a list for people; with --json the file that everybody can be put back by. */
static fault *moves_body(struct tx *tx, void *with)
{
	struct job *job = with;
	struct user_move_list list;
	str json;

	TRY(user_move_list_load(tx, &job->c, &list));
	if (job->watch.quiet) {
		TRY(user_move_list_json(tx_arena(tx), &job->c, &list, &json));
		(void)printf("%.*s\n", STR(json));
		return NULL;
	}
	if (list.moves.len == 0)
		(void)printf("Nobody changes to another product.\n");
	for (size_t i = 0; i < list.moves.len; i++) {
		const struct user_move *m = &list.moves.at[i];

		(void)printf("%-9s %.*s  %.*s -> %.*s%s%.*s%s%.*s\n",
			     list.foreseen ? "foreseen" : user_move_state_word(m->state).at,
			     STR(m->person_name), STR(user_move_list_part(&list, m->sku)),
			     STR(user_move_list_part(&list, m->target)),
			     str_is_empty(m->through) ? "" : "  through group ",
			     STR(str_is_empty(m->through_name) ? m->through : m->through_name),
			     m->state == USER_MOVE_REFUSED ? "  " : "",
			     STR(m->state == USER_MOVE_REFUSED ? m->said : S("")));
	}
	return NULL;
}

static fault *moves(struct setup *setup, const struct command_line *line, int *status)
{
	struct job job;

	TRY(job_open(&job, setup, line));
	TRY(found_or_missing(&job));
	*status = COMMAND_DONE;
	return run(&job, STORE_READ, "convert.moves", moves_body);
}

static fault *guide_body(struct tx *tx, void *with)
{
	struct job *job = with;
	struct cancel_guide guide;

	TRY(cancel_guide_load(tx, &job->c, &guide));
	if (guide.each.len == 0)
		return fault_new(
			FAULT_CONFLICT,
			"It is not known yet what has to be ended: first the new licenses "
			"have to carry everybody. `novate convert watch %.*s` shows how far "
			"it is.",
			STR(job->domain));
	(void)printf("%.*s", STR(cancel_guide_text(tx_arena(tx), &guide)));
	return NULL;
}

static fault *guide(struct setup *setup, const struct command_line *line, int *status)
{
	struct job job;
	(void)status;

	TRY(job_open(&job, setup, line));
	TRY(found_or_missing(&job));
	return run(&job, STORE_READ, "convert.guide", guide_body);
}

#define AS                                                                         \
	{                                                                          \
		"as", "EMAIL", "Act as this account (default: the first operator)" \
	}
#define JSON                                                                                     \
	{                                                                                        \
		"json", NULL, "Print the conversion as one JSON object at the end, nothing else" \
	}

static const struct command_option look_options[] = { AS, JSON, { NULL } };
static const struct command_option moves_options[] = {
	AS,
	{ "json", NULL, "As JSON, with every id: enough to put everybody back by hand" },
	{ NULL }
};
static const struct command_option guide_options[] = { AS, { NULL } };
static const struct command_option start_options[] = {
	AS,
	JSON,
	{ "yes", NULL, "Approve the plan without asking" },
	{ "administrator", "EMAIL", "Where letters for the tenant's administrator go" },
	{ NULL },
};
static const struct command_option report_options[] = {
	AS, JSON, { "to", "STEM", "Write the certificate to STEM.pdf and STEM.json" }, { NULL }
};

static const struct command commands[] = {
	{ .name = "convert plan",
	  .words = "TENANT",
	  .least = 1,
	  .most = 1,
	  .options = start_options,
	  .about = "Record what the tenant has and show what would be bought",
	  .needs = NEEDS_STORE,
	  .run = plan },
	{ .name = "convert start",
	  .words = "TENANT",
	  .least = 1,
	  .most = 1,
	  .options = start_options,
	  .about = "Convert the tenant, until a person is waited for",
	  .more = "TENANT is one of its domains. Exit status: 0 done, 1 failed, 3 waits for a "
		  "person.",
	  .needs = NEEDS_STORE,
	  .run = start },
	{ .name = "convert watch",
	  .words = "TENANT",
	  .least = 1,
	  .most = 1,
	  .options = look_options,
	  .about = "Watch a conversion until it has ended",
	  .needs = NEEDS_STORE,
	  .run = watch },
	{ .name = "convert guide",
	  .words = "TENANT",
	  .least = 1,
	  .most = 1,
	  .options = guide_options,
	  .about = "What the administrator has to press to end the old subscriptions",
	  .needs = NEEDS_STORE,
	  .run = guide },
	{ .name = "convert resume",
	  .words = "TENANT",
	  .least = 1,
	  .most = 1,
	  .options = start_options,
	  .about = "Look again at once, after something was mended",
	  .needs = NEEDS_STORE,
	  .run = resume },
	{ .name = "convert stop",
	  .words = "TENANT",
	  .least = 1,
	  .most = 1,
	  .options = look_options,
	  .about = "Stop and undo what was bought",
	  .needs = NEEDS_STORE,
	  .run = stop },
	{ .name = "convert moves",
	  .words = "TENANT",
	  .least = 1,
	  .most = 1,
	  .options = moves_options,
	  .about = "Who changes from what to what, and what was switched off before and after",
	  .needs = NEEDS_STORE,
	  .run = moves },
	{ .name = "convert report",
	  .words = "TENANT",
	  .least = 1,
	  .most = 1,
	  .options = report_options,
	  .about = "Everything that happened, and the certificate as PDF and JSON",
	  .needs = NEEDS_STORE,
	  .run = report },
};

const struct command_table convert_commands = { commands, COUNT(commands) };
