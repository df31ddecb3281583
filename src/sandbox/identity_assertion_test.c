/* Applications that prove themselves with a certificate: which assertion is taken, which is not. */
#include "sandbox/identity_assertion.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/identity_key.h"
#include "sandbox/identity_testing.h"

#define HOME "/" TESTING_PARTNER "/oauth2/v2.0/token"
#define AUD  TESTING_URL HOME
#define NOW  1770110062 /* 2026-02-03T09:14:22Z, where the tests' world begins */
#define TYPE \
	"&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
#define ASK   "grant_type=client_credentials&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default" TYPE
#define NAMED "&client_id=" TESTING_APP

/* A key, its certificate, and what an assertion signed with it says. */
struct signer {
	struct identity_key *key;
	struct identity_certificate certificate;
};

static void signer_open(struct identity_testing *t, struct signer *s, int64_t life)
{
	str pem;
	assert_null(identity_key_make(&s->key));
	assert_null(identity_key_certificate(s->key, t->arena, "novate",
					     instant_after(t->world.at, -DAYS(1)), life, &pem));
	assert_null(identity_certificate_read(t->arena, pem, &s->certificate));
}

static fault *put(struct tx *tx, void *with)
{
	return identity_certificate_add(tx, S(TESTING_APP), with);
}

static void registered(struct identity_testing *t, struct signer *s)
{
	assert_null(store_run(t->store, STORE_WRITE, t->arena, "put", put, &s->certificate));
}

/* PS256, which the house's own key never uses. */
static str pss(struct identity_testing *t, const struct identity_key *key, str text)
{
	str pem;
	unsigned char bytes[512];
	size_t len = sizeof(bytes);
	EVP_PKEY_CTX *how = NULL;
	assert_null(identity_key_pem(key, t->arena, &pem));
	BIO *from = BIO_new_mem_buf(pem.at, (int)pem.len);
	EVP_PKEY *pair = PEM_read_bio_PrivateKey(from, NULL, NULL, NULL);
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	assert_int_equal(EVP_DigestSignInit(digest, &how, EVP_sha256(), NULL, pair), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST), 1);
	assert_int_equal(
		EVP_DigestSign(digest, bytes, &len, (const unsigned char *)text.at, text.len), 1);
	EVP_MD_CTX_free(digest);
	EVP_PKEY_free(pair);
	BIO_free(from);
	return str_copy(t->arena, (str){ .at = (const char *)bytes, .len = len });
}

/* What varies in an assertion; the zero value is a good one. */
struct variant {
	const char *alg, *name, *print; /* header: which algorithm, which member, which value */
	const char *aud, *iss, *sub, *jti;
	int64_t nbf, exp; /* seconds from now; exp 0: ten minutes */
	bool forged, no_exp;
};

static const char *or_else(const char *given, const char *otherwise)
{
	return given ? given : otherwise;
}

static str assertion_of(struct identity_testing *t, const struct signer *s, struct variant v)
{
	static int count;
	const char *alg = or_else(v.alg, "RS256"), *name = or_else(v.name, "x5t#S256");
	str print = v.print			     ? str_of(v.print)
		    : str_eq(str_of(name), S("x5t")) ? s->certificate.thumbprint_sha1
						     : s->certificate.thumbprint;
	str jti = v.jti ? str_of(v.jti) : str_format(t->arena, "jti-%d", count++);
	str exp = v.no_exp ? S("")
			   : str_format(t->arena, ",\"exp\":%lld",
					(long long)(NOW + (v.exp ? v.exp : 600)));
	str header = str_format(t->arena, "{\"alg\":\"%s\",\"%s\":\"%.*s\"}", alg, name,
				STR(print));
	str claims = str_format(t->arena,
				"{\"aud\":\"%s\",\"iss\":\"%s\",\"sub\":\"%s\",\"jti\":\"%.*s\","
				"\"nbf\":%lld%.*s}",
				or_else(v.aud, AUD), or_else(v.iss, TESTING_APP),
				or_else(v.sub, TESTING_APP), STR(jti), (long long)(NOW + v.nbf),
				STR(exp));
	header = str_base64url(t->arena, header);
	claims = str_base64url(t->arena, claims);
	str text = str_format(t->arena, "%.*s.%.*s", STR(header), STR(claims)), signature;
	if (str_eq(str_of(alg), S("PS256")))
		signature = pss(t, s->key, text);
	else
		assert_null(identity_key_sign(s->key, t->arena, text, &signature));
	if (v.forged)
		signature = str_part(signature, 0, signature.len - 1);
	signature = str_base64url(t->arena, signature);
	return str_format(t->arena, "%.*s.%.*s", STR(text), STR(signature));
}

static struct web_exchange send(struct identity_testing *t, const char *form, str assertion)
{
	return identity_testing_post(
		t, S(HOME), str_format(t->arena, "%s&client_assertion=%.*s", form, STR(assertion)));
}

static void taken(struct identity_testing *t, struct web_exchange got)
{
	if (got.status != 200)
		fail_msg("refused: %d %.*s", got.status, STR(got.answer));
	assert_true(identity_testing_member(t, &got, "access_token").len > 0);
}

