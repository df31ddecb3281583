/* Which events are Microsoft's: a key of the test's own, an authority of its own, and a host that
 * gives the certificate out. */
#include "microsoft/event_signature.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define HOST "https://certificates.test"
#define CER  HOST "/cert/events.cer"
#define GOOD .from_day = -1, .days = 30
#define BODY S("{\"EventName\":\"test-created\"}")

/* What makes a certificate another one. */
struct kind {
	int from_day, days; /* valid, counted from the stage's now */
	bool by_itself;
	const char *key; /* NULL: "RSA" */
	int bits;	 /* 0: 2048 */
};

struct stage {
	struct arena *arena;
	struct world_seeded world;
	struct microsoft *ms;
	struct microsoft_work work;
	EVP_PKEY *authority_key, *key;
	X509 *authority;
	char ca_file[40];
	str der; /* what the host gives out; none: 404 */
	int asked;
};

static X509 *certificate(const struct stage *s, EVP_PKEY *key, const X509_NAME *issuer,
			 EVP_PKEY *by, const char *organization, int from_day, int days)
{
	int64_t now = s->world.at.micros / SECONDS(1);
	X509 *made = X509_new();
	X509_NAME *name = X509_get_subject_name(made);
	X509V3_CTX context;

	assert_true(X509_set_version(made, 2) && ASN1_INTEGER_set(X509_get_serialNumber(made), 7));
	assert_non_null(ASN1_TIME_set(X509_getm_notBefore(made), now + 86400L * from_day));
	assert_non_null(ASN1_TIME_set(X509_getm_notAfter(made), now + 86400L * (from_day + days)));
	assert_true(X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
					       (const unsigned char *)organization, -1, -1, 0));
	assert_true(X509_set_issuer_name(made, issuer ? issuer : name) &&
		    X509_set_pubkey(made, key));
	if (!issuer) {
		X509V3_set_ctx(&context, made, made, NULL, NULL, 0);
		X509_EXTENSION *ca = X509V3_EXT_conf_nid(NULL, &context, NID_basic_constraints,
							 "critical,CA:TRUE");
		assert_true(X509_add_ext(made, ca, -1));
		X509_EXTENSION_free(ca);
	}
	assert_true(X509_sign(made, by, EVP_sha256()) > 0);
	return made;
}

static fault *give_out(void *of, struct arena *keep, const struct remote_call *call,
		       struct remote_answer *answer)
{
	struct stage *s = of;

	assert_true(str_starts(call->url, S(HOST "/")));
	assert_int_equal(call->header_count, 0); /* no token of ours */
	s->asked++;
	*answer = (struct remote_answer){ .status = str_is_none(s->der) ? 404 : 200,
					  .body = str_copy(keep, s->der) };
	return NULL;
}

/* The authority is trusted, as the settings' ca_file. */
static void open_stage(struct stage *s, const char *organization)
{
	*s = (struct stage){ .arena = arena_open(), .ca_file = "/tmp/novate-event-XXXXXX" };
	world_seeded_open(&s->world, 5, (instant){ INT64_C(1770112800000000) });
	s->authority_key = EVP_RSA_gen(2048);
	s->authority = certificate(s, s->authority_key, NULL, s->authority_key, organization, -9,
				   3650);
	FILE *file = fdopen(mkstemp(s->ca_file), "w");
	assert_true(PEM_write_X509(file, s->authority) && fclose(file) == 0);
	const struct microsoft_settings settings = {
		.login_url = S("https://login.test"),
		.graph_url = S("https://graph.test"),
		.partner_center_url = S("https://partner.test"),
		.billing_url = S("https://billing.test"),
		.admin_url = S("https://admin.test"),
		.partner_tenant = S("c41b9e52-0d77-4a63-8f1e-91a4d6b0e2c8"),
		.client_id = S("5a0f6a5e-3c1b-4b0e-9a43-8f6f0f6d1b77"),
		.client_secret = S("very secret"),
		.certificate_url = S(HOST),
		.ca_file = str_of(s->ca_file),
		.by = { give_out, s },
		.world = &s->world.world,
		.seal_key = S("0123456789abcdef0123456789abcdef"),
	};
	assert_null(microsoft_open(&settings, &s->ms));
	s->work = (struct microsoft_work){ .ms = s->ms, .arena = s->arena };
}

