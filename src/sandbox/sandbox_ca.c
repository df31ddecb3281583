#include "sandbox/sandbox_ca.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/instant.h"
#include "base/world.h"
#include "sandbox/sandbox_path.h"

#define CA_LIFE	    DAYS(3650)
#define SERVER_LIFE DAYS(800)
#define RENEW_LEFT  DAYS(30)
#define MOST_PEM    ((size_t)64 << 10)

static void key_end(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}
static void certificate_end(X509 **certificate)
{
	X509_free(*certificate);
}
static void bio_end(BIO **bio)
{
	BIO_free(*bio);
}
static void bn_end(BIGNUM **bn)
{
	BN_free(*bn);
}

static fault *refused(void)
{
	return fault_new(FAULT_BUG, "OpenSSL refused to make the sandbox's certificate.");
}

struct authority {
	EVP_PKEY *key;
	X509 *certificate;
};
static void authority_end(struct authority *authority)
{
	EVP_PKEY_free(authority->key);
	X509_free(authority->certificate);
}

static fault *set_serial(const struct world *world, X509 *certificate)
{
	unsigned char bytes[16];
	DEFER(bn_end) BIGNUM *number = NULL;

	world_random(world, bytes, sizeof(bytes));
	bytes[0] = (unsigned char)(1 | (bytes[0] & 0x7f)); /* positive, RFC 5280 §4.1.2.2 */
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	if (!number || !BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)))
		return refused();
	return NULL;
}

static bool add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	X509_EXTENSION *made = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	bool added = made && X509_add_ext(certificate, made, -1);
	X509_EXTENSION_free(made);
	return added;
}

static bool set_name(X509_NAME *name, const char *common)
{
	return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
					  (const unsigned char *)"novate-sandbox", -1, -1, 0) &&
	       X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)common,
					  -1, -1, 0);
}

/* A certificate without extensions; a day of grace for clocks that are behind. */
static fault *certificate_make(const struct world *world, EVP_PKEY *key, const char *common,
			       int64_t life, X509 **made)
{
	int64_t now = world_now(world).micros / SECONDS(1);
	X509 *certificate = X509_new();

	*made = certificate;
	if (!certificate || !X509_set_version(certificate, 2) ||
	    !ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)(now - 86400)) ||
	    !ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)(now + life / SECONDS(1))) ||
	    !X509_set_pubkey(certificate, key) ||
	    !set_name(X509_get_subject_name(certificate), common))
		return refused();
	return set_serial(world, certificate);
}

static fault *authority_make(const struct world *world, struct authority *made)
{
	made->key = EVP_EC_gen("P-256");
	if (!made->key)
		return refused();
	TRY(certificate_make(world, made->key, "novate-sandbox authority", CA_LIFE,
			     &made->certificate));
	X509 *it = made->certificate;
	/* Receivers of webhooks ask for this organization in the issuer (vendor facts §3.13). */
	if (!X509_NAME_add_entry_by_txt(X509_get_subject_name(it), "O", MBSTRING_UTF8,
					(const unsigned char *)"Microsoft Corporation", -1, -1, 0))
		return refused();
	if (!X509_set_issuer_name(it, X509_get_subject_name(it)) ||
	    !add_extension(it, it, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
	    !add_extension(it, it, NID_key_usage, "critical,keyCertSign,cRLSign") ||
	    !add_extension(it, it, NID_subject_key_identifier, "hash") ||
	    !X509_sign(it, made->key, EVP_sha256()))
		return refused();
	return NULL;
}

static fault *server_make(const struct world *world, const struct authority *by, EVP_PKEY *key,
			  X509 **made)
{
	TRY(certificate_make(world, key, "localhost", SERVER_LIFE, made));
	if (!X509_set_issuer_name(*made, X509_get_subject_name(by->certificate)) ||
	    !add_extension(*made, by->certificate, NID_basic_constraints, "critical,CA:FALSE") ||
	    !add_extension(*made, by->certificate, NID_key_usage, "critical,digitalSignature") ||
	    !add_extension(*made, by->certificate, NID_ext_key_usage, "serverAuth") ||
	    !add_extension(*made, by->certificate, NID_authority_key_identifier, "keyid") ||
	    !add_extension(*made, by->certificate, NID_subject_alt_name,
			   "DNS:localhost,DNS:*.localhost,DNS:login.microsoftonline.com,"
			   "DNS:graph.microsoft.com,DNS:api.partnercenter.microsoft.com,"
			   "DNS:admin.microsoft.com,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1") ||
	    !X509_sign(*made, by->key, EVP_sha256()))
		return refused();
	return NULL;
}

static str text_of(struct arena *keep, BIO *bio)
{
	char *at;
	long len = BIO_get_mem_data(bio, &at);

	return str_copy(keep, (str){ .at = at, .len = len > 0 ? (size_t)len : 0 });
}

static fault *key_write(struct arena *keep, const char *path, EVP_PKEY *key)
{
	DEFER(bio_end) BIO *bio = BIO_new(BIO_s_mem());

	if (!bio || !PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL))
		return refused();
	return sandbox_path_write(path, text_of(keep, bio), 0600);
}

