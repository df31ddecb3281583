/* `novate audit …`: who did what. */
#include <stdio.h>

#include "admin/audit_desk.h"
#include "app/acting.h"
#include "app/command.h"
#include "app/setup.h"

enum { LINES_SHOWN = 200 };

struct reading {
	const struct command_line *line;
	struct audit_question asked;
};

static str given(const struct command_line *line, const char *option)
{
	const char *value = command_given(line, option);

	return value ? str_of(value) : STR_NONE;
}

static void print(struct arena *scratch, const struct audit_shown *l)
{
	(void)printf("%.*s  %.*s  %.*s  %.*s%s%.*s%s\n", STR(instant_rfc3339(scratch, l->at)),
		     STR(str_is_none(l->email) ? S("-") : l->email), STR(l->did), STR(l->about),
		     str_is_none(l->from) ? "" : "  from ", STR(l->from),
		     str_is_empty(l->why) ? "" : ":");
	if (!str_is_empty(l->why))
		(void)printf("    %.*s\n", STR(l->why));
}

static fault *list_body(struct tx *tx, void *with)
{
	struct reading *r = with;
	struct audit_page page;
	struct asker by;
	str json;

	TRY(acting_as(tx, NULL, &by));
	TRY(audit_desk_page(tx, &by, &r->asked, &page));
	if (command_given(r->line, "json")) {
		TRY(audit_desk_json(tx_arena(tx), &page.lines, &json));
		(void)printf("%.*s\n", STR(json));
		return NULL;
	}
	for (size_t i = 0; i < page.lines.len; i++)
		print(tx_arena(tx), &page.lines.at[i]);
	if (page.lines.len == 0)
		(void)puts("No line is like this.");
	if (!id_is_none(page.next))
		(void)printf("Older ones: --before %.*s\n",
			     STR(id_text(tx_arena(tx), "aud", page.next)));
	return NULL;
}

static fault *list(struct setup *setup, const struct command_line *line, int *status)
{
	struct reading r = { .line = line,
			     .asked = { .who = given(line, "who"),
					.did = given(line, "did"),
					.about = given(line, "about"),
					.from = given(line, "from"),
					.since = given(line, "since"),
					.until = given(line, "until"),
					.before = given(line, "before"),
					.most = LINES_SHOWN } };
	(void)status;

	return store_run(setup->store, STORE_READ, setup->arena, "audit.list", list_body, &r);
}

static const struct command_option options[] = {
	{ "who", "EMAIL", "What this account did" },
	{ "did", "WHAT", "For example conversion.approve" },
	{ "about", "ID", "What was done to this: cnv_…, job_…" },
	{ "from", "WHERE", "terminal, or an address" },
	{ "since", "DAY", "From this day on, 2026-02-03" },
	{ "until", "DAY", "Up to this day" },
	{ "before", "LINE", "Where the page before ended" },
	{ "json", NULL, "Print one JSON array" },
	{ NULL },
};

static const struct command commands[] = {
	{ .name = "audit list",
	  .options = options,
	  .about = "Show who did what, newest first",
	  .needs = NEEDS_STORE,
	  .run = list },
};

const struct command_table audit_commands = { commands, COUNT(commands) };
