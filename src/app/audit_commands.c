/* `novate audit …`: who did what, and whether a certificate is sound. */
#include <jansson.h>
#include <stdio.h>

#include "admin/audit_desk.h"
#include "app/acting.h"
#include "app/command.h"
#include "app/setup.h"
#include "convert/certificate.h"
#include "convert/certificate_check.h"
#include "convert/json_say.h"

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

/* ---- a certificate's file ---- */

enum { FILE_MOST = 64 << 20 };

struct judging {
	const struct command_line *line;
	str body;
	struct certificate_check check;
	struct certificate issued;
	bool looked, known, same;
};

static fault *issued_body(struct tx *tx, void *with)
{
	struct judging *j = with;

	j->looked = true;
	TRY(certificate_get(tx, j->check.conversion, &j->issued, &j->known));
	j->same = j->known && str_eq(j->issued.sha256, j->check.sha256);
	return NULL;
}

static void print_fact(bool holds, const char *says, str differs)
{
	(void)printf("%s  %s\n", holds ? "ok    " : "not ok", says);
	if (!holds)
		(void)printf("          %.*s\n", STR(differs));
}

static str issued_differs(struct arena *keep, const struct judging *j)
{
	str parts;

	if (!j->known)
		return S("None was issued for this conversion here.");
	parts = certificate_check_differ(keep, j->body, j->issued.body);
	if (str_is_empty(parts))
		return S("It tells the same in other bytes: it was written anew.");
	return str_format(keep, "Issued was %.*s; these parts differ: %.*s.", STR(j->issued.sha256),
			  STR(parts));
}

static void print_judgement(struct arena *keep, const struct judging *j)
{
	const struct certificate_check *check = &j->check;

	(void)printf("Certificate of %.*s (%.*s), %.*s\nSHA-256 %.*s\nUsers compared: %lld. Losses "
		     "that a person accepted: %lld.\n\n",
		     STR(check->tenant_name), STR(check->domain),
		     STR(id_text(keep, "cnv", check->conversion)), STR(check->sha256),
		     (long long)check->users, (long long)check->accepted);
	for (enum certificate_check_kind k = 0; k < CERTIFICATE_CHECK_COUNT; k++)
		print_fact(str_is_none(check->differs[k]), certificate_check_says(k),
			   check->differs[k]);
	if (j->looked)
		print_fact(j->same, "It is the very file that was issued",
			   j->same ? S("") : issued_differs(keep, j));
	else
		(void)puts("  --    Whether it was issued is not known: there is no database here");
}

static fault *print_json(struct arena *keep, const struct judging *j, bool sound)
{
	json_t *made = json_pack("{s:b, s:o, s:o, s:I, s:I, s:o}", "sound", sound, "certificate",
				 json_say_text(id_text(keep, "cnv", j->check.conversion)), "sha256",
				 json_say_text(j->check.sha256), "users",
				 (json_int_t)j->check.users, "accepted_losses",
				 (json_int_t)j->check.accepted, "issued",
				 j->looked ? json_boolean(j->same) : json_null());
	json_t *differs = json_array();
	str out;

	for (enum certificate_check_kind k = 0; k < CERTIFICATE_CHECK_COUNT; k++)
		if (!str_is_none(j->check.differs[k]))
			json_array_append_new(differs, json_say_text(j->check.differs[k]));
	if (j->looked && !j->same)
		json_array_append_new(differs, json_say_text(issued_differs(keep, j)));
	json_object_set_new(made, "differs", differs);
	fault *f = json_say_dump(keep, made, JSON_COMPACT, &out);
	json_decref(made);
	TRY(f);
	(void)printf("%.*s\n", STR(out));
	return NULL;
}

static fault *certificate(struct setup *setup, const struct command_line *line, int *status)
{
	struct judging j = { .line = line };
	bool sound;

	TRY(setup_file(setup, line->words[0], FILE_MOST, &j.body));
	if (str_is_none(j.body)) {
		(void)fprintf(stderr, "novate: there is no file %s.\n", line->words[0]);
		*status = COMMAND_USAGE;
		return NULL;
	}
	TRY(certificate_check(setup->arena, j.body, &j.check));
	if (setup->store)
		TRY(store_run(setup->store, STORE_READ, setup->arena, "audit.certificate",
			      issued_body, &j));
	sound = j.check.sound && (!j.looked || j.same);
	if (command_given(line, "json"))
		TRY(print_json(setup->arena, &j, sound));
	else
		print_judgement(setup->arena, &j);
	*status = sound ? COMMAND_DONE : COMMAND_FAILED;
	return NULL;
}

static const struct command_option certificate_options[] = {
	{ "json", NULL, "Print one JSON object" },
	{ NULL },
};

static const struct command commands[] = {
	{ .name = "audit certificate",
	  .words = "FILE",
	  .least = 1,
	  .most = 1,
	  .options = certificate_options,
	  .about = "Tell whether a certificate's JSON file is sound",
	  .more = "Its hashes, counts and lists of users are held against each other; for this no "
		  "database is needed. Where one is (--data), the file must be the very one that "
		  "was issued. Exit status: 0 sound, 1 not, 2 usage.",
	  .needs = NEEDS_IF_THERE,
	  .run = certificate },
	{ .name = "audit list",
	  .options = options,
	  .about = "Show who did what, newest first",
	  .needs = NEEDS_STORE,
	  .run = list },
};

const struct command_table audit_commands = { commands, COUNT(commands) };
