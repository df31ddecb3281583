/* Partner Center's door: who comes in with which token, what answers look like. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "sandbox/delegation.h"
#include "sandbox/fault_rule.h"
#include "sandbox/license_group.h"
#include "sandbox/partner_setting.h"
#include "sandbox/partner_testing.h"
#include "sandbox/request_log.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_pass.h"

static fault *put(struct tx *tx, void *with)
{
	const char *const *words = with;

	return partner_setting_put(tx, str_of(words[0]), str_of(words[1]));
}

static str header_of(const struct sandbox_testing_answer *got, const char *name)
{
	for (size_t i = 0; i < got->exchange.answer_header_count; i++)
		if (strcmp(got->exchange.answer_headers[i].key, name) == 0)
			return got->exchange.answer_headers[i].value;
	return STR_NONE;
}

static struct sandbox_testing_answer skus_as(struct sandbox_testing *t,
					     enum sandbox_testing_token as)
{
	return sandbox_testing_ask(t, GET, sandbox_testing_token(t, as, t->partner),
				   partner_testing_path(t, "/subscribedskus"), STR_NONE);
}

static void users_need_a_second_factor_and_rights_where_that_is_asked(void **state)
{
	static const struct {
		const char *setting, *value;
		enum sandbox_testing_token as;
		int status;
		int64_t code;
	} rows[] = {
		{ "require-mfa", "off", TOKEN_PARTNER_USER, 200, 0 },
		{ "require-mfa", "off", TOKEN_PARTNER, 403, 900329 },
		{ "require-mfa", "on", TOKEN_PARTNER_USER, 401, 900421 },
		{ "require-mfa", "on", TOKEN_PARTNER_MFA, 200, 0 },
		{ "no-user-rights", "on", TOKEN_PARTNER_MFA, 403, 900308 },
		{ "no-user-rights", "off", TOKEN_PARTNER_MFA, 200, 0 },
	};
	struct sandbox_testing *t = *state;

	sandbox_testing_accept(t, t->bakery);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *words[] = { rows[i].setting, rows[i].value };
		sandbox_testing_do(t, put, words);
		struct sandbox_testing_answer got = skus_as(t, rows[i].as);
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].code)
			assert_int_equal(sandbox_testing_number(&got, "code"), rows[i].code);
	}
	/* App-only is not affected. */
	assert_int_equal(partner_testing_ask(t, GET, S("/v1/customers"), NULL).status, 200);
}

/* A delegated relationship with these roles, approved, given to the partner's groups. */
struct delegating {
	struct sandbox_testing *t;
	const char *roles;
};
static fault *delegate(struct tx *tx, void *with)
{
	const struct delegating *delegating = with;
	struct delegation one = { .partner = delegating->t->partner,
				  .customer = delegating->t->bakery,
				  .name = str_format(tx_arena(tx), "Roles of %zu",
						     strlen(delegating->roles)),
				  .duration = S("P30D"),
				  .auto_extend = S("PT0S"),
				  .roles = str_of(delegating->roles) };
	struct license_groups groups;
	str request, refused;
	int64_t count;
	bool found;

	TRY(delegation_write(tx, &one, &refused));
	TRY(delegation_find(tx, one.partner, one.id, &one, &found));
	TRY(delegation_act(tx, &one, S("lockForApproval"), &request, &refused));
	TRY(delegation_approve(tx, one.customer, &count));
	assert_int_equal(count, 1);
	for (int step = 0; step < 2; step++) { /* approved, activating, active */
		TRY(sandbox_clock_move(tx, MINUTES(10)));
		TRY(sandbox_pass(tx));
	}
	TRY(delegation_find(tx, one.partner, one.id, &one, &found));
	TRY(license_group_all(tx, one.partner, 0, 10, &groups));
	for (size_t i = 0; i < groups.len; i++)
		TRY(delegation_give(tx, &one, groups.at[i].id, one.roles, &request, &refused));
	return NULL;
}

static void where_roles_are_delegated_only_they_count(void **state)
{
	static const struct {
		const char *roles; /* NULL: none */
		int reading, writing;
	} rows[] = {
		{ NULL, 403, 403 },
		{ "[{\"roleDefinitionId\":\"88d8e3e3-8f55-4a1e-953a-9b9898b8876b\"}]", 200, 403 },
		{ "[{\"roleDefinitionId\": \"4d6ac14f-3453-41d0-bef9-a3e0c569773a\"}]", 200, 201 },
	};
	struct sandbox_testing *t = *state;
	const char *gdap[] = { "require-gdap", "on" };
	const char *body = "{\"licensesToRemove\":[\"" TESTING_STANDARD "\"]}";
	str update = partner_testing_path(
		t, "/users/hanne.okafor@ryeandember.onmicrosoft.com/licenseupdates");

	sandbox_testing_accept(t, t->bakery);
	sandbox_testing_do(t, put, gdap);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct delegating delegating = { t, rows[i].roles };
		if (rows[i].roles)
			sandbox_testing_do(t, delegate, &delegating);
		assert_int_equal(skus_as(t, TOKEN_PARTNER_USER).status, rows[i].reading);
		assert_int_equal(partner_testing_ask_user(t, POST, update, body).status,
				 rows[i].writing);
	}
}

