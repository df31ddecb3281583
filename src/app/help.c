#include <stdio.h>

#include "app/command.h"
#include "app/rooms.h"
#include "app/settings.h"

static const char *kind_text(const struct setting *s)
{
	switch (s->kind) {
	case SETTING_TEXT: return s->secret ? "text, secret" : "text";
	case SETTING_NUMBER: return "number";
	case SETTING_URL: return "address";
	case SETTING_COUNTRY: return "country";
	case SETTING_CURRENCY: return "currency";
	case SETTING_SWITCH: return "yes or no";
	}
	return "";
}

static void show_settings(void)
{
	(void)puts("A setting stands in novate.conf in the data directory as `key = value`, or in "
		   "the\nenvironment as NOVATE_KEY, which wins. A line that begins with # is a "
		   "note.\nWhat is marked secret is read by `work` only.\n");
	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *s = &settings_table[i];

		(void)printf("%s (%s%s%s)\n    %s\n", s->name, kind_text(s),
			     *s->preset ? ", default " : "", s->preset, s->about);
	}
}

static fault *help(struct setup *setup, const struct command_line *line, int *status)
{
	DEFER(arena_end) struct arena *scratch = arena_open();
	struct command_table tables[ROOMS_MOST_TABLES];
	size_t count = rooms_commands(tables);
	(void)setup;

	if (line->count == 0)
		command_list(tables, count);
	else if (str_eq(str_of(line->words[0]), S("conf")))
		show_settings();
	else if (!command_help(scratch, tables, count, line->words, line->count)) {
		(void)fprintf(stderr,
			      "novate: there is no command \"%s\"; `novate help` lists all.\n",
			      line->words[0]);
		*status = COMMAND_USAGE;
	}
	return NULL;
}

static const struct command commands[] = {
	{ .name = "help",
	  .words = "[COMMAND|conf]",
	  .most = 3,
	  .about = "List the commands, explain one, or list the settings",
	  .run = help },
};

const struct command_table help_commands = { commands, COUNT(commands) };
