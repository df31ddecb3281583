#include "app/command.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Keys of long options without a letter begin after the last byte. */
enum { KEY_DATA = 'd', KEY_CONFIG = 'c', KEY_FIRST = 256 };

struct parsing {
	struct arena *keep;
	struct command_place *place;
	struct command_line *line;
	const char **words;
	int name_at; /* where the command's name begins, or 0 */
};

static const struct argp_option place_options[] = {
	{ "data", KEY_DATA, "DIR", 0, "The data directory (default ./var)", 0 },
	{ "config", KEY_CONFIG, "FILE", 0, "The settings file (default DIR/novate.conf)", 0 },
	{ 0 }
};

static error_t parse_place(int key, char *value, struct argp_state *state)
{
	struct parsing *p = state->input;

	if (key == KEY_DATA)
		p->place->data = value;
	else if (key == KEY_CONFIG)
		p->place->config = value;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

static const struct argp place_argp = { .options = place_options, .parser = parse_place };

static error_t parse_top(int key, char *value, struct argp_state *state)
{
	struct parsing *p = state->input;

	(void)value;
	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = p; return 0;
	case ARGP_KEY_ARG:
		/* What follows belongs to the command. */
		p->name_at = state->next - 1;
		state->next = state->argc;
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_command(int key, char *value, struct argp_state *state)
{
	struct parsing *p = state->input;
	struct command_line *line = p->line;
	const struct command *command = line->command;

	if (key >= KEY_FIRST && !(key & ~0xffff)) {
		line->given[key - KEY_FIRST] = value ? value : "";
		return 0;
	}
	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = p; return 0;
	case ARGP_KEY_ARG:
		if (line->count == command->most)
			argp_error(state, "\"%s\" is one word too many", value);
		else
			p->words[line->count++] = value;
		return 0;
	case ARGP_KEY_END:
		if (line->count < command->least)
			argp_error(state, "%s is missing",
				   command->words ? command->words : "a word");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static size_t option_count(const struct command *command)
{
	size_t count = 0;

	while (command->options && command->options[count].name)
		count++;
	return count;
}

static struct argp argp_of(struct arena *keep, const struct command *command)
{
	size_t count = option_count(command);
	struct argp_option *options = NEW_ARRAY(keep, struct argp_option, count + 1);
	struct argp_child *children = NEW_ARRAY(keep, struct argp_child, 2);

	for (size_t i = 0; i < count; i++)
		options[i] = (struct argp_option){ .name = command->options[i].name,
						   .key = KEY_FIRST + (int)i,
						   .arg = command->options[i].value,
						   .doc = command->options[i].about };
	children[0] = (struct argp_child){ .argp = &place_argp };
	return (struct argp){
		.options = options,
		.parser = parse_command,
		.args_doc = command->words,
		.doc = str_format(keep, "%s.%s%s", command->about, command->more ? "\v" : "",
				  command->more ? command->more : "")
			       .at,
		.children = children,
	};
}

/* How many of the words are the command's name; 0 when they are not. */
static int name_matches(const char *name, const char *const *words, int count)
{
	str rest = str_of(name), part;
	int matched = 0;

	while (str_next(&rest, ' ', &part)) {
		if (matched == count || !str_eq(part, str_of(words[matched])))
			return 0;
		matched++;
	}
	return matched;
}

static const struct command *command_named(const struct command_table *tables, size_t table_count,
					   const char *const *words, int count, int *matched)
{
	for (size_t t = 0; t < table_count; t++)
		for (size_t i = 0; i < tables[t].count; i++) {
			*matched = name_matches(tables[t].at[i].name, words, count);
			if (*matched)
				return &tables[t].at[i];
		}
	return NULL;
}

/* "convert" alone is half a name: what it can be followed by.  False when nothing begins so. */
static bool tell_group(FILE *to, const struct command_table *tables, size_t table_count,
		       const char *first)
{
	size_t len = strlen(first);
	bool any = false;

	for (size_t t = 0; t < table_count; t++)
		for (size_t i = 0; i < tables[t].count; i++) {
			const struct command *c = &tables[t].at[i];

			if (strncmp(c->name, first, len) != 0 || c->name[len] != ' ')
				continue;
			(void)fprintf(to, "%s  novate %-28s %s\n", any ? "" : "There is:\n",
				      c->name, c->about);
			any = true;
		}
	return any;
}

/* No command has this name: told on standard error, unless only help on the group was wanted. */
static int tell_unknown(const struct command_table *tables, size_t table_count,
			const char *const *words, int count)
{
	const char *second = count > 1 ? words[1] : NULL;

	if (second && (strcmp(second, "--help") == 0 || strcmp(second, "-?") == 0) &&
	    tell_group(stdout, tables, table_count, words[0]))
		return COMMAND_DONE;
	if (second)
		(void)fprintf(stderr, "novate: there is no command \"%s %s\".\n", words[0], second);
	else
		(void)fprintf(stderr, "novate: there is no command \"%s\".\n", words[0]);
	if (!tell_group(stderr, tables, table_count, words[0]))
		(void)fputs("`novate help` lists all commands.\n", stderr);
	return COMMAND_USAGE;
}

static error_t parse_with(const struct argp *argp, const char *name, int argc, char **argv,
			  struct parsing *p)
{
	/* argp_parse may not reorder what it does not own: its own copy, its own name. */
	char **copy = NEW_ARRAY(p->keep, char *, (size_t)argc + 2);

	copy[0] = NEW_ARRAY(p->keep, char, strlen(name) + 1);
	memcpy(copy[0], name, strlen(name));
	memcpy(copy + 1, argv, (size_t)argc * sizeof(char *));
	return argp_parse(argp, argc + 1, copy, ARGP_IN_ORDER, NULL, p);
}

static error_t parse_line(const struct command *command, int argc, char **argv, struct parsing *p)
{
	struct argp argp = argp_of(p->keep, command);

	p->line->command = command;
	p->line->given = NEW_ARRAY(p->keep, const char *, option_count(command) + 1);
	p->words = NEW_ARRAY(p->keep, const char *, command->most + 1);
	p->line->words = p->words;
	return parse_with(&argp, str_format(p->keep, "novate %s", command->name).at, argc, argv, p);
}

const struct command *command_parse(struct arena *keep, const struct command_table *tables,
				    size_t table_count, int argc, char **argv,
				    struct command_place *place, struct command_line *line,
				    int *status)
{
	const struct argp_child children[] = { { .argp = &place_argp }, { 0 } };
	const struct argp top = {
		.parser = parse_top,
		.args_doc = "COMMAND [WORD…]",
		.doc = "Converts customers' tenants to the distributor's subscriptions without one "
		       "user losing a license.\v`novate help` lists the commands, `novate help "
		       "COMMAND` explains one, `novate help conf` the settings.",
		.children = children,
	};
	struct parsing p = { .keep = keep, .place = place, .line = line };
	int matched = 0;

	argp_err_exit_status = COMMAND_USAGE;
	*place = (struct command_place){ 0 };
	*line = (struct command_line){ 0 };
	*status = COMMAND_USAGE;
	if (argp_parse(&top, argc, argv, ARGP_IN_ORDER, NULL, &p) != 0)
		return NULL;
	if (!p.name_at) {
		command_list(tables, table_count);
		return NULL;
	}
	const char *const *words = (const char *const *)argv + p.name_at;
	const struct command *command = command_named(tables, table_count, words, argc - p.name_at,
						      &matched);
	if (!command) {
		*status = tell_unknown(tables, table_count, words, argc - p.name_at);
		return NULL;
	}
	int skipped = p.name_at + matched;
	if (parse_line(command, argc - skipped, argv + skipped, &p) != 0)
		return NULL;
	*status = COMMAND_DONE;
	return command;
}

const char *command_given(const struct command_line *line, const char *option)
{
	for (size_t i = 0; i < option_count(line->command); i++)
		if (strcmp(line->command->options[i].name, option) == 0)
			return line->given[i];
	return NULL;
}

void command_list(const struct command_table *tables, size_t table_count)
{
	(void)puts("Usage: novate [--data DIR] [--config FILE] COMMAND [WORD…]\n");
	for (size_t t = 0; t < table_count; t++)
		for (size_t i = 0; i < tables[t].count; i++) {
			const struct command *c = &tables[t].at[i];
			int room = 34 - (int)strlen(c->name);

			(void)printf("  %s %-*s %s\n", c->name, room > 0 ? room : 0,
				     c->words ? c->words : "", c->about);
		}
	(void)puts("\n`novate help COMMAND` explains one, `novate help conf` the settings.\n"
		   "Exit status: 0 done, 1 failed, 2 usage, 3 waits for a person.");
}

bool command_help(struct arena *scratch, const struct command_table *tables, size_t table_count,
		  const char *const *words, size_t count)
{
	int matched;
	const struct command *command = command_named(tables, table_count, words, (int)count,
						      &matched);

	if (!command)
		return tell_group(stdout, tables, table_count, words[0]);

	struct argp argp = argp_of(scratch, command);
	str name = str_format(scratch, "novate %s", command->name);
	char *own = NEW_ARRAY(scratch, char, name.len + 1);
	memcpy(own, name.at, name.len);
	argp_help(&argp, stdout, ARGP_HELP_STD_HELP & ~(unsigned)ARGP_HELP_EXIT_OK, own);
	return true;
}
