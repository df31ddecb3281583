#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/doctor.h"

/* A set-up with which nothing is wrong; each case spoils one thing. */
static const struct doctor_facts sound = {
	.data = "./var",
	.config = "./var/novate.conf",
	.state = STORE_READY,
	.public_url = { .at = "https://novate.example", .len = 22 },
	.port = 8080,
	.workers = 1,
	.operators = 1,
	.skus = 102,
	.signin_looked = true,
	.signin_known = true,
	.events_looked = true,
	.events_state = EVENT_HEARD,
	.event_seen = { INT64_C(1770112800000000) },
	.mail_server = { .at = "smtp://mail.example", .len = 19 },
	.microsoft_missing = { .at = "", .len = 0 },
	.ca_file = { .at = "", .len = 0 },
};

static const struct doctor_finding *find(const struct doctor_findings *findings,
					 enum doctor_grade grade, const char *subject)
{
	for (size_t i = 0; i < findings->len; i++)
		if (findings->at[i].grade == grade && strcmp(findings->at[i].subject, subject) == 0)
			return &findings->at[i];
	return NULL;
}

static void a_sound_set_up_is_fine_throughout(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct doctor_findings findings;
	(void)state;

	doctor_judge(arena, &sound, &findings);
	assert_int_equal(findings.len, 10);
	for (size_t i = 0; i < findings.len; i++) {
		assert_int_equal(findings.at[i].grade, DOCTOR_FINE);
		assert_int_equal(findings.at[i].mend.len, 0);
		assert_true(findings.at[i].said.len > 0);
	}
}

/* What is spoilt is named by its place in the struct, so that a case stays one line. */
#define CASE(member, value, grade_, subject_, said_, mend_)                                       \
	{                                                                                         \
		.at = offsetof(struct doctor_facts, member), .size = sizeof(sound.member),        \
		.with = { .member = value }, .grade = grade_, .subject = subject_, .said = said_, \
		.mend = mend_                                                                     \
	}

static const struct {
	size_t at, size;
	struct doctor_facts with;
	enum doctor_grade grade;
	const char *subject, *said, *mend;
} cases[] = {
	CASE(settings_wrong, "novate.conf, line 3: no.", DOCTOR_WRONG, "settings", "line 3",
	     "presets"),
	CASE(secrets_open, true, DOCTOR_WRONG, "settings", "may be read by others",
	     "Run `chmod 600 ./var/novate.conf`, or"),
	CASE(ca_file_missing, true, DOCTOR_WRONG, "settings", "There is no file", "remote_ca_file"),
	CASE(data_wrong, "Permission denied", DOCTOR_WRONG, "data directory",
	     "./var cannot be written: Permission denied.", "--data"),
	CASE(data_open, true, DOCTOR_ATTENTION, "data directory", "read by others",
	     "Run `chmod 700 ./var`."),
	CASE(database_wrong, "PostgreSQL does not answer.", DOCTOR_WRONG, "database",
	     "does not answer", "`database`"),
	CASE(state, STORE_EMPTY, DOCTOR_ATTENTION, "database", "empty", "novate migrate"),
	CASE(state, STORE_BEHIND, DOCTOR_WRONG, "database", "older", "novate migrate"),
	CASE(state, STORE_AHEAD, DOCTOR_WRONG, "database", "newer", "newer program"),
	CASE(state, STORE_CHANGED, DOCTOR_WRONG, "database", "another one", "never change"),
	CASE(key, DOCTOR_KEY_MISSING, DOCTOR_ATTENTION, "sealing key", "There is no ./var/key yet.",
	     "old key"),
	CASE(key, DOCTOR_KEY_SIZE, DOCTOR_WRONG, "sealing key", "32 bytes", "copy"),
	CASE(key, DOCTOR_KEY_OPEN, DOCTOR_WRONG, "sealing key", "read by others",
	     "Run `chmod 600 ./var/key`."),
	CASE(public_url, S("http://localhost:8080"), DOCTOR_ATTENTION, "public_url",
	     "this machine only", "what people type"),
	CASE(public_url, S("http://novate.example"), DOCTOR_WRONG, "public_url", "readable", "TLS"),
	CASE(port_state, DOCTOR_PORT_BUSY, DOCTOR_WRONG, "port", "listens on 8080", "`port`"),
	CASE(port_state, DOCTOR_PORT_REFUSED, DOCTOR_WRONG, "port", "Nothing can listen", "listen"),
	CASE(workers, 0, DOCTOR_ATTENTION, "worker", "nothing moves", "novate up"),
	CASE(operators, 0, DOCTOR_ATTENTION, "accounts", "No operator", "novate account add"),
	CASE(skus, 0, DOCTOR_ATTENTION, "catalog", "empty", "import-skus"),
	CASE(dead_jobs, 2, DOCTOR_ATTENTION, "jobs", "2 gave up", "operator"),
	CASE(microsoft_missing, S("microsoft_client_id"), DOCTOR_WRONG, "Microsoft",
	     "microsoft_client_id", "settings file"),
	CASE(signin_known, false, DOCTOR_WRONG, "Microsoft", "not signed in", "novate connect"),
	CASE(signin_wrong, "No answer.", DOCTOR_WRONG, "Microsoft", "No answer.", "reachable"),
	CASE(events_wrong, "No answer.", DOCTOR_ATTENTION, "events", "No answer.", "by themselves"),
	CASE(events_state, EVENT_UNHEARD, DOCTOR_ATTENTION, "events", "not tell us", "novate work"),
	CASE(events_state, EVENT_OUTDATED, DOCTOR_ATTENTION, "events", "not tell us",
	     "connect --events"),
	CASE(events_state, EVENT_ELSEWHERE, DOCTOR_ATTENTION, "events", "not us",
	     "connect --events"),
	CASE(mail_server, S(""), DOCTOR_ATTENTION, "mail", "./var/outbox", "mail_server"),
};

