#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "microsoft/asking.h"
#include "microsoft/pace.h"
#include "microsoft/refusal.h"
#include "microsoft/scripted.h"

static const struct asking graph = { .name = "graph.test",
				     .as = TOKEN_GRAPH,
				     .tenant = { "contoso", 7 },
				     .path = { "/v1.0/things", 12 } };
static const struct asking partner_center = { .name = "partnercenter.test",
					      .as = TOKEN_PARTNER_APP,
					      .path = { "/v1/things", 10 } };

static fault *count_item(struct microsoft_work *w, const json_t *item, void *with)
{
	(void)w;
	*(int64_t *)with += reading_number(item, "n", 0);
	return NULL;
}

static void pages_are_read_to_the_end_even_past_an_empty_one(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET https://graph.test/v1.0/things", 200,
		  "{\"value\":[{\"n\":1},{\"n\":2}],"
		  "\"@odata.nextLink\":\"https://graph.test/v1.0/things?$skiptoken=a\"}" },
		{ "GET https://graph.test/v1.0/things?$skiptoken=a", 200,
		  "{\"value\":[],"
		  "\"@odata.nextLink\":\"https://graph.test/v1.0/things?$skiptoken=b\"}" },
		{ "GET https://graph.test/v1.0/things?$skiptoken=b", 200,
		  "{\"value\":[{\"n\":4}]}" },
	};
	struct scripted s;
	int64_t sum = 0;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(asking_pages(&s.work, &graph, count_item, &sum));
	assert_int_equal(sum, 7);
	assert_true(scripted_done(&s));
	scripted_close(&s);
}

static void partner_center_pages_carry_their_token(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET https://partner.test/v1/things", 200,
		  "\xef\xbb\xbf{\"Items\":[{\"N\":1}],\"Links\":{\"Next\":{\"Uri\":"
		  "\"/things?seekOperation=Next\",\"Headers\":[{\"Key\":"
		  "\"MS-ContinuationToken\",\"Value\":\"go on\"}]}}}" },
		{ "GET https://partner.test/v1/things?seekOperation=Next", 200,
		  "{\"items\":[{\"n\":2}],\"links\":{}}" },
	};
	struct scripted s;
	int64_t sum = 0;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(asking_pages(&s.work, &partner_center, count_item, &sum));
	assert_int_equal(sum, 3);
	assert_true(str_is_none(s.asked[0].continuation));
	assert_true(str_eq(s.asked[1].continuation, S("go on")));
	scripted_close(&s);
}

static void a_link_to_another_host_is_refused(void **state)
{
	static const char *const links[] = { "https://evil.test/v1.0/things",
					     "https://graph.test.evil.test/v1.0/things",
					     "https://graph.test@evil.test/", "http://graph.test/",
					     "https://graph.testing/v1.0" };
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	for (size_t i = 0; i < COUNT(links); i++) {
		str body = str_format(s.arena, "{\"value\":[],\"@odata.nextLink\":\"%s\"}",
				      links[i]);
		struct scripted_row row = { "GET /v1.0/things", 200, body.at };
		int64_t sum = 0;

		scripted_play(&s, &row, 1);
		assert_int_equal(asking_pages(&s.work, &graph, count_item, &sum)->kind,
				 FAULT_REMOTE);
		assert_int_equal(s.asked_count, 1);
	}
	scripted_close(&s);
}

static void a_401_takes_a_new_token_once(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET /v1.0/things", 401, "{}" },
		{ "GET /v1.0/things", 200, "{\"n\":5}" },
		{ "GET /v1.0/things", 401, "{}" },
		{ "GET /v1.0/things", 401,
		  "{\"error\":{\"code\":\"InvalidAuthenticationToken\"}}" },
	};
	struct scripted s;
	json_t *json = NULL;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(asking_json(&s.work, &graph, &json));
	reading_end(&json);
	assert_true(str_eq(s.asked[0].bearer, S("Bearer token-1")));
	assert_true(str_eq(s.asked[1].bearer, S("Bearer token-2")));
	assert_true(str_eq(s.asked[0].request, s.asked[1].request));
	assert_true(str_is_guid(s.asked[0].request));
	assert_int_equal(asking_json(&s.work, &graph, &json)->kind, FAULT_DENIED);
	scripted_close(&s);
}

static void every_call_leaves_a_note_lost_ones_too(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET /v1/things", 200, "{}", "MS-RequestId", "theirs" },
		{ "GET /v1/things", 0, NULL },
	};
	struct scripted s;
	json_t *json = NULL;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(asking_json(&s.work, &partner_center, &json));
	reading_end(&json);
	assert_int_equal(asking_json(&s.work, &partner_center, &json)->kind, FAULT_REMOTE);

	const struct microsoft_call_note *lost = s.work.calls, *good = lost->next;

	assert_int_equal(lost->status, 0);
	assert_true(str_eq(lost->request_id, s.asked[1].request));
	assert_int_equal(good->status, 200);
	assert_true(str_eq(good->request_id, S("theirs")));
	assert_string_equal(good->name, "partnercenter.test");
	assert_string_equal(good->next->name, "signin.token");
	assert_null(good->next->next);
	scripted_close(&s);
}

static void ids_derived_are_stable_and_distinct(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	str from = S("1c9e0b77-2f61-4d08-b5a3-7e6d40c9a812");
	str cart = microsoft_derived_guid(arena, from, "cart");

	(void)state;
	assert_true(str_is_guid(cart));
	assert_true(str_eq(
		cart,
		microsoft_derived_guid(arena, S("1C9E0B77-2F61-4D08-B5A3-7E6D40C9A812"), "cart")));
	assert_false(str_eq(cart, microsoft_derived_guid(arena, from, "checkout")));
	assert_false(str_eq(cart, from));
}

/* Whoever asks the same service meanwhile is sent away before a call is made. */
static void one_429_lets_everybody_rest(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET https://partner.test/v1/things", 429, "{\"statusCode\":429}", "Retry-After",
		  "30" },
		{ "GET https://graph.test/v1.0/things", 200, "{}" },
		{ "GET https://partner.test/v1/things", 200, "{}" },
	};
	struct microsoft_work other;
	struct scripted s;
	json_t *json;
	fault *f;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	f = asking_json(&s.work, &partner_center, &json);
	assert_int_equal(f->kind, FAULT_BUSY);
	assert_int_equal(f->retry_after, 30);
	assert_false(pace_is_wait(f)); /* this one was told so by the vendor */
	other = (struct microsoft_work){ .ms = s.ms, .arena = s.arena };
	f = asking_json(&other, &partner_center, &json);
	assert_true(pace_is_wait(f));
	assert_int_equal(s.asked_count, 1);
	assert_null(asking_json(&other, &graph, &json));
	json_decref(json);
	s.world.at = instant_after(s.world.at, SECONDS(30));
	assert_null(asking_json(&other, &partner_center, &json));
	json_decref(json);
	assert_true(scripted_done(&s));
	scripted_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_read_to_the_end_even_past_an_empty_one),
		cmocka_unit_test(partner_center_pages_carry_their_token),
		cmocka_unit_test(a_link_to_another_host_is_refused),
		cmocka_unit_test(a_401_takes_a_new_token_once),
		cmocka_unit_test(one_429_lets_everybody_rest),
		cmocka_unit_test(every_call_leaves_a_note_lost_ones_too),
		cmocka_unit_test(ids_derived_are_stable_and_distinct),
	};

	return cmocka_run_group_tests_name("asking", tests, NULL, NULL);
}
