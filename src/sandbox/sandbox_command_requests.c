#include "sandbox/sandbox_command_requests.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "request_log_sql.h"
#include "sandbox/graph_answer.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_path.h"

enum { LOOK_EVERY_MS = 200 };

struct listing {
	const struct sandbox_command_line *line;
	int64_t back; /* microseconds; below zero: everything */
	id after;     /* the last one printed */
	struct text out;
};

static json_t *json_of(struct arena *arena, const struct request_log_some *row)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "at",
			 graph_instant(arena, row->at), "service", graph_text(row->service),
			 "method", graph_text(row->method), "path", graph_text(row->path), "status",
			 (json_int_t)row->status, "request_id", graph_text(row->request_id),
			 "answer_id", graph_text(row->answer_id), "outcome",
			 graph_text(row->outcome));
}

static void say_line(struct listing *listing, struct arena *arena,
		     const struct request_log_some *row)
{
	str at = instant_rfc3339(arena, row->at);
	bool usual = str_eq(row->outcome, S("answered"));

	text_format(&listing->out, "%.*s %-13.*s %-6.*s %3d %.*s%s%.*s%s\n", STR(at),
		    STR(row->service), STR(row->method), (int)row->status, STR(row->path),
		    usual ? "" : "  (", STR(usual ? S("") : row->outcome), usual ? "" : ")");
}

static void add_dumped(struct text *out, json_t *json, size_t flags)
{
	char *dumped = json_dumps(json, flags);

	text_format(out, "%s\n", dumped);
	free(dumped);
	json_decref(json);
}

/* One array, or with --follow one object a line. */
static void say_json(struct listing *listing, struct arena *arena,
		     const struct request_log_some_list *rows)
{
	json_t *list = json_array();

	for (size_t i = 0; i < rows->len; i++) {
		json_t *one = json_of(arena, &rows->at[i]);
		if (listing->line->follow)
			add_dumped(&listing->out, one, JSON_COMPACT);
		else
			json_array_append_new(list, one);
	}
	if (listing->line->follow)
		json_decref(list);
	else
		add_dumped(&listing->out, list, JSON_INDENT(2));
}

static fault *read_body(struct tx *tx, void *with)
{
	struct request_log_some_list rows;
	struct listing *listing = with;
	instant since = { 0 };
	str service = listing->line->service;

	listing->out = text_open(tx_arena(tx));
	if (listing->back >= 0)
		since = instant_after(tx_now(tx), -listing->back);
	TRY(request_log_some(tx, listing->after.n, str_is_none(service) ? S("") : service, since,
			     &rows));
	if (rows.len > 0)
		listing->after = rows.at[rows.len - 1].id;
	if (listing->line->json) {
		say_json(listing, tx_arena(tx), &rows);
		return NULL;
	}
	for (size_t i = 0; i < rows.len; i++)
		say_line(listing, tx_arena(tx), &rows.at[i]);
	return NULL;
}

static fault *print_new(struct sandbox_home *home, struct listing *listing)
{
	DEFER(arena_end) struct arena *arena = arena_open();

	TRY(store_run(home->store, STORE_READ, arena, "requests", read_body, listing));
	str said = text_str(&listing->out);
	(void)fwrite(said.at, 1, said.len, stdout);
	(void)fflush(stdout);
	return NULL;
}

static fault *check(const struct sandbox_command_line *line, int64_t *back)
{
	static const char *const services[] = { "login", "graph", "partnercenter", "billing",
						"admin" };
	bool known = str_is_none(line->service);

	*back = -1;
	if (!str_is_none(line->since) && !sandbox_clock_duration(line->since, back))
		return fault_code(fault_new(FAULT_INPUT, "Say since how long: 30s, 5m, 2h."),
				  S("usage"));
	for (size_t i = 0; i < COUNT(services) && !known; i++)
		known = str_eq(line->service, str_of(services[i]));
	if (known)
		return NULL;
	return fault_code(fault_new(FAULT_INPUT,
				    "\"%.*s\" is no service: say login, graph, partnercenter, "
				    "billing or admin.",
				    STR(line->service)),
			  S("usage"));
}

fault *sandbox_command_requests(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	struct listing listing = { .line = line };

	TRY(check(line, &listing.back));
	/* What was answered just now is still on its way to the state file. */
	if (sandbox_path_held(home->arena, home->directory))
		(void)poll(NULL, 0, LOOK_EVERY_MS);
	TRY(print_new(home, &listing));
	while (line->follow && !ferror(stdout)) {
		(void)poll(NULL, 0, LOOK_EVERY_MS);
		TRY(print_new(home, &listing));
	}
	return NULL;
}
