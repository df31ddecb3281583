#include "convert/cancel_guide.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* 2026-02-03T10:00:00Z */
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

/* A subscription of twelve seats, bought last June and renewed in June. */
static struct cancel_line line_of(const char *subscription)
{
	return (struct cancel_line){
		.subscription = str_of(subscription),
		.commerce = S("be0d8a54"),
		.title = S("Microsoft 365 Business Standard"),
		.units = 12,
		.assigned = 9,
		.created_at = instant_after(NOW, -DAYS(237)),
		.renews_at = instant_after(NOW, DAYS(128)),
		.status = S("Enabled"),
		.gone_at = INSTANT_NONE,
		.cancel_until = INSTANT_NONE,
		.ends_said_at = INSTANT_NONE,
		.deed_at = INSTANT_NONE,
		.follow = S(""),
		.refused = S(""),
	};
}

static struct cancel_guide guide_of(struct arena *keep, enum conversion_account account,
				    struct cancel_line *lines, size_t count)
{
	struct cancel_lines all = { lines, count };

	return cancel_guide_make(keep, &(struct cancel_facts){ .account = account,
							       .tenant_name = S("Rye and Ember"),
							       .domain = S("rye.example"),
							       .tenant = S("3ceaaf30-8142"),
							       .admin_url = S("https://admin.test"),
							       .now = NOW,
							       .lines = &all });
}

