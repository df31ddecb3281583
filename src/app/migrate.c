#include <stdio.h>

#include "app/command.h"
#include "app/setup.h"

static fault *migrate(struct setup *setup, const struct command_line *line, int *status)
{
	int applied = 0;
	int64_t skus = 0;
	(void)line;
	(void)status;

	TRY(setup_store_any(setup, 1));
	TRY(setup_prepare(setup, &applied, &skus));
	if (applied == 0)
		(void)puts("The database is up to date.");
	else
		(void)printf("%d migration%s ran.\n", applied, applied == 1 ? "" : "s");
	if (skus > 0)
		(void)printf(
			"The catalog was empty: %lld SKUs of the shipped list are in it now.\n",
			(long long)skus);
	return NULL;
}

static const struct command commands[] = {
	{ .name = "migrate",
	  .about = "Bring the database to the newest schema",
	  .more = "Each migration runs in a transaction of its own, forward only. Make a copy of "
		  "the database first. An empty database gets the shipped catalog too.",
	  .needs = NEEDS_SETTINGS,
	  .run = migrate },
};

const struct command_table migrate_commands = { commands, COUNT(commands) };
