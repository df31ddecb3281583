#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "microsoft/catalog_index.h"
#include "microsoft/connection.h"
#include "microsoft/pace.h"
#include "microsoft/scripted.h"

#define PRODUCTS "GET https://partner.test/v1/products?country=US"
#define SKU	 S("f245ecc8-75af-4f8e-b61f-27d8114de5f3")

#define LISTED	"{\"items\":[{\"id\":\"P1\"},{\"id\":\"P2\"},{\"id\":\"P3\"}]}"
#define NOTHING "{\"items\":[]}"
#define FOUND                                                  \
	"{\"items\":[{\"id\":\"0001\",\"dynamicAttributes\":{" \
	"\"provisioningId\":\"F245ECC8-75AF-4F8E-B61F-27D8114DE5F3\"}}]}"

static struct catalog_entries found;

static fault *look(struct scripted *s)
{
	return catalog_index_find(&s->work, SKU, &found);
}

/* A large catalogue takes more calls than one attempt is given: one after the other gets on. */
static void what_was_read_stays_for_the_next_attempt(void **state)
{
	static const struct scripted_row first[] = {
		{ PRODUCTS, 200, LISTED },
		{ "GET /v1/products/P1/skus", 200, FOUND },
		{ "GET /v1/products/P2/skus", 429, "{}" },
	};
	static const struct scripted_row second[] = {
		{ "GET /v1/products/P2/skus", 200, FOUND },
		{ "GET /v1/products/P3/skus", 200, NOTHING },
	};
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, first, COUNT(first));
	assert_non_null(look(&s));
	s.world.at = instant_after(s.world.at, MINUTES(1)); /* the 429 lets everybody rest */
	scripted_play(&s, second, COUNT(second));
	assert_null(look(&s));
	assert_true(scripted_done(&s));
	assert_int_equal(found.len, 2);
	assert_null(look(&s)); /* and for an hour nobody is asked again */
	scripted_close(&s);
}

static void while_somebody_reads_the_others_come_back_unseen(void **state)
{
	struct scripted s;
	fault *failed;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, NULL, 0);
	s.ms->catalog_reader = instant_after(s.world.at, MINUTES(2));
	failed = look(&s);
	assert_true(pace_is_wait(failed));
	assert_true(failed->retry_after > 0);
	scripted_close(&s);
}

static void a_reader_that_died_is_not_waited_for(void **state)
{
	static const struct scripted_row rows[] = {
		{ PRODUCTS, 200, "{\"items\":[{\"id\":\"P1\"}]}" },
		{ "GET /v1/products/P1/skus", 200, FOUND },
	};
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	s.ms->catalog_reader = s.world.at;
	scripted_play(&s, rows, COUNT(rows));
	assert_null(look(&s));
	assert_int_equal(found.len, 1);
	scripted_close(&s);
}

/* While an old list is read anew, it is good enough. */
static void an_old_list_serves_while_the_new_one_is_read(void **state)
{
	static const struct scripted_row rows[] = {
		{ PRODUCTS, 200, "{\"items\":[{\"id\":\"P1\"}]}" },
		{ "GET /v1/products/P1/skus", 200, FOUND },
	};
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(look(&s));
	s.world.at = instant_after(s.world.at, HOURS(2));
	s.ms->catalog_reader = instant_after(s.world.at, MINUTES(2));
	scripted_play(&s, NULL, 0);
	assert_null(look(&s));
	assert_int_equal(found.len, 1);
	scripted_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_read_stays_for_the_next_attempt),
		cmocka_unit_test(while_somebody_reads_the_others_come_back_unseen),
		cmocka_unit_test(a_reader_that_died_is_not_waited_for),
		cmocka_unit_test(an_old_list_serves_while_the_new_one_is_read),
	};

	return cmocka_run_group_tests_name("catalog_index", tests, NULL, NULL);
}
