#include "convert/conversion.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "conversion_sql.h"
#include "convert/conversion_list.h"
#include "store/store_testing.h"

#define PASSWORD S("a long enough passphrase")

/* Two partners and an operator, and what they ask as. */
struct cast {
	struct asker ada, bob, operator_;
};

static void let(struct store_testing *with, store_body *body, void *what)
{
	assert_null(store_run(with->store, STORE_WRITE, with->arena, "test", body, what));
}

static fault *cast_open(struct tx *tx, void *what)
{
	struct cast *cast = what;
	struct account ada, bob, op;

	TRY(account_open(tx, S("ada@example.test"), S("Ada"), ROLE_PARTNER, PASSWORD, &ada));
	TRY(account_open(tx, S("bob@example.test"), S("Bob"), ROLE_PARTNER, PASSWORD, &bob));
	TRY(account_open(tx, S("op@example.test"), S("Olga"), ROLE_OPERATOR, PASSWORD, &op));
	cast->ada = (struct asker){ ada.id, ROLE_PARTNER, S("test") };
	cast->bob = (struct asker){ bob.id, ROLE_PARTNER, S("test") };
	cast->operator_ = (struct asker){ op.id, ROLE_OPERATOR, S("test") };
	return NULL;
}

static void what_is_no_domain_or_address_is_refused(struct store_testing *with)
{
	static const struct {
		const char *domain, *administrator;
		bool ok;
	} rows[] = {
		{ "harborbakery.onmicrosoft.com", "", true },
		{ "  Bakery.Example ", "admin@bakery.example", true },
		{ "", "", false },
		{ "localhost", "", false },
		{ "-bad.example", "", false },
		{ "bad-.example", "", false },
		{ "two..dots.example", "", false },
		{ "under_score.example", "", false },
		{ "https://bakery.example/", "", false },
		{ "bakery.example\n", "not an address", false },
		{ "cafe.example", "@cafe.example", false },
		{ "cafe.example", "a@b", false },
		{ "seventy-nine-bytes-and-then-a-character-of-two-is-what-this-one-is-made-of-"
		  "here\u00fc",
		  "", false },
	};
	struct cast cast;

	let(with, cast_open, &cast);
	for (size_t i = 0; i < COUNT(rows); i++) {
		DEFER(tx_end) struct tx *tx = NULL;
		struct conversion made;
		fault *f;

		assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
		f = conversion_start(tx, &cast.ada, str_of(rows[i].domain),
				     str_of(rows[i].administrator), &made);
		assert_int_equal(f == NULL, rows[i].ok);
		assert_true(f == NULL || f->kind == FAULT_INPUT);
		assert_true(f == NULL || str_is_utf8(str_of(f->said)));
	}
}

static fault *one_conversion_of_a_domain(struct tx *tx, void *what)
{
	struct cast *cast = what;
	struct conversion first, second;
	fault *f;

	TRY(conversion_start(tx, &cast->ada, S("bakery.example"), STR_NONE, &first));
	f = conversion_start(tx, &cast->bob, S("BAKERY.example"), STR_NONE, &second);
	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_CONFLICT);
	TRY(conversion_set_ended(tx, first.id, S("undone"), tx_now(tx), STR_NONE));
	return conversion_start(tx, &cast->bob, S("bakery.example"), STR_NONE, &second);
}

static void only_one_conversion_of_a_domain_lives(struct store_testing *with)
{
	struct cast cast;

	let(with, cast_open, &cast);
	let(with, one_conversion_of_a_domain, &cast);
}

static fault *others_see_nothing(struct tx *tx, void *what)
{
	struct cast *cast = what;
	struct conversion c, got;
	const struct conversion_filter all = { .waits = STR_NONE };
	struct conversion_lines list;
	bool found;
	fault *(*const acts[])(struct tx *, const struct asker *, id) = { conversion_stop,
									  conversion_resume };

	TRY(conversion_start(tx, &cast->ada, S("bakery.example"), STR_NONE, &c));
	assert_int_equal(conversion_get(tx, &cast->bob, c.id, &got)->kind, FAULT_MISSING);
	assert_int_equal(conversion_get(tx, &cast->ada, (id){ .n = 1 }, &got)->kind, FAULT_MISSING);
	assert_int_equal(conversion_approve(tx, &cast->bob, c.id, S("x"))->kind, FAULT_MISSING);
	for (size_t i = 0; i < COUNT(acts); i++)
		assert_int_equal(acts[i](tx, &cast->bob, c.id)->kind, FAULT_MISSING);
	TRY(conversion_of_domain(tx, &cast->bob, S("bakery.example"), &got, &found));
	assert_false(found);
	TRY(conversion_list_page(tx, &cast->bob, &all, &list));
	assert_int_equal(list.len, 0);
	TRY(conversion_get(tx, &cast->operator_, c.id, &got));
	TRY(conversion_list_page(tx, &cast->operator_, &all, &list));
	assert_int_equal(list.len, 1);
	return NULL;
}

