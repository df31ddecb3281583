#include "convert/notice.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "convert/reminder.h"
#include "convert/turn.h"
#include "mail/frame.h"

/* 2026-02-03T10:00:00Z, a Tuesday */
#define NOW ((instant){ .micros = INT64_C(1770112800000000) })

static int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

static struct conversion waiting_for(enum conversion_waits whom)
{
	return (struct conversion){ .domain = S("rye.example"),
				    .tenant_name = S("Rye and Ember"),
				    .administrator = S("ida@rye.example"),
				    .door = S("the-door"),
				    .state = CONVERSION_WAITING,
				    .step = STEP_CANCEL_OLD,
				    .waits_for = whom,
				    .why = S("Twelve seats are left."),
				    .next_thing = turn_words(TURN_CANCEL_OLD) };
}

static const struct {
	enum notice_kind kind;
	enum notice_reader reader;
	enum conversion_waits waits;
	const char *subject, *said[5];
} letters[] = {
	{ NOTICE_ASKED,
	  NOTICE_ADMINISTRATOR,
	  WAITS_ADMINISTRATOR,
	  "please end the old subscription",
	  { "Ada Cloud is moving", "Twelve seats are left.", "Open your page", "/c/the-door",
	    "THE CLICKS" } },
	{ NOTICE_ASKED,
	  NOTICE_PARTNER,
	  WAITS_PARTNER,
	  "waits for you",
	  { "Hello Ada Cloud", "Twelve seats are left.", "/partner/conversions/cnv_" } },
	{ NOTICE_REMINDER,
	  NOTICE_ADMINISTRATOR,
	  WAITS_ADMINISTRATOR,
	  "waiting for you for 3 days",
	  { "since 31 January 2026", "Twelve seats are left.", "Also waiting for you",
	    "/c/the-door", "stop by themselves" } },
	{ NOTICE_REMINDER,
	  NOTICE_PARTNER,
	  WAITS_PARTNER,
	  "waiting for you for 3 days",
	  { "since 31 January 2026", "/partner/conversions/cnv_" } },
	{ NOTICE_REMINDER,
	  NOTICE_PARTNER,
	  WAITS_ADMINISTRATOR,
	  "for its administrator for 3 days",
	  { "ida@rye.example", "/c/the-door", "/partner/conversions/cnv_" } },
	{ NOTICE_WINDOW,
	  NOTICE_PARTNER,
	  WAITS_ADMINISTRATOR,
	  "can be undone for 23 hours",
	  { "Wednesday, 4 February 2026, 09:30 UTC", "2026-02-04T09:30:00Z", "Stop this conversion",
	    "only warning", "/partner/conversions/cnv_" } },
	{ NOTICE_SILENT,
	  NOTICE_OPERATOR,
	  WAITS_OPERATOR,
	  "silent for a day",
	  { "Twelve seats are left.", "/partner/conversions/cnv_" } },
	{ NOTICE_WITHDRAWN,
	  NOTICE_ADMINISTRATOR,
	  WAITS_NOBODY,
	  "please do not end the old subscription",
	  { "You were asked", "please cancel nothing", "reactivate it", "/c/the-door" } },
	{ NOTICE_WITHDRAWN,
	  NOTICE_PARTNER,
	  WAITS_NOBODY,
	  "please do not end the old subscription",
	  { "The administrator was", "tell them to cancel nothing", "/partner/conversions/cnv_" } },
	{ NOTICE_DONE,
	  NOTICE_PARTNER,
	  WAITS_NOBODY,
	  "here is the certificate",
	  { "/certificate.pdf", "has got one, too", "/partner/conversions/cnv_" } },
	{ NOTICE_DONE,
	  NOTICE_ADMINISTRATOR,
	  WAITS_NOBODY,
	  "here is the certificate",
	  { "/c/the-door/certificate.pdf", "nothing of yours goes with it" } },
};

