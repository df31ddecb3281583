/* A subscription that a partner sold, from its first change to its end: seats up and down, the
 * seven days, what a change left out resets, the next term, and the delays that can be had. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "license_pool_sql.h"
#include "sandbox/partner_setting.h"
#include "sandbox/partner_subscription.h"
#include "sandbox/partner_testing.h"

static str path_of(struct sandbox_testing *t, str subscription)
{
	return str_format(t->arena, "%.*s/%.*s", STR(partner_testing_path(t, "/subscriptions")),
			  STR(subscription));
}

static struct sandbox_testing_answer read_one(struct sandbox_testing *t, str subscription)
{
	return partner_testing_ask(t, GET, path_of(t, subscription), NULL);
}

/* With the given etag, or the one that is true now. */
static struct sandbox_testing_answer patch(struct sandbox_testing *t, str subscription,
					   const char *etag, const char *body)
{
	struct sandbox_testing_answer got = read_one(t, subscription);
	str fresh = str_copy(t->arena, sandbox_testing_text(&got, "attributes/etag"));

	sandbox_testing_header(t, "If-Match", etag ? str_of(etag) : fresh);
	return partner_testing_ask(t, PATCH, path_of(t, subscription), body);
}

static int64_t units(struct sandbox_testing *t)
{
	return partner_testing_units(t, TESTING_STANDARD);
}

static bool is(const struct sandbox_testing_answer *got, const char *path, const char *text)
{
	return str_eq(sandbox_testing_text(got, path), str_of(text));
}

static str bought(struct sandbox_testing *t, int64_t quantity)
{
	sandbox_testing_accept(t, t->bakery);
	str subscription = sandbox_testing_buy(t, t->bakery, quantity);
	sandbox_testing_wait(t, SECONDS(6));
	return subscription;
}

static fault *put(struct tx *tx, void *with)
{
	const char *const *words = with;

	return partner_setting_put(tx, str_of(words[0]), str_of(words[1]));
}

static void set(struct sandbox_testing *t, const char *name, const char *value)
{
	const char *words[] = { name, value };

	sandbox_testing_do(t, put, words);
}

static void changes_follow_the_rules_of_the_contract(void **state)
{
	static const struct {
		const char *etag, *body;
		int status;
		int64_t code;
		int64_t units; /* afterwards, direct one included */
	} rows[] = {
		{ NULL, "{\"status\":\"deleted\"}", 409, 900278, 1 }, /* still pending */
		{ "stale", "{\"quantity\":5}", 412, 2055, 3 },
		{ NULL, "{\"quantity\":5}", 200, 0, 6 },
		{ NULL, "{\"Quantity\":301}", 400, 2002, 6 },
		{ NULL, "{\"quantity\":0}", 400, 2002, 6 },
		{ NULL, "{\"quantity\":3}", 200, 0, 4 },
		{ NULL, "{\"status\":\"suspended\"}", 200, 0, 1 },
		{ NULL, "{\"status\":\"active\"}", 200, 0, 4 },
		{ NULL, "{\"status\":\"none\"}", 400, 2011, 4 },
		{ NULL, "{\"billingCycle\":\"annual\"}", 400, 2054, 4 },
		{ NULL, "{\"billingCycle\":\"Monthly\",\"quantity\":3}", 200, 0, 4 },
		{ NULL, "[]", 400, 2000, 4 },
	};
	struct sandbox_testing *t = *state;

	sandbox_testing_accept(t, t->bakery);
	str subscription = sandbox_testing_buy(t, t->bakery, 2);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = patch(t, subscription, rows[i].etag,
							  rows[i].body);
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].code)
			assert_int_equal(sandbox_testing_number(&got, "code"), rows[i].code);
		if (i == 0)
			sandbox_testing_wait(t, SECONDS(6));
		else
			assert_int_equal(units(t), rows[i].units);
	}
}

static void each_batch_of_seats_can_be_given_back_for_seven_days_of_its_own(void **state)
{
	static const struct {
		int64_t hours; /* that pass before */
		int quantity;
		int status;
		int64_t code, refundable; /* afterwards */
	} rows[] = {
		{ 0, 4, 200, 0, 4 },	/* as bought */
		{ 48, 10, 200, 0, 10 }, /* six more on the third day */
		{ 0, 9, 200, 0, 9 },	/* one of these six */
		{ 119, 8, 200, 0, 8 },	/* the first batch has an hour left, the second two days */
		{ 2, 3, 400, 800090, 4 }, /* the first four are bound: 8 - 4 is the least */
		{ 0, 4, 200, 0, 0 },	    { 1, 3, 400, 800090, 0 },
		{ 0, 5, 200, 0, 1 }, /* more is possible at any time */
		{ 167, 4, 200, 0, 0 },	    { 0, 5, 200, 0, 1 },
		{ 169, 4, 400, 800090, 0 },
	};
	struct sandbox_testing *t = *state;
	str subscription = bought(t, 4);

	for (size_t i = 0; i < COUNT(rows); i++) {
		sandbox_testing_wait(t, HOURS(rows[i].hours));
		str body = str_format(t->arena, "{\"quantity\":%d}", rows[i].quantity);
		struct sandbox_testing_answer got = patch(t, subscription, NULL,
							  str_cstr(t->arena, body));
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].code)
			assert_int_equal(sandbox_testing_number(&got, "code"), rows[i].code);
		got = read_one(t, subscription);
		assert_int_equal(sandbox_testing_number(&got, "refundableQuantity/totalQuantity"),
				 rows[i].refundable);
	}
}

