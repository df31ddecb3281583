/* A sound certificate, and what becomes of it in other people's hands. */
#include "convert/certificate_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#define BP   "f245ecc8-75af-4f8e-b61f-27d8114de5f3"
#define E3   "05e9a617-0261-4cee-bb44-138d3ef5d965"
#define EXCH "4b9405b0-7788-4568-add1-99614e613b69"

/* Business Premium is bought again; Exchange becomes E3; Power Automate stays. */
#define PLAN_TEXT                                      \
	"novate plan 2\\nTENANT\\n"                    \
	"buy|" BP "|" BP "|5|4|P1Y|monthly|800|USD\\n" \
	"buy|" EXCH "|" E3 "|2|2|P1Y|monthly|0|USD\\n" \
	"leave|free|free|0|1|||0|\\n"

static const char sound[] =
	"{\"certificate\":\"cnv_01h2xcejqtf2n\",\"tenant\":\"TENANT\",\"domain\":\"bakery."
	"example\","
	"\"tenant_name\":\"Harbor Bakery\",\"something_new\":[1,2],"
	"\"plan\":["
	"{\"sku\":\"" BP
	"\",\"part_number\":\"BP\",\"action\":\"buy\",\"quantity\":5,\"direct\":5},"
	"{\"sku\":\"" EXCH "\",\"part_number\":\"EXCH\",\"action\":\"buy\",\"quantity\":2,"
	"\"direct\":3,\"becomes\":\"E3\",\"becomes_sku\":\"" E3 "\"},"
	"{\"sku\":\"free\",\"part_number\":\"FLOW\",\"action\":\"leave\",\"quantity\":0}],"
	"\"before\":[{\"sku\":\"" BP "\",\"valid\":6},{\"sku\":\"" EXCH "\",\"valid\":3},"
	"{\"sku\":\"free\",\"valid\":10}],"
	"\"between\":[{\"sku\":\"" BP "\",\"valid\":11},{\"sku\":\"" EXCH "\",\"valid\":3},"
	"{\"sku\":\"" E3 "\",\"valid\":2},{\"sku\":\"free\",\"valid\":10}],"
	"\"after\":[{\"sku\":\"" BP "\",\"valid\":6},{\"sku\":\"" EXCH "\",\"valid\":0},"
	"{\"sku\":\"" E3 "\",\"valid\":2},{\"sku\":\"free\",\"valid\":7}],"
	"\"users\":[{\"user\":\"ada@bakery\",\"before\":[\"BP\",\"FLOW\"],"
	"\"after\":[\"FLOW\",\"BP\",\"E3\"]},"
	"{\"user\":\"bob@bakery\",\"before\":[\"EXCH\"],\"after\":[\"E3\"]},"
	"{\"user\":\"cay@bakery\",\"before\":[\"BP\"],\"after\":[]}],"
	"\"accepted_losses\":[{\"user\":\"cay@bakery\",\"part_number\":\"BP\"}],"
	"\"users_below_snapshot\":0,"
	"\"approved\":{\"plan_hash\":\"HASH\",\"plan_text\":\"" PLAN_TEXT "\"}}";

/* Every `from` in `in` becomes `to`. */
static str replaced(struct arena *keep, str in, const char *from, str to)
{
	struct text out = text_open(keep);

	for (ptrdiff_t at; (at = str_find(in, str_of(from))) >= 0;
	     in = str_part(in, (size_t)at + strlen(from), in.len)) {
		text_add(&out, str_part(in, 0, (size_t)at));
		text_add(&out, to);
	}
	text_add(&out, in);
	return text_str(&out);
}

static str sound_body(struct arena *keep)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	str text = replaced(keep, S(PLAN_TEXT), "\\n", S("\n"));

	crypto_hash_sha256(hash, (const unsigned char *)text.at, text.len);
	return replaced(keep, str_of(sound), "HASH",
			str_hex(keep, (str){ .at = (const char *)hash, .len = sizeof hash }));
}

static void each_check_says_what_it_holds_against_what(void **state)
{
	(void)state;
	for (int i = 0; i < CERTIFICATE_CHECK_COUNT; i++)
		assert_true(strlen(certificate_check_says((enum certificate_check_kind)i)) > 20);
}

