/* `novate convert list` and `novate convert many`: conversions by the dozen at a terminal. */
#include <stdio.h>

#include "app/acting.h"
#include "app/command.h"
#include "app/setup.h"
#include "convert/batch_json.h"
#include "convert/conversion_json.h"

struct listing {
	struct setup *setup;
	const struct command_line *line;
	struct conversion_filter filter;
	bool json;
	int64_t shown;
	str next;
};

static str given(const struct command_line *line, const char *option)
{
	const char *value = command_given(line, option);

	return value ? str_of(value) : STR_NONE;
}

static void print(struct arena *scratch, const struct conversion_line *l)
{
	const struct conversion *c = &l->c;
	bool waits = c->state == CONVERSION_WAITING;
	str whom = c->waits_for == WAITS_NOBODY ? S("its date")
						: conversion_waits_word(c->waits_for);

	(void)printf("%.*s  %s%.*s\n    %.*s, since %.*s\n", STR(c->domain),
		     waits ? "waits for " : "", STR(waits ? whom : conversion_state_word(c->state)),
		     STR(conversion_step_does(c->step)),
		     STR(instant_for_people(scratch, l->since)));
	if (waits)
		(void)printf("    %.*s\n", STR(c->next_thing));
}

static fault *page_body(struct tx *tx, void *with)
{
	struct listing *l = with;
	struct arena *a = tx_arena(tx);
	struct conversion_lines lines;
	struct asker by;
	str json;

	TRY(acting_as(tx, command_given(l->line, "as"), &by));
	TRY(conversion_list_page(tx, &by, &l->filter, &lines));
	l->next = lines.next;
	l->shown += (int64_t)lines.len;
	if (!l->json) {
		for (size_t i = 0; i < lines.len; i++)
			print(a, &lines.at[i]);
		return NULL;
	}
	TRY(conversion_json_lines(a, &lines, l->setup->settings.public_url, &json));
	/* the pages become one array */
	(void)printf("%s%.*s", l->shown > (int64_t)lines.len ? ",\n" : "[",
		     STR(str_part(json, 1, json.len - 2)));
	return NULL;
}

static fault *list(struct setup *setup, const struct command_line *line, int *status)
{
	struct listing l = { .setup = setup,
			     .line = line,
			     .json = command_given(line, "json") != NULL,
			     .filter = { .waits = given(line, "waits"),
					 .state = given(line, "state"),
					 .step = given(line, "step"),
					 .text = given(line, "text"),
					 .after = STR_NONE } };

	if (conversion_filter_check(&l.filter)) {
		(void)fprintf(stderr, "novate: %s\n", conversion_filter_check(&l.filter)->said);
		*status = COMMAND_USAGE;
		return NULL;
	}
	do {
		TRY(store_run(setup->store, STORE_READ, setup->arena, "convert.list", page_body,
			      &l));
		l.filter.after = l.next;
	} while (!str_is_none(l.next));
	if (l.json)
		(void)puts("]");
	else if (!l.shown)
		(void)puts("No conversion is like this.");
	return NULL;
}

/* ---- many at once ---- */

enum { FILE_MOST = 16 << 20 };

struct handing {
	const struct command_line *line;
	struct asker by;
	struct batch batch;
};

static fault *by_body(struct tx *tx, void *with)
{
	struct handing *h = with;

	return acting_as(tx, command_given(h->line, "as"), &h->by);
}

static void print_refused(const struct batch_lines *lines)
{
	for (size_t i = 0; i < lines->len; i++)
		if (lines->at[i].outcome == BATCH_REFUSED)
			(void)printf("line %lld: %.*s\n    %.*s\n", (long long)lines->at[i].line,
				     STR(lines->at[i].domain), STR(lines->at[i].said));
}

static fault *report_body(struct tx *tx, void *with)
{
	struct handing *h = with;
	const struct batch *b = &h->batch;
	struct batch_lines lines;
	str json;

	TRY(batch_lines_of(tx, &h->by, b->id, BATCH_OUTCOME_COUNT, BATCH_LINES_MOST, &lines));
	if (command_given(h->line, "json")) {
		TRY(batch_json_one(tx_arena(tx), b, &lines, &json));
		(void)printf("%.*s\n", STR(json));
		return NULL;
	}
	print_refused(&lines);
	(void)printf("%lld of %lld started, %lld under way before, %lld refused. %.*s\n",
		     (long long)b->of[BATCH_STARTED], (long long)b->lines,
		     (long long)b->of[BATCH_ALREADY], (long long)b->of[BATCH_REFUSED],
		     STR(id_text(tx_arena(tx), "bat", b->id)));
	return NULL;
}

static fault *many(struct setup *setup, const struct command_line *line, int *status)
{
	const char *name = command_given(line, "name");
	struct handing h = { .line = line };
	str text;

	TRY(setup_file(setup, line->words[0], FILE_MOST, &text));
	if (str_is_none(text))
		return fault_new(FAULT_MISSING, "There is no file %s.", line->words[0]);
	TRY(store_run(setup->store, STORE_READ, setup->arena, "batch.by", by_body, &h));
	TRY(batch_take(setup->store, setup->arena, &h.by, str_of(name ? name : line->words[0]),
		       text, &h.batch));
	TRY(store_run(setup->store, STORE_READ, setup->arena, "batch.report", report_body, &h));
	*status = h.batch.of[BATCH_REFUSED] ? COMMAND_FAILED : COMMAND_DONE;
	return NULL;
}

static const struct command_option many_options[] = {
	{ "as", "EMAIL", "Act as this account (default: the first operator)" },
	{ "name", "WORDS", "What to call the list (default: the file's name)" },
	{ "json", NULL, "Print the report as one JSON object" },
	{ NULL },
};

static const struct command_option options[] = {
	{ "waits", "WHOM",
	  "Those that wait for: partner, administrator, microsoft, operator, date" },
	{ "state", "STATE", "running, waiting, stopping, done, undone, refused" },
	{ "step", "STEP", "record, plan, consent, order, …: as the board names them" },
	{ "text", "WORDS", "Part of the domain or the tenant's name" },
	{ "as", "EMAIL", "What this account may see (default: the first operator)" },
	{ "json", NULL, "Print one JSON array" },
	{ NULL },
};

static const struct command commands[] = {
	{ .name = "convert list",
	  .options = options,
	  .about = "List conversions: who is waited for, since when, and what is next",
	  .needs = NEEDS_STORE,
	  .run = list },
	{ .name = "convert many",
	  .words = "FILE",
	  .least = 1,
	  .most = 1,
	  .options = many_options,
	  .about = "Start converting the tenants of a CSV file, and report on each line",
	  .more = "The file has a column for the domain and one for the administrator's address, "
		  "in this order or by a heading; commas, semicolons or tabs; at most 5,000 "
		  "lines. The same file twice starts nothing twice. Exit status: 0 no line was "
		  "refused, 1 some were.",
	  .needs = NEEDS_STORE,
	  .run = many },
};

const struct command_table list_commands = { commands, COUNT(commands) };
