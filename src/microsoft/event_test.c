/* What an event says and how we come to be told; whether it is Microsoft's is
 * event_signature_test's. */
#include "microsoft/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "microsoft/scripted.h"

#define TENANT "7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7"
#define OURS   "https://novate.example" EVENT_PATH

static void what_does_not_look_like_an_event_is_refused(void **state)
{
	static const struct {
		const char *authorization, *ms, *algorithm, *url, *body, *bytes; /* NULL: refused */
	} rows[] = {
		{ "Signature aGk=", NULL, "rsa-sha256", "https://c/x", "{}", "hi" },
		{ "signature  aGk= ", NULL, "RSA-SHA256", "https://c/x", "{}", "hi" },
		{ NULL, "Signature aGk=", "rsa-sha256", "https://c/x", "{}", "hi" },
		{ "Bearer nvt_x", "Signature aGk=", "rsa-sha256", "https://c/x", "{}", "hi" },
		{ NULL, NULL, "rsa-sha256", "https://c/x", "{}", NULL },
		{ "Bearer aGk=", NULL, "rsa-sha256", "https://c/x", "{}", NULL },
		{ "Signature ", NULL, "rsa-sha256", "https://c/x", "{}", NULL },
		{ "Signature %%%", NULL, "rsa-sha256", "https://c/x", "{}", NULL },
		{ "Signature aGk=", NULL, "none", "https://c/x", "{}", NULL },
		{ "Signature aGk=", NULL, NULL, "https://c/x", "{}", NULL },
		{ "Signature aGk=", NULL, "rsa-sha256", NULL, "{}", NULL },
		{ "Signature aGk=", NULL, "rsa-sha256", "\xff", "{}", NULL },
		{ "Signature aGk=", NULL, "rsa-sha256", "https://c/x", "", NULL },
	};
	DEFER(arena_end) struct arena *a = arena_open();
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct event_headers headers = { str_of(rows[i].authorization),
						       str_of(rows[i].ms),
						       str_of(rows[i].algorithm),
						       str_of(rows[i].url) };
		struct event_sent sent = { 0 };

		assert_int_equal(event_sent_read(a, &headers, str_of(rows[i].body), &sent),
				 rows[i].bytes != NULL);
		assert_true(str_eq(sent.signature, str_of(rows[i].bytes)));
	}
}

static void an_event_names_a_tenant_or_none(void **state)
{
	static const struct {
		const char *body;
		bool read;
		const char *tenant;
	} rows[] = {
		{ "{\"EventName\":\"subscription-updated\",\"ResourceUri\":\"https://p.test/"
		  "webhooks/"
		  "v1/customers/" TENANT "/subscriptions/2f8c\",\"AuditUri\":null}",
		  true, TENANT },
		{ "\xef\xbb\xbf{\"eventName\":\"x\",\"resourceUri\":\"http://p.test/Customers/"
		  "7D2F4C10-5A3E-4B1F-9C86-2F0B6A51D3E7\"}",
		  true, TENANT },
		{ "{\"EventName\":\"x\",\"ResourceUri\":\"/v1/customers/" TENANT "0/a\"}", true,
		  NULL },
		{ "{\"EventName\":\"x\",\"ResourceUri\":\"/v1/customers/7d2f\"}", true, NULL },
		{ "{\"EventName\":\"test-created\",\"ResourceUri\":7}", true, NULL },
		{ "{\"EventName\":\"of-a-kind-we-do-not-know\"}", true, NULL },
		{ "{\"EventName\":\"\"}", false, NULL },
		{ "{}", false, NULL },
		{ "[{\"EventName\":\"x\"}]", false, NULL },
		{ "EventName", false, NULL },
	};
	DEFER(arena_end) struct arena *a = arena_open();
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct event event = { .tenant = STR_NONE };

		assert_int_equal(event_read(a, str_of(rows[i].body), &event), rows[i].read);
		assert_true(str_eq(event.tenant, str_of(rows[i].tenant)));
	}
}

#define LOOK "GET https://partner.test/webhooks/v1/registration"
#define LIST "GET https://partner.test/webhooks/v1/registration/events"
#define OFFERED                                        \
	"[\"subscription-updated\",\"invoice-ready\"," \
	"\"reseller-relationship-accepted-by-customer\"]"
#define WANTED                                 \
	"[\"Subscription-Updated\",\"other\"," \
	"\"reseller-relationship-accepted-by-customer\"]"

static void what_is_registered_is_told_apart(void **state)
{
	static const struct {
		struct scripted_row rows[2];
		enum event_listening is;
	} cases[] = {
		{ { { LOOK, 404, "" } }, EVENT_UNHEARD },
		{ { { LOOK, 200, "{\"WebhookUrl\":\"\"}" } }, EVENT_UNHEARD },
		{ { { LOOK, 200, "{\"WebhookUrl\":\"https://other.example/hook\"}" } },
		  EVENT_ELSEWHERE },
		{ { { LOOK, 200, "{\"WebhookUrl\":\"https://old.example" EVENT_PATH "\"}" } },
		  EVENT_OUTDATED },
		{ { { LOOK, 200,
		      "{\"WebhookUrl\":\"" OURS "\",\"WebhookEvents\":[\"invoice-ready\"]}" },
		    { LIST, 200, OFFERED } },
		  EVENT_OUTDATED },
		{ { { LOOK, 200, "{\"webhookUrl\":\"" OURS "\",\"webhookEvents\":" WANTED "}" },
		    { LIST, 200, OFFERED } },
		  EVENT_HEARD },
	};
	struct scripted s;
	(void)state;

	scripted_open(&s, NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct event_registration found;

		scripted_play(&s, cases[i].rows, cases[i].rows[1].call ? 2 : 1);
		assert_null(event_registration_look(&s.work, S(OURS), &found));
		assert_int_equal(found.state, cases[i].is);
		assert_true(scripted_done(&s));
	}
	const struct scripted_row down = { LOOK, 500, "" };
	struct event_registration found;
	scripted_play(&s, &down, 1);
	assert_non_null(event_registration_look(&s.work, S(OURS), &found));
	scripted_close(&s);
}

/* Made anew or put in the other's place, and only for what Partner Center offers. */
static void our_address_is_registered(void **state)
{
	static const struct {
		enum event_listening was;
		const char *call;
	} cases[] = { { EVENT_UNHEARD, "POST https://partner.test/webhooks/v1/registration" },
		      { EVENT_OUTDATED, "PUT https://partner.test/webhooks/v1/registration" },
		      { EVENT_ELSEWHERE, "PUT https://partner.test/webhooks/v1/registration" } };
	struct scripted s;
	(void)state;

	scripted_open(&s, NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct event_registration was = { .state = cases[i].was };
		const struct scripted_row rows[] = { { LIST, 200, OFFERED },
						     { cases[i].call, 200, "{}" } };

		scripted_play(&s, rows, COUNT(rows));
		assert_null(event_registration_put(&s.work, S(OURS), &was));
		assert_true(scripted_done(&s));
		assert_true(
			str_eq(s.asked[1].body, S("{\"WebhookEvents\":[\"subscription-updated\","
						  "\"reseller-relationship-accepted-by-customer\"],"
						  "\"WebhookUrl\":\"" OURS "\"}")));
	}
	scripted_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_does_not_look_like_an_event_is_refused),
		cmocka_unit_test(an_event_names_a_tenant_or_none),
		cmocka_unit_test(what_is_registered_is_told_apart),
		cmocka_unit_test(our_address_is_registered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
