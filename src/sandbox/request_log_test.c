#include "sandbox/request_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "request_log_sql.h"
#include "sandbox/sandbox_testing.h"

static fault *count(struct tx *tx, void *with)
{
	struct request_log_some_list rows;
	size_t *len = with;

	TRY(request_log_some(tx, 0, S(""), (instant){ 0 }, &rows));
	*len = rows.len;
	for (size_t i = 1; i < rows.len; i++)
		assert_false(instant_before(rows.at[i].at, rows.at[i - 1].at));
	return NULL;
}

static size_t rows_of(struct sandbox_testing *t)
{
	size_t len = 0;

	sandbox_testing_do(t, count, &len);
	return len;
}

static void ask(struct sandbox_testing *t, int times)
{
	for (int i = 0; i < times; i++)
		(void)sandbox_testing_ask(t, GET, S("x"), S("/v1.0/subscribedSkus"), STR_NONE);
}

static void a_request_is_noted_at_once_without_a_log_in_memory(void **state)
{
	ask(*state, 2);
	assert_int_equal(rows_of(*state), 2);
}

static void requests_wait_in_memory_until_they_are_flushed(void **state)
{
	struct sandbox_testing *t = *state;
	struct request_log *log = request_log_open(t->store);
	struct request_log_door *at = t->first.context;

	at->log = log;
	ask(t, 3);
	assert_int_equal(rows_of(t), 0);
	assert_null(request_log_flush(log));
	assert_int_equal(rows_of(t), 3);
	assert_null(request_log_flush(log));
	assert_int_equal(rows_of(t), 3);
	ask(t, 1);
	request_log_close(log);
	at->log = NULL;
	assert_int_equal(rows_of(t), 4);
}

static fault *forget(struct tx *tx, void *with)
{
	return request_log_forget(tx, *(const int64_t *)with);
}

static void only_the_newest_requests_are_kept(void **state)
{
	int64_t most = 3;

	ask(*state, 5);
	sandbox_testing_do(*state, forget, &most);
	assert_int_equal(rows_of(*state), 3);
	sandbox_testing_do(*state, forget, &most);
	assert_int_equal(rows_of(*state), 3);
}

#define EACH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(a_request_is_noted_at_once_without_a_log_in_memory),
		EACH(requests_wait_in_memory_until_they_are_flushed),
		EACH(only_the_newest_requests_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