static void close_stage(struct stage *s)
{
	microsoft_close(s->ms);
	X509_free(s->authority);
	EVP_PKEY_free(s->authority_key);
	EVP_PKEY_free(s->key);
	(void)unlink(s->ca_file);
	arena_close(s->arena);
}

static EVP_PKEY *key_of(struct kind kind)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, kind.key ? kind.key : "RSA", NULL);
	EVP_PKEY *made = NULL;

	assert_int_equal(EVP_PKEY_keygen_init(context), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_bits(context, kind.bits ? kind.bits : 2048),
			 1);
	assert_int_equal(EVP_PKEY_keygen(context, &made), 1);
	EVP_PKEY_CTX_free(context);
	return made;
}

/* A key and the certificate that the host gives out for it from now on. */
static void certify(struct stage *s, struct kind kind)
{
	unsigned char *bytes = NULL;

	EVP_PKEY_free(s->key);
	s->key = key_of(kind);
	X509 *made = certificate(
		s, s->key, kind.by_itself ? NULL : X509_get_subject_name(s->authority),
		kind.by_itself ? s->key : s->authority_key,
		kind.by_itself ? "Microsoft Corporation" : "events", kind.from_day, kind.days);
	int len = i2d_X509(made, &bytes);
	s->der = str_copy(s->arena, (str){ (const char *)bytes, (size_t)len });
	OPENSSL_free(bytes);
	X509_free(made);
}

static str sign(struct stage *s, EVP_PKEY *key, str body, const EVP_MD *with)
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	unsigned char bytes[512];
	size_t len = sizeof(bytes);

	assert_int_equal(EVP_DigestSignInit(digest, NULL, with, NULL, key), 1);
	assert_int_equal(
		EVP_DigestSign(digest, bytes, &len, (const unsigned char *)body.at, body.len), 1);
	EVP_MD_CTX_free(digest);
	return str_copy(s->arena, (str){ (const char *)bytes, len });
}

static enum event_verdict check(struct stage *s, const char *url, str signature, str body)
{
	return event_signature_check(&s->work,
				     &(struct event_sent){ str_of(url), signature, body });
}

static void an_event_is_microsofts_only_when_all_of_it_is(void **state)
{
	static const struct {
		const char *authority;
		struct kind kind;
		enum event_verdict is;
	} rows[] = {
		{ "Microsoft Corporation", { GOOD }, EVENT_SIGNED },
		{ "Contoso", { GOOD }, EVENT_NOT_TRUSTED },
		{ "Not Microsoft Corporation", { GOOD }, EVENT_NOT_TRUSTED },
		{ "Microsoft Corporation", { .from_day = -30, .days = 29 }, EVENT_NOT_TRUSTED },
		{ "Microsoft Corporation", { .from_day = 1, .days = 29 }, EVENT_NOT_TRUSTED },
		{ "Microsoft Corporation", { GOOD, .by_itself = true }, EVENT_NOT_TRUSTED },
		{ "Microsoft Corporation", { GOOD, .key = "RSA-PSS" }, EVENT_BAD_SIGNATURE },
		{ "Microsoft Corporation", { GOOD, .bits = 1024 }, EVENT_BAD_SIGNATURE },
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct stage s;

		open_stage(&s, rows[i].authority);
		certify(&s, rows[i].kind);
		assert_int_equal(check(&s, CER, sign(&s, s.key, BODY, EVP_sha256()), BODY),
				 rows[i].is);
		close_stage(&s);
	}
}