static void a_sound_certificate_is_sound(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct certificate_check made;
	(void)state;

	assert_null(certificate_check(arena, sound_body(arena), &made));
	for (size_t i = 0; i < CERTIFICATE_CHECK_COUNT; i++)
		if (!str_is_none(made.differs[i]))
			fail_msg("%.*s", STR(made.differs[i]));
	assert_true(made.sound);
	assert_int_equal(made.users, 3);
	assert_int_equal(made.accepted, 1);
	assert_int_equal(made.sha256.len, 64);
	assert_true(str_eq(made.domain, S("bakery.example")));
}

static void what_was_tampered_with_is_told(void **state)
{
	static const struct {
		const char *from, *to;
		enum certificate_check_kind differs;
		const char *said;
	} rows[] = {
		/* the approval */
		{ "|5|4|", "|6|4|", CHECK_APPROVAL, "hash is" },
		{ "\"plan_text\"", "\"other_text\"", CHECK_APPROVAL, "missing" },
		{ "\"tenant\":\"TENANT\"", "\"tenant\":\"OTHER\"", CHECK_PLAN, "of the tenant" },
		/* the plan */
		{ "\"quantity\":5", "\"quantity\":4", CHECK_PLAN, "not in the plan" },
		{ "\"quantity\":5", "\"quantity\":-5", CHECK_PLAN, "not in the plan" },
		{ "|5|4|", "|five|4|", CHECK_PLAN, "not in the plan" },
		{ "\"action\":\"leave\"", "\"action\":\"buy\"", CHECK_PLAN, "not in the plan" },
		{ "\"becomes_sku\":\"" E3, "\"becomes_sku\":\"other", CHECK_PLAN,
		  "not in the plan" },
		{ "{\"sku\":\"free\",\"part_number\"",
		  "{\"sku\":\"more\",\"action\":\"leave\",\"quantity\":0},{\"sku\":\"free\","
		  "\"part_number\"",
		  CHECK_PLAN, "1 lines of the plan were not approved" },
		/* the tables */
		{ "\"valid\":11", "\"valid\":12", CHECK_BETWEEN, "12 valid licenses" },
		{ "\"valid\":11", "\"valid\":5", CHECK_BETWEEN, "make 11" },
		{ "{\"sku\":\"" BP "\",\"valid\":11}",
		  "{\"sku\":\"" BP "\",\"part_number\":\"SPB\",\"valid\":12}", CHECK_BETWEEN,
		  "SPB had 12 valid licenses" },
		{ "\"after\":[{\"sku\":\"" BP "\",\"valid\":6}",
		  "\"after\":[{\"sku\":\"" BP "\",\"valid\":7}", CHECK_AFTER, "make 6" },
		{ "\"" EXCH "\",\"valid\":0}", "\"" EXCH "\",\"valid\":3}", CHECK_AFTER,
		  "less 3 that ended" },
		{ "\"direct\":5", "\"direct\":4", CHECK_AFTER, "make 7" },
		/* the users */
		{ "\"after\":[\"E3\"]", "\"after\":[]", CHECK_USERS, "bob@bakery held EXCH" },
		{ "[\"FLOW\",\"BP\",\"E3\"]", "[\"BP\"]", CHECK_USERS, "ada@bakery held FLOW" },
		{ "\"accepted_losses\"", "\"other\"", CHECK_USERS, "cay@bakery held BP" },
		{ "{\"user\":\"cay@bakery\",\"part_number\"",
		  "{\"user\":\"ada@bakery\",\"part_number\"", CHECK_USERS, "cay@bakery held BP" },
		{ "\"users_below_snapshot\":0", "\"users_below_snapshot\":1", CHECK_BELOW,
		  "says 1, the lists of users make 0" },
		{ "\"users_below_snapshot\":0", "\"users_below_snapshot\":\"0\"", CHECK_BELOW,
		  "make 0" },
		{ "\"accepted_losses\":[{\"user\":\"cay@bakery\",\"part_number\":\"BP\"}],"
		  "\"users_below_snapshot\":0",
		  "\"users_below_snapshot\":1", CHECK_BELOW, "1 licenses of users are lost" },
		{ "{\"user\":\"cay@bakery\",\"before\":[\"BP\"]",
		  "{\"user\":\"dot@bakery\",\"before\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\","
		  "\"h\",\"i\",\"j\",\"k\",\"l\"]",
		  CHECK_USERS, " And more." },
	};
	DEFER(arena_end) struct arena *arena = arena_open();
	struct certificate_check made;
	str body = sound_body(arena);
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		str tampered = replaced(arena, body, rows[i].from, str_of(rows[i].to));

		assert_false(str_eq(tampered, body));
		assert_null(certificate_check(arena, tampered, &made));
		assert_false(made.sound);
		if (str_find(made.differs[rows[i].differs], str_of(rows[i].said)) < 0)
			fail_msg("row %zu: %.*s", i, STR(made.differs[rows[i].differs]));
	}
}

