#include <string.h>

#include "market/catalog.h"
#include "market/market_testing.h"
#include "market/price.h"
#include "market/sku.h"

#define HEADING "guid,part_number,name,other_names,price,free,retired,note\n"
#define G1	"f245ecc8-75af-4f8e-b61f-27d8114de5f3"

static const currency dollars = { .code = "USD" };

static void the_shipped_catalog_has_the_prices_of_the_procedure(struct market_testing *t)
{
	static const struct {
		const char *part_number;
		int64_t cents; /* 0: as agreed */
		bool free, retired;
	} cases[] = {
		{ "STANDARDPACK", 800 },
		{ "ENTERPRISEPACK", 2000 },
		{ "ENTERPRISEPREMIUM_NOPSTNCONF", 3300 },
		{ "EQUIVIO_ANALYTICS", 800 },
		{ "EXCHANGE_ANALYTICS", 400, .retired = true },
		{ "MCOEV", 800 },
		{ "MCOPLUSCAL", 200, .retired = true },
		{ "LOCKBOX", 200, .retired = true },
		{ "O365_BUSINESS_PREMIUM", 0 },
		{ "EXCHANGESTANDARD", 0 },
		{ "FLOW_FREE", 0, .free = true },
	};
	int64_t loaded;

	must(catalog_first_load(t->tx, &loaded));
	assert_true(loaded > 90);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct skus skus;
		struct price price;
		bool found;

		must(sku_by_part_number(t->tx, str_of(cases[i].part_number), &skus));
		if (skus.len != 1)
			fail_msg("%s is there %zu times", cases[i].part_number, skus.len);
		assert_int_equal(skus.at[0].free, cases[i].free);
		assert_int_equal(skus.at[0].retired, cases[i].retired);
		must(price_find(t->tx, skus.at[0].guid, dollars, PRICE_TERM, PRICE_BILLING, &price,
				&found));
		assert_int_equal(found ? price.seat_month.minor : 0, cases[i].cents);
	}
}

static void it_is_loaded_once(struct market_testing *t)
{
	int64_t loaded;

	must(catalog_first_load(t->tx, &loaded));
	must(catalog_first_load(t->tx, &loaded));
	assert_int_equal(loaded, 0);
}

static void a_name_trap_is_told(struct market_testing *t)
{
	struct sku sku;
	bool found;
	int64_t loaded;

	must(catalog_first_load(t->tx, &loaded));
	must(sku_find(t->tx, S(G1), &sku, &found));
	assert_true(found);
	assert_str(sku.name, "Microsoft 365 Business Standard");
	assert_str(sku.other_names, "Office 365 Business Premium");
	assert_true(str_find(sku.note, S("SPB")) > 0);
}

static void a_bad_catalog_names_its_line(struct market_testing *t)
{
	static const struct {
		str text;
		const char *says;
	} cases[] = {
		{ S(""), "The catalog file is empty." },
		{ S("guid,name\n"), "Line 1: part_number is missing" },
		{ S(HEADING "x,P,N,,,,,\n"), "Line 2: guid is not a GUID" },
		{ S(HEADING G1 ",,N,,,,,\n"), "Line 2: part_number is empty" },
		{ S(HEADING G1 ",P,,,,,,\n"), "Line 2: name is empty" },
		{ S(HEADING G1 ",P,N,,eight,,,\n"), "Line 2: price is not an amount" },
		{ S(HEADING G1 ",P,N,,USD 0.00,,,\n"), "Line 2: price is not an amount" },
		{ S(HEADING G1 ",P,N,,,maybe,,\n"), "Line 2: free is neither" },
		{ S(HEADING G1 ",P,N,,,,maybe,\n"), "Line 2: retired is neither" },
		{ S(HEADING G1 ",P,N\n"), "Line 2 has 3 fields" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t loaded;
		fault *f = catalog_load(t->tx, cases[i].text, &loaded);

		if (!f || f->kind != FAULT_INPUT || !strstr(f->said, cases[i].says))
			fail_msg("case %zu: %s", i, f ? f->said : "accepted");
	}
}

static void a_new_price_holds_from_its_moment_on(struct market_testing *t)
{
	struct price price;
	int64_t loaded;
	bool found;

	must(catalog_load(t->tx, S(HEADING G1 ",P,N,,USD 8.00,,,\n"), &loaded));
	market_testing_later(t, DAYS(1));
	must(price_set(t->tx, S(G1), (money){ .minor = 950, .in = dollars }, PRICE_TERM,
		       PRICE_BILLING));
	must(price_find(t->tx, S(G1), dollars, PRICE_TERM, PRICE_BILLING, &price, &found));
	assert_true(found);
	assert_int_equal(price.seat_month.minor, 950);

	must(price_find(t->tx, S(G1), dollars, S("P1M"), PRICE_BILLING, &price, &found));
	assert_false(found);
	must(price_find(t->tx, S(G1), (currency){ .code = "EUR" }, PRICE_TERM, PRICE_BILLING,
			&price, &found));
	assert_false(found);
}

static void a_price_that_cannot_be_is_refused(struct market_testing *t)
{
	fault *f = price_set(t->tx, S(G1), (money){ .minor = 800, .in = dollars }, PRICE_TERM,
			     PRICE_BILLING);

	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_MISSING);
	f = price_set(t->tx, S(G1), (money){ .minor = 0, .in = dollars }, PRICE_TERM,
		      PRICE_BILLING);
	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_INPUT);
}

int main(void)
{
	static const struct market_test tests[] = {
		MARKET_TEST(the_shipped_catalog_has_the_prices_of_the_procedure),
		MARKET_TEST(it_is_loaded_once),
		MARKET_TEST(a_name_trap_is_told),
		MARKET_TEST(a_bad_catalog_names_its_line),
		MARKET_TEST(a_new_price_holds_from_its_moment_on),
		MARKET_TEST(a_price_that_cannot_be_is_refused),
	};
	return market_testing_run(tests, COUNT(tests));
}