static fault *certificate_write(struct arena *keep, const char *path, X509 *certificate)
{
	DEFER(bio_end) BIO *bio = BIO_new(BIO_s_mem());

	if (!bio || !PEM_write_bio_X509(bio, certificate))
		return refused();
	return sandbox_path_write(path, text_of(keep, bio), 0644);
}

static bool lasts(const struct world *world, const X509 *certificate)
{
	time_t until = (time_t)(instant_after(world_now(world), RENEW_LEFT).micros / SECONDS(1));

	return X509_cmp_time(X509_get0_notAfter(certificate), &until) > 0;
}

/* NULL when the file is missing, is no certificate, or is about to end. */
static X509 *certificate_read(const struct world *world, struct arena *keep, const char *path,
			      str *text)
{
	bool found;

	if (sandbox_path_read(keep, path, MOST_PEM, text, &found) || !found)
		return NULL;
	DEFER(bio_end) BIO *bio = BIO_new_mem_buf(text->at, (int)text->len);
	X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	if (certificate && lasts(world, certificate))
		return certificate;
	X509_free(certificate);
	return NULL;
}

static EVP_PKEY *key_read(struct arena *keep, const char *path, str *text)
{
	bool found;

	if (sandbox_path_read(keep, path, MOST_PEM, text, &found) || !found)
		return NULL;
	DEFER(bio_end) BIO *bio = BIO_new_mem_buf(text->at, (int)text->len);
	return bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
}

static fault *authority_open(const struct world *world, struct arena *keep, str directory,
			     struct authority *made, bool *fresh)
{
	const char *ca = sandbox_path_join(keep, directory, "ca.pem"),
		   *key = sandbox_path_join(keep, directory, "ca-key.pem");
	str text;

	made->certificate = certificate_read(world, keep, ca, &text);
	made->key = key_read(keep, key, &text);
	*fresh = !made->certificate || !made->key ||
		 !X509_check_private_key(made->certificate, made->key);
	if (!*fresh)
		return NULL;
	authority_end(made);
	*made = (struct authority){ 0 };
	TRY(authority_make(world, made));
	TRY(key_write(keep, key, made->key));
	return certificate_write(keep, ca, made->certificate);
}

fault *sandbox_ca_open(const struct world *world, struct arena *keep, str directory,
		       struct sandbox_ca *ca)
{
	const char *server = sandbox_path_join(keep, directory, "server.pem"),
		   *server_key = sandbox_path_join(keep, directory, "server-key.pem");
	DEFER(authority_end) struct authority authority = { 0 };
	DEFER(certificate_end) X509 *certificate = NULL;
	DEFER(key_end) EVP_PKEY *key = NULL;
	bool fresh, found;

	ca->ca_file = str_of(sandbox_path_join(keep, directory, "ca.pem"));
	TRY(authority_open(world, keep, directory, &authority, &fresh));
	certificate = certificate_read(world, keep, server, &ca->certificate);
	key = key_read(keep, server_key, &ca->key);
	if (!fresh && certificate && key)
		return NULL;
	X509_free(certificate);
	EVP_PKEY_free(key);
	certificate = NULL;
	key = EVP_EC_gen("P-256");
	if (!key)
		return refused();
	TRY(server_make(world, &authority, key, &certificate));
	TRY(key_write(keep, server_key, key));
	TRY(certificate_write(keep, server, certificate));
	TRY(sandbox_path_read(keep, server, MOST_PEM, &ca->certificate, &found));
	return sandbox_path_read(keep, server_key, MOST_PEM, &ca->key, &found);
}

static fault *signer_make(const struct world *world, const struct authority *by, EVP_PKEY *key,
			  const char *common, X509 **made)
{
	TRY(certificate_make(world, key, common, SERVER_LIFE, made));
	if (!X509_set_issuer_name(*made, X509_get_subject_name(by->certificate)) ||
	    !add_extension(*made, by->certificate, NID_basic_constraints, "critical,CA:FALSE") ||
	    !add_extension(*made, by->certificate, NID_key_usage, "critical,digitalSignature") ||
	    !add_extension(*made, by->certificate, NID_authority_key_identifier, "keyid") ||
	    !X509_sign(*made, by->key, EVP_sha256()))
		return refused();
	return NULL;
}

fault *sandbox_ca_certify(const struct world *world, struct arena *keep, str directory, str key_pem,
			  const char *common, str *certificate)
{
	DEFER(authority_end) struct authority authority = { 0 };
	DEFER(certificate_end) X509 *made = NULL;
	DEFER(bio_end) BIO *from = BIO_new_mem_buf(key_pem.at, (int)key_pem.len);
	DEFER(bio_end) BIO *to = BIO_new(BIO_s_mem());
	DEFER(key_end)
	EVP_PKEY *key = from ? PEM_read_bio_PrivateKey(from, NULL, NULL, NULL) : NULL;
	bool fresh;

	if (!key || !to)
		return refused();
	TRY(authority_open(world, keep, directory, &authority, &fresh));
	TRY(signer_make(world, &authority, key, common, &made));
	if (!PEM_write_bio_X509(to, made))
		return refused();
	*certificate = text_of(keep, to);
	return NULL;
}
