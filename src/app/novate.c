/* novate: see `novate help`. */
#include <argp.h>
#include <locale.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "app/command.h"
#include "app/rooms.h"
#include "app/setup.h"
#include "base/log.h"

const char *argp_program_version = "novate " NOVATE_VERSION;

static fault *make_ready(struct setup *setup, const struct command *command)
{
	/* A connection for each thread, and one for what is asked beside them. */
	switch (command->needs) {
	case NEEDS_NOTHING:
	case NEEDS_IF_THERE:
	case NEEDS_PLACE: return NULL;
	case NEEDS_SETTINGS: return setup_settings(setup, false);
	case NEEDS_STORE:
		TRY(setup_settings(setup, false));
		return setup_store(setup, (int)setup->settings.threads + 2);
	case NEEDS_SECRETS:
		TRY(setup_settings(setup, true));
		return setup_store(setup, (int)setup->settings.threads + 2);
	}
	return NULL;
}

static fault *run(struct arena *arena, const struct command *command,
		  const struct command_place *place, const struct command_line *line, int *status)
{
	DEFER(setup_close) struct setup setup = { 0 };

	if (command->needs == NEEDS_IF_THERE)
		TRY(setup_look(&setup, arena, place->data, place->config));
	else if (command->needs != NEEDS_NOTHING)
		TRY(setup_open(&setup, arena, place->data, place->config));
	TRY(make_ready(&setup, command));
	return command->run(&setup, line, status);
}

/* The person gets the sentence, the log the whole chain with what was noted. */
static int fail(const fault *f)
{
	(void)fflush(stdout);
	log_fault(LOG_DEBUG, "app", "command failed", f);
	(void)fprintf(stderr, "novate: %s\n", f->said);
	for (const fault *cause = f->cause; cause; cause = cause->cause)
		(void)fprintf(stderr, "  because: %s\n", cause->said);
	if (f->noted)
		(void)fprintf(stderr, "  (%s)\n", f->noted);
	return COMMAND_FAILED;
}

int main(int argc, char **argv)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct command_table tables[ROOMS_MOST_TABLES];
	struct command_place place;
	struct command_line line;
	int status;

	/* `up` starts us as /proc/self/exe; in lists of processes we are novate all the same. */
	(void)prctl(PR_SET_NAME, "novate");
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	log_open(world_of_system(), LOG_WARN, "novate");
	const struct command *command = command_parse(arena, tables, rooms_commands(tables), argc,
						      argv, &place, &line, &status);
	if (!command)
		return status;

	/* What stays running tells what it does; a person at a terminal wants the answer alone. */
	if (command->runs_on)
		log_open(world_of_system(), LOG_INFO, command->name);
	fault *f = run(arena, command, &place, &line, &status);
	return f ? fail(f) : status;
}