static void cancelling_ends_to_the_hour_after_seven_days(void **state)
{
	static const struct {
		int64_t hours;
		int status;
		int64_t code, units;
	} rows[] = {
		{ 7 * 24 - 1, 200, 0, 1 },
		{ 7 * 24 + 1, 400, 900117, 3 },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		str subscription = bought(t, 2);
		struct sandbox_testing_answer got = read_one(t, subscription);
		assert_true(is(&got, "actions/1", "cancel"));
		assert_int_equal(units(t), 3);
		sandbox_testing_wait(t, HOURS(rows[i].hours));
		got = patch(t, subscription, NULL, "{\"status\":\"deleted\"}");
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].code)
			assert_int_equal(sandbox_testing_number(&got, "code"), rows[i].code);
		else
			assert_true(is(&got, "status", "deleted"));
		assert_int_equal(units(t), rows[i].units);
		if (rows[i].status != 200)
			continue;
		got = patch(t, subscription, NULL, "{\"status\":\"active\"}");
		assert_int_equal(sandbox_testing_number(&got, "code"), 900279);
	}
}

static void instructions_have_a_length(void **state)
{
	static const struct {
		size_t len;
		int status;
	} rows[] = { { 1000, 200 }, { 5000, 400 } };
	struct sandbox_testing *t = *state;
	str subscription = bought(t, 2);

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct text body = text_open(t->arena);
		text_add(&body,
			 S("{\"scheduledNextTermInstructions\":{\"quantity\":2,\"note\":\""));
		for (size_t k = 0; k < rows[i].len; k++)
			text_add_char(&body, 'x');
		text_add(&body, S("\"}}"));
		assert_int_equal(
			patch(t, subscription, NULL, str_cstr(t->arena, text_str(&body))).status,
			rows[i].status);
	}
}

static void what_a_change_leaves_out_falls_back(void **state)
{
	struct sandbox_testing *t = *state;
	str subscription = bought(t, 2);
	const char *next = "{\"autoRenewEnabled\":true,\"scheduledNextTermInstructions\":"
			   "{\"quantity\":7}}";
	struct sandbox_testing_answer got = patch(
		t, subscription, NULL, "{\"autoRenewEnabled\":false,\"friendlyName\":\"ours\"}");

	assert_true(json_is_false(json_object_get(got.json, "autoRenewEnabled")));
	got = patch(t, subscription, NULL,
		    "{\"autoRenewEnabled\":false,"
		    "\"scheduledNextTermInstructions\":{\"quantity\":7}}");
	assert_int_equal(sandbox_testing_number(&got, "code"), 2000);
	got = patch(t, subscription, NULL,
		    "{\"scheduledNextTermInstructions\":{\"product\":{\"productId\":\"NOPE\","
		    "\"skuId\":\"0001\"}}}");
	assert_int_equal(sandbox_testing_number(&got, "code"), 2000);
	got = patch(t, subscription, NULL,
		    "{\"scheduledNextTermInstructions\":{\"quantity\":301}}");
	assert_int_equal(sandbox_testing_number(&got, "code"), 2000);
	got = patch(t, subscription, NULL, "{\"status\":\"active\"}");
	assert_true(json_is_true(json_object_get(got.json, "autoRenewEnabled")));
	assert_true(is(&got, "friendlyName", "ours"));
	got = patch(t, subscription, NULL, next);
	assert_int_equal(sandbox_testing_number(&got, "scheduledNextTermInstructions/quantity"), 7);
	/* Written back whole it stays; a change in mid-term takes it away. */
	got = patch(t, subscription, NULL, partner_testing_text(t, got.json));
	assert_int_equal(sandbox_testing_number(&got, "scheduledNextTermInstructions/quantity"), 7);
	json_object_set_new(got.json, "quantity", json_integer(3));
	got = patch(t, subscription, NULL, partner_testing_text(t, got.json));
	assert_int_equal(sandbox_testing_number(&got, "quantity"), 3);
	assert_null(json_object_get(got.json, "scheduledNextTermInstructions"));
}

