#include "convert/notice.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "convert/cancel_line.h"
#include "convert/notice_view.h"
#include "convert/reminder.h"
#include "convert/turn.h"
#include "mail/frame.h"
#include "store/store_testing.h"

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

/* ---- as the database has it ---- */

struct asking {
	struct asker ada;
	struct conversion c;
	size_t subscriptions;
	str guide;
};

static fault *start_body(struct tx *tx, void *with)
{
	struct asking *a = with;
	struct account ada;

	TRY(account_open(tx, S("ada@example.test"), S("Ada"), ROLE_PARTNER, STR_NONE, &ada));
	a->ada = (struct asker){ ada.id, ROLE_PARTNER, S("test") };
	return conversion_start(tx, &a->ada, S("rye.example"), STR_NONE, &a->c);
}

/* So many direct subscriptions are to be ended. */
static fault *guide_body(struct tx *tx, void *with)
{
	struct asking *a = with;
	struct arena *keep = tx_arena(tx);
	struct cancel_lines none = { 0 }, lines = { 0 };
	struct notice_facts facts;

	TRY(start_body(tx, with));
	lines.at = NEW_ARRAY(keep, struct cancel_line, a->subscriptions);
	lines.len = a->subscriptions;
	for (size_t i = 0; i < lines.len; i++)
		lines.at[i] = (struct cancel_line){
			.subscription = str_format(keep, "00000000-0000-0000-0000-%012zu", i),
			.commerce = S(""),
			.sku = S("f245ecc8-75af-4f8e-b61f-27d8114de5f3"),
			.title = S("Microsoft 365 Business Standard"),
			.units = 12,
			.status = S("Enabled"),
			.created_at = INSTANT_NONE,
			.renews_at = instant_after(tx_now(tx), DAYS(100)),
			.gone_at = INSTANT_NONE,
			.cancel_until = INSTANT_NONE,
			.ends_said_at = INSTANT_NONE,
			.deed_at = INSTANT_NONE,
			.follow = S(""),
			.refused = S(""),
		};
	TRY(cancel_line_keep(tx, &a->c, &none, &lines));
	a->c.tenant = a->c.admin_url = S("tenant");
	a->c.next_thing = turn_words(TURN_CANCEL_OLD);
	TRY(notice_facts_load(tx, &a->c, S("https://n.test"), &facts));
	a->guide = facts.guide;
	return NULL;
}

static str guide_for(struct store_testing *with, size_t subscriptions)
{
	struct asking a = { .subscriptions = subscriptions };

	assert_null(store_run(with->store, STORE_WRITE, with->arena, "guide", guide_body, &a));
	return a.guide;
}

static void few_subscriptions(struct store_testing *with)
{
	str guide = guide_for(with, 3);

	assert_true(str_find(guide, S("000000000002")) > 0);
	assert_true(str_find(guide, S("Your page lists them all.")) < 0);
}

/* A letter of more than that is cut or turned away on the way. */
static void hundreds_of_subscriptions(struct store_testing *with)
{
	str guide = guide_for(with, 250);

	assert_true(str_find(guide, S("250 subscriptions")) >= 0);
	assert_true(str_find(guide, S("Your page lists them all.")) > 0);
	assert_in_range(guide.len, 40, 400);
}

static void clicks_that_fit_no_letter_are_on_the_page(void **state)
{
	(void)state;
	store_testing_each(few_subscriptions);
	store_testing_each(hundreds_of_subscriptions);
}

static fault *shown_body(struct tx *tx, void *with)
{
	static const struct {
		bool for_operator;
		size_t every_operator;
	} rows[] = { { false, 0 }, { true, 1 } };
	struct asking *a = with;

	TRY(start_body(tx, with));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct notices_shown shown;
		size_t operators = 0, partners = 0, nobodys = 0;

		TRY(notice_view_fill(tx, &a->c, S("https://n.test"), rows[i].for_operator, &shown));
		for (size_t n = 0; n < shown.letters.len; n++) {
			str to = shown.letters.at[n].to;

			operators += str_eq(to, S("every operator"));
			partners += str_eq(to, S("ada@example.test"));
			nobodys += str_find(to, S("not sent")) > 0;
		}
		assert_int_equal(operators, rows[i].every_operator);
		assert_int_equal(operators + partners + nobodys, shown.letters.len);
		assert_true(partners > 3 && nobodys > 3); /* the administrator has no address */
	}
	return NULL;
}

static void letters_shown(struct store_testing *with)
{
	struct asking a = { .subscriptions = 0 };

	assert_null(store_run(with->store, STORE_WRITE, with->arena, "shown", shown_body, &a));
}

static void each_letter_is_shown_with_whom_it_goes_to(void **state)
{
	(void)state;
	store_testing_each(letters_shown);
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
		cmocka_unit_test(clicks_that_fit_no_letter_are_on_the_page),
		cmocka_unit_test(each_letter_is_shown_with_whom_it_goes_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
