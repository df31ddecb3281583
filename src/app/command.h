/* What `novate` can be asked at a terminal: tables, from which the parser and every help text
 * are made. */
#pragma once

#include "base/base.h"

struct setup;

/* Exit statuses of every command. */
enum { COMMAND_DONE = 0, COMMAND_FAILED = 1, COMMAND_USAGE = 2, COMMAND_WAITS = 3 };

struct command_option {
	const char *name;  /* "json" for --json */
	const char *value; /* "ROLE"; NULL for a switch */
	const char *about;
};

/* A command line that was understood. */
struct command_line {
	const struct command *command;
	const char *const *words; /* what is no option */
	size_t count;
	const char **given; /* as the command's options: the value, "" for a switch, or NULL */
};

/* How much must stand before a command runs. */
enum command_needs {
	NEEDS_NOTHING,
	NEEDS_PLACE, /* a data directory; the command reads the settings itself */
	NEEDS_SETTINGS,
	NEEDS_IF_THERE, /* what there is of settings and database; nothing is made */
	NEEDS_STORE,	/* an open database of the right schema; an empty one is prepared */
	NEEDS_SECRETS,	/* as NEEDS_STORE, with the vendors' secrets among the settings */
};

/* A fault ends the program with its sentence and status 1; else *status counts. */
typedef fault *command_run(struct setup *setup, const struct command_line *line, int *status);

struct command {
	const char *name;  /* "catalog import-skus" */
	const char *words; /* "FILE", for the help */
	size_t least, most;
	const struct command_option *options; /* ended by a nameless one; or NULL */
	const char *about;		      /* one line */
	const char *more;		      /* paragraphs of its own help; or NULL */
	enum command_needs needs;
	bool runs_on; /* until it is told to stop: its log is for the operator */
	command_run *run;
};

struct command_table {
	const struct command *at;
	size_t count;
};

/* What stands before the command's name. */
struct command_place {
	const char *data, *config; /* NULL: not said */
};

/* Understands argv by the tables; a mistake is told on standard error and *status set to 2.
 * NULL when the program should end with *status (help was shown, or nothing fits). */
const struct command *command_parse(struct arena *keep, const struct command_table *tables,
				    size_t table_count, int argc, char **argv,
				    struct command_place *place, struct command_line *line,
				    int *status);

/* The value of an option, "" for a switch that was given, NULL when it was not. */
const char *command_given(const struct command_line *line, const char *option);

/* All commands, a line each. */
void command_list(const struct command_table *tables, size_t table_count);
/* One command's help, or what a half name can be followed by; false when nothing fits. */
bool command_help(struct arena *scratch, const struct command_table *tables, size_t table_count,
		  const char *const *words, size_t count);

/* The tables, each in the file of its name. */
extern const struct command_table account_commands, audit_commands, catalog_commands,
	connect_commands, convert_commands, demo_commands, doctor_commands, help_commands,
	job_commands, list_commands, migrate_commands, plan_commands, routes_commands,
	serve_commands, up_commands, work_commands;