/* Each letter says what it is about, why it comes, the one thing to do, and where. */
static void each_letter_says_what_why_what_next_and_where(void **state)
{
	struct arena *keep = *state;

	for (size_t i = 0; i < COUNT(letters); i++) {
		struct conversion c = waiting_for(letters[i].waits);
		struct letter letter = notice_make(
			keep, letters[i].kind, letters[i].reader,
			&(struct notice_facts){
				.c = &c,
				.public_url = S("https://n.test"),
				.partner = S("Ada Cloud"),
				.now = NOW,
				.since = instant_after(NOW, -DAYS(3)),
				.window_ends = instant_after(NOW, HOURS(23) + MINUTES(30)),
				.guide = S("THE CLICKS\n\n1. One\n2. Two\n"),
				.also = S("- Another tenant\n  https://n.test/other\n") });
		str html = frame_html(keep, letter.subject, letter.text);

		if (str_find(letter.subject, str_of(letters[i].subject)) < 0)
			fail_msg("row %zu: %.*s", i, STR(letter.subject));
		assert_true(str_find(letter.text, S("What to do now: ")) > 0);
		assert_true(str_find(html, S("<a href=\"https://n.test/")) > 0);
		for (size_t n = 0; n < COUNT(letters[i].said) && letters[i].said[n]; n++)
			if (str_find(letter.text, str_of(letters[i].said[n])) < 0)
				fail_msg("row %zu lacks “%s” in\n%.*s", i, letters[i].said[n],
					 STR(letter.text));
		if (letters[i].kind == NOTICE_ASKED)
			assert_true(str_find(html, S("<ol>")) > 0 &&
				    str_find(html, S("<li>Two</li>")) > 0);
	}
}

static void each_thing_asked_of_an_administrator_has_its_subject(void **state)
{
	static const struct {
		enum turn_act act;
		const char *subject;
	} rows[] = {
		{ TURN_ALLOW_READING, "Please begin here" },
		{ TURN_ACCEPT_US, "accept the invitation" },
		{ TURN_SIGN_AGREEMENT, "agreement" },
		{ TURN_CANCEL_OLD, "end the old subscription" },
		{ TURN_NONE, "something for you to do" },
	};
	struct arena *keep = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct conversion c = waiting_for(WAITS_ADMINISTRATOR);
		struct notice_facts facts = { .c = &c, .public_url = S("https://n.test") };

		c.next_thing = rows[i].act ? turn_words(rows[i].act) : S("Something else.");
		assert_true(str_find(notice_make(keep, NOTICE_ASKED, NOTICE_ADMINISTRATOR, &facts)
					     .subject,
				     str_of(rows[i].subject)) > 0);
	}
}

static void nobody_reads_of_themselves_in_the_third_person(void **state)
{
	static const struct {
		enum notice_kind kind;
		enum notice_reader reader;
		const char *said;
	} rows[] = {
		{ NOTICE_ASKED, NOTICE_ADMINISTRATOR, "You have not yet accepted us." },
		{ NOTICE_REMINDER, NOTICE_ADMINISTRATOR, "You have not yet accepted us." },
		{ NOTICE_REMINDER, NOTICE_PARTNER, "The tenant's administrator has not yet" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct conversion c = waiting_for(WAITS_ADMINISTRATOR);
		struct notice_facts facts = { .c = &c, .now = NOW, .since = NOW };

		c.why = S("The tenant's administrator has not yet accepted us.");
		assert_true(str_find(notice_make(*state, rows[i].kind, rows[i].reader, &facts).text,
				     str_of(rows[i].said)) > 0);
	}
}

static void a_name_that_fits_no_subject_gives_way_to_the_domain(void **state)
{
	struct arena *keep = *state;
	struct text longest = text_open(keep);
	struct conversion c = waiting_for(WAITS_ADMINISTRATOR);
	struct notice_facts facts = { .c = &c, .public_url = S("https://n.test") };
	str names[2] = { S("Rye\nBcc: everybody@rye.example") };

	for (int i = 0; i < 100; i++)
		text_add(&longest, S("Rye "));
	names[1] = text_str(&longest);
	for (size_t i = 0; i < COUNT(names); i++) {
		c.tenant_name = names[i];
		assert_true(str_find(notice_make(keep, NOTICE_ASKED, NOTICE_ADMINISTRATOR, &facts)
					     .subject,
				     S("rye.example: ")) == 0);
	}
}

static void reminders_come_after_one_three_and_seven_days_and_then_weekly(void **state)
{
	static const int64_t days[] = { 1, 3, 7, 14, 21, 28 };

	(void)state;
	for (size_t i = 0; i < COUNT(days); i++)
		assert_int_equal(reminder_after((int64_t)i), DAYS(days[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_letter_says_what_why_what_next_and_where,
						open_arena, close_arena),
		cmocka_unit_test_setup_teardown(
			each_thing_asked_of_an_administrator_has_its_subject, open_arena,
			close_arena),
		cmocka_unit_test_setup_teardown(nobody_reads_of_themselves_in_the_third_person,
						open_arena, close_arena),
		cmocka_unit_test_setup_teardown(a_name_that_fits_no_subject_gives_way_to_the_domain,
						open_arena, close_arena),
		cmocka_unit_test(reminders_come_after_one_three_and_seven_days_and_then_weekly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
