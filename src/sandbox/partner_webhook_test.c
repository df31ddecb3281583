/* Events told to a partner's address: registered once, signed, repeated until they are answered. */
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sandbox/fault_rule.h"
#include "sandbox/partner_setting.h"
#include "sandbox/partner_testing.h"
#include "sandbox/partner_webhook_send.h"

#define REGISTRATION "/webhooks/v1/registration"
#define ALL                                                               \
	"{\"WebhookUrl\":\"https://hooks.example/pc\",\"WebhookEvents\":" \
	"[\"test-created\",\"subscription-updated\","                     \
	"\"reseller-relationship-accepted-by-customer\"]}"

/* Whom events are told: what came, and what is answered. */
struct receiver {
	struct arena *arena;
	int status; /* 0: no answer */
	size_t count;
	str bodies[32], signatures[32], certificates[32];
};

static str header(const struct remote_call *call, const char *name)
{
	for (size_t i = 0; i < call->header_count; i++)
		if (str_eq(str_of(call->headers[i].name), str_of(name)))
			return call->headers[i].value;
	return STR_NONE;
}

static fault *receive(void *of, struct arena *keep, const struct remote_call *call,
		      struct remote_answer *answer)
{
	struct receiver *r = of;
	size_t at = r->count++ % COUNT(r->bodies);
	str signature = header(call, "Authorization");

	(void)keep;
	if (str_is_none(signature))
		signature = header(call, "x-ms-signature");
	r->bodies[at] = str_copy(r->arena, call->body);
	r->signatures[at] = str_copy(r->arena, signature);
	r->certificates[at] = str_copy(r->arena, header(call, "X-MS-Certificate-Url"));
	if (r->status == 0)
		return fault_new(FAULT_REMOTE, "Nobody answered.");
	*answer = (struct remote_answer){ .status = r->status };
	return NULL;
}

static void send(struct sandbox_testing *t, struct receiver *r)
{
	const struct transport by = { receive, r };
	const fault *f = partner_webhook_send(t->store, &by, &t->world.world, 16);

	if (f)
		fail_msg("%s", f->said);
}

static fault *key(struct tx *tx, void *with)
{
	(void)with;
	return partner_webhook_send_key(tx, NULL, NULL);
}

static fault *put(struct tx *tx, void *with)
{
	const char *const *words = with;

	return partner_setting_put(tx, str_of(words[0]), str_of(words[1]));
}

static void set(struct sandbox_testing *t, const char *name, const char *value)
{
	const char *words[] = { name, value };

	sandbox_testing_do(t, put, words);
}

static struct receiver listening(struct sandbox_testing *t, int status)
{
	sandbox_testing_do(t, key, NULL);
	assert_int_equal(partner_testing_ask(t, POST, S(REGISTRATION), ALL).status, 200);
	return (struct receiver){ .arena = t->arena, .status = status };
}

static bool verifies(struct sandbox_testing *t, const struct receiver *r, size_t index)
{
	str signature = r->signatures[index], bytes;
	struct sandbox_testing_answer got = partner_testing_ask(
		t, GET, S("/webhooks/certificates/webhooks.cer"), NULL);
	const unsigned char *der = (const unsigned char *)got.exchange.answer.at;

	assert_true(str_starts(signature, S("Signature ")));
	assert_true(str_from_base64(t->arena, str_part(signature, 10, signature.len), &bytes));
	X509 *certificate = d2i_X509(NULL, &der, (long)got.exchange.answer.len);
	assert_non_null(certificate);
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	int verified = EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL,
					    X509_get0_pubkey(certificate)) == 1 &&
		       EVP_DigestVerify(digest, (const unsigned char *)bytes.at, bytes.len,
					(const unsigned char *)r->bodies[index].at,
					r->bodies[index].len) == 1;
	EVP_MD_CTX_free(digest);
	X509_free(certificate);
	return verified;
}