static void a_term_is_followed_by_a_new_one_or_by_the_three_stages_of_its_end(void **state)
{
	static const struct {
		const char *renews;
		int64_t days; /* that pass before */
		const char *status;
		int64_t refundable, units; /* direct one included */
	} rows[] = {
		/* The term ends after 365 days, the new one starts at the next midnight. */
		{ "true", 364, "active", 0, 3 },   { "true", 2, "active", 2, 3 },
		{ "true", 8, "active", 0, 3 },	   { "false", 366, "expired", 0, 3 },
		{ "false", 30, "disabled", 0, 1 }, { "false", 90, "deleted", 0, 1 },
	};
	struct sandbox_testing *t = *state;
	str subscription = STR_NONE;

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (i == 0 || !str_eq(str_of(rows[i].renews), str_of(rows[i - 1].renews))) {
			subscription = bought(t, 2);
			str body = str_format(t->arena, "{\"autoRenewEnabled\":%s}",
					      rows[i].renews);
			(void)patch(t, subscription, NULL, str_cstr(t->arena, body));
		}
		sandbox_testing_wait(t, DAYS(rows[i].days));
		struct sandbox_testing_answer got = read_one(t, subscription);
		assert_true(is(&got, "status", rows[i].status));
		assert_int_equal(sandbox_testing_number(&got, "refundableQuantity/totalQuantity"),
				 rows[i].refundable);
		if (str_eq(str_of(rows[i].renews), S("true")))
			assert_int_equal(units(t), rows[i].units);
		else /* the renewed one of before is there, too */
			assert_int_equal(units(t), rows[i].units + 2);
	}
}

static void a_next_term_begins_as_it_was_instructed(void **state)
{
	struct sandbox_testing *t = *state;
	str subscription = bought(t, 2);
	struct sandbox_testing_answer got = patch(
		t, subscription, NULL,
		"{\"autoRenewEnabled\":true,\"scheduledNextTermInstructions\":{\"quantity\":5,"
		"\"product\":"
		"{\"productId\":\"CFQ7TTC0LF8Q\",\"skuId\":\"0001\",\"billingCycle\":\"Monthly\","
		"\"termDuration\":\"P1M\"}}}");

	assert_int_equal(got.status, 200);
	sandbox_testing_wait(t, DAYS(367));
	got = read_one(t, subscription);
	assert_int_equal(sandbox_testing_number(&got, "quantity"), 5);
	assert_true(is(&got, "termDuration", "P1M"));
	assert_true(is(&got, "billingCycle", "monthly"));
	assert_true(str_starts(sandbox_testing_text(&got, "offerId"), S("CFQ7TTC0LF8Q:0001:")));
	assert_null(json_object_get(got.json, "scheduledNextTermInstructions"));
	assert_int_equal(partner_testing_units(t, TESTING_PREMIUM), 5);
	assert_int_equal(units(t), 1);
}

static void billing_cycles_end_month_by_month_and_with_the_term(void **state)
{
	static const struct {
		int64_t days; /* since it was bought */
		const char *ends;
	} rows[] = {
		{ 0, "2026-12-22" },
		{ 31, "2027-01-22" },
		{ 360, "2027-11-22" },
	};
	struct sandbox_testing *t = *state;
	str subscription = bought(t, 1);
	int64_t passed = 0;

	for (size_t i = 0; i < COUNT(rows); i++) {
		sandbox_testing_wait(t, DAYS(rows[i].days - passed));
		passed = rows[i].days;
		struct sandbox_testing_answer got = read_one(t, subscription);
		assert_true(str_starts(sandbox_testing_text(&got, "billingCycleEndDate"),
				       str_of(rows[i].ends)));
		assert_true(str_starts(sandbox_testing_text(&got, "commitmentEndDate"),
				       S("2027-11-22")));
	}
}

static void a_change_that_takes_its_time_is_accepted_and_keeps_others_out(void **state)
{
	struct sandbox_testing *t = *state;
	str subscription = bought(t, 2);
	str status = str_format(t->arena, "%.*s/provisioningstatus", STR(path_of(t, subscription)));

	set(t, "changes-take", "10m");
	struct sandbox_testing_answer got = patch(t, subscription, NULL, "{\"quantity\":6}");
	assert_int_equal(got.status, 202);
	assert_int_equal(sandbox_testing_number(&got, "quantity"), 2);
	str where = STR_NONE;
	for (size_t i = 0; i < got.exchange.answer_header_count; i++)
		if (str_eq(str_of(got.exchange.answer_headers[i].key), S("Location")))
			where = got.exchange.answer_headers[i].value;
	assert_true(str_eq(where, path_of(t, subscription)));
	got = partner_testing_ask_user(t, GET, status, NULL);
	assert_true(is(&got, "status", "pending"));
	got = patch(t, subscription, NULL, "{\"quantity\":7}");
	assert_int_equal(got.status, 409);
	assert_int_equal(sandbox_testing_number(&got, "code"), 900278);
	sandbox_testing_wait(t, MINUTES(11));
	got = read_one(t, subscription);
	assert_int_equal(sandbox_testing_number(&got, "quantity"), 6);
	got = partner_testing_ask_user(t, GET, status, NULL);
	assert_true(is(&got, "status", "success"));
	assert_int_equal(units(t), 7);
}

