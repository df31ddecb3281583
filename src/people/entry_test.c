#include "people/stage.h"

#include "people/entry.h"

static int64_t wait_for(struct tx *tx, const char *email, const char *address)
{
	struct entry entry;

	assert_null(entry_look(tx, str_of(email), str_of(address), &entry));
	return entry.wait;
}

static void fail_as(struct tx *tx, const char *email, const char *address, int times)
{
	struct entry entry;

	for (int i = 0; i < times; i++) {
		assert_null(entry_look(tx, str_of(email), str_of(address), &entry));
		entry.right = false;
		assert_null(entry_settle(tx, &entry));
	}
}

static void slow_down(struct store_testing *with)
{
	static const struct {
		int failed;
		int64_t wait;
	} rows[] = {
		{ 0, 0 },
		{ 4, 0 },
		{ 5, SECONDS(5) },
		{ 6, SECONDS(10) },
		{ 10, SECONDS(160) },
		{ 12, SECONDS(640) },
		{ 13, MINUTES(15) },
		{ 29, MINUTES(15) },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		DEFER(tx_end) struct tx *tx = stage_tx(with);
		fail_as(tx, "ada@example.test", "192.0.2.1", rows[i].failed);
		assert_int_equal(wait_for(tx, "ADA@example.test", "192.0.2.1"), rows[i].wait);
		assert_int_equal(wait_for(tx, "ADA@example.test", "198.51.100.7"), 0);
		assert_int_equal(wait_for(tx, "eve@example.test", "192.0.2.1"), 0);
	}
}

static void slow_many_callers_down(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);

	for (int i = 0; i < 100; i++) {
		assert_int_equal(wait_for(tx, "ada@example.test", "198.51.100.7"), 0);
		fail_as(tx, "ada@example.test", str_format(with->arena, "192.0.2.%d", i / 4).at, 1);
	}
	assert_int_equal(wait_for(tx, "ada@example.test", "198.51.100.7"), SECONDS(5));
}

static void slow_a_caller_down(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);

	for (int i = 0; i < 30; i++)
		fail_as(tx, str_format(with->arena, "a%d@example.test", i).at, "2001:db8::1", 1);
	assert_int_equal(wait_for(tx, "new@example.test", "2001:db8::1"), SECONDS(5));
	/* the same /64; another network is not touched */
	assert_int_equal(wait_for(tx, "new@example.test", "2001:db8::ffff:2"), SECONDS(5));
	assert_int_equal(wait_for(tx, "new@example.test", "2001:db8:0:1::1"), 0);
}

static void rest_and_begin_again(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);

	fail_as(tx, "ada@example.test", "192.0.2.1", 10);
	assert_null(tx_commit(tx));
	stage_pass(with, SECONDS(100));
	tx_end(&tx);
	tx = stage_tx(with);
	assert_int_equal(wait_for(tx, "ada@example.test", "192.0.2.1"), SECONDS(60));
	assert_null(tx_commit(tx));
	stage_pass(with, DAYS(1));
	tx_end(&tx);
	tx = stage_tx(with);
	assert_int_equal(wait_for(tx, "ada@example.test", "192.0.2.1"), 0);
	fail_as(tx, "ada@example.test", "192.0.2.1", 1); /* counts as the first */
	assert_int_equal(wait_for(tx, "ada@example.test", "192.0.2.1"), 0);
	assert_null(entry_forget_rested(tx));
}

static void clear_by_success(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct entry entry;

	fail_as(tx, "ada@example.test", "192.0.2.1", 4);
	assert_null(entry_look(tx, S("ada@example.test"), S("192.0.2.1"), &entry));
	entry.right = true;
	assert_null(entry_settle(tx, &entry));
	fail_as(tx, "ada@example.test", "192.0.2.1", 4);
	assert_int_equal(wait_for(tx, "ada@example.test", "192.0.2.1"), 0);
}

/* Known and unknown differ in nothing that the person at the door can see. */
static void not_tell_who_is_known(struct store_testing *with)
{
	static const char *const emails[] = { "ada@example.test", "nobody@example.test",
					      "closed@example.test", "not an address" };
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct account closed;
	struct entry entry;

	(void)stage_account(tx, S("ada@example.test"));
	closed = stage_account(tx, S("closed@example.test"));
	assert_null(account_close(tx, closed.id));
	for (size_t i = 0; i < COUNT(emails); i++) {
		assert_null(entry_look(tx, str_of(emails[i]), S("192.0.2.1"), &entry));
		assert_int_equal(entry.wait, 0);
		assert_null(entry_hash(&entry, S("whatever they typed")));
		assert_false(entry.right);
		fail_as(tx, emails[i], "192.0.2.1", 5);
		assert_int_equal(wait_for(tx, emails[i], "192.0.2.1"), SECONDS(5));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "tries are slowed down where they are made, and the owner is not kept out",
		  stage_each, NULL, NULL, slow_down },
		{ "tries from many callers are slowed down by account", stage_each, NULL, NULL,
		  slow_many_callers_down },
		{ "tries are slowed down by caller", stage_each, NULL, NULL, slow_a_caller_down },
		{ "a count that rested begins again", stage_each, NULL, NULL,
		  rest_and_begin_again },
		{ "signing in clears the count", stage_each, NULL, NULL, clear_by_success },
		{ "nobody learns which addresses are known", stage_each, NULL, NULL,
		  not_tell_who_is_known },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
