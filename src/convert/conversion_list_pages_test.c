/* Lists, the board and many at once as the pages and the API answer them, without a socket. */
#include "convert/conversion_list_pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "conversion_sql.h"
#include "convert/batch_pages.h"
#include "convert/conversion_row.h"
#include "store/store_testing.h"
#include "web/web.h"

enum { ADAS = CONVERSION_LIST_PAGE + 3 };

/* Who is at the door of the next question. */
static struct visitor at_the_door;

static fault *door_of_test(struct tx *tx, str cookie, str bearer, struct visitor *who)
{
	(void)tx;
	(void)cookie;
	(void)bearer;
	*who = at_the_door;
	return NULL;
}

struct cast {
	struct account ada, bob, olga;
	id first; /* of Ada's conversions */
};

static fault *cast_open(struct tx *tx, void *with)
{
	struct cast *cast = with;
	struct conversion made;

	TRY(account_open(tx, S("ada@example.test"), S("Ada"), ROLE_PARTNER, STR_NONE, &cast->ada));
	TRY(account_open(tx, S("bob@example.test"), S("Bob"), ROLE_PARTNER, STR_NONE, &cast->bob));
	TRY(account_open(tx, S("olga@example.test"), S("Olga"), ROLE_OPERATOR, STR_NONE,
			 &cast->olga));
	for (int i = 0; i < ADAS; i++) {
		const struct asker ada = { cast->ada.id, ROLE_PARTNER, S("test") };
		str domain = str_format(tx_arena(tx), "tenant-%02d.example", i);

		TRY(conversion_start(tx, &ada, domain, STR_NONE, &made));
		if (i == 0)
			cast->first = made.id;
	}
	return NULL;
}

static void enter(const struct account *account)
{
	at_the_door = (struct visitor){
		.account = account->id,
		.role = account->role == ROLE_OPERATOR ? OPERATOR : PARTNER,
		.name = account->name,
		.email = account->email,
		.form_token = S("token"),
	};
}

static struct web_exchange ask(struct store_testing *with, enum method method, const char *target,
			       const char *body)
{
	static const struct log_pair headers[] = {
		{ "Content-Type", S("application/x-www-form-urlencoded") },
		{ "Authorization", S("Bearer novate_test") },
	};
	const struct route_table tables[] = { conversion_list_pages_routes, batch_pages_routes };
	const struct web_settings settings = {
		.public_url = S("https://novate.example"),
		.store = with->store,
		.world = &with->world.world,
		.tables = tables,
		.table_count = COUNT(tables),
		.session_cookie = "novate",
		.door = door_of_test,
	};
	struct web_exchange exchange = { .method = method,
					 .target = str_of(target),
					 .headers = headers,
					 .header_count = COUNT(headers),
					 .body = str_of(body) };
	fault *f = web_exchange(&settings, with->arena, &exchange);

	if (f)
		fail_msg("%s: %s", target, f->said);
	return exchange;
}

static struct web_exchange get(struct store_testing *with, const char *target)
{
	return ask(with, GET, target, "");
}

static bool has(const struct web_exchange *exchange, const char *part)
{
	return str_find(exchange->answer, str_of(part)) >= 0;
}

static str header_of(const struct web_exchange *exchange, const char *name)
{
	for (size_t i = 0; i < exchange->answer_header_count; i++)
		if (str_eq_nocase(str_of(exchange->answer_headers[i].key), str_of(name)))
			return exchange->answer_headers[i].value;
	return STR_NONE;
}

static size_t rows_of(const struct web_exchange *exchange)
{
	json_t *rows = json_loadb(exchange->answer.at, exchange->answer.len, 0, NULL);
	size_t count = json_array_size(rows);

	json_decref(rows);
	return count;
}

/* From "<https://novate.example/api/…>; rel="next"" to the path. */
static const char *next_of(struct arena *keep, const struct web_exchange *exchange)
{
	str link = header_of(exchange, "Link");
	ptrdiff_t end = str_find(link, S(">"));
	size_t from = sizeof "<https://novate.example" - 1;

	return end < 0 ? NULL : str_cstr(keep, str_part(link, from, (size_t)end - from));
}