static void provisioning_and_lists_can_lag_behind(void **state)
{
	struct sandbox_testing *t = *state;

	str subscription = bought(t, 2);
	set(t, "provisioning-refresh", "15m");
	set(t, "lists-late", "15m");
	str status = str_format(t->arena, "%.*s/provisioningstatus", STR(path_of(t, subscription)));
	for (int later = 0; later < 2; later++) {
		struct sandbox_testing_answer got = partner_testing_ask_user(t, GET, status, NULL);
		assert_true(is(&got, "status", later ? "success" : "pending"));
		got = partner_testing_ask(t, GET, partner_testing_path(t, "/orders"), NULL);
		assert_int_equal(sandbox_testing_number(&got, "totalCount"), later);
		got = partner_testing_ask(t, GET, partner_testing_path(t, "/subscriptions"), NULL);
		assert_int_equal(sandbox_testing_number(&got, "totalCount"), later);
		got = read_one(t, subscription); /* by its own address at once */
		assert_true(is(&got, "status", "active"));
		sandbox_testing_wait(t, MINUTES(15));
	}
}

static fault *refused_settings(struct tx *tx, void *with)
{
	static const char *const rows[][2] = {
		{ "lists-late", "soon" },    { "lists-late", "8d" }, { "require-mfa", "1" },
		{ "no-such-setting", "on" }, { "lists-late", "on" }, { "require-mfa", "" },
	};

	(void)with;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const fault *f = partner_setting_put(tx, str_of(rows[i][0]), str_of(rows[i][1]));
		assert_non_null(f);
		assert_int_equal(f->kind, FAULT_INPUT);
	}
	return NULL;
}

static void settings_that_cannot_be_meant_are_refused(void **state)
{
	sandbox_testing_do(*state, refused_settings, NULL);
}

static fault *history(struct tx *tx, void *with)
{
	struct sandbox_testing *t = with;
	struct license_pool_history_list rows;

	TRY(license_pool_history(tx, t->bakery, &rows));
	assert_int_equal(rows.len, 3); /* loaded, bought, cancelled */
	assert_int_equal(rows.at[1].enabled, 2);
	assert_int_equal(rows.at[1].spare, 1);
	assert_int_equal(rows.at[2].spare, 0);
	return NULL;
}

static void the_journal_tells_what_every_pool_was_after_every_change(void **state)
{
	struct sandbox_testing *t = *state;

	str subscription = bought(t, 1);
	assert_int_equal(patch(t, subscription, NULL, "{\"status\":\"deleted\"}").status, 200);
	sandbox_testing_do(t, history, t);
}

static void terms_end_on_a_day_that_exists(void **state)
{
	static const struct {
		const char *start, *term, *end;
	} rows[] = {
		{ "2026-11-22T10:00:00Z", "P1Y", "2027-11-22T10:00:00Z" },
		{ "2027-01-31T00:00:00Z", "P1M", "2027-02-28T00:00:00Z" },
		{ "2028-02-29T05:00:00Z", "P1Y", "2029-02-28T05:00:00Z" },
		{ "2026-12-31T00:00:00Z", "P1M", "2027-01-31T00:00:00Z" },
		{ "2026-11-22T00:00:00Z", "P3Y", "2029-11-22T00:00:00Z" },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		instant start;
		assert_true(instant_from_rfc3339(str_of(rows[i].start), &start));
		instant ends = partner_subscription_term_end(start, str_of(rows[i].term));
		assert_true(str_eq(instant_rfc3339(t->arena, ends), str_of(rows[i].end)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(changes_follow_the_rules_of_the_contract),
		WITH(each_batch_of_seats_can_be_given_back_for_seven_days_of_its_own),
		WITH(cancelling_ends_to_the_hour_after_seven_days),
		WITH(instructions_have_a_length),
		WITH(what_a_change_leaves_out_falls_back),
		WITH(a_term_is_followed_by_a_new_one_or_by_the_three_stages_of_its_end),
		WITH(a_next_term_begins_as_it_was_instructed),
		WITH(billing_cycles_end_month_by_month_and_with_the_term),
		WITH(a_change_that_takes_its_time_is_accepted_and_keeps_others_out),
		WITH(provisioning_and_lists_can_lag_behind),
		WITH(settings_that_cannot_be_meant_are_refused),
		WITH(the_journal_tells_what_every_pool_was_after_every_change),
		WITH(terms_end_on_a_day_that_exists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