static void a_partner_registers_one_address(void **state)
{
	static const struct {
		enum method method;
		const char *body;
		int status;
	} rows[] = {
		{ GET, NULL, 404 },
		{ PUT, ALL, 404 },
		{ POST,
		  "{\"WebhookUrl\":\"http://hooks.example\",\"WebhookEvents\":[\"test-created\"]}",
		  400 },
		{ POST, "{\"WebhookUrl\":\"https://a@b\",\"WebhookEvents\":[\"test-created\"]}",
		  400 },
		{ POST, "{\"WebhookUrl\":\"https://hooks.example\",\"WebhookEvents\":[]}", 400 },
		{ POST, "{\"WebhookUrl\":\"https://hooks.example\",\"WebhookEvents\":[\"x\"]}",
		  400 },
		{ POST, ALL, 200 },
		{ POST, ALL, 409 },
		{ PUT,
		  "{\"webhookUrl\":\"http://localhost:9/x\",\"webhookEvents\":[\"test-created\"]}",
		  200 },
		{ GET, NULL, 200 },
	};
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got;

	for (size_t i = 0; i < COUNT(rows); i++) {
		got = partner_testing_ask(t, rows[i].method, S(REGISTRATION), rows[i].body);
		assert_int_equal(got.status, rows[i].status);
	}
	assert_true(str_eq(sandbox_testing_text(&got, "WebhookUrl"), S("http://localhost:9/x")));
	assert_true(str_is_guid(sandbox_testing_text(&got, "SubscriberId")));
	got = partner_testing_ask(t, GET, S(REGISTRATION "/events"), NULL);
	assert_int_equal(json_array_size(got.json), 3);
}

static void what_happens_is_told_signed_and_once(void **state)
{
	struct sandbox_testing *t = *state;
	struct receiver r = listening(t, 200);

	sandbox_testing_accept(t, t->bakery);
	sandbox_testing_accept(t, t->bakery); /* twice is once */
	str subscription = sandbox_testing_buy(t, t->bakery, 2);
	sandbox_testing_wait(t, SECONDS(6));
	(void)partner_testing_units(t, TESTING_STANDARD);
	send(t, &r);
	assert_int_equal(r.count, 2);
	assert_true(str_starts(r.bodies[0], S("{\"EventName\":\"reseller-relationship-accepted-by-"
					      "customer\",\"ResourceUri\":")));
	assert_true(str_find(r.bodies[0], str_format(t->arena, "/webhooks/v1/customers/%.*s\"",
						     STR(t->bakery))) > 0);
	assert_true(str_find(r.bodies[1],
			     str_format(t->arena, "/subscriptions/%.*s\"", STR(subscription))) > 0);
	for (size_t i = 0; i < r.count; i++)
		assert_true(verifies(t, &r, i));
	sandbox_testing_wait(t, HOURS(1));
	send(t, &r);
	assert_int_equal(r.count, 2);
}

static void an_event_is_told_up_to_ten_times_until_somebody_says_200(void **state)
{
	static const struct {
		int status, attempts; /* in a day */
	} rows[] = { { 200, 1 }, { 204, 10 }, { 500, 10 }, { 0, 10 }, { 302, 10 } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		void *fresh;
		assert_int_equal(sandbox_testing_open(&fresh), 0);
		struct sandbox_testing *t = fresh;
		struct receiver r = listening(t, rows[i].status);
		sandbox_testing_accept(t, t->bakery);
		for (int hour = 0; hour < 24; hour++) {
			send(t, &r);
			sandbox_testing_wait(t, HOURS(1));
		}
		assert_int_equal(r.count, rows[i].attempts);
		(void)sandbox_testing_close(&fresh);
	}
	*state = NULL;
}

static void whoever_does_not_answer_is_waited_for_once_a_beat(void **state)
{
	struct sandbox_testing *t = *state;
	struct receiver r = listening(t, 0);

	sandbox_testing_accept(t, t->bakery);
	sandbox_testing_accept(t, t->workshop);
	send(t, &r);
	assert_int_equal(r.count, 1);
	r.status = 200;
	send(t, &r); /* the other one; the first has a pause */
	assert_int_equal(r.count, 2);
	sandbox_testing_wait(t, SECONDS(6));
	send(t, &r);
	assert_int_equal(r.count, 3);
	assert_false(str_eq(r.bodies[0], r.bodies[1]));
	assert_true(str_eq(r.bodies[0], r.bodies[2]));
}

