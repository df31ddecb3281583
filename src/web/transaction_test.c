#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/world.h"
#include "store/statement.h"
#include "store/store_testing.h"
#include "web/web.h"

/* The request's transaction: kept only with the answer, run again when the database asks. */

static const enum value_kind number[] = { VALUE_INT64 };
static const struct statement make = { .name = "make",
				       .sqlite = "CREATE TABLE web_trial (n INTEGER)",
				       .postgres = "CREATE TABLE web_trial (n bigint)",
				       .writes = true };
static const struct statement add = { .name = "add",
				      .sqlite = "INSERT INTO web_trial (n) VALUES (1)",
				      .postgres = "INSERT INTO web_trial (n) VALUES (1)",
				      .writes = true };
static const struct statement count = { .name = "count",
					.sqlite = "SELECT count(*) FROM web_trial",
					.postgres = "SELECT count(*) FROM web_trial",
					.outs = number,
					.out_count = 1 };

static int busy_times;

static fault *keep_one(struct request *rq, struct reply *to)
{
	TRY(statement_run(request_tx(rq), &add, NULL, NULL));
	return reply_text(to, 200, "text/plain", S("kept"));
}

static fault *fail_after(struct request *rq, struct reply *to)
{
	TRY(keep_one(rq, to));
	return fault_new(FAULT_CONFLICT, "No.");
}

static fault *be_busy_first(struct request *rq, struct reply *to)
{
	TRY(keep_one(rq, to));
	reply_cookie(to, "try", S("x"), 5);
	if (busy_times-- > 0)
		return fault_new(FAULT_BUSY, "The database is busy.");
	reply_header(to, "X-Last", S("yes"));
	return NULL;
}

static fault *write_in_a_get(struct request *rq, struct reply *to)
{
	return keep_one(rq, to);
}

static fault *write_in_a_get_after_all(struct request *rq, struct reply *to)
{
	reply_cookie(to, "try", S("x"), 5);
	TRY(request_must_write(rq));
	return keep_one(rq, to);
}

static const struct route routes[] = {
	{ POST, "/keep", keep_one, .who = ANYONE, .proof = BY_NOTHING },
	{ POST, "/fail", fail_after, .who = ANYONE, .proof = BY_NOTHING },
	{ POST, "/busy", be_busy_first, .who = ANYONE, .proof = BY_NOTHING },
	{ GET, "/get", write_in_a_get, .who = ANYONE },
	{ GET, "/after-all", write_in_a_get_after_all, .who = ANYONE },
};
static const struct route_table tables[] = { { routes, COUNT(routes) } };

static void run_make(struct store_testing *with)
{
	struct tx *tx = NULL;

	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	assert_null(statement_run(tx, &make, NULL, NULL));
	assert_null(tx_commit(tx));
	tx_end(&tx);
}

static int64_t kept(struct store_testing *with)
{
	struct tx *tx = NULL;
	struct value out = { .kind = VALUE_INT64 };
	bool found;

	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	assert_null(statement_one(tx, &count, NULL, &out, &found));
	tx_end(&tx);
	return out.number;
}

static struct web_exchange ask(struct store_testing *with, enum method method, str target)
{
	struct web_settings settings = { .world = &with->world.world,
					 .store = with->store,
					 .tables = tables,
					 .table_count = COUNT(tables) };
	struct web_exchange x = { .method = method, .target = target };

	assert_null(web_exchange(&settings, with->arena, &x));
	return x;
}

static void keep_and_fail(struct store_testing *with)
{
	run_make(with);
	assert_int_equal(ask(with, POST, S("/keep")).status, 200);
	assert_int_equal(kept(with), 1);
	assert_int_equal(ask(with, POST, S("/fail")).status, 409);
	assert_int_equal(kept(with), 1);
	assert_int_equal(ask(with, GET, S("/get")).status, 500);
	assert_int_equal(kept(with), 1);
}

static void what_a_failed_handler_wrote_is_gone(void **state)
{
	(void)state;
	store_testing_each(keep_and_fail);
}

static void ask_after_all(struct store_testing *with)
{
	run_make(with);
	struct web_exchange x = ask(with, GET, S("/after-all"));
	assert_int_equal(x.status, 200);
	assert_int_equal(kept(with), 1);
	int cookies = 0;
	for (size_t i = 0; i < x.answer_header_count; i++)
		cookies += str_eq(str_of(x.answer_headers[i].key), S("Set-Cookie"));
	assert_int_equal(cookies, 1);
}

static void a_reading_handler_that_must_write_runs_again_in_a_transaction_that_does(void **state)
{
	(void)state;
	store_testing_each(ask_after_all);
}

static void be_busy_twice(struct store_testing *with)
{
	run_make(with);
	busy_times = 2;
	struct web_exchange x = ask(with, POST, S("/busy"));
	assert_int_equal(x.status, 200);
	assert_int_equal(kept(with), 1);
	int cookies = 0;
	for (size_t i = 0; i < x.answer_header_count; i++)
		cookies += str_eq(str_of(x.answer_headers[i].key), S("Set-Cookie"));
	assert_int_equal(cookies, 1);
	busy_times = 100;
	x = ask(with, POST, S("/busy"));
	assert_int_equal(x.status, 503);
	assert_int_equal(kept(with), 1);
}

static void a_busy_database_runs_the_handler_again_from_a_clean_reply(void **state)
{
	(void)state;
	store_testing_each(be_busy_twice);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_failed_handler_wrote_is_gone),
		cmocka_unit_test(
			a_reading_handler_that_must_write_runs_again_in_a_transaction_that_does),
		cmocka_unit_test(a_busy_database_runs_the_handler_again_from_a_clean_reply),
	};

	log_open(world_of_system(), LOG_ERROR, "transaction_test");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
