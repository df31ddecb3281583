#include <string.h>

#include "app/doctor.h"

struct judging {
	struct arena *keep;
	const struct doctor_facts *facts;
	struct doctor_findings *findings;
};

static void PRINTF(5, 6) find(struct judging *j, enum doctor_grade grade, const char *subject,
			      const char *mend, const char *said, ...)
{
	va_list args;

	if (j->findings->len == COUNT(j->findings->at))
		return;
	va_start(args, said);
	j->findings->at[j->findings->len++] = (struct doctor_finding){
		.grade = grade,
		.subject = subject,
		.said = str_vformat(j->keep, said, args),
		.mend = str_of(mend ? mend : ""),
	};
	va_end(args);
}

static const char *words(struct judging *j, const char *format, const char *value)
{
	return str_format(j->keep, "%.*s%s%.*s", (int)(strchr(format, '@') - format), format, value,
			  (int)strlen(strchr(format, '@') + 1), strchr(format, '@') + 1)
		.at;
}

static void judge_settings(struct judging *j)
{
	const struct doctor_facts *f = j->facts;

	if (f->settings_wrong)
		find(j, DOCTOR_WRONG, "settings",
		     "Mend it first: the rest was looked at with the presets.", "%s",
		     f->settings_wrong);
	else
		find(j, DOCTOR_FINE, "settings", NULL, "%s is understood.", f->config);
	if (f->secrets_open)
		find(j, DOCTOR_WRONG, "settings",
		     words(j,
			   "Run `chmod 600 @`, or let only the group of the user that runs Novate "
			   "read it.",
			   f->config),
		     "%s holds secrets and may be read by others.", f->config);
	for (size_t i = 0; i < f->stray_count; i++)
		find(j, DOCTOR_ATTENTION, "settings",
		     "Correct its name, or take it out of the environment; `novate help conf` "
		     "lists "
		     "all.",
		     "Nobody reads the environment variable %.*s.", (int)strcspn(f->strays[i], "="),
		     f->strays[i]);
	if (f->ca_file_missing)
		find(j, DOCTOR_WRONG, "settings", "Correct remote_ca_file, or leave it empty.",
		     "There is no file %.*s.", STR(f->ca_file));
}

static void judge_data(struct judging *j)
{
	const struct doctor_facts *f = j->facts;

	if (f->data_wrong)
		find(j, DOCTOR_WRONG, "data directory",
		     "Let the user that runs Novate write there, or name another with --data.",
		     "%s cannot be written: %s.", f->data, f->data_wrong);
	else if (f->data_open)
		find(j, DOCTOR_ATTENTION, "data directory", words(j, "Run `chmod 700 @`.", f->data),
		     "%s may be read by others; it holds the sealing key and letters.", f->data);
	else
		find(j, DOCTOR_FINE, "data directory", NULL, "%s is ours alone.", f->data);
}

static void judge_schema(struct judging *j)
{
	switch (j->facts->state) {
	case STORE_READY:
		find(j, DOCTOR_FINE, "database", NULL, "%s answers and has this program's schema.",
		     j->facts->postgres ? "PostgreSQL" : "SQLite");
		return;
	case STORE_EMPTY:
		find(j, DOCTOR_ATTENTION, "database",
		     "Nothing to do: the first start fills it. Or run `novate migrate`.",
		     "It is empty.");
		return;
	case STORE_BEHIND:
		find(j, DOCTOR_WRONG, "database", "Make a copy of it, then run `novate migrate`.",
		     "It is older than this program.");
		return;
	case STORE_AHEAD:
		find(j, DOCTOR_WRONG, "database",
		     "Start the newer program, or put back the copy made before the upgrade.",
		     "It is newer than this program.");
		return;
	case STORE_CHANGED:
		find(j, DOCTOR_WRONG, "database",
		     "Start the program that made the database; migrations never change once they "
		     "ran.",
		     "A migration that ran is another one in this program.");
		return;
	}
}

