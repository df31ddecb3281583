#include "sandbox/fault_rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/fault_said.h"
#include "sandbox/sandbox_testing.h"

#define SKUS  S("/v1.0/subscribedSkus")
#define USERS S("/v1.0/users")

static fault *add_line(struct tx *tx, void *with)
{
	return fault_said_line(tx, *(const str *)with);
}

static void on(struct sandbox_testing *t, str line)
{
	sandbox_testing_do(t, add_line, &line);
}

static struct sandbox_testing_answer graph(struct sandbox_testing *t, str target)
{
	return sandbox_testing_ask(t, GET, sandbox_testing_token(t, TOKEN_GRAPH, t->bakery), target,
				   STR_NONE);
}

static struct sandbox_testing_answer partner(struct sandbox_testing *t, str target)
{
	return sandbox_testing_ask(t, GET, sandbox_testing_token(t, TOKEN_PARTNER, t->partner),
				   target, STR_NONE);
}

static str header_of(const struct sandbox_testing_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->exchange.answer_header_count; i++)
		if (str_eq_nocase(str_of(answer->exchange.answer_headers[i].key), str_of(name)))
			return answer->exchange.answer_headers[i].value;
	return STR_NONE;
}

/* One call meets the rule, the next does not. */
static void each_kind_of_failure_has_the_shape_of_its_service(void **state)
{
	static const struct {
		const char *line;
		bool partner;
		int status;
		const char *path, *text; /* a member of the body */
		const char *header, *value;
	} rows[] = {
		{ "graph 429 1 7", false, 429, "error/code", "TooManyRequests", "Retry-After",
		  "7" },
		{ "graph 503", false, 503, "error/code", "serviceNotAvailable", NULL, NULL },
		{ "graph 500", false, 500, "error/code", "generalException", NULL, NULL },
		{ "graph expired", false, 401, "error/code", "InvalidAuthenticationToken",
		  "WWW-Authenticate", "Bearer error=\"invalid_token\"" },
		{ "graph consent", false, 403, "error/code", "Authorization_RequestDenied", NULL,
		  NULL },
		{ "any 502", false, 502, "error/code", "generalException", NULL, NULL },
		{ "partnercenter 429 1 57", true, 429, "message",
		  "Rate limit is exceeded. Try again in 57 seconds.", "Retry-After", "57" },
		{ "partnercenter 429", true, 429, "message", "Rate limit is exceeded.", NULL,
		  NULL },
		{ "partnercenter 429 1 57 --shape service", true, 429, "source", "PartnerFD",
		  "Retry-After", "57" },
		{ "partnercenter 500 --shape text", true, 500, "code", "800003", NULL, NULL },
		{ "partnercenter 500 --shape newer", true, 500, "errorName", "SandboxFault", NULL,
		  NULL },
		{ "partnercenter 409", true, 409, "source", "PartnerFD", NULL, NULL },
		{ "partnercenter expired", true, 401, "source", "PartnerFD", "WWW-Authenticate",
		  "Bearer error=\"invalid_token\"" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		str target = rows[i].partner ? S("/v1/customers") : SKUS;
		on(*state, str_of(rows[i].line));
		struct sandbox_testing_answer got = rows[i].partner ? partner(*state, target)
								    : graph(*state, target);
		assert_int_equal(got.status, rows[i].status);
		assert_string_equal(sandbox_testing_text(&got, rows[i].path).at, rows[i].text);
		if (rows[i].header)
			assert_true(str_eq(header_of(&got, rows[i].header), str_of(rows[i].value)));
		assert_false(str_is_none(header_of(&got, "X-Sandbox-Fault")));
		got = rows[i].partner ? partner(*state, target) : graph(*state, target);
		assert_int_equal(got.status, 200);
		assert_true(str_is_none(header_of(&got, "X-Sandbox-Fault")));
	}
}

/* Libraries make their message of these (client facts §2). */
static void the_sign_in_fails_as_it_refuses(void **state)
{
	static const struct {
		const char *line, *error, *suberror;
		int status, number;
	} rows[] = {
		{ "login 503 1 3", "temporarily_unavailable", NULL, 503, 90033 },
		{ "login 429 1 3", "temporarily_unavailable", NULL, 429, 90033 },
		{ "login expired", "invalid_grant", NULL, 400, 700082 },
		{ "login consent", "invalid_grant", "consent_required", 400, 65001 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		on(*state, str_of(rows[i].line));
		struct sandbox_testing_answer got = sandbox_testing_ask(
			*state, POST, STR_NONE, S("/common/oauth2/v2.0/token"), S("grant_type=x"));
		assert_int_equal(got.status, rows[i].status);
		assert_string_equal(sandbox_testing_text(&got, "error").at, rows[i].error);
		assert_int_equal(sandbox_testing_number(&got, "error_codes/0"), rows[i].number);
		assert_true(str_is_guid(sandbox_testing_text(&got, "trace_id")));
		assert_true(str_is_guid(sandbox_testing_text(&got, "correlation_id")));
		assert_int_equal(sandbox_testing_text(&got, "timestamp").len,
				 S("2026-01-01 00:00:00Z").len);
		assert_true(str_find(sandbox_testing_text(&got, "error_uri"), S("/error?code=")) >
			    0);
		if (rows[i].suberror)
			assert_string_equal(sandbox_testing_text(&got, "suberror").at,
					    rows[i].suberror);
	}
}

static void a_rule_waits_for_its_address_and_for_its_turn(void **state)
{
	on(*state, S("graph 503 2 --path /users --after 1"));
	assert_int_equal(graph(*state, SKUS).status, 200);
	assert_int_equal(graph(*state, USERS).status, 200);
	assert_int_equal(graph(*state, USERS).status, 503);
	assert_int_equal(graph(*state, SKUS).status, 200);
	assert_int_equal(graph(*state, USERS).status, 503);
	assert_int_equal(graph(*state, USERS).status, 200);
}

static fault *clear(struct tx *tx, void *with)
{
	return fault_rule_clear(tx, S("graph"), with);
}

/* Which of sixty calls fail, as bits. */
static uint64_t struck_by(struct sandbox_testing *t, str line, int *count)
{
	uint64_t struck = 0;
	int64_t cleared = 0;

	on(t, line);
	*count = 0;
	for (int i = 0; i < 60; i++)
		if (graph(t, SKUS).status == 503) {
			struck |= (uint64_t)1 << i;
			++*count;
		}
	sandbox_testing_do(t, clear, &cleared);
	assert_int_equal(cleared, 1);
	return struck;
}

static void the_same_seed_strikes_the_same_calls(void **state)
{
	int some, again, other;
	uint64_t first = struck_by(*state, S("graph 503 --rate 25% --seed 42"), &some);

	assert_true(some > 5 && some < 30);
	assert_true(struck_by(*state, S("graph 503 --rate 25% --seed 42"), &again) == first);
	assert_true(struck_by(*state, S("graph 503 --rate 25% --seed 43"), &other) != first);
}

static void a_slow_call_does_what_it_is_asked_and_answers_later(void **state)
{
	on(*state, S("graph slow 2500 1 /users"));
	struct sandbox_testing_answer got = graph(*state, USERS);
	assert_int_equal(got.status, 200);
	assert_int_equal(got.exchange.later, 2500);
	got = graph(*state, USERS);
	assert_int_equal(got.exchange.later, 0);
}

/* Where the administrator is, written by a call and read again. */
static str located(struct sandbox_testing *t, str user)
{
	struct sandbox_testing_answer got = graph(
		t, str_format(t->arena, "%.*s?$select=usageLocation", STR(user)));

	return str_copy(t->arena, sandbox_testing_text(&got, "usageLocation"));
}

static int locate(struct sandbox_testing *t, str user, str country)
{
	return sandbox_testing_ask(
		       t, PATCH, sandbox_testing_token(t, TOKEN_GRAPH, t->bakery), user,
		       str_format(t->arena, "{\"usageLocation\":\"%.*s\"}", STR(country)))
		.status;
}

static void a_reset_call_has_no_effect_and_a_lost_one_has(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = graph(t, S("/v1.0/users?$top=1"));
	str user = str_format(t->arena, "/v1.0/users/%.*s",
			      STR(sandbox_testing_text(&got, "value/0/id")));

	assert_int_equal(locate(t, user, S("US")), 204);
	on(t, S("graph reset 1 /users"));
	assert_int_equal(locate(t, user, S("DE")), 0);
	assert_true(str_eq(located(t, user), S("US")));
	on(t, S("graph lose 1 /users"));
	assert_int_equal(locate(t, user, S("DE")), 0);
	assert_true(str_eq(located(t, user), S("DE")));
}

static void a_list_can_be_an_empty_page_with_the_way_to_the_next(void **state)
{
	on(*state, S("graph page"));
	struct sandbox_testing_answer got = graph(*state, S("/v1.0/users?$top=5"));
	assert_int_equal(json_array_size(json_object_get(got.json, "value")), 0);
	str next = sandbox_testing_text(&got, "@odata.nextLink");
	assert_true(str_ends(next, S("/v1.0/users?$top=5")));
	assert_false(str_ends(next, S("/v1.0/v1.0/users?$top=5")));
	got = graph(*state, S("/v1.0/users?$top=5"));
	assert_true(json_array_size(json_object_get(got.json, "value")) > 0);
}

static void what_was_bought_stays_hidden_or_pending_while_it_is_told_to(void **state)
{
	struct sandbox_testing *t = *state;
	sandbox_testing_accept(t, t->bakery);
	str bought = sandbox_testing_buy(t, t->bakery, 3);
	str list = str_format(t->arena, "/v1/customers/%.*s/subscriptions", STR(t->bakery));

	sandbox_testing_wait(t, HOURS(1));
	on(t, S("partnercenter hidden 1 /subscriptions"));
	on(t, S("partnercenter pending 1 /subscriptions"));
	struct sandbox_testing_answer got = partner(t, list);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 0);
	got = partner(t, list);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 1);
	assert_true(str_eq(sandbox_testing_text(&got, "items/0/id"), bought));
	assert_true(str_eq(sandbox_testing_text(&got, "items/0/status"), S("pending")));
	got = partner(t, list);
	assert_true(str_eq(sandbox_testing_text(&got, "items/0/status"), S("active")));
}