static void what_can_be_done_follows_from_account_window_and_what_is_known(void **state)
{
	enum { NO = BILLING_NO, YES = BILLING_YES, DUNNO = BILLING_UNKNOWN };
	static const struct {
		enum conversion_account account;
		int created, renews; /* days from today; renews 0: unknown */
		const char *status;
		bool gone, said;
		int cancellable, renewal;
		int64_t until; /* days; 0: none */
		enum cancel_way way;
	} rows[] = {
		/* older account: at any time, whatever the dates */
		{ ACCOUNT_MOSA, -237, 128, "Enabled", 0, 0, DUNNO, DUNNO, 0, CANCEL_NOW },
		{ ACCOUNT_MOSA, -2, 363, "Enabled", 0, 0, DUNNO, DUNNO, 0, CANCEL_NOW },
		{ ACCOUNT_MOSA, -237, 0, "Enabled", 0, 0, DUNNO, DUNNO, 0, CANCEL_NOW },
		/* modern account, by dates alone */
		{ ACCOUNT_MCA, -2, 363, "Enabled", 0, 0, DUNNO, DUNNO, 0, CANCEL_NOW },
		{ ACCOUNT_MCA, -7, 358, "Enabled", 0, 0, DUNNO, DUNNO, 0, CANCEL_RENEWAL_OFF },
		{ ACCOUNT_MCA, -8, 357, "Enabled", 0, 0, DUNNO, DUNNO, 0, CANCEL_RENEWAL_OFF },
		{ ACCOUNT_MCA, -237, 128, "Enabled", 0, 0, DUNNO, DUNNO, 0, CANCEL_RENEWAL_OFF },
		{ ACCOUNT_MCA, -368, 362, "Enabled", 0, 0, DUNNO, DUNNO, 0, CANCEL_LOOK },
		{ ACCOUNT_MCA, -100, 27, "Enabled", 0, 0, DUNNO, DUNNO, 0, CANCEL_LOOK },
		{ ACCOUNT_MCA, -100, 0, "Enabled", 0, 0, DUNNO, DUNNO, 0, CANCEL_LOOK },
		/* modern account, as it says itself */
		{ ACCOUNT_MCA, -237, 128, "Enabled", 0, 0, YES, YES, 0, CANCEL_NOW },
		{ ACCOUNT_MCA, -237, 128, "Enabled", 0, 0, YES, YES, 3, CANCEL_NOW },
		{ ACCOUNT_MCA, -237, 128, "Enabled", 0, 0, YES, YES, -1, CANCEL_RENEWAL_OFF },
		{ ACCOUNT_MCA, -2, 363, "Enabled", 0, 0, NO, YES, 0, CANCEL_RENEWAL_OFF },
		{ ACCOUNT_MCA, -237, 128, "Enabled", 0, 0, NO, NO, 0, CANCEL_ENDS },
		{ ACCOUNT_MCA, -2, 363, "Enabled", 0, 0, YES, NO, 5, CANCEL_NOW },
		/* what the administrator says */
		{ ACCOUNT_MCA, -237, 128, "Enabled", 0, 1, DUNNO, DUNNO, 0, CANCEL_ENDS },
		{ ACCOUNT_UNKNOWN, -237, 128, "Enabled", 0, 1, DUNNO, DUNNO, 0, CANCEL_ENDS },
		/* nobody knows the account */
		{ ACCOUNT_UNKNOWN, -237, 128, "Enabled", 0, 0, DUNNO, DUNNO, 0, CANCEL_LOOK },
		{ ACCOUNT_UNKNOWN, -2, 363, "Enabled", 0, 0, DUNNO, DUNNO, 0, CANCEL_NOW },
		/* over */
		{ ACCOUNT_MCA, -400, -2, "Warning", 0, 0, DUNNO, DUNNO, 0, CANCEL_ENDS },
		{ ACCOUNT_MOSA, -237, 90, "Suspended", 1, 0, DUNNO, DUNNO, 0, CANCEL_DONE },
		{ ACCOUNT_MCA, -237, 90, "Suspended", 1, 1, YES, YES, 0, CANCEL_DONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cancel_line l = line_of("old");

		l.created_at = instant_after(NOW, DAYS(rows[i].created));
		l.renews_at = rows[i].renews ? instant_after(NOW, DAYS(rows[i].renews))
					     : INSTANT_NONE;
		l.status = str_of(rows[i].status);
		l.gone_at = rows[i].gone ? NOW : INSTANT_NONE;
		l.ends_said_at = rows[i].said ? NOW : INSTANT_NONE;
		l.cancellable = (enum billing_answer)rows[i].cancellable;
		l.renews = (enum billing_answer)rows[i].renewal;
		if (rows[i].until)
			l.cancel_until = instant_after(NOW, DAYS(rows[i].until));
		if (cancel_line_way(&l, rows[i].account, NOW) != rows[i].way)
			fail_msg("row %zu: %d", i, cancel_line_way(&l, rows[i].account, NOW));
	}
}

/* What the text must speak of, and must not, for each account, window and quantity. */
static void each_tenant_is_told_its_own_clicks(void **state)
{
	static const struct {
		enum conversion_account account;
		enum billing_answer cancellable;
		int64_t assigned;
		const char *said[6], *unsaid[6];
	} rows[] = {
		{ ACCOUNT_MOSA,
		  BILLING_UNKNOWN,
		  9,
		  { "Cancel subscription", "at any time", "choose now", "early termination fee",
		    "around 4 May 2026" },
		  { "Edit recurring billing", "Billing accounts, and choose", "more than 25" } },
		{ ACCOUNT_MOSA, BILLING_UNKNOWN, 26, { "more than 25 assigned" }, { NULL } },
		{ ACCOUNT_MOSA,
		  BILLING_UNKNOWN,
		  25,
		  { "Cancel subscription" },
		  { "more than 25" } },
		{ ACCOUNT_MCA,
		  BILLING_YES,
		  26,
		  { "seven days are not over", "Cancel subscription", "data deletion date" },
		  { "Edit recurring billing", "more than 25", "choose now",
		    "An early termination fee" } },
		{ ACCOUNT_MCA,
		  BILLING_NO,
		  9,
		  { "its seven days are over", "Edit recurring billing", "Choose Off",
		    "nothing is paid twice", "“I turned recurring billing off”" },
		  { "data deletion date", "press Cancel subscription" } },
		{ ACCOUNT_UNKNOWN,
		  BILLING_UNKNOWN,
		  30,
		  { "Billing accounts", "Microsoft Customer Agreement", "Edit recurring billing",
		    "If Cancel subscription is there", "more than 25 assigned" },
		  { "Your account is under" } },
	};
	struct arena *keep = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cancel_line l = line_of("1c9e0b77-2f61");
		struct cancel_guide guide;
		str text;

		l.cancellable = rows[i].cancellable;
		l.assigned = rows[i].assigned;
		guide = guide_of(keep, rows[i].account, &l, 1);
		text = cancel_guide_text(keep, &guide);
		for (size_t n = 0; n < COUNT(rows[i].said) && rows[i].said[n]; n++)
			if (str_find(text, str_of(rows[i].said[n])) < 0)
				fail_msg("row %zu lacks “%s” in\n%.*s", i, rows[i].said[n],
					 STR(text));
		for (size_t n = 0; n < COUNT(rows[i].unsaid) && rows[i].unsaid[n]; n++)
			if (str_find(text, str_of(rows[i].unsaid[n])) >= 0)
				fail_msg("row %zu says “%s” in\n%.*s", i, rows[i].unsaid[n],
					 STR(text));
		/* whatever it is, the right one is named, and so is who may do it */
		assert_true(str_find(text, S("1c9e0b77-2f61")) > 0);
		assert_true(str_find(text, S("12 licenses, renews on 11 June 2026")) > 0);
		assert_true(str_find(text, S("Billing")) > 0 && str_find(text, guide.role) > 0);
		assert_true(str_find(guide.ticket, S("3ceaaf30-8142")) > 0);
		assert_true(str_find(guide.ticket, S("be0d8a54")) > 0);
	}
}