static void a_test_is_told_twice_a_minute_and_its_answer_kept(void **state)
{
	struct sandbox_testing *t = *state;
	str target = S(REGISTRATION "/validationEvents");

	assert_int_equal(partner_testing_ask(t, POST, target, "").status, 404);
	struct receiver r = listening(t, 500);
	struct sandbox_testing_answer got = partner_testing_ask(t, POST, target, "");
	str one = str_format(t->arena, "%.*s/%.*s", STR(target),
			     STR(sandbox_testing_text(&got, "correlationId")));
	assert_int_equal(partner_testing_ask(t, POST, target, "").status, 200);
	assert_int_equal(partner_testing_ask(t, POST, target, "").status, 429);
	send(t, &r);
	got = partner_testing_ask(t, GET, one, NULL);
	assert_true(str_eq(sandbox_testing_text(&got, "status"), S("pending")));
	assert_true(str_eq(sandbox_testing_text(&got, "results/0/responseCode"), S("500")));
	sandbox_testing_wait(t, SECONDS(61));
	r.status = 200;
	send(t, &r);
	got = partner_testing_ask(t, GET, one, NULL);
	assert_true(str_eq(sandbox_testing_text(&got, "status"), S("completed")));
	assert_true(str_eq(sandbox_testing_text(&got, "results/1/responseCode"), S("OK")));
	assert_int_equal(partner_testing_ask(t, POST, target, "").status, 200);
}

static fault *switch_on(struct tx *tx, void *with)
{
	return fault_rule_add(tx, with);
}

static void events_can_come_twice_late_mixed_up_never_and_badly_signed(void **state)
{
	static const struct {
		const char *setting;
		const char *value;
		enum fault_rule_kind kind; /* without a setting */
		size_t told;		   /* of three, when four minutes have passed */
		bool mixed, verifies, own_host;
	} rows[] = {
		{ "webhook-lag", "off", 0, 3, false, true, true },
		{ NULL, NULL, FAULT_RULE_DUPLICATE, 4, false, true, true },
		{ NULL, NULL, FAULT_RULE_LOSE, 2, true, true, true },
		{ NULL, NULL, FAULT_RULE_REORDER, 3, true, true, true },
		{ "webhook-lag", "1h", 0, 0, false, true, true },
		{ "webhook-bad-signature", "on", 0, 3, false, false, true },
		{ "webhook-wrong-host", "on", 0, 3, false, true, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		void *fresh;
		assert_int_equal(sandbox_testing_open(&fresh), 0);
		struct sandbox_testing *t = fresh;
		struct receiver r = listening(t, 200);
		struct fault_rule rule = { .service = S("webhook"),
					   .times = 1,
					   .path_part = S(""),
					   .kind = rows[i].kind };
		if (rows[i].setting)
			set(t, rows[i].setting, rows[i].value);
		else
			sandbox_testing_do(t, switch_on, &rule);
		sandbox_testing_accept(t, t->bakery);
		(void)sandbox_testing_buy(t, t->bakery, 1);
		(void)sandbox_testing_buy(t, t->bakery, 1);
		sandbox_testing_wait(t, MINUTES(2));
		(void)partner_testing_units(t, TESTING_STANDARD);
		sandbox_testing_wait(t, MINUTES(2));
		send(t, &r);
		send(t, &r);
		assert_int_equal(r.count, rows[i].told);
		if (r.count > 0) {
			assert_int_equal(str_find(r.bodies[0], S("reseller-rel")) < 0,
					 rows[i].mixed);
			assert_int_equal(verifies(t, &r, 0), rows[i].verifies);
			assert_int_equal(str_ends(r.certificates[0],
						  S("/webhooks/certificates/webhooks.cer")),
					 rows[i].own_host);
		}
		(void)sandbox_testing_close(&fresh);
	}
	*state = NULL;
}

static int end_if_open(void **state)
{
	return *state ? sandbox_testing_close(state) : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
#define OPENING(test) cmocka_unit_test_setup_teardown(test, NULL, end_if_open)
		WITH(a_partner_registers_one_address),
		WITH(what_happens_is_told_signed_and_once),
		OPENING(an_event_is_told_up_to_ten_times_until_somebody_says_200),
		WITH(whoever_does_not_answer_is_waited_for_once_a_beat),
		WITH(a_test_is_told_twice_a_minute_and_its_answer_kept),
		OPENING(events_can_come_twice_late_mixed_up_never_and_badly_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