static void every_good_form_is_taken(void **state)
{
	struct identity_testing *t = *state;
	struct signer s;
	signer_open(t, &s, DAYS(30));
	registered(t, &s);
	static const struct variant rows[] = {
		{ .alg = "RS256" },
		{ .alg = "PS256" },
		{ .alg = "RS256", .name = "x5t" },
		{ .alg = "PS256", .name = "x5t" },
		{ .aud = TESTING_URL "/" TESTING_PARTNER "/oauth2/token" },
		{ .aud = TESTING_URL "/pinefell.example/oauth2/v2.0/token" },
		{ .aud = TESTING_URL "/PINEFELL.example/oauth2/token" },
		{ .aud = IDENTITY_REAL_HOST HOME },
		{ .nbf = 200 },	 /* clocks differ */
		{ .exp = -200 }, /* the same at the other end */
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		taken(t, send(t, ASK NAMED, assertion_of(t, &s, rows[i])));
	/* The subject alone names the application. */
	taken(t, send(t, ASK, assertion_of(t, &s, (struct variant){ 0 })));
	identity_key_end(&s.key);
}

static void every_bad_one_has_its_number(void **state)
{
	struct identity_testing *t = *state;
	struct signer s, other, old;
	signer_open(t, &s, DAYS(30));
	signer_open(t, &other, DAYS(30));
	signer_open(t, &old, HOURS(1)); /* over since yesterday */
	registered(t, &s);
	registered(t, &old);
	static const struct {
		struct variant variant;
		const char *number;
	} rows[] = {
		{ { .forged = true }, "700027" },
		{ { .print = "AAAA" }, "700027" },
		{ { .alg = "HS256" }, "50027" },
		{ { .alg = "none" }, "50027" },
		{ { .name = "kid" }, "50027" },
		{ { .no_exp = true }, "50027" },
		{ { .jti = "" }, "50027" },
		{ { .iss = TESTING_PUBLIC }, "700021" },
		{ { .sub = TESTING_PUBLIC }, "700021" },
		{ { .aud = TESTING_URL "/larkspur.example/oauth2/v2.0/token" }, "700023" },
		{ { .aud = TESTING_URL "/" TESTING_PARTNER "/oauth2/v2.0/authorize" }, "700023" },
		{ { .aud = "https://elsewhere.example/" TESTING_PARTNER "/oauth2/v2.0/token" },
		  "700023" },
		{ { .aud = "" }, "700023" },
		{ { .nbf = 400 }, "700024" },
		{ { .exp = -400 }, "700024" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct web_exchange got = send(t, ASK NAMED, assertion_of(t, &s, rows[i].variant));
		if (got.status != 401 || !identity_testing_says(&got, rows[i].number))
			fail_msg("row %zu: %d %.*s", i, got.status, STR(got.answer));
		assert_true(str_eq(identity_testing_member(t, &got, "error"), S("invalid_client")));
	}
	const struct signer *strangers[] = { &other, &old };
	for (size_t i = 0; i < COUNT(strangers); i++) {
		str sent = assertion_of(t, strangers[i], (struct variant){ 0 });
		struct web_exchange got = send(t, ASK NAMED, sent);
		assert_true(identity_testing_says(&got, "700027"));
	}
	identity_key_end(&s.key);
	identity_key_end(&other.key);
	identity_key_end(&old.key);
}

static void an_id_stands_for_one_assertion(void **state)
{
	struct identity_testing *t = *state;
	struct signer s;
	signer_open(t, &s, DAYS(30));
	registered(t, &s);
	str first = assertion_of(t, &s, (struct variant){ .jti = "same" });
	taken(t, send(t, ASK NAMED, first));
	taken(t, send(t, ASK NAMED, first)); /* as MSAL repeats it */
	str second = assertion_of(t, &s, (struct variant){ .jti = "same", .exp = 601 });
	struct web_exchange got = send(t, ASK NAMED, second);
	assert_true(identity_testing_says(&got, "700027"));
	identity_key_end(&s.key);
}

static void an_assertion_needs_its_type_and_a_certificate(void **state)
{
	struct identity_testing *t = *state;
	struct signer s;
	signer_open(t, &s, DAYS(30));
	str sent = assertion_of(t, &s, (struct variant){ 0 });
	struct web_exchange got = send(t, ASK NAMED, sent);
	assert_true(identity_testing_says(&got, "700027"));
	got = send(t,
		   "grant_type=client_credentials" NAMED
		   "&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default",
		   sent);
	assert_true(identity_testing_says(&got, "90023"));
	identity_key_end(&s.key);
}

static void only_our_token_endpoints_are_an_audience(void **state)
{
	static const struct {
		const char *audience, *tenant;
	} rows[] = {
		{ TESTING_URL "/a.example/oauth2/v2.0/token", "a.example" },
		{ TESTING_URL "/a.example/oauth2/token", "a.example" },
		{ TESTING_URL "/common/oauth2/token", "common" },
		{ TESTING_URL "/a.example/oauth2/v2.0/token/", "" },
		{ TESTING_URL "/a/b/oauth2/token", "" },
		{ TESTING_URL "oauth2/token", "" },
		{ TESTING_URL, "" },
		{ TESTING_URL ".evil.example/a/oauth2/token", "" },
		{ "", "" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_true(
			str_eq(identity_assertion_tenant(str_of(rows[i].audience), S(TESTING_URL)),
			       str_of(rows[i].tenant)));
	assert_true(identity_assertion_tenant(S("https://x/a/oauth2/token"), S("")).len == 0);
}

static void what_is_no_certificate_is_refused(void **state)
{
	struct identity_testing *t = *state;
	struct identity_certificate made;
	static const char *const rows[] = {
		"",
		"hello",
		"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		fault *f = identity_certificate_read(t->arena, str_of(rows[i]), &made);
		assert_non_null(f);
		assert_int_equal(f->kind, FAULT_INPUT);
	}
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, identity_testing_open, identity_testing_close)
	const struct CMUnitTest tests[] = {
		T(every_good_form_is_taken),
		T(every_bad_one_has_its_number),
		T(an_id_stands_for_one_assertion),
		T(an_assertion_needs_its_type_and_a_certificate),
		T(only_our_token_endpoints_are_an_audience),
		T(what_is_no_certificate_is_refused),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