static void a_signature_holds_for_its_bytes_and_its_key_alone(void **state)
{
	struct stage s;
	(void)state;

	open_stage(&s, "Microsoft Corporation");
	certify(&s, (struct kind){ GOOD });
	str good = sign(&s, s.key, BODY, EVP_sha256());
	const struct {
		str signature, body;
		enum event_verdict is;
	} rows[] = {
		{ good, BODY, EVENT_SIGNED },
		{ good, BODY, EVENT_SIGNED }, /* a replay: it wakes, no more */
		{ good, S("{\"EventName\":\"test-created\"} "), EVENT_BAD_SIGNATURE },
		{ good, S("{\"EventName\":\"test-createe\"}"), EVENT_BAD_SIGNATURE },
		{ str_part(good, 0, good.len - 1), BODY, EVENT_BAD_SIGNATURE },
		{ S("x"), BODY, EVENT_BAD_SIGNATURE },
		{ sign(&s, s.key, BODY, EVP_sha1()), BODY, EVENT_BAD_SIGNATURE },
		{ sign(&s, s.authority_key, BODY, EVP_sha256()), BODY, EVENT_BAD_SIGNATURE },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(check(&s, CER, rows[i].signature, rows[i].body), rows[i].is);
	assert_int_equal(s.asked, 1);
	close_stage(&s);
}

static void a_certificate_is_fetched_from_microsofts_host_only(void **state)
{
	static const char *const elsewhere[] = {
		"https://certificates.invalid/cert/events.cer",
		"http://certificates.test/cert/events.cer",
		"https://certificates.test.evil/x.cer",
		"https://certificates.test@evil/x.cer",
		"https://certificates.test:444/x.cer",
		"https://certificates.test",
		"https://certificates.test/",
		"//certificates.test/x.cer",
		"file:///etc/passwd",
		"",
	};
	struct stage s;
	(void)state;

	open_stage(&s, "Microsoft Corporation");
	certify(&s, (struct kind){ GOOD });
	str signature = sign(&s, s.key, BODY, EVP_sha256());
	for (size_t i = 0; i < COUNT(elsewhere); i++)
		assert_int_equal(check(&s, elsewhere[i], signature, BODY), EVENT_WRONG_HOST);
	assert_int_equal(s.asked, 0);
	close_stage(&s);
}

static void strangers_cannot_make_us_ask_often(void **state)
{
	struct stage s;
	(void)state;

	open_stage(&s, "Microsoft Corporation");
	certify(&s, (struct kind){ GOOD });
	str signature = sign(&s, s.key, BODY, EVP_sha256()), der = s.der;
	assert_int_equal(check(&s, CER, signature, BODY), EVENT_SIGNED);
	s.der = STR_NONE;
	for (int i = 0; i < 100; i++) {
		const char *url = str_format(s.arena, HOST "/%d.cer", i).at;
		assert_int_equal(check(&s, url, signature, BODY), EVENT_NO_CERTIFICATE);
	}
	assert_int_equal(s.asked, 8);
	/* what is in use keeps its place, even while its host gives nothing out */
	s.world.at = instant_after(s.world.at, MINUTES(11));
	assert_int_equal(check(&s, HOST "/new.cer", signature, BODY), EVENT_NO_CERTIFICATE);
	assert_int_equal(check(&s, CER, signature, BODY), EVENT_SIGNED);
	s.der = der;
	s.world.at = instant_after(s.world.at, MINUTES(11));
	assert_int_equal(check(&s, HOST "/new.cer", signature, BODY), EVENT_SIGNED);
	close_stage(&s);
}

static void a_renewed_certificate_counts_after_ten_minutes(void **state)
{
	struct stage s;
	(void)state;

	open_stage(&s, "Microsoft Corporation");
	certify(&s, (struct kind){ GOOD });
	str old = sign(&s, s.key, BODY, EVP_sha256());
	assert_int_equal(check(&s, CER, old, BODY), EVENT_SIGNED);
	certify(&s, (struct kind){ .from_day = -1, .days = 60 });
	str fresh = sign(&s, s.key, BODY, EVP_sha256());
	assert_int_equal(check(&s, CER, fresh, BODY), EVENT_BAD_SIGNATURE);
	s.world.at = instant_after(s.world.at, MINUTES(11));
	assert_int_equal(check(&s, CER, fresh, BODY), EVENT_SIGNED);
	assert_int_equal(check(&s, CER, old, BODY), EVENT_BAD_SIGNATURE);
	/* and a kept one ends when its time has come */
	s.world.at = instant_after(s.world.at, DAYS(61));
	assert_int_equal(check(&s, CER, fresh, BODY), EVENT_NOT_TRUSTED);
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_microsofts_only_when_all_of_it_is),
		cmocka_unit_test(a_signature_holds_for_its_bytes_and_its_key_alone),
		cmocka_unit_test(a_certificate_is_fetched_from_microsofts_host_only),
		cmocka_unit_test(strangers_cannot_make_us_ask_often),
		cmocka_unit_test(a_renewed_certificate_counts_after_ten_minutes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