static void another_partners_conversion_is_as_if_it_were_not_there(struct store_testing *with)
{
	struct cast cast;

	let(with, cast_open, &cast);
	let(with, others_see_nothing, &cast);
}

#define HASH  S("3f9a2b1c3f9a2b1c3f9a2b1c3f9a2b1c3f9a2b1c3f9a2b1c3f9a2b1c3f9a2b1c")
#define OTHER S("aaaaaaaa3f9a2b1c3f9a2b1c3f9a2b1c3f9a2b1c3f9a2b1c3f9a2b1c3f9a2b1c")

static fault *wait_for_approval(struct tx *tx, id conversion, str hash)
{
	int64_t changed;

	TRY(conversion_set_step(tx, conversion, S("plan")));
	TRY(conversion_set_plan(tx, conversion, hash, S("text")));
	return conversion_set_waiting(
		tx,
		&(struct conversion_set_waiting_in){ .id = conversion,
						     .waits_for = S("partner"),
						     .at = tx_now(tx),
						     .why = S("plan"),
						     .next_thing = S("read") },
		&changed);
}

static fault *approvals(struct tx *tx, void *what)
{
	struct cast *cast = what;
	struct conversion c, got;

	TRY(conversion_start(tx, &cast->ada, S("bakery.example"), STR_NONE, &c));
	assert_int_equal(conversion_approve(tx, &cast->ada, c.id, HASH)->kind, FAULT_CONFLICT);
	TRY(wait_for_approval(tx, c.id, HASH));
	assert_int_equal(conversion_approve(tx, &cast->ada, c.id, OTHER)->kind, FAULT_CONFLICT);
	assert_int_equal(conversion_approve(tx, &cast->ada, c.id, S(""))->kind, FAULT_CONFLICT);
	TRY(conversion_get(tx, &cast->ada, c.id, &got));
	assert_true(str_is_none(got.approved_hash));
	TRY(conversion_approve(tx, &cast->ada, c.id, HASH));
	TRY(conversion_get(tx, &cast->ada, c.id, &got));
	assert_true(str_eq(got.approved_hash, HASH));
	assert_true(str_is_guid(got.order_request));
	c = got;
	TRY(conversion_approve(tx, &cast->ada, c.id, HASH));
	TRY(conversion_get(tx, &cast->ada, c.id, &got));
	assert_int_equal(got.version, c.version);
	assert_int_equal(conversion_approve(tx, &cast->ada, c.id, OTHER)->kind, FAULT_CONFLICT);
	return NULL;
}

static void only_the_plan_that_was_shown_can_be_approved_and_once(struct store_testing *with)
{
	struct cast cast;

	let(with, cast_open, &cast);
	let(with, approvals, &cast);
}

static fault *stops(struct tx *tx, void *what)
{
	struct cast *cast = what;
	struct conversion c;

	TRY(conversion_start(tx, &cast->ada, S("bakery.example"), STR_NONE, &c));
	TRY(conversion_set_step(tx, c.id, S("see-only-new")));
	assert_int_equal(conversion_stop(tx, &cast->ada, c.id)->kind, FAULT_CONFLICT);
	TRY(conversion_set_step(tx, c.id, S("cancel-old")));
	TRY(conversion_stop(tx, &cast->ada, c.id));
	TRY(conversion_stop(tx, &cast->ada, c.id));
	TRY(conversion_get(tx, &cast->ada, c.id, &c));
	assert_int_equal(c.state, CONVERSION_STOPPING);
	TRY(conversion_set_step(tx, c.id, S("cancel-old")));
	TRY(conversion_get(tx, &cast->ada, c.id, &c));
	assert_int_equal(c.state, CONVERSION_STOPPING); /* a step that ends late does not lose it */
	TRY(conversion_set_ended(tx, c.id, S("undone"), tx_now(tx), STR_NONE));
	assert_int_equal(conversion_stop(tx, &cast->ada, c.id)->kind, FAULT_CONFLICT);
	assert_int_equal(conversion_resume(tx, &cast->ada, c.id)->kind, FAULT_CONFLICT);
	return NULL;
}

