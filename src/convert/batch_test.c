#include "convert/batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "convert/batch_json.h"
#include "convert/standing.h"
#include "store/store_testing.h"

struct cast {
	struct asker ada, bob, operator_;
};

static fault *cast_open(struct tx *tx, void *what)
{
	struct cast *cast = what;
	struct account ada, bob, olga;

	TRY(account_open(tx, S("ada@example.test"), S("Ada"), ROLE_PARTNER, STR_NONE, &ada));
	TRY(account_open(tx, S("bob@example.test"), S("Bob"), ROLE_PARTNER, STR_NONE, &bob));
	TRY(account_open(tx, S("olga@example.test"), S("Olga"), ROLE_OPERATOR, STR_NONE, &olga));
	cast->ada = (struct asker){ ada.id, ROLE_PARTNER, S("test") };
	cast->bob = (struct asker){ bob.id, ROLE_PARTNER, S("test") };
	cast->operator_ = (struct asker){ olga.id, ROLE_OPERATOR, S("test") };
	return NULL;
}

static void open_cast(struct store_testing *with, struct cast *cast)
{
	assert_null(store_run(with->store, STORE_WRITE, with->arena, "cast", cast_open, cast));
}

static fault *take(struct store_testing *with, const struct asker *by, const char *csv,
		   struct batch *taken)
{
	return batch_take(with->store, with->arena, by, STR_NONE, str_of(csv), taken);
}

/* Files as people and spreadsheets write them, all of the same two tenants. */
static void shapes_body(struct store_testing *with)
{
	static const char *const files[] = {
		"bakery.example,ida@bakery.example\ncafe.example,\n",
		"domain,administrator\nbakery.example,ida@bakery.example\ncafe.example\n",
		"\xef\xbb\xbf"
		"Domain;Administrator\r\nbakery.example;ida@bakery.example\r\n"
		"cafe.example;\r\n;\r\n",
		"administrator\tname\tdomain\nida@bakery.example\tThe \"Bakery\"\tbakery.example\n"
		"\tCafe\tcafe.example",
		"\"Administrator\",\"Domain\"\n\"ida@bakery.example\",\"BAKERY.example\"\n"
		"\n\"\",\" cafe.example \"",
	};
	struct batch first, other;
	struct cast cast;

	open_cast(with, &cast);
	for (size_t i = 0; i < COUNT(files); i++) {
		fault *f = take(with, &cast.ada, files[i], i ? &other : &first);

		if (i == 3) { /* a quote inside a plain field is a mistake that is told */
			assert_int_equal(f->kind, FAULT_INPUT);
			assert_non_null(strstr(f->said, "Line 2"));
			continue;
		}
		assert_null(f);
		if (i)
			assert_true(id_eq(first.id, other.id));
	}
	assert_int_equal(first.lines, 2);
	assert_int_equal(first.of[BATCH_STARTED], 2);
}

static void files_of_every_shape_are_the_same_list_and_start_once(void **state)
{
	(void)state;
	store_testing_each(shapes_body);
}

struct looking {
	const struct asker *by;
	id batch;
	struct batch got;
	struct batch_lines lines;
	struct standing standing;
};

static fault *look(struct tx *tx, void *what)
{
	struct looking *l = what;

	TRY(batch_get(tx, l->by, l->batch, &l->got));
	TRY(standing_of_a_batch(tx, l->batch, &l->standing));
	return batch_lines_of(tx, l->by, l->batch, BATCH_OUTCOME_COUNT, BATCH_LINES_MOST,
			      &l->lines);
}

static void bad_lines_body(struct store_testing *with)
{
	static const struct {
		int64_t line;
		enum batch_outcome outcome;
		const char *said;
	} rows[] = {
		{ 2, BATCH_STARTED, "Started" },
		{ 3, BATCH_REFUSED, "is not a domain" },
		{ 4, BATCH_REFUSED, "is not an e-mail address" },
		{ 5, BATCH_ALREADY, "already" },
		{ 6, BATCH_REFUSED, "already being converted" }, /* by another partner */
		{ 8, BATCH_STARTED, "Started" },
	};
	struct looking l;
	struct batch bobs, taken;
	struct cast cast;

	open_cast(with, &cast);
	assert_null(take(with, &cast.bob, "bobs.example", &bobs));
	assert_null(take(with, &cast.ada,
			 "domain,administrator\nbakery.example\nnot a domain\n"
			 "mill.example,nobody\nBakery.example\nbobs.example\n\ncafe.example",
			 &taken));
	l = (struct looking){ .by = &cast.ada, .batch = taken.id };
	assert_null(store_run(with->store, STORE_READ, with->arena, "look", look, &l));
	assert_int_equal(l.lines.len, COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(l.lines.at[i].line, rows[i].line);
		assert_int_equal(l.lines.at[i].outcome, rows[i].outcome);
		assert_true(str_find(l.lines.at[i].said, str_of(rows[i].said)) >= 0);
		assert_int_equal(id_is_none(l.lines.at[i].conversion),
				 rows[i].outcome == BATCH_REFUSED);
	}
	assert_true(id_eq(l.lines.at[0].conversion, l.lines.at[3].conversion));
	assert_int_equal(l.got.of[BATCH_REFUSED], 3);
	assert_int_equal(l.got.of[BATCH_OPEN], 0);
}

