#include "market/successor.h"

#include "market/catalog.h"
#include "market/market_testing.h"

static str guid_of(struct market_testing *t, const char *part_number)
{
	struct skus skus;

	must(sku_by_part_number(t->tx, str_of(part_number), &skus));
	if (skus.len != 1)
		fail_msg("%s is there %zu times", part_number, skus.len);
	return skus.at[0].guid;
}

static void load(struct market_testing *t)
{
	int64_t loaded;

	must(catalog_first_load(t->tx, &loaded));
}

/* Who knows the products would propose these. */
static void the_nearest_keeps_what_its_users_work_with(struct market_testing *t)
{
	static const struct {
		const char *of, *nearest;
		bool named;
	} rows[] = {
		{ "LITEPACK_P2", "O365_BUSINESS_PREMIUM", false },
		{ "MCOSTANDARD", "TEAMS_ESSENTIALS_AAD", true },
		{ "MEETING_ROOM", "Microsoft_Teams_Rooms_Pro", true },
	};

	load(t);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct successors near;

		must(successor_near(t->tx, guid_of(t, rows[i].of), 3, &near));
		assert_true(near.len > 0 && near.len <= 3);
		assert_str(near.at[0].sku.part_number, rows[i].nearest);
		assert_int_equal(near.at[0].named, rows[i].named);
	}
}

static void nothing_free_retired_or_half_as_good_is_proposed(struct market_testing *t)
{
	struct skus all;

	load(t);
	must(sku_list(t->tx, &all));
	for (size_t i = 0; i < all.len; i++) {
		struct successors near;

		must(successor_near(t->tx, all.at[i].guid, 5, &near));
		for (size_t n = 0; n < near.len; n++) {
			assert_false(near.at[n].sku.free || near.at[n].sku.retired);
			assert_false(str_eq(near.at[n].sku.guid, all.at[i].guid));
		}
	}
}

static void what_nobody_knows_has_no_neighbour(struct market_testing *t)
{
	struct successors near;

	load(t);
	must(successor_near(t->tx, S("00000000-0000-4000-8000-000000000000"), 5, &near));
	assert_int_equal(near.len, 0);
}

static void a_named_one_is_proposed_although_its_inside_is_not_known(struct market_testing *t)
{
	struct successors near;
	int64_t loaded;

	must(catalog_load(t->tx,
			  S("guid,part_number,name,other_names,price,free,retired,successor,note\n"
			    "00000000-0000-4000-8000-000000000001,OLD,Old,,,,yes,"
			    "00000000-0000-4000-8000-000000000002,\n"
			    "00000000-0000-4000-8000-000000000002,NEW,New,,,,,,\n"
			    "00000000-0000-4000-8000-000000000003,OTHER,Other,,,,,,\n"),
			  &loaded));
	must(successor_near(t->tx, guid_of(t, "OLD"), 5, &near));
	assert_int_equal(near.len, 1);
	assert_str(near.at[0].sku.part_number, "NEW");
	assert_true(near.at[0].named);
}

static void a_comparison_speaks_of_mail_and_files(struct market_testing *t)
{
	str gained, lost;

	load(t);
	must(successor_compare(t->tx, guid_of(t, "EXCHANGESTANDARD"),
			       guid_of(t, "EXCHANGEENTERPRISE"), &gained, &lost));
	assert_str(gained, "mail: Exchange Online (Plan 2)");
	assert_str(lost, "mail: Exchange Online (Plan 1); planning and teamwork: To-Do (Plan 1)");
	must(successor_compare(t->tx, guid_of(t, "STANDARDPACK"), guid_of(t, "STANDARDPACK"),
			       &gained, &lost));
	assert_str(gained, "");
	assert_str(lost, "");
}

int main(void)
{
	static const struct market_test tests[] = {
		MARKET_TEST(the_nearest_keeps_what_its_users_work_with),
		MARKET_TEST(nothing_free_retired_or_half_as_good_is_proposed),
		MARKET_TEST(what_nobody_knows_has_no_neighbour),
		MARKET_TEST(a_named_one_is_proposed_although_its_inside_is_not_known),
		MARKET_TEST(a_comparison_speaks_of_mail_and_files),
	};
	return market_testing_run(tests, COUNT(tests));
}