static void stopping_is_possible_until_the_old_subscription_is_gone(struct store_testing *with)
{
	struct cast cast;

	let(with, cast_open, &cast);
	let(with, stops, &cast);
}

static fault *wait_again(struct tx *tx, id c, str whom, str why, instant at, int64_t *changed)
{
	return conversion_set_waiting(
		tx,
		&(struct conversion_set_waiting_in){ .id = c,
						     .waits_for = whom,
						     .at = at,
						     .why = why,
						     .next_thing = S("Nothing to do.") },
		changed);
}

static fault *waits(struct tx *tx, void *what)
{
	struct cast *cast = what;
	struct conversion c, later;
	instant start = tx_now(tx);
	int64_t changed;

	TRY(conversion_start(tx, &cast->ada, S("bakery.example"), STR_NONE, &c));
	TRY(wait_again(tx, c.id, S("partner"), S("approval"), start, &changed));
	assert_int_equal(changed, 1);
	TRY(conversion_get(tx, &cast->ada, c.id, &c));
	TRY(wait_again(tx, c.id, S("partner"), S("approval"), instant_after(start, HOURS(1)),
		       &changed));
	assert_int_equal(changed, 0);
	TRY(conversion_get(tx, &cast->ada, c.id, &later));
	assert_int_equal(later.version, c.version);
	assert_int_equal(later.waits_since.micros, start.micros);
	TRY(wait_again(tx, c.id, S("partner"), S("another reason"), instant_after(start, HOURS(1)),
		       &changed));
	TRY(conversion_get(tx, &cast->ada, c.id, &later));
	assert_int_equal(later.waits_since.micros, instant_after(start, HOURS(1)).micros);
	/* Microsoft is waited for since it was first: what it makes of it changes on the way. */
	TRY(wait_again(tx, c.id, S("microsoft"), S("provisioning"), instant_after(start, HOURS(2)),
		       &changed));
	TRY(wait_again(tx, c.id, S("microsoft"), S("counters"), instant_after(start, HOURS(3)),
		       &changed));
	TRY(conversion_get(tx, &cast->ada, c.id, &later));
	assert_int_equal(later.waits_since.micros, instant_after(start, HOURS(2)).micros);
	return NULL;
}

static void a_wait_keeps_its_since_until_its_reason_changes(struct store_testing *with)
{
	struct cast cast;

	let(with, cast_open, &cast);
	let(with, waits, &cast);
}

#define EACH(body)                        \
	static void body##_each(void **s) \
	{                                 \
		(void)s;                  \
		store_testing_each(body); \
	}
EACH(what_is_no_domain_or_address_is_refused)
EACH(only_one_conversion_of_a_domain_lives)
EACH(another_partners_conversion_is_as_if_it_were_not_there)
EACH(only_the_plan_that_was_shown_can_be_approved_and_once)
EACH(stopping_is_possible_until_the_old_subscription_is_gone)
EACH(a_wait_keeps_its_since_until_its_reason_changes)

static void everybody_who_is_waited_for_has_a_name(void **state)
{
	static const char *const names[] = {
		[WAITS_NOBODY] = "nobody",
		[WAITS_ADMINISTRATOR] = "the tenant's administrator",
		[WAITS_PARTNER] = "the partner",
		[WAITS_MICROSOFT] = "Microsoft",
		[WAITS_OPERATOR] = "an operator",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		assert_true(
			str_eq(conversion_waits_word((enum conversion_waits)i), str_of(names[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_who_is_waited_for_has_a_name),
		cmocka_unit_test(what_is_no_domain_or_address_is_refused_each),
		cmocka_unit_test(only_one_conversion_of_a_domain_lives_each),
		cmocka_unit_test(another_partners_conversion_is_as_if_it_were_not_there_each),
		cmocka_unit_test(only_the_plan_that_was_shown_can_be_approved_and_once_each),
		cmocka_unit_test(stopping_is_possible_until_the_old_subscription_is_gone_each),
		cmocka_unit_test(a_wait_keeps_its_since_until_its_reason_changes_each),
	};

	return cmocka_run_group_tests_name("conversion", tests, NULL, NULL);
}
