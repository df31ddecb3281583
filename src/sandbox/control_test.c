/* The control page: who is kept out, what it shows, what it changes. */
#include "sandbox/control.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/fault_said.h"
#include "sandbox/identity_testing.h"
#include "sandbox/partner_setting.h"
#include "sandbox/partner_trouble.h"
#include "sandbox/request_log.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_serve.h"
#include "sandbox/sandbox_setting.h"

static const str pages[] = { S("/control"),	   S("/control/tenants"),  S("/control/orders"),
			     S("/control/faults"), S("/control/requests"), S("/control/journal") };

static void must_run(struct identity_testing *t, store_body *body, void *with)
{
	assert_null(store_run(t->store, STORE_WRITE, t->arena, "test", body, with));
}

static fault *make_key(struct tx *tx, void *with)
{
	TRY(control_key_make(tx));
	return control_key(tx, with);
}

static str key_of(struct identity_testing *t)
{
	str key = STR_NONE;

	must_run(t, make_key, &key);
	assert_true(key.len >= 20);
	return key;
}

static void come_in(struct identity_testing *t)
{
	str target = str_format(t->arena, "/control/enter?key=%.*s", STR(key_of(t)));

	assert_int_equal(identity_testing_get(t, target).status, 303);
}

static fault *clock_read(struct tx *tx, void *with)
{
	return sandbox_clock_now(tx, with);
}

static instant now(struct identity_testing *t)
{
	instant at;

	must_run(t, clock_read, &at);
	return at;
}

static void without_its_key_no_page_opens_and_no_form_works(void **state)
{
	struct identity_testing *t = *state;
	instant before = now(t);

	(void)key_of(t);
	for (size_t i = 0; i < COUNT(pages); i++) {
		struct web_exchange got = identity_testing_get(t, pages[i]);
		assert_int_equal(got.status, 200);
		assert_true(identity_testing_says(&got, "wants the key"));
		assert_false(identity_testing_says(&got, "Sandbox time"));
		got = identity_testing_submit(t, &got, S("by=7d"));
		got = identity_testing_get(t, S("/control"));
		got = identity_testing_post(
			t, S("/control/clock"),
			str_format(t->arena, "form_token=%.*s&by=7d",
				   STR(identity_testing_value(t, got.answer, "form_token"))));
		assert_false(got.status == 303);
	}
	assert_int_equal(instant_since(now(t), before), 0);
}

static void a_wrong_key_is_refused_and_the_right_one_remembered(void **state)
{
	struct identity_testing *t = *state;
	str key = key_of(t);
	struct web_exchange got = identity_testing_get(t, S("/control/enter?key=wrong"));

	assert_int_equal(got.status, 403);
	assert_true(identity_testing_says(&got, "This is not the key"));
	assert_int_equal(identity_testing_get(t, S("/control/enter?key=")).status, 403);
	got = identity_testing_get(t, S("/control"));
	got = identity_testing_submit(t, &got, str_format(t->arena, "key=%.*s", STR(key)));
	assert_int_equal(got.status, 303);
	for (size_t i = 0; i < COUNT(pages); i++) {
		got = identity_testing_get(t, pages[i]);
		assert_int_equal(got.status, 200);
		assert_true(identity_testing_says(&got, "Sandbox time"));
	}
	got = identity_testing_get(t, S("/"));
	assert_true(str_eq(identity_testing_header(&got, "Location"), S("/control")));
}

/* The first form of a page is the one that leaves; its token is every form's. */
static struct web_exchange submit(struct identity_testing *t, const char *page, const char *target,
				  const char *form)
{
	struct web_exchange got = identity_testing_get(t, str_of(page));
	str answer = got.answer, field = S("name=\"form_token\" value=\"");
	ptrdiff_t at = str_find(answer, field);

	assert_true(at >= 0);
	str rest = str_part(answer, (size_t)at + field.len, answer.len), token;
	(void)str_next(&rest, '"', &token);
	return identity_testing_post(t, str_of(target),
				     str_format(t->arena, "form_token=%.*s&%s", STR(token), form));
}