static void pages_body(struct store_testing *with)
{
	struct cast cast;

	assert_null(store_run(with->store, STORE_WRITE, with->arena, "cast", cast_open, &cast));
	enter(&cast.ada);

	struct web_exchange first = get(with, "/api/v1/conversions?state=running&text=TENANT");
	const char *next = next_of(with->arena, &first);

	assert_int_equal(first.status, 200);
	assert_int_equal(rows_of(&first), CONVERSION_LIST_PAGE);
	assert_non_null(next);
	assert_non_null(strstr(next, "state=running&text=TENANT&after="));

	struct web_exchange second = get(with, next);

	assert_int_equal(rows_of(&second), 3);
	assert_null(next_of(with->arena, &second));
	enter(&cast.bob);
	struct web_exchange bobs = get(with, next);
	assert_int_equal(rows_of(&bobs), 0);
}

static void the_api_leads_from_page_to_page_and_keeps_the_filter(void **state)
{
	(void)state;
	store_testing_each(pages_body);
}

static void answers_body(struct store_testing *with)
{
	static const struct {
		const char *target;
		bool as_bob;
		int status;
		const char *says; /* or NULL */
	} rows[] = {
		{ "/partner/conversions", false, 200, "Waits for you <span class=\"badge\">0<" },
		{ "/partner/conversions", false, 200, "Under way <span class=\"badge\">53<" },
		{ "/partner/conversions?state=running", false, 200, "?state=running&amp;after=" },
		{ "/partner/conversions?text=%22%3E%3Cb%3E", false, 200,
		  "value=\"&quot;&gt;&lt;b&gt;\"" },
		{ "/partner/conversions?text=nothing", false, 200, "No conversion is like this." },
		{ "/partner/conversions", true, 200, "No conversions yet." },
		{ "/partner/conversions?state=gone", false, 400, "no word for a state" },
		{ "/partner/conversions?after=1", false, 400, "cannot be found" },
		{ "/partner/conversions?batch=bat_0000000000001", false, 404, "no such list" },
		{ "/partner/conversions?batch=x", false, 400, "no word for a list" },
		{ "/partner/conversions/board", false, 200, "53 conversions are under way." },
		{ "/partner/conversions/board", true, 200, "0 conversions are under way." },
		{ "/api/v1/conversions/board", false, 200, "\"all\":53" },
		{ "/partner/conversions/many/bat_0000000000001", false, 404, "no such list" },
		{ "/partner/conversions/many/x", false, 404, "no such list" },
	};
	struct cast cast;

	assert_null(store_run(with->store, STORE_WRITE, with->arena, "cast", cast_open, &cast));
	for (size_t i = 0; i < COUNT(rows); i++) {
		enter(rows[i].as_bob ? &cast.bob : &cast.ada);
		struct web_exchange seen = get(with, rows[i].target);

		if (seen.status != rows[i].status || !has(&seen, rows[i].says))
			fail_msg("row %zu: %d %.*s", i, seen.status, STR(seen.answer));
	}
}

static void each_address_answers_as_it_should(void **state)
{
	(void)state;
	store_testing_each(answers_body);
}

