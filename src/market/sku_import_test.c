#include <string.h>

#include "market/catalog.h"
#include "market/market_testing.h"
#include "market/price.h"
#include "market/sku.h"
#include "market/sku_import.h"

#define HEADING                                                                          \
	"Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_" \
	"Plans_Included_Friendly_Names\n"
#define G1 "f245ecc8-75af-4f8e-b61f-27d8114de5f3"
#define G2 "3b555118-da6a-4418-894f-7df1e2096870"
#define G3 "18181a46-0d4e-45cd-891e-60aabd171b4e"
#define P1 "9aaf7827-d63c-4b61-89c3-182f06f82e5c"
#define P2 "57ff2da0-773e-42df-b2af-ffb7a2317929"

static struct sku sku_known(struct tx *tx, str guid)
{
	struct sku sku;
	bool found;

	must(sku_find(tx, guid, &sku, &found));
	assert_true(found);
	return sku;
}

static bool told(const struct sku_import *report, int64_t line, const char *part)
{
	for (size_t i = 0; i < report->odd_count; i++)
		if (report->odd[i].line == line && str_find(report->odd[i].said, str_of(part)) >= 0)
			return true;
	return false;
}

static void defects_of_the_list_are_survived_and_told(struct market_testing *t)
{
	struct sku_import report;
	const str text = S(HEADING
			   "Old name,SMB ,F245ECC8-75AF-4F8E-B61F-27D8114DE5F3\xc2\xa0,PLAN_A," P1
			   ",A\r\n"
			   "\"New, name\",SMB," G1 ",PLAN_B," P2 ",B\n"
			   "New name,Two words," G2 ",PLAN_A," P1 ",A\n"
			   "New name,SMB," G3 ",PLAN_A," P1 ",A\n");

	must(sku_import(t->tx, text, &report));
	assert_int_equal(report.rows, 4);
	assert_int_equal(report.skus, 3);
	assert_int_equal(report.plans, 2);
	assert_true(told(&report, 2, "GUID has blanks around it"));
	assert_true(told(&report, 2, "String_Id has blanks around it"));
	assert_true(told(&report, 3, "had the name \"Old name\" before"));
	assert_true(told(&report, 4, "has a blank inside"));
	assert_true(told(&report, 5, "the part number \"SMB\" also belongs to " G1));
	assert_true(told(&report, 5, "the name \"New name\" also belongs to " G2));
	assert_int_equal(report.odd_count, 6);

	struct sku sku = sku_known(t->tx, S(" F245ECC8-75af-4f8e-b61f-27d8114de5f3\xc2\xa0"));
	assert_str(sku.guid, G1);
	assert_str(sku.part_number, "SMB");
	assert_str(sku.name, "Old name");
	assert_str(sku.other_names, "New, name");

	struct skus two;
	must(sku_by_part_number(t->tx, S("smb"), &two));
	assert_int_equal(two.len, 2);

	struct sku_plans plans;
	must(sku_plans(t->tx, S(G1), &plans));
	assert_int_equal(plans.len, 2);
	assert_str(plans.at[1].name, "PLAN_B");
	assert_str(plans.at[1].friendly_name, "B");
}

static void a_second_import_renames_and_keeps_what_the_operator_said(struct market_testing *t)
{
	struct sku_import report;
	struct sku_plans plans;
	struct price price;
	bool found;
	int64_t loaded;
	const currency dollars = { .code = "USD" };

	must(catalog_first_load(t->tx, &loaded));
	must(sku_import(t->tx, S(HEADING "O365 E1,STANDARDPACK," G3 ",PLAN_A," P1 ",A\n"),
			&report));
	must(sku_import(t->tx, S(HEADING "O365 E1,STANDARDPACK," G3 ",PLAN_B," P2 ",B\n"),
			&report));

	struct sku sku = sku_known(t->tx, S(G3));
	assert_str(sku.name, "O365 E1");
	assert_str(sku.other_names, "Office 365 Enterprise E1\nOffice 365 E1");
	must(sku_plans(t->tx, S(G3), &plans));
	assert_int_equal(plans.len, 1);
	assert_str(plans.at[0].name, "PLAN_B");
	must(price_find(t->tx, S(G3), dollars, PRICE_TERM, PRICE_BILLING, &price, &found));
	assert_true(found);
	assert_int_equal(price.seat_month.minor, 800);
}

static void a_bad_file_names_its_line_and_changes_nothing(struct market_testing *t)
{
	static const struct {
		str text;
		const char *says;
	} cases[] = {
		{ S(""), "The file is empty." },
		{ S("a,b,c\n1,2,3\n"), "Line 1: the heading has no column Product_Display_Name." },
		{ S(HEADING), "has a heading and no rows" },
		{ S(HEADING "N,P," G1 ",A," P1 "\n"),
		  "Line 2 has 5 fields where the heading has 6." },
		{ S(HEADING "N,P," G1 ",A," P1 ",F\nN,P,f245ecc8,A," P1 ",F\n"),
		  "Line 3: GUID is \"f245ecc8\", which is not a GUID." },
		{ S(HEADING "N,P," G1 ",A,none,F\n"), "Line 2: Service_Plan_Id is \"none\"" },
		{ S(HEADING " ,P," G1 ",A," P1 ",F\n"), "Line 2: Product_Display_Name is empty." },
		{ S(HEADING "N,," G1 ",A," P1 ",F\n"), "Line 2: String_Id is empty." },
		{ S(HEADING "N,P," G1 ",A," P1 ",\"F\n"), "Line 2: a quote is opened" },
		{ S(HEADING "\xff,P," G1 ",A," P1 ",F\n"), "Line 2: a field is not UTF-8" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sku_import report;
		struct skus skus;
		fault *f = sku_import(t->tx, cases[i].text, &report);

		if (!f || f->kind != FAULT_INPUT || !strstr(f->said, cases[i].says))
			fail_msg("case %zu: %s", i, f ? f->said : "accepted");
		must(sku_list(t->tx, &skus));
		assert_int_equal(skus.len, 0);
	}
}

/* Microsoft's own file, where the folder beside the repository has it. */
static void the_published_list_is_read_whole(struct market_testing *t)
{
	struct sku_import report;
	struct skus two;
	str text = market_testing_shared(t, "data/microsoft-skus.csv");

	if (str_is_none(text))
		return;
	must(sku_import(t->tx, text, &report));
	assert_int_equal(report.rows, 5990);
	assert_int_equal(report.skus, 619);
	assert_int_equal(report.plans, 791);
	assert_true(report.odd_count > 20);

	must(sku_by_part_number(t->tx, S("MCOPSTN5"), &two));
	assert_int_equal(two.len, 2);
	struct sku sku = sku_known(t->tx, S("4b74a65c-8b4a-4fc8-9f6b-5177ed11ddfa"));
	assert_true(sku.other_names.len > 0);
	must(sku_import(t->tx, text, &report));
	assert_int_equal(report.skus, 619);
}

int main(void)
{
	static const struct market_test tests[] = {
		MARKET_TEST(defects_of_the_list_are_survived_and_told),
		MARKET_TEST(a_second_import_renames_and_keeps_what_the_operator_said),
		MARKET_TEST(a_bad_file_names_its_line_and_changes_nothing),
		MARKET_TEST(the_published_list_is_read_whole),
	};
	return market_testing_run(tests, COUNT(tests));
}