static void stale_answers_are_the_first_one_again_then_the_truth(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got;

	sandbox_testing_accept(t, t->bakery);
	on(t, S("graph stale 2 /subscribedSkus"));
	got = graph(t, SKUS);
	int64_t before = sandbox_testing_number(&got, "value/0/prepaidUnits/enabled");
	(void)sandbox_testing_buy(t, t->bakery, 3);
	sandbox_testing_wait(t, HOURS(1));
	for (int i = 0; i < 2; i++) {
		got = graph(t, SKUS);
		assert_int_equal(sandbox_testing_number(&got, "value/0/prepaidUnits/enabled"),
				 before);
	}
	got = graph(t, SKUS);
	assert_int_equal(sandbox_testing_number(&got, "value/0/prepaidUnits/enabled"), before + 3);
}

static void a_byte_order_mark_stands_before_the_answer(void **state)
{
	on(*state, S("graph bom"));
	struct sandbox_testing_answer got = graph(*state, SKUS);
	assert_true(str_starts(got.exchange.answer, S("\xEF\xBB\xBF{")));
	got = graph(*state, SKUS);
	assert_true(str_starts(got.exchange.answer, S("{")));
}

static void an_older_spelling_says_the_same(void **state)
{
	struct sandbox_testing *t = *state;
	str list = str_format(t->arena, "/v1/customers/%.*s/subscriptions", STR(t->bakery));

	sandbox_testing_accept(t, t->bakery);
	str bought = sandbox_testing_buy(t, t->bakery, 3);
	on(t, S("partnercenter older"));
	struct sandbox_testing_answer got = partner(t, list);
	assert_int_equal(sandbox_testing_number(&got, "TotalCount"), 1);
	assert_true(str_eq(sandbox_testing_text(&got, "Items/0/Id"), bought));
	assert_true(str_eq(sandbox_testing_text(&got, "Items/0/Attributes/ObjectType"),
			   S("Subscription")));
	assert_false(str_ends(sandbox_testing_text(&got, "Items/0/CreationDate"), S("Z")));
	got = partner(t, list);
	assert_true(str_ends(sandbox_testing_text(&got, "items/0/creationDate"), S("Z")));
}