static void judge_database(struct judging *j)
{
	if (j->facts->database_wrong)
		find(j, DOCTOR_WRONG, "database",
		     "Look whether the server runs and the setting `database` is right.", "%s",
		     j->facts->database_wrong);
	else
		judge_schema(j);
}

static void judge_key(struct judging *j)
{
	const char *path = str_format(j->keep, "%s/key", j->facts->data).at;

	switch (j->facts->key) {
	case DOCTOR_KEY_FINE:
		find(j, DOCTOR_FINE, "sealing key", NULL, "%s is there and ours alone.", path);
		return;
	case DOCTOR_KEY_MISSING:
		find(j, DOCTOR_ATTENTION, "sealing key",
		     "Nothing to do on a new set-up: `work` makes it. On one that was moved, bring "
		     "the old key along.",
		     "There is no %s yet.", path);
		return;
	case DOCTOR_KEY_SIZE:
		find(j, DOCTOR_WRONG, "sealing key",
		     "Put back the copy that belongs to this database.",
		     "%s does not hold 32 bytes.", path);
		return;
	case DOCTOR_KEY_OPEN:
		find(j, DOCTOR_WRONG, "sealing key", words(j, "Run `chmod 600 @`.", path),
		     "%s may be read by others.", path);
		return;
	}
}

static bool is_local(str url)
{
	return str_starts(url, S("http://localhost")) || str_starts(url, S("http://127."));
}

static void judge_address(struct judging *j)
{
	const struct doctor_facts *f = j->facts;
	long long port = (long long)f->port;

	if (is_local(f->public_url))
		find(j, DOCTOR_ATTENTION, "public_url",
		     "Set it to what people type, as soon as others should get here.",
		     "%.*s works on this machine only; links in letters will not work elsewhere.",
		     STR(f->public_url));
	else if (str_starts(f->public_url, S("http://")))
		find(j, DOCTOR_WRONG, "public_url",
		     "Put a proxy with TLS in front and set public_url to https://…",
		     "%.*s sends passwords and cookies readable for everybody on the way.",
		     STR(f->public_url));
	else
		find(j, DOCTOR_FINE, "public_url", NULL, "%.*s.", STR(f->public_url));

	switch (f->port_state) {
	case DOCTOR_PORT_FREE:
		find(j, DOCTOR_FINE, "port", NULL, "%lld is free for `serve`.", port);
		return;
	case DOCTOR_PORT_OURS:
		find(j, DOCTOR_FINE, "port", NULL, "`serve` answers on %lld.", port);
		return;
	case DOCTOR_PORT_BUSY:
		find(j, DOCTOR_WRONG, "port", "Stop the other program, or set `port` to another.",
		     "Another program listens on %lld.", port);
		return;
	case DOCTOR_PORT_REFUSED:
		find(j, DOCTOR_WRONG, "port", "Correct `listen` and `port`.",
		     "Nothing can listen on %lld: %s.", port, f->port_why);
		return;
	}
}

static void judge_people(struct judging *j)
{
	const struct doctor_facts *f = j->facts;

	if (f->operators == 0)
		find(j, DOCTOR_ATTENTION, "accounts",
		     "Run `novate account add EMAIL --role operator`.",
		     "No operator may come in yet.");
	if (f->skus == 0)
		find(j, DOCTOR_ATTENTION, "catalog",
		     "Run `novate migrate`, and `novate catalog import-skus FILE` with Microsoft's "
		     "list.",
		     "It is empty.");
	if (f->workers == 0)
		find(j, DOCTOR_ATTENTION, "worker",
		     "Start `novate up`, or `novate work` beside `novate serve`.",
		     "No worker was seen in the last minute: nothing moves.");
	else
		find(j, DOCTOR_FINE, "worker", NULL, "%lld seen in the last minute.",
		     (long long)f->workers);
	if (f->dead_jobs > 0)
		find(j, DOCTOR_ATTENTION, "jobs", "An operator should look at each and its reason.",
		     "%lld gave up and wait for a person.", (long long)f->dead_jobs);
}