static void who_asks_is_told_whether_the_token_has_a_second_factor(void **state)
{
	static const struct {
		enum sandbox_testing_token as;
		const char *asked, *told;
	} rows[] = {
		{ TOKEN_PARTNER_USER, "true", "false" },
		{ TOKEN_PARTNER_MFA, "true", "true" },
		{ TOKEN_PARTNER_MFA, "false", NULL },
		{ TOKEN_PARTNER, "true", NULL },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		sandbox_testing_header(t, "ValidateMfa", str_of(rows[i].asked));
		struct sandbox_testing_answer got = sandbox_testing_ask(
			t, GET, sandbox_testing_token(t, rows[i].as, t->partner),
			S("/v1/customers"), STR_NONE);
		assert_true(str_eq(header_of(&got, "isMfaCompliant"), str_of(rows[i].told)));
		assert_int_equal(str_is_none(header_of(&got, "isMfaCompliant")), !rows[i].told);
	}
}

static fault *add_rule(struct tx *tx, void *with)
{
	return fault_rule_add(tx, with);
}

static void answers_have_the_shapes_of_the_real_ones(void **state)
{
	struct sandbox_testing *t = *state;
	struct fault_rule busy = { S("partnercenter"), 429, 1, 57, S("") };

	sandbox_testing_header(t, "MS-RequestId", S("5f0c3b1e-6a52-4d0f-9a61-7be2c1d40a11"));
	struct sandbox_testing_answer got = partner_testing_ask(t, GET, S("/v1/customers"), NULL);
	assert_true(str_starts(got.exchange.answer, S("\xEF\xBB\xBF{"))); /* a byte order mark */
	assert_true(
		str_eq(header_of(&got, "MS-RequestId"), S("5f0c3b1e-6a52-4d0f-9a61-7be2c1d40a11")));
	assert_true(str_is_guid(header_of(&got, "MS-CorrelationId")));
	assert_true(str_eq(sandbox_testing_text(&got, "attributes/objectType"), S("Collection")));
	got = partner_testing_ask(t, GET, S("/v1/customers/x"), NULL);
	assert_true(str_eq(sandbox_testing_text(&got, "source"), S("PartnerFD")));
	assert_int_equal(sandbox_testing_number(&got, "code"), 60003);
	sandbox_testing_do(t, add_rule, &busy);
	got = partner_testing_ask(t, GET, S("/v1/customers"), NULL);
	assert_int_equal(got.status, 429);
	assert_true(str_eq(header_of(&got, "Retry-After"), S("57")));
	assert_int_equal(sandbox_testing_number(&got, "statusCode"), 429);
	assert_true(str_eq(sandbox_testing_text(&got, "message"),
			   S("Rate limit is exceeded. Try again in 57 seconds.")));
}

static void a_partner_is_let_do_so_much_a_minute_where_limits_hold(void **state)
{
	struct sandbox_testing *t = *state;
	struct request_log_door *at = t->partner_center.context;
	int good = 0;
	struct sandbox_testing_answer got;

	at->throttle = true;
	for (int i = 0; i < 520; i++) {
		got = partner_testing_ask(t, GET, S("/v1/customers"), NULL);
		good += got.status == 200;
	}
	/* The bucket fills up again while they are asked. */
	assert_in_range(good, 500, 519);
	assert_int_equal(got.status, 429);
	assert_true(str_is_none(header_of(&got, "Retry-After")) == false);
	assert_int_equal(sandbox_testing_number(&got, "statusCode"), 429);
	got = partner_testing_ask(t, GET, S("/v1/products?country=US&targetView=OnlineServices"),
				  NULL);
	assert_int_equal(got.status, 200); /* of another limit */
	at->throttle = false;
	assert_int_equal(partner_testing_ask(t, GET, S("/v1/customers"), NULL).status, 200);
}

static void a_small_account_has_five_subscriptions_of_25_seats(void **state)
{
	struct sandbox_testing *t = *state;
	const char *small[] = { "small-account", "on" };
	const struct partner_testing_line lines[] = {
		{ "CFQ7TTC0LDPB:0001", 25, "monthly" }, { "CFQ7TTC0LDPB:0001", 26, "monthly" },
		{ "CFQ7TTC0LDPB:0001", 1, "monthly" },	{ "CFQ7TTC0LDPB:0001", 1, "monthly" },
		{ "CFQ7TTC0LDPB:0001", 1, "monthly" },	{ "CFQ7TTC0LDPB:0001", 1, "monthly" },
	};

	sandbox_testing_accept(t, t->bakery);
	sandbox_testing_do(t, put, small);
	str cart = partner_testing_cart(t, lines, COUNT(lines));
	struct sandbox_testing_answer got = partner_testing_ask(
		t, GET, str_part(cart, 0, cart.len - S("/checkout").len), NULL);
	const json_t *made = json_object_get(got.json, "lineItems");
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_int_equal(!json_object_get(json_array_get(made, i), "error"),
				 i != 1 && i != 5);
	assert_int_equal(sandbox_testing_number(&got, "lineItems/1/error/errorCode"), 10009);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(users_need_a_second_factor_and_rights_where_that_is_asked),
		WITH(where_roles_are_delegated_only_they_count),
		WITH(who_asks_is_told_whether_the_token_has_a_second_factor),
		WITH(answers_have_the_shapes_of_the_real_ones),
		WITH(a_partner_is_let_do_so_much_a_minute_where_limits_hold),
		WITH(a_small_account_has_five_subscriptions_of_25_seats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