static fault *deliver(struct tx *tx, void *with)
{
	return fault_rule_webhook(tx, S("subscription-updated"), with);
}

static void events_are_lost_doubled_delayed_or_late(void **state)
{
	struct fault_rule_delivery how;

	on(*state, S("webhook duplicate 1 subscription"));
	on(*state, S("webhook slow 3000"));
	on(*state, S("webhook reorder 1 referral"));
	sandbox_testing_do(*state, deliver, &how);
	assert_true(how.twice && !how.lost && !how.after_next && how.millis == 3000);
	on(*state, S("webhook lose"));
	sandbox_testing_do(*state, deliver, &how);
	assert_true(how.lost && !how.twice && how.millis == 0);
	sandbox_testing_do(*state, deliver, &how);
	assert_false(how.lost || how.twice || how.after_next);
}

struct trying {
	str line;
	fault *made;
};

static fault *try(struct tx *tx, void *with)
{
	struct trying *trying = with;

	trying->made = fault_said_line(tx, trying->line);
	return NULL;
}

static void a_wrong_word_is_named(void **state)
{
	static const struct {
		const char *line, *said;
	} rows[] = {
		{ "grph 503", "\"grph\" is no service" },
		{ "graph 200", "400 to 599" },
		{ "graph", "Say which service fails, and how" },
		{ "graph broken 1", "\"broken\" is no kind of fault" },
		{ "graph 503 many", "The count is a whole number, not \"many\"" },
		{ "graph 503 0", "The count of a fault is 1 to" },
		{ "graph 503 1 99999", "Retry-After is 0 to 86400" },
		{ "graph 503 1 2 3", "\"3\" is one word too many" },
		{ "graph slow", "Say how slow" },
		{ "graph slow 0", "1 to 60000 milliseconds" },
		{ "graph pending", "does not go with graph, only with: partnercenter" },
		{ "webhook 503", "does not go with webhook" },
		{ "graph duplicate", "only with: webhook" },
		{ "graph 503 --rate 0%", "is no rate" },
		{ "graph 503 --rate 101%", "is no rate" },
		{ "graph 503 --rate 5% --seed x", "The seed is a whole number" },
		{ "graph 503 --shape round", "\"round\" is no shape" },
		{ "graph 503 --shape text", "goes with partnercenter alone" },
		{ "graph 503 --after -1", "--after is 0 to" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct trying trying = { .line = str_of(rows[i].line) };
		sandbox_testing_do(*state, try, &trying);
		assert_non_null(trying.made);
		assert_int_equal(trying.made->kind, FAULT_INPUT);
		if (str_find(str_of(trying.made->said), str_of(rows[i].said)) < 0)
			fail_msg("%s: %s", rows[i].line, trying.made->said);
	}
}

static void a_rate_is_said_in_percent(void **state)
{
	static const struct {
		const char *text;
		int64_t rate; /* 0: it is none */
	} rows[] = { { "5%", 50000 },	 { "5", 50000 },    { "100%", 1000000 }, { "0.25%", 2500 },
		     { "0.0001", 1 },	 { "0", 0 },	    { "", 0 },		 { "%", 0 },
		     { "100.0001%", 0 }, { "1.00001%", 0 }, { "-1%", 0 },	 { "a%", 0 } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t rate = 0;
		assert_int_equal(fault_said_rate(str_of(rows[i].text), &rate), rows[i].rate > 0);
		if (rows[i].rate > 0)
			assert_int_equal(rate, rows[i].rate);
	}
}

#define EACH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(each_kind_of_failure_has_the_shape_of_its_service),
		EACH(the_sign_in_fails_as_it_refuses),
		EACH(a_rule_waits_for_its_address_and_for_its_turn),
		EACH(the_same_seed_strikes_the_same_calls),
		EACH(a_slow_call_does_what_it_is_asked_and_answers_later),
		EACH(a_reset_call_has_no_effect_and_a_lost_one_has),
		EACH(a_list_can_be_an_empty_page_with_the_way_to_the_next),
		EACH(what_was_bought_stays_hidden_or_pending_while_it_is_told_to),
		EACH(stale_answers_are_the_first_one_again_then_the_truth),
		EACH(a_byte_order_mark_stands_before_the_answer),
		EACH(an_older_spelling_says_the_same),
		EACH(events_are_lost_doubled_delayed_or_late),
		EACH(a_wrong_word_is_named),
		EACH(a_rate_is_said_in_percent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