static void the_clock_goes_forward_and_says_what_is_no_time(void **state)
{
	struct identity_testing *t = *state;
	instant before = now(t);

	come_in(t);
	assert_int_equal(submit(t, "/control", "/control/clock", "by=3h").status, 303);
	assert_int_equal(instant_since(now(t), before), HOURS(3));
	struct web_exchange got = identity_testing_get(t, S("/control"));
	assert_true(identity_testing_says(&got, "The clock went forward by 3h."));
	assert_int_equal(submit(t, "/control", "/control/clock", "by=soon").status, 303);
	got = identity_testing_get(t, S("/control"));
	assert_true(identity_testing_says(&got, "Say how far"));
	assert_int_equal(instant_since(now(t), before), HOURS(3));
	assert_int_equal(submit(t, "/control", "/control/clock", "speed=60").status, 303);
	got = identity_testing_get(t, S("/control"));
	assert_true(identity_testing_says(&got, "60 times as fast"));
}

static fault *faults_read(struct tx *tx, void *with)
{
	return fault_rule_all(tx, with);
}

static struct fault_rules faults(struct identity_testing *t)
{
	struct fault_rules rules;

	must_run(t, faults_read, &rules);
	return rules;
}

static void a_form_switches_faults_on_and_off(void **state)
{
	static const struct {
		const char *form, *said;
	} rows[] = {
		{ "service=graph&kind=status&status=429&count=2&retry=7&path=/users",
		  "graph 429, Retry-After 7, addresses with /users: 2 left, met by 0 of 0" },
		{ "service=partnercenter&kind=status&status=503&retry=9",
		  "partnercenter 503, Retry-After 9: 1 left, met by 0 of 0" },
		{ "service=login&kind=slow&millis=300&count=3",
		  "login slow by 300 ms: 3 left, met by 0 of 0" },
		{ "service=graph&kind=stale&rate=0.5%25&seed=42&after=10",
		  "graph stale, 0.5% of the calls (seed 42), after 10 calls: until cleared, met by "
		  "0 of 0" },
	};
	struct identity_testing *t = *state;

	come_in(t);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(
			submit(t, "/control/faults", "/control/faults", rows[i].form).status, 303);
		struct fault_rules rules = faults(t);
		assert_int_equal(rules.len, i + 1);
		assert_true(str_eq(fault_said_of(t->arena, &rules.at[i]), str_of(rows[i].said)));
		struct web_exchange got = identity_testing_get(t, S("/control/faults"));
		assert_true(identity_testing_says(&got, rows[i].said));
	}
	const char *remove = str_cstr(
		t->arena, str_format(t->arena, "/control/faults/%.*s/remove",
				     STR(id_text(t->arena, "flt", faults(t).at[0].id))));
	assert_int_equal(submit(t, "/control/faults", remove, "").status, 303);
	assert_int_equal(faults(t).len, COUNT(rows) - 1);
	struct web_exchange got = submit(t, "/control/faults", "/control/faults",
					 "service=login&kind=slow&millis=&path=/token");
	assert_int_equal(got.status, 422);
	assert_true(identity_testing_says(&got, "<option selected>login</option>"));
	assert_true(identity_testing_says(&got, "value=\"/token\""));
	assert_true(identity_testing_says(&got, "The delay in milliseconds is a whole number"));
	assert_int_equal(submit(t, "/control/faults", "/control/faults/clear", "").status, 303);
	assert_int_equal(faults(t).len, 0);
}

static fault *trouble(struct tx *tx, void *with)
{
	struct partner_trouble made = { .kind = PARTNER_TROUBLE_LATE,
					.number = DAYS(1),
					.times = 2 };

	(void)with;
	TRY(partner_setting_put(tx, S("require-mfa"), S("on")));
	TRY(partner_trouble_target(tx, S("SPB"), &made.target));
	return partner_trouble_make(tx, &made);
}

static void what_partner_center_does_wrong_is_shown_with_the_faults(void **state)
{
	struct identity_testing *t = *state;

	come_in(t);
	struct web_exchange got = identity_testing_get(t, S("/control/faults"));
	assert_false(identity_testing_says(&got, "partner-center clear"));
	must_run(t, trouble, NULL);
	got = identity_testing_get(t, S("/control/faults"));
	assert_true(identity_testing_says(&got, "require-mfa on"));
	assert_true(identity_testing_says(&got, " late 86400s, 2 times"));
	assert_false(identity_testing_says(&got, "small-account off"));
}