static void one_of_two_with_the_same_name_is_told_by_its_id(void **state)
{
	struct arena *keep = *state;
	struct cancel_line lines[] = { line_of("first-one"), line_of("second-one"),
				       line_of("third-one") };
	struct cancel_guide guide;
	str text;

	lines[0].gone_at = NOW;
	lines[0].status = S("Suspended");
	lines[1].units = 1;
	guide = guide_of(keep, ACCOUNT_MOSA, lines, COUNT(lines));
	text = cancel_guide_text(keep, &guide);
	assert_int_equal(guide.left, 2);
	assert_true(guide.each.at[0].done);
	assert_string_equal(guide.each.at[0].look, "done");
	assert_false(guide.each.at[1].done);
	assert_true(str_find(text, S("1 license, renews")) > 0);
	assert_true(str_find(guide.parts.at[0].clicks.at[1], S("second-o")) > 0);
	assert_true(str_find(guide.parts.at[0].clicks.at[1], S("third-on")) > 0);
	assert_true(str_find(guide.parts.at[0].clicks.at[1], S("first")) < 0);
	assert_true(str_find(guide.ticket, S("first")) < 0); /* nobody asks for it again */
	assert_true(str_find(guide.headline, S("2 of 3")) == 0);
}

static void a_mixed_tenant_gets_a_part_for_each_way(void **state)
{
	struct arena *keep = *state;
	struct cancel_line lines[] = { line_of("now"), line_of("off"), line_of("ends") };
	struct cancel_guide guide;

	lines[0].cancellable = BILLING_YES;
	lines[1].cancellable = BILLING_NO;
	lines[2].ends_said_at = NOW;
	guide = guide_of(keep, ACCOUNT_MCA, lines, COUNT(lines));
	assert_int_equal(guide.parts.len, 2);
	assert_int_equal(guide.left, 2);
	assert_int_equal(guide.ending, 1);
	assert_true(guide.each.at[1].may_say_ends);
	assert_true(guide.each.at[2].says_ends);
	lines[0].gone_at = lines[1].gone_at = NOW;
	guide = guide_of(keep, ACCOUNT_MCA, lines, COUNT(lines));
	assert_int_equal(guide.parts.len, 0);
	assert_int_equal(guide.told.len, 0);
	assert_true(str_find(guide.headline, S("11 June 2026")) > 0);
	lines[2].gone_at = NOW;
	guide = guide_of(keep, ACCOUNT_MCA, lines, COUNT(lines));
	assert_true(str_find(guide.headline, S("has ended")) > 0);
}

/* What ends by itself, told with as much as is known of when. */
static void what_ends_by_itself_is_told_with_its_last_day(void **state)
{
	struct arena *keep = *state;
	struct cancel_line lines[] = { line_of("over"), line_of("soon"), line_of("late") };
	struct cancel_guide guide;

	lines[0].status = S("Warning");
	lines[0].renews_at = INSTANT_NONE;
	guide = guide_of(keep, ACCOUNT_MCA, lines, 1);
	assert_string_equal(guide.each.at[0].state, "Ends by itself");
	assert_true(str_eq(guide.each.at[0].known_by, S("12 licenses"))); /* no date is known */
	assert_true(str_find(guide.each.at[0].about, S("up to 30 days more")) > 0);
	assert_true(str_find(guide.headline, S("ends by itself. There is nothing to do.")) > 0);
	lines[1].renews = lines[2].renews = BILLING_NO;
	lines[1].cancellable = lines[2].cancellable = BILLING_NO;
	lines[2].renews_at = instant_after(lines[1].renews_at, DAYS(30));
	for (int turned = 0; turned < 2; turned++) { /* in whatever order */
		guide = guide_of(keep, ACCOUNT_MCA, lines, COUNT(lines));
		assert_int_equal(guide.ending, 3);
		assert_true(str_find(guide.headline, S("the last on 11 July 2026")) > 0);
		assert_true(str_find(cancel_guide_text(keep, &guide),
				     S("12 licenses, ends on 11 June 2026")) > 0);
		lines[0] = lines[2];
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_done_follows_from_account_window_and_what_is_known),
		cmocka_unit_test_setup_teardown(each_tenant_is_told_its_own_clicks, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(one_of_two_with_the_same_name_is_told_by_its_id,
						open_arena, close_arena),
		cmocka_unit_test_setup_teardown(a_mixed_tenant_gets_a_part_for_each_way, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(what_ends_by_itself_is_told_with_its_last_day,
						open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