static void many_body(struct store_testing *with)
{
	static const char list[] = "name=Two&tenants=domain%3Badministrator%0D%0A"
				   "bakery.example%3B%0D%0Anot+a+domain%3B";
	struct cast cast;
	const char *name;
	json_t *batch;

	assert_null(store_run(with->store, STORE_WRITE, with->arena, "cast", cast_open, &cast));
	enter(&cast.ada);
	struct web_exchange made = ask(with, POST, "/api/v1/conversions/many", list);
	assert_int_equal(made.status, 201);
	batch = json_loadb(made.answer.at, made.answer.len, 0, NULL);
	name = json_string_value(json_object_get(batch, "id"));
	assert_int_equal(json_integer_value(json_object_get(batch, "started")), 1);
	assert_int_equal(json_integer_value(json_object_get(batch, "refused")), 1);

	struct web_exchange again = ask(with, POST, "/api/v1/conversions/many", list);
	assert_true(has(&again, name));

	const char *page = str_format(with->arena, "/partner/conversions/many/%s", name).at;
	struct web_exchange seen = get(with, page);
	assert_int_equal(seen.status, 200);
	assert_true(has(&seen, "2 tenants: 1 started, 1 refused."));
	struct web_exchange of = get(
		with, str_format(with->arena, "/partner/conversions?batch=%s", name).at);
	assert_true(has(&of, "bakery.example") && !has(&of, "tenant-00.example"));
	enter(&cast.bob);
	assert_int_equal(get(with, page).status, 404);
	enter(&cast.olga);
	assert_int_equal(get(with, page).status, 200);
	json_decref(batch);
}

static void a_list_is_handed_in_through_the_api_and_seen_by_its_partner(void **state)
{
	(void)state;
	store_testing_each(many_body);
}

static fault *wait_for_an_operator(struct tx *tx, void *with)
{
	struct cast *cast = with;
	int64_t changed;

	return conversion_set_waiting(tx,
				      &(struct conversion_set_waiting_in){
					      .id = cast->first,
					      .waits_for = conversion_row_waits(WAITS_OPERATOR),
					      .at = tx_now(tx),
					      .why = S("Provisioning takes long."),
					      .next_thing = S("Open a ticket.") },
				      &changed);
}

static void board_body(struct store_testing *with)
{
	struct cast cast;

	assert_null(store_run(with->store, STORE_WRITE, with->arena, "cast", cast_open, &cast));
	assert_null(store_run(with->store, STORE_WRITE, with->arena, "wait", wait_for_an_operator,
			      &cast));
	enter(&cast.ada);
	struct web_exchange adas = get(with, "/partner/conversions/board");
	assert_true(has(&adas, ">1 operator</a>") && !has(&adas, ">1 you</a>"));
	enter(&cast.olga);
	struct web_exchange olgas = get(with, "/partner/conversions/board");
	assert_true(has(&olgas, ">1 you</a>") && !has(&olgas, ">1 operator</a>"));
}

static void the_board_says_you_to_whoever_is_waited_for(void **state)
{
	(void)state;
	store_testing_each(board_body);
}

/* What was begun before the list came leads to its page. */
static void already_body(struct store_testing *with)
{
	static const char list[] = "name=Again&tenants=tenant-00.example%0Anot+a+domain";
	struct cast cast;

	assert_null(store_run(with->store, STORE_WRITE, with->arena, "cast", cast_open, &cast));
	enter(&cast.ada);
	struct web_exchange made = ask(with, POST, "/api/v1/conversions/many", list);
	json_t *batch = json_loadb(made.answer.at, made.answer.len, 0, NULL);
	struct web_exchange seen = get(with,
				       str_format(with->arena, "/partner/conversions/many/%s",
						  json_string_value(json_object_get(batch, "id")))
					       .at);

	json_decref(batch);
	assert_true(has(&seen, "1 under way before, 1 refused."));
	assert_true(
		has(&seen, str_format(with->arena,
				      "<a href=\"/partner/conversions/%.*s\">tenant-00.example</a>",
				      STR(id_text(with->arena, "cnv", cast.first)))
				   .at));
	assert_true(has(&seen, "<td>not a domain</td>"));
}

static void a_line_that_was_under_way_leads_to_its_conversion(void **state)
{
	(void)state;
	store_testing_each(already_body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_api_leads_from_page_to_page_and_keeps_the_filter),
		cmocka_unit_test(each_address_answers_as_it_should),
		cmocka_unit_test(a_list_is_handed_in_through_the_api_and_seen_by_its_partner),
		cmocka_unit_test(the_board_says_you_to_whoever_is_waited_for),
		cmocka_unit_test(a_line_that_was_under_way_leads_to_its_conversion),
	};

	return cmocka_run_group_tests_name("conversion_list_pages", tests, NULL, NULL);
}