static void requests_are_listed_filtered_and_shown_one_by_one(void **state)
{
	struct identity_testing *t = *state;
	struct request_log_door at = { .store = t->store };

	t->settings.context = &at;
	t->settings.seen = request_log_seen;
	come_in(t);
	struct web_exchange refused = identity_testing_get(t, S("/v1.0/subscribedSkus"));
	str carried = identity_testing_header(&refused, "request-id");
	assert_true(str_is_guid(carried));
	(void)identity_testing_get(t, S("/common/discovery/instance"));
	struct web_exchange got = identity_testing_get(t, S("/control/requests"));
	assert_true(identity_testing_says(&got, "/v1.0/subscribedSkus"));
	assert_true(identity_testing_says(&got, "/common/discovery/instance"));
	assert_false(identity_testing_says(&got, "</b> /control"));
	got = identity_testing_get(t, S("/control/requests?service=graph&status=4xx"));
	assert_true(identity_testing_says(&got, "/v1.0/subscribedSkus"));
	assert_false(identity_testing_says(&got, "/common/discovery/instance"));
	got = identity_testing_get(
		t, str_format(t->arena, "/control/requests?words=%.*s", STR(carried)));
	assert_true(identity_testing_says(&got, "/v1.0/subscribedSkus"));
	assert_false(identity_testing_says(&got, "/common/discovery/instance"));
	str rest = got.answer, link = S("/control/requests/req_");
	ptrdiff_t found = str_find(rest, link);
	assert_true(found > 0);
	str tail = str_part(rest, (size_t)found, rest.len), target;
	(void)str_next(&tail, '"', &target);
	got = identity_testing_get(t, target);
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_says(&got, "Every request with this id"));
	assert_true(identity_testing_says(&got, str_cstr(t->arena, carried)));
	assert_int_equal(identity_testing_get(t, S("/control/requests/req_nothing")).status, 404);
}

static void tenants_are_found_by_name_and_domain(void **state)
{
	struct identity_testing *t = *state;

	come_in(t);
	struct web_exchange got = identity_testing_get(t, S("/control/tenants?words=LARKSPUR"));
	assert_true(identity_testing_says(&got, "Larkspur Joinery"));
	assert_false(identity_testing_says(&got, "Pinefell"));
	got = identity_testing_get(t, S("/control/tenants?words=nobody"));
	assert_true(identity_testing_says(&got, "No tenant fits"));
}

static int open_all(void **state)
{
	struct identity_testing *t;

	if (identity_testing_open(state) != 0)
		return -1;
	t = *state;
	sandbox_serve_routes(&t->settings, false);
	return 0;
}

static fault *name_partner(struct tx *tx, void *with)
{
	(void)with;
	return sandbox_setting_put(tx, S("partner_tenant"), S(TESTING_PARTNER));
}

static void what_an_administrator_does_is_a_button(void **state)
{
	const char *accept = "/control/tenants/" TESTING_CUSTOMER "/act";
	struct identity_testing *t = *state;

	come_in(t);
	must_run(t, name_partner, NULL);
	struct web_exchange got = identity_testing_get(t, S("/control/tenants?words=larkspur"));
	assert_false(identity_testing_says(&got, "reseller accepted"));
	assert_int_equal(submit(t, "/control/tenants", accept, "what=device").status, 400);
	assert_int_equal(submit(t, "/control/tenants", accept, "what=accept").status, 303);
	got = identity_testing_get(t, S("/control/tenants?words=larkspur"));
	assert_true(identity_testing_says(&got, "has accepted the partner as its reseller"));
	assert_true(identity_testing_says(&got, "reseller accepted"));
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, open_all, identity_testing_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(without_its_key_no_page_opens_and_no_form_works),
		EACH(a_wrong_key_is_refused_and_the_right_one_remembered),
		EACH(the_clock_goes_forward_and_says_what_is_no_time),
		EACH(a_form_switches_faults_on_and_off),
		EACH(what_partner_center_does_wrong_is_shown_with_the_faults),
		EACH(requests_are_listed_filtered_and_shown_one_by_one),
		EACH(tenants_are_found_by_name_and_domain),
		EACH(what_an_administrator_does_is_a_button),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