/* What a person decided after the approval may differ from what was approved. */
static void a_decision_about_the_parts_excuses_the_plan(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct certificate_check made;
	str body = replaced(arena, sound_body(arena), "\"something_new\":[1,2]",
			    S("\"decisions\":[{\"kind\":\"part\",\"answer\":\"leave\"}]"));
	(void)state;

	body = replaced(arena, body, "\"quantity\":2,\"direct\":3",
			S("\"quantity\":1,\"direct\":3"));
	body = replaced(arena, body, E3 "\",\"valid\":2", S(E3 "\",\"valid\":1"));
	assert_null(certificate_check(arena, body, &made));
	assert_true(str_is_none(made.differs[CHECK_PLAN]));
	assert_true(made.sound);
}

static void what_is_no_certificate_is_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"{",
		"[]",
		"null",
		"{}",
		"\xff\xfe",
		"{\"certificate\":\"cnv_01h2xcejqtf2n\",\"plan\":{},\"before\":[],\"between\":[],"
		"\"after\":[],\"users\":[]}",
		"{\"certificate\":\"job_01h2xcejqtf2n\",\"plan\":[],\"before\":[],\"between\":[],"
		"\"after\":[],\"users\":[]}",
		/* a part twice: which one counts? */
		"{\"certificate\":\"cnv_01h2xcejqtf2n\",\"plan\":[],\"plan\":[],\"before\":[],"
		"\"between\":[],\"after\":[],\"users\":[]}",
	};
	DEFER(arena_end) struct arena *arena = arena_open();
	struct certificate_check made;
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		fault *f = certificate_check(arena, str_of(rows[i]), &made);

		assert_non_null(f);
		assert_int_equal(f->kind, FAULT_INPUT);
	}
}

/* Values of other kinds than we write are differences, never a crash. */
static void other_shapes_are_differences(void **state)
{
	static const struct {
		const char *from, *to;
	} rows[] = {
		{ "\"quantity\":5", "\"quantity\":\"5\"" },
		{ "\"before\":[\"BP\",\"FLOW\"]", "\"before\":[1,null,{}]" },
		{ "\"after\":[\"E3\"]", "\"after\":\"E3\"" },
		{ "\"approved\":{", "\"approved\":7,\"x\":{" },
		{ "{\"user\":\"bob@bakery\"", "7,{\"user\":\"bob@bakery\"" },
		{ "\"valid\":11", "\"valid\":9223372036854775807" },
	};
	DEFER(arena_end) struct arena *arena = arena_open();
	struct certificate_check made;
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_null(certificate_check(
			arena, replaced(arena, sound_body(arena), rows[i].from, str_of(rows[i].to)),
			&made));
}

static void what_differs_from_the_issued_one_is_named(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	str body = sound_body(arena);
	str other = replaced(arena, body, "Harbor Bakery", S("Harbour Bakery"));
	(void)state;

	assert_int_equal(certificate_check_differ(arena, body, body).len, 0);
	assert_true(str_eq(certificate_check_differ(arena, body, other), S("tenant_name")));
	other = replaced(arena, other, "something_new", S("something_else"));
	assert_true(str_eq(certificate_check_differ(arena, body, other),
			   S("tenant_name, something_new, something_else")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_check_says_what_it_holds_against_what),
		cmocka_unit_test(a_sound_certificate_is_sound),
		cmocka_unit_test(what_was_tampered_with_is_told),
		cmocka_unit_test(a_decision_about_the_parts_excuses_the_plan),
		cmocka_unit_test(what_is_no_certificate_is_refused),
		cmocka_unit_test(other_shapes_are_differences),
		cmocka_unit_test(what_differs_from_the_issued_one_is_named),
	};

	return cmocka_run_group_tests_name("certificate_check", tests, NULL, NULL);
}