static void judge_microsoft(struct judging *j)
{
	const struct doctor_facts *f = j->facts;

	if (f->microsoft_missing.len > 0)
		find(j, DOCTOR_WRONG, "Microsoft",
		     "Write them into the settings file. Where `work` alone has them in its "
		     "environment, "
		     "run doctor with the same.",
		     "Missing: %.*s. No conversion moves without.", STR(f->microsoft_missing));
	else if (f->signin_wrong)
		find(j, DOCTOR_WRONG, "Microsoft",
		     "Look whether the addresses microsoft_*_url are right and reachable.", "%s",
		     f->signin_wrong);
	else if (f->signin_looked && !f->signin_known)
		find(j, DOCTOR_WRONG, "Microsoft", "Run `novate connect`.",
		     "The distributor's own account is not signed in.");
	else if (f->signin_looked)
		find(j, DOCTOR_FINE, "Microsoft", NULL,
		     "The settings are complete and the distributor's account is signed in.");
}

static void judge_told(struct judging *j)
{
	const struct doctor_facts *f = j->facts;

	if (!instant_is_none(f->event_seen))
		find(j, DOCTOR_FINE, "events", NULL,
		     "Partner Center tells us of changes, last on %.*s.",
		     STR(instant_for_people(j->keep, f->event_seen)));
	else if (f->events_refused > 0)
		find(j, DOCTOR_ATTENTION, "events",
		     "Look for “event dropped” in the log of `work`. Where its verdict is "
		     "not-trusted, add the authority that issued Microsoft's certificate to "
		     "remote_ca_file.",
		     "%lld came and none could be believed; conversions look by themselves.",
		     (long long)f->events_refused);
	else
		find(j, DOCTOR_FINE, "events", NULL,
		     "Partner Center is to tell us of changes; none came yet.");
}

/* Never wrong: without events a conversion only waits until it looks by itself. */
static void judge_events(struct judging *j)
{
	const struct doctor_facts *f = j->facts;

	if (!f->events_looked)
		return;
	if (f->events_wrong)
		find(j, DOCTOR_ATTENTION, "events",
		     "Nothing is lost: conversions look by themselves.", "%s", f->events_wrong);
	else if (f->events_state == EVENT_HEARD)
		judge_told(j);
	else if (f->events_state == EVENT_ELSEWHERE)
		find(j, DOCTOR_ATTENTION, "events",
		     "Nothing is lost: conversions look by themselves. To be told in its place, "
		     "run "
		     "`novate connect --events`.",
		     "Partner Center tells %.*s of changes, not us.", STR(f->events_url));
	else
		find(j, DOCTOR_ATTENTION, "events",
		     "Start `novate work`, which registers us once a day, or run `novate connect "
		     "--events`.",
		     "Partner Center does not tell us of changes yet.");
}

static void judge_mail(struct judging *j)
{
	if (j->facts->mail_server.len == 0)
		find(j, DOCTOR_ATTENTION, "mail", "Set mail_server and mail_from.",
		     "Letters become files in %s/outbox; nobody gets them.", j->facts->data);
	else
		find(j, DOCTOR_FINE, "mail", NULL, "Letters go through %.*s.",
		     STR(j->facts->mail_server));
}

void doctor_judge(struct arena *keep, const struct doctor_facts *facts,
		  struct doctor_findings *findings)
{
	struct judging j = { .keep = keep, .facts = facts, .findings = findings };

	findings->len = 0;
	judge_settings(&j);
	judge_data(&j);
	judge_database(&j);
	judge_key(&j);
	judge_address(&j);
	if (!facts->database_wrong && facts->state == STORE_READY)
		judge_people(&j);
	judge_microsoft(&j);
	judge_events(&j);
	judge_mail(&j);
}