static void one_bad_line_harms_no_other(void **state)
{
	(void)state;
	store_testing_each(bad_lines_body);
}

static void rights_body(struct store_testing *with)
{
	struct looking l;
	struct batch taken, again;
	struct cast cast;

	open_cast(with, &cast);
	assert_null(take(with, &cast.ada, "bakery.example", &taken));
	l = (struct looking){ .by = &cast.bob, .batch = taken.id };
	assert_int_equal(store_run(with->store, STORE_READ, with->arena, "look", look, &l)->kind,
			 FAULT_MISSING);
	l.by = &cast.operator_;
	assert_null(store_run(with->store, STORE_READ, with->arena, "look", look, &l));
	assert_int_equal(l.lines.len, 1);
	/* the same lines from another are another's list, and start nothing twice */
	assert_null(take(with, &cast.bob, "bakery.example", &again));
	assert_false(id_eq(taken.id, again.id));
	assert_int_equal(again.of[BATCH_REFUSED], 1);
}

static void a_list_is_its_partners(void **state)
{
	(void)state;
	store_testing_each(rights_body);
}

static const char *many_lines(struct arena *keep, int count)
{
	struct text text = text_open(keep);

	for (int i = 0; i < count; i++)
		text_format(&text, "tenant-%d.example,\n", i);
	text_add_char(&text, '\0');
	return text_str(&text).at;
}

static void limits_body(struct store_testing *with)
{
	struct batch taken;
	struct cast cast;

	open_cast(with, &cast);
	assert_int_equal(take(with, &cast.ada, "", &taken)->kind, FAULT_INPUT);
	assert_int_equal(take(with, &cast.ada, "domain,administrator\n", &taken)->kind,
			 FAULT_INPUT);
	assert_int_equal(take(with, &cast.ada, "a\xff.example\n", &taken)->kind, FAULT_INPUT);
	assert_int_equal(
		take(with, &cast.ada, many_lines(with->arena, BATCH_LINES_MOST + 1), &taken)->kind,
		FAULT_INPUT);
	assert_null(take(with, &cast.ada, many_lines(with->arena, 3 * BATCH_AT_ONCE), &taken));
	assert_int_equal(taken.of[BATCH_STARTED], 3 * BATCH_AT_ONCE);
}

static void a_list_has_at_least_one_line_and_at_most_five_thousand(void **state)
{
	(void)state;
	store_testing_each(limits_body);
}

static fault *keep_only(struct tx *tx, void *what)
{
	struct looking *l = what;

	TRY(batch_keep(tx, l->by, S("Half"), S("bakery.example\ncafe.example"), &l->got));
	l->batch = l->got.id;
	return NULL;
}

static void interrupted_body(struct store_testing *with)
{
	struct looking l = { .batch = ID_NONE };
	struct batch taken;
	struct cast cast;

	open_cast(with, &cast);
	l.by = &cast.ada;
	assert_null(store_run(with->store, STORE_WRITE, with->arena, "keep", keep_only, &l));
	assert_int_equal(l.got.of[BATCH_OPEN], 2); /* the process died here */
	assert_null(take(with, &cast.ada, "bakery.example\ncafe.example\n", &taken));
	assert_true(id_eq(taken.id, l.batch));
	assert_int_equal(taken.of[BATCH_STARTED], 2);
	assert_true(str_eq(taken.name, S("Half")));
}

static void handing_in_again_goes_on_where_it_stopped(void **state)
{
	(void)state;
	store_testing_each(interrupted_body);
}

static void a_report_is_csv_that_no_spreadsheet_takes_for_a_formula(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct batch_line line = { .line = 7,
				   .domain = S("=1+1"),
				   .administrator = S("a \"b\" c"),
				   .outcome = BATCH_REFUSED,
				   .said = S("No,\nnot this.") };
	str csv = batch_json_csv(arena, &(struct batch_lines){ &line, 1 });
	(void)state;

	assert_true(str_find(csv, S("\"7\",\"'=1+1\",\"a \"\"b\"\" c\",\"refused\",\"No,\nnot "
				    "this.\",\"\",\"\",\"\"\r\n")) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_every_shape_are_the_same_list_and_start_once),
		cmocka_unit_test(one_bad_line_harms_no_other),
		cmocka_unit_test(a_list_is_its_partners),
		cmocka_unit_test(a_list_has_at_least_one_line_and_at_most_five_thousand),
		cmocka_unit_test(handing_in_again_goes_on_where_it_stopped),
		cmocka_unit_test(a_report_is_csv_that_no_spreadsheet_takes_for_a_formula),
	};

	return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