static void each_thing_that_is_wrong_is_said_with_what_to_do(void **state)
{
	(void)state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		DEFER(arena_end) struct arena *arena = arena_open();
		struct doctor_facts facts = sound;
		struct doctor_findings findings;

		memcpy((char *)&facts + cases[i].at, (const char *)&cases[i].with + cases[i].at,
		       cases[i].size);
		doctor_judge(arena, &facts, &findings);
		const struct doctor_finding *f = find(&findings, cases[i].grade, cases[i].subject);
		assert_non_null(f);
		if (!f || str_find(f->said, str_of(cases[i].said)) < 0 ||
		    str_find(f->mend, str_of(cases[i].mend)) < 0)
			fail_msg("case %zu: %s is not said as it should be", i, cases[i].subject);
	}
}

static void events_that_nobody_believes_are_told(void **state)
{
	static const struct {
		instant seen;
		int64_t refused;
		enum doctor_grade grade;
		const char *said;
	} rows[] = {
		{ INSTANT_NONE, 0, DOCTOR_FINE, "none came yet" },
		{ INSTANT_NONE, 3, DOCTOR_ATTENTION, "3 came and none could be believed" },
		{ { INT64_C(1770112800000000) }, 3, DOCTOR_FINE, "last on " },
	};
	DEFER(arena_end) struct arena *arena = arena_open();
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct doctor_facts facts = sound;
		struct doctor_findings findings;

		facts.event_seen = rows[i].seen;
		facts.events_refused = rows[i].refused;
		doctor_judge(arena, &facts, &findings);
		const struct doctor_finding *f = find(&findings, rows[i].grade, "events");
		assert_true(f && str_find(f->said, str_of(rows[i].said)) >= 0);
	}
}

static void a_misspelt_variable_is_named_without_its_value(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct doctor_facts facts = sound;
	struct doctor_findings findings;
	(void)state;

	facts.strays[0] = "NOVATE_MAIL_PASWORD=hush";
	facts.stray_count = 1;
	doctor_judge(arena, &facts, &findings);
	const struct doctor_finding *f = find(&findings, DOCTOR_ATTENTION, "settings");
	assert_true(f && str_find(f->said, S("NOVATE_MAIL_PASWORD.")) > 0 &&
		    str_find(f->said, S("hush")) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_set_up_is_fine_throughout),
		cmocka_unit_test(each_thing_that_is_wrong_is_said_with_what_to_do),
		cmocka_unit_test(events_that_nobody_believes_are_told),
		cmocka_unit_test(a_misspelt_variable_is_named_without_its_value),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
